"""Packs of a build that stands already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import OutputError
from geo.files import write_json
from geo.staging import MANIFEST
from maps.atlas.manifest import hashes, read_manifest
from maps.atlas.regional import PackMaker, build_or_newest, check_codes, existing_pack, region_named
from maps.atlas.run import prepare
from maps.atlas.specs import describe_maps
from maps.atlas.tables import area_table

if TYPE_CHECKING:
    from collections.abc import Sequence


def packs_from_build(codes: Sequence[str], build: Path | None = None, *, data: Sequence[Path] = ()) -> list[Path]:
    """Return the zip of each region's pack, writing into the build those that it lacks.

    Parameters
    ----------
    codes : of nations, English regions, counties or combined authorities.
    build : a build's folder; the newest in ``atlas-out/`` by default.
    data : folders in which the build's input files lie; needed only for packs that the build lacks.

    Raises
    ------
    CodeError
        Codes that hold no area.
    OutputError
        No build, or inputs that are no longer those that were read.
    """
    check_codes(codes)
    folder = build_or_newest(build)
    found = {code: existing_pack(folder, code) for code in codes}
    wanted = [code for code in codes if found[code] is None]
    if wanted:
        manifest = read_manifest(folder)
        prepared = prepare(manifest.config, [*data, Path.cwd()])
        if prepared.inputs != manifest.inputs:
            raise OutputError("the inputs are not the files that were read for this build", ["build it again"])
        regions = [region_named(code, prepared.ground.boundaries) for code in wanted]
        specs = describe_maps(manifest.config, prepared.studies)
        table = area_table(prepared.studies)
        maker = PackMaker(manifest.config, prepared.studies, specs, table, prepared.neighbours)
        for region, areas in regions:
            found[region.code] = maker.write(folder / "regions", region, areas)
        # Only what was written now: a file that changed since the build must stay found by a replay.
        ours = tuple(f"regions/{code}-" for code in wanted)
        new = {name: sha for name, sha in hashes(folder).items() if name.startswith(ours)}
        write_json(folder / MANIFEST, manifest.model_copy(update={"files": {**manifest.files, **new}}).to_json())
    return [path for path in found.values() if path is not None]
