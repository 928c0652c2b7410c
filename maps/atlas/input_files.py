"""Every file that a configuration names, by what it is for, with its hash: two files of one name are two inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.layered import KINDS
from geo.provenance import sha256_of
from maps.atlas.areas_asked import find_file
from maps.atlas.inputs import layout_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from maps.atlas.config import AtlasConfig

_NAMING = frozenset(
    {"members", "layer", "lookup", "scenario", "typologies", "file", "weights", "postcodes", "residents", *KINDS}
)
"""Fields of a configuration whose text may name a file; others may, by chance, read like one."""


def hashes_of_inputs(config: AtlasConfig, outcomes: Mapping[str, Path], folders: Sequence[Path]) -> dict[str, str]:
    """Hash what was read.

    Parameters
    ----------
    config : the atlas. outcomes : the file of each outcome, by id. folders : where names are looked up, in order.

    Returns
    -------
    dict of "what it is for: the name it goes by" → hash; no path of this machine is in it.
    """
    named = {part.id: part.file for part in config.outcome}
    found = {f"outcome {name}: {named.get(name) or path.name}": path for name, path in outcomes.items()}
    if (layout := layout_file(config, folders)) is not None:
        found[f"layout: {config.outputs.layout}"] = layout
    said = config.model_dump(exclude={"outputs": True})
    said["outcome"] = {part.id: part.model_dump(exclude={"file"}) for part in config.outcome}
    for what, name in _named_in(said):
        path = find_file(name, [*folders, Path()])
        if path is not None:
            found[f"{what}: {name}"] = path
    return {what: sha256_of(path) for what, path in sorted(found.items())}


def _named_in(part: Any, where: str = "", field: str = "") -> Iterator[tuple[str, str]]:
    """Yield where it stands and what it says, for every text that may name a file."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from _named_in(inner, f"{where} {name}".strip(), str(name))
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _named_in(inner, where, field)
    elif isinstance(part, str) and part and field in _NAMING and "\0" not in part:
        yield where, part
