"""Files as they really are: encodings, line ends, notes above and below, merged headers, sheets, compressed and hostile files."""

from __future__ import annotations

import codecs
import csv
import io
import re
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.sources.large import large_text
from boundaries.sources.parsing import cut
from boundaries.sources.spreadsheets import SUFFIXES as SHEETS
from boundaries.sources.spreadsheets import grids_of
from boundaries.sources.typed import SUFFIXES as TYPED
from boundaries.sources.typed import typed_table
from boundaries.sources.unpacking import unpacked
from geo.errors import DamagedError, TableError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from boundaries.sources.large import LargeText

HEADER_WITHIN = 60
"""Rows within which the header of a table must stand."""

_HEAD_LINES = HEADER_WITHIN + 40
"""Lines among which separator and header are looked for."""

LONGEST_HEAD = 20_000_000
"""Characters among which separator and header are looked for."""

_TEXT = (".csv", ".tsv", ".txt", ".tab")
_GSS = re.compile(r"[EWSNK]\d{8}")
_NUMBER = re.compile(r"[-+−]?[£$€]?[\d,]*\.?\d+%?")
_YEAR = re.compile(r"(19|20)\d{2}(\.0+)?")


@dataclass(frozen=True, slots=True)
class Cells:
    """A rectangle of text with named columns.

    ``frame`` holds str columns ("" = empty cell), or categories of str where they were asked for, except numbers where the file itself is typed
    (Parquet, layers); ``first_row`` is the number, in the file, of the first data row (1-based); ``repairs`` counts what was mended.
    """

    frame: pd.DataFrame
    first_row: int = 2
    repairs: Mapping[str, int] = field(default_factory=dict)


def read_cells(path: Path, *, sheet: str | None = None, categories: bool = False) -> Cells:
    """Read any tabular file as text with one row of names.

    Parameters
    ----------
    path : the file. sheet : of a workbook; layer, or file of an archive. categories : whether the columns of a large text file may be of type category,
        which takes a tenth of the memory.

    Raises
    ------
    TableError
        If the file is empty, of an unknown kind, unsafe to unpack, has no header, or several sheets hold tables.
    """
    if path.stat().st_size == 0:
        raise TableError(f"{path.name} is empty", ["it has 0 bytes"])
    suffixes = [suffix.lower() for suffix in path.suffixes]
    last = suffixes[-1] if suffixes else ""
    if last in TYPED:
        return _typed(path, sheet)
    if last in SHEETS:
        return _sheet(path, sheet)
    if last == ".xls":
        raise DamagedError(f"{path.name} is a workbook of before 2007", ["save it as .xlsx or .csv"])
    if last in {".gz", ".zip"}:
        return _text(
            unpacked(path, inside=_TEXT, member=sheet or ""),
            path.name,
            "\t" if ".tsv" in suffixes else None,
            large=categories,
        )
    if last in _TEXT or not last:
        return _text(path, path.name, "\t" if last in {".tsv", ".tab"} else None, large=categories)
    raise DamagedError(
        f"{path.name} is of a kind that is not read", [f"expected {', '.join((*_TEXT, *SHEETS, *TYPED))}"]
    )


