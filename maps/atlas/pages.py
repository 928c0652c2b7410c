"""The pages of an atlas around its maps: the front page, the method."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo import __version__
from maps.addresses import PAGE, in_language
from maps.atlas.area_pages import FOLDER
from maps.atlas.columns import areas_file
from maps.atlas.findings import lead_of
from maps.atlas.interactive import index_of
from maps.atlas.method import methods_of
from maps.atlas.overview import overview_of
from maps.atlas.texts import area_facts
from maps.findings import study_levels
from maps.kinds.table import title_of
from maps.leaflet.outcomes import layer_names
from maps.site import AreaEntry, Colophon, Download, OutcomePage, Picture, RegionEntry, write_site
from maps.site.hosting import PREVIEW, write_hosting
from maps.site.small import LEAD, STRIP, smaller
from maps.slugs import file_name
from maps.static import draw
from maps.words import Topic, say
from maps.words.findings import bullets
from maps.words.findings.overview import region_stands

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.study import Study
    from maps.atlas.pictures import Drawn
    from maps.atlas.whole import Atlas
    from maps.packs import Region

TOLD = 3
"""Outcomes that the sentence of a region tells of; its page tells all."""

FORMATS = ("csv", "gpkg", "geojson", "parquet")
"""Formats of the table of areas."""

DOWNLOADS = (
    *("levels", "warnings", "series", "hubs", "beside", "claims", "clusters", "clusters-by-kind"),
    "data-dictionary",
)
"""Tables of the whole atlas, below ``data/``."""


def write_front(
    atlas: Atlas, folder: Path, packs: Sequence[tuple[Region, Path]], drawn: Mapping[str, Sequence[Drawn]]
) -> None:
    """Write ``index.html`` and ``method.html`` in the language spoken; pictures, pages, tables and packs must be there already.

    Parameters
    ----------
    packs : each region, and the path of its zip.
    drawn : outcome id → its pictures, in the order in which they were drawn.
    """
    write_site(
        folder,
        title=atlas.config.title,
        outcomes=[_outcome_page(atlas, study, folder, drawn[study.joined.meta.id]) for study in atlas.studies],
        areas=_areas(atlas, folder),
        regions=[_region(atlas, region, path, folder) for region, path in packs],
        downloads=[
            Download(path, title, (folder / path).stat().st_size, note)
            for path, title, note in _downloads(atlas)
            if (folder / path).is_file()
        ],
        overview=overview_of(atlas),
        search=index_of(atlas),
        methods=methods_of(atlas),
        colophon=Colophon(
            __version__,
            atlas.data_date,
            atlas.config.report_errors_to,
            atlas.sources,
            languages=atlas.config.outputs.languages,
            address=atlas.config.address,
        ),
    )


def write_address(atlas: Atlas, folder: Path) -> None:
    """Write the map of the site and the picture that stands beside links to it; every page must be there already."""
    first = atlas.studies[0]
    spec = replace(lead_of(atlas.specs[first.joined.meta.id]), id=PREVIEW.removesuffix(".png"))
    draw(spec, atlas.backdrop(first).canvas, folder=folder, formats=("png",), size="slide")
    pages = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    write_hosting(folder, atlas.config.address, pages)


def _areas(atlas: Atlas, folder: Path) -> list[AreaEntry]:
    facts = area_facts(atlas.texts, atlas.specs)
    found: dict[str, AreaEntry] = {}
    for ground in atlas.grounds.values():
        frame = ground.boundaries.frame[["code", "name", "region_name", "name_cy"]]
        for row in frame.itertuples(index=False):
            # an authority of both tiers is found once, with the facts of both
            found.setdefault(
                row.code,
                AreaEntry(
                    row.code, row.name, row.region_name, facts[row.code], row.name_cy or "", _page_of(row.code, folder)
                ),
            )
    return list(found.values())


def _page_of(code: str, folder: Path) -> str:
    """Return the page of an area, where it has one."""
    page = in_language(f"{FOLDER}/{file_name(code)}.html")
    return page if (folder / page).is_file() else ""


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
        finding=" ".join(_stands(atlas, region)),
        other=info.other[0],
        language=info.other[1],
    )


def _stands(atlas: Atlas, region: Region) -> Iterator[str]:
    """Yield, for the first outcomes, how many areas of a region are below and above."""
    for study in atlas.studies_on(region.geography)[:TOLD]:
        if line := region_stands(study_levels(study).within(set(region.codes)), Topic.of(study.joined)):
            yield f"{line}."


def _downloads(atlas: Atlas) -> list[tuple[str, str, str]]:
    found, last = [], []
    for geography in atlas.grounds:
        stem, coast = (areas_file(geography, atlas.grounds, stem=stem) for stem in ("areas", "distance-to-coast"))
        areas = say("download.areas-of", geography=geography) if len(atlas.grounds) > 1 else say("download.areas")
        found += [
            (f"data/{stem}.{form}", say(f"download.{form}", areas=areas), say(f"download.{form}-note"))
            for form in FORMATS
        ]
        profiles = areas_file(geography, atlas.grounds, stem="profiles")
        low_on = (
            say("download.profiles-of", geography=geography) if len(atlas.grounds) > 1 else say("download.profiles")
        )
        alike = areas_file(geography, atlas.grounds, stem="alike")
        found += [
            (f"{profiles}.html", say("download.profiles-page"), ""),
            (f"data/{profiles}.csv", low_on, ""),
            (f"data/{profiles}.xlsx", say("download.profiles-xlsx"), ""),
            (f"data/{alike}.csv", say("download.alike"), ""),
        ]
        last.append((f"data/{coast}.tif", say("download.coast", areas=areas), say("download.coast-note")))
    tables = [(f"data/{stem}.csv", say(f"download.{stem}"), "") for stem in DOWNLOADS]
    return [*found, *tables, *last]


def _outcome_page(atlas: Atlas, study: Study, folder: Path, drawn: Sequence[Drawn]) -> OutcomePage:
    meta, specs = study.joined.meta, atlas.specs[study.joined.meta.id]
    lead = lead_of(specs)
    names = dict(zip((spec.id for spec in specs), layer_names(specs), strict=True))
    layers = [one for one in drawn if one.id in names]
    shown = [*sorted(layers, key=lambda one: one.id != lead.id), *(one for one in drawn if one.id not in names)]
    alts = {spec.id: spec.alt for spec in specs}
    said = bullets(atlas.findings(meta.id), Topic.of(study.joined))
    pictures: list[Picture] = []
    for one in shown:
        paths = {form: f"maps/{one.id}.{form}" for form in atlas.config.outputs.formats}
        if (folder / f"maps/{one.id}.png").is_file():
            rest = {form.upper(): path for form, path in paths.items() if form != "png"}
            narrow = f"maps/{one.narrow}.png" if one.narrow else ""
            small = f"maps/small/{one.id}.png"
            smaller(folder / f"maps/{one.id}.png", folder / small, STRIP if pictures else LEAD)
            title = names.get(one.id) or title_of(one.kind)
            pictures.append(Picture(f"maps/{one.id}.png", title, alts.get(one.id, one.alt), rest, narrow, small))
    return OutcomePage(
        id=meta.id,
        title=meta.title,
        finding=lead.title,
        subtitle=lead.subtitle,
        paragraph=said[0] if said else "",
        findings=said[1:],
        pictures=tuple(pictures),
        page=f"{in_language(PAGE)}#outcome={meta.id}",
    )
