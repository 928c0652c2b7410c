"""Outcomes that may be left out: taken when a folder has their file, said when none has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.sources.registry import adapter_named
from geo.errors import ConfigError, listed
from maps.atlas.inputs import find_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from maps.atlas.config import AtlasConfig, OutcomePart


def without_absent(config: AtlasConfig, folders: Sequence[Path]) -> tuple[AtlasConfig, tuple[str, ...]]:
    """Return a configuration without the optional outcomes whose files are not there, and a sentence for each.

    Parameters
    ----------
    config : the atlas. folders : where relative file names are looked up, in order.

    Returns
    -------
    tuple
        The configuration that is built (and stands in the manifest), and what was left out and why. A file that is there
        but cannot be read is no absent one: reading it fails as that of any other outcome.

    Raises
    ------
    ConfigError
        Every outcome is optional and none is there.
    """
    absent = [part for part in config.outcome if part.optional and not _is_there(part, folders)]
    if not absent:
        return config, ()
    kept = tuple(part for part in config.outcome if part not in absent)
    looked = listed(map(str, folders)) or "no folder was named to look in"
    if not kept:
        names = listed(part.id for part in absent)
        raise ConfigError(
            f"'{config.slug}' has nothing to show: every outcome is optional, and none of {names} has a file",
            [f"looked in {looked}", "name the folder they lie in with --data"],
        )
    said = tuple(f"Left out, as its file is not there: {part.id} ({_name_of(part)})." for part in absent)
    return config.model_copy(update={"outcome": kept}), said


def _is_there(part: OutcomePart, folders: Sequence[Path]) -> bool:
    if part.source == "bundled":
        return True
    name = _name_of(part)
    # A name nobody can tell is a fault of the configuration, which reading reports.
    return not name or find_file(name, folders) is not None


def _name_of(part: OutcomePart) -> str:
    return part.file or adapter_named(part.source).file_of(part.id) or ""
