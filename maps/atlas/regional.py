"""Part of the areas of an atlas, with what is known of them and the sources that a map of them needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from boundaries.bundled.layers import NATION_LINES, sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source

SHAPES_OF = (("EW", "geometry_ew"), ("S", "geometry_scotland"), ("N", "geometry_ni"))
"""Nations, and the bundled source of their shapes."""

FRAME_MARGIN = 0.25
"""A regional map shows land round its areas: no farther than this share of their longer side."""


def part_of(whole: BoundarySet, codes: Iterable[str]) -> BoundarySet:
    """Return the areas of a set that are named, with their members, atoms, approximate shapes and sources.

    The sources of nations that a map of these areas does not show, not even as grey land around them, are left out; of the
    sources of residents and codes, the lines of nations that none of the areas lies in.
    """
    wanted = set(codes)
    frame = whole.frame[whole.frame["code"].isin(wanted)].reset_index(drop=True)
    west, south, east, north = frame.total_bounds
    margin = FRAME_MARGIN * max(east - west, north - south)
    shown = set(whole.frame.cx[west - margin : east + margin, south - margin : north + margin]["nation"])
    bundled = sources()
    drawn = {bundled[name].title for _, name in SHAPES_OF}
    unseen = {bundled[name].title for nations, name in SHAPES_OF if not shown & set(nations)}
    own = set(frame["nation"])
    said = (source if source.title in drawn else _said_in(own, source) for source in whole.sources)
    return replace(
        whole,
        frame=frame,
        sources=tuple(source for source in said if source is not None and source.title not in unseen),
        approximate={code: why for code, why in whole.approximate.items() if code in wanted},
        members=_rows_of(whole.members, wanted),
        atoms=_rows_of(whole.atoms, wanted),
        districts=_rows_of(whole.districts, wanted),
    )


def _said_in(nations: set[str], source: Source) -> Source | None:
    """Return a source with the lines that its data of some nations ask for; None where all its lines are of others."""
    foreign = {line for nation, own in NATION_LINES.items() if nation not in nations for line in own}
    lines = tuple(line for line in source.attribution if line.rstrip(".") not in foreign)
    return replace(source, attribution=lines) if lines or not source.attribution else None


def _rows_of(table: pd.DataFrame | None, codes: set[str]) -> pd.DataFrame | None:
    return None if table is None else table[table["code"].isin(codes)].reset_index(drop=True)
