"""The summary, the workbook and the note of a pack as office programs and readers of screens open them."""

from __future__ import annotations

import importlib
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from geo.errors import OutputError
from maps.atlas.packing import write_region
from maps.atlas.repacking import packs_from_build
from maps.packs import find_regions, read_kit
from maps.packs.documents import check_documents, write_pdf
from maps.packs.office import plain, settled
from maps.packs.places import Layout
from maps.packs.workbook import sheet_names

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = '=HYPERLINK("http://example.org","x")<script>alert(1)</script>{{ 7*7 }}'


def write(build: Path, place: str, folder: Path, *, times: int = 1, **names: str) -> Path:
    """Write the pack of a place as a kit changed in memory makes it: areas renamed, outcomes repeated."""
    kit = read_kit(build / "data")
    frame = kit.boundaries.frame.assign(
        name=[names.get(c, n) for c, n in zip(kit.table["code"], kit.table["name"], strict=True)]
    )
    table = kit.table.assign(name=frame["name"])
    topics = dict(zip(frame["code"], frame["name"], strict=True))
    outcomes = tuple(
        replace(
            one,
            id=f"{one.id}{number or ''}",
            prefix="" if number else one.prefix,
            topic=replace(one.topic, names=topics),
            specs=tuple(replace(spec, id=spec.id.replace("/", f"{number or ''}/", 1)) for spec in one.specs),
        )
        for number in range(times)
        for one in kit.outcomes
    )
    kit = replace(
        kit, boundaries=replace(kit.boundaries, frame=frame), table=table, outcomes=outcomes, formats=("png",)
    )
    (region,) = find_regions([place], {"LAD": Layout(kit.boundaries, kit.adjacent)})
    write_region(kit, region, folder, documents=True)
    return folder / region.info.folder_name


