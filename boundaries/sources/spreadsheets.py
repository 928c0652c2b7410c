"""Workbooks read whole or refused: every fault of the file is one error, and what it unfolds to is bounded beforehand.

A workbook of a few kilobytes can state a row repeated a million times or a cell at the far corner of a sheet, and a damaged one
can break off anywhere in a tree of text. Trees are therefore read strictly, what they unfold to is counted before it is
unfolded, and blank rows are never made.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.sources.unpacking import opened_archive
from geo.archives import FAULTS
from geo.errors import DamagedError, TableError, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import IO
    from xml.etree.ElementTree import Element

MOST_CELLS = 20_000_000
"""Cells, blank ones between others among them, that a workbook may unfold to: ten times the largest outcome table we know."""

MOST_ROWS = 1_048_576
"""Rows of a sheet: what spreadsheet programmes allow."""

MOST_COLUMNS = 16_384
"""Columns of a sheet: what spreadsheet programmes allow."""

SUFFIXES = (".xlsx", ".xlsm", ".ods")

Grid = list[list[str]]
"""Rows of text as they stand, blank rows as empty lists."""

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def grids_of(path: Path) -> dict[str, Grid]:
    """Return the sheets of a workbook as text, by name.

    Parameters
    ----------
    path : a file whose ending is in ``SUFFIXES``.

    Raises
    ------
    TableError
        The file is damaged, unfolds to more than ``MOST_CELLS``, or holds formulas without results.
    """
    opened_archive(path).close()
    return _ods(path) if path.suffix.lower() == ".ods" else _xlsx(path)


def _guarded(path: Path, work: Callable[[], dict[str, Grid]]) -> dict[str, Grid]:
    """Turn whatever a parser raises on a damaged file into one error; our own errors pass."""
    try:
        return work()
    except TableError:
        raise
    except (MemoryError, RecursionError) as error:
        raise DamagedError(
            f"{path.name} is too large to read", ["save the sheet that matters as a file of its own"]
        ) from error
    except Exception as error:  # parsers of others raise anything at all on a damaged file
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise DamagedError(
            f"{path.name} is damaged: it is not a readable spreadsheet",
            [said, "open it in a spreadsheet programme, save it, and try again"],
        ) from error


def _xlsx(path: Path) -> dict[str, Grid]:
    import openpyxl  # noqa: PLC0415  # a slow import that most runs do not need

    def work() -> dict[str, Grid]:
        # The file is opened here: of a damaged workbook the library would leave it open.
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            grids = {}
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = ([cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
                grids[sheet.title] = _bounded(rows, f"{path.name}, sheet '{sheet.title}'")
            return grids

    grids = _guarded(path, work)
    _refuse_unstored_formulas(path)
    return grids


def _bounded(rows: Iterable[list[str]], name: str) -> Grid:
    """Keep rows without their blank ends, refusing a sheet that is mostly emptiness between far corners."""
    grid: Grid = []
    width = filled = 0
    for row in rows:
        used = len(row)
        while used and not row[used - 1]:
            used -= 1
        grid.append(row[:used])
        width, filled = max(width, used), filled + (used > 0)
        if filled * width > MOST_CELLS or len(grid) > MOST_ROWS:
            raise _too_large(name, filled, width)
    while grid and not grid[-1]:
        grid.pop()
    return grid


def _too_large(name: str, rows: int, columns: int) -> TableError:
    return DamagedError(
        f"{name} unfolds to {rows:,} rows of {columns:,} columns or more",
        [f"the limit is {MOST_CELLS:,} cells", "delete what stands far from the table, or save the table as CSV"],
    )


def _refuse_unstored_formulas(path: Path) -> None:
    """Refuse cells whose formula has no stored result: they would read as empty."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            if entry.startswith("xl/worksheets/") and entry.endswith(".xml"):
                try:
                    sheet = archive.read(entry)
                except FAULTS as error:
                    raise DamagedError(f"{path.name} is damaged", [f"{entry}: {error}"]) from error
                unstored = re.findall(
                    rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*><f[^>]*>[^<]*</f>(?:<v\s*/>|<v></v>)?</c>', sheet
                )
                if unstored:
                    cells = listed(cell.decode() for cell in unstored)
                    raise TableError(
                        f"{path.name} holds formulas without results",
                        [f"cells {cells}", "open it in a spreadsheet programme, save it, and try again"],
                    )


