"""How far clusters depend on the size of areas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from maps.findings.cutting import Codes, codes_where, kept

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.larger_areas import OnLarger

SCALES = ("every", "own", "larger")
"""On every scale tried; on the areas themselves, but not on all larger ones; on larger ones only."""


@dataclass(frozen=True, slots=True)
class LargerFinding:
    """Codes of areas by the scales on which they, or the larger areas they lie in, are in clusters of one end."""

    end: Literal["low", "high"]
    every: Codes
    own: Codes
    larger: Codes
    none: Codes

    @property
    def tested(self) -> int:
        """How many areas were tested."""
        return sum(map(len, (self.every, self.own, self.larger, self.none)))

    def within(self, codes: Collection[str]) -> LargerFinding:
        """Return the finding of some of the areas."""
        return replace(
            self,
            every=kept(self.every, codes),
            own=kept(self.own, codes),
            larger=kept(self.larger, codes),
            none=kept(self.none, codes),
        )


def larger_of(larger: OnLarger, end: Literal["low", "high"]) -> LargerFinding:
    """Return the record of one end."""
    levels = larger.across(end)
    return LargerFinding(end, *(codes_where(levels == level) for level in (*SCALES, "none")))
