"""What moved between two periods, and whether beyond the error of both."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from analysis.change.result import MOVED
from boundaries.outcomes.periods import label
from maps.findings.cutting import Codes, codes_where, kept

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.change.result import Change

Base = Literal["absolute", "relative", "national", "mean", "per cent"]


@dataclass(frozen=True, slots=True)
class ChangeFinding:
    """Codes of areas that rose and fell between two periods.

    ``clear`` says whether that is beyond the error of both periods (``unclear`` are then those within it, ``unknown`` those
    without an error); else ``unclear`` are those that stayed the same. With base ``relative`` a change is against the median
    area's, with ``national`` and ``mean`` of money against the national figure
    or the mean of the areas, and nobody rises or falls. ``false`` : of those that clearly rose or fell, how many are expected not to have; NaN where
    that is not known, as of some of the areas.
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
    false: float = math.nan

    @property
    def against(self) -> bool:
        """Whether what happened everywhere cannot show."""
        return self.base in ("relative", "national", "mean")

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
            false=math.nan,
            most_up=self.most_up if self.most_up in codes else "",
            most_down=self.most_down if self.most_down in codes else "",
        )


def change_of(change: Change) -> ChangeFinding:
    """Return the record of two periods compared with the error of both; where no error is published, by the bare change."""
    frame = change.frame
    compared = frame[frame["change"].notna() & ~frame["verdict"].isin(["not-comparable", "no-data", "not-covered"])]
    relative: Base = (
        "national" if change.against == "national" else "relative" if change.base == "relative" else "absolute"
    )
    ranked = compared["change"].sort_values(kind="stable")
    most_down, most_up = (str(ranked.index[0]), str(ranked.index[-1])) if len(ranked) else ("", "")
    if change.posterior is None:
        rose, fell = compared["change"] > 0, compared["change"] < 0
        unclear, unknown = ~rose & ~fell, rose & False
    else:
        moved = compared["verdict"].isin(MOVED)
        up = compared["p_rise"] > compared["p_fall"]
        rose, fell = moved & up, moved & ~up
        unclear, unknown = compared["verdict"] == "not-clear", compared["verdict"] == "error-unknown"
    return ChangeFinding(
        since=label(change.since),
        until=label(change.period),
        base=relative,
        rose=codes_where(rose),
        fell=codes_where(fell),
        unclear=codes_where(unclear),
        unknown=codes_where(unknown),
        clear=change.posterior is not None,
        most_up=most_up,
        most_down=most_down,
        false=change.counts.false_up + change.counts.false_down if change.posterior is not None else math.nan,
    )
