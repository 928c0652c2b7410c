"""How many areas intervals alone would set apart, corrected for many tests and not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from analysis.significance import adjust

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = np.ndarray[Any, np.dtype[np.float64]]

LEVEL = 0.05
Z_95 = 1.959963984540054
"""Half the width of a 95 % interval in standard errors."""


@dataclass(frozen=True, slots=True)
class OnIntervals:
    """How many areas lie below and above the average by their published intervals alone.

    ``below``, ``above``: the interval does not hold the average (uncorrected); ``by_chance`` of them would be called so were
    all areas average; ``bh_below``, ``bh_above``: by Benjamini and Hochberg at the same level; ``tested`` areas.
    """

    tested: int
    below: int
    above: int
    by_chance: float
    bh_below: int
    bh_above: int

    def to_dict(self) -> Mapping[str, float]:
        """Return the counts by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def on_intervals(centre: Floats, se: Floats, average: float, *, confidence: float = 0.95) -> OnIntervals:
    """Count areas below and above an average by their intervals, uncorrected and corrected.

    Parameters
    ----------
    centre, se : shape (n,) or (d, n), on the scale of the errors; NaN is not tested. average : on the same scale.
    confidence : of the intervals; their complement is the level of both counts.

    Raises
    ------
    StatisticsError
        As ``adjust``.
    """
    used = np.isfinite(centre) & np.isfinite(se)
    z = _distance(centre[used], se[used], average)
    p = 2 * ndtr(-np.abs(z))
    level = 1 - confidence
    called = p <= level
    corrected = adjust(p) <= level
    return OnIntervals(
        tested=int(used.sum()),
        below=int((called & (z < 0)).sum()),
        above=int((called & (z > 0)).sum()),
        by_chance=level * float(used.sum()),
        bh_below=int((corrected & (z < 0)).sum()),
        bh_above=int((corrected & (z > 0)).sum()),
    )


def apart_from(value: Floats, lower: Floats, upper: Floats, average: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which areas differ from an average by their own 95 % intervals, corrected for looking at all of them.

    Parameters
    ----------
    value, lower, upper : shape (n,), figures and the ends of their intervals; NaN where none is known: not looked at.
    average : that they are compared with, taken as known.

    Returns
    -------
    ndarray of bool, shape (n,)
        Named by Benjamini and Hochberg at 5 %.

    Notes
    -----
    The error of an area is that of the half of its interval that faces the average: an interval that just touches it has
    p = 0.05, skew or not.
    """
    known = np.isfinite(value) & np.isfinite(lower) & np.isfinite(upper)
    half = np.where(value < average, upper - value, value - lower)[known]
    z = _distance(value[known], half / Z_95, average)
    found = np.zeros(len(value), dtype=np.bool_)
    found[known] = adjust(2 * ndtr(-np.abs(z))) <= LEVEL
    return found


def _distance(centre: Floats, se: Floats, average: float) -> Floats:
    """Return distances in standard errors; an area without an error differs without doubt, one at the average not at all."""
    apart = centre - average
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(apart == 0, 0.0, apart / se)
