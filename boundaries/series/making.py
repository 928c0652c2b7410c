"""From a table to a series: every period joined by its own epoch, errors and receipts kept, breaks between periods found."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from boundaries.joined import join
from boundaries.series.result import FIGURES, Break, Series
from boundaries.series.windows import of_one_length, read_together
from geo.errors import JoinError, StatisticsError, TableError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined
    from boundaries.outcomes.periods import Period
    from boundaries.outcomes.table import OutcomeTable
    from boundaries.series.result import Base

ALLOWED = ("missing",)
"""What a series allows of itself: an area that a measure forbids a value (a median that was merged) has none, and the receipt says why."""

_SAME = ("measure", "unit", "place_basis", "geography", "title")
"""Parts of a meaning whose change is another definition."""


def series_of(
    table: OutcomeTable,
    boundaries: BoundarySet,
    *,
    periods: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
    allow: Iterable[str] = ALLOWED,
    breaks: Iterable[Break] = (),
    base: Base | Literal[""] = "",
) -> Series:
    """Join every period of an outcome to one set of areas.

    Parameters
    ----------
    table : the outcome; each period's codes are taken as of their own lifetime and converted to the set's date.
    boundaries : the areas.
    periods : those wanted, as published; all by default. A period without a value in any area is left out.
    where : group of each breakdown, as of ``join``. allow : as of ``join``.
    breaks : those the publisher or the user states; windows of other length than the one before are found and added.
    base : fixed or relative where it is stated.

    Raises
    ------
    JoinError
        Every fault of every period at once.
    TableError
        Periods that no calendar knows, or written in two ways; periods asked for that the table does not have.
    StatisticsError
        No period has a value in any area; a break at a period that is none.
    """
    windows = _windows(table, periods)
    joined, faults = [], []
    for period in windows:
        try:
            joined.append(join(table, boundaries, period=period, where=where, allow=allow))
        except JoinError as error:
            faults += [f"{period or 'no period'}: {fault}" for fault in (error.faults or (error.what,))]
    if faults:
        raise JoinError(f"the series '{table.meta.id}' does not fit {boundaries.in_words}", faults)
    with_values = [one for one in joined if one.frame["value"].notna().any()]
    if not with_values:
        raise StatisticsError(
            f"'{table.meta.id}' has no value in any of {boundaries.in_words}",
            ["ask for the areas its publisher states"],
        )
    kept = {one.period: windows[one.period] for one in with_values}
    return _laid_out(table, boundaries, with_values, kept, breaks=_breaks(kept, tuple(breaks), table), base=base)


def chained(*series: Series) -> Series:
    """Put series of one outcome end to end: other editions, or tables of which each holds some periods.

    A seam across which the edition or the definition (measure, unit, title, whose place, areas) differs is a break.

    Raises
    ------
    StatisticsError
        Other areas, or periods that two of them hold.
    """
    ordered = sorted(series, key=lambda one: _end_of(one.windows[-1]))
    first = ordered[0]
    faults = [
        f"'{one.meta.id}' is on {one.geography} of {one.date.isoformat()}, not on {first.geography} of {first.date.isoformat()}"
        for one in ordered[1:]
        if (one.geography, one.date, tuple(one.areas.index)) != (first.geography, first.date, tuple(first.areas.index))
    ]
    every = [period for one in ordered for period in one.periods]
    doubled = sorted({period for period in every if every.count(period) > 1})
    if doubled:
        faults.append(f"periods that two of them hold: {listed(doubled)}")
    if faults:
        raise StatisticsError("these series cannot be put end to end", faults)
    seams = [seam for before, after in pairwise(ordered) if (seam := _seam(before, after)) is not None]
    last = ordered[-1]
    return replace(
        last,
        periods=tuple(every),
        windows=tuple(window for one in ordered for window in one.windows),
        figures={name: np.hstack([one.figures[name] for one in ordered]) for name in FIGURES},
        status=np.hstack([one.status for one in ordered]),
        quality=np.hstack([one.quality for one in ordered]),
        band=np.hstack([one.band for one in ordered]),
        averages=tuple(found for one in ordered for found in one.averages),
        receipts=tuple(receipt for one in ordered for receipt in one.receipts),
        breaks=tuple(
            sorted((*(found for one in ordered for found in one.breaks), *seams), key=lambda b: every.index(b.period))
        ),
    )


def _windows(table: OutcomeTable, wanted: Sequence[str] | None) -> dict[str, Period | None]:
    published = table.periods()
    if wanted is not None:
        absent = [period for period in wanted if period not in published]
        if absent:
            raise TableError(
                f"'{table.meta.id}' has no such periods", [listed(absent), f"periods: {listed(reversed(published))}"]
            )
        published = tuple(wanted)
    if len(published) == 1 and not published[0].strip():
        return {published[0]: None}
    return dict(read_together(published))


def _breaks(windows: Mapping[str, Period | None], stated: tuple[Break, ...], table: OutcomeTable) -> tuple[Break, ...]:
    """Return the breaks that are stated and those where windows become longer or shorter, in order of time."""
    unknown = [found.period for found in stated if found.period not in windows]
    if unknown:
        raise StatisticsError(
            f"breaks of '{table.meta.id}' at periods it does not have", [listed(unknown), f"periods: {listed(windows)}"]
        )
    found = {one.period: one for one in stated}
    for (_, before), (period, after) in pairwise(windows.items()):
        if before and after and not of_one_length(before, after):
            found.setdefault(period, Break(period, "length", f"{before.days} days before, {after.days} from here on"))
    return tuple(found[period] for period in windows if period in found)


def _laid_out(
    table: OutcomeTable,
    boundaries: BoundarySet,
    joined: Sequence[Joined],
    windows: Mapping[str, Period | None],
    *,
    breaks: tuple[Break, ...],
    base: Base | Literal[""],
) -> Series:
    """Lay the joined periods side by side."""

    def side_by_side(name: str, kind: Any) -> np.ndarray[Any, Any]:
        return np.column_stack([one.frame[name].to_numpy(dtype=kind) for one in joined])

    blank = np.full(len(boundaries), "", dtype=object)
    bands = [
        blank if one.extras is None or "band" not in one.extras else one.extras["band"].to_numpy(dtype=object)
        for one in joined
    ]
    return Series(
        meta=replace(table.meta, averages=joined[-1].meta.averages),
        geography=boundaries.geography,
        date=boundaries.date,
        areas=joined[0].frame[["name", "nation"]],
        periods=tuple(windows),
        windows=tuple(windows.values()),
        figures={name: side_by_side(name, np.float64) for name in FIGURES},
        status=side_by_side("status", object),
        quality=side_by_side("quality", object),
        band=np.column_stack(bands),
        averages=tuple(dict(one.meta.averages) for one in joined),
        receipts=tuple(one.receipt for one in joined),
        breaks=breaks,
        base=base,
        boundaries=boundaries,
    )


def _seam(before: Series, after: Series) -> Break | None:
    first = after.periods[0]
    if before.meta.index_version != after.meta.index_version:
        was, now = before.meta.index_version or "not stated", after.meta.index_version or "not stated"
        return Break(first, "edition", f"edition {was} before, {now} from here on")
    changed = [name for name in _SAME if getattr(before.meta, name) != getattr(after.meta, name)]
    if changed:
        shown = (
            f"{name} '{getattr(before.meta, name)}' before, '{getattr(after.meta, name)}' from here on"
            for name in changed
        )
        return Break(first, "definition", "; ".join(shown))
    early, late = before.windows[-1], after.windows[0]
    if early and late and not of_one_length(early, late):
        return Break(first, "length", f"{early.days} days before, {late.days} from here on")
    return None


def _end_of(window: Period | None) -> tuple[int, int]:
    return (0, 0) if window is None else (window.end.toordinal(), window.start.toordinal())
