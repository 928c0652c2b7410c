"""What an analyst calls of this floor: read, areas, join, recode, check, fetch, lookup, history.

Paths are text or paths, dates ISO 8601 text or dates; a wrong argument is one of our errors, and a ValueError or TypeError too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.areas.boundary_set import BoundarySet
from boundaries.outcomes.measures import MEASURES
from boundaries.outcomes.table import OutcomeTable
from boundaries.vocabulary import NATIONS
from geo.arguments import date_of, one_of, path_of, result_of, texts_of
from geo.errors import ArgumentError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from boundaries.areas.describing import History
    from boundaries.areas.lookup import Lookup
    from boundaries.conversion import Recoded
    from boundaries.joined import Joined
    from boundaries.joined.checks import Check
    from boundaries.official import CachedLayer, CachedLookup
    from boundaries.outcomes.measures import Favourable, Measure
    from boundaries.sources.releases import Compared

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
    indicator: str | None = None,
    sheet: str | None = None,
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
    file : CSV, Excel, OpenDocument or Parquet file; a DataFrame, or a GeoDataFrame (its shapes are left aside).
    source : adapter that reads the file (``placeatlas plugins`` lists further ones); for ``"bundled"``, ``file`` is the id.
    code, value, name, period, lower, upper, se, denominator, status : columns, where the guess is not good enough.
    breakdowns : columns that tell groups apart (sex, age). where : group to keep of a column.
    indicator : which one, of a file of several. sheet : of a workbook.
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
        "measure": measure,
        "unit": unit,
        "favourable": favourable,
        "id": id,
        "title": title,
    }
    if isinstance(file, pd.DataFrame):
        return read_frame(file, **options, credit=credit)
    one_of(source, adapters(), "source")
    return read_stated(source, path_of(file, "file"), **options, indicator=indicator, sheet=sheet)


def areas(
    geography: str = "LAD",
    date: str | dt.date | None = None,
    *,
    layer: str | Path = "bundled",
    nations: str | Sequence[str] | None = None,
    within: str | None = None,
    members: str | Path | None = None,
    scenario: str | Path | None = None,
) -> BoundarySet:
    """Return the areas of a geography on a date.

    Parameters
    ----------
    geography : LAD, UTLA, CAUTH, RGN, CTRY, ITL1, ITL2 or ITL3.
    date : ISO 8601 text or a date, from 2009-04-01; may be left out with ``members``.
    layer : whose shapes: ``"bundled"``, ``"official"`` (fetched before) or the path of a file with a column of codes.
    nations : initials of those wanted: ``"E,W"`` or ``["E", "W"]``; all by default.
    within : code or name of the one nation, region, county or combined authority whose areas are wanted.
    members : membership table of areas of one's own: a name (``smc-203``) or a CSV with columns ``code,name,member``.
    scenario : planned councils: an id (``surrey-2027``) or a TOML file.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        No date, text that is no date, no text for a geography.
    CodeError, DateError, TableError
        A geography, date, nation or table that is not known.

    Examples
    --------
    >>> len(areas("lad", "2012-01-01"))
    406
    """
    from boundaries.areas.custom_areas import custom_areas
    from boundaries.areas.loading import load_boundary_set
    from boundaries.joined.extent import within as only_within

    wanted = _nations(nations)
    if members is not None:
        day = None if date is None else date_of(date, "date")
        made = custom_areas(str(path_of(members, "members")), date=day, nations=wanted or None)
    else:
        named = result_of(geography, str, "geography", how='name one: "LAD", "UTLA", "ITL2" …')
        made = load_boundary_set(
            named.upper(),
            date_of(date, "date"),
            layer=str(path_of(layer, "layer")),
            nations=wanted or tuple(NATIONS),
            scenario=None if scenario is None else str(path_of(scenario, "scenario")),
        )
    return made if within is None else only_within(made, within)


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
) -> Check:
    """Say what the codes of a table are, of which date, and try the join: what would be refused, lost or doubled.

    Parameters
    ----------
    file : the table, or a DataFrame. code, name, period, value : columns, where the guess is not good enough.
    geography : where not as inferred. sheet : of a workbook. source : adapter. indicator : which one, of several.
    measure, unit, where : as of ``read``. date, members, nations, within : as of ``areas``. allow : as of ``join``.

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


