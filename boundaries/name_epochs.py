"""Of which epochs the names of a table are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.names import match_names
from boundaries.periods import in_order, readable
from boundaries.register import epochs, load_register

if TYPE_CHECKING:
    from boundaries.outcomes import OutcomeTable
    from boundaries.register import Epoch


def epochs_of_names(table: OutcomeTable, geography: str) -> tuple[Epoch, ...]:
    """Return the epochs that know most names of a table's latest period; none where no name is of the geography."""
    rows = table.frame[table.frame["period"] == latest_period(table)]
    names = [str(name) for name in rows["name"].unique() if name]
    scored = []
    for epoch in epochs(load_register(), geography):
        codes = match_names(names, geography=geography, date=epoch.end, suggest=False).codes
        scored.append((codes[codes != ""].nunique(), epoch))
    most = max(known for known, _ in scored)
    return tuple(epoch for known, epoch in scored if known == most > 0)


def latest_period(table: OutcomeTable) -> str:
    """Return the latest period; the last one in the table where it has one only, or some that no calendar knows."""
    periods = table.periods()
    return in_order(periods)[-1] if len(periods) > 1 and all(map(readable, periods)) else periods[-1]
