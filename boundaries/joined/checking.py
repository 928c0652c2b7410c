"""Look at a file before joining it: which columns, which geography, codes of which date, and what would go wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from boundaries.dating.code_faults import Finding
from boundaries.dating.name_epochs import codes_of_names, dates_of_names
from boundaries.dating.vintages import Inference, PeriodVintage, gathered, infer_epochs
from boundaries.joined.checking_layers import check_layer, check_manifest, holds_areas, is_manifest
from boundaries.joined.checks import NO_PERIOD, Check
from boundaries.joined.extent import join_within
from boundaries.joined.trying import Asking, areas_for, refusal, settled, stated_options, tried
from boundaries.register import epochs, load_register
from boundaries.register.codes import GEOGRAPHIES, repaired
from boundaries.sources.coding import coded as coded_column
from boundaries.sources.coding import joint
from boundaries.sources.frames import read_frame
from boundaries.sources.large import give_back
from boundaries.sources.proportions import UNDESCRIBED, read_stated
from boundaries.sources.reading import read_cells
from boundaries.sources.registry import adapter_named
from boundaries.sources.roles import guess_roles, value_columns
from geo.errors import DamagedError, JoinError, PlaceatlasError, TableError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeTable


def check_file(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    geography: str | None = None,
    sheet: str | None = None,
    source: str = "table",
    indicator: str | None = None,
    asking: Asking | None = None,
) -> Check:
    """Read a file as it is, infer what its codes are, and try the join; a layer of areas and a finished build are looked at as such.

    Parameters
    ----------
    columns : role → column (code, name, period, value), where the guess is not good enough.
    geography : when stated.
    source : adapter that reads the file; of one that states areas of its own, every period is joined to them for trial.
    indicator : which one, of a file of several that an adapter reads.
    asking : whatever else ``map`` takes that touches reading and joining; what is stated beside it counts before it.

    Raises
    ------
    TableError
        There is no such file or adapter.
    DamagedError
        A file that cannot be opened; one that is opened and refused has faults.
    """
    asking = asking or Asking()
    if is_manifest(path):
        return check_manifest(path)
    options = stated_options(
        {**asking.options, "columns": columns or asking.options.get("columns"), "sheet": sheet, "indicator": indicator}
    )
    if not options and holds_areas(path):
        return check_layer(path, replace(asking, geography=geography or asking.geography))
    if not path.is_file():
        raise TableError(
            f"there is no file {path}", ["give the path of a CSV, TSV, Excel, OpenDocument or Parquet file"]
        )
    asking = replace(asking, source=source, options=options, geography=geography or asking.geography)
    adapter_named(source)
    try:
        table = read_stated(source, path, **options)
    except DamagedError:
        raise
    except TableError as error:
        seen = _unread(path, geography) if source != UNDESCRIBED else _opened(path, sheet, columns, geography)
        return _with(seen, (refusal(error, "reading"),))
    if source != "table" and (made := _of_own_areas(table, path.name, asking)):
        return made
    return check_table(table, path.name, asking)


def _unread(path: Path, geography: str | None) -> Check:
    """Return the check of a table that was not read: nothing is known of it."""
    return Check(path.name, 0, {}, {}, Inference(geography or "LAD", (), ()))


def _opened(path: Path, sheet: str | None, columns: Mapping[str, str] | None, geography: str | None) -> Check:
    """Return what can be said of a table that was opened and refused."""
    try:
        cells = read_cells(path, sheet=sheet)
        return _seen(cells.frame, path.name, columns=columns, geography=geography, repairs=cells.repairs)
    except TableError:
        return _unread(path, geography)


def asking_of(
    *,
    allow: Sequence[str] = (),
    date: dt.date | None = None,
    layer: str = "bundled",
    members: str | None = None,
    nations: Sequence[str] | None = None,
    within: str | None = None,
    crs: str | None = None,
    **reading: Any,
) -> Asking:
    """Return what a caller asks of a join, by the words of ``map``; ``reading`` are where, gap, measure, unit, period_form and, of a layer, its columns and lookups."""
    lookup = tuple(reading.pop("lookup", ()))
    columns = {name: reading.pop(name, None) for name in ("layer_code", "layer_name")}
    return Asking(
        options=reading,
        date=date,
        layer=layer,
        members=members,
        nations=nations,
        place=within,
        allow=tuple(allow),
        crs=crs,
        lookup=lookup,
        **columns,
    )


def check_table(table: OutcomeTable, name: str, asking: Asking) -> Check:
    """Infer what the codes of an outcome are, and try the join.

    Parameters
    ----------
    table : as it was read. name : of the file. asking : how it is joined.
    """
    frame, repairs = _coded(table)
    inference = infer_epochs(frame, geography=asking.geography or table.meta.geography or None)
    give_back(len(frame))
    doubtful = {period for finding in inference.faults for period in finding.periods}
    trial = tried(table, asking, doubtful=[period for period in table.periods() if period in doubtful])
    roles = {role: column.removesuffix(" (guessed)").removesuffix(" (stated)") for role, column in table.roles.items()}
    shown: dict[str, str] = {
        role: roles[role] for role in ("name", "code", "period") if role in roles and "(" not in roles[role]
    }
    return Check(
        name,
        len(frame),
        shown or roles,
        {**table.repairs, **repairs},
        replace(inference, findings=settled(inference.findings, trial)),
        trial.said,
    )


def check_cells(
    cells: pd.DataFrame,
    name: str,
    *,
    columns: Mapping[str, str] | None = None,
    geography: str | None = None,
    repairs: Mapping[str, int] | None = None,
    asking: Asking | None = None,
) -> Check:
    """Check a rectangle of cells as a file of the same columns would be.

    Parameters
    ----------
    cells : columns of text, or of numbers. name : of the table, for messages.
    columns, geography, asking : as of ``check_file``. repairs : what was mended so far.
    """
    asking = asking or Asking()
    options = stated_options({**asking.options, "columns": columns or asking.options.get("columns")})
    try:
        table = read_frame(cells, **options)
    except TableError as error:
        try:
            seen = _seen(cells, name, columns=columns, geography=geography, repairs=repairs)
        except TableError:
            seen = Check(name, len(cells), {}, {}, Inference(geography or "LAD", (), ()))
        return _with(seen, (refusal(error, "reading"),))
    return check_table(table, name, replace(asking, options=options, geography=geography or asking.geography))


def _with(check: Check, findings: Sequence[Finding]) -> Check:
    known = check.inference.findings
    return replace(check, inference=replace(check.inference, findings=(*findings, *known)))


def _seen(
    cells: pd.DataFrame,
    name: str,
    *,
    columns: Mapping[str, str] | None = None,
    geography: str | None = None,
    repairs: Mapping[str, int] | None = None,
) -> Check:
    """Infer what the codes of cells are that cannot be read as an outcome: whose value, say, is not clear."""
    stated = dict(columns or {})
    numbers = value_columns(cells, stated=stated, name=name)
    # Which number is meant does not matter here: any will do.
    stated.setdefault("value", numbers[-1] if numbers else str(cells.columns[-1]))
    guess = guess_roles(cells, stated=stated, name=name)
    frame, mended = coded(cells, guess.roles, guess.breakdowns)
    return Check(
        file=name,
        rows=len(cells),
        roles={role: column for role, column in guess.roles.items() if role in {"code", "name", "period"}},
        repairs={**(repairs or {}), **mended},
        inference=infer_epochs(frame, geography=geography),
    )


def _coded(table: OutcomeTable) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return ``code, period, name, group`` of an outcome, names without codes matched, and what was mended."""
    frame = table.frame
    group = joint([coded_column(frame[column]) for column in table.breakdowns]) if table.breakdowns else 0
    period, name = frame["period"], frame["name"]
    if (period == "").any():
        period = period.where(period != "", NO_PERIOD)
    if name.isna().any():
        name = name.fillna("")
    told = pd.DataFrame({"code": frame["code"], "period": period, "name": name, "group": group}, copy=False)
    return _by_name(told, {})


