"""Builds that stand on disk: which one is meant, and what it holds."""

from __future__ import annotations

from pathlib import Path

from geo.errors import OutputError
from geo.staging import is_ours

DEFAULT_FOLDER = Path("atlas-out")


def build_or_newest(folder: Path | None) -> Path:
    """Return a build's folder: the one named, else the newest in ``atlas-out/``.

    Raises
    ------
    OutputError
        It is not a build, or there is none.
    """
    if folder is not None:
        if not is_ours(folder):
            raise OutputError(f"{folder} is not a build of placeatlas", ["name a folder that 'placeatlas build' wrote"])
        return folder
    builds = [entry for entry in DEFAULT_FOLDER.glob("*") if is_ours(entry)] if DEFAULT_FOLDER.is_dir() else []
    if not builds:
        raise OutputError(f"there is no build in {DEFAULT_FOLDER}/", ["run 'placeatlas build' first, or name one"])
    return max(builds, key=lambda entry: (entry.stat().st_mtime_ns, entry.name))
