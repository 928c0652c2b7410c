"""Writing a pack: maps, offline pages, table, layer, a note in plain words, licences, and the zip of them all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import MapError, OutputError, listed
from geo.files import write_csv, write_geopackage, write_text, write_zip
from geo.provenance import attribution_lines
from maps.leaflet import write_page
from maps.leaflet.page import report_line
from maps.leaflet.shapes import page_shapes
from maps.packs.findings import region_findings, regional_spec
from maps.qgis import write_names, write_styles
from maps.rendering import content_policy, distinct_lines, render, template_text
from maps.site import png_size
from maps.words import format_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from boundaries.areas.boundary_set import BoundarySet
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
    frame = boundaries.frame
    codes = [str(code) for code in frame["code"]]
    _check(folder, codes, outcomes, data)
    names = {code: str(name) for code, name in zip(codes, frame["name"], strict=True)}
    table = pd.DataFrame(data.drop(columns="geometry", errors="ignore")).set_index("code").loc[codes].reset_index()
    sources = tuple(
        dict.fromkeys(
            [*boundaries.sources, *(source for outcome in outcomes for source in outcome.sources), *note.sources]
        )
    )
    lines = distinct_lines(attribution_lines(sources))
    findings = {outcome.id: region_findings(names, outcome) for outcome in outcomes}
    folder.mkdir(parents=True, exist_ok=True)
    gallery = {outcome.id: _copy_pictures(folder, outcome) for outcome in outcomes}
    regional = {
        outcome.id: [regional_spec(spec, codes, region.name, findings[outcome.id]) for spec in outcome.specs]
        for outcome in outcomes
    }
    colophon = f"{note.atlas}. placeatlas {note.version}, data to {note.data_date}."
    shapes = page_shapes(frame, neighbours)
    for outcome in outcomes:
        write_page(
            folder / f"{outcome.id}.html",
            title=f"{outcome.title}: {region.name}",
            boundaries=boundaries,
            specs=regional[outcome.id],
            table=outcome.table.loc[codes],
            columns=outcome.columns,
            neighbours=neighbours,
            foot=(*lines, colophon),
            home="index.html",
            report_to=note.report_to,
            shapes=shapes,
        )
    write_csv(table, folder / "areas.csv", excel=True)
    if note.dictionary is not None:
        write_csv(note.dictionary, folder / "data-dictionary.csv", excel=True)
    layer = region.slug.replace("-", "_")
    about = {"IDENTIFIER": f"{note.atlas}: {region.name}", "DESCRIPTION": " ".join(lines)}
    shaped = frame[["code", "geometry"]].merge(table, on="code")[[*table.columns, "geometry"]]
    geopackage = write_geopackage(shaped, folder / "areas.gpkg", layer, metadata=about)
    write_names(geopackage, layer, note.names)
    if drawn := [spec for outcome in outcomes for spec in regional[outcome.id] if spec.assignment]:
        write_styles(geopackage, layer, drawn)
    shared = {
        "region": region,
        "note": note,
        "outcomes": outcomes,
        "findings": {
            name: (*sentences, *_unsaid(sentences, [spec.sure for spec in regional[name][:1]]))
            for name, sentences in findings.items()
        },
        "gallery": gallery,
        "count": len(codes),
        "areas": _bilingual(frame),
        "approximate": {names[code]: text for code, text in boundaries.approximate.items() if code in names},
        "date": format_date(boundaries.date),
        "sources": sources,
        "lines": lines,
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
    return write_zip(folder, folder.parent / f"{folder.name}.zip")


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


def _unsaid(said: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return what lines add to sentences that they may begin with."""
    for sentence in said:
        lines = [line.removeprefix(sentence).strip() for line in lines]
    return [line for line in lines if line]


def _bilingual(frame: gpd.GeoDataFrame) -> list[str]:
    """Return the areas' names in order, the Welsh name beside the English one where there is one that differs."""
    welsh = frame["name_cy"] if "name_cy" in frame.columns else [""] * len(frame)
    return sorted(
        f"{name} / {other}" if isinstance(other, str) and other and other != name else str(name)
        for name, other in zip(frame["name"], welsh, strict=True)
    )
