"""The gap between two groups of a file as an outcome of its own: asked for by a column and the names of both."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from boundaries.outcomes.derived import difference
from geo.errors import ConfigError, TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boundaries.outcomes.table import OutcomeTable

INDICATOR = "indicator"
"""The column by which series of one file are told apart: each group is then an indicator of its own."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Two groups of one column: the gap is the figure of ``of`` less that of ``against``."""

    column: str
    of: str
    against: str


def gap_of(text: str) -> Gap:
    """Return the gap that ``COLUMN=OF,AGAINST`` asks for; a name with a comma stands in double quotes.

    Raises
    ------
    ConfigError
        Another form, or one group twice.

    Examples
    --------
    >>> gap_of('sex=Female,"Male, all ages"')
    Gap(column='sex', of='Female', against='Male, all ages')
    """
    column, sign, groups = text.partition("=")
    names = [name.strip() for name in next(iter(csv.reader([groups], skipinitialspace=True)), [])]
    if not (sign and column.strip() and len(names) == 2 and all(names) and names[0] != names[1]):
        raise ConfigError(
            f"'{text}' asks for no gap between two groups",
            [
                "write COLUMN=OF,AGAINST, for example disadvantage=disadvantaged,other; put a name with a comma in double quotes"
            ],
        )
    return Gap(column.strip(), names[0], names[1])


def gap_between(
    gap: Gap, options: Mapping[str, object], read: Callable[[Mapping[str, object]], OutcomeTable]
) -> OutcomeTable:
    """Read two groups of a file and subtract the second from the first.

    Parameters
    ----------
    gap : which groups. options : of reading; id, title and favourable are of the gap. read : reads the file by options.

    Raises
    ------
    ConfigError
        The column is one that ``where`` has fixed already.
    TableError
        A group that is not there, each named, or groups without an area and period in common.
    """
    rest = {name: value for name, value in options.items() if name not in ("id", "title", "favourable")}
    tables, faults = [], []
    for group in (gap.of, gap.against):
        try:
            tables.append(read(_chosen(gap, rest, group)))
        except TableError as error:
            faults += [f"{group}: {error.what}", *error.faults]
    if faults:
        raise TableError(f"there is no gap between '{gap.of}' and '{gap.against}' to be found", faults)
    first, second = _without_groups(gap, *tables)
    said = f"{gap.of} less {gap.against}"
    same = first.meta.title == second.meta.title
    stated = {name: str(options[name]) for name in ("id", "title", "favourable") if options.get(name)}
    made = difference(
        first,
        second,
        name=stated.get("id", f"{first.meta.id}-gap"),
        title=stated.get(
            "title", f"{first.meta.title}: {said}" if same else f"{first.meta.title} less {_lowered(second.meta.title)}"
        ),
        favourable=stated.get("favourable", "none"),  # type: ignore[arg-type]
        said=f"{first.meta.title}, {said}" if same else "",
    )
    return replace(made, meta=replace(made.meta, averages=_averages(first, second)))


def _without_groups(gap: Gap, first: OutcomeTable, second: OutcomeTable) -> tuple[OutcomeTable, OutcomeTable]:
    """Leave out the columns that hold one group in each table, and another in the other: they are what the gap is between."""
    tables = (first, second)
    apart = [
        name
        for name in first.breakdowns
        if name in second.breakdowns
        and all(table.frame[name].nunique() == 1 for table in tables)
        and (name == gap.column or first.frame[name].iloc[0] != second.frame[name].iloc[0])
    ]
    bare = [
        replace(
            table,
            frame=table.frame.drop(columns=apart),
            breakdowns=tuple(name for name in table.breakdowns if name not in apart),
        )
        for table in tables
    ]
    return bare[0], bare[1]


def _lowered(title: str) -> str:
    """Return a title as it stands within a sentence; one that begins with an abbreviation keeps its letters.

    Examples
    --------
    >>> _lowered("Male healthy life expectancy"), _lowered("GCSE grades")
    ('male healthy life expectancy', 'GCSE grades')
    """
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _chosen(gap: Gap, options: Mapping[str, object], group: str) -> dict[str, object]:
    if gap.column.casefold() == INDICATOR:
        if options.get(INDICATOR):
            raise ConfigError("a gap between indicators names both of them", ["leave the option indicator out"])
        return {**options, INDICATOR: group}
    given = options.get("where") or {}
    where = dict(given) if isinstance(given, dict) else {}
    if gap.column in where:
        raise ConfigError(
            f"'{gap.column}' is the column of the gap", [f"leave out where {gap.column} = '{where[gap.column]}'"]
        )
    return {**options, "where": {**where, gap.column: group}}


def _averages(first: OutcomeTable, second: OutcomeTable) -> dict[str, float]:
    """Return the gap of the published averages, by code of the area they are of."""
    return {
        # as many decimals as the figures have: 60.9 less 60.7 is 0.2
        code: round(value - second.meta.averages[code], 9)
        for code, value in first.meta.averages.items()
        if code in second.meta.averages
    }
