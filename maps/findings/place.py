"""Where one place stands on one outcome: the record that the page of a place is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from analysis.levels import Z_95

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.change.result import Change
    from analysis.levels.result import Level
    from maps.findings.levels import Reference

Lies = Literal["", "low", "high", "low-among-high", "high-among-low"]
"""How a place lies to those around: in a cluster of one end, or unlike its neighbours; "" where neither."""


Moved = Literal["", "fell", "rose", "not-clear", "error-unknown", "not-comparable"]
"""How a place moved; "" where there is no change to tell."""

UNMOVED: dict[str, Moved] = {
    "not-clear": "not-clear",
    "error-unknown": "error-unknown",
    "not-comparable": "not-comparable",
    "no-data": "",
    "not-covered": "",
}
"""Verdicts of ``analysis.change`` that are no clear movement."""


@dataclass(frozen=True, slots=True)
class PlaceLevel:
    """Where a place stands against a figure.

    Parameters
    ----------
    reference : the figure. value : as published, NaN without one. level : of ``analysis.levels``.
    p_below : probability of being below it. p_low_tenth, p_high_tenth : of lying in that tenth; NaN where not known.
    band : published or stated. rank_lower, rank_upper : 95 % interval of its rank from the lowest, NaN where not known. n : of how many.
    """

    reference: Reference
    value: float
    level: Level
    p_below: float
    p_low_tenth: float
    p_high_tenth: float
    band: str
    rank_lower: float
    rank_upper: float
    n: int


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """How a place moved between two periods.

    Parameters
    ----------
    verdict : how. since : the earlier period in words.
    amount : as published, in ``unit``. lower, upper : 95 % interval of the change, NaN where no error is known.
    relative : against the other areas only.
    """

    verdict: Moved
    since: str
    amount: float
    lower: float
    upper: float
    unit: str
    relative: bool


def place_level(row: Mapping[str, Any], reference: Reference, n: int) -> PlaceLevel:
    """Return the record of a row of ``Levels.frame``; ``n`` is how many places have a value."""
    numbers = ("value", "p_below", "p_low_tenth", "p_high_tenth", "rank_lower", "rank_upper")
    value, below, low, high, first, last = (float(row[name]) for name in numbers)
    return PlaceLevel(reference, value, row["level"], below, low, high, str(row["band"] or ""), first, last, n)


def place_change(change: Change, code: str, since: str) -> PlaceChange:
    """Return the record of one area of a change; ``since`` is the earlier period in words."""
    row = change.frame.loc[[code]].to_dict("records")[0]
    told, amount = str(row["verdict"]), float(row["change"])
    verdict: Moved = "" if not math.isfinite(amount) else "rose" if amount > 0 else "fell"
    if told in UNMOVED:
        verdict = UNMOVED[told]
    half = Z_95 * float(row["se"])
    return PlaceChange(verdict, since, amount, amount - half, amount + half, change.unit, change.base == "relative")
