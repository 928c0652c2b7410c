"""Prove a build: compute its tables again and compare them byte for byte."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import OutputError
from maps.atlas.manifest import TABLES, hashes, read_manifest
from maps.atlas.run import prepare, write_data

if TYPE_CHECKING:
    from collections.abc import Sequence


def replay_tables(path: Path, *, data: Sequence[Path] = ()) -> dict[str, bool]:
    """Compute the tables of a build again from its manifest.

    Parameters
    ----------
    path : manifest of the build, or its folder. data : folders in which the input files lie.

    Returns
    -------
    dict
        Relative path of each file below ``data/`` → is it byte-equal?

    Raises
    ------
    OutputError
        The inputs are not the files that were read then.
    """
    manifest = read_manifest(path)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        prepared = prepare(manifest.config, [*data, Path.cwd()])
        changed = [name for name, found in prepared.inputs.items() if manifest.inputs.get(name) != found]
        if changed:
            raise OutputError("the inputs are not the files that were read then", [f"changed: {', '.join(changed)}"])
        write_data(prepared, folder)
        again = hashes(folder)
    then = {file: found for file, found in manifest.files.items() if file.startswith(TABLES)}
    return {file: again.get(file) == then.get(file) for file in sorted(then.keys() | again.keys())}
