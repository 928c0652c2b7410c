"""Correlation of two continuous maps with as many degrees of freedom as their smoothness leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import pdist, squareform

from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Correlation:
    """Correlation of two continuous maps with Dutilleul's modified t-test.

    Parameters
    ----------
    r, lower, upper : Pearson's, with its 95 % interval by Fisher's z at the effective sample size.
    effective_n : how many independent areas would carry as much information.
    p : two-sided, with ``effective_n - 2`` degrees of freedom.
    p_naive : two-sided, taking areas for independent.
    """

    n: int
    r: float
    lower: float
    upper: float
    effective_n: float
    p: float
    p_naive: float


def correlate(first: pd.Series, second: pd.Series, coordinates: pd.DataFrame, *, classes: int = 13) -> Correlation:
    """Correlate two continuous maps, with as many degrees of freedom as their smoothness leaves.

    Parameters
    ----------
    first, second : by code, float; areas missing in either are left out.
    coordinates : by code, two columns in metres (centroids).
    classes : distance classes of equal width in which autocovariance is estimated.

    Raises
    ------
    StatisticsError
        Fewer than ten complete areas, or a constant map.

    Notes
    -----
    Null hypothesis: no correlation between two autocorrelated maps. The variance of r is
    tr(BΣxBΣy) / (tr(BΣx) tr(BΣy)), B the centring matrix, each Σ from the autocovariance by distance class.

    References
    ----------
    Dutilleul, P. (1993). Modifying the t test for assessing the correlation between two spatial processes.
    Biometrics 49. doi:10.2307/2532625
    """
    places = coordinates.set_axis(["easting", "northing"], axis=1)
    complete = pd.concat([first.rename("first"), second.rename("second"), places], axis=1, join="inner").dropna()
    n = len(complete)
    x, y = (complete[name].to_numpy(dtype=np.float64) for name in ("first", "second"))
    named = ((first.name or "the first map", x), (second.name or "the second map", y))
    faults = [f"{name} is constant" for name, values in named if n and np.ptp(values) == 0]
    if n < 10:
        faults.append(f"{n} areas have both values; at least 10 are needed")
    if faults:
        raise StatisticsError("the two maps cannot be correlated", faults)
    distances = squareform(pdist(complete[["easting", "northing"]].to_numpy(dtype=np.float64)))
    edges = np.linspace(0, distances.max(), classes + 1)[1:-1]
    place = np.digitize(distances, edges, right=True)
    np.fill_diagonal(place, -1)
    centred = [_centred(_covariance(v - v.mean(), place, classes)) for v in (x, y)]
    variance = np.sum(centred[0] * centred[1].T) / (np.trace(centred[0]) * np.trace(centred[1]))
    # Estimated autocovariances need not be positive definite: the variance is kept within what a correlation can have.
    effective = float(np.clip(1 + 1 / variance, 3, np.inf)) if variance > 0 else float(n)
    r = float(np.corrcoef(x, y)[0, 1])
    reach = stats.norm.ppf(0.975) / np.sqrt(effective - 3) if effective > 3 else np.inf
    # A perfect correlation has no Fisher z; the nearest number below one has.
    low, high = np.tanh(np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15)) + np.array([-reach, reach]))
    return Correlation(n, r, float(low), float(high), effective, _t_test(r, effective), _t_test(r, n))


def _covariance(x: Floats, place: np.ndarray[Any, np.dtype[np.int64]], classes: int) -> Floats:
    products = np.outer(x, x)
    means = np.array([products[place == k].mean() if np.any(place == k) else 0.0 for k in range(classes)])
    covariance = np.where(place >= 0, means[np.maximum(place, 0)], 0.0)
    np.fill_diagonal(covariance, np.mean(x**2))
    return covariance


def _centred(matrix: Floats) -> Floats:
    centred: Floats = matrix - matrix.mean(axis=0, keepdims=True)
    return centred


def _t_test(r: float, n: float) -> float:
    t = r * np.sqrt((n - 2) / max(1 - r * r, np.finfo(float).eps ** 2))
    return float(2 * stats.t.sf(abs(t), n - 2))
