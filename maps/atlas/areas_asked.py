"""Which areas an outcome of a configuration stands on, and the areas themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from boundaries.areas.coded_layers import is_coded
from boundaries.areas.custom_areas import custom_areas, refuse_foreign_ids
from boundaries.areas.loading import load_boundary_set
from boundaries.joined.wanted_areas import common_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeTable
    from maps.atlas.config import AtlasConfig, BoundariesPart, OutcomePart

BASE = "LAD"
"""Custom geographies are made of local authorities."""


def find_file(name: str, folders: Sequence[Path]) -> Path | None:
    """Find a file by its relative name in the folders, in order; an absolute name stands for itself."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def areas_asked(config: AtlasConfig, part: OutcomePart) -> BoundariesPart:
    """Return which areas an outcome is joined to: its own where it names any, of the same nations and within the same place."""
    whole = config.boundaries
    if part.geography is None and part.members is None:
        return whole
    # The layer of the atlas has the shapes of its own geography, and of what members make of it.
    shared = part.geography in {None, whole.geography} or whole.layer in {"bundled", "official"}
    own = {
        "geography": part.geography or BASE,
        "members": part.members,
        "date": part.date,
        "layer": part.layer or (whole.layer if shared else "bundled"),
        "code": part.code,
        "name": part.name,
        "lookup": part.lookup,
        "scenario": None,
    }
    asked = whole.model_copy(update=own)
    return whole if asked == whole else asked


def atlas_boundaries(part: BoundariesPart, tables: Sequence[OutcomeTable], folders: Sequence[Path]) -> BoundarySet:
    """Load boundaries; without a date, those of the latest epoch in which all codes live.

    Raises
    ------
    PlaceatlasError
        No date fits, members that do not make areas, or outcomes whose codes are not of their form.
    """
    layer = _layer_of(part, folders)
    if part.members is None:
        stated = part.geography if "geography" in part.model_fields_set else ""
        coded = is_coded(stated, layer, part.code)
        return load_boundary_set(
            stated if coded else part.geography,
            part.date or (None if coded else common_date(tables, part.geography)),
            layer=layer,
            nations=part.nations,
            scenario=part.scenario,
            layer_code=part.code,
            layer_name=part.name,
            lookup=part.lookup,
            folders=[*folders, Path()],
        )
    areas = custom_areas(
        part.members,
        date=part.date,
        nations=part.nations,
        folders=folders,
        scheme="" if part.geography == BASE else part.geography,
        layer=layer,
        scenario=part.scenario,
    )
    for table in tables:
        refuse_foreign_ids(table, areas)
    return areas


def _layer_of(part: BoundariesPart, folders: Sequence[Path]) -> str:
    """Return the layer of a configuration, a relative file looked up in its folders."""
    if part.layer in {"bundled", "official"}:
        return part.layer
    file, colons, name = part.layer.partition("::")
    found = find_file(file, [*folders, Path()])
    return f"{found or file}{colons}{name}"
