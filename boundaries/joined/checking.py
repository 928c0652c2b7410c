"""Look at a file before joining it: which columns, which geography, codes of which date, and what would go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from boundaries.dating.code_faults import Finding
from boundaries.dating.name_epochs import codes_of_names, dates_of_names
from boundaries.dating.vintages import Inference, PeriodVintage, describe, gathered, infer_epochs
from boundaries.joined.matching import join
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.outcomes.periods import in_order, readable
from boundaries.places.names import match_names
from boundaries.register import epochs, load_register
from boundaries.register.codes import GEOGRAPHIES, parse_code, repaired
from boundaries.sources.reading import read_cells
from boundaries.sources.registry import read_outcome
from boundaries.sources.roles import guess_roles
from geo.errors import JoinError, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeTable

_NO_PERIOD = "(no period)"

_MOSTLY, _SOME, _SAMPLE = 0.5, 0.3, 400
"""Shares and number of distinct cells by which a column is taken for numbers or for names of councils."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a file holds. ``roles`` says which column was taken for what; ``repairs`` counts what was mended."""

    file: str
    rows: int
    roles: Mapping[str, str]
    repairs: Mapping[str, int]
    inference: Inference

    def __repr__(self) -> str:
        """Return the report."""
        return "\n".join(report(self))

    def _repr_html_(self) -> str:
        """Show the report in a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    @property
    def sound(self) -> bool:
        """Say whether a join would neither lose nor double anything."""
        return not self.inference.faults

    def to_dict(self) -> dict[str, Any]:
        """Return the check as JSON-able data."""
        return {
            "file": self.file,
            "rows": self.rows,
            "columns": dict(self.roles),
            "repairs": dict(self.repairs),
            **self.inference.to_dict(),
        }


def check_file(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    geography: str | None = None,
    sheet: str | None = None,
    source: str = "table",
    indicator: str | None = None,
) -> Check:
    """Read a file as it is and infer what its codes are.

    Parameters
    ----------
    columns : role → column (code, name, period, value), where the guess is not good enough.
    geography : when stated.
    source : adapter that reads the file; of one that states areas of its own, every period is joined to them for trial.
    indicator : which one, of a file of several that an adapter reads.

    Raises
    ------
    TableError
        A file that cannot be read, or without a column of codes or names.
    """
    if not path.is_file():
        raise TableError(
            f"there is no file {path}", ["give the path of a CSV, TSV, Excel, OpenDocument or Parquet file"]
        )
    if source != "table":
        options = {"columns": dict(columns or {}) or None, "sheet": sheet, "indicator": indicator}
        return _as_published(read_outcome(source, path, **options), path, geography)
    cells = read_cells(path, sheet=sheet)
    return check_cells(cells.frame, path.name, columns=columns, geography=geography, repairs=cells.repairs)


def check_cells(
    cells: pd.DataFrame,
    name: str,
    *,
    columns: Mapping[str, str] | None = None,
    geography: str | None = None,
    repairs: Mapping[str, int] | None = None,
) -> Check:
    """Infer what the codes of a rectangle of cells are.

    Parameters
    ----------
    cells : columns of text, or of numbers. name : of the table, for messages.
    columns, geography : as of ``check_file``. repairs : what was mended so far.

    Raises
    ------
    TableError
        There is no column of codes or names.
    """
    roles, breakdowns = _roles(cells, dict(columns or {}), name)
    frame, mended = coded(cells, roles, breakdowns)
    return Check(
        file=name,
        rows=len(cells),
        roles={role: column for role, column in roles.items() if role in {"code", "name", "period"}},
        repairs={**(repairs or {}), **mended},
        inference=infer_epochs(frame, geography=geography),
    )


def _as_published(table: OutcomeTable, path: Path, geography: str | None) -> Check:
    """Check what an adapter read: by its codes, or by joining it to the areas that its publisher states."""
    frame = table.frame
    stated = geography or table.meta.geography
    if stated and stated not in GEOGRAPHIES:
        inference = _tried(table, fitting_areas(table, geography=geography))
    else:
        group = frame["code"].str.slice(0, 0)
        for column in table.breakdowns:
            group = group + "|" + frame[column].astype("str")
        periods = frame["period"].where(frame["period"] != "", _NO_PERIOD)
        inference = infer_epochs(frame[["code", "name"]].assign(period=periods, group=group), geography=stated or None)
    return Check(path.name, len(frame), dict(table.roles), dict(table.repairs), inference)


def _tried(table: OutcomeTable, areas: BoundarySet) -> Inference:
    """Join every period to the areas, each group of it, and tell what is lost or doubled."""
    epoch = next(known for known in epochs(load_register(), "LAD") if known.start <= areas.date <= known.end)
    periods, findings = [], []
    names = table.breakdowns
    for period, rows in table.frame.groupby("period", sort=False):
        reached: set[str] = set()
        groups = rows[list(names)].drop_duplicates().to_dict("records") if names else [{}]
        for group in groups:
            try:
                joined = join(
                    table, areas, period=str(period), where={str(key): str(cell) for key, cell in group.items()}
                )
            except JoinError as error:
                findings += [
                    Finding("fault", "join", fault, periods=(str(period),), remedies=error.remedies)
                    for fault in error.faults
                ]
            else:
                reached |= set(joined.frame.index[joined.frame["quality"] != "missing"])
        said = f"{len(reached)} of {len(areas)} areas have a figure" if reached else "not joined: see the faults"
        periods.append(PeriodVintage(str(period), len(rows), len(reached), epoch, epoch, said))
    return Inference(areas.geography, tuple(periods), gathered(findings))


def _roles(frame: pd.DataFrame, stated: dict[str, str], name: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Guess the columns of codes, names and periods; of names by whether they are names of councils."""
    numbers = [column for column in frame.columns if column not in stated.values() and _numeric(frame[column])]
    names = _name_column(frame) if "name" not in stated else ""
    if names:
        stated["name"] = names
    # Which number is meant does not matter here: any will do, the last is least likely to be a year.
    stated.setdefault("value", numbers[-1] if numbers else str(frame.columns[-1]))
    guess = guess_roles(frame, stated=stated, name=name)
    return dict(guess.roles), guess.breakdowns


