"""Places unlike their neighbours, and low places beside hubs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from maps.findings.cutting import Codes, kept

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class OutliersFinding:
    """Codes of areas that differ from what they touch, of those tested: value order."""

    high_low: Codes
    low_high: Codes
    tested: Codes

    def within(self, codes: Collection[str]) -> OutliersFinding:
        """Return the finding of some of the areas; they were tested over the whole map."""
        return replace(
            self,
            high_low=kept(self.high_low, codes),
            low_high=kept(self.low_high, codes),
            tested=kept(self.tested, codes),
        )


@dataclass(frozen=True, slots=True)
class BesideFinding:
    """Codes of areas at the poor end of one outcome, those of them beside a hub of another, and the hubs."""

    low: Codes
    beside: Codes
    hubs: Codes

    def within(self, codes: Collection[str]) -> BesideFinding:
        """Return the finding of some of the areas; a hub may lie outside."""
        return replace(self, low=kept(self.low, codes), beside=kept(self.beside, codes), hubs=kept(self.hubs, codes))