def decode(data: bytes, name: str) -> tuple[str, dict[str, int]]:
    """Turn bytes into text, saying what was assumed: nothing of UTF-8.

    Raises
    ------
    TableError
        If no encoding fits.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16", name)
    sample = data[:4000]
    zeros = sample.count(0)
    if zeros > len(sample) // 4:
        order = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        return _utf16(data, order, name)
    if zeros:
        raise DamagedError(
            f"{name} is not a text file", ["it holds zero bytes; if it is a workbook, name it .xlsx or .ods"]
        )
    try:
        return data.decode("utf-8-sig"), {}
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), {"decoded from Windows-1252": 1}
    except UnicodeDecodeError as error:
        raise DamagedError(f"{name} is in no encoding we know", ["expected UTF-8, UTF-16 or Windows-1252"]) from error


def _utf16(data: bytes, encoding: str, name: str) -> tuple[str, dict[str, int]]:
    try:
        return data.decode(encoding), {"decoded from UTF-16": 1}
    except UnicodeDecodeError as error:
        raise DamagedError(f"{name} is damaged", [f"it is UTF-16 up to byte {error.start:,} only"]) from error


def _typed(path: Path, sheet: str | None) -> Cells:
    frame = typed_table(path, sheet=sheet)
    names, repairs = _distinct([str(column) for column in frame.columns])
    return Cells(frame.set_axis(names, axis=1), 1, repairs)


def _text(source: Path | bytes, name: str, separator: str | None, *, large: bool) -> Cells:
    if large and (held := large_text(source)) and (cells := _large(held, name, separator)):
        return cells
    data = source if isinstance(source, bytes) else source.read_bytes()
    del source
    text, repairs = decode(data, name)
    utf8 = not repairs
    if "\r" in text and "\n" not in text:
        repairs["bare carriage returns as line ends"] = text.count("\r")
        text, utf8 = text.replace("\r", "\n"), False
    if not text.strip():
        raise TableError(f"{name} is empty", ["it holds only blank lines"])
    laid = _layout(_head(text), separator, name)
    # What is UTF-8 already is cut as it came: a second copy of a large file would be half the memory of reading it.
    body = data[_bytes_before(data, text, laid.start) :] if utf8 else text[laid.start :].encode()
    del text, data
    frame = cut(body, laid.separator, laid.names, what=name, first_row=laid.first_row)
    del body
    return _trimmed(frame, name, laid.first_row, repairs | dict(laid.repairs))


def _large(text: LargeText, name: str, separator: str | None) -> Cells | None:
    """Read a large table block by block; None where it must be read whole."""
    head = text.head(lines=_HEAD_LINES, least=200_000, longest=LONGEST_HEAD)
    if not head.strip():
        return None
    laid = _layout(head, separator, name)
    frame = text.columns(laid.separator, laid.names, start=laid.start)
    return None if frame is None else _trimmed(frame, name, laid.first_row, dict(laid.repairs))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the rows of a text table begin, and what cuts them into which columns."""

    separator: str
    names: Sequence[str]
    start: int
    first_row: int
    repairs: Mapping[str, int]


def _layout(head: str, separator: str | None, name: str) -> _Layout:
    """Find separator and header in the beginning of a text."""
    separator = separator or _separator(head)
    try:
        records = csv.reader(io.StringIO(head), delimiter=separator)
        sample = [row for _, row in zip(range(_HEAD_LINES), records, strict=False)]
    except csv.Error as error:
        limit = f"a cell holds more than {csv.field_size_limit():,} characters: is a quotation mark never closed?"
        why = limit if "field limit" in str(error) else str(error)
        raise TableError(f"{name} cannot be read as a table", [why]) from error
    header = _header_row(sample, name)
    names, merged = _names(sample, header)
    distinct, doubled = _distinct(names)
    if len(distinct) == 1:
        what = [f"its one column is '{distinct[0][:40]}'", "a table needs a column of areas and one of figures"]
        raise TableError(f"{name} has one column only", what)
    return _Layout(separator, distinct, _offset(head, separator, header + 1), header + 2, doubled | merged)


def _head(text: str) -> str:
    """Return the beginning of a text: all lines among which the header must stand, however long (2,000 headings are a line)."""
    end = 0
    for _ in range(_HEAD_LINES):
        found = text.find("\n", end)
        if found < 0 or found > LONGEST_HEAD:
            break
        end = found + 1
    return text[: max(200_000, end)]


def _bytes_before(data: bytes, text: str, start: int) -> int:
    """Return how many bytes of UTF-8 stand before a character, a byte-order mark among them."""
    return 3 * data.startswith(codecs.BOM_UTF8) + len(text[:start].encode())


