"""Neighbours of a coverage, by the vertices and edges they share, and what that misses in files that are not clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely

from geo.errors import GeometryError
from geo.topology.vertices import vertex_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Links = tuple[Integers, Integers]


def contiguity_links(geometries: Sequence[Any] | NDArray[Any], *, kind: Literal["queen", "rook"] = "queen") -> Links:
    """Find the areas that share a vertex (queen) or an edge (rook).

    Parameters
    ----------
    geometries : polygons and multipolygons of one coverage; vertices count as shared when equal to the last bit.
    kind : "queen" or "rook".

    Returns
    -------
    heads, tails : positions of the two ends of each link, both directions, sorted by head and then tail. An area
        without neighbours occurs in neither.

    Raises
    ------
    GeometryError
        A kind of contiguity that does not exist.

    Notes
    -----
    Linear in the number of vertices but for one sort. Borders drawn with different vertices on their two sides are
    not seen: ``disagreements`` lists them.
    """
    if kind == "queen":
        return shared_vertex_links(geometries)
    if kind == "rook":
        return _shared_edge_links(geometries)
    raise GeometryError(f"contiguity is 'queen' or 'rook', not {kind!r}")


def shared_vertex_links(geometries: Sequence[Any] | NDArray[Any]) -> Links:
    """Find the areas that share a vertex: queen contiguity. See ``contiguity_links``."""
    areas = np.asarray(geometries, dtype=object)
    coordinates, area = shapely.get_coordinates(areas, return_index=True)
    vertex, _ = vertex_ids(coordinates)
    return _pairs(vertex, area, len(areas))


def disagreements(geometries: Sequence[Any] | NDArray[Any], heads: Integers, tails: Integers) -> pd.DataFrame:
    """List the pairs of areas that meet on the ground but are not linked, with how they meet.

    Parameters
    ----------
    geometries : valid polygons and multipolygons.
    heads, tails : links as ``contiguity_links`` gives them.

    Returns
    -------
    One row a pair, ``head`` < ``tail``: positions; ``relation`` "overlap", "border" or "point"; ``area`` and
    ``length`` of what they share, in units of the coordinates. Sorted by head and tail; empty for a clean coverage.
    """
    areas = np.asarray(geometries, dtype=object)
    first, second = shapely.STRtree(areas).query(areas, predicate="intersects")
    linked = np.asarray(heads) * len(areas) + np.asarray(tails)
    forward = first < second
    first, second = first[forward], second[forward]
    missed = ~np.isin(first * len(areas) + second, linked)
    order = np.lexsort((second[missed], first[missed]))
    first, second = first[missed][order], second[missed][order]
    common = shapely.intersection(areas[first], areas[second])
    area, length = shapely.area(common), shapely.length(common)
    relation = np.where(area > 0, "overlap", np.where(length > 0, "border", "point"))
    return pd.DataFrame({"head": first, "tail": second, "relation": relation, "area": area, "length": length})


def _shared_edge_links(geometries: Sequence[Any] | NDArray[Any]) -> Links:
    areas = np.asarray(geometries, dtype=object)
    parts, part_area = shapely.get_parts(areas, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    vertex, count = vertex_ids(coordinates)
    along = ring[1:] == ring[:-1]
    start, end = vertex[:-1][along], vertex[1:][along]
    real = start != end
    start, end = start[real], end[real]
    edge = np.minimum(start, end) * count + np.maximum(start, end)  # count² stays far below 2⁶³ for any real layer
    return _pairs(edge, part_area[ring_part[ring[1:][along][real]]], len(areas))


def _pairs(key: Integers, area: Integers, n_areas: int) -> Links:
    """Link the areas that hold an equal key, each link once in both directions."""
    order = np.argsort(key)
    key, area = key[order], area[order]
    found = []
    place = np.arange(len(key) - 1)
    lag = 1
    while len(place):  # one round for each further area at a vertex: three or four rounds for real maps
        place = place[place + lag < len(key)]
        place = place[key[place] == key[place + lag]]
        one, other = area[place], area[place + lag]
        different = one != other
        found.append(np.unique(np.minimum(one, other)[different] * n_areas + np.maximum(one, other)[different]))
        lag += 1
    pairs = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    low, high = np.divmod(pairs, n_areas)
    heads, tails = np.r_[low, high], np.r_[high, low]
    order = np.lexsort((tails, heads))
    return heads[order], tails[order]
