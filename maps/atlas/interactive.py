"""The interactive page of an atlas: every outcome with all its layers, periods and numbers, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.typology.membership import dimensions_of
from geo import __version__
from maps.addresses import PAGE, in_language
from maps.atlas.area_pages import FOLDER, Places, with_area_pages
from maps.atlas.page_figures import figures_of
from maps.cartogram import HexLayout
from maps.kinds.table import kind_named
from maps.leaflet import PageGround, PageOutcome, write_atlas_page
from maps.leaflet.outcomes import ANSWERS
from maps.searching import search_index
from maps.slugs import file_name
from maps.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study import Study
    from maps.atlas.whole import Atlas
    from maps.spec import MapSpec

BESIDE = ("probability", "warning")
"""Kinds that the page has whether or not pictures of them were asked for."""


def write_interactive(atlas: Atlas, folder: Path) -> Path:
    """Write ``atlas.html`` in the language spoken; it links to pages of areas, written before it or after it.

    Returns
    -------
    Its path.
    """
    path = folder / in_language(PAGE)
    write_atlas_page(
        path,
        title=atlas.config.title,
        grounds=[_ground(atlas, name) for name in atlas.grounds],
        outcomes=[_outcome(atlas, study) for study in atlas.studies],
        sources=atlas.sources,
        colophon=say("page.colophon", atlas=atlas.config.title, version=__version__, data_date=atlas.data_date),
        home=in_language("index.html"),
        report_to=atlas.config.report_errors_to,
        search=index_of(atlas),
        languages=atlas.config.outputs.languages,
    )
    return path


def index_of(atlas: Atlas) -> dict[str, Any]:
    """Return what the search of an atlas knows, on every page of it."""
    whose = atlas.config.postcodes_credit or atlas.config.postcodes
    return search_index(
        [ground.boundaries for ground in atlas.grounds.values()], postcodes=atlas.postcodes, whose=whose
    )


def _ground(atlas: Atlas, name: str) -> PageGround:
    ground, backdrop = atlas.grounds[name], atlas.backdrops[name]
    weights, members = ground.weights, ground.memberships
    drawn = any("hexagons" in kind.needs for kind in atlas.kinds)
    layout = backdrop.hexagons.layout if drawn else None
    return PageGround(
        ground.boundaries,
        backdrop.shapes,
        layout.frame if isinstance(layout, HexLayout) else None,
        {str(code): [str(other) for other in weights.neighbours(code)] for code in weights.ids},
        members[list(dimensions_of(members))],
        Places(atlas, name).alike,
        {str(code): in_language(f"{FOLDER}/{file_name(str(code))}.html") for code in ground.boundaries.frame["code"]}
        if name in with_area_pages(atlas)
        else {},
    )


def _outcome(atlas: Atlas, study: Study) -> PageOutcome:
    meta = study.joined.meta
    table, columns = atlas.cells[meta.id]
    series = next((one for one in atlas.series if one.meta.id == meta.id and study.joined.period in one.periods), None)
    specs = _layers(atlas, study)
    values = next((spec for spec in specs if spec.kind == "choropleth"), None)
    family, group = _group(atlas, study)
    return PageOutcome(
        id=meta.id,
        title=meta.title,
        specs=specs,
        table=table,
        columns={column: heading for column, heading in columns.items() if column != "value"},
        figures=figures_of(study, series, values, atlas.scheme(meta.id)),
        ground=list(atlas.grounds).index(study.ground.boundaries.geography),
        family=family,
        group=group,
    )


def _layers(atlas: Atlas, study: Study) -> tuple[MapSpec, ...]:
    """Return the layers of an outcome in the order of the four answers, values first."""
    outcome = study.joined.meta.id
    specs = list(atlas.specs_for(outcome, "page"))
    shown = {spec.kind for spec in specs}
    for kind in map(kind_named, BESIDE):
        subject = atlas.subject(outcome, kind)
        if kind.name not in shown and not subject.lacks(kind.needs):
            specs.append(kind.spec(subject))
    return tuple(sorted(specs, key=lambda spec: ANSWERS.index(kind_named(spec.kind).answer)))


def _group(atlas: Atlas, study: Study) -> tuple[str, str]:
    """Return what an outcome is a group of, and which group it is; empty texts where it is none.

    Outcomes that are read from one file and differ only by the breakdown that was selected are groups of one.
    """
    parts = {part.id: part for part in atlas.config.outcome}
    own = parts[study.joined.meta.id]
    kin = [
        part
        for part in parts.values()
        if part.where and (part.source, part.file, part.indicator) == (own.source, own.file, own.indicator)
    ]
    if not own.where or len(kin) < 2 or len({tuple(sorted(part.where.items())) for part in kin}) < len(kin):
        return "", ""
    first = next(one for one in atlas.studies if one.joined.meta.id == kin[0].id)
    return first.joined.meta.title, ", ".join(own.where.values())
