"""The manifest: what went in, what came out, and how to make it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo import __version__
from geo.provenance import sha256_of
from geo.staging import MANIFEST, TOOL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from analysis.study import Study
    from maps.atlas.config import AtlasConfig

TABLES = "data/"
"""``replay`` proves the files below this folder byte for byte."""


def manifest(config: AtlasConfig, studies: Sequence[Study], out: Path, inputs: Iterable[Path]) -> dict[str, Any]:
    """Describe a finished build.

    Parameters
    ----------
    config : what was asked for. studies : what was computed.
    out : the folder that was written; every file in it is listed with its hash.
    inputs : outcome files that were read.
    """
    boundaries = studies[0].joined.boundaries
    files = sorted(item for item in out.rglob("*") if item.is_file() and item.name != MANIFEST)
    return {
        "tool": TOOL,
        "version": __version__,
        "config": config.model_dump(mode="json", by_alias=True),
        "boundaries": {
            "geography": boundaries.geography,
            "date": boundaries.date.isoformat(),
            "areas": len(boundaries),
            "approximate": dict(boundaries.approximate),
            "sources": [source.to_dict() for source in boundaries.sources],
        },
        "inputs": {path.name: sha256_of(path) for path in sorted(inputs)},
        "sources": {study.joined.meta.id: study.joined.meta.source.to_dict() for study in studies},
        "parameters": {study.joined.meta.id: study.to_parameters() for study in studies},
        "files": {item.relative_to(out).as_posix(): sha256_of(item) for item in files},
    }
