"""What the tables of an atlas say of themselves, in a file beside each: sources, licences, and of every outcome what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.sources.sidecars import WITHOUT_PERIOD, stated_by, stated_of, write_sidecar
from maps.atlas.columns import stated_columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from maps.atlas.whole import Atlas

_BY_OUTCOME = ("levels", "series", "warnings", "claims", "clusters", "clusters-by-kind", "whole-map", "larger-areas")
"""Tables with a row an outcome and area, or kind of place: a column ``outcome`` says which."""


def write_described(atlas: Atlas, tables: Iterable[Path]) -> list[Path]:
    """Write the description of every CSV among files."""
    stated = stated_by(atlas.sources)
    outcomes = {study.joined.meta.id: stated_of(study.joined.meta) for study in atlas.studies}
    columns = stated_columns(atlas.studies)
    written = []
    for table in (path for path in tables if path.suffix == ".csv"):
        about = {"title": f"{atlas.config.title}: {table.stem}", **stated}
        of_areas = columns if table.stem.startswith("areas") else None
        if of_areas:
            about |= WITHOUT_PERIOD
        groups = {"outcome": outcomes} if table.stem in _BY_OUTCOME else None
        written.append(write_sidecar(table, about, columns=of_areas, groups=groups))
    return written
