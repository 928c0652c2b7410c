"""From a configuration to joined outcomes: which files, which boundaries, which date."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.study import StudyConfig
from boundaries.areas.custom_areas import custom_areas, refuse_foreign_ids
from boundaries.areas.loading import load_boundary_set
from boundaries.joined.extent import join_within
from boundaries.joined.wanted_areas import common_date
from boundaries.sources.proportions import read_stated
from boundaries.sources.registry import adapter_named
from geo.errors import ConfigError, PlaceatlasError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined
    from boundaries.outcomes.table import OutcomeTable
    from maps.atlas.config import AtlasConfig, OutcomePart

BASE = "LAD"
"""Custom geographies are made of local authorities."""


def find_file(name: str, folders: Sequence[Path]) -> Path | None:
    """Find a file by its relative name in the folders, in order; an absolute name stands for itself."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def study_config(config: AtlasConfig, folders: Sequence[Path]) -> StudyConfig:
    """Return how a configuration wants its outcomes studied.

    Parameters
    ----------
    config : the atlas. folders : where files of typologies are looked up, in order.

    Raises
    ------
    ConfigError
        A typology that cannot be found or read.
    PluginError
        Statistics or layers that are not installed, or cannot be loaded.
    """
    part = config.statistics
    return StudyConfig(
        weights=part.weights,
        permutations=part.permutations,
        correction=part.correction,
        alpha=part.alpha,
        seed=part.seed,
        robust=part.robustness,
        extra=part.extra,
        layers=config.layers.extra,
        typologies=tuple(str(find_file(name, folders) or name) for name in config.layers.typologies),
    )


def layout_file(config: AtlasConfig, folders: Sequence[Path]) -> Path | None:
    """Return the file of the published layout of hexagons that a configuration names; None where it names none.

    Raises
    ------
    ConfigError
        It is in none of the folders.
    """
    name = config.outputs.hex_layout
    if not name or "hex" not in config.outputs.kinds:
        return None
    found = find_file(name, folders)
    if found is None:
        raise ConfigError(f"the layout '{name}' was not found", [f"looked in {listed(map(str, folders))}"])
    return found


def read_outcomes(config: AtlasConfig, folders: Sequence[Path]) -> tuple[list[OutcomeTable], list[Path]]:
    """Read every outcome of a configuration.

    Parameters
    ----------
    config : the atlas. folders : where relative file names are looked up, in order.

    Returns
    -------
    tuple
        The tables in the order of the configuration, and the files that were read.

    Raises
    ------
    ConfigError
        Files that were not found, or an outcome that cannot be read; every fault at once.
    """
    tables, files, faults = [], [], []
    helps: list[Remedy] = []
    for part in config.outcome:
        try:
            path = _file_of(part, folders)
            tables.append(_read(part, path))
        except PlaceatlasError as error:
            faults += [f"outcome '{part.id}': {error.what}", *(f"  {fault}" for fault in error.faults)]
            helps += [replace(remedy, scope=part.id) for remedy in error.remedies]
        else:
            if path.is_file():
                files.append(path)
    if faults:
        raise ConfigError(f"the outcomes of '{config.slug}' cannot be read", faults, helps)
    return tables, files


def _file_of(part: OutcomePart, folders: Sequence[Path]) -> Path:
    adapter = adapter_named(part.source)
    name = part.file or adapter.file_of(part.id)
    if name is None:
        raise ConfigError(
            "no file is named", [f"add file = … (the adapter '{part.source}' cannot tell it from the id)"]
        )
    if part.source == "bundled":
        return Path(name)
    path = find_file(name, folders)
    if path is None:
        looked = listed(str(folder) for folder in folders)
        where = f"looked in {looked}" if looked else "no folder was named to look in"
        raise ConfigError(
            f"there is no file {name}", [where], [Remedy("data", purpose="to name the folder it lies in")]
        )
    return path


def _read(part: OutcomePart, path: Path) -> OutcomeTable:
    options = {
        "id": part.id,
        "title": part.title,
        "measure": part.measure,
        "unit": part.unit,
        "favourable": part.favourable,
        "columns": part.columns or None,
        "indicator": part.indicator,
        "where": part.where or None,
    }
    return read_stated(part.source, path, **options)


def atlas_boundaries(config: AtlasConfig, tables: Sequence[OutcomeTable], folders: Sequence[Path]) -> BoundarySet:
    """Load the boundaries of a configuration; without a date, those of the latest epoch in which all codes live.

    Raises
    ------
    PlaceatlasError
        No date fits, members that do not make areas, or outcomes whose codes are not of their form.
    """
    part = config.boundaries
    if part.members is None:
        date = part.date or common_date(tables, part.geography)
        return load_boundary_set(part.geography, date, layer=part.source, nations=part.nations, scenario=part.scenario)
    areas = custom_areas(
        part.members,
        date=part.date,
        nations=part.nations,
        folders=folders,
        scheme="" if part.geography == BASE else part.geography,
        layer=part.source,
        scenario=part.scenario,
    )
    for table in tables:
        refuse_foreign_ids(table, areas)
    return areas


def join_outcomes(config: AtlasConfig, tables: Sequence[OutcomeTable], boundaries: BoundarySet) -> list[Joined]:
    """Join every outcome to the boundaries; every refusal is reported at once.

    Raises
    ------
    ConfigError
        One or more joins would lose or double data.
    """
    joined, faults = [], []
    helps: list[Remedy] = []
    for part, table in zip(config.outcome, tables, strict=True):
        try:
            joined.append(
                join_within(
                    table,
                    boundaries,
                    place=config.boundaries.within,
                    period=part.period,
                    where=part.where or None,
                    allow=part.allow,
                )
            )
        except PlaceatlasError as error:
            faults += [f"outcome '{part.id}': {error.what}", *(f"  {fault}" for fault in error.faults)]
            helps += [replace(remedy, scope=part.id) for remedy in error.remedies]
    if faults:
        raise ConfigError(f"the outcomes of '{config.slug}' cannot be joined to {boundaries.in_words}", faults, helps)
    return joined
