"""The workbook of profiles, as the Government Analysis Function asks: cover, notes, one table, no merged cell."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from geo.files import write_bytes
from maps.feet import licence_lines
from maps.packs.office import plain, settled
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from maps.profiles.content import Profiles

NONE = "[x]"
"""Shorthand for a figure that there is none of, as the guidance has it."""

_TITLE, _BOLD, _TEXT = (
    Font(name="Arial", size=15, bold=True),
    Font(name="Arial", size=12, bold=True),
    Font(name="Arial", size=12),
)
_WIDE = 90
_HEADING_ROW = 3


def write_profile_workbook(profiles: Profiles, path: Path) -> Path:
    """Write the workbook; text is text also where it begins as a formula does."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    title = say("profiles.title", atlas=profiles.title)
    _lines(
        book.create_sheet(say("profiles.cover")),
        [(title, _TITLE), (profiles.finding, _TEXT), (profiles.areas, _TEXT)]
        + [(line, _TEXT) for line in licence_lines(profiles.sources)],
    )
    _lines(
        book.create_sheet(say("profiles.notes")),
        [
            (say("profiles.notes"), _TITLE),
            (say("profiles.none", sign=NONE), _TEXT),
            (say("index.low-means"), _TEXT),
            (say("profiles.chance-means"), _TEXT),
            (profiles.missing, _TEXT),
        ],
    )
    _table(book.create_sheet(say("profiles.sheet")), profiles, title)
    book.properties.title = plain(title)
    book.properties.creator = "placeatlas"
    book.properties.language = say("site.locale")
    made = io.BytesIO()
    book.save(made)
    return write_bytes(path, settled(made.getvalue()))


def _lines(sheet: Worksheet, lines: Sequence[tuple[str, Font]]) -> None:
    for row, (words, font) in enumerate(lines, 1):
        cell = sheet.cell(row, 1)
        _put(cell, words, font)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = _WIDE


def _table(sheet: Worksheet, profiles: Profiles, title: str) -> None:
    _put(sheet.cell(1, 1), title, _TITLE)
    _put(sheet.cell(2, 1), say("profiles.one-table", sign=NONE), _TEXT)
    front = {
        "code": say("profiles.code"),
        "name": say("profiles.area"),
        "region": say("profiles.region"),
        "low_on": say("profiles.low-on"),
        "of": say("profiles.counted"),
        "p_low_on": say("profiles.chance"),
    }
    headings = _apart([*front.values(), *(column.heading for column in profiles.columns)])
    fields = [*front, *(column.outcome for column in profiles.columns)]
    for place, heading in enumerate(headings, 1):
        cell = sheet.cell(_HEADING_ROW, place)
        _put(cell, heading, _BOLD)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = 24
    rows = profiles.frame[fields].itertuples(index=False, name=None)
    for row, values in enumerate(rows, _HEADING_ROW + 1):
        for place, value in enumerate(values, 1):
            _put(sheet.cell(row, place), _cell(value), _TEXT)
            if fields[place - 1] == "p_low_on":
                sheet.cell(row, place).number_format = "0.00"
    end = f"{get_column_letter(len(fields))}{_HEADING_ROW + len(profiles.frame)}"
    made = Table(displayName="profiles", ref=f"A{_HEADING_ROW}:{end}")
    made.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(made)
    sheet.freeze_panes = sheet.cell(_HEADING_ROW + 1, 3)


def _apart(headings: list[str]) -> list[str]:
    """Return headings of which none stands twice, as a table of a workbook asks."""
    return [
        heading if heading not in headings[:place] else f"{heading} ({place + 1})"
        for place, heading in enumerate(headings)
    ]


def _cell(value: Any) -> Any:
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        return NONE
    return value


def _put(cell: Any, value: Any, font: Font) -> None:
    cell.value = plain(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font = font