@pytest.fixture(scope="module")
def hostile(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(build, "E12000001", tmp_path_factory.mktemp("hostile"), E06000001=HOSTILE)


def test_the_pdf_is_tagged_named_and_two_pages(hostile: Path) -> None:
    reader = PdfReader(hostile / "summary.pdf")
    assert len(reader.pages) == 2
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata.title == "North East (region): Pay and jobs"
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for said in ("At a glance", "Where its areas stand", "What it does not show", "Contains pay.", "£610"):
        assert said in text, said
    assert "49" not in text.split("script")[1][:20]  # nothing in a name is filled in
    assert "/JavaScript" not in str(root)
    assert not [page for page in reader.pages if page.get("/Annots")]


def test_more_outcomes_than_two_pages_hold_are_counted(build: Path, tmp_path: Path) -> None:
    folder = write(build, "Tees Valley", tmp_path, times=8)
    reader = PdfReader(folder / "summary.pdf")
    assert len(reader.pages) == 2
    assert "14 more outcomes are told in the pack." in " ".join(reader.pages[0].extract_text().split())


def test_the_document_can_be_edited_and_read_out(hostile: Path) -> None:
    document = docx.Document(hostile / "summary.docx")
    assert [part.text for part in document.paragraphs if part.style.name == "Title"] == ["North East (region)"]
    headings = [part.text for part in document.paragraphs if part.style.name.startswith("Heading")]
    assert headings[:2] == ["Pay, 2023", "Jobs, 2023"] or headings[:2] == ["Pay", "Jobs"]
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells][:2] == ["Outcome", "Compared with"]
    assert "tblHeader" in table.rows[0]._tr.xml
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(described) == 2
    assert all(words.startswith("Map of North East (region).") for words in described)
    with zipfile.ZipFile(hostile / "summary.docx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        text = archive.read("word/document.xml").decode()
    assert "<script>" not in text
    assert 'w:val="en-GB"' in zipfile.ZipFile(hostile / "summary.docx").read("word/styles.xml").decode()


def test_the_workbook_is_tidy_and_runs_nothing(hostile: Path) -> None:
    book = openpyxl.load_workbook(hostile / "areas.xlsx")
    assert book.sheetnames == ["Cover", "Notes", "1 Pay", "2 Jobs"]
    assert all(not sheet.merged_cells.ranges for sheet in book)
    sheet = book["1 Pay"]
    assert sheet["A1"].value.startswith("Table 1: Pay")
    (table,) = sheet.tables.values()
    assert table.ref == "A5:H17" or table.ref.startswith("A5:")
    headings = [cell.value for cell in sheet[5]]
    assert headings[:5] == ["Code", "Area", "Figure (£)", "95% interval, lower end", "95% interval, upper end"]
    first = sheet["B6"]
    assert first.value == plain(HOSTILE)
    assert (first.data_type, sheet["C6"].value) == ("s", 500)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert book["2 Jobs"]["D5"].value == "Level"  # columns without a figure are left out
    with zipfile.ZipFile(hostile / "areas.xlsx") as archive:
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_pages_show_a_hostile_name_as_text(hostile: Path) -> None:
    for page in ("index.html", "summary.html"):
        text = (hostile / page).read_text(encoding="utf-8")
        assert "<script>alert" not in text
    note = (hostile / "README.txt").read_text(encoding="utf-8")
    assert "{{ 7*7 }}" in note


def test_an_office_file_is_the_same_bytes_whenever_it_is_written() -> None:
    def made(when: tuple[int, ...], names: list[str]) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name in names:
                stamp = f"<dcterms:created a='b'>{when[0]}</dcterms:created>" if name.endswith("core.xml") else name
                archive.writestr(zipfile.ZipInfo(name, date_time=when), stamp)
        return file.getvalue()

    names = ["docProps/core.xml", "[Content_Types].xml", "xl/a.xml"]
    first = settled(made((2020, 1, 1, 0, 0, 0), names))
    assert first == settled(made((2024, 5, 6, 7, 8, 10), names[::-1]))
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert b">2000-01-01T00:00:00Z<" in archive.read("docProps/core.xml")


def test_signs_that_no_office_file_may_hold_are_left_out() -> None:
    assert plain("A\x07b\ud800c\tÿ") == "Abc\tÿ"


def test_names_of_sheets_fit_and_differ() -> None:
    long = "A very long title of an outcome that no sheet can hold"
    names = sheet_names([long, long, "a/b:c*d?e[f]", "'quoted'"])
    assert all(len(name) <= 31 for name in names)
    assert len(set(names)) == 4
    assert names[2:] == ["3 a b c d e f", "4 quoted"]


@pytest.mark.parametrize(
    ("module", "trouble", "said"),
    [
        ("weasyprint", ImportError("no module"), 'weasyprint is not installed: pip install "placeatlas[packs]"'),
        ("docx", ImportError("no module"), 'python-docx is not installed: pip install "placeatlas[packs]"'),
        ("weasyprint", OSError("cannot load library 'pango'"), "lacks a library of the system"),
    ],
)
def test_what_the_documents_lack_is_said_before_any_work(
    build: Path, monkeypatch: pytest.MonkeyPatch, module: str, trouble: Exception, said: str
) -> None:
    real = importlib.import_module

    def load(name: str, package: str | None = None) -> object:
        if name == module:
            raise trouble
        return real(name, package)

    monkeypatch.setattr("maps.packs.documents.importlib.import_module", load)
    with pytest.raises(OutputError) as caught:
        check_documents()
    assert len(caught.value.faults) == 1
    assert said in caught.value.faults[0]
    with pytest.raises(OutputError, match="cannot be made here"):
        packs_from_build(["Tees Valley"], build)
    assert not (build / "regions" / "E47000006-tees-valley.zip").exists()


def test_a_single_council_stands_beside_its_neighbours(build: Path, tmp_path: Path) -> None:
    folder = write(build, "Sunderland", tmp_path)
    document = docx.Document(folder / "summary.docx")
    heads, pay, _ = ([cell.text for cell in row.cells] for row in document.tables[0].rows)
    assert heads == ["Outcome", "Compared with", "Figure", "95% interval", "Level"]
    assert pay[2:4] == ["£600", "£585 to £615"]
    note = " ".join((folder / "README.txt").read_text(encoding="utf-8").split())
    assert "Beside it lie County Durham" in note
    assert "AREAS BESIDE IT, SHOWN FOR CONTEXT" in note
    rows = openpyxl.load_workbook(folder / "areas.xlsx")["1 Pay"]
    assert [rows.cell(6, 3).value, rows.cell(7, 3).value] == ["the place", "beside it"]


def test_a_summary_is_set_tighter_until_it_has_two_pages(tmp_path: Path) -> None:
    """Ninety lines of 9 points and a page of their own are three pages; in smaller print the first ones fit one."""

    def pages(lines: int) -> int:
        told = "".join(f"<p>Line {line}</p>" for line in range(lines))
        style = "@page { size: A4; margin: 13mm 16mm; } html { font: 9pt/1.35 sans-serif; } p { margin: 0; }"
        page = tmp_path / "summary.html"
        page.write_text(
            f'<!doctype html><html lang="en"><title>T</title><style>{style} .second {{ break-before: page; }}</style>'
            f'<body>{told}<p class="second">End</p></body></html>',
            encoding="utf-8",
        )
        return len(PdfReader(write_pdf(page)).pages)

    assert [pages(10), pages(67), pages(200)] == [2, 2, 4]
