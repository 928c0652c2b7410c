"""From the definition of an index to its indicators on one set of areas, with a receipt for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from boundaries.areas.custom_areas import custom_areas
from boundaries.areas.loading import load_boundary_set
from boundaries.joined.extent import join_within
from boundaries.joined.wanted_areas import common_date
from boundaries.sources.proportions import read_stated
from boundaries.sources.registry import adapter_named
from geo.errors import ConfigError, PlaceatlasError, TableError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.indices.definition import IndexDefinition, IndicatorPart
    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined
    from boundaries.outcomes.table import OutcomeTable

_SIZES = "count"


def join_indicators(definition: IndexDefinition, folders: Sequence[Path]) -> list[Joined]:
    """Read every indicator and join it to the areas of the index.

    Parameters
    ----------
    definition : the index. folders : where relative file names are looked up, in order.

    Raises
    ------
    ConfigError
        Files that are not there or cannot be read or joined, categories and counts, or place bases that are mixed without a
        word; every fault at once.
    """
    tables, faults = [], []
    for part in definition.indicator:
        try:
            tables.append(_read(part, folders))
        except PlaceatlasError as error:
            faults += _told(part, error)
    if not faults:
        faults = meaning_faults(definition, tables)
    if faults:
        raise ConfigError(f"the indicators of '{definition.id}' cannot be used", faults)
    areas = index_areas(definition, tables, folders)
    joined = []
    for part, table in zip(definition.indicator, tables, strict=True):
        try:
            joined.append(join_within(table, areas, period=part.period, where=part.where or None, allow=part.allow))
        except PlaceatlasError as error:
            faults += _told(part, error)
    if faults:
        raise ConfigError(f"the indicators of '{definition.id}' cannot be joined to {areas.in_words}", faults)
    return joined


def meaning_faults(definition: IndexDefinition, tables: Sequence[OutcomeTable]) -> list[str]:
    """Return what is wrong with the meaning of indicators: no scale to compare on, size for level, mixed people."""
    faults = []
    for part, table in zip(definition.indicator, tables, strict=True):
        if table.meta.measure == "category":
            faults.append(f"indicator '{part.id}' is a category: it has no high and low")
        elif table.meta.measure == _SIZES:
            faults.append(f"indicator '{part.id}' is a count, which follows the size of the area: use a rate")
    bases = {part.id: table.meta.place_basis for part, table in zip(definition.indicator, tables, strict=True)}
    if len(set(bases.values())) > 1 and not definition.mixed_basis.strip():
        groups = (
            f"{basis}: {listed(i for i, of in bases.items() if of == basis)}" for basis in sorted({*bases.values()})
        )
        faults.append(
            f"indicators describe different people of a place ({'; '.join(groups)}): "
            'say why they belong together, mixed_basis = "…"'
        )
    return faults


def index_areas(definition: IndexDefinition, tables: Sequence[OutcomeTable], folders: Sequence[Path]) -> BoundarySet:
    """Return the areas of an index: those it states, on its date or the latest on which the codes of all indicators live.

    Raises
    ------
    PlaceatlasError
        No date fits, or members that do not make areas.
    """
    part = definition.boundaries
    if part.members is not None:
        return custom_areas(
            part.members,
            date=part.date,
            nations=part.nations,
            folders=folders,
            scheme="" if part.geography == "LAD" else part.geography,
            layer=part.layer,
        )
    date = part.date or common_date(tables, part.geography)
    return load_boundary_set(part.geography, date, layer=part.layer, nations=part.nations)


def _read(part: IndicatorPart, folders: Sequence[Path]) -> OutcomeTable:
    adapter = adapter_named(part.source)
    name = part.file or adapter.file_of(part.id)
    if name is None:
        raise TableError("no file is named", [f"add file = … (the adapter '{part.source}' cannot tell it from the id)"])
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None and part.source != "bundled":
        looked = listed(map(str, folders)) or "no folder was named to look in"
        raise TableError(f"there is no file {name}", [f"looked in {looked}", "name the folder it lies in with --data"])
    return read_stated(
        part.source,
        Path(name) if path is None else path,
        id=part.id,
        title=part.title,
        measure=part.measure,
        unit=part.unit,
        place_basis=part.place_basis,
        edition=part.edition,
        indicator=part.indicator,
        columns=part.columns or None,
        where=part.where or None,
    )


def _told(part: IndicatorPart, error: PlaceatlasError) -> list[str]:
    return [f"indicator '{part.id}': {error.what}", *(f"  {fault}" for fault in error.faults)]