def lookup(parent: str, date: str | dt.date | None = None, *, edition: str | None = None) -> Lookup:
    """Return which local authority district lies in which larger area on a date.

    Parameters
    ----------
    parent : UTLA, CAUTH, RGN, CTRY, ITL1, ITL2 or ITL3. date : ISO 8601 text or a date.
    edition : of the statistical regions; by default the one in use on the date.

    Raises
    ------
    ArgumentError, ArgumentTypeError, CodeError, DateError
        A geography or date that there is none of.

    Examples
    --------
    >>> lookup("RGN", "2023-04-01").as_function()["E06000001"]
    'E12000001'
    """
    from boundaries.areas.lookup import load_lookup

    named = result_of(parent, str, "parent", how='name one: "RGN", "ITL2" …')
    return load_lookup("LAD", named.upper(), date_of(date, "date"), edition=edition)


def history(place: str) -> History:
    """Return what a code, or the code of a name, was before and became: in words, and as data.

    Parameters
    ----------
    place : code or name of a council.

    Raises
    ------
    ArgumentTypeError, CodeError
        No text, or nothing of that name in the register.

    Examples
    --------
    >>> print(history("E07000026").words[-1])
    On 2023-04-01 it became part of Cumberland E06000063 (The Cumbria (Structural Changes) Order 2022).
    """
    from boundaries.areas.describing import history_of

    return history_of(result_of(place, str, "place", how='give a code or a name: "E07000026", "Allerdale"'))


def fetch(
    what: str,
    *,
    resolution: str = "BGC",
    base_url: str | None = None,
    from_file: str | Path | None = None,
    again: bool = False,
) -> CachedLayer | CachedLookup | Path:
    """Fetch official boundaries, a lookup or an outcome into the cache, whole and hash-checked.

    Parameters
    ----------
    what : ``"LAD@2023-12-31"``; a lookup ``"LAD:UTLA@2023-12-31"``; an outcome ``"els:<id>"``, ``"file:<address>"``. Without a date, the latest.
    resolution : BUC, BSC, BGC, BFC or BFE, of boundaries. base_url : another server of the same interface.
    from_file : a file carried in by hand instead of the network. again : ask for an outcome anew that the cache holds.

    Returns
    -------
    CachedLayer, CachedLookup or Path : what was kept; of an outcome the file, for ``read``.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        Text that names nothing that can be fetched.
    FetchError
        The server failed, or what came is not what was asked for.
    """
    from boundaries.official import fetch_layer, fetch_lookup
    from boundaries.sources.fetching import Link
    from boundaries.sources.registry import fetch_named, names_outcome

    text = result_of(what, str, "what", how='name it: "LAD@2023-12-31", "LAD:UTLA", "els:…"')
    if names_outcome(text):
        return fetch_named(text, link=Link(base_url=base_url or "", again=again))
    geography, _, day = text.partition("@")
    if not geography:
        raise ArgumentError(f"'{text}' names nothing to fetch", ['write GEOGRAPHY@DATE, for example "LAD@2023-12-31"'])
    date = date_of(day, "date") if day else None
    file = None if from_file is None else path_of(from_file, "from_file")
    child, _, parent = geography.upper().partition(":")
    if parent:
        return fetch_lookup(child, parent, date, base_url=base_url, from_file=file)
    return fetch_layer(child, date, resolution=resolution, base_url=base_url, from_file=file)


def newer(what: str | Sequence[str] = (), *, base_url: str | None = None) -> tuple[Compared, ...]:
    """Ask publishers whether they have something newer than the outcomes in the cache, which stay as they are.

    Parameters
    ----------
    what : ``"els:supermarkets"`` …, one or several; all that are held without any. base_url : another server of the same interface.

    Returns
    -------
    tuple of Compared : one an outcome, with ``held``, ``now`` and ``newer``; ``str()`` says it in a line.

    Raises
    ------
    FetchError
        A name of which nothing is held.
    """
    from boundaries.getting import newer_releases

    return newer_releases(texts_of(what, "what"), base_url=base_url)


def _nations(given: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return initials of nations given as ``"E,W"`` or one by one."""
    words = [word for text in texts_of(given, "nations") for word in text.replace(",", " ").split()]
    return tuple(one_of(word.upper(), NATIONS, "nation") for word in words)


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
