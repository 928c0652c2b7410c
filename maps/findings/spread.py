"""The ends of an outcome: lowest and highest figure, who has them, and who cannot be distinguished from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from maps.findings.cutting import Codes


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure; ``lower`` and ``upper`` are NaN where no interval is published."""

    value: float
    lower: float = math.nan
    upper: float = math.nan


@dataclass(frozen=True, slots=True)
class RangeFinding:
    """Lowest and highest figure and the codes of all areas that have them; ``n`` areas have a value, ``absent`` have none."""

    n: int
    absent: Codes
    lowest: Figure | None
    lowest_at: Codes
    highest: Figure | None
    highest_at: Codes

    def within(self, _codes: Collection[str]) -> None:
        """Return nothing: a region's ends do not follow from those of the whole; ``range_of`` finds them."""


@dataclass(frozen=True, slots=True)
class EndsFinding:
    """Which areas cannot be distinguished from the highest and from the lowest: their intervals overlap.

    ``intervals`` says whether all areas with a value have one, some, or none; the codes are empty unless all have.
    """

    intervals: Literal["all", "some", "none"]
    highest: str = ""
    lowest: str = ""
    beside_highest: Codes = ()
    beside_lowest: Codes = ()


def range_of(values: pd.Series, lower: pd.Series | None = None, upper: pd.Series | None = None) -> RangeFinding:
    """Find the ends of some values; ties are counted, never picked.

    Parameters
    ----------
    values : by code, NaN where there is none. lower, upper : of the published intervals.
    """
    known = values.dropna()
    absent = tuple(str(code) for code in values.index[values.isna()])
    if not len(known):
        return RangeFinding(0, absent, None, (), None, ())

    def at(value: float) -> tuple[Figure, Codes]:
        codes = tuple(str(code) for code in known.index[known == value])
        # of tied areas whose intervals differ none speaks for the others
        ends = [
            float(end[codes[0]]) if end is not None and len({float(end[code]) for code in codes}) == 1 else math.nan
            for end in (lower, upper)
        ]
        return Figure(float(value), *ends), codes

    lowest, lowest_at = at(known.min())
    highest, highest_at = at(known.max())
    return RangeFinding(len(known), absent, lowest, lowest_at, highest, highest_at)


def ends_of(values: pd.Series, lower: pd.Series | None, upper: pd.Series | None) -> EndsFinding | None:
    """Find which intervals overlap those of the highest and the lowest area; None where all values are the same."""
    known = values.dropna()
    if known.nunique() < 2:
        return None
    if lower is None or upper is None:
        return EndsFinding("none")
    low = lower.reindex(known.index).to_numpy(dtype=np.float64)
    high = upper.reindex(known.index).to_numpy(dtype=np.float64)
    finite = np.isfinite(low) & np.isfinite(high)
    if not finite.all():
        return EndsFinding("some" if finite.any() else "none")
    found = []
    for at in (int(known.argmax()), int(known.argmin())):
        overlapping = (low <= high[at]) & (high >= low[at])
        overlapping[at] = False
        found.append((str(known.index[at]), tuple(str(code) for code in known.index[overlapping])))
    (highest, beside_highest), (lowest, beside_lowest) = found
    return EndsFinding("all", highest, lowest, beside_highest, beside_lowest)
