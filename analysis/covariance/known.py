"""Generalised least squares with known errors: the candidate's variance is searched in one dimension, each step in O(n).

The candidate's covariance V and the known error variances D are made diagonal together, once: M·V·Mᵀ = I, M·D·Mᵀ = Γ. Then
σ²V + D is diagonal for every σ², and a thousand variances cost what one costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import eigh
from scipy.optimize import brentq

from analysis.covariance.fitting import Fit, check_columns, fit
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.covariance.fitting import Method
    from analysis.covariance.structures import Structure

Floats = np.ndarray[Any, np.dtype[np.float64]]

GRID = 100
"""Standard deviations at which the likelihood is looked at before its best is sought; it is smooth between them."""

REACH = 2.5
"""The largest standard deviation looked at, in those the candidate would have were there no error."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownErrors:
    """A candidate and known error variances, made diagonal together.

    ``gamma`` shape (n,), the error variances in that basis; ``turn`` shape (n, n), orthogonal, None where the basis is the
    places themselves (independent places).
    """

    structure: Structure
    gamma: Floats
    turn: Floats | None

    def forward(self, columns: Floats) -> Floats:
        """Return columns, shape (n,) or (n, k), in the basis where truth and error are both independent."""
        white = self.structure.whiten(columns)
        return white if self.turn is None else np.asarray(self.turn.T @ white)

    def backward(self, columns: Floats) -> Floats:
        """Undo ``forward``."""
        return self.structure.colour(columns if self.turn is None else self.turn @ columns)


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """The likelihood of one outcome under one candidate at each of g standard deviations.

    ``sd`` shape (g,), of the candidate; ``log_likelihood`` (g,); ``beta`` (g, p); ``covariance`` of beta (g, p, p).
    """

    sd: Floats
    log_likelihood: Floats
    beta: Floats
    covariance: Floats


def with_known_errors(structure: Structure, known: Floats) -> KnownErrors:
    """Make a candidate and known error variances diagonal together, for any number of outcomes that share the errors.

    Parameters
    ----------
    structure : the candidate on the map. known : shape (n,), variances of the errors, 0 or more, in the unit of the outcome
        squared.

    Raises
    ------
    StatisticsError
        Variances that are missing or below zero, or not as many as places.
    """
    faults = []
    if known.shape != (structure.n,):
        faults.append(f"error variances of shape {known.shape} for {structure.n} places")
    bad = int((~np.isfinite(known) | (known < 0)).sum())
    if bad:
        faults.append(f"{bad} error variances are missing or below zero")
    if faults:
        raise StatisticsError("known errors cannot be used", faults)
    if structure.factor is None:
        return KnownErrors(structure, known.astype(np.float64), None)
    root = structure.whiten(np.diag(np.sqrt(known)))
    gamma, turn = eigh(root @ root.T, driver="evd", overwrite_a=True, check_finite=False)
    return KnownErrors(structure, np.maximum(gamma, 0.0), turn)


def profile(errors: KnownErrors, x: Floats, y: Floats, sd: Floats, *, method: Method = "reml") -> Profile:
    """Return likelihood and coefficients of one outcome at given standard deviations of the candidate.

    Parameters
    ----------
    errors : from ``with_known_errors``. x : shape (n, p). y : shape (n,). sd : shape (g,), 0 or more.

    Raises
    ------
    StatisticsError
        What ``fit`` refuses; a standard deviation of 0 where a place has no error.

    Notes
    -----
    The constant is that of ``fit``: −½[ν log 2π + log|Σ| + log|xᵀΣ⁻¹x| + rᵀΣ⁻¹r], Σ = σ²V + D, ν = n − p; without the third
    term and with ν = n for ``"ml"``.
    """
    check_columns(errors.structure.n, x, y)
    return _profile(errors, errors.forward(x), errors.forward(y), sd, method)


