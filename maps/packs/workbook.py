"""The workbook of a pack, as the Government Analysis Function asks: cover, notes, one tidy table a sheet, no merged cell."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from geo.files import write_bytes
from maps.feet import licence_lines
from maps.packs.office import plain, settled
from maps.packs.tables import BESIDE, OWN, ROLE, outcome_table
from maps.words import format_date, say, spoken, unit_words
from maps.words.findings.levels import reference_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from maps.packs.contents import PackNote, PackOutcome, Region

COLUMNS = ("code", "name", ROLE, "value", "lower", "upper", "level", "p_below", "band", "moran_class")
"""Fields of a sheet, where an outcome has them."""

SHARES = frozenset({"p_below"})
NONE = "[x]"
"""Shorthand for a figure that there is none of, as the guidance has it."""

HEADING_ROW = 5
"""Where a table begins: above it stand the title, what the sheet holds, what is compared, and from where."""

_TITLE, _BOLD = Font(name="Arial", size=15, bold=True), Font(name="Arial", size=12, bold=True)
_TEXT = Font(name="Arial", size=12)
_WIDEST = 90


@dataclass(frozen=True, slots=True)
class Told:
    """What the sheets of a workbook share."""

    region: Region
    boundaries: BoundarySet
    note: PackNote
    sources: Sequence[Source]
    report: str


def write_workbook(path: Path, table: pd.DataFrame, outcomes: Sequence[PackOutcome], told: Told) -> Path:
    """Write the workbook; a cell that looks like a formula is text.

    Parameters
    ----------
    table : every column of the place's areas.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    names = sheet_names([outcome.topic.title for outcome in outcomes])
    _cover(book.create_sheet(say("workbook.cover")), outcomes, names, told)
    _notes(book.create_sheet(say("workbook.notes")), outcomes, told)
    for number, (outcome, name) in enumerate(zip(outcomes, names, strict=True), 1):
        _outcome(book.create_sheet(name), number, table, outcome, told)
    properties = book.properties
    properties.title = plain(f"{told.region.info.name}: {told.note.atlas}")
    properties.creator = "placeatlas"
    properties.language = say("site.locale")
    made = io.BytesIO()
    book.save(made)
    return write_bytes(path, settled(made.getvalue()))


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return a name of a sheet for each title: 31 letters at the most, none of those that sheets may not have, none twice.

    Examples
    --------
    >>> sheet_names(["Pay [weekly]", "Pay: weekly", "Share of people aged sixteen to sixty-four"])
    ['1 Pay weekly', '2 Pay weekly', '3 Share of people aged sixteen']
    """
    bare = (" ".join(re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", plain(title)).split()) for title in titles)
    return [f"{number} {name}"[:31].strip() for number, name in enumerate(bare, 1)]


def _cover(sheet: Worksheet, outcomes: Sequence[PackOutcome], names: Sequence[str], told: Told) -> None:
    info = told.region.info
    lines = [
        (f"{info.name}: {told.note.atlas}", _TITLE),
        (
            say(
                "workbook.about",
                place=info.name,
                whole=say("count.area", n=len(told.region.codes)),
                date=format_date(told.boundaries.date),
            ),
            _TEXT,
        ),
        (say("pack.made", version=told.note.version, data_date=told.note.data_date), _TEXT),
        *(() if spoken().checked else ((say("site.draft"), _TEXT),)),
        (told.report, _TEXT),
        (say("workbook.contents"), _BOLD),
        (f"{say('workbook.notes')}: {say('workbook.notes-about')}", _TEXT),
        *((f"{name}: {outcome.topic.dated}", _TEXT) for name, outcome in zip(names, outcomes, strict=True)),
        (say("pack.licences"), _BOLD),
        *((line, _TEXT) for line in licence_lines(told.sources)),
    ]
    _set_lines(sheet, lines)


def _notes(sheet: Worksheet, outcomes: Sequence[PackOutcome], told: Told) -> None:
    said = [
        say("workbook.none", sign=NONE),
        say("limits.areas"),
        say("limits.where"),
        say("limits.boundaries"),
        say("pack.not-significant"),
        *dict.fromkeys(line for outcome in outcomes for line in outcome.coverage),
    ]
    if told.region.partly:
        said.append(say("pack.partly", names="; ".join(told.region.partly)))
    if told.region.context:
        said.append(say("workbook.beside"))
    _set_lines(sheet, [(say("workbook.notes"), _TITLE), *((line, _TEXT) for line in said)])


def _set_lines(sheet: Worksheet, lines: Sequence[tuple[str, Font]]) -> None:
    for row, (words, font) in enumerate(lines, 1):
        cell = sheet.cell(row, 1)
        _put(cell, words, font)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = _WIDEST


def _outcome(sheet: Worksheet, number: int, table: pd.DataFrame, outcome: PackOutcome, told: Told) -> None:
    """Set one table: a title, three lines on it, headings, a row an area."""
    topic = outcome.topic
    own = outcome_table(table, outcome)
    fields = [name for name in COLUMNS if name in own and not (own[name].isna() | (own[name].astype(str) == "")).all()]
    against = "" if outcome.levels is None else reference_words(outcome.levels.reference, topic)
    sources = "; ".join(dict.fromkeys(source.title.rstrip(".") for source in outcome.sources))
    lines = (
        (say("workbook.table", number=str(number), outcome=topic.dated, place=told.region.info.name), _TITLE),
        (say("workbook.one-table", sign=NONE), _TEXT),
        (say("workbook.against", reference=against) if against else say("workbook.no-reference"), _TEXT),
        (say("foot.source", titles=sources) if sources else "", _TEXT),
    )
    for row, (words, font) in enumerate(lines, 1):
        _put(sheet.cell(row, 1), words, font)
    headings = [_heading(field, topic.unit) for field in fields]
    for column, heading in enumerate(headings, 1):
        cell = sheet.cell(HEADING_ROW, column)
        _put(cell, heading, _BOLD)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        width = max(len(heading) / 2, *(len(str(value)) for value in own[fields[column - 1]]), 8) if len(own) else 12
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 3, 45)
    for row, values in enumerate(own[fields].itertuples(index=False, name=None), HEADING_ROW + 1):
        for column, (field, value) in enumerate(zip(fields, values, strict=True), 1):
            cell = sheet.cell(row, column)
            _put(cell, _worded(field, value), _TEXT)
            if field in {"value", "lower", "upper"} and topic.decimals is not None:
                cell.number_format = "#,##0" + (f".{'0' * topic.decimals}" if topic.decimals else "")
            elif field in SHARES:
                cell.number_format = "0.000"
    end = f"{get_column_letter(len(fields))}{HEADING_ROW + len(own)}"
    made = Table(displayName=f"table_{number}", ref=f"A{HEADING_ROW}:{end}")
    made.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(made)
    sheet.freeze_panes = sheet.cell(HEADING_ROW + 1, 3)


def _heading(field: str, unit: str) -> str:
    heading = say(f"workbook.{field.replace('_', '-')}")
    return say("subtitle.unit", words=heading, unit=unit_words(unit)) if unit and field == "value" else heading


def _worded(field: str, value: Any) -> Any:
    """Return a cell: numbers as numbers, classes as words, the sign for what there is not."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)) or value == "":
        return NONE
    if field == ROLE:
        return say(f"workbook.role-{value}") if value in {OWN, BESIDE} else value
    if field in {"level", "moran_class"}:
        return say(f"workbook.class-{value}")
    return value


def _put(cell: Any, value: Any, font: Font) -> None:
    """Write a cell; text is text, also where it begins as a formula does."""
    if isinstance(value, str):
        cell.value = plain(value)
        cell.data_type = "s"
    else:
        cell.value = value
    cell.font = font
