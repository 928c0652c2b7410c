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
    z = (centre[used] - average) / se[used]
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
