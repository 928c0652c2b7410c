"""Prove a build: hash what lies on disk, compute again what it says, and compare both with the manifest field by field."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError, listed
from geo.staging import MANIFEST
from maps.atlas.manifest import TABLES, describe, hashes, read_manifest, strangers
from maps.atlas.run import prepare, write_atlas
from maps.atlas.signing import fault_of_signature
from maps.atlas.tables import write_data
from maps.atlas.tasks import PackTask
from maps.atlas.versions import differences
from maps.packs.writing import PACK, read_region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from maps.atlas.manifest import Manifest
    from maps.atlas.whole import Atlas

_PROVED = ("boundaries", "sources", "parameters")
"""Fields of the manifest that are computed again; its inputs are compared before, and its files one by one."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a build's manifest says, against what lies on disk and against what is computed again.

    Parameters
    ----------
    unchanged : number of files on disk that are byte for byte those of the manifest.
    changed, gone, added : relative paths of files whose bytes are others, that are no longer there, or that no build wrote.
    computed : relative path of each file that was made again → are its bytes those of the manifest?
    said : one line for each field of the manifest that is not what is computed again.
    versions : one line for each version that is another than that of the build.
    signature : what is wrong with the signature, where one was asked for.
    """

    unchanged: int
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]
    computed: Mapping[str, bool]
    said: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    signature: str | None = None

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
        lines = [f"{what}: {listed(names)}" for what, names in found if names]
        if self.said:
            lines += ["the manifest says what is not computed again:", *(f"  {line}" for line in self.said[:10])]
            lines += [f"  and {len(self.said) - 10:,} more"] if len(self.said) > 10 else []
        if self.signature:
            lines.append(self.signature)
        if self.versions and (different or self.said):
            lines += ["this may come of other versions:", *(f"  {line}" for line in self.versions)]
        return tuple(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data."""
        disk = {"unchanged": self.unchanged, "changed": [*self.changed], "gone": [*self.gone], "added": [*self.added]}
        return {
            "disk": disk,
            "computed": dict(self.computed),
            "manifest": [*self.said],
            "versions": [*self.versions],
            "signature": self.signature,
        }


def replay_build(
    path: Path, *, data: Sequence[Path] = (), whole: bool = False, public_key: Path | None = None
) -> Replay:
    """Compare a build with its manifest: every file on disk, and every table and field of the manifest computed again.

    Parameters
    ----------
    path : manifest of the build, or its folder. data : folders in which the input files lie.
    whole : also draw every picture, page and pack again. public_key : by which the manifest must be signed.

    Raises
    ------
    OutputError
        The inputs are not the files that were read then, or the key cannot be used.
    """
    manifest = read_manifest(path)
    root = path if path.is_dir() else path.parent
    signature = fault_of_signature(root / MANIFEST, public_key) if public_key is not None else None
    then, now = manifest.files, hashes(root)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        atlas = prepare(manifest.config, [*data, Path.cwd()])
        _check_inputs(manifest, atlas)
        if whole:
            write_atlas(atlas, folder)
            _pack_again(atlas, folder, root, then)
        else:
            write_data(atlas, folder)
        again = hashes(folder)
        said = tuple(_differing(manifest, describe(atlas, folder)))
    made = {name for name in then if whole or name.startswith(TABLES)} | again.keys()
    return Replay(
        unchanged=sum(now.get(name) == found for name, found in then.items()),
        changed=tuple(sorted(name for name, found in then.items() if now.get(name, found) != found)),
        gone=tuple(sorted(then.keys() - now.keys())),
        added=(*sorted(now.keys() - then.keys()), *strangers(root)),
        computed={name: again.get(name) == then.get(name) for name in sorted(made)},
        said=said,
        versions=differences(manifest.versions),
        signature=signature,
    )


def _check_inputs(manifest: Manifest, atlas: Atlas) -> None:
    """Refuse to compare a build with what was made of other files."""
    then, now = manifest.inputs, atlas.inputs
    faults = [
        f"{what}: {listed(names)}"
        for what, names in (
            ("changed", sorted(name for name in then.keys() & now.keys() if then[name] != now[name])),
            ("not found now", sorted(then.keys() - now.keys())),
            ("not read then", sorted(now.keys() - then.keys())),
        )
        if names
    ]
    if faults:
        raise OutputError("the inputs are not the files that were read then", faults)


def _pack_again(atlas: Atlas, folder: Path, root: Path, then: Mapping[str, str]) -> None:
    """Make the packs that were added to the build after it was made, of the places that each says it is of."""
    there = {path.name for path in (folder / "regions").glob("*.zip")}
    for name in sorted(then):
        if name.startswith("regions/") and name.endswith(f"/{PACK}"):
            packed = name.split("/")[1]
            if f"{packed}.zip" not in there:
                PackTask(read_region(root / "regions" / packed)).run(atlas, folder)


def _differing(manifest: Manifest, again: Manifest) -> Iterator[str]:
    then, now = manifest.to_json(), json.loads(json.dumps(again.to_json()))
    for name in _PROVED:
        yield from _compared(then[name], now[name], name)


def _compared(then: Any, now: Any, where: str) -> Iterator[str]:
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted(then.keys() | now.keys()):
            yield from _compared(then.get(name), now.get(name), f"{where}.{name}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for place, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from _compared(one, other, f"{where}[{place}]")
    elif then != now:
        yield f"{where}: {_short(then)} is said, {_short(now)} is computed"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
