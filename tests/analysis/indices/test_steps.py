"""The steps of an index one by one, against figures worked by hand or published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.indices.aggregating import aggregated, standardised
from analysis.indices.banding import band_places
from analysis.indices.drawing import posterior_draws
from analysis.indices.looking import cronbach_alpha, looked_at, moments, ruled_by_few, winsorised
from analysis.indices.normalising import exponential, normalised
from analysis.indices.tails import share_in_tail
from analysis.indices.weighting import effective_weights, importance_weights
from geo.errors import StatisticsError

# Noble et al. (2019), The English Indices of Deprivation 2019: technical report: the transform of R.
EXPONENTIAL = {
    0.1: 2.3903,
    0.25: 6.5177,
    0.5: 15.6468,
    0.75: 31.0091,
    0.9: 50.4267,
    0.95: 63.8476,
    0.99: 86.9573,
    1: 100,
}


def test_the_exponential_of_the_indices_of_deprivation():
    assert exponential(np.array([*EXPONENTIAL])).round(4).tolist() == [*EXPONENTIAL.values()]
    ten = normalised(np.arange(10.0), "exponential")
    assert ten[[0, 8, 9]].round(4).tolist() == [2.3903, 50.4267, 100.0]


def test_the_four_scales_by_hand():
    values = np.array([1.0, 2.0, 6.0])
    # mean 3, sd √((4 + 1 + 9) / 2) = √7
    assert normalised(values, "z") == pytest.approx(np.array([-2.0, -1.0, 3.0]) / 7**0.5)
    assert normalised(values, "min-max", scale=(0, 100)).tolist() == [0.0, 20.0, 100.0]
    assert normalised(values, "min-max", scale=(1, 101), goalposts=(0, 4)).tolist() == [26.0, 51.0, 101.0]
    assert normalised(np.array([5.0, 7.0, 5.0, 9.0]), "rank").tolist() == [37.5, 75.0, 37.5, 100.0]
    with pytest.raises(StatisticsError, match="same everywhere"):
        normalised(np.ones(4), "z")


@given(arrays(np.float64, (3, 7), elements=st.integers(-50, 50).map(float), unique=True))
def test_normalising_keeps_the_order_and_each_row_stands_by_itself(values):
    for method in ("z", "min-max", "rank", "exponential"):
        made = normalised(values, method)
        assert (np.argsort(made, axis=1, kind="stable") == np.argsort(values, axis=1, kind="stable")).all()
        assert made[1] == pytest.approx(normalised(values[1], method))


def test_fixed_goalposts_do_not_move_with_a_new_area():
    few, more = np.array([10.0, 20.0]), np.array([10.0, 20.0, 90.0])
    assert (normalised(few, "min-max") != normalised(more, "min-max")[:2]).any()
    posts = {"goalposts": (0.0, 100.0)}
    assert normalised(few, "min-max", **posts).tolist() == normalised(more, "min-max", **posts)[:2].tolist()


def test_means_by_hand():
    parts = np.array([[1.0, 4.0], [100.0, 25.0]])
    assert aggregated(parts, np.array([1.0, 3.0]), "arithmetic").tolist() == [75.25, 19.75]
    assert aggregated(parts, np.array([1.0, 1.0]), "geometric") == pytest.approx([10.0, 10.0])
    lacking = np.array([[True, False], [True, True]])
    assert aggregated(parts, np.array([1.0, 1.0]), "arithmetic", present=lacking).tolist() == [50.5, 25.0]
    assert aggregated(parts, np.array([1.0, 1.0]), "geometric", present=lacking) == pytest.approx([10.0, 25.0])
    with pytest.raises(StatisticsError, match="above 0"):
        aggregated(np.array([[-1.0, 2.0], [1.0, 1.0]]), np.array([1.0, 1.0]), "geometric")
    assert standardised(np.array([1.0, 2.0, 3.0])).tolist() == [-1.0, 0.0, 1.0]


def test_winsorising_the_toy_of_the_oracle():
    toy = np.array([*range(9), 100.0])
    assert moments(toy) == pytest.approx((3.1197864, 9.8033574), abs=1e-7)
    made, points = winsorised(toy)
    assert (made.max(), points) == (8.0, 1)
    assert moments(made) == pytest.approx((-0.15146311, -1.3569849), abs=1e-7)
    turned, points = winsorised(np.append(-toy, np.nan))
    assert (np.nanmin(turned), points) == (-8.0, 1)
    calm, points = winsorised(np.arange(9.0))
    assert (calm.tolist(), points) == ([*range(9)], 0)


def test_at_most_five_points_are_winsorised_and_the_rest_is_said():
    wild = np.array([*np.linspace(0, 1, 200), *[10.0 * 3**step for step in range(7)]])
    made, points = winsorised(wild)
    assert points == 5
    assert ruled_by_few(made)
    look = looked_at(np.vstack([made, np.arange(207.0)]), ["wild", "calm"], [5, 0])
    assert look["ruled_by_few"].tolist() == [True, False]
    assert not ruled_by_few(np.ones(9))


def test_alpha_by_hand():
    # variances 1 and 1, of the sum 2 + 2r: α = 2 (1 − 2 / (2 + 2r)) with r = 0.5
    rows = np.array([[-1.0, 0.0, 1.0, np.nan], [-1.0, 1.0, 0.0, 2.0]])
    assert cronbach_alpha(rows) == pytest.approx(2 * (1 - 2 / 3))


def test_importance_is_shared_evenly_by_weights_that_are_not_equal():
    rng = np.random.default_rng(1)
    common = rng.normal(size=300)
    rows = np.array([common + 0.5 * rng.normal(size=300), common + 0.5 * rng.normal(size=300), rng.normal(size=300)])
    rows = (rows - rows.mean(axis=1, keepdims=True)) / rows.std(axis=1, keepdims=True)
    equal = effective_weights(rows, rows.mean(axis=0))
    assert equal[2] < 0.2
    found = importance_weights(rows, [1, 1, 1])
    assert found[2] > found[0]
    assert effective_weights(rows, found @ rows) == pytest.approx([1 / 3] * 3, abs=1e-3)


def test_importance_that_no_weights_give_is_refused_with_the_nearest():
    common = np.random.default_rng(2).normal(size=200)
    rows = np.array([common, common + 0.01 * np.random.default_rng(3).normal(size=200)])
    with pytest.raises(StatisticsError, match="no weights") as caught:
        importance_weights(rows, [9, 1])
    assert "nearest 0.50, 0.50" in caught.value.faults[0]


@pytest.mark.parametrize(
    ("rule", "places"), [("outward", [0, 1, 2, 3]), ("upward", [1, 1, 2, 3]), ("downward", [0, 1, 1, 2])]
)
def test_a_value_on_a_cut(rule, places):
    assert band_places(np.array([-0.5, -0.4, 0.4, 0.5]), [-0.5, 0.4, 0.5], rule).tolist() == places


def test_draws_of_the_truth_are_shrunk_and_cover_it():
    rng = np.random.default_rng(5)
    truth = rng.normal(10, 2, size=400)
    errors = rng.uniform(1, 3, size=400)
    values = truth + errors * rng.normal(size=400)
    drawn = posterior_draws(values, errors, 4_000, rng)
    assert drawn.mean(axis=0).std() < truth.std() < values.std()
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    assert ((low <= truth) & (truth <= high)).mean() == pytest.approx(0.95, abs=0.03)
    # One draw is a possible truth: as spread out as the truth itself, which means are not.
    assert drawn.std(axis=1).mean() == pytest.approx(truth.std(), rel=0.1)


def test_a_truth_that_does_not_vary_is_drawn_as_the_mean():
    drawn = posterior_draws(np.array([9.0, 10.0, 11.0, 10.0]), np.full(4, 50.0), 500, np.random.default_rng(0))
    assert drawn.std(axis=1).mean() < 2.0


def test_shares_in_the_tail_and_what_they_refuse():
    values = pd.Series(np.arange(20.0))
    groups = pd.Series(["a"] * 10 + ["b"] * 10)
    assert share_in_tail(values, groups).to_dict() == {"a": 0.0, "b": 0.2}
    assert share_in_tail(values, groups, high=False).to_dict() == {"a": 0.2, "b": 0.0}
    with pytest.raises(StatisticsError) as caught:
        share_in_tail(values.where(values > 0), groups.iloc[:19], tail=2)
    assert len(caught.value.faults) == 3


@pytest.mark.real_data
def test_the_published_shares_of_the_worst_tenth_of_2019(real_data):
    """317 of 317 districts have the share that the ministry published with four decimals."""
    folder = real_data / "outcomes" / "imd"
    small = pd.read_csv(folder / "imd2019_england_lsoa11_overall.csv").set_index("lsoa11_code")["IMD_rank"]
    lookup = pd.read_csv(
        real_data / "lookups" / "lsoa11_to_lad_2011_2021_EW.csv.gz", usecols=["LSOA11CD", "LAD19CD"]
    ).set_index("LSOA11CD")["LAD19CD"]
    published = pd.read_csv(folder / "imd2019_england_ltla19.csv").set_index("ltla19_code")["Proportion"]
    ours = share_in_tail(small, lookup, high=False).reindex(published.index)
    # Halves of the last decimal are rounded up there.
    assert ((ours - published).abs() < 0.5001e-4).sum() == len(published) == 317
