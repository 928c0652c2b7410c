"""Packs of an atlas: each region cut once, described once and written, from what the build keeps for packs."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from maps.addresses import FIRST
from maps.atlas.columns import areas_file
from maps.atlas.cut_tables import regional_tables
from maps.atlas.pictures import draw_map
from maps.atlas.regional import part_of
from maps.kinds.captions import coverage_words
from maps.kinds.table import kind_named, title_of
from maps.packs import Layout, PackPicture, regional_outcome, regions_asked, write_pack
from maps.packs.breaks import own_breaks
from maps.packs.naming import speaks, told_in
from maps.page import composition
from maps.static import write_page
from maps.static.bare import bare_page
from maps.words import called, say, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from maps.atlas.whole import Atlas
    from maps.packs import Kit, PackOutcome, Region
    from maps.page.composition import Canvas
    from maps.spec import MapSpec
    from maps.static.drawing import Format

SMALL_WIDTH, SMALL_HEIGHT, SMALL_DPI = 150.0, 170.0, 200
"""Points and dots an inch of a map of the summary."""


def regions_to_pack(atlas: Atlas) -> tuple[Region, ...]:
    """Return the places that the configuration wants packs of; each geography has nations and regions of its own.

    A place has a pack in every language of the atlas that is spoken there.
    """
    layouts = {name: Layout(ground.boundaries, atlas.adjacent(name)) for name, ground in atlas.grounds.items()}
    return tuple(
        of_geography(told_in(region, code, atlas.grounds[region.geography].boundaries.frame), list(atlas.grounds))
        for region in regions_asked(atlas.config.outputs.packs, layouts)
        for code in atlas.config.outputs.languages
        if speaks(code, region)
    )


def packs_spoken(packs: Sequence[tuple[Region, Path]], code: str) -> list[tuple[Region, Path]]:
    """Return the packs that pages of a language lead to: those in it, and English ones of places that have none in it."""

    def place(region: Region) -> tuple[str, str, tuple[str, ...]]:
        return region.info.code, region.geography, region.codes

    own = {place(region) for region, _ in packs if region.info.language == code}
    return [
        (region, path)
        for region, path in packs
        if region.info.language == code or (region.info.language == FIRST and place(region) not in own)
    ]


def of_geography(region: Region, geographies: Sequence[str]) -> Region:
    """Return a region whose folder says of which geography it is, where that is not the atlas's first."""
    slug = areas_file(region.geography, geographies, stem=region.info.slug)
    return replace(region, info=replace(region.info, slug=slug))


def layouts_of(kits: Mapping[str, Kit]) -> dict[str, Layout]:
    """Return the areas of each geography as places are looked for in them."""
    return {geography: Layout(kit.boundaries, kit.adjacent) for geography, kit in kits.items()}


def write_region(kit: Kit, region: Region, folder: Path, *, documents: bool = False) -> Path:
    """Write the pack of a region as ``folder/<code>-<slug>``, in its language, and return the path of its zip.

    Parameters
    ----------
    kit : read or made in the language of the region.
    documents : also write its summary as PDF and DOCX, which needs the extra ``packs``.
    """
    with speaking(region.info.language):
        return _write_region(kit, region, folder, documents=documents)


def _write_region(kit: Kit, region: Region, folder: Path, *, documents: bool) -> Path:
    whole = kit.boundaries
    shown = part_of(whole, region.shown)
    around = whole.frame[~whole.frame["code"].isin(set(region.shown))][["geometry"]]
    # pictures name areas in one language; pages have both names, and both are searched for
    spoken = replace(shown, frame=shown.frame.assign(name=called(shown.frame)))
    canvas = composition.prepare(spoken, kit.land, around)
    with tempfile.TemporaryDirectory() as temporary:
        outcomes = []
        for outcome in kit.outcomes:
            covered = replace(outcome, coverage=_coverage(outcome, region, whole))
            cut = regional_outcome(covered, shown, region.info.name, region.codes)
            outcomes.append(replace(cut, pictures=_pictures(cut, kit.formats, canvas, Path(temporary))))
        return write_pack(
            folder / region.info.folder_name,
            region=region,
            boundaries=shown,
            outcomes=outcomes,
            kit=kit,
            tables=regional_tables(kit, region),
            neighbours=gpd.GeoDataFrame(pd.concat([kit.land[["geometry"]], around], ignore_index=True)),
            documents=documents,
        )


def _coverage(outcome: PackOutcome, region: Region, whole: BoundarySet) -> tuple[str, ...]:
    """Return what must be said of the region's values: nations that are not covered, values that were made."""
    if outcome.fates is None:
        return outcome.coverage
    nation = whole.frame.set_index("code").loc[list(region.codes), "nation"]
    quality = pd.Series({code: outcome.fates.made.get(code, "") for code in region.codes}, dtype=object)
    covered = pd.Series(~nation.index.isin(outcome.fates.uncovered), index=nation.index)
    return (*coverage_words(nation, quality, covered), *outcome.fates.notes)


def _pictures(outcome: PackOutcome, formats: Sequence[Format], canvas: Canvas, folder: Path) -> tuple[PackPicture, ...]:
    # SVG holds the same lines as PDF, and a pack has a summary that prints: a third file of every map is only weight
    rest: list[Format] = [form for form in formats if form == "svg"]
    pictures = []
    for spec in outcome.specs:
        kind = kind_named(spec.kind)
        if "pack-picture" not in kind.offered or not spec.assignment:
            continue
        specs = {title_of(kind.name): spec}
        if spec.kind == "choropleth" and (own := own_breaks(outcome)) is not None:
            specs = {say("pack.whole-classes"): spec, say("pack.own-classes"): own}
        for title, one in specs.items():
            drawn = draw_map(one, canvas, folder, formats=("png", *rest))
            files = [folder / f"{drawn.id}.{form}" for form in ("png", *rest)]
            pictures.append(PackPicture(files[0], title, one.alt, tuple(files[1:])))
    if (lead := lead_map(outcome)) is not None:
        page = replace(bare_page(lead, canvas, width=SMALL_WIDTH, height=SMALL_HEIGHT), id=f"{outcome.id}/small")
        (small,) = write_page(page, folder=folder, formats=("png",), dpi=SMALL_DPI)
        pictures.append(PackPicture(small, title_of(lead.kind), lead.alt, small=True))
    return tuple(pictures)


def lead_map(outcome: PackOutcome) -> MapSpec | None:
    """Return the map of a region that says most where it stands small and without words: levels, else values."""
    drawn = {spec.kind: spec for spec in outcome.specs if spec.assignment and not spec.panels}
    return drawn.get("levels") or drawn.get("choropleth")
