"""The area-level model without space (Fay and Herriot 1979): its variance by three methods, estimates and their errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.optimize import brentq

from analysis.covariance import INDEPENDENT, Places, fit_known, structure_of, with_known_errors
from analysis.covariance.fitting import check_columns
from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]

Variance = Literal["reml", "ml", "moment"]
"""How the variance of the truth around its mean is found."""


@dataclass(frozen=True, slots=True, eq=False)
class AreaModel:
    """A fitted area-level model: ``variance`` of the truth, ``beta`` (p,), estimates ``eblup`` and their ``mse``, shape (n,).

    Where the variance is 0 the estimates are the mean of the model, for every area alike: the errors explain all of the
    spread. Estimates are less spread than the truth; ranks and tails come from draws, never from them.
    """

    variance: float
    beta: Floats
    eblup: Floats
    mse: Floats
    method: Variance


def area_model(y: Floats, x: Floats, known: Floats, *, method: Variance = "reml") -> AreaModel:
    """Fit y = xβ + u + e with known error variances and return the best predictor of xβ + u for every area.

    Parameters
    ----------
    y : shape (n,), published values. x : shape (n, p). known : shape (n,), variances of the errors, above 0.
    method : restricted likelihood, likelihood, or the moment equation of Fay and Herriot.

    Raises
    ------
    StatisticsError
        Shapes that do not fit, missing numbers, columns that say the same, variances not above 0, an unknown method.

    References
    ----------
    Fay and Herriot (1979), doi:10.1080/01621459.1979.10482505. Errors: Datta and Lahiri (2000); Datta, Rao and Smith (2005),
    doi:10.1093/biomet/92.1.183.
    """
    _check(y, x, known)
    if method == "moment":
        return predict_areas(y, x, known, _by_moment(y, x, known), method=method)
    independent = structure_of(INDEPENDENT, Places(np.zeros((len(y), 2))))
    found = fit_known(with_known_errors(independent, known), x, y, method=method)
    return predict_areas(y, x, known, float(found.variance[0]), method=method)


def predict_areas(y: Floats, x: Floats, known: Floats, variance: float, *, method: Variance = "reml") -> AreaModel:
    """Return the best predictors and their errors at a given variance of the truth, found by the method named.

    Parameters
    ----------
    y, x, known : as in ``area_model``. variance : 0 or more. method : how it was found; its own error enters theirs.

    Raises
    ------
    StatisticsError
        As ``area_model``.
    """
    _check(y, x, known)
    weight = 1 / (variance + known)
    spread = np.asarray(np.linalg.inv((x.T * weight) @ x), dtype=np.float64)
    beta = spread @ ((x.T * weight) @ y)
    return AreaModel(
        variance=variance,
        beta=beta,
        eblup=x @ beta + variance * weight * (y - x @ beta),
        mse=_errors(x, known, variance, spread, method),
        method=method,
    )


def _check(y: Floats, x: Floats, known: Floats) -> None:
    check_columns(len(known), x, y)
    bad = int((~(np.isfinite(known) & (known > 0))).sum())
    if bad:
        raise StatisticsError(f"{bad} error variances are missing or not above 0", ["leave these areas out"])


def _by_moment(y: Floats, x: Floats, known: Floats) -> float:
    """Return the variance at which the weighted squares of residuals equal their degrees of freedom; 0 where they are fewer."""

    def excess(variance: float) -> float:
        weight = 1 / (variance + known)
        beta = np.linalg.solve((x.T * weight) @ x, (x.T * weight) @ y)
        return float((weight * (y - x @ beta) ** 2).sum() - (len(y) - x.shape[1]))

    if excess(0.0) <= 0:
        return 0.0
    top = float(np.var(y)) + float(known.max())
    while excess(top) > 0:
        top *= 2
    return float(brentq(excess, 0.0, top, xtol=1e-300))


def _errors(x: Floats, known: Floats, variance: float, spread: Floats, method: Variance) -> Floats:
    """Return the mean squared errors of the predictors, to the second order."""
    weight = 1 / (variance + known)
    pull = known * weight
    first = variance * pull
    second = pull**2 * np.einsum("ip,pq,iq->i", x, spread, x)
    information = float((weight**2).sum())
    of_variance = 2 / information
    bias = 0.0
    if method == "ml":
        bias = -float(np.trace(spread @ ((x.T * weight**2) @ x))) / information
    elif method == "moment":
        total = float(weight.sum())
        of_variance = 2 * len(known) / total**2
        bias = 2 * (len(known) * information - total**2) / total**3
    return np.asarray(first + second + 2 * known**2 * weight**3 * of_variance - bias * pull**2)
