"""Which rows of a table a join is about: one period, one group of every breakdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.labels import readings
from boundaries.outcomes.periods import in_order, label, parse_period, readable
from boundaries.vocabulary import counted
from geo.errors import JoinError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boundaries.outcomes.table import OutcomeTable

TOTALS = frozenset(
    {
        "total",
        "all",
        "all persons",
        "all people",
        "all pupils",
        "all ages",
        "all categories",
        "all sexes",
        "both sexes",
        "both",
        "persons",
        "people",
        "not applicable",
        "",
    }
)
"""Words that name the whole of a breakdown, lower case."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of one period and one group, and what was chosen on the way.

    ``rows`` are their numbers in the table; ``statements`` are sentences for the receipt.
    """

    rows: np.ndarray
    period: str
    where: Mapping[str, str]
    statements: tuple[str, ...]


def select_rows(table: OutcomeTable, *, period: str, where: Mapping[str, str], relevant: np.ndarray) -> Selection:
    """Choose the rows of one period and of one group of each breakdown.

    Parameters
    ----------
    table : the outcome.
    period : as published, or any spelling of the same dates, or dates in which one period of the table lies (``2024``), or
        ``"latest"``: the last one in which a relevant row has a value.
    where : breakdown → group; a breakdown left out takes its total, if it has one.
    relevant : shape (n_rows,): does the code of each row belong to the geography that is asked for?

    Raises
    ------
    JoinError
        If a breakdown, group or period does not exist, or a breakdown has no total and none was chosen.
    """
    frame, statements, chosen = table.frame, [], {}
    if frame.empty:
        raise JoinError(f"'{table.meta.id}' has no rows")
    rows = np.arange(len(frame))
    helps: list[Remedy] = []
    faults = [
        f"there is no breakdown '{name}': the table has {', '.join(table.breakdowns) or 'none'}"
        for name in where
        if name not in table.breakdowns
    ]
    for name in table.breakdowns:
        column = frame[name] if len(rows) == len(frame) else frame[name].iloc[rows]
        groups = [str(group) for group in column.unique()]
        group = where.get(name, _total(groups))
        if group is None or group not in groups:
            asked = f"'{where[name]}' is not a group of" if name in where else "no group was chosen of"
            faults.append(f"{asked} '{name}': {listed(repr(group) for group in groups)}")
            helps.append(Remedy("where", key=name, purpose="to choose a group"))
            continue
        if name not in where and len(groups) > 1:
            statements.append(f"Of the breakdown '{name}' the total ({group or 'blank'}) was taken.")
        chosen[name] = group
        if len(groups) > 1:
            rows = rows[(column == group).to_numpy()]
    if faults:
        raise JoinError(f"it is not clear which rows of '{table.meta.id}' to join", faults, helps)
    place, distinct = pd.factorize(frame["period"])
    names, place, others = [str(name) for name in distinct.to_numpy()], place[rows], len(distinct) - 1
    valued = relevant[rows] & frame["value"].notna().to_numpy()[rows]
    published, having = ([names[number] for number in pd.unique(places)] for places in (place, place[valued]))
    period, said = _period(table, published, having, period)
    if others:
        number = counted(others, "other period of the table was", "other periods of the table were")
        statements.append(f"{number} left aside.")
    return Selection(rows[place == names.index(period)], period, chosen, (*said, *statements))


def _total(groups: list[str]) -> str | None:
    if len(groups) == 1:
        return groups[0]
    totals = [group for group in groups if group.strip().lower() in TOTALS]
    return totals[0] if len(totals) == 1 else None


def _period(
    table: OutcomeTable, published: Sequence[str], having: Sequence[str], period: str
) -> tuple[str, tuple[str, ...]]:
    """Return the period as published, and what to say about the choice; ``having`` are the periods with values."""
    if period != "latest":
        if period in published:
            return period, ()
        same = [text for text in published if any(_same_dates(text, asked) for asked in readings(period))]
        same = same or [text for text in published if _within(text, period)]
        if len(same) == 1:
            return same[0], (f"The period '{period}' is '{same[0]}' in the source.",)
        raise JoinError(f"'{table.meta.id}' has no period '{period}'", [f"periods: {listed(_newest_first(published))}"])
    if len(published) == 1:
        return published[0], ()
    ordered = list(reversed(in_order(published)))
    with_values = [text for text in ordered if text in having]
    if not with_values:
        return ordered[0], ()
    empty = ordered[: ordered.index(with_values[0])]
    said = tuple(
        f"{label(text)} has no value for areas of this geography; the latest that has is shown." for text in empty[:1]
    )
    return with_values[0], said


def _newest_first(periods: Sequence[str]) -> list[str]:
    if all(map(readable, periods)):
        return list(reversed(in_order(periods)))
    return sorted(set(periods), reverse=True)


def _within(one: str, other: str) -> bool:
    if not (readable(one) and readable(other)):
        return False
    inner, outer = parse_period(one), parse_period(other)
    return outer.start <= inner.start and inner.end <= outer.end


def _same_dates(one: str, other: str) -> bool:
    if not (readable(one) and readable(other)):
        return False
    first, second = parse_period(one), parse_period(other)
    return (first.start, first.end) == (second.start, second.end)
