"""The summary as PDF and as DOCX: the same words, one to print and one to edit. Both need the extra ``packs``."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from geo.errors import OutputError
from geo.files import write_bytes
from maps.packs.office import plain, settled
from maps.page import typefaces
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from maps.packs.summary import Summary

NEEDED = {"weasyprint": "weasyprint", "docx": "python-docx"}
"""Module → distribution of the extra."""

HOME = "https://pack.invalid/"
"""Where everything in a PDF comes from, as far as it knows: a host that there is none of."""

PDF, DOCX = "summary.pdf", "summary.docx"

PAGES = 2
"""Pages that the PDF is to have."""

TIGHTER = (
    "",
    "figure { width: 48mm !important; } footer p { display: inline; }",
    "figure { width: 40mm !important; } footer p { display: inline; } html { font-size: 8.5pt !important; }",
    "figure { width: 33mm !important; } footer p { display: inline; } html, th, td { font-size: 8pt !important; }",
)
"""Styles that are tried in turn until the text fits; what does not fit in the last has more pages rather than less text."""

MAPS_A_ROW = 3
PAGE_WIDTH, FIRST = 178, 48
"""Millimetres of the text, and of the first column of the table."""
FONT = "Arial"
"""Of the DOCX: what a press office has; the PDF carries Public Sans."""


def lacking() -> list[str]:
    """Return why the documents cannot be made here; nothing where they can."""
    found = []
    for module, distribution in NEEDED.items():
        try:
            importlib.import_module(module)
        except ImportError:
            found.append(f'{distribution} is not installed: pip install "placeatlas[packs]"')
        except OSError as error:  # weasyprint without the libraries that it sets text with
            found.append(
                f"{distribution} lacks a library of the system ({error.args[0]}): see apt.txt, which names Pango"
            )
    return found


def check_documents() -> None:
    """Refuse to begin without what the documents need.

    Raises
    ------
    OutputError
        What is lacking, and how to go without.
    """
    if faults := lacking():
        raise OutputError("summaries as PDF and DOCX cannot be made here", faults)


def write_pdf(summary: Path) -> Path:
    """Write ``summary.html`` as a tagged PDF beside it; nothing is loaded that does not lie in its folder.

    Notes
    -----
    What is loaded has made-up addresses below ``HOME``: a PDF names pictures after the address they had, and must not differ
    from folder to folder.
    """
    weasyprint: Any = importlib.import_module("weasyprint")
    faces = {f"face-{weight}.ttf": typefaces.font_path(bold=bold) for bold, weight in ((False, 400), (True, 700))}
    style = "".join(
        f"@font-face {{ font-family: 'Public Sans'; font-weight: {name[5:8]}; src: url('{HOME}{name}'); }}"
        for name in faces
    )
    fetch = _fetcher(weasyprint, summary.parent.resolve(), faces)
    fonts = weasyprint.text.fonts.FontConfiguration()
    page = weasyprint.HTML(string=summary.read_text(encoding="utf-8"), base_url=HOME, url_fetcher=fetch)
    given = {"pdf_variant": "pdf/ua-1", "pdf_identifier": b"placeatlas"}
    for tighter in TIGHTER:
        sheet = weasyprint.CSS(string=style + tighter, url_fetcher=fetch, font_config=fonts)
        laid = page.render(stylesheets=[sheet], font_config=fonts, **given)
        if len(laid.pages) <= PAGES:
            break
    return write_bytes(summary.parent / PDF, laid.write_pdf(**given))


def _fetcher(weasyprint: Any, folder: Path, faces: Mapping[str, Path]) -> Any:
    """Return what hands pictures of a pack and our typefaces to weasyprint, and nothing else: no network, no file elsewhere."""
    urls = weasyprint.urls

    class Own(urls.URLFetcher):  # type: ignore[misc,name-defined]  # loaded where it is used
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - as it is called
            name = unquote(url.removeprefix(HOME))
            path = faces.get(name) or (folder / name).resolve()
            if not url.startswith(HOME) or not (name in faces or path.is_relative_to(folder)):
                raise urls.FatalURLFetchingError(f"{url} is not a part of the pack")
            kind = "image/png" if path.suffix == ".png" else "font/ttf"
            return urls.URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return Own()


def write_docx(summary: Summary, path: Path) -> Path:
    """Write the summary as a document with headings, a table with a heading row, and pictures with their descriptions."""
    docx: Any = importlib.import_module("docx")
    document = docx.Document()
    _page(docx, document)
    document.add_heading(plain(summary.title + (f" / {summary.other}" if summary.other else "")), level=0)
    document.add_paragraph(plain(f"{summary.atlas}. {summary.lede}"))
    if summary.draft:
        document.add_paragraph(plain(say("site.draft")))
    _table(document, summary)
    headed = ((say("watched.heading"), summary.watched), *summary.told)
    for heading, said in headed if summary.watched else summary.told:
        document.add_heading(plain(heading), level=2)
        document.add_paragraph(plain(" ".join(said)))
    if summary.more:
        document.add_paragraph(plain(summary.more))
    if summary.maps:
        document.add_heading(plain(say("summary.maps")), level=1).paragraph_format.page_break_before = True
        _maps(docx, document, summary, path.parent)
    if summary.kinds:
        document.add_heading(plain(say("summary.kinds", outcome=summary.kinds_of)), level=2)
        for line in summary.kinds:
            document.add_paragraph(plain(line), style="List Bullet")
    document.add_heading(plain(say("pack.limits")), level=1)
    for line in summary.limits:
        document.add_paragraph(plain(line), style="List Bullet")
    document.add_heading(plain(say("pack.licences")), level=1)
    document.add_paragraph(plain(" ".join((*summary.lines, *summary.foot))))
    properties = document.core_properties
    properties.title, properties.author = plain(summary.title), "placeatlas"
    properties.comments, properties.language = "", say("site.locale")
    made = io.BytesIO()
    document.save(made)
    return write_bytes(path, settled(made.getvalue()))


def _page(docx: Any, document: Any) -> None:
    """Set an A4 page, the type, and the language that a screen reader speaks."""
    section = document.sections[0]
    section.page_width, section.page_height = docx.shared.Mm(210), docx.shared.Mm(297)
    section.left_margin = section.right_margin = docx.shared.Mm(16)
    section.top_margin = section.bottom_margin = docx.shared.Mm(13)
    ink = docx.shared.RGBColor(0x1D, 0x1D, 0x1B)
    sizes = {"Normal": 9, "List Bullet": 9, "Title": 20, "Heading 1": 12, "Heading 2": 10.5}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, docx.shared.Pt(size), ink
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if attribute.endswith("Theme"):  # a theme would put its own face over the one that is named
                del fonts.attrib[attribute]
        style.paragraph_format.space_before = docx.shared.Pt(5 if "Heading" in name else 0)
        style.paragraph_format.space_after = docx.shared.Pt(2)
    language = docx.oxml.shared.OxmlElement("w:lang")
    language.set(docx.oxml.ns.qn("w:val"), say("site.locale"))
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _table(document: Any, summary: Summary) -> None:
    table = document.add_table(rows=1, cols=len(summary.heads))
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, summary.heads, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(plain(words)).bold = True
    docx: Any = importlib.import_module("docx")
    # the library has no name for a row that is repeated and read out as the heading
    table.rows[0]._tr.get_or_add_trPr().append(docx.oxml.shared.OxmlElement("w:tblHeader"))  # noqa: SLF001
    for cells in summary.rows:
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.text = plain(words)
    table.autofit = False
    narrow = (docx.shared.Mm(PAGE_WIDTH) - FIRST * docx.shared.Mm(1)) // (len(summary.heads) - 1)
    for number, column in enumerate(table.columns):
        for cell in column.cells:
            cell.width = docx.shared.Mm(FIRST) if number == 0 else narrow


def _maps(docx: Any, document: Any, summary: Summary, folder: Path) -> None:
    """Set the small maps in rows, each picture with its description, and how they are read."""
    grid = document.add_table(rows=0, cols=MAPS_A_ROW)
    for first in range(0, len(summary.maps), MAPS_A_ROW):
        row = grid.add_row().cells
        for cell, one in zip(row, summary.maps[first : first + MAPS_A_ROW], strict=False):
            run = cell.paragraphs[0].add_run()
            picture = run.add_picture(str(folder / one.path), height=docx.shared.Mm(40))
            picture._inline.docPr.set("descr", plain(one.alt))  # noqa: SLF001 - as above
            cell.add_paragraph(plain(one.caption))
    document.add_paragraph(plain(summary.legend))
