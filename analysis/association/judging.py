"""What may be said of a gap between kinds of place: one rule for claims, charts, pages and tables."""

from __future__ import annotations

import math
from typing import Literal

Verdict = Literal[
    "lower-beside-nearby",
    "lower-on-map-only",
    "no-clear-gap",
    "higher-on-map-only",
    "higher-beside-nearby",
    "not-testable",
]

ALPHA = 0.05
"""Share of false findings among all that are called, over everything that was asked at once."""

MATERIAL = 0.2
"""A gap on the map of less than this many standard deviations of the outcome is not worth a word."""


def judge(*, gap: float, lower: float, upper: float, sd: float, beside: float, q: float) -> Verdict:
    """Say which way a gap goes, and whether it is more than where the places lie.

    Parameters
    ----------
    gap, lower, upper : on the map, with its survey interval; limits are NaN where no error is published.
    sd : of the outcome over the areas compared. beside : the gap that is left beside places nearby.
    q : p of the latter, adjusted for everything that was asked; NaN where it could not be tested.

    Notes
    -----
    Beside places nearby: q is at most ``ALPHA``. On the map only: else, where the gap is at least ``MATERIAL`` standard
    deviations and its survey interval does not include zero.

    Examples
    --------
    >>> judge(gap=-59.0, lower=-70.0, upper=-48.0, sd=90.0, beside=-16.0, q=0.2)
    'lower-on-map-only'
    """
    if math.isnan(q):
        return "not-testable"
    if q <= ALPHA:
        return "lower-beside-nearby" if beside < 0 else "higher-beside-nearby"
    if abs(gap) < MATERIAL * sd or lower <= 0 <= upper:
        return "no-clear-gap"
    return "lower-on-map-only" if gap < 0 else "higher-on-map-only"
