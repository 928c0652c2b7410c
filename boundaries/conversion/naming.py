"""Rows that carry a name and no code: converted as the area they name, on the date that the names of the table are of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from boundaries.dating.name_epochs import codes_of_names, dates_of_names, latest_names
from boundaries.register.codes import GEOGRAPHIES
from geo.errors import listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from boundaries.outcomes.table import OutcomeTable


@dataclass(frozen=True, slots=True)
class Named:
    """A table whose names have become codes.

    ``table`` has no row whose name is of no area: ``lost`` counts those by name. ``statements`` are sentences for a person,
    ``faults`` say which names are of no area and what they may have meant.
    """

    table: OutcomeTable
    statements: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)


def with_codes_of_names(table: OutcomeTable, *, geography: str, frm: dt.date | None) -> Named:
    """Give rows without a code that of the area they name.

    Parameters
    ----------
    table : the outcome. geography : whose names they are, before those of wider areas.
    frm : date of the names; by default the latest epoch that knows most of them, then any other for names it does not know.
    """
    frame = table.frame
    without = ((frame["code"] == "") & (frame["name"] != "")).to_numpy()
    if not without.any() or geography not in GEOGRAPHIES:
        return Named(table)
    names = [str(name) for name in frame["name"][without].unique()]
    dates = dates_of_names(latest_names(table), geography) if frm is None else [frm]
    found, near = codes_of_names(names, geography=geography, dates=dates)
    codes = frame["code"].where(~without, frame["name"].map(found).fillna("")).astype("str")
    lost = without & (codes == "").to_numpy()
    meant = [f"'{name}'{f' ({listed(hints)}?)' if hints else ''}" for name, hints in near.items()]
    number = int(without.sum() - lost.sum())
    was = "row was" if number == 1 else "rows were"
    said = (f"{number:,} {was} taken by name, exactly or without words of office.",) if number else ()
    counts = frame["name"][lost].value_counts(sort=False)
    return Named(
        replace(table, frame=frame.assign(code=codes)[~lost].reset_index(drop=True)),
        said,
        (f"names that are of no area: {listed(meant)}",) if meant else (),
        {str(name): int(rows) for name, rows in counts.items()},
    )