def _numeric(column: pd.Series) -> bool:
    filled = column.astype(str).str.strip()
    filled = filled[filled != ""].head(200)
    return bool(len(filled)) and bool(pd.to_numeric(filled, errors="coerce").notna().mean() > _MOSTLY)


def _name_column(frame: pd.DataFrame) -> str:
    """Return the column most of whose cells are names of councils or counties, "" when there is none."""
    best, most = "", 0.0
    for column in frame.columns:
        cells = frame[column].astype(str).str.strip().drop_duplicates().head(_SAMPLE)
        texts = [cell for cell in cells if cell and not cell[0].isdigit() and parse_code(cell).scheme == "unknown"]
        if len(texts) < _MOSTLY * len(cells):
            continue
        known = sum(bool(code) for code in match_names(texts, suggest=False).codes)
        if texts and known / len(texts) > max(most, _SOME):
            best, most = str(column), known / len(texts)
    return best


def coded(
    cells: pd.DataFrame, roles: Mapping[str, str], breakdowns: Sequence[str] = ()
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return ``code, period, name, group`` of a rectangle of cells, codes mended, and what was mended."""
    blank = pd.Series("", index=cells.index, dtype=object)
    codes, repairs = repaired(cells[roles["code"]]) if "code" in roles else (blank, {})
    period = cells[roles["period"]].astype(str).str.strip() if "period" in roles else blank.replace("", _NO_PERIOD)
    group = blank
    for column in breakdowns:
        group = group + "|" + cells[column].astype(str)
    name = cells[roles["name"]].fillna("").astype(str).str.strip() if "name" in roles else blank
    blank_code = (codes == "") & (name != "")
    if blank_code.any():
        dates = dates_of_names(name.unique(), "LAD")
        known, _ = codes_of_names(name[blank_code], geography="LAD", dates=dates, suggest=False)
        found = name.map(known).fillna("")
        codes = codes.where(~blank_code, found)
        repairs = {**repairs, "names matched to codes": int((found[blank_code] != "").sum())}
    return pd.DataFrame({"code": codes, "period": period, "name": name, "group": group}), repairs


def report(check: Check) -> Iterator[str]:
    """Yield the check as lines of text."""
    columns = ", ".join(f"{role} in '{column}'" for role, column in check.roles.items())
    yield f"{check.file}: {check.rows:,} rows; {columns}"
    for what, count in check.repairs.items():
        yield f"  mended: {what} ({count:,})"
    yield f"  geography: {describe(check.inference.geography)}"
    yield ""
    yield from _table(check.inference.periods)
    for title, severity in (("faults", "fault"), ("notes", "note")):
        found = [finding for finding in check.inference.findings if finding.severity == severity]
        if not found:
            continue
        yield ""
        yield f"{title}: {len(found)}"
        for finding in found:
            where = f" [{_shortened(finding.periods)}]" if finding.periods else ""
            yield f"  {finding.kind}: {finding.text}{where}"
        for remedy in dict.fromkeys(remedy for finding in found for remedy in finding.remedies):
            yield f"  a join would take {remedy.words('flags')}"
    yield ""
    yield (
        "nothing would be lost or doubled by a join"
        if check.sound
        else f"a join would lose or double rows: {len(check.inference.faults)} "
        + ("fault" if len(check.inference.faults) == 1 else "faults")
    )


def _table(periods: Sequence[PeriodVintage]) -> Iterator[str]:
    """Yield a line for every run of periods with the same epoch."""
    ordered = sorted_periods(periods)
    lines = [("periods", "areas", "codes of", "because")]
    for (span, evidence), group in groupby(ordered, key=lambda period: (period.span, period.evidence)):
        run = list(group)
        areas = sorted({period.areas for period in run})
        lines.append(
            (
                _shortened([period.period for period in run]),
                str(areas[0]) if len(areas) == 1 else f"{areas[0]}-{areas[-1]}",
                span,
                evidence,
            )
        )
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    for line in lines:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, [*widths, 0], strict=True)).rstrip()


def sorted_periods(periods: Sequence[PeriodVintage]) -> list[PeriodVintage]:
    """Return the periods in order of time where all can be read, else as they stand."""
    if all(readable(period.period) for period in periods):
        order = {text: number for number, text in enumerate(in_order([period.period for period in periods]))}
        return sorted(periods, key=lambda period: order[period.period])
    return list(periods)


def _shortened(periods: Sequence[str]) -> str:
    if len(periods) <= 2:
        return ", ".join(periods)
    return f"{periods[0]} … {periods[-1]} ({len(periods)})"
