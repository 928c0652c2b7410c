"""Looking before normalising: how skewed indicators are, which go together, and whether they measure one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import kurtosis, skew

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = np.ndarray[Any, np.dtype[np.float64]]

SKEWED, HEAVY = 2.0, 3.5
"""An indicator whose skewness and excess kurtosis are both beyond these is ruled by a few areas (OECD and JRC 2008)."""

MOST_POINTS = 5
"""Points that are winsorised at most."""


def moments(values: Floats) -> tuple[float, float]:
    """Return sample skewness and excess kurtosis (adjusted, G1 and G2), NaN left out.

    Examples
    --------
    >>> skewness, excess = moments(np.array([*range(9), 100.0]))
    >>> round(skewness, 7), round(excess, 7)
    (3.1197864, 9.8033574)
    """
    known = values[np.isfinite(values)]
    return float(skew(known, bias=False)), float(kurtosis(known, bias=False))


def ruled_by_few(values: Floats) -> bool:
    """Tell whether a few areas rule an indicator: skewness beyond 2 and excess kurtosis beyond 3.5."""
    if np.isfinite(values).sum() < 4 or np.nanmax(values) == np.nanmin(values):
        return False
    skewness, excess = moments(values)
    return abs(skewness) > SKEWED and excess > HEAVY


def winsorised(values: Floats) -> tuple[Floats, int]:
    """Pull the most extreme points to the next one, one at a time, while an indicator is ruled by few areas.

    Returns
    -------
    values : as given, up to five points pulled in; NaN stay. points : how many.

    Examples
    --------
    >>> winsorised(np.array([*range(9), 100.0]))[0].tolist()[-2:]
    [8.0, 8.0]
    """
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    made, high, low = values.copy(), 0, 0
    while ruled_by_few(made) and high + low < MOST_POINTS:
        if moments(made)[0] > 0:
            high += 1
            made[order[-high:]] = values[order[-high - 1]]
        else:
            low += 1
            made[order[:low]] = values[order[low]]
    return made, high + low


def looked_at(values: Floats, names: Sequence[str], points: Sequence[int]) -> pd.DataFrame:
    """Return a row an indicator: ``indicator areas mean sd skewness kurtosis winsorised ruled_by_few``.

    Parameters
    ----------
    values : shape (indicators, areas), prepared. names, points : of the indicators; points that were winsorised.
    """
    rows = []
    for name, row, pulled in zip(names, values, points, strict=True):
        skewness, excess = moments(row)
        known = row[np.isfinite(row)]
        rows.append((name, len(known), known.mean(), known.std(ddof=1), skewness, excess, pulled, ruled_by_few(row)))
    columns = ["indicator", "areas", "mean", "sd", "skewness", "kurtosis", "winsorised", "ruled_by_few"]
    return pd.DataFrame(rows, columns=columns)


def correlations(values: Floats, names: Sequence[str]) -> pd.DataFrame:
    """Return the correlation of indicators, each pair over the areas that have both; high is good in all of them."""
    frame = pd.DataFrame(values.T, columns=list(names))
    return frame.corr()


def cronbach_alpha(normalised: Floats) -> float:
    """Return Cronbach's alpha of standardised indicators over the areas that have them all.

    Parameters
    ----------
    normalised : shape (indicators, areas), high is good in all.

    Notes
    -----
    α = k / (k − 1) · (1 − Σ var(x_j) / var(Σ x_j)). It says how far they move together, not that they measure what is meant;
    below 0 when they contradict each other.

    Examples
    --------
    >>> round(cronbach_alpha(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])), 6)
    1.0
    """
    whole = normalised[:, np.isfinite(normalised).all(axis=0)]
    number = len(whole)
    apart = whole.var(axis=1, ddof=1).sum()
    return float(number / (number - 1) * (1 - apart / whole.sum(axis=0).var(ddof=1)))