def fit_known(errors: KnownErrors, x: Floats, y: Floats, *, method: Method = "reml") -> Fit:
    """Fit y = xβ + u + e, u with the candidate's covariance times a variance to be found, e with known variances.

    Parameters
    ----------
    errors : from ``with_known_errors``. x : shape (n, p). y : shape (n,). method : ``"reml"`` or ``"ml"``.

    Returns
    -------
    Fit
        Of one outcome (k = 1). Its variance is 0 where the errors alone explain the spread.

    Raises
    ------
    StatisticsError
        What ``fit`` refuses.

    Notes
    -----
    The best of a grid of standard deviations brackets a root of the derivative, which is found to machine precision: the
    likelihood itself is flat to 1e-8 there.
    """
    check_columns(errors.structure.n, x, y)
    design, wanted = errors.forward(x), errors.forward(y)
    sd = standard_deviations(errors, x, y)
    at = int(_profile(errors, design, wanted, sd, method).log_likelihood.argmax())

    def slope(variance: float) -> float:
        return _slope(errors.gamma, design, wanted, variance, method)

    low, high = float(sd[max(at - 1, 0)] ** 2), float(sd[min(at + 1, len(sd) - 1)] ** 2)
    while slope(high) > 0:
        high *= 2
    # Falling from the first step on: at 0 where that may be, else at the least that was looked at.
    best = low if slope(low) <= 0 else float(brentq(slope, low, high, xtol=1e-300))
    one = _profile(errors, design, wanted, np.array([np.sqrt(best)]), method)
    return Fit(
        candidate=errors.structure.candidate,
        log_likelihood=one.log_likelihood,
        beta=one.beta,
        covariance=one.covariance,
        variance=np.array([best]),
        df=x.shape[0] - x.shape[1],
        method=method,
    )


def standard_deviations(errors: KnownErrors, x: Floats, y: Floats) -> Floats:
    """Return an even grid of standard deviations that holds all of the likelihood, from 0 on, shape (100,).

    Where a place has no error a standard deviation of 0 is impossible: the grid then begins a hundredth of a step above.
    """
    top = REACH * float(np.sqrt(fit(errors.structure, x, y).variance[0]))
    sd = np.linspace(0.0, top, GRID)
    if not errors.gamma.min() > 0:
        sd[0] = sd[1] / 100
    return sd


def _profile(errors: KnownErrors, design: Floats, wanted: Floats, sd: Floats, method: Method) -> Profile:
    """Return likelihood and coefficients of what is already in the diagonal basis."""
    n, p = design.shape
    spread = sd[:, None] ** 2 + errors.gamma
    if not spread.min() > 0:
        raise StatisticsError(
            "a standard deviation of 0 is impossible where a place has no error", ["give the place its error"]
        )
    weight = 1 / spread
    products = (design[:, :, None] * design[:, None, :]).reshape(n, p * p)
    inside = (weight @ products).reshape(-1, p, p)
    beta = np.linalg.solve(inside, (weight @ (design * wanted[:, None]))[:, :, None])[:, :, 0]
    rest = wanted - beta @ design.T
    degrees = n - p if method == "reml" else n
    log_likelihood = -0.5 * (
        degrees * np.log(2 * np.pi)
        + errors.structure.log_det
        + np.log(spread).sum(axis=1)
        + (weight * rest**2).sum(axis=1)
    )
    if method == "reml":
        log_likelihood -= 0.5 * np.linalg.slogdet(inside)[1]
    covariance = np.asarray(np.linalg.inv(inside), dtype=np.float64)
    return Profile(sd, log_likelihood, np.asarray(beta, dtype=np.float64), covariance)


def _slope(gamma: Floats, design: Floats, wanted: Floats, variance: float, method: Method) -> float:
    """Return twice the derivative of the log-likelihood by the candidate's variance."""
    weight = 1 / (variance + gamma)
    inside = (design.T * weight) @ design
    beta = np.linalg.solve(inside, (design.T * weight) @ wanted)
    slope = -weight.sum() + ((weight * (wanted - design @ beta)) ** 2).sum()
    if method == "reml":
        slope += np.trace(np.linalg.solve(inside, (design.T * weight**2) @ design))
    return float(slope)
