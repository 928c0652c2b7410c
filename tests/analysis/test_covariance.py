"""Covariance candidates: hand-computed toys, published figures, and what must hold of any map."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.covariance import (
    INDEPENDENT,
    Candidate,
    Places,
    autoregressive_candidates,
    averaged,
    exponential_candidates,
    fit,
    fit_known,
    matern_candidates,
    model_weights,
    places_of,
    profile,
    ranges_within,
    structure_of,
    with_known_errors,
)
from boundaries.areas.loading import load_boundary_set
from geo.errors import StatisticsError


@pytest.fixture(scope="module")
def meuse(real_data):
    table = pd.read_csv(real_data.parent / "oracles" / "meuse.csv")
    design = np.column_stack([np.ones(len(table)), (table["lime"] == 1).astype(float)])
    return Places(table[["x", "y"]].to_numpy(dtype=float)), design, table["ly"].to_numpy(dtype=float)


# nlme 3.1-162: range, nugget, restricted and full log-likelihood, effect of lime, its standard error
MEUSE = [
    (500, 0.10, -95.669764395, -93.636641389, 0.4065644359, 0.0925041719),
    (200, 0.30, -106.250449333, -103.363664618, 0.6100833556, 0.0977213510),
    (1000, 0.05, -94.039607854, -92.656349375, 0.3521115187, 0.0913004807),
]


@pytest.mark.real_data
@pytest.mark.parametrize(("reach", "nugget", "reml", "ml", "effect", "error"), MEUSE)
def test_likelihood_is_that_of_nlme(meuse, reach, nugget, reml, ml, effect, error):
    places, x, y = meuse
    structure = structure_of(Candidate("exponential", range_m=reach, share=nugget), places)
    found = fit(structure, x, y)
    assert found.log_likelihood[0] == pytest.approx(reml, abs=1e-9)
    assert fit(structure, x, y, method="ml").log_likelihood[0] == pytest.approx(ml, abs=1e-9)
    assert found.beta[0, 1] == pytest.approx(effect, abs=1e-9)
    assert np.sqrt(found.covariance[0, 1, 1]) == pytest.approx(error, abs=1e-9)


@pytest.mark.real_data
def test_independent_is_ordinary_least_squares(meuse):
    places, x, y = meuse
    found = fit(structure_of(INDEPENDENT, places), x, y)
    assert found.beta[0, 1] == pytest.approx(0.965982789, abs=1e-9)
    assert np.sqrt(found.covariance[0, 1, 1]) == pytest.approx(0.1027006163, abs=1e-9)


@pytest.mark.real_data
def test_a_range_that_runs_away_leaves_the_effect(meuse):
    places, x, y = meuse
    # Along the ridge the rise over a given distance stays: ten times the range has a tenth of the independent share.
    far = [
        fit(structure_of(Candidate("exponential", range_m=reach, share=500 / reach), places), x, y)
        for reach in (10_000.0, 100_000.0)
    ]
    assert far[0].log_likelihood[0] == pytest.approx(far[1].log_likelihood[0], abs=0.5)
    assert far[0].beta[0, 1] == pytest.approx(far[1].beta[0, 1], abs=0.01)


def test_two_places_by_hand():
    # Distance ln 2 at range 1: correlation ½·½ = ¼. Mean of 0 and 2 is 1; V⁻¹ = (16/15)·[[1, −¼], [−¼, 1]], so that
    # RSS = 2·(16/15)·(1 + ¼) = 8/3 on one degree of freedom, 1ᵀV⁻¹1 = 8/5, |V| = 15/16.
    places = Places(np.array([[0.0, 0.0], [np.log(2.0), 0.0]]))
    structure = structure_of(Candidate("exponential", range_m=1.0, share=0.5), places)
    found = fit(structure, np.ones((2, 1)), np.array([0.0, 2.0]))
    assert found.beta[0, 0] == pytest.approx(1)
    assert found.variance[0] == pytest.approx(8 / 3)
    assert found.covariance[0, 0, 0] == pytest.approx((8 / 3) * (5 / 8))
    by_hand = -0.5 * (np.log(2 * np.pi) + np.log(8 / 3) + 1 + np.log(15 / 16) + np.log(8 / 5))
    assert found.log_likelihood[0] == pytest.approx(by_hand)


def scattered(n, seed=0, rooks=None):
    rng = np.random.default_rng(seed)
    return Places(rng.uniform(0, 500_000, size=(n, 2)), rooks), rng


CANDIDATES = [INDEPENDENT, Candidate("exponential", range_m=80_000.0, share=0.1), Candidate("autoregressive", rho=0.8)]


@pytest.mark.parametrize("candidate", CANDIDATES)
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_against_the_textbook_formula(rooks, candidate, method):
    places, rng = scattered(30, rooks=rooks(5, 6))
    x, y, known = np.column_stack([np.ones(30), rng.normal(size=30)]), rng.normal(size=30), rng.uniform(0.1, 0.5, 30)
    structure = structure_of(candidate, places)
    errors = with_known_errors(structure, known)
    seen = profile(errors, x, y, np.array([0.3, 0.9]), method=method)
    for at, sd in enumerate((0.3, 0.9)):
        whole = sd**2 * structure.covariance() + np.diag(known)
        inverse = np.linalg.inv(whole)
        inside = x.T @ inverse @ x
        beta = np.linalg.solve(inside, x.T @ inverse @ y)
        rest = y - x @ beta
        log_likelihood = -0.5 * (
            (30 - 2 * (method == "reml")) * np.log(2 * np.pi)
            + np.linalg.slogdet(whole)[1]
            + rest @ inverse @ rest
            + (np.linalg.slogdet(inside)[1] if method == "reml" else 0)
        )
        assert seen.log_likelihood[at] == pytest.approx(log_likelihood, abs=1e-9)
        assert seen.beta[at] == pytest.approx(beta, abs=1e-9)
        assert seen.covariance[at] == pytest.approx(np.linalg.inv(inside), abs=1e-9)


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_no_known_error_is_the_closed_form(rooks, candidate):
    places, rng = scattered(30, rooks=rooks(5, 6))
    x, y = np.ones((30, 1)), rng.normal(size=30)
    structure = structure_of(candidate, places)
    closed, searched = fit(structure, x, y), fit_known(with_known_errors(structure, np.zeros(30)), x, y)
    for name in ("log_likelihood", "beta", "covariance", "variance"):
        assert getattr(searched, name) == pytest.approx(getattr(closed, name), rel=1e-9)


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_the_found_variance_is_the_best(rooks, candidate):
    places, rng = scattered(30, rooks=rooks(5, 6))
    structure = structure_of(candidate, places)
    y = structure.colour(rng.normal(size=30)) + rng.normal(size=30)
    errors = with_known_errors(structure, np.ones(30))
    best = fit_known(errors, np.ones((30, 1)), y)
    around = profile(errors, np.ones((30, 1)), y, np.sqrt(best.variance[0]) * np.array([0.0, 0.97, 1.03, 3]))
    assert (around.log_likelihood <= best.log_likelihood[0]).all()


def test_errors_that_explain_all_leave_no_variance():
    places, rng = scattered(40)
    found = fit_known(
        with_known_errors(structure_of(INDEPENDENT, places), np.full(40, 100.0)), np.ones((40, 1)), rng.normal(size=40)
    )
    assert found.variance[0] == 0


def test_errors_that_explain_nearly_all_where_one_place_has_none():
    places, rng = scattered(40)
    known = np.full(40, 100.0)
    known[0] = 0.0
    found = fit_known(
        with_known_errors(structure_of(INDEPENDENT, places), known), np.ones((40, 1)), rng.normal(size=40)
    )
    assert 0 < found.variance[0] < 1e-3


@settings(max_examples=15)
@given(st.integers(0, 1_000), st.floats(0.1, 10), st.floats(-100, 100))
def test_units_and_order_do_not_matter(seed, scale, shift):
    places, rng = scattered(20, seed)
    y, order = rng.normal(size=20), rng.permutation(20)
    candidate = Candidate("exponential", range_m=60_000.0, share=0.25)
    one = fit(structure_of(candidate, places), np.ones((20, 1)), y)
    other = fit(structure_of(candidate, Places(places.centres[order])), np.ones((20, 1)), shift + scale * y[order])
    assert other.beta[0, 0] == pytest.approx(shift + scale * one.beta[0, 0], abs=1e-8)
    assert other.variance[0] == pytest.approx(scale**2 * one.variance[0])
    assert other.log_likelihood[0] == pytest.approx(one.log_likelihood[0] - 19 * np.log(scale), abs=1e-6)


def test_many_outcomes_at_once_are_each_alone(rooks):
    places, rng = scattered(30, rooks=rooks(5, 6))
    x, y = np.column_stack([np.ones(30), rng.normal(size=30)]), rng.normal(size=(30, 3))
    structure = structure_of(CANDIDATES[1], places)
    together = fit(structure, x, y)
    for at in range(3):
        alone = fit(structure, x, y[:, at])
        assert together.beta[at] == pytest.approx(alone.beta[0])
        assert together.covariance[at] == pytest.approx(alone.covariance[0])
        assert together.log_likelihood[at] == pytest.approx(alone.log_likelihood[0])


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_colouring_undoes_whitening(rooks, candidate):
    places, rng = scattered(30, rooks=rooks(5, 6))
    structure, columns = structure_of(candidate, places), rng.normal(size=(30, 2))
    assert structure.colour(structure.whiten(columns)) == pytest.approx(columns)
    errors = with_known_errors(structure, rng.uniform(0.1, 1, 30))
    assert errors.backward(errors.forward(columns)) == pytest.approx(columns)
    assert structure.log_det == pytest.approx(np.linalg.slogdet(structure.covariance())[1])


def test_a_place_without_neighbours_is_independent(mutual):
    # a-b neighbours, c alone: with ρ = ½ c keeps variance 1 and no covariance.
    structure = structure_of(
        Candidate("autoregressive", rho=0.5), Places(np.zeros((3, 2)), mutual(("a", "b"), ids=["a", "b", "c"]))
    )
    # (I − ρW) = [[1, −½], [−½, 1]]: its inverse is (4/3)·[[1, ½], [½, 1]], squared (16/9)·[[5/4, 1], [1, 5/4]].
    expected = np.array([[20 / 9, 16 / 9, 0], [16 / 9, 20 / 9, 0], [0, 0, 1]])
    assert structure.covariance() == pytest.approx(expected)


def test_candidates_of_the_islands():
    places = places_of(load_boundary_set("LAD", dt.date(2023, 4, 1)))
    assert len(places) == 361
    # Scilly to Shetland: 1,160 km, half of it bounds the ladder at 320 km.
    assert places.widest() == pytest.approx(1_160_000, rel=0.05)
    assert ranges_within(places.widest())[-1] == 320_000
    assert ranges_within(1e9)[-1] == 1_280_000
    candidates = exponential_candidates(places.widest())
    assert len(candidates) == len(set(candidates)) == 1 + 6 * 5
    assert INDEPENDENT not in autoregressive_candidates()


def test_weights_and_average_by_hand():
    places, rng = scattered(20)
    y = rng.normal(size=20)
    fits = [fit(structure_of(candidate, places), np.ones((20, 1)), y) for candidate in CANDIDATES[:2]]
    mean = averaged(fits)
    ratio = np.exp(fits[1].log_likelihood[0] - fits[0].log_likelihood[0])
    second = ratio / (1 + ratio)
    assert mean.weights[0] == pytest.approx([1 - second, second])
    apart = fits[1].beta[0, 0] - fits[0].beta[0, 0]
    assert mean.beta[0, 0] == pytest.approx(fits[0].beta[0, 0] + second * apart)
    assert mean.between[0, 0, 0] == pytest.approx(second * (1 - second) * apart**2)
    within = (1 - second) * fits[0].covariance[0, 0, 0] + second * fits[1].covariance[0, 0, 0]
    assert mean.covariance[0, 0, 0] == pytest.approx(within + mean.between[0, 0, 0])


def test_weights_survive_likelihoods_of_any_size():
    assert model_weights(np.array([-1e6, -1e6, -2e6])).tolist() == [0.5, 0.5, 0.0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: Candidate("exponential"), "range of 0.0"),
        (lambda: Candidate("exponential", range_m=1.0), "independent share of 1.0"),
        (lambda: Candidate("autoregressive", rho=1.0), "rho 1.0"),
        (lambda: Candidate("autoregressive", rho=0.5, range_m=3.0), "only a candidate in distance"),
        (lambda: Candidate(rho=0.5), "only an autoregressive"),
        (lambda: ranges_within(0.0), "one point"),
        (lambda: Places(np.zeros((3, 3))), r"shape \(3, 3\)"),
        (lambda: Places(np.array([[0.0, np.nan]])), "1 of 1 places have no centre"),
        (lambda: structure_of(Candidate("autoregressive", rho=0.5), Places(np.zeros((3, 2)))), "needs neighbours"),
        (lambda: averaged([]), "no candidate"),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong, said):
    with pytest.raises(StatisticsError, match=said):
        wrong()


def test_what_cannot_be_fitted_is_refused(mutual):
    places, rng = scattered(10)
    structure, y = structure_of(INDEPENDENT, places), rng.normal(size=10)
    ones = np.ones((10, 1))
    for x, wanted, said in (
        (ones[:5], y, "for 10 places"),
        (ones, y[:5], r"outcomes of shape \(5, 1\)"),
        (np.ones((10, 10)), y, "fewer columns"),
        (np.column_stack([ones, 2 * ones]), y, "column 2 is a sum"),
        (ones, np.where(y > 0, y, np.nan), "numbers missing"),
        (ones, np.full(10, 7.0), "no variance left"),
    ):
        with pytest.raises(StatisticsError, match=said):
            fit(structure, x, wanted)
    for known, said in ((np.ones(9), "for 10 places"), (np.full(10, -1.0), "10 error variances")):
        with pytest.raises(StatisticsError, match=said):
            with_known_errors(structure, known)
    with pytest.raises(StatisticsError, match="impossible where a place has no error"):
        profile(with_known_errors(structure, np.zeros(10)), ones, y, np.array([0.0]))
    one = fit(structure, ones, y)
    with pytest.raises(StatisticsError, match="fitted twice"):
        averaged([one, one])
    with pytest.raises(StatisticsError, match="different methods"):
        averaged([one, fit(structure_of(CANDIDATES[1], places), ones, y, method="ml")])
    with pytest.raises(StatisticsError, match="3 centres but 2 places"):
        Places(np.zeros((3, 2)), mutual(("a", "b")))


def test_matern_correlation_by_hand():
    # At one range (1 + 1)·e⁻¹, at two (1 + 2)·e⁻², each less the independent share of a fiftieth.
    places = Places(np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]]))
    found = structure_of(Candidate("matern", range_m=10.0, share=0.02), places).covariance()
    assert found[0].tolist() == pytest.approx([1.0, 0.98 * 2 * np.exp(-1), 0.98 * 3 * np.exp(-2)], abs=1e-12)


def test_matern_candidates_have_the_ranges_of_the_others_and_shares_of_their_own():
    found = matern_candidates(400_000.0)
    assert {one.range_m for one in found} == set(ranges_within(400_000.0))
    assert {one.share for one in found} == {1e-5, 1e-4, 1e-3, 0.02}
    assert not set(found) & set(exponential_candidates(400_000.0))
