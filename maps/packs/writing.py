"""Writing a pack: maps, offline pages, table, layer, a note in plain words, licences, and the zip of them all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import MapError, OutputError, listed
from geo.files import write_csv, write_geopackage, write_text, write_zip
from maps.feet import licence_lines
from maps.leaflet import write_page
from maps.leaflet.page import report_line
from maps.leaflet.shapes import page_shapes
from maps.packs.regional import region_sentences, regional_outcome
from maps.qgis import write_names, write_styles
from maps.rendering import content_policy, render, template_text
from maps.site import png_size
from maps.words import format_date, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from maps.packs.contents import PackNote, PackOutcome, RegionInfo


def write_pack(
    folder: Path,
    *,
    region: RegionInfo,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    data: pd.DataFrame,
    neighbours: gpd.GeoDataFrame | None,
    note: PackNote,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Write a pack's folder and the zip beside it.

    Parameters
    ----------
    folder : the pack's own folder, by custom ``regions/<code>-<slug>``; it must not hold anything yet.
    boundaries : the areas of the region only.
    outcomes : at least one.
    data : the atlas's table of areas (column ``code``; a geometry column is dropped); rows outside the region are left out.
    neighbours : land around, drawn grey.
    note : of the atlas.
    tables : further tables by the name of their file, cut to the region already.

    Returns
    -------
    Path of the zip.

    Raises
    ------
    MapError
        No area, no outcome, a picture that is not there, or a table that lacks areas.
    OutputError
        The folder holds something already.

    Notes
    -----
    Equal content gives equal bytes: names are sorted and dates fixed, the GeoPackage's included. The CSV begins with a
    byte-order mark, without which Excel misreads Welsh and Gaelic names; other programs ignore it.
    """
    codes = [str(code) for code in boundaries.frame["code"]]
    _check(folder, codes, outcomes, data)
    outcomes = [regional_outcome(outcome, boundaries, region.name) for outcome in outcomes]
    table = pd.DataFrame(data.drop(columns="geometry", errors="ignore")).set_index("code").loc[codes].reset_index()
    folder.mkdir(parents=True, exist_ok=True)
    gallery = {outcome.id: _copy_pictures(folder, outcome) for outcome in outcomes}
    _write_pages(folder, boundaries, outcomes, neighbours, note)
    _write_tables(folder, region, boundaries, outcomes, table, note)
    for name, further in (tables or {}).items():
        write_csv(further, folder / name, excel=True)
    _write_words(folder, region, boundaries, outcomes, note, gallery, tuple(tables or ()))
    return write_zip(folder, folder.parent / f"{folder.name}.zip")


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


def _write_tables(
    folder: Path,
    region: RegionInfo,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    table: pd.DataFrame,
    note: PackNote,
) -> None:
    """Write the table as CSV and with shapes, and what its columns mean."""
    write_csv(table, folder / "areas.csv", excel=True)
    if note.dictionary is not None:
        write_csv(note.dictionary, folder / "data-dictionary.csv", excel=True)
    layer = region.slug.replace("-", "_")
    lines = licence_lines(sources_of(boundaries, outcomes, note))
    about = {"IDENTIFIER": f"{note.atlas}: {region.name}", "DESCRIPTION": " ".join(lines)}
    shaped = boundaries.frame[["code", "geometry"]].merge(table, on="code")[[*table.columns, "geometry"]]
    geopackage = write_geopackage(shaped, folder / "areas.gpkg", layer, metadata=about)
    write_names(geopackage, layer, note.names)
    if drawn := [spec for outcome in outcomes for spec in outcome.specs if spec.assignment]:
        write_styles(geopackage, layer, drawn)


def _write_words(
    folder: Path,
    region: RegionInfo,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    note: PackNote,
    gallery: Mapping[str, Sequence[Mapping[str, Any]]],
    tables: Sequence[str],
) -> None:
    """Write the front page, the note in plain words and the licences."""
    frame, sources = boundaries.frame, sources_of(boundaries, outcomes, note)
    names = dict(zip(frame["code"].astype(str), frame["name"].astype(str), strict=True))
    shared = {
        "region": region,
        "note": note,
        "outcomes": outcomes,
        "findings": {
            outcome.id: region_sentences(outcome.findings, outcome.topic) for outcome in outcomes if outcome.findings
        },
        "gallery": gallery,
        "tables": [(name, *_table_words(name.removesuffix(".csv"))) for name in tables],
        "count": len(names),
        "areas": _bilingual(frame),
        "approximate": [name for code, name in names.items() if code in boundaries.approximate],
        "date": format_date(boundaries.date),
        "sources": sources,
        "lines": licence_lines(sources),
        "report": report_line(note.report_to),
    }
    write_text(folder / "README.txt", render("pack-readme.txt.j2", **shared))
    write_text(folder / "LICENCE.txt", render("pack-licence.txt.j2", **shared))
    page = render(
        "pack.html.j2",
        policy=content_policy([], pictures=True),
        style=template_text("base.css") + template_text("site.css"),
        **shared,
    )
    write_text(folder / "index.html", page)


def _table_words(stem: str) -> tuple[str, str]:
    """Return what a further table is called on the pack's page, and what its note says of it."""
    return say(f"pack.file-{stem}"), say(f"pack.table-{stem}")


def _check(folder: Path, codes: list[str], outcomes: Sequence[PackOutcome], data: pd.DataFrame) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise OutputError(f"{folder.name} holds something already", ["remove it, or write the pack elsewhere"])
    faults = []
    if not codes:
        faults.append("the region has no area")
    if not outcomes:
        faults.append("there is no outcome")
    if lost := sorted(set(codes) - set(data["code"].astype(str))):
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
        place.mkdir(parents=True, exist_ok=True)
        for path in (picture.path, *picture.formats):
            shutil.copyfile(path, place / path.name)
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


def _bilingual(frame: gpd.GeoDataFrame) -> list[str]:
    """Return the areas' names in order, the Welsh name beside the English one where there is one that differs."""
    welsh = frame["name_cy"] if "name_cy" in frame.columns else [""] * len(frame)
    return sorted(
        f"{name} / {other}" if isinstance(other, str) and other and other != name else str(name)
        for name, other in zip(frame["name"], welsh, strict=True)
    )
