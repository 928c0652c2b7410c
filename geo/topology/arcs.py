"""A coverage as arcs on an integer grid, each border stored once; and its exact dissolve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import GeometryError, listed
from geo.topology.vertices import vertex_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

MIN_RING = 3
"""Distinct points of the smallest ring."""


@dataclass(frozen=True, slots=True)
class Topology:
    """Areas made of polygons, polygons of rings, rings of arcs, arcs of grid points.

    Each ``*_offsets`` array holds where each item begins and, last, where the last one ends.

    Parameters
    ----------
    ids : one a area.
    points : shape (n_points, 2), grid coordinates along all arcs.
    arc_offsets : shape (n_arcs + 1,), into ``points``.
    ring_arcs : number of an arc, or ``~number`` when the ring runs along it backwards.
    ring_offsets : shape (n_rings + 1,), into ``ring_arcs``; the first ring of a polygon is its shell (anticlockwise).
    polygon_offsets : shape (n_polygons + 1,), into the rings.
    area_offsets : shape (n_areas + 1,), into the polygons.
    scale : size of a grid cell in units of the CRS, along x and y.
    origin : coordinates of grid point (0, 0).
    crs : in which the coordinates are.
    """

    ids: tuple[str, ...]
    points: Integers
    arc_offsets: Integers
    ring_arcs: Integers
    ring_offsets: Integers
    polygon_offsets: Integers
    area_offsets: Integers
    scale: tuple[float, float] = (1.0, 1.0)
    origin: tuple[float, float] = (0.0, 0.0)
    crs: str = ""

    def __repr__(self) -> str:
        """State the numbers of areas, arcs and points."""
        return f"Topology({len(self.ids)} areas, {len(self.arc_offsets) - 1} arcs, {len(self.points)} points; {self.crs or 'no CRS'})"

    @property
    def coordinates(self) -> NDArray[np.float64]:
        """Return the points in the CRS, shape (n_points, 2)."""
        return np.asarray(self.points * np.asarray(self.scale) + np.asarray(self.origin), dtype=np.float64)


def topology_of(
    geometries: Sequence[Any] | NDArray[Any],
    ids: Sequence[str],
    *,
    scale: tuple[float, float] = (1.0, 1.0),
    origin: tuple[float, float] = (0.0, 0.0),
    crs: str = "",
) -> Topology:
    """Cut the borders of areas into arcs, each stored once.

    Parameters
    ----------
    geometries : polygons and multipolygons. Borders are shared where vertices are shared, so a valid coverage gives
        one arc a border; several layers of one coverage (districts and their regions) may be given together.
    ids : one a geometry; unique within what the caller calls a layer, not necessarily here.
    scale, origin : the grid on which coordinates are rounded.
    crs : kept with the result.

    Raises
    ------
    GeometryError
        Something that is not a polygon, or numbers of geometries and ids that differ.

    Notes
    -----
    A point is a junction when the rings through it do not all pass between the same two points. Rounding may
    collapse a ring; collapsed rings, and polygons whose shell collapsed, are left out.
    """
    areas = np.asarray(geometries, dtype=object)
    _check_polygons(areas, ids)
    parts, part_area = shapely.get_parts(shapely.orient_polygons(areas), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    grid, lengths, kept = _rounded(rings, scale, origin)
    shell = np.diff(ring_part, prepend=-1) != 0
    shell_kept = np.zeros(len(parts), dtype=np.bool_)
    shell_kept[ring_part[shell]] = kept[shell]
    whole = shell_kept[ring_part]
    grid = grid[np.repeat(whole[kept], lengths)]
    lengths = lengths[whole[kept]]
    ring_part = ring_part[kept & whole]
    offsets = _offsets(lengths)
    points, arc_offsets, ring_arcs, uses = _cut(grid, offsets)
    live = np.unique(ring_part)
    return Topology(
        ids=tuple(map(str, ids)),
        points=points,
        arc_offsets=arc_offsets,
        ring_arcs=ring_arcs,
        ring_offsets=_offsets(uses),
        polygon_offsets=_offsets(np.unique(ring_part, return_counts=True)[1]),
        area_offsets=_offsets(np.bincount(part_area[live], minlength=len(areas))),
        scale=scale,
        origin=origin,
        crs=crs,
    )


def geometries_of(topology: Topology, *, areas: Sequence[int] | Integers | None = None) -> NDArray[Any]:
    """Return the areas as polygons and multipolygons (shells anticlockwise).

    Parameters
    ----------
    topology : the coverage.
    areas : positions of the wanted areas; all when None.

    Returns
    -------
    shape (n_areas,), object; an area whose rings all collapsed is an empty polygon.
    """
    chosen = np.arange(len(topology.ids)) if areas is None else np.asarray(areas, dtype=np.int64)
    polygons, polygon_counts = _slices(topology.area_offsets, chosen)
    rings, ring_counts = _slices(topology.polygon_offsets, polygons)
    uses, use_counts = _slices(topology.ring_offsets, rings)
    index, steps = _along(topology.arc_offsets, topology.ring_arcs[uses])
    per_ring = np.add.reduceat(steps, _offsets(use_counts)[:-1]) if len(rings) else np.empty(0, dtype=np.int64)
    lines = shapely.linearrings(topology.coordinates[index], indices=np.repeat(np.arange(len(rings)), per_ring))
    shapes = shapely.polygons(lines, indices=np.repeat(np.arange(len(polygons)), ring_counts))
    return _gathered(shapes, polygon_counts)


def _gathered(polygons: NDArray[Any], counts: Integers) -> NDArray[Any]:
    """Turn runs of polygons into areas: none gives an empty polygon, one a polygon, more a multipolygon."""
    result = np.full(len(counts), shapely.Polygon(), dtype=object)
    single, many = counts == 1, counts > 1
    result[single] = polygons[(np.cumsum(counts) - counts)[single]]
    if many.any():
        members = polygons[np.repeat(many, counts)]
        result[many] = shapely.multipolygons(members, indices=np.repeat(np.arange(int(many.sum())), counts[many]))
    return result


def _check_polygons(areas: NDArray[Any], ids: Sequence[str]) -> None:
    faults = []
    if len(areas) != len(ids):
        faults.append(f"{len(areas)} geometries but {len(ids)} ids")
    else:
        kinds = shapely.get_type_id(areas)
        odd = np.flatnonzero((kinds != shapely.GeometryType.POLYGON) & (kinds != shapely.GeometryType.MULTIPOLYGON))
        if len(odd):
            faults.append(f"not polygons: {listed(ids[int(i)] for i in odd)}")
    if faults:
        raise GeometryError("a topology is made of polygons, one id each", faults)


def _rounded(
    rings: NDArray[Any], scale: tuple[float, float], origin: tuple[float, float]
) -> tuple[Integers, Integers, NDArray[np.bool_]]:
    """Put rings on the grid, open (last point ≠ first) and without repeats: points, ring lengths, which rings survive."""
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint((coordinates - np.asarray(origin)) / np.asarray(scale)).astype(np.int64)
    # of points that became equal the last stays, but a ring's closing point always goes: its first point stands for it
    last = np.r_[np.diff(ring) != 0, True] if len(ring) else np.empty(0, dtype=np.bool_)
    same = np.r_[np.all(grid[1:] == grid[:-1], axis=1), False] if len(ring) else last
    keep = ~last & ~same
    counts = np.bincount(ring[keep], minlength=len(rings))
    survives = counts >= MIN_RING
    keep &= survives[ring]
    return grid[keep], counts[survives], survives


def _cut(grid: Integers, offsets: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """Cut open rings at junctions: points, arc offsets, signed arcs along all rings, number of arcs of each ring."""
    lengths = np.diff(offsets)
    if len(lengths) == 0:
        nothing = np.empty(0, dtype=np.int64)
        return np.empty((0, 2), dtype=np.int64), np.zeros(1, dtype=np.int64), nothing, nothing
    starts = offsets[:-1]
    vertex, count = vertex_ids(grid)
    before, after = np.arange(len(grid)) - 1, np.arange(len(grid)) + 1
    before[starts], after[offsets[1:] - 1] = offsets[1:] - 1, starts
    junction = _junctions(vertex, count, vertex[before], vertex[after])
    bare = ~np.logical_or.reduceat(junction[vertex], starts)
    # a ring without a junction (an island, an enclave) is cut at its westernmost point, the same for both sides
    loose = np.flatnonzero(np.repeat(bare, lengths))
    west = loose[np.lexsort((grid[loose, 1], grid[loose, 0], np.repeat(np.arange(len(bare)), lengths)[loose]))]
    junction[vertex[west[_offsets(lengths[bare])[:-1]]]] = True
    place = np.arange(len(grid))
    first = np.minimum.reduceat(np.where(junction[vertex], place, len(grid)), starts)
    turned = np.repeat(starts, lengths) + (place - np.repeat(2 * starts - first, lengths)) % np.repeat(lengths, lengths)
    vertex, grid = vertex[turned], grid[turned]
    begin = np.flatnonzero(junction[vertex])
    ring_of = np.searchsorted(offsets, begin, side="right") - 1
    uses = np.bincount(ring_of, minlength=len(lengths))
    final = np.r_[np.diff(ring_of) != 0, True]  # the last arc of each ring ends at the ring's first point
    stop = np.where(final, offsets[ring_of + 1], np.r_[begin[1:], 0])
    end = np.where(final, starts[ring_of], stop)
    second = np.where(begin + 1 < offsets[ring_of + 1], begin + 1, starts[ring_of])
    forwards = vertex[begin] * count + vertex[second]
    backwards = vertex[end] * count + vertex[stop - 1]
    _, model, arc = np.unique(np.minimum(forwards, backwards), return_index=True, return_inverse=True)
    order = np.argsort(model)  # arcs in order of first use, so that equal input gives equal output
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    model, arc = model[order], rank[arc]
    signed = np.where(forwards == forwards[model][arc], arc, ~arc)
    runs = stop[model] - begin[model]
    index = _ranges(begin[model], runs + 1)
    index[np.cumsum(runs + 1) - 1] = end[model]
    return grid[index], _offsets(runs + 1), signed, uses


def _junctions(vertex: Integers, count: int, before: Integers, after: Integers) -> NDArray[np.bool_]:
    """Mark the points through which rings do not all pass between the same two neighbours."""
    order = np.argsort(vertex, kind="stable")
    starts = np.searchsorted(vertex[order], np.arange(count))
    low, high = np.minimum(before, after)[order], np.maximum(before, after)[order]
    mixed_low = np.minimum.reduceat(low, starts) != np.maximum.reduceat(low, starts)
    mixed_high = np.minimum.reduceat(high, starts) != np.maximum.reduceat(high, starts)
    return np.asarray(mixed_low | mixed_high, dtype=np.bool_)


def _along(arc_offsets: Integers, signed: Integers) -> tuple[Integers, Integers]:
    """Return the points along signed arcs, without each arc's last one, and how many each arc gives."""
    back = signed < 0
    arc = np.where(back, ~signed, signed)
    steps = np.diff(arc_offsets)[arc] - 1
    along = _ranges(np.zeros(len(arc), dtype=np.int64), steps)
    start = np.where(back, arc_offsets[arc + 1] - 1, arc_offsets[arc])
    return np.repeat(start, steps) + np.where(np.repeat(back, steps), -along, along), steps


def _slices(offsets: Integers, chosen: Integers) -> tuple[Integers, Integers]:
    """Return the positions of all items of the chosen groups, and how many each group holds."""
    counts = np.diff(offsets)[chosen]
    return _ranges(offsets[:-1][chosen], counts), counts


def _ranges(starts: Integers, counts: Integers) -> Integers:
    """Return start, start + 1, … for each count, end to end."""
    places: Integers = np.arange(int(counts.sum())) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
    return places


def _offsets(counts: Integers) -> Integers:
    return np.concatenate(([0], np.cumsum(counts)), dtype=np.int64)
