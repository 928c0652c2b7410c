"""Prove a build: hash what lies on disk, compute its tables again, and compare both with the manifest."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError, listed
from maps.atlas.manifest import TABLES, hashes, read_manifest
from maps.atlas.run import prepare
from maps.atlas.tables import write_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Replay:
    """What a build's manifest says, against what lies on disk and against what is computed again.

    Parameters
    ----------
    unchanged : number of files on disk that are byte for byte those of the manifest.
    changed, gone, added : relative paths of files whose bytes are others, that are no longer there, or that no build wrote.
    computed : relative path of each file below ``data/`` → are the bytes that were computed again those of the manifest?
    """

    unchanged: int
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]
    computed: Mapping[str, bool]

    @property
    def faults(self) -> tuple[str, ...]:
        """One line for each way in which the build is not what its manifest says; none when it is."""
        different = tuple(name for name, equal in self.computed.items() if not equal)
        found = (
            ("changed on disk since they were written", self.changed),
            ("gone from disk", self.gone),
            ("on disk, but not of this build", self.added),
            ("different when computed again", different),
        )
        return tuple(f"{what}: {listed(names)}" for what, names in found if names)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data."""
        disk = {"unchanged": self.unchanged, "changed": [*self.changed], "gone": [*self.gone], "added": [*self.added]}
        return {"disk": disk, "computed": dict(self.computed)}


def replay_build(path: Path, *, data: Sequence[Path] = ()) -> Replay:
    """Compare a build with its manifest: every file on disk, and every table computed again.

    Parameters
    ----------
    path : manifest of the build, or its folder. data : folders in which the input files lie.

    Raises
    ------
    OutputError
        The inputs are not the files that were read then.
    """
    manifest = read_manifest(path)
    then, now = manifest.files, hashes(path if path.is_dir() else path.parent)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        atlas = prepare(manifest.config, [*data, Path.cwd()])
        changed = [name for name, found in atlas.inputs.items() if manifest.inputs.get(name) != found]
        if changed:
            raise OutputError("the inputs are not the files that were read then", [f"changed: {listed(changed)}"])
        write_data(atlas, folder)
        again = hashes(folder)
    tables = {name for name in then if name.startswith(TABLES)} | again.keys()
    return Replay(
        unchanged=sum(now.get(name) == found for name, found in then.items()),
        changed=tuple(sorted(name for name, found in then.items() if now.get(name, found) != found)),
        gone=tuple(sorted(then.keys() - now.keys())),
        added=tuple(sorted(now.keys() - then.keys())),
        computed={name: again.get(name) == then.get(name) for name in sorted(tables)},
    )
