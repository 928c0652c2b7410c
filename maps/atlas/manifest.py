"""The manifest: what went in, what came out, and how to make it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from geo import __version__
from geo.errors import OutputError
from geo.provenance import sha256_of
from geo.staging import MANIFEST
from maps.atlas.config import AtlasConfig
from maps.atlas.signing import SIGNATURES
from maps.atlas.versions import versions_here

if TYPE_CHECKING:
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from maps.atlas.whole import Atlas

TABLES = "data/"
"""``replay`` proves the files below this folder byte for byte."""


class ManifestBoundaries(BaseModel):
    """Which areas were drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    geography: str
    date: str
    areas: int
    approximate: dict[str, str]
    sources: list[dict[str, Any]]


class Manifest(BaseModel):
    """What a build read, with which parameters, and the hash of every file it wrote."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tool: Literal["placeatlas"] = "placeatlas"
    version: str
    config: AtlasConfig
    boundaries: dict[str, ManifestBoundaries]
    inputs: dict[str, str]
    sources: dict[str, dict[str, Any]]
    parameters: dict[str, dict[str, Any]]
    versions: dict[str, str] = {}
    files: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as JSON-able data."""
        return self.model_dump(mode="json", by_alias=True)


def describe(atlas: Atlas, out: Path) -> Manifest:
    """Describe a finished build; ``out`` is the folder that was written: every file in it is listed with its hash."""
    return Manifest(
        version=__version__,
        config=atlas.config,
        boundaries={name: _described(ground.boundaries) for name, ground in atlas.grounds.items()},
        inputs=dict(sorted(atlas.inputs.items())),
        sources={study.joined.meta.id: study.joined.meta.source.to_dict() for study in atlas.studies},
        parameters={study.joined.meta.id: study.to_parameters() for study in atlas.studies},
        versions=versions_here(),
        files=hashes(out),
    )


def _described(boundaries: BoundarySet) -> ManifestBoundaries:
    return ManifestBoundaries(
        geography=boundaries.geography,
        date=boundaries.date.isoformat(),
        areas=len(boundaries),
        approximate={code: "; ".join(why) for code, why in boundaries.approximate.items()},
        sources=[source.to_dict() for source in boundaries.sources],
    )


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder but its manifest and the signature of it, by relative path; links are no files."""
    own = {folder / name for name in (MANIFEST, *SIGNATURES)}
    files = sorted(item for item in folder.rglob("*") if item.is_file() and not item.is_symlink() and item not in own)
    return {item.relative_to(folder).as_posix(): sha256_of(item) for item in files}


def strangers(folder: Path) -> tuple[str, ...]:
    """Return what no build writes below a folder: links, folders that are empty, and what is neither file nor folder."""
    found = []
    for item in sorted(folder.rglob("*")):
        name = item.relative_to(folder).as_posix()
        if item.is_symlink():
            found.append(f"{name} (a link)")
        elif item.is_dir():
            if not any(item.iterdir()):
                found.append(f"{name}/ (an empty folder)")
        elif not item.is_file():
            found.append(f"{name} (no file)")
    return tuple(found)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; a folder stands for the manifest in it.

    Raises
    ------
    OutputError
        There is none, or it is not one of ours.
    """
    path = path / MANIFEST if path.is_dir() else path
    try:
        return Manifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise OutputError(f"there is no manifest at {path}", ["name a folder that 'placeatlas build' wrote"]) from error
    except (ValueError, RecursionError) as error:  # of pydantic, too
        raise OutputError(f"{path} is not a manifest of placeatlas", str(error).splitlines()[:5]) from error