def _of_own_areas(table: OutcomeTable, name: str, asking: Asking) -> Check | None:
    """Check what an adapter read by joining every period to the areas that its publisher states; None where it states none."""
    stated = asking.geography or table.meta.geography
    if not stated or stated in GEOGRAPHIES:
        return None
    try:
        areas = areas_for(table, asking)
    except PlaceatlasError as error:
        inference = Inference(stated, (), (refusal(error),))
    else:
        inference = _tried(table, areas, asking)
    return Check(name, len(table.frame), dict(table.roles), dict(table.repairs), inference)


def _tried(table: OutcomeTable, areas: BoundarySet, asking: Asking) -> Inference:
    """Join every period to the areas, each group of it, and tell what is lost or doubled."""
    epoch = next(known for known in epochs(load_register(), "LAD") if known.start <= areas.date <= known.end)
    periods, findings = [], []
    names = table.breakdowns
    for period, rows in table.frame.groupby("period", sort=False):
        reached: set[str] = set()
        whole = len(areas)
        groups = rows[list(names)].drop_duplicates().to_dict("records") if names else [{}]
        for group in groups:
            try:
                where = {str(key): str(cell) for key, cell in group.items()}
                joined = join_within(
                    table, areas, place=asking.place, allow=asking.allow, period=str(period), where=where
                )
            except JoinError as error:
                findings += [
                    Finding("fault", "join", fault, periods=(str(period),), remedies=error.remedies)
                    for fault in error.faults
                ]
            except PlaceatlasError as error:  # no such place
                findings.append(refusal(error))
            else:
                whole = len(joined.frame)
                reached |= set(joined.frame.index[joined.frame["quality"] != "missing"])
        said = f"{len(reached)} of {whole} areas have a figure" if reached else "not joined: see the faults"
        periods.append(PeriodVintage(str(period), len(rows), len(reached), epoch, epoch, said))
    return Inference(areas.geography, tuple(periods), gathered(findings))


def coded(
    cells: pd.DataFrame, roles: Mapping[str, str], breakdowns: Sequence[str] = ()
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return ``code, period, name, group`` of a rectangle of cells, codes mended, and what was mended."""
    blank = pd.Series("", index=cells.index, dtype=object)
    codes, repairs = repaired(cells[roles["code"]]) if "code" in roles else (blank, {})
    period = cells[roles["period"]].astype(str).str.strip() if "period" in roles else blank.replace("", NO_PERIOD)
    group = blank
    for column in breakdowns:
        group = group + "|" + cells[column].astype(str)
    name = cells[roles["name"]].fillna("").astype(str).str.strip() if "name" in roles else blank
    return _by_name(pd.DataFrame({"code": codes, "period": period, "name": name, "group": group}), repairs)


def _by_name(frame: pd.DataFrame, repairs: Mapping[str, int]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give rows without a code that of their name."""
    name = frame["name"]
    blank = (frame["code"] == "") & (name != "")
    if not blank.any():
        return frame, dict(repairs)
    dates = dates_of_names(name.unique(), "LAD")
    known, _ = codes_of_names(name[blank], geography="LAD", dates=dates, suggest=False)
    found = name.map(lambda text: known.get(text, ""))
    mended = int((found[blank] != "").sum())
    codes = frame["code"].where(~blank, found).astype("str")
    return frame.assign(code=codes), {**repairs, **({"names matched to codes": mended} if mended else {})}