def _offset(text: str, separator: str, records: int) -> int:
    """Return where the text goes on after its first records (a quoted cell may hold line ends, so lines do not count)."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(iter(lines.readline, ""), delimiter=separator)
    for _ in range(records):
        next(reader)
    return lines.tell()


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
    except csv.Error:
        return []  # not cut by this character


def _separator(head: str) -> str:
    """Return the character that cuts most lines into the same number of cells, more than one."""
    best, found = ",", 0.0
    for candidate in (",", "\t", ";", "|"):
        rows = _rows(head[:20_000], candidate)
        usual = _usual_width(rows[:-1] or rows)
        score = sum(len(row) == usual for row in rows) / len(rows) * (usual > 1) if rows else 0.0
        if score > found + 1e-9:
            best, found = candidate, score
    return best


def _sheet(path: Path, sheet: str | None) -> Cells:
    grids = grids_of(path)
    if sheet is not None:
        if sheet not in grids:
            helps = [Remedy("sheet", name, purpose="to take that sheet") for name in [*grids][:5]]
            raise TableError(f"{path.name} has no sheet '{sheet}'", [f"sheets: {', '.join(grids)}"], helps)
        grids = {sheet: grids[sheet]}
    tables, faults = {}, []
    for name, grid in grids.items():
        try:
            tables[name] = _grid_cells(grid, f"{path.name}, sheet '{name}'")
        except TableError as error:
            faults.append(error.what)
    if not tables:
        raise TableError(f"{path.name} holds no table", faults)
    if len(tables) > 1:
        helps = [Remedy("sheet", sheet, purpose="to take that sheet") for sheet in [*tables][:5]]
        raise TableError(f"{path.name} holds {len(tables)} tables", [f"say sheet = one of: {', '.join(tables)}"], helps)
    return next(iter(tables.values()))


def _grid_cells(grid: list[list[str]], name: str) -> Cells:
    used = sorted({column for row in grid for column, text in enumerate(row) if text})
    # Blank rows between others cost nothing until here: only rows with text are made as wide as the table.
    rows = [[row[column] if column < len(row) else "" for column in used] if row else [] for row in grid]
    rows = [row or blank for blank in [[""] * len(used)] for row in rows]
    if not used or not any(any(row) for row in rows):
        raise TableError(f"{name} is empty")
    header = _header_row(rows, name)
    names, merged = _names(rows, header)
    distinct, doubled = _distinct(names)
    body = [row for row in rows[header + 1 :] if any(row)]
    if not body:
        raise TableError(f"{name} has a header but no rows", [f"columns: {listed(distinct)}"])
    return _trimmed(pd.DataFrame(body, columns=distinct, dtype="str"), name, header + 2, merged | doubled)


def _header_row(rows: Sequence[Sequence[str]], name: str) -> int:
    """Find the row of names: the first that, alone or with the row above, is as full as the rows below and holds words."""
    filled = [sum(cell.strip() != "" for cell in row) for row in rows]
    width = _usual_width(rows)
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        below = [count for count in filled[place + 1 :] if count]
        if len(row) < width or not _wordy(row) or (place and not below):
            continue
        usual = min(statistics.median_high(below) if below else filled[place], width)
        if filled[place] >= usual or (filled[place] > 1 and filled[place] >= 0.75 * usual and _all_words(row)):
            return place
        if place == 0 and _counts_its_rows(rows, filled):
            return place
        above = rows[place - 1] if place else []
        if len(above) == len(row) and _wordy(above):
            both = sum(bool(upper.strip() or lower.strip()) for upper, lower in zip(above, row, strict=True))
            if both >= usual and filled[place] > 1:
                return place
    raise TableError(
        f"{name}: no row looks like a header",
        [f"looked for a row of names as wide as the rows below it, within the first {HEADER_WITHIN} rows"],
    )


def _counts_its_rows(rows: Sequence[Sequence[str]], filled: Sequence[int]) -> bool:
    """Say whether the first row names every column but the first, and a row of figures stands below: a frame written with its index."""
    return (
        len(rows) > 1
        and not rows[0][0].strip()
        and filled[0] == len(rows[0]) - 1
        and len(rows[0]) == len(rows[1]) == filled[1]
        and _all_words(rows[0])
        and any(_NUMBER.fullmatch(cell.strip()) and not _YEAR.fullmatch(cell.strip()) for cell in rows[1])
    )


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Return how many cells most rows have; lines of notes, of one cell each, do not vote unless there is nothing else."""
    widths = [len(row) for row in rows if len(row) > 1]
    return statistics.mode(widths) if widths else 1


