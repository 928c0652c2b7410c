"""The recent trend of the Fingertips public health profiles, by its own rule, for teams that must match it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from scipy.special import chdtrc

from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]

FingertipsTrend = Literal["increasing", "decreasing", "no-change", "too-few-periods"]

LAST: Final = 5
"""Periods the rule looks at."""
CRITICAL: Final = 9.54953570608324
"""Upper 0.2 % of chi-squared with one degree of freedom."""


@dataclass(frozen=True, slots=True)
class RecentTrend:
    """Result of the rule: the word, the weighted slope a period, its chi-squared with one degree of freedom, and p."""

    trend: FingertipsTrend
    slope: float
    chi_squared: float
    p: float


def fingertips_trend(values: Floats, errors: Floats, *, shared_days: bool = False) -> RecentTrend:
    """Apply the rule to one series.

    Parameters
    ----------
    values, errors : shape (n_periods,), in order of time, a period apart; the last five are used and must all be known.
    shared_days : whether neighbouring periods share days, as three-year windows published every year do.

    Returns
    -------
    *increasing* or *decreasing* where the slope weighted by 1/se² has a chi-squared above 9.5495 (p < 0.002) and keeps its sign
    whichever point is left out; else *no-change*.

    Raises
    ------
    StatisticsError
        Windows that overlap: on rolling three-year means of noise the rule flags five times as many areas.

    References
    ----------
    Office for Health Improvement and Disparities, Fingertips public health technical guidance, recent trends.
    """
    if shared_days:
        raise StatisticsError(
            "the Fingertips rule does not hold for windows that overlap", ["give it periods that share no day"]
        )
    y, se = (np.asarray(given, dtype=np.float64)[-LAST:] for given in (values, errors))
    if len(y) < LAST or not (np.isfinite(y) & np.isfinite(se) & (se > 0)).all():
        return RecentTrend("too-few-periods", np.nan, np.nan, np.nan)
    time = np.arange(LAST, dtype=np.float64)
    slope, information = _slope(time, y, se)
    chi_squared = slope**2 * information
    rest = [_slope(*(np.delete(part, out) for part in (time, y, se)))[0] for out in range(LAST)]
    kept = all(np.sign(one) == np.sign(slope) for one in rest)
    sure = chi_squared > CRITICAL and kept
    trend: FingertipsTrend = "no-change" if not sure else "increasing" if slope > 0 else "decreasing"
    return RecentTrend(trend, slope, chi_squared, float(chdtrc(1, chi_squared)))


def _slope(time: Floats, y: Floats, se: Floats) -> tuple[float, float]:
    """Return a weighted least squares slope, and the inverse of its variance by the known errors."""
    weight = 1 / se**2
    centred = time - np.average(time, weights=weight)
    information = float((weight * centred**2).sum())
    return float((weight * centred * y).sum() / information), information
