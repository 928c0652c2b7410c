"""Packs of an atlas: each region cut once, described once and written."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from maps.atlas.columns import areas_file
from maps.atlas.cut_tables import regional_tables
from maps.atlas.pictures import draw_map
from maps.atlas.regional import part_of, region_named, regions_of
from maps.kinds.captions import coverage_notes
from maps.kinds.table import kind_named, title_of
from maps.packs import PackPicture, regional_outcome, write_pack
from maps.page import composition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.atlas.config import Format
    from maps.atlas.whole import Atlas
    from maps.packs import RegionInfo
    from maps.page.composition import Canvas
    from maps.spec import MapSpec


@dataclass(frozen=True, slots=True)
class Region:
    """A region of which there is a pack: the codes of its areas, of one geography."""

    info: RegionInfo
    geography: str
    codes: tuple[str, ...]


def regions_to_pack(atlas: Atlas) -> tuple[Region, ...]:
    """Return the nations and regions that the configuration wants packs of; each geography has packs of its own."""
    return tuple(
        _of_geography(atlas, info, geography, codes)
        for geography, ground in atlas.grounds.items()
        for info, codes in regions_of(ground.boundaries, atlas.config.outputs.packs)
    )


def region_to_pack(atlas: Atlas, code: str) -> Region:
    """Return a region by its code, of the atlas's first geography.

    Raises
    ------
    CodeError
        The code holds none of the areas.
    """
    geography, ground = next(iter(atlas.grounds.items()))
    info, codes = region_named(code, ground.boundaries)
    return Region(info, geography, tuple(codes))


def _of_geography(atlas: Atlas, info: RegionInfo, geography: str, codes: Sequence[str]) -> Region:
    slug = areas_file(geography, atlas.grounds, stem=info.slug)
    return Region(replace(info, slug=slug), geography, tuple(codes))


def write_region(atlas: Atlas, region: Region, folder: Path) -> Path:
    """Write the pack of a region as ``folder/<code>-<slug>`` and return the path of its zip."""
    info = region.info
    whole = atlas.grounds[region.geography].boundaries
    own = part_of(whole, region.codes)
    around = whole.frame[~whole.frame["code"].isin(set(region.codes))][["geometry"]]
    land = [atlas.neighbours[["geometry"]], around]
    canvas = composition.prepare(own, atlas.neighbours, around)
    with tempfile.TemporaryDirectory() as temporary:
        outcomes = []
        for study in atlas.studies_on(region.geography):
            whole_outcome = atlas.pack_outcomes[study.joined.meta.id]
            coverage = coverage_notes(study.joined, region.codes)
            cut = regional_outcome(replace(whole_outcome, coverage=coverage), own, info.name)
            outcomes.append(replace(cut, pictures=_pictures(atlas, cut.specs, canvas, Path(temporary))))
        return write_pack(
            folder / info.folder_name,
            region=info,
            boundaries=own,
            outcomes=outcomes,
            data=atlas.table(region.geography),
            neighbours=gpd.GeoDataFrame(pd.concat(land, ignore_index=True)),
            note=atlas.pack_notes[region.geography],
            tables=regional_tables(atlas, region.geography, region.codes),
        )


def _pictures(atlas: Atlas, specs: Sequence[MapSpec], canvas: Canvas, folder: Path) -> tuple[PackPicture, ...]:
    rest: list[Format] = [form for form in atlas.config.outputs.formats if form != "png"]
    pictures = []
    for spec in specs:
        kind = kind_named(spec.kind)
        if "pack-picture" in kind.offered and spec.assignment:
            drawn = draw_map(spec, canvas, folder, formats=("png", *rest))
            files = [folder / f"{drawn.id}.{form}" for form in ("png", *rest)]
            pictures.append(PackPicture(files[0], title_of(kind.name), spec.alt, tuple(files[1:])))
    return tuple(pictures)
