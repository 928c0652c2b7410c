"""Regression with spatial errors: against its own likelihood written out, and on maps whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from analysis.association import associate, spatial_error
from analysis.weights.graph import assembled
from geo.errors import StatisticsError

SIDE = 10


@pytest.fixture(scope="module")
def board():
    """Return rook neighbours on a square board."""
    place = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    one = np.concatenate([place[:, :-1].ravel(), place[:-1].ravel()])
    two = np.concatenate([place[:, 1:].ravel(), place[1:].ravel()])
    ids = pd.Index([f"a{i:02d}" for i in range(SIDE * SIDE)])
    return assembled(ids, np.concatenate([one, two]), np.concatenate([two, one]), policy="rook")


def standardised(board):
    matrix = board.sparse().toarray()
    return matrix / matrix.sum(axis=1, keepdims=True)


def drawn(board, generator, *, rho, effect):
    """Draw a type, an outcome that differs by ``effect``, and errors of autocorrelation ``rho``."""
    n = len(board)
    errors = np.linalg.solve(np.eye(n) - rho * standardised(board), generator.normal(size=n))
    kind = (generator.random(n) < 0.4).astype(float)
    return pd.Series(5 + effect * kind + errors, index=board.ids), pd.DataFrame({"kind": kind}, index=board.ids)


def test_likelihood_is_that_of_the_multivariate_normal(board):
    # Written out: y ~ N(Xb, s² [(I - rho W)'(I - rho W)]⁻¹), evaluated at the fit and around it.
    values, design = drawn(board, np.random.default_rng(1), rho=0.6, effect=1.0)
    fit = spatial_error(values, design, board)
    x = np.column_stack([np.ones(len(board)), design["kind"]])

    def likelihood(rho, estimate):
        filter_ = np.eye(len(board)) - rho * standardised(board)
        covariance = fit.sigma**2 * np.linalg.inv(filter_.T @ filter_)
        return multivariate_normal.logpdf(values.to_numpy(), x @ estimate, covariance)

    best = fit.frame["estimate"].to_numpy()
    assert likelihood(fit.rho, best) == pytest.approx(fit.log_likelihood, abs=1e-6)
    for rho, shift in ((fit.rho + 0.01, 0), (fit.rho - 0.01, 0), (fit.rho, 0.05), (fit.rho, -0.05)):
        assert likelihood(rho, best + np.array([0, shift])) < fit.log_likelihood


def test_standard_errors_are_those_of_generalised_least_squares(board):
    values, design = drawn(board, np.random.default_rng(2), rho=0.6, effect=1.0)
    fit = spatial_error(values, design, board)
    filter_ = np.eye(len(board)) - fit.rho * standardised(board)
    x = filter_ @ np.column_stack([np.ones(len(board)), design["kind"]])
    expected = fit.sigma * np.sqrt(np.diag(np.linalg.inv(x.T @ x)))
    assert fit.frame["se"].to_numpy() == pytest.approx(expected)
    assert (fit.frame["upper"] - fit.frame["lower"]).to_numpy() == pytest.approx(2 * 1.959964 * expected)


def test_truth_is_covered_and_rho_recovered(board):
    # 60 draws: 95 % intervals cover 0.8 in 50 or more of them (99.9 % of binomial draws); rho is 0.6 less a little bias.
    generator = np.random.default_rng(3)
    fits = [spatial_error(*drawn(board, generator, rho=0.6, effect=0.8), board) for _ in range(60)]
    covered = sum(fit.frame.loc["kind", "lower"] <= 0.8 <= fit.frame.loc["kind", "upper"] for fit in fits)
    assert covered >= 50
    assert np.mean([fit.rho for fit in fits]) == pytest.approx(0.6, abs=0.08)


def test_without_autocorrelation_it_is_the_difference_of_means(board):
    values, design = drawn(board, np.random.default_rng(4), rho=0.0, effect=1.0)
    fit = spatial_error(values, design, board)
    members = design["kind"].map({1.0: "yes", 0.0: "no"})
    plain = associate(values, members, board, draws=99)
    assert abs(fit.rho) < 0.3
    assert fit.frame.loc["kind", "estimate"] == pytest.approx(plain.difference, abs=0.15)


def test_isolates_and_missing_values_are_allowed(board):
    values, design = drawn(board, np.random.default_rng(5), rho=0.5, effect=1.0)
    values.iloc[[1, SIDE]] = np.nan  # cuts the corner off
    fit = spatial_error(values, design, board)
    assert fit.n == len(board) - 2
    assert fit.weights == "rook"


def test_what_cannot_be_fitted_is_told(board):
    values, design = drawn(board, np.random.default_rng(6), rho=0.0, effect=0.0)
    with pytest.raises(StatisticsError, match="follows from the others"):
        spatial_error(values, design.assign(twin=design["kind"]), board)
    with pytest.raises(StatisticsError) as caught:
        spatial_error(pd.Series(1.0, index=["x", "y"]), pd.DataFrame({"kind": [0.0, 1.0]}, index=["x", "y"]), board)
    assert len(caught.value.faults) == 3
