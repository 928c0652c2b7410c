"""Workbooks are read whole or refused in one error, and nothing they state is unfolded without bound."""

from __future__ import annotations

import datetime as dt
import random
import resource
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from boundaries.sources import spreadsheets
from boundaries.sources.reading import read_cells
from boundaries.sources.spreadsheets import grids_of
from geo.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

HEAD = (
    '<?xml version="1.0"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="S">'
)
TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def text_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def ods(path: Path, body: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", HEAD + body + TAIL)
    return path


def test_cells_of_every_type(tmp_path: Path) -> None:
    kinds = (
        '<table:table-cell office:value-type="float" office:value="4600"><text:p>4,600</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>12.5%</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2023-04-01"><text:p>1 April</text:p></table:table-cell>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        "<text:p>a<text:s text:c='2'/>b</text:p><text:p>c<text:span>d</text:span>e</text:p></table:table-cell>"
    )
    grid = grids_of(ods(tmp_path / "a.ods", row(kinds)))["S"]
    assert grid == [["4600", "0.125", "2023-04-01 00:00:00", "True", "a  b\ncde"]]


def test_repeats_are_unfolded_between_filled_cells_only(tmp_path: Path) -> None:
    blank = '<table:table-cell table:number-columns-repeated="3"/>'
    end = '<table:table-cell table:number-columns-repeated="16000"/>'
    body = (
        row(text_cell("a"), blank, text_cell("b", 2), end)
        + row("<table:table-cell/>", repeated=2)
        + row(text_cell("c"), repeated=2)
        + row("<table:table-cell/>", repeated=1_000_000)
    )
    assert grids_of(ods(tmp_path / "a.ods", body))["S"] == [["a", "", "", "", "b", "b"], [], [], ["c"], ["c"]]


@pytest.mark.parametrize(
    "body",
    [
        row(text_cell("x"), repeated=100_000_000),
        row(text_cell("x", 100_000_000)),
        row("<table:table-cell/>", repeated=100_000_000) + row(text_cell("x")),
        row(text_cell("x", 10_000), repeated=1_000_000),
    ],
    ids=["rows", "columns", "blank rows before one", "both"],
)
def test_what_unfolds_without_bound_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(TableError, match="unfolds to"):
        grids_of(ods(tmp_path / "bomb.ods", body))


def test_one_cell_at_the_far_corner_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, line in enumerate([("code", "value"), ("E06000001", 1), ("E06000002", 2)], start=1):
        sheet.cell(place, 1, line[0])
        sheet.cell(place, 2, line[1])
    sheet["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cells = read_cells(tmp_path / "far.xlsx")
    assert cells.frame.iloc[:2, 1].tolist() == ["1", "2"]
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000
    )  # kB; a dense sheet takes ten gigabytes


def test_a_sheet_of_far_corners_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_CELLS", 50)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place in range(1, 12):
        sheet.cell(place, place, "x")
    book.save(tmp_path / "steps.xlsx")
    with pytest.raises(TableError, match="unfolds to"):
        read_cells(tmp_path / "steps.xlsx")


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["code", "name", "value", "date"])
    for number in range(1, 23):
        sheet.append([f"E060000{number:02d}", f"Place {number}", number * 1.5, dt.date(2023, 4, 1)])
    book.save(path)
    return path


def damaged(whole: bytes, entry_of: Path, out: Path, seed: int) -> Path:
    """Write a copy with a few bytes changed, or cut short: in the archive, or in one of the trees inside."""
    dice = random.Random(seed)  # noqa: S311  # damage, not secrets
    if seed % 2:
        data = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        out.write_bytes(bytes(data[: dice.randint(len(data) // 2, len(data))] if seed % 3 == 0 else data))
        return out
    with zipfile.ZipFile(entry_of) as archive, zipfile.ZipFile(out, "w") as made:
        names = archive.namelist()
        hit = dice.choice(names)
        for name in names:
            data = bytearray(archive.read(name))
            if name == hit and data:
                for _ in range(dice.randint(1, 6)):
                    data[dice.randrange(len(data))] = dice.randrange(256)
                if seed % 4 == 0:
                    del data[dice.randrange(len(data)) :]
            made.writestr(name, bytes(data))
    return out


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_damage_is_one_error_or_none(tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    body = row(*(text_cell(word) for word in ("code", "name", "value")))
    body += "".join(row(text_cell(f"E060000{n:02d}"), text_cell(f"Place {n}"), text_cell(str(n))) for n in range(1, 23))
    source = workbook(tmp_path / "w.xlsx") if kind == "xlsx" else ods(tmp_path / "w.ods", body)
    whole, told = source.read_bytes(), []
    for seed in range(120):
        path = damaged(whole, source, tmp_path / f"d.{kind}", seed)
        try:
            read_cells(path)
        except TableError as error:
            told.append(error.what)
    assert 30 < len(told) <= 120
    assert all(what.startswith(f"d.{kind}") for what in told)
    assert capfd.readouterr().out == ""


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "laughs.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "content.xml", '<!DOCTYPE a [<!ENTITY b "c">]>' + HEAD.split("?>")[1] + row(text_cell("&b;")) + TAIL
        )
    with pytest.raises(TableError, match="damaged"):
        grids_of(path)
