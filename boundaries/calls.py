"""What an analyst calls to get outcomes onto areas: read, join, recode, check; the areas themselves: ``boundaries.place_calls``.

Paths are text or paths, dates ISO 8601 text or dates; a wrong argument is one of our errors, and a ValueError or TypeError too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.areas.boundary_set import BoundarySet
from boundaries.outcomes.measures import MEASURES
from boundaries.outcomes.table import OutcomeTable
from geo.arguments import date_of, one_of, path_of, result_of, texts_of
from geo.errors import ArgumentError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from boundaries.conversion import Recoded
    from boundaries.joined import Joined
    from boundaries.joined.checks import Check
    from boundaries.outcomes.measures import Favourable, Measure

_FAVOURABLE = ("high", "low", "none")
_HOW_AREAS = 'make one: areas("LAD", "2023-04-01")'
_ROLES = ("code", "value", "name", "period", "lower", "upper", "se", "denominator", "status")


def read(
    file: str | Path | pd.DataFrame,
    *,
    source: str = "table",
    code: str | None = None,
    value: str | None = None,
    name: str | None = None,
    period: str | None = None,
    lower: str | None = None,
    upper: str | None = None,
    se: str | None = None,
    denominator: str | None = None,
    status: str | None = None,
    breakdowns: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
    gap: str | None = None,
    indicator: str | None = None,
    sheet: str | None = None,
    sql: str | None = None,
    measure: Measure | None = None,
    unit: str | None = None,
    favourable: Favourable | None = None,
    id: str | None = None,  # noqa: A002  # what configurations call it
    title: str | None = None,
    credit: str | None = None,
) -> OutcomeTable:
    """Read an outcome: a file of any publisher we know, a table of one's own, or a DataFrame.

    Parameters
    ----------
    file : CSV, Excel, OpenDocument or Parquet file; a database (``sqlite:///…``, ``duckdb:///…``, ``postgresql://…``); a
        DataFrame, or a GeoDataFrame (its shapes are left aside).
    source : adapter that reads the file (``placeatlas plugins`` lists further ones); for ``"bundled"``, ``file`` is the id.
    code, value, name, period, lower, upper, se, denominator, status : columns, where the guess is not good enough.
    breakdowns : columns that tell groups apart (sex, age). where : group to keep of a column.
    gap : ``"COLUMN=OF,AGAINST"``: the gap between two groups of a column (or of ``indicator``) as the outcome.
    indicator : which one, of a file of several. sheet : of a workbook. sql : of a database.
    measure : ``count``, ``rate``, ``mean``, ``median``, ``index`` or ``category``: decides how values may be converted.
    unit : ``"£"``, ``"%"``, ``"proportion"``, ``"per 1,000"`` … favourable : which end is good: ``high``, ``low``, ``none``.
    id, title : what names files and columns, and what a reader calls it. credit : title of the publication, of a DataFrame.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        A choice that there is none of; no path and no DataFrame.
    TableError
        The file is not there, or cannot be understood.

    Examples
    --------
    >>> import pandas as pd
    >>> read(pd.DataFrame({"lad": ["E06000001"], "pay": [512.0]}), code="lad", value="pay", measure="mean", unit="£")
    OutcomeTable(pay: mean in £; 1 rows, 1 areas, 1 periods)
    """
    from boundaries.sources.frames import read_frame
    from boundaries.sources.proportions import read_stated
    from boundaries.sources.registry import adapters

    given = {
        "code": code,
        "value": value,
        "name": name,
        "period": period,
        "lower": lower,
        "upper": upper,
        "se": se,
        "denominator": denominator,
        "status": status,
    }
    if measure is not None:
        one_of(measure, MEASURES, "measure")
    if favourable is not None:
        one_of(favourable, _FAVOURABLE, "favourable")
    options: dict[str, object] = {
        "columns": {role: column for role, column in given.items() if column is not None} or None,
        "breakdowns": list(texts_of(breakdowns, "breakdowns")) or None,
        "where": dict(where) if where else None,
        "gap": gap,
        "measure": measure,
        "unit": unit,
        "favourable": favourable,
        "id": id,
        "title": title,
    }
    if isinstance(file, pd.DataFrame):
        return read_frame(file, **options, credit=credit)
    one_of(source, adapters(), "source")
    return read_stated(source, path_of(file, "file"), **options, indicator=indicator, sheet=sheet, sql=sql)


def join(
    table: OutcomeTable | str | Path | pd.DataFrame,
    areas: BoundarySet | None = None,
    *,
    period: str = "latest",
    where: Mapping[str, str] | None = None,
    allow: str | Sequence[str] | None = None,
    code: str | None = None,
    value: str | None = None,
    measure: Measure | None = None,
    unit: str | None = None,
    favourable: Favourable | None = None,
) -> Joined:
    """Join one period of an outcome to areas; refuse whatever would lose or double data.

    Parameters
    ----------
    table : what ``read`` gives, or a file or DataFrame that is read first.
    areas : what ``areas`` gives; by default those the publisher states, else districts, of the date of the codes.
    period : a period of the table, or ``"latest"``. where : group of each breakdown; one left out takes its total.
    allow : what the join may do that it refuses by default (each is said in the receipt).
    code, value, measure, unit, favourable : as of ``read``, where the table is yet to be read.

    Returns
    -------
    Joined
        A row for every area: ``.frame``, ``.receipt``, ``.to_frame()``, ``.to_geo()``.

    Raises
    ------
    ArgumentTypeError
        A GeoDataFrame, or anything else, for areas; options of reading for a table that is read already.
    JoinError
        Every fault at once: codes that are unknown, doubled or of another date.
    """
    from boundaries.joined import join as join_table
    from boundaries.joined.wanted_areas import fitting_areas

    reading = {"code": code, "value": value, "measure": measure, "unit": unit, "favourable": favourable}
    given = None if areas is None else result_of(areas, BoundarySet, "areas", how=_HOW_AREAS)
    outcome = _table_of(table, reading)
    boundaries = given or fitting_areas(outcome)
    return join_table(outcome, boundaries, period=period, where=where, allow=texts_of(allow, "allow"))


def recode(
    table: OutcomeTable | str | Path | pd.DataFrame,
    to: str | dt.date | None = None,
    *,
    geography: str = "LAD",
    allow: str | Sequence[str] | None = None,
    weights: str | Mapping[str, float] | pd.Series | None = None,
    base: Mapping[str, float] | pd.Series | None = None,
    scenario: str | Path | None = None,
    code: str | None = None,
    value: str | None = None,
    measure: Measure | None = None,
    unit: str | None = None,
) -> Recoded:
    """Convert an outcome to the councils of another date, with a receipt; refuse what would be false.

    Parameters
    ----------
    table : what ``read`` gives, or a file or DataFrame that is read first. to : date of the councils wanted.
    geography : LAD, UTLA or CAUTH. allow : what may be done that is refused by default.
    weights : to share a count out among former areas: ``"residents-2011"``, or code → residents.
    base : code → denominator of a rate or mean, where the table has none. scenario : planned councils.
    code, value, measure, unit : as of ``read``, where the table is yet to be read.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        No date, or what is no table.
    ConversionError
        Everything that would be false, at once: a median merged, a rate without a denominator …
    """
    from boundaries.conversion import recode as recode_table

    outcome = _table_of(table, {"code": code, "value": value, "measure": measure, "unit": unit})
    return recode_table(
        outcome,
        to=date_of(to, "to"),
        denominator=base,
        weights=weights,
        allow=texts_of(allow, "allow"),
        geography=result_of(geography, str, "geography", how='name one: "LAD", "UTLA", "CAUTH"').upper(),
        scenario=None if scenario is None else str(path_of(scenario, "scenario")),
    )


def check(
    file: str | Path | pd.DataFrame,
    *,
    code: str | None = None,
    name: str | None = None,
    period: str | None = None,
    value: str | None = None,
    geography: str | None = None,
    sheet: str | None = None,
    source: str = "table",
    indicator: str | None = None,
    measure: Measure | None = None,
    unit: str | None = None,
    where: Mapping[str, str] | None = None,
    date: str | dt.date | None = None,
    members: str | None = None,
    nations: Sequence[str] | None = None,
    within: str | None = None,
    allow: str | Sequence[str] = (),
    layer: str | Path = "bundled",
    layer_code: str | None = None,
    lookup: str | Sequence[str] = (),
) -> Check:
    """Say what the codes of a table are, of which date, and try the join: what would be refused, lost or doubled.

    Parameters
    ----------
    file : the table, or a DataFrame. code, name, period, value : columns, where the guess is not good enough.
    geography : where not as inferred. sheet : of a workbook. source : adapter. indicator : which one, of several.
    measure, unit, where : as of ``read``. date, members, nations, within, layer, lookup : as of ``areas``; layer_code : its column
    of codes. allow : as of ``join``.

    Returns
    -------
    Check
        ``.sound`` says whether a join would neither lose nor double anything; printed, it is the report of ``placeatlas check``.

    Raises
    ------
    ArgumentError, ArgumentTypeError, TableError
        No table, or one without a column of codes or names.
    """
    from boundaries.joined.checking import asking_of, check_cells, check_file
    from boundaries.sources.frames import cells_of
    from boundaries.sources.registry import adapters

    roles = (("code", code), ("name", name), ("period", period), ("value", value))
    stated = {role: column for role, column in roles if column}
    asking = asking_of(
        allow=texts_of(allow, "allow"),
        measure=measure,
        unit=unit,
        where=where,
        date=None if date is None else date_of(date, "date"),
        members=members,
        nations=nations,
        within=within,
        layer=str(path_of(layer, "layer")),
        layer_code=layer_code,
        lookup=texts_of(lookup, "lookup"),
    )
    if isinstance(file, pd.DataFrame):
        return check_cells(cells_of(file), "the table", columns=stated, geography=geography, asking=asking)
    one_of(source, adapters(), "source")
    return check_file(
        path_of(file, "file"),
        columns=stated,
        geography=geography,
        sheet=sheet,
        source=source,
        indicator=indicator,
        asking=asking,
    )


def _table_of(table: OutcomeTable | str | Path | pd.DataFrame, reading: Mapping[str, str | None]) -> OutcomeTable:
    """Return a table that was read, or read it."""
    stated = {name: given for name, given in reading.items() if given is not None}
    if not isinstance(table, OutcomeTable):
        return read(table, **stated)  # type: ignore[arg-type]  # the choices are checked there
    if stated:
        raise ArgumentError(
            "the table is read already",
            [f"give {', '.join(stated)} to read, which read it, or give a file or DataFrame"],
        )
    return table
