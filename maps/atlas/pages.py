"""The pages of an atlas: one offline map an outcome, the front page, the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo import __version__
from geo.provenance import attribution_lines
from maps.atlas.columns import areas_file
from maps.atlas.findings import global_sentence, headline, lead_of
from maps.atlas.method import methods_of
from maps.atlas.texts import area_facts
from maps.kinds.table import title_of
from maps.leaflet import write_page
from maps.leaflet.page import layer_names
from maps.site import AreaEntry, Colophon, Download, OutcomePage, Picture, RegionEntry, write_site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.study import Study
    from maps.atlas.packing import Region
    from maps.atlas.pictures import Drawn
    from maps.atlas.whole import Atlas

AREA_DOWNLOADS = (
    ("csv", "Every area, as a table (CSV)", ""),
    ("gpkg", "Every area, with shapes (GeoPackage)", "British National Grid"),
    ("geojson", "Every area, with shapes (GeoJSON)", "longitude and latitude"),
    ("parquet", "Every area, with shapes (GeoParquet)", "British National Grid"),
)
"""Formats of the table of areas, what a reader calls each, and its coordinates."""

DOWNLOADS = (
    ("data/clusters.csv", "Every cluster and single area (CSV)", ""),
    ("data/associations.csv", "Every kind of place against every outcome (CSV)", ""),
    ("data/data-dictionary.csv", "What every column means (CSV)", ""),
)


def write_outcome_page(atlas: Atlas, outcome: str, folder: Path) -> None:
    """Write ``leaflet/<outcome>.html``."""
    study = atlas.study(outcome)
    meta, boundaries = study.joined.meta, study.joined.boundaries
    table, columns = atlas.cells[outcome]
    lines = attribution_lines([*boundaries.sources, meta.source])
    write_page(
        folder / "leaflet" / f"{outcome}.html",
        title=meta.title,
        boundaries=boundaries,
        specs=atlas.specs_for(outcome, "page"),
        table=table,
        columns=columns,
        neighbours=atlas.neighbours,
        foot=(*lines, f"{atlas.config.title}. placeatlas {__version__}."),
        report_to=atlas.config.report_errors_to,
        shapes=atlas.backdrop(study).shapes,
    )


def write_front(
    atlas: Atlas, folder: Path, packs: Sequence[tuple[Region, Path]], drawn: Mapping[str, Sequence[Drawn]]
) -> None:
    """Write ``index.html`` and ``method.html``; pictures, pages, tables and packs must be there already.

    Parameters
    ----------
    packs : each region, and the path of its zip.
    drawn : outcome id → its pictures, in the order in which they were drawn.
    """
    write_site(
        folder,
        title=atlas.config.title,
        outcomes=[_outcome_page(atlas, study, folder, drawn[study.joined.meta.id]) for study in atlas.studies],
        areas=_areas(atlas),
        regions=[_region(atlas, region, path, folder) for region, path in packs],
        downloads=[
            Download(path, title, (folder / path).stat().st_size, note)
            for path, title, note in _downloads(atlas)
            if (folder / path).is_file()
        ],
        methods=methods_of(atlas),
        colophon=Colophon(__version__, atlas.data_date, atlas.config.report_errors_to, atlas.sources),
    )


def _areas(atlas: Atlas) -> list[AreaEntry]:
    facts = area_facts(atlas.texts, atlas.specs)
    found: dict[str, AreaEntry] = {}
    for ground in atlas.grounds.values():
        frame = ground.boundaries.frame[["code", "name", "region_name", "name_cy"]]
        for row in frame.itertuples(index=False):
            # an authority of both tiers is found once, with the facts of both
            found.setdefault(
                row.code, AreaEntry(row.code, row.name, row.region_name, facts[row.code], row.name_cy or "")
            )
    return list(found.values())


def _region(atlas: Atlas, region: Region, path: Path, folder: Path) -> RegionEntry:
    info = region.info
    first = region.geography == next(iter(atlas.grounds))
    return RegionEntry(
        info.code,
        info.name if first else f"{info.name}, {region.geography}",
        len(region.codes),
        f"regions/{info.folder_name}",
        path.relative_to(folder).as_posix(),
        path.stat().st_size,
        welsh=info.welsh,
    )


def _downloads(atlas: Atlas) -> list[tuple[str, str, str]]:
    found, last = [], []
    for geography in atlas.grounds:
        stem, coast = (areas_file(geography, atlas.grounds, stem=stem) for stem in ("areas", "distance-to-coast"))
        apart = f", {geography}" if len(atlas.grounds) > 1 else ""
        found += [
            (f"data/{stem}.{form}", title.replace("Every area", f"Every area{apart}"), note)
            for form, title, note in AREA_DOWNLOADS
        ]
        last.append((f"data/{coast}.tif", f"Distance to open coast{apart} (GeoTIFF)", "metres"))
    return [*found, *DOWNLOADS, *last]


def _outcome_page(atlas: Atlas, study: Study, folder: Path, drawn: Sequence[Drawn]) -> OutcomePage:
    meta, specs = study.joined.meta, atlas.specs[study.joined.meta.id]
    lead = lead_of(specs)
    names = dict(zip((spec.id for spec in specs), layer_names(specs), strict=True))
    layers = [one for one in drawn if one.id in names]
    shown = [*sorted(layers, key=lambda one: one.id != lead.id), *(one for one in drawn if one.id not in names)]
    pictures = []
    for one in shown:
        paths = {form: f"maps/{one.id}.{form}" for form in atlas.config.outputs.formats}
        if (folder / f"maps/{one.id}.png").is_file():
            rest = {form.upper(): path for form, path in paths.items() if form != "png"}
            narrow = f"maps/{one.narrow}.png" if one.narrow else ""
            pictures.append(
                Picture(f"maps/{one.id}.png", names.get(one.id) or title_of(one.kind), one.alt, rest, narrow)
            )
    others = tuple(spec.title for spec in specs if spec.title != headline(specs))
    return OutcomePage(
        id=meta.id,
        title=meta.title,
        finding=headline(specs),
        subtitle=lead.subtitle,
        sure=lead.sure,
        findings=(global_sentence(study), *dict.fromkeys(others)),
        pictures=tuple(pictures),
        page=f"leaflet/{meta.id}.html",
    )
