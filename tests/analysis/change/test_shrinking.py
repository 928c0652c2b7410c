"""The area-level model of the change, and who may be named."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from analysis.change.rivals import cautious_posterior_of
from analysis.change.shrinking import Posterior, posterior_of
from analysis.significance import longest_list
from geo.errors import StatisticsError


def test_with_equal_errors_the_shares_are_those_of_the_textbook():
    # s = 1, τ = 2: share kept 4/5. Drawn from the model, restricted likelihood finds it within its own doubt.
    rng = np.random.default_rng(3)
    truth = rng.normal(1.0, 2.0, 2000)
    figures = truth + rng.normal(size=2000)
    found = posterior_of(figures, np.ones(2000))
    assert found.spread == pytest.approx(2.0, abs=0.1)
    assert found.centre == pytest.approx(1.0, abs=0.15)
    assert np.polyfit(figures, found.mean, 1)[0] == pytest.approx(0.8, abs=0.02)
    assert found.sd.mean() == pytest.approx(np.sqrt(0.8), abs=0.02)
    inside = (truth > found.quantile(0.025)) & (truth < found.quantile(0.975))
    assert inside.mean() == pytest.approx(0.95, abs=0.02)


def test_figures_that_vary_no_more_than_their_errors_are_drawn_onto_the_centre():
    figures = norm.ppf((np.arange(100) + 0.5) / 100)
    found = posterior_of(figures, np.full(100, 3.0))
    assert found.spread < 0.5
    assert np.ptp(found.mean) < 0.2 * np.ptp(figures)


def test_a_few_that_moved_far_do_not_make_all_seem_to_have_moved():
    rng = np.random.default_rng(8)
    truth = np.where(np.arange(300) < 6, -12.0, 0.0)
    found = posterior_of(truth + rng.normal(size=300), np.ones(300))
    assert (found.below(-0.5)[:6] > 0.99).all()
    assert not longest_list(1 - found.below(-0.5))[6:].any()
    assert not longest_list(found.below(0.5))[6:].any()


def test_figures_without_doubt_stay_where_they_are():
    figures = np.array([0.0, 1.0, 2.0, 3.0, 10.0])
    found = posterior_of(figures, np.full(5, 1e-6))
    assert found.mean == pytest.approx(figures, abs=1e-5)


def test_quantiles_and_probabilities_are_of_one_distribution():
    found = posterior_of(np.array([-2.0, -1.0, 0.0, 1.0, 5.0]), np.array([1.0, 0.5, 2.0, 1.0, 1.5]))
    for share in (0.025, 0.5, 0.9):
        assert found.below(found.quantile(share)) == pytest.approx(np.full(5, share), abs=1e-9)


def test_apart_leaves_out_what_all_share():
    rng = np.random.default_rng(5)
    figures = rng.normal(size=200)
    errors = np.full(200, 0.5)
    here, moved = posterior_of(figures, errors), posterior_of(figures + 40, errors)
    assert moved.apart(0.3)[0] == pytest.approx(here.apart(0.3)[0], abs=1e-6)
    assert (moved.below(0.0) < 1e-6).all()
    assert moved.prior.common(1.0)[0] == pytest.approx(1.0)
    still = [Posterior(one.prior.about(0.0), figures, errors).mean for one in (here, moved)]
    assert still[0] == pytest.approx(still[1], abs=1e-6)


@settings(max_examples=30)
@given(arrays(float, st.integers(5, 40), elements=st.floats(-50, 50)), st.floats(0.1, 10))
def test_shrunken_changes_lie_between_figure_and_centre_and_permute(figures, error):
    errors = error * (1 + np.arange(len(figures)) / len(figures))
    found = posterior_of(figures, errors)
    low, high = np.minimum(figures, found.prior.centres.min()), np.maximum(figures, found.prior.centres.max())
    assert ((found.mean >= low - 1e-9) & (found.mean <= high + 1e-9)).all()
    order = np.argsort(figures)
    assert posterior_of(figures[order], errors[order]).mean == pytest.approx(found.mean[order], abs=1e-8)


@pytest.mark.parametrize(
    ("figures", "errors", "said"),
    [
        ([1.0, 2.0], [1.0, 1.0], "too few"),
        ([1.0, 2.0, 3.0, 4.0, np.nan], [1.0] * 5, "not finite"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 1.0, 1.0, 1.0, 0.0], "not above 0"),
    ],
)
def test_what_cannot_be_modelled_is_refused(figures, errors, said):
    with pytest.raises(StatisticsError) as refused:
        posterior_of(np.array(figures), np.array(errors))
    assert said in str(refused.value)


def test_rivals_that_the_figures_rule_out_say_nothing():
    rng = np.random.default_rng(8)
    spread = 6 * rng.normal(size=200) + rng.normal(size=200)
    found = cautious_posterior_of(spread, np.ones(200))
    assert found.rivals == ()
    assert found.rises(0.5).tolist() == (1 - found.below(0.5)).tolist()


def test_a_fifth_that_fell_alike_is_a_rival_of_a_spread_and_nobody_is_surer_than_it():
    rng = np.random.default_rng(9)
    truth = np.where(np.arange(350) < 70, -1.3, 0.0)
    figures = truth + rng.normal(size=350)
    found = cautious_posterior_of(figures, np.ones(350))
    fell = next(one for one in found.rivals if (one.prior.shifts[:, 1] < 0).all())
    # the centre of the rest is that of those who stood still, not of all
    assert fell.centre == pytest.approx(0.0, abs=0.2)
    assert found.centre == pytest.approx(figures.mean(), abs=0.1)
    assert (found.falls(0.1) <= fell.below(-0.1) + 1e-12).all()
    assert (found.falls(0.1) <= found.below(-0.1)).all()
    assert (found.apart(0.1)[1] <= fell.apart(0.1)[1] + 1e-12).all()


def test_rivals_move_with_the_figures():
    rng = np.random.default_rng(10)
    figures = np.where(np.arange(100) < 20, -1.5, 0.0) + rng.normal(size=100)
    here, moved = (cautious_posterior_of(figures + by, np.ones(100)) for by in (0.0, 30.0))
    assert len(here.rivals) == len(moved.rivals) > 0
    assert moved.apart(0.2)[1] == pytest.approx(here.apart(0.2)[1], abs=1e-6)
    assert here.about(0.0).had(figures + 1).rivals[0].figures.tolist() == (figures + 1).tolist()


def test_the_spread_of_a_shifted_part_counts_its_distance():
    prior = posterior_of(np.array([-2.0, -1.0, 0.0, 1.0, 5.0]), np.ones(5)).prior
    one = dataclasses.replace(
        prior,
        weights=np.ones(1),
        centres=np.zeros(1),
        centre_variance=np.zeros(1),
        shares=np.array([[0.8, 0.2]]),
        spreads=np.array([[1.0, 1.0]]),
        shifts=np.array([[0.0, 5.0]]),
    )
    # within 1, between 0.2 * 0.8 * 25 = 4
    assert one.spread == pytest.approx(5**0.5)
