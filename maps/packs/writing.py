"""Writing a pack: maps, offline pages, tables, layer, a note in plain words, licences, and the zip of them all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import MapError, OutputError, listed
from geo.files import write_bytes, write_csv, write_json, write_text, write_zip
from geo.provenance import sha256_of
from maps.feet import licence_lines
from maps.kinds.table import title_of
from maps.leaflet import write_page
from maps.leaflet.page import report_line
from maps.leaflet.shapes import page_shapes
from maps.packs.answers import kinds_sentence, region_answers, said_by
from maps.packs.contents import Region
from maps.packs.documents import DOCX, write_docx, write_pdf
from maps.packs.office import STAMP
from maps.packs.regional import regional_outcome
from maps.packs.strip import range_page
from maps.packs.summary import SmallMap, summary_of
from maps.packs.tables import full_table, write_tables
from maps.packs.workbook import Told, write_workbook
from maps.rendering import content_policy, render, template_text
from maps.site import png_size
from maps.site.watched import watched_told
from maps.static import page_bytes
from maps.words import called, format_date, say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from maps.packs.contents import Kit, PackNote, PackOutcome
    from maps.packs.summary import Summary

PACK = "pack.json"
"""The file of a pack that says which place it is of."""

SUMS = "SHA256SUMS"
TOLD = ("levels", "warnings", "series", "claims", "clusters", "clusters-by-kind", "profiles", "alike", "hubs", "beside")
"""Further tables that have words of their own; others are told as tables of the build."""


def write_pack(
    folder: Path,
    *,
    region: Region,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    kit: Kit,
    neighbours: gpd.GeoDataFrame | None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    documents: bool = False,
) -> Path:
    """Write a pack's folder and the zip beside it.

    Parameters
    ----------
    folder : the pack's own folder, by custom ``regions/<code>-<slug>``; it must not hold anything yet.
    region : the place. boundaries : its areas, and those that are shown beside them.
    outcomes : at least one.
    kit : of the atlas; its table may hold further areas: rows outside the place are left out.
    neighbours : land around, drawn grey. documents : also write the summary as PDF and DOCX, which needs the extra ``packs``.
    tables : further tables by the name of their file, cut to the region already.

    Returns
    -------
    Path of the zip. Equal content gives equal bytes; CSVs begin with a byte-order mark, for Excel.

    Raises
    ------
    MapError
        No area, no outcome, a picture that is not there, or a table that lacks areas.
    OutputError
        The folder holds something already.
    """
    codes = [str(code) for code in boundaries.frame["code"]]
    _check(folder, codes, outcomes, kit)
    outcomes = [regional_outcome(outcome, boundaries, region.info.name, region.codes) for outcome in outcomes]
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / PACK, region.to_dict())
    gallery = {outcome.id: _copy_pictures(folder, outcome) for outcome in outcomes}
    strips = {outcome.id: _write_strip(folder, outcome, region) for outcome in outcomes}
    _write_pages(folder, boundaries, outcomes, neighbours, kit.note)
    sources = sources_of(boundaries, outcomes, kit.note)
    write_tables(folder, region, boundaries, outcomes, kit, sources, tuple(tables or ()))
    for name, further in (tables or {}).items():
        write_csv(further, folder / name, excel=True)
    summary = _summarised(region, boundaries, outcomes, kit, sources)
    _write_summary(folder, summary, documents=documents)
    told = Told(region, boundaries, kit.note, sources, report_line(kit.note.report_to))
    table = full_table(kit, region)
    write_workbook(folder / "areas.xlsx", table.assign(name=called(table)), outcomes, told)
    words = {
        "gallery": gallery,
        "strips": strips,
        "tables": tuple(tables or ()),
        "summary": summary,
        "documents": documents,
    }
    _write_words(folder, region, boundaries, outcomes, kit, words)
    _write_sums(folder)
    return write_zip(folder, folder.parent / f"{folder.name}.zip")


def read_region(folder: Path) -> Region:
    """Return the place that a written pack is of.

    Raises
    ------
    OutputError
        The pack does not say.
    """
    try:
        return Region.from_dict(json.loads((folder / PACK).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise OutputError(f"{folder.name} does not say which place it is of", [f"{PACK} cannot be read"]) from error


def _write_strip(folder: Path, outcome: PackOutcome, region: Region) -> dict[str, Any] | None:
    """Write where the place stands on the range of the whole, as a picture beside the maps; None where there is no such range."""
    page = range_page(outcome, region)
    if page is None:
        return None
    path = f"maps/{outcome.id}/range.svg"
    write_bytes(folder / path, page_bytes(page, kind="svg"))
    return {"path": path, "width": round(page.width), "height": round(page.height), "alt": page.description}


def _summarised(
    region: Region,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    kit: Kit,
    sources: Sequence[Source],
) -> Summary:
    small = {
        outcome.id: SmallMap(f"maps/{outcome.id}/{picture.path.name}", outcome.topic.dated, picture.alt)
        for outcome in outcomes
        for picture in outcome.pictures
        if picture.small
    }
    return summary_of(region, boundaries, outcomes, kit, small, sources)


def _write_summary(folder: Path, summary: Summary, *, documents: bool) -> None:
    """Write the two pages as HTML, and as PDF and DOCX where they are wanted."""
    page = render(
        "pack-summary.html.j2",
        policy=content_policy([], pictures=True),
        style=template_text("pack-summary.css"),
        stamp=STAMP,
        summary=summary,
    )
    path = write_text(folder / "summary.html", page)
    if documents:
        write_pdf(path)
        write_docx(summary, folder / DOCX)


def _write_sums(folder: Path) -> None:
    """Write the hash of every file of the pack, as ``sha256sum -c`` reads it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}" for path in files]
    write_text(folder / SUMS, "\n".join(lines) + "\n")


