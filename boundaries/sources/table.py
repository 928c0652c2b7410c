"""Any table of areas: CSV, TSV, Excel, OpenDocument or Parquet; columns guessed, shown, and overruled by the caller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from boundaries.codes import nation_of, repaired
from boundaries.intervals import with_standard_errors
from boundaries.outcomes import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.cells import marker_status, read_numbers
from boundaries.sources.fetching import Link, fetch_address
from boundaries.sources.meanings import NOT_STATED, meaning_of
from boundaries.sources.options import check_options, overrule, text_map
from boundaries.sources.reading import read_cells
from boundaries.sources.roles import guess_roles
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:]+)?$|\d{1,2}[- ][A-Za-z]{3}(?:[- ]\d{2,4})?$")
_PERIOD, _VALUE = "period of the column", "value"


class Table:
    """A table nobody has described."""

    name = "table"

    def file_of(self, outcome: str) -> str | None:
        """Return None: the caller names the file."""
        del outcome
        return None

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read a table, guessing what ``columns`` does not say.

        Options beside those of every adapter: ``sheet`` (name of a sheet), ``breakdowns`` (list of columns).

        Raises
        ------
        TableError
            If the file cannot be read, its columns not be understood, cells of the value are neither numbers nor known
            markers, percent and proportion are mixed, or rows of one area, period and group differ.
        """
        check_options(self.name, options, known=("sheet", "breakdowns"))
        sheet = options.get("sheet")
        cells = read_cells(path, sheet=None if sheet is None else str(sheet))
        return interpret(
            cells.frame, path=path, options=options, repairs=dict(cells.repairs), first_row=cells.first_row
        )

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch a file by its full address."""
        del options
        return fetch_address(self.name, outcome, link)


def interpret(
    frame: pd.DataFrame, *, path: Path, options: Mapping[str, object], repairs: dict[str, int], first_row: int = 2
) -> OutcomeTable:
    """Turn a rectangle of text into an OutcomeTable.

    Parameters
    ----------
    frame : columns of text. path : where it came from, for messages, the source and the id.
    options : as of ``Table.read``. repairs : what was mended so far. first_row : number of the first data row in the file.

    Raises
    ------
    TableError
        As ``Table.read``.
    """
    given = options.get("breakdowns")
    split = [str(column) for column in given] if isinstance(given, list | tuple) else None
    guess = guess_roles(frame, stated=text_map(options, "columns"), breakdowns=split, name=path.name)
    frame = _kept(frame, text_map(options, "where"), path.name)
    roles, found = dict(guess.roles), dict(guess.found)
    if guess.periods:
        keep = [column for column in frame.columns if column not in guess.periods]
        frame = frame.melt(id_vars=keep, value_vars=list(guess.periods), var_name=_PERIOD, value_name=_VALUE)
        roles |= {"period": _PERIOD, "value": _VALUE}
        found |= {"period": "names of columns", "value": "columns of periods"}
    columns: dict[str, object] = {}
    if "code" in roles:
        mended, notes = repaired(frame[roles["code"]])
        _refuse_dates(path.name, roles["code"], mended.unique())
        columns["code"] = mended.to_numpy()
        repairs |= notes
    if "name" in roles:
        columns["name"] = frame[roles["name"]].astype("str").str.strip().to_numpy()
    columns["period"] = (
        frame[roles["period"]].astype("str").str.strip().to_numpy() if "period" in roles else [""] * len(frame)
    )
    for column in guess.breakdowns:
        columns[column] = frame[column].astype("str").to_numpy()
    status, percent = _figures(frame, roles, columns, repairs, path.name, first_row)
    columns["status"] = status
    built = outcome_frame(columns, extra=guess.breakdowns)
    built, dropped = _without_doubles(built, guess.breakdowns, path.name)
    if dropped:
        repairs["rows that repeat another exactly"] = dropped
    meta = _meta(path, options, roles, percent=percent, built=built)
    shown = {role: f"{column} ({found[role]})" for role, column in roles.items()}
    return OutcomeTable(meta, with_standard_errors(built, meta), guess.breakdowns, repairs, roles=shown)


def _refuse_dates(name: str, column: str, codes: Iterable[str]) -> None:
    """Refuse a column of codes that a spreadsheet turned into dates."""
    filled = [code for code in codes if code]
    dates = [code for code in filled if _DATE.match(code)]
    if len(dates) * 2 > len(filled):
        raise TableError(
            f"{name}: the column '{column}' holds dates, not codes of areas",
            [f"found {listed(dates)}", "a spreadsheet may have changed the codes: take the file as it was published"],
        )


def _kept(frame: pd.DataFrame, where: Mapping[str, str], name: str) -> pd.DataFrame:
    """Keep the rows the caller asks for."""
    faults = []
    for column, wanted in where.items():
        if column not in frame.columns:
            faults.append(f"where {column} = '{wanted}': there is no such column")
        elif not (frame[column].astype("str") == wanted).any():
            faults.append(f"where {column} = '{wanted}': it holds {listed(repr(v) for v in frame[column].unique())}")
        else:
            frame = frame[frame[column].astype("str") == wanted]
    if faults:
        raise TableError(f"{name} has no such rows", faults)
    return frame


def _figures(
    frame: pd.DataFrame,
    roles: Mapping[str, str],
    columns: dict[str, object],
    repairs: dict[str, int],
    name: str,
    first_row: int,
) -> tuple[np.ndarray, bool]:
    """Read every column of numbers into ``columns``; return the status and whether values carried a percent sign."""
    faults, percent = [], False
    status = np.full(len(frame), "ok")
    for role in ("value", "lower", "upper", "se", "denominator", "sample_size"):
        if role not in roles:
            continue
        cells = read_numbers(frame[roles[role]])
        columns[role] = cells.numbers
        faults += [_fault(roles[role], text, row + first_row) for text, row in cells.bad.items()]
        if role == "value":
            status, percent = cells.status, cells.percent
            if cells.mixed_percent and np.nanmax(np.abs(cells.numbers)) > 1:
                faults.append(f"{roles[role]}: some cells carry a percent sign and some do not")
            repairs |= cells.repairs
    if faults:
        raise TableError(f"{name} has cells that are not numbers", [*faults[:5], *_rest(faults)])
    if "status" in roles:
        said = [marker_status(text) for text in frame[roles["status"]].astype("str")]
        status = np.array([own if own is not None else read for own, read in zip(said, status, strict=True)])
    return status, percent


def _fault(column: str, text: str, row: int) -> str:
    why = " (a formula; save the file with results)" if text.startswith("=") else ""
    return f"{column}, row {row}: '{text[:40]}'{why}"


def _rest(faults: list[str]) -> list[str]:
    return [f"and {len(faults) - 5} more kinds of text ({len(faults)} in all)"] if len(faults) > 5 else []


def _without_doubles(frame: pd.DataFrame, breakdowns: tuple[str, ...], name: str) -> tuple[pd.DataFrame, int]:
    """Drop rows that repeat another in every column; refuse rows of one area, period and group that differ."""
    again = frame.duplicated(keep="first")
    frame = frame[~again].reset_index(drop=True)
    place = frame["code"].where(frame["code"] != "", frame["name"])
    keys = frame[["period", *breakdowns]].assign(place=place)
    doubled = keys.duplicated(keep=False) & (place != "")
    if doubled.any():
        raise TableError(
            f"{name} has several rows for one area, period and group",
            [f"areas: {listed(place[doubled].unique())}", "name the columns that tell them apart: breakdowns = ['…']"],
        )
    return frame, int(again.sum())


def _meta(
    path: Path, options: Mapping[str, object], roles: Mapping[str, str], *, percent: bool, built: pd.DataFrame
) -> OutcomeMeta:
    """Describe the table as far as it says what it is."""
    header = roles.get("value", "value")
    generic = header.lower() in {"value", "observation", "obs_value", "estimate"}
    said = f"{header} {options.get('title', '')} {path.stem if generic else ''} {options.get('unit', '')}"
    measure, unit = meaning_of(_plain(said), built["value"].to_numpy(), percent=percent)
    if measure == NOT_STATED and not unit:  # the file may be called what its columns are not
        measure, unit = meaning_of(_plain(f"{said} {path.stem}"), built["value"].to_numpy(), percent=percent)
    codes = built["code"].unique()
    nations = tuple(nation for nation in "EWSN" if nation in {nation_of(code) for code in codes}) if all(codes) else ()
    meta = OutcomeMeta(
        id=re.sub(r"[^a-z0-9]+", "-", (path.stem if generic else header).lower()).strip("-") or "outcome",
        title=path.stem.replace("_", " ").replace("-", " ") if generic else header,
        measure=measure,
        unit=unit,
        nations=nations or ("E", "W", "S", "N"),
        source=Source(title=path.name, sha256=sha256_of(path)),
    )
    return overrule(meta, options)


def _plain(words: str) -> str:
    return words.replace("_", " ").lower()