def _ods(path: Path) -> dict[str, Grid]:
    def work() -> dict[str, Grid]:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
            return dict(_ods_tables(content, path))

    return _guarded(path, work)


def _ods_tables(content: IO[bytes], path: Path) -> Iterator[tuple[str, Grid]]:
    """Yield the tables of an OpenDocument spreadsheet by name; each row leaves the tree when it has been read."""
    from defusedxml import ElementTree  # noqa: PLC0415  # needed for spreadsheets alone

    rows: list[tuple[int, list[str]]] = []
    name, depth = "", 0
    for event, element in ElementTree.iterparse(content, events=("start", "end"), forbid_dtd=True):
        if element.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                name, rows = element.get(f"{_TABLE}name", ""), []
            elif depth == 0:
                told = f"{path.name}, sheet '{name}'"
                yield name, _bounded(_unfolded(rows, told), told)
                element.clear()
        elif event == "end" and element.tag == f"{_TABLE}table-row":
            cells = _ods_cells(element, f"{path.name}, sheet '{name}'")
            rows.append((_repeats(element, "number-rows-repeated"), cells))
            element.clear()


def _unfolded(rows: Iterable[tuple[int, list[str]]], name: str) -> Iterator[list[str]]:
    """Yield rows as often as they are repeated; blank rows after the last filled one are never made."""
    waiting = 0
    for times, cells in rows:
        if not cells:
            waiting += times
            continue
        if waiting + times > MOST_ROWS:
            raise _too_large(name, waiting + times, len(cells))
        for _ in range(waiting):
            yield []
        waiting = 0
        for _ in range(times):
            yield list(cells)


def _ods_cells(row: Element, name: str) -> list[str]:
    cells: list[str] = []
    waiting = 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        text = _ods_text(cell)
        times = _repeats(cell, "number-columns-repeated")
        if not text:
            waiting += times
            continue
        if len(cells) + waiting + times > MOST_COLUMNS:
            raise _too_large(name, 1, len(cells) + waiting + times)
        cells += [""] * waiting + [text] * times
        waiting = 0
    return cells


def _repeats(element: Element, which: str) -> int:
    """Return how often a row or a cell is repeated; a number that is none is a damaged file."""
    return max(1, int(element.get(f"{_TABLE}{which}", "1")))


def _ods_text(cell: Element) -> str:
    """Return a cell as text: numbers and dates as they are stored, not as they are shown."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind in {"float", "currency", "percentage"}:
        return cell_text(float(cell.get(f"{_OFFICE}value", "nan")))
    if kind == "date":
        return cell_text(pd.Timestamp(cell.get(f"{_OFFICE}date-value", "")))
    if kind == "boolean":
        return cell_text(cell.get(f"{_OFFICE}boolean-value") == "true")
    paragraphs = [_paragraph(part) for part in cell if part.tag == f"{_TEXT}p"]
    return "\n".join(paragraphs).strip()


def _paragraph(element: Element) -> str:
    """Return the text of a paragraph: a space element stands for as many spaces, a line break for a line end."""
    pieces = [element.text or ""]
    for part in element:
        if part.tag == f"{_TEXT}s":
            pieces.append(" " * min(int(part.get(f"{_TEXT}c", "1")), 1_000))
        elif part.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif not part.tag.startswith(_OFFICE):  # comments are no text of the cell
            pieces.append(_paragraph(part))
        pieces.append(part.tail or "")
    return "".join(pieces)


def cell_text(value: object) -> str:
    """Return a typed cell as text: whole numbers without a point, nothing for what is missing.

    Examples
    --------
    >>> cell_text(3.0), cell_text(0.25), cell_text(None)
    ('3', '0.25', '')
    """
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, float):
        return "" if value != value else repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR0124  # NaN
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()  # a day, which spreadsheets store as its midnight
    return str(value).strip()
