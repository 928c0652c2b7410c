"""Packs of a build that stands already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import OutputError
from geo.files import write_json
from geo.staging import MANIFEST, adding
from maps.atlas.builds import build_or_newest, existing_pack
from maps.atlas.manifest import hashes, read_manifest
from maps.atlas.packing import region_to_pack
from maps.atlas.regional import check_codes
from maps.atlas.run import prepare
from maps.atlas.tasks import PackTask

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
        atlas = prepare(manifest.config, [*data, Path.cwd()])
        if atlas.inputs != manifest.inputs:
            raise OutputError("the inputs are not the files that were read for this build", ["build it again"])
        regions = [region_to_pack(atlas, code) for code in wanted]
        with adding(folder) as new:
            written = {region.info.code: PackTask(region).run(atlas, new) for region in regions}
            # Only what was written now: a file that changed since the build must stay found by a replay.
            files = {**manifest.files, **hashes(new)}
            write_json(new / MANIFEST, manifest.model_copy(update={"files": files}).to_json())
        found |= {code: folder / path.relative_to(new) for code, path in written.items()}
    return [path for path in found.values() if path is not None]
