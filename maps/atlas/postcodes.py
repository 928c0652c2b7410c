"""The table of postcodes that a configuration names: found, checked against the areas of the atlas, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import ConfigError, listed
from maps.atlas.areas_asked import find_file
from maps.searching import read_postcodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from maps.atlas.config import AtlasConfig


def postcodes_of(
    config: AtlasConfig, folders: Sequence[Path], sets: Iterable[BoundarySet]
) -> dict[str, tuple[str, ...]]:
    """Return the areas of every outward postcode, from the table that a configuration names; nothing where it names none.

    Raises
    ------
    ConfigError
        It is in none of the folders.
    TableError
        Texts that are no outward postcode, or codes of no area of the atlas.
    """
    if not config.postcodes:
        return {}
    found = find_file(config.postcodes, folders)
    if found is None:
        raise ConfigError(
            f"the postcodes '{config.postcodes}' were not found", [f"looked in {listed(map(str, folders))}"]
        )
    return read_postcodes(found, {str(code) for areas in sets for code in areas.frame["code"]})
