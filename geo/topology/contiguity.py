"""Neighbours of a coverage, by the vertices and edges they share, and what that misses in files that are not clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely

from geo.errors import GeometryError
from geo.topology.vertices import mixed, vertex_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Links = tuple[Integers, Integers]


MAX_AREA_BITS = 20
"""Above a million areas keys would have fewer than 44 bits, too few to tell points apart."""

TABLE_BITS = 22


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

    Examples
    --------
    >>> west, east, north = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(0, 1, 1, 2)
    >>> [ends.tolist() for ends in contiguity_links([west, east, north])]
    [[0, 0, 1, 1, 2, 2], [1, 2, 0, 2, 0, 1]]
    >>> [ends.tolist() for ends in contiguity_links([west, east, north], kind="rook")]
    [[0, 0, 1, 2], [1, 2, 0, 0]]
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
    return _links(vertex_keys(coordinates), area, len(areas), rows=lambda places: coordinates[places])


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
    keys = vertex_keys(coordinates)
    first = np.flatnonzero((ring[1:] == ring[:-1]) & (keys[1:] != keys[:-1]))
    start, end = keys[first], keys[first + 1]
    # either direction gives the same key; the second mix keeps (a, b) apart from (a + 1, b − 1)
    both = mixed(np.minimum(start, end) + mixed(np.maximum(start, end)))

    def rows(places: Integers) -> NDArray[np.float64]:
        ends = np.stack([coordinates[first[places]], coordinates[first[places] + 1]], axis=1)
        swapped = (ends[:, 0, 0] > ends[:, 1, 0]) | ((ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1]))
        ends[swapped] = ends[swapped, ::-1]
        return ends.reshape(-1, 4)

    return _links(both, part_area[ring_part[ring[first]]], len(areas), rows=rows)


def _links(
    keys: NDArray[np.uint64], area: Integers, n_areas: int, *, rows: Callable[[Integers], NDArray[np.float64]]
) -> Links:
    """Link the areas that hold an equal key; ``rows`` gives the coordinates behind the keys at some places.

    Notes
    -----
    The top bits of a key and the number of its area are packed into one word, because sorting words is ten times as
    fast as sorting an index. Such short keys may coincide (expected: once in two hundred layers of two million
    vertices), which could only add a link; so links that rest on a single key are looked at again with full
    coordinates. A false link would need two coincidences between the same two areas.
    """
    bits = np.uint64(max(int(n_areas - 1).bit_length(), 1))
    if bits > MAX_AREA_BITS:
        raise GeometryError(
            f"contiguity is counted for at most {1 << MAX_AREA_BITS:,} areas at once, found {n_areas:,}",
            ["cut the layer"],
        )
    number = (keys >> bits).view(np.int64)
    words = np.sort((keys >> bits << bits) | area.astype(np.uint64))
    words = words[np.r_[True, words[1:] != words[:-1]]] if len(words) else words
    shared, pairs = _shared(
        (words >> bits).view(np.int64), (words & ((np.uint64(1) << bits) - np.uint64(1))).view(np.int64), n_areas
    )
    order = np.argsort(pairs)
    shared, pairs = shared[order], pairs[order]
    starts = np.flatnonzero(np.diff(pairs, prepend=-1))
    single = np.diff(starts, append=len(pairs)) == 1
    places = _places(number, shared[starts[single]])
    _, exact = np.unique(rows(places), axis=0, return_inverse=True)
    exact = exact.ravel()  # numpy 2.0.0 gives a column
    order = np.lexsort((area[places], exact))
    _, sure = _shared(exact[order], area[places][order], n_areas)
    pairs = pairs[starts]
    pairs = pairs[~single | np.isin(pairs, sure)]
    low, high = np.divmod(pairs, max(n_areas, 1))
    heads, tails = np.r_[low, high], np.r_[high, low]
    order = np.argsort(heads * n_areas + tails)
    return heads[order], tails[order]


def _shared(number: Integers, owner: Integers, n_owners: int) -> tuple[Integers, Integers]:
    """Return every number that two owners share, and lower owner × n + higher owner; input sorted by number and owner."""
    numbers, pairs = [number[:0]], [owner[:0]]
    place = np.flatnonzero(number[1:] == number[:-1])
    lag = 1
    while len(place):  # one round for each further owner of a number: three or four rounds for real maps
        other = place + lag
        apart = owner[place] != owner[other]
        numbers.append(number[place][apart])
        pairs.append((owner[place] * n_owners + owner[other])[apart])
        lag += 1
        place = place[place + lag < len(number)]
        place = place[number[place] == number[place + lag]]
    return np.concatenate(numbers), np.concatenate(pairs)


def _places(number: Integers, wanted: Integers) -> Integers:
    """Return where wanted numbers stand, by a table of their low bits first, because nearly all are not wanted."""
    table = np.zeros(1 << TABLE_BITS, dtype=np.bool_)
    table[wanted & (len(table) - 1)] = True
    likely = np.flatnonzero(table[number & (len(table) - 1)])
    return likely[np.isin(number[likely], wanted)]
