"""What moved between two periods, and whether beyond the error of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from maps.findings.cutting import Codes, kept

if TYPE_CHECKING:
    from collections.abc import Collection

Base = Literal["absolute", "relative", "per cent"]


@dataclass(frozen=True, slots=True)
class ChangeFinding:
    """Codes of areas that rose and fell between two periods.

    ``clear`` says whether that is beyond the error of both periods (``unclear`` are then those within it, ``unknown`` those
    without an error); else ``unclear`` are those that stayed the same. With base ``relative`` a change is against the median
    area's, and nobody rises or falls.
    """

    since: str
    until: str
    base: Base
    rose: Codes
    fell: Codes
    unclear: Codes
    unknown: Codes = ()
    clear: bool = False
    most_up: str = ""
    most_down: str = ""

    @property
    def n(self) -> int:
        """How many areas were compared."""
        return len(self.rose) + len(self.fell) + len(self.unclear)

    def within(self, codes: Collection[str]) -> ChangeFinding:
        """Return the finding of some of the areas."""
        return replace(
            self,
            rose=kept(self.rose, codes),
            fell=kept(self.fell, codes),
            unclear=kept(self.unclear, codes),
            unknown=kept(self.unknown, codes),
            most_up=self.most_up if self.most_up in codes else "",
            most_down=self.most_down if self.most_down in codes else "",
        )
