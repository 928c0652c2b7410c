"""From series to the watch list: every outcome compared, flags gathered, what was not judged and why, what chance would give."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from analysis.change.comparing import Comparing, change_between
from analysis.change.flags import flags_of, in_order, warnings_frame
from analysis.change.power import power_of, reversion_of
from boundaries.series import apart
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from analysis.change.flags import Everywhere, Flag
    from analysis.change.power import Power, Reversion
    from analysis.change.result import Change
    from boundaries.series import Deflator, Series

Reason = Literal["one-period", "no-period-to-compare", "error-unknown", "refused"]
"""Why an outcome was not judged: one period; every earlier one is parted from the latest by a break; no error is published (or of too
few areas); the comparison would be false, as ``detail`` says."""

YEARS: Final = 5
"""How far back the latest period is compared, by default: with yearly surveys a year is too short to see anything."""
_SLACK_DAYS: Final = 45
"""A survey of 22 April in one year and 30 April in another is five years old, not six."""


@dataclass(frozen=True, slots=True)
class Watching:
    """How outcomes are watched.

    Parameters
    ----------
    since : the earlier period: ``"years"`` (the earliest within ``years`` that shares no day with the latest), ``"previous"``,
        ``"first"``, or a period as published.
    years : see ``since``. how : as of ``change_between``.

    Raises
    ------
    StatisticsError
        A number of years that is not above 0.
    """

    since: str = "years"
    years: float = YEARS
    how: Comparing = field(default_factory=Comparing)

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if not self.years > 0:
            raise StatisticsError(f"a comparison over {self.years!r} years", ["give a number above 0"])


@dataclass(frozen=True, slots=True)
class Unjudged:
    """An outcome that was not judged, why, and the refusal in full."""

    outcome: str
    reason: Reason
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class WatchList:
    """What regresses, what improves, and how far to trust it.

    Parameters
    ----------
    warnings, progress : flags, the most pressing areas first. moves : of outcomes of which neither end is good: no warning.
    changes : every comparison made. everywhere : movements that most areas share. unjudged : outcomes without a verdict.
    power, reversions : what could have been seen, and what error alone makes the extreme do; an outcome each.
    false_warnings, false_progress : how many of the flags are expected to be false, over the whole page.
    """

    warnings: tuple[Flag, ...]
    progress: tuple[Flag, ...]
    moves: tuple[Flag, ...]
    changes: tuple[Change, ...]
    everywhere: tuple[Everywhere, ...]
    unjudged: tuple[Unjudged, ...]
    power: tuple[Power, ...]
    reversions: tuple[Reversion, ...]
    false_warnings: float
    false_progress: float

    def __repr__(self) -> str:
        """State flags, how many are expected to be false, and outcomes judged."""
        return (
            f"WatchList({len(self.warnings)} warnings, {self.false_warnings:.1f} expected false; {len(self.progress)} of progress, "
            f"{self.false_progress:.1f} expected false; {len(self.changes)} outcomes compared, {len(self.unjudged)} not judged)"
        )

    def only(self, codes: Container[str]) -> WatchList:
        """Return the flags of some areas alone; outcomes, and what they were compared with, stay as they are."""

        def here(flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
            return tuple(flag for flag in flags if flag.code in codes)

        warnings, progress = here(self.warnings), here(self.progress)
        return replace(
            self,
            warnings=warnings,
            progress=progress,
            moves=here(self.moves),
            false_warnings=_expected_false(warnings),
            false_progress=_expected_false(progress),
        )

    def about(self, outcome: str) -> WatchList:
        """Return what is said of one outcome alone."""

        def its(items: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(item for item in items if item.outcome == outcome)

        warnings, progress = its(self.warnings), its(self.progress)
        return WatchList(
            warnings=warnings,
            progress=progress,
            moves=its(self.moves),
            changes=its(self.changes),
            everywhere=its(self.everywhere),
            unjudged=its(self.unjudged),
            power=its(self.power),
            reversions=its(self.reversions),
            false_warnings=_expected_false(warnings),
            false_progress=_expected_false(progress),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the rows of ``warnings.csv``: what regresses, then what improves, then what moves and is neither."""
        return warnings_frame((*self.warnings, *self.progress, *self.moves))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-able data."""

        def rows(items: Iterable[Any]) -> list[dict[str, Any]]:
            return [{name: getattr(item, name) for name in type(item).__slots__} for item in items]

        return {
            "warnings": rows(self.warnings),
            "progress": rows(self.progress),
            "moves": rows(self.moves),
            "changes": [change.to_dict() for change in self.changes],
            "everywhere": rows(self.everywhere),
            "unjudged": rows(self.unjudged),
            "power": rows(self.power),
            "reversions": rows(self.reversions),
            "false_warnings": self.false_warnings,
            "false_progress": self.false_progress,
        }


def _flagged(flags: Iterable[Flag], *directions: str) -> tuple[Flag, ...]:
    """Return the flags of some directions, the most pressing areas first."""
    return in_order(flag for flag in flags if flag.direction in directions)


def watch(
    series: Iterable[Series],
    watching: Watching | None = None,
    *,
    levels: Mapping[str, pd.Series] | None = None,
    deflator: Deflator | None = None,
) -> WatchList:
    """Compare the latest period of every outcome with an earlier one and gather what is beyond error.

    Parameters
    ----------
    series : outcomes. watching : how.
    levels : outcome → level now by code. deflator : prices, for outcomes in money.

    Raises
    ------
    TableError
        A deflator that lacks prices.

    Notes
    -----
    Outcomes that measure nearly the same (employment, inactivity) give an area two flags for one movement.
    """
    watching = watching or Watching()
    flags: list[Flag] = []
    changes: list[Change] = []
    common: list[Everywhere] = []
    unjudged: list[Unjudged] = []
    power: list[Power] = []
    reversions: list[Reversion] = []
    for one in series:
        found = _compared(one, watching, deflator)
        if isinstance(found, Unjudged):
            unjudged.append(found)
            continue
        changes.append(found)
        if found.posterior is None:
            unjudged.append(Unjudged(one.meta.id, "error-unknown"))
            continue
        raised, shared = flags_of(found, runs_of(one, found), (levels or {}).get(one.meta.id))
        flags += raised
        common += shared
        seen = power_of(found)
        power += [seen] if seen else []
        back = reversion_of(found)
        reversions += [back] if back else []
    warnings, progress = (_flagged(flags, direction) for direction in ("regressing", "improving"))
    return WatchList(
        warnings=warnings,
        progress=progress,
        moves=_flagged(flags, "rising", "falling"),
        changes=tuple(changes),
        everywhere=tuple(common),
        unjudged=tuple(unjudged),
        power=tuple(power),
        reversions=tuple(reversions),
        false_warnings=_expected_false(warnings),
        false_progress=_expected_false(progress),
    )


def earlier_period(series: Series, period: str, watching: Watching) -> str | None:
    """Return the period that another is compared with; None where a break parts it from all earlier ones.

    Raises
    ------
    StatisticsError
        A period is named that the series does not have.
    """
    place = series.at(period)
    segment = [one for one in series.comparable_with(period) if series.at(one) < place]
    if watching.since not in ("years", "previous", "first"):
        return series.periods[series.at(watching.since)]
    if not segment:
        return None
    if watching.since == "first":
        return segment[0]
    window = series.windows[place]
    if window is None:
        return segment[-1]
    clear = [one for one in segment if (other := series.windows[series.at(one)]) and other.end < window.start]
    if watching.since == "previous" or not clear:
        return (clear or segment)[-1]
    days = watching.years * 365.25 + _SLACK_DAYS
    near = [one for one in clear if (other := series.windows[series.at(one)]) and (window.end - other.end).days <= days]
    return (near or clear[-1:])[0]


def runs_of(series: Series, change: Change) -> pd.DataFrame:
    """Return over how many periods in a row, up to the later one, each area's figure rose and fell; columns ``rise fall``.

    Windows that share days are thinned out, and breaks are not stepped over. Money is looked at on the yardstick of the change; where
    that is a price index, from the earlier period on.
    """
    last, first = series.at(change.period), series.at(change.since)
    segment = [series.at(one) for one in series.comparable_with(change.period) if series.at(one) <= last]
    if change.against == "national":
        segment = [place for place in segment if series.averages[place].get(change.whole, 0) > 0]
        factor = np.array([100 / series.averages[place][change.whole] for place in segment])
    elif change.against == "deflated":
        segment, factor = [first, last], np.ones(2)
    else:
        factor = np.ones(len(segment))
    windows = [window for place in segment if (window := series.windows[place]) is not None]
    chosen = apart(windows) if len(windows) == len(segment) else list(range(len(segment)))
    value = series.value[:, [segment[place] for place in chosen]] * factor[chosen]
    if change.against == "deflated":
        value = change.frame[["value_since", "value"]].to_numpy()
    steps = np.sign(np.diff(value, axis=1))[:, ::-1]
    runs = {name: np.cumprod(steps == side, axis=1).sum(axis=1) for name, side in (("rise", 1), ("fall", -1))}
    return pd.DataFrame(runs, index=series.areas.index)


def _compared(series: Series, watching: Watching, deflator: Deflator | None) -> Change | Unjudged:
    if len(series.periods) < 2:
        return Unjudged(series.meta.id, "one-period")
    period = series.periods[-1]
    try:
        since = earlier_period(series, period, watching)
        if since is None:
            return Unjudged(series.meta.id, "no-period-to-compare")
        how = replace(watching.how, modelled=watching.how.modelled or series.meta.modelled)
        return change_between(series, since, period, how, deflator=deflator)
    except StatisticsError as refused:
        return Unjudged(series.meta.id, "refused", (refused.what, *refused.faults))


def _expected_false(flags: tuple[Flag, ...]) -> float:
    return float(sum(1 - flag.p for flag in flags))
