"""Kinds of place: who belongs to them, and the gap between them and the rest; and what maps of several outcomes show."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from maps.findings.cutting import Codes, kept

if TYPE_CHECKING:
    from collections.abc import Collection

Verdict = Literal[
    "lower-beside-nearby",
    "lower-on-map-only",
    "no-clear-gap",
    "higher-on-map-only",
    "higher-beside-nearby",
    "not-testable",
]
"""What may be said of a gap once the broad pattern of the map is allowed for."""


@dataclass(frozen=True, slots=True)
class TypeFinding:
    """The gap between one kind of place and the rest, by one definition.

    Parameters
    ----------
    dimension, definition : ``coastal`` and the id of its rule. estimated : alone, or together with the other kinds.
    n, members : areas compared, and how many are of the kind.
    gap, gap_lower, gap_upper : mean of the kind less mean of the others, a fact of the map, with survey error only.
    beside, beside_lower, beside_upper : what is left of it beside places nearby. p, q : of that; q over all that were asked.
    verdict : by q.
    """

    dimension: str
    definition: str
    estimated: Literal["alone", "together"]
    n: int
    members: int
    gap: float
    gap_lower: float
    gap_upper: float
    beside: float
    beside_lower: float
    beside_upper: float
    p: float
    q: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class KindsFinding:
    """Codes of areas by kind of place: the members of each dimension, and those that its rule does not classify.

    Where ``direction`` is given only the areas in clusters of that direction are spoken of, all of which are ``among``.
    """

    dimensions: tuple[str, ...]
    members: tuple[Codes, ...]
    unclassified: tuple[Codes, ...]
    direction: Literal["", "low", "high"] = ""
    among: Codes = ()

    @property
    def several(self) -> int:
        """How many areas are of more than one kind."""
        counted: dict[str, int] = {}
        for codes in self.members:
            for code in codes:
                counted[code] = counted.get(code, 0) + 1
        return sum(times > 1 for times in counted.values())

    def within(self, codes: Collection[str]) -> KindsFinding:
        """Return the finding of some of the areas."""
        return replace(
            self,
            members=tuple(kept(one, codes) for one in self.members),
            unclassified=tuple(kept(one, codes) for one in self.unclassified),
            among=kept(self.among, codes),
        )


@dataclass(frozen=True, slots=True)
class PairFinding:
    """Areas in the unfavourable third of two outcomes at once, of those with both values; which third is that of each."""

    both: Codes
    known: Codes
    first_end: Literal["low", "high"]
    second_end: Literal["low", "high"]

    def within(self, codes: Collection[str]) -> PairFinding:
        """Return the finding of some of the areas; thirds are those of the whole map."""
        return replace(self, both=kept(self.both, codes), known=kept(self.known, codes))


@dataclass(frozen=True, slots=True)
class ShareFinding:
    """What share of a whole (of one) its ``largest`` areas hold; NaN where there are no more areas than those. ``most`` is of the first."""

    n: int
    largest: Codes
    most: float
    share: float = math.nan
    same: bool = False

    def within(self, _codes: Collection[str]) -> None:
        """Return nothing: what part of a region its areas hold does not follow from the whole."""


@dataclass(frozen=True, slots=True)
class SeriesFinding:
    """Medians of the first and the last period of a series; or, of several outcomes, the code of the lowest area of each."""

    first: str = ""
    last: str = ""
    median_first: float = math.nan
    median_last: float = math.nan
    lowest: Codes = ()
    outcomes: int = 1

    def within(self, _codes: Collection[str]) -> None:
        """Return nothing: a region's median does not follow from the whole."""


@dataclass(frozen=True, slots=True)
class WidthFinding:
    """The typical and the greatest width of the published intervals, and who has the greatest."""

    typical: float
    widest: float
    widest_at: Codes

    def within(self, _codes: Collection[str]) -> None:
        """Return nothing: a region's widths do not follow from the whole."""