def _write_pages(
    folder: Path,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    neighbours: gpd.GeoDataFrame | None,
    note: PackNote,
) -> None:
    """Write the offline page of every outcome."""
    codes = [str(code) for code in boundaries.frame["code"]]
    sources = sources_of(boundaries, outcomes, note)
    shapes = page_shapes(boundaries.frame, neighbours)
    for outcome in outcomes:
        write_page(
            folder / f"{outcome.id}.html",
            title=outcome.topic.heading,
            boundaries=boundaries,
            specs=outcome.specs,
            table=outcome.table.loc[codes],
            columns=outcome.columns,
            neighbours=neighbours,
            sources=sources,
            colophon=say("page.colophon", atlas=note.atlas, version=note.version, data_date=note.data_date),
            home="index.html",
            report_to=note.report_to,
            shapes=shapes,
        )


def sources_of(boundaries: BoundarySet, outcomes: Sequence[PackOutcome], note: PackNote) -> tuple[Source, ...]:
    """Return every source of a pack: shapes (of the grey land around it too) first, then outcomes, then the rest."""
    given = (source for outcome in outcomes for source in outcome.sources)
    return tuple(dict.fromkeys([*boundaries.sources, *given, *note.sources]))


def _write_words(
    folder: Path,
    region: Region,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    kit: Kit,
    written: Mapping[str, Any],
) -> None:
    """Write the front page, the note in plain words and the licences."""
    frame, sources, note = boundaries.frame, sources_of(boundaries, outcomes, kit.note), kit.note
    own = frame["code"].isin(region.codes)
    named = frame if "name_cy" in frame else kit.table
    names = dict(zip(frame["code"].astype(str), frame["name"].astype(str), strict=True))
    shared = {
        "region": region.info,
        "note": note,
        "outcomes": outcomes,
        "answers": {outcome.id: said_by(region_answers(outcome, region, kit.kinds)) for outcome in outcomes},
        "count": int(own.sum()),
        "areas": _bilingual(named, frame.loc[own, "code"]),
        "beside": _bilingual(named, frame.loc[~own, "code"]),
        "draft": not spoken().checked,
        "partly": region.partly,
        "method": _method(outcomes),
        "kinds": kinds_sentence(region, kit.kinds),
        "watched": watched_told(
            kit.watched.within(region.codes), {one.id: one.topic for one in kit.outcomes}, one=len(region.codes) == 1
        ),
        "approximate": [name for code, name in names.items() if code in boundaries.approximate],
        "date": format_date(boundaries.date),
        "sources": sources,
        "lines": licence_lines(sources),
        "report": report_line(note.report_to),
        **written,
        "tables": [(name, *_table_words(name.removesuffix(".csv"))) for name in written["tables"]],
    }
    write_text(folder / "README.txt", render("pack-readme.txt.j2", **shared))
    write_text(folder / "LICENCE.txt", render("pack-licence.txt.j2", **shared))
    page = render(
        "pack.html.j2",
        policy=content_policy([], pictures=True),
        style=template_text("base.css") + template_text("site.css") + template_text("pack.css"),
        **shared,
    )
    write_text(folder / "index.html", page)