def _wordy(row: Sequence[str]) -> bool:
    """Whether at least half the filled cells are words or years, as names of columns are (ages 0 to 90 are names too)."""
    texts = [cell.strip() for cell in row if cell.strip()]
    words = sum(_NUMBER.fullmatch(text) is None or _YEAR.fullmatch(text) is not None for text in texts)
    rising = len(texts) > 20 and len(set(texts)) == len(texts) and words > 0
    return bool(texts) and not any(_GSS.fullmatch(text) for text in texts) and (words >= len(texts) / 2 or rising)


def _all_words(row: Sequence[str]) -> bool:
    return all(any(letter.isalpha() for letter in cell) for cell in row if cell.strip())


def _names(rows: Sequence[Sequence[str]], header: int) -> tuple[list[str], dict[str, int]]:
    """Return the names, joined with a row of group names above them (merged cells) if there is one."""
    width = max(len(row) for row in rows[header : header + 2])
    names = [cell.strip() for cell in rows[header]] + [""] * (width - len(rows[header]))
    above = [cell.strip() for cell in rows[header - 1]] if header else []
    grouped = sum(cell != "" for cell in above) > 1 and len(above) == len(names) and not (above[0] and names[0])
    if not grouped:
        return names, {}
    joined, current = [], ""
    for upper, lower in zip(above, names, strict=True):
        current = upper or current
        joined.append(f"{current} {lower}".strip())
        current = current if lower else ""  # a name merged downwards does not spread to its right
    return joined, {"merged header rows": 2}


def _distinct(names: Sequence[str]) -> tuple[list[str], dict[str, int]]:
    """Give doubled and empty names a number, so that every column has a name of its own."""
    seen: dict[str, int] = {}
    made, doubled = [], 0
    for place, name in enumerate(names, start=1):
        stem = " ".join(name.split()) or f"column {place}"
        seen[stem] = seen.get(stem, 0) + 1
        doubled += seen[stem] > 1
        made.append(stem if seen[stem] == 1 else f"{stem}.{seen[stem]}")
    return made, ({"columns of one name, numbered": doubled} if doubled else {})


def _trimmed(frame: pd.DataFrame, name: str, first_row: int, repairs: dict[str, int]) -> Cells:
    """Drop blank rows, and notes below the table: rows at the end with text in their first cell alone."""
    first, lone = (frame.iloc[:, 0] == "").to_numpy(), np.full(len(frame), frame.shape[1] > 1)
    for column in range(1, frame.shape[1]):  # one after the other: a table of answers would be as large as the frame
        lone &= (frame.iloc[:, column] == "").to_numpy()
    blank = first & lone if frame.shape[1] > 1 else first
    keep = len(frame)
    while keep and (lone[keep - 1] or blank[keep - 1]):
        keep -= 1
    notes = int((lone & ~blank)[keep:].sum())
    if notes:
        repairs["notes below the table"] = notes
    if keep < len(frame):
        frame, blank = frame.iloc[:keep], blank[:keep]
    if blank.any():
        frame = frame[~blank].reset_index(drop=True)
    if first_row > 2:
        repairs["rows above the header"] = first_row - 2
    if frame.empty:
        raise TableError(f"{name} has a header but no rows", [f"columns: {listed(frame.columns)}"])
    return Cells(frame, first_row, repairs)
