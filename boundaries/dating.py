"""Which boundary date outcomes ask for when nobody states one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.codes import GEOGRAPHIES
from boundaries.periods import in_order
from boundaries.register import epochs, load_register
from geo.errors import DateError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from boundaries.outcomes import OutcomeTable


def default_date(tables: Sequence[OutcomeTable], *, geography: str = "LAD") -> dt.date:
    """Return the last day of the latest epoch in which every outcome's codes, in its latest period, are live.

    Parameters
    ----------
    tables : outcomes; codes that are of other geographies (counties, regions) are left aside.
    geography : whose epochs.

    Notes
    -----
    Where a publisher lists former areas beside their successors, and says so, the successors tell the date.

    Raises
    ------
    DateError
        There is no such epoch: a date must be stated.
    """
    register = load_register()
    known_epochs = epochs(register, geography)
    heirs: dict[str, set[str]] = {}
    for event in register.changes(GEOGRAPHIES[geography]):
        if event.old_code:
            heirs.setdefault(event.old_code, set()).add(event.new_code)
    known = frozenset().union(*(epoch.codes for epoch in known_epochs))
    used = [(table.meta.id, _latest_codes(table, known, heirs)) for table in tables]
    for epoch in reversed(known_epochs):
        if all(codes and codes <= epoch.codes for _, codes in used):
            return epoch.end
    without = [name for name, codes in used if not codes]
    raise DateError(
        f"no date is one on which the {geography} codes of all outcomes are live",
        [
            *([f"no {geography} code at all: {listed(without)}"] if without else []),
            "state a date; outcomes of other dates are then converted where that is true",
        ],
    )


def _latest_codes(table: OutcomeTable, known: frozenset[str], heirs: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the codes of the latest period; where both vintages stand in it, without those whose successors do too."""
    rows = table.frame[table.frame["value"].notna() & table.frame["code"].isin(known)]
    if rows.empty:
        return frozenset()
    periods = [str(period) for period in rows["period"].unique()]
    latest = periods[0] if len(periods) == 1 else in_order(periods)[-1]
    codes = frozenset(rows.loc[rows["period"] == latest, "code"])
    if not table.meta.both_vintages:
        return codes
    return frozenset(code for code in codes if not _succeeded(code, codes, heirs))


def _succeeded(code: str, codes: frozenset[str], heirs: Mapping[str, set[str]]) -> bool:
    """Say whether all the land of a code is covered by later codes of the table."""
    after = heirs.get(code, set())
    return bool(after) and all(heir in codes or _succeeded(heir, codes, heirs) for heir in after)
