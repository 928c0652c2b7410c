"""The run, in order: configuration, inputs, study, tables, maps, pages, packs, manifest; whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.kinds_of_place import judged_together
from analysis.study import run_study, survey
from boundaries.bundled.layers import load_neighbours
from boundaries.periods import dated
from geo.files import write_json
from geo.provenance import sha256_of
from geo.raster import write_geotiff
from geo.staging import MANIFEST, cache_folder, staged
from maps.atlas.config import load_config, locate_config
from maps.atlas.inputs import atlas_boundaries, join_outcomes, layout_file, read_outcomes, study_config
from maps.atlas.manifest import describe
from maps.atlas.pages import write_front, write_outcome_pages
from maps.atlas.pictures import (
    canvas_of,
    clusters_map,
    describe_maps,
    draw_charts,
    draw_maps,
    draw_narrow,
    global_sentence,
    hexagons_of,
    lead_of,
    robustness_lines,
)
from maps.atlas.regional import DEFAULT_FOLDER, PackMaker, regions_of
from maps.atlas.tables import area_table, write_receipts, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from analysis.study import Ground, Study
    from boundaries.joined import Joined
    from maps.atlas.config import AtlasConfig
    from maps.atlas.pictures import Specs


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that was computed, before anything is written.

    ``inputs``: name → hash of each file that was read, ``hex_layout``, a published layout of hexagons, among them.
    """

    config: AtlasConfig
    ground: Ground
    studies: tuple[Study, ...]
    neighbours: gpd.GeoDataFrame
    inputs: Mapping[str, str]
    hex_layout: Path | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: its folder, a few lines an outcome, and the number of files."""

    out: Path
    summary: tuple[str, ...]
    files: int

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data."""
        return {
            "out": str(self.out),
            "index": str(self.out / "index.html"),
            "summary": list(self.summary),
            "files": self.files,
        }


def joined_of(config: AtlasConfig, folders: Sequence[Path]) -> tuple[list[Joined], list[Path]]:
    """Read every outcome of a configuration and join it to its boundaries; return also the files that were read."""
    tables, inputs = read_outcomes(config, folders)
    boundaries = atlas_boundaries(config, tables, folders)
    return join_outcomes(config, tables, boundaries), inputs


def prepare(
    config: AtlasConfig, folders: Sequence[Path], *, say: Callable[[str], object] = lambda _step: None
) -> Prepared:
    """Read, join and study everything that a configuration asks for.

    Parameters
    ----------
    config : the atlas. folders : where relative file names are looked up, in order.
    say : told of each step.
    """
    how = study_config(config, folders)
    say("Reading, drawing boundaries, joining")
    joined, inputs = joined_of(config, folders)
    boundaries = joined[0].boundaries
    neighbours = load_neighbours()
    say("Measuring coast, distance and density")
    ground = survey(boundaries, how, neighbours=neighbours)
    studies = []
    for one in joined:
        say(f"Studying {dated(one.meta.title, one.period)}")
        studies.append(run_study(one, how, ground=ground))
    layout = layout_file(config, folders)
    read = [*inputs, *([layout] if layout is not None else [])]
    return Prepared(
        config, ground, judged_together(studies), neighbours, {path.name: sha256_of(path) for path in read}, layout
    )


def build_atlas(
    atlas: str | None = None,
    *,
    data: Sequence[Path] = (),
    out: Path | None = None,
    seed: int | None = None,
    force: bool = False,
    say: Callable[[str], object] = lambda _step: None,
) -> Built:
    """Build an atlas.

    Parameters
    ----------
    atlas : name of a built-in atlas, or path of a TOML file; the starter atlas by default.
    data : folders in which relative file names are looked up, before the configuration's own.
    out : folder to write; ``atlas-out/<slug>`` by default. seed : overrules the configuration's.
    force : replace an earlier atlas in that folder. say : told of each step.

    Raises
    ------
    PlaceatlasError
        Anything that would make the atlas false or incomplete; nothing is then written.
    """
    path = locate_config(atlas)
    config = load_config(path)
    if seed is not None:
        config = config.model_copy(update={"statistics": config.statistics.model_copy(update={"seed": seed})})
    out = (out or DEFAULT_FOLDER / config.slug).resolve()
    with staged(out, force=force, journal=cache_folder() / "runs") as folder:
        prepared = prepare(config, [*data, path.parent], say=say)
        files = write_atlas(prepared, folder, say=say)
    summary = [line for study in prepared.studies for line in summarise(study)]
    packs = len(regions_of(prepared.ground.boundaries, config.outputs.packs))
    return Built(out, (*summary, f"{files} files, {packs} packs of nations and regions"), files)


def write_atlas(prepared: Prepared, folder: Path, *, say: Callable[[str], object]) -> int:
    """Write everything below ``folder``; return the number of files."""
    config, studies = prepared.config, prepared.studies
    boundaries = prepared.ground.boundaries
    specs = describe_maps(config, studies)
    say("Writing tables")
    table = write_data(prepared, folder, specs)
    say("Drawing maps")
    canvas = canvas_of(boundaries, prepared.neighbours)
    for outcome in specs.values():
        draw_maps(outcome, canvas, folder / "maps", formats=config.outputs.formats)
        if "png" in config.outputs.formats:
            draw_narrow(lead_of(outcome), canvas, folder / "maps")
    hexagons = hexagons_of(boundaries, prepared.hex_layout) if "hex" in config.outputs.kinds else None
    drawn = {study.joined.meta.id: draw_charts(config, study, hexagons, folder / "maps") for study in studies}
    say("Writing pages")
    write_outcome_pages(folder, config, studies, specs, prepared.neighbours)
    maker = PackMaker(config, studies, specs, table, prepared.neighbours)
    packs = []
    for region, codes in regions_of(boundaries, config.outputs.packs):
        say(f"Packing {region.name}")
        packs.append((region, len(codes), maker.write(folder / "regions", region, codes)))
    write_front(folder, config, studies, specs, packs, drawn)
    manifest = describe(config, studies, folder, prepared.inputs)
    write_json(folder / MANIFEST, manifest.to_json())
    return len(manifest.files) + 1


def write_data(prepared: Prepared, folder: Path, specs: Specs | None = None) -> gpd.GeoDataFrame:
    """Write everything below ``data/`` and return the table of areas; ``specs`` are of ``describe_maps``."""
    specs = describe_maps(prepared.config, prepared.studies) if specs is None else specs
    table = area_table(prepared.studies)
    write_tables(folder / "data", prepared.studies, table, specs)
    write_receipts(folder / "data" / "receipts", prepared.studies)
    if prepared.ground.coast_distance is not None:
        write_geotiff(
            prepared.ground.coast_distance,
            folder / "data" / "distance-to-coast.tif",
            title="distance to open coast",
            unit="m",
        )
    return table


def summarise(study: Study) -> tuple[str, ...]:
    """Say of an outcome what was found, how sure, and what could not be tested."""
    meta, local = study.joined.meta, study.local.frame
    clusters = clusters_map(study)
    untested = int((local["class"] == "not-testable").sum())
    missing = int((local["class"] == "no-data").sum())
    lines = [
        dated(meta.title, study.joined.period),
        f"  {clusters.title}.",
        f"  {global_sentence(study)}",
        *(f"  {line}" for line in robustness_lines(study)),
    ]
    if untested or missing:
        lines.append(f"  Not testable (no neighbour with a value): {untested}; no data: {missing}.")
    return tuple(lines)
