"""From files, or from a finished build, to series on areas of one date: each outcome on the geography its publisher states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.one_table.reading import Reading
from boundaries.joined.wanted_areas import common_date, fitting_areas
from boundaries.series import chained, read_series, series_of
from boundaries.series.making import ALLOWED
from boundaries.sources.els import ExploreLocalStatistics, read_all
from boundaries.sources.proportions import read_stated
from geo.arguments import date_of
from geo.documents import rows_of
from geo.errors import PlaceatlasError, TableError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeTable
    from boundaries.series import Series

LEVELS = "levels.csv"
_LEVEL_COLUMNS = ("outcome", "period", "code", "level")


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files that paths name, every CSV file of a folder among them, each once.

    Raises
    ------
    TableError
        Paths that are neither file nor folder, or folders without a CSV file; all of them.
    """
    found: dict[Path, None] = {}
    faults = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.csv"))
            found |= dict.fromkeys(inside)
            faults += [] if inside else [f"{path} holds no CSV file"]
        elif path.is_file():
            found[path] = None
        else:
            faults.append(f"there is no file {path}")
    if faults:
        raise TableError("files to watch were not found", faults)
    return list(found)


def series_from(files: Sequence[Path], reading: Reading | None = None) -> tuple[Series, ...]:
    """Read every outcome of some files and lay it out as a series.

    Parameters
    ----------
    files : tables; of one that holds several outcomes (Explore Local Statistics) every one is read unless ``reading`` names it.
    reading : how they are read, and the areas. Without a date every geography has the latest date that any outcome's codes tell;
        ``period`` is the last one wanted.

    Raises
    ------
    TableError
        Files that cannot be read, outcomes that fit no area, files of one outcome that hold a period twice; every fault at once.

    Notes
    -----
    Files of one outcome, each with some of its periods, are put end to end; where they differ in edition or meaning, the seam breaks
    the series.
    """
    reading = reading or Reading()
    tables, faults = [], []
    for path in files:
        try:
            tables += _tables(path, reading)
        except PlaceatlasError as error:
            faults += [f"{path.name}: {error.what}", *(f"  {fault}" for fault in error.faults)]
    if faults:
        raise TableError("the outcomes cannot be read", faults)
    return series_of_tables(tables, reading)


def series_of_tables(tables: Sequence[OutcomeTable], reading: Reading) -> tuple[Series, ...]:
    """Lay outcomes that were read out as series; ``reading`` says on which areas.

    Raises
    ------
    TableError
        Outcomes that fit no area, tables of one outcome that hold a period twice; every fault at once.

    Notes
    -----
    Tables of one outcome, each with some of its periods, are put end to end; where they differ in edition or meaning, the seam breaks
    the series.
    """
    faults: list[str] = []
    dates = _dates(tables, reading)
    areas: dict[str, BoundarySet] = {}
    made = []
    for table in tables:
        try:
            stated = reading.members or reading.geography or table.meta.geography
            if stated not in areas:
                areas[stated] = fitting_areas(table, **{**reading.asked(), "date": dates.get(stated)})
            allow = (*ALLOWED, *(one for one in reading.allow if one not in ALLOWED))
            made.append(series_of(table, areas[stated], allow=allow))
        except PlaceatlasError as error:
            faults += [f"{table.meta.id}: {error.what}", *(f"  {fault}" for fault in error.faults)]
    whole = []
    for outcome in dict.fromkeys(one.meta.id for one in made):
        parts = [one for one in made if one.meta.id == outcome]
        try:
            whole.append(_until(chained(*parts) if len(parts) > 1 else parts[0], reading.period))
        except PlaceatlasError as error:
            faults += [f"{outcome}: {error.what}", *(f"  {fault}" for fault in error.faults)]
    if faults:
        raise TableError("the outcomes cannot be laid out as series", faults)
    return tuple(whole)


def series_of_build(folder: Path) -> tuple[tuple[Series, ...], dict[str, pd.Series]]:
    """Return the series of a finished build, and the levels of the latest period of each outcome, code → level.

    Raises
    ------
    TableError
        The build holds no series, or its levels lack a column.
    """
    data = folder / "data" if (folder / "data").is_dir() else folder
    return read_series(data), levels_in(data / LEVELS)


def levels_in(path: Path) -> dict[str, pd.Series]:
    """Return outcome → level by code, of the period that stands last in a ``levels.csv``; empty where there is no such file.

    Raises
    ------
    TableError
        A column is absent.
    """
    if not path.is_file():
        return {}
    frame = rows_of(path)
    absent = [name for name in _LEVEL_COLUMNS if name not in frame.columns]
    if absent:
        raise TableError(f"{path.name} holds no levels", [f"columns absent: {', '.join(absent)}"])
    found = {}
    for outcome, rows in frame.groupby("outcome", sort=False):
        last = rows[rows["period"] == rows["period"].iloc[-1]]
        found[str(outcome)] = last.set_index("code")["level"]
    return found


def _tables(path: Path, reading: Reading) -> list[OutcomeTable]:
    options = dict(reading.options or {})
    chosen = options.get("indicator") or options.get("where")
    if reading.source == ExploreLocalStatistics.name and not chosen:
        return list(read_all(path))
    return [read_stated(reading.source, path, **options)]


def _dates(tables: Sequence[OutcomeTable], reading: Reading) -> dict[str, dt.date]:
    """Return the date of each geography of the register: as stated, else the latest that any outcome's codes tell."""
    if reading.members is not None:
        return {reading.members: date_of(reading.date, "date")} if reading.date else {}
    found: dict[str, dt.date] = {}
    for table in tables:
        stated = reading.geography or table.meta.geography
        if reading.date:
            found[stated] = date_of(reading.date, "date")
        elif stated in {"", "LAD", "UTLA", "CAUTH", "RGN", "CTRY"}:
            date = common_date([table], stated or "LAD")
            found[stated] = max(found.get(stated, date), date)
    return found


def _until(series: Series, period: str) -> Series:
    """Return a series up to a period; whole where the latest is wanted."""
    if period == "latest":
        return series
    last = series.at(period)
    return series if last == len(series.periods) - 1 else series.taking(range(last + 1))
