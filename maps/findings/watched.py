"""What gets worse and what gets better, as a record: of all areas or of some, written as JSON and read back."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.change import Flag, Thresholds, thresholds_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from analysis.change import WatchList


@dataclass(frozen=True, slots=True)
class Compared:
    """An outcome whose latest period was compared with an earlier one.

    Parameters
    ----------
    outcome : its id. unit : of the change. base : of the comparison (fixed, relative, not-known).
    against : what money was set against (national, deflated); published where nothing was.
    thresholds : from which change on each area is named; None where no error is published.
    """

    outcome: str
    unit: str
    base: str
    against: str = "published"
    thresholds: Thresholds | None = None


@dataclass(frozen=True, slots=True)
class WatchedChanges:
    """What moves beyond the error of two periods.

    Parameters
    ----------
    worse, better : flags, the most pressing areas first. compared : the outcomes compared. unjudged : ids of those without a verdict.
    """

    worse: tuple[Flag, ...] = ()
    better: tuple[Flag, ...] = ()
    compared: tuple[Compared, ...] = ()
    unjudged: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether any outcome is followed."""
        return bool(self.compared or self.unjudged)

    def within(self, codes: Collection[str]) -> WatchedChanges:
        """Return the flags and thresholds of some of the areas; they stay compared, and drawn towards the common change, with all."""
        return replace(
            self,
            worse=tuple(flag for flag in self.worse if flag.code in codes),
            better=tuple(flag for flag in self.better if flag.code in codes),
            compared=tuple(
                one if one.thresholds is None else replace(one, thresholds=one.thresholds.among(codes))
                for one in self.compared
            ),
        )

    def about(self, outcomes: Collection[str]) -> WatchedChanges:
        """Return what is found of some of the outcomes."""
        return WatchedChanges(
            tuple(flag for flag in self.worse if flag.outcome in outcomes),
            tuple(flag for flag in self.better if flag.outcome in outcomes),
            tuple(one for one in self.compared if one.outcome in outcomes),
            tuple(one for one in self.unjudged if one in outcomes),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON-able data; a threshold that nothing reaches is null."""
        return {
            "worse": [asdict(flag) for flag in self.worse],
            "better": [asdict(flag) for flag in self.better],
            "compared": [_told(one) for one in self.compared],
            "unjudged": list(self.unjudged),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> WatchedChanges:
        """Return the record that ``to_dict`` told."""
        worse, better = (tuple(Flag(**flag) for flag in data[name]) for name in ("worse", "better"))
        return cls(worse, better, tuple(_compared(one) for one in data["compared"]), tuple(data["unjudged"]))


def watched_changes(found: WatchList | None) -> WatchedChanges:
    """Return a watch list as a record; an empty one where no outcome is followed."""
    if found is None:
        return WatchedChanges()
    return WatchedChanges(
        found.warnings,
        found.progress,
        tuple(Compared(one.outcome, one.unit, one.base, one.against, thresholds_of(one)) for one in found.changes),
        tuple(one.outcome for one in found.unjudged),
    )


def _told(one: Compared) -> dict[str, Any]:
    held = one.thresholds
    rows = (
        None
        if held is None
        else [
            [code, se, limit if math.isfinite(limit) else None]
            for code, se, limit in zip(held.codes, held.se, held.limits, strict=True)
        ]
    )
    return {"outcome": one.outcome, "unit": one.unit, "base": one.base, "against": one.against, "thresholds": rows}


def _compared(told: Mapping[str, Any]) -> Compared:
    rows = told["thresholds"]
    held = (
        None
        if rows is None
        else Thresholds(
            tuple(code for code, _, _ in rows),
            tuple(se for _, se, _ in rows),
            tuple(math.inf if limit is None else limit for _, _, limit in rows),
        )
    )
    return Compared(told["outcome"], told["unit"], told["base"], told["against"], held)