def _table_words(stem: str) -> tuple[str, str]:
    """Return what a further table is called on the pack's page, and what its note says of it."""
    if stem not in TOLD:
        return f"{stem}.csv", say("pack.tables")
    return say(f"pack.file-{stem}"), say(f"pack.table-{stem}")


def _method(outcomes: Sequence[PackOutcome]) -> list[str]:
    """Return how each kind of map was made, each way told once."""
    specs = [spec for outcome in outcomes for spec in outcome.specs if spec.method]
    return list(
        dict.fromkeys(say("pack.method-line", kind=title_of(spec.kind), how=spec.method.rstrip(".")) for spec in specs)
    )


def _check(folder: Path, codes: list[str], outcomes: Sequence[PackOutcome], kit: Kit) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise OutputError(f"{folder.name} holds something already", ["remove it, or write the pack elsewhere"])
    faults = []
    if not codes:
        faults.append("the region has no area")
    if not outcomes:
        faults.append("there is no outcome")
    if lost := sorted(set(codes) - set(kit.table["code"].astype(str))):
        faults.append(f"areas without a row in the table: {listed(lost)}")
    for outcome in outcomes:
        paths = [path for picture in outcome.pictures for path in (picture.path, *picture.formats)]
        if absent := [path.name for path in paths if not path.is_file()]:
            faults.append(f"pictures of {outcome.id} that are not there: {listed(absent)}")
        if lost := sorted(set(codes) - set(outcome.table.index.astype(str))):
            faults.append(f"areas without a row in the table of {outcome.id}: {listed(lost)}")
    if faults:
        raise MapError("the pack cannot be written", faults)


def _copy_pictures(folder: Path, outcome: PackOutcome) -> list[dict[str, Any]]:
    """Copy the pictures into ``maps/<outcome>/`` and say where each lies and how large it is."""
    place = folder / "maps" / outcome.id
    gallery = []
    for picture in outcome.pictures:
        for path in (picture.path, *picture.formats):
            write_bytes(place / path.name, path.read_bytes())
        if picture.small:
            continue
        width, height = png_size(picture.path)
        gallery.append(
            {
                "path": f"maps/{outcome.id}/{picture.path.name}",
                "title": picture.title,
                "alt": picture.alt,
                "width": width,
                "height": height,
                "formats": {path.suffix[1:].upper(): f"maps/{outcome.id}/{path.name}" for path in picture.formats},
            }
        )
    return gallery


def _bilingual(table: pd.DataFrame, codes: Iterable[str]) -> list[str]:
    """Return the names of areas in order, as the language calls them; beside each its other name, where the register has two."""
    own = table[table["code"].isin(set(codes))]
    welsh = own["name_cy"].fillna("") if "name_cy" in own else pd.Series("", index=own.index)
    rows = zip(called(own), own["name"].astype(str), welsh.astype(str), strict=True)
    found = []
    for name, english, other in rows:
        beside = other if name == english else english
        found.append(f"{name} / {beside}" if beside and beside != name else name)
    return sorted(found)
