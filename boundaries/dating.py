"""Which boundary date outcomes ask for when nobody states one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.periods import in_order
from boundaries.register import epochs, load_register
from geo.errors import DateError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from boundaries.outcomes import OutcomeTable


def default_date(tables: Sequence[OutcomeTable], *, geography: str = "LAD") -> dt.date:
    """Return the last day of the latest epoch in which every outcome's codes, in its latest period, are live.

    Parameters
    ----------
    tables : outcomes; codes that are of other geographies (counties, regions) are left aside.
    geography : whose epochs.

    Raises
    ------
    DateError
        There is no such epoch: a date must be stated.
    """
    known_epochs = epochs(load_register(), geography)
    known = frozenset().union(*(epoch.codes for epoch in known_epochs))
    used = {table.meta.id: _latest_codes(table, known) for table in tables}
    for epoch in reversed(known_epochs):
        if all(codes and codes <= epoch.codes for codes in used.values()):
            return epoch.end
    without = [name for name, codes in used.items() if not codes]
    raise DateError(
        f"no date is one on which the {geography} codes of all outcomes are live",
        [
            *([f"no {geography} code at all: {listed(without)}"] if without else []),
            "state a date; outcomes of other dates are then converted where that is true",
        ],
    )


def _latest_codes(table: OutcomeTable, known: frozenset[str]) -> frozenset[str]:
    rows = table.frame[table.frame["value"].notna() & table.frame["code"].isin(known)]
    if rows.empty:
        return frozenset()
    periods = [str(period) for period in rows["period"].unique()]
    latest = periods[0] if len(periods) == 1 else in_order(periods)[-1]
    return frozenset(rows.loc[rows["period"] == latest, "code"])
