"""Geometry of a page: one copy for all its layers, shared borders once, steps on a grid as short text."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import UK_EQUAL_AREA
from geo.topology import topology_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.topology import Topology

    IntArray = np.ndarray[Any, np.dtype[np.int64]]

GRIDS_M = (50, 20, 10, 5, 2, 1)
"""Sides of a grid cell in metres; 50 for the whole country, where shapes are generalised to hundreds of metres."""

CELLS = 20_000
"""The longer side of the areas' extent is at least so many cells where the finest grid allows it."""

VERTEX_BUDGET = 60_000
"""Shapes with more vertices are generalised, so that a page of 361 areas stays well below 2 MB."""

TOLERANCES_M = (50.0, 100.0, 200.0, 400.0, 800.0)

_DIGITS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class PageShapes:
    """Shapes as a page holds them.

    Parameters
    ----------
    content : ``grid``, ``arcs`` (one text each), ``shapes`` and ``land`` (polygons of rings of arc numbers, a reversed arc
        as its complement, as in TopoJSON).
    tolerance_m : by how much shapes were generalised for the page; 0 when as given.
    """

    content: dict[str, Any]
    tolerance_m: float


def page_shapes(areas: gpd.GeoDataFrame, land: gpd.GeoDataFrame | None) -> PageShapes:
    """Turn areas, and the land around them, into what a page holds.

    Parameters
    ----------
    areas : polygons in any CRS, in the order of the page's codes.
    land : grey context; cut to the surroundings of the areas.
    """
    shapes, tolerance = _generalised(areas.to_crs(UK_EQUAL_AREA).geometry)
    context = _surroundings(shapes, land)
    everything = pd.concat([shapes, context], ignore_index=True)
    left, bottom, right, top = shapes.total_bounds
    fitting = [side for side in GRIDS_M if side * CELLS <= max(right - left, top - bottom)]
    step = fitting[0] if fitting else GRIDS_M[-1]
    west, south = (float(np.floor(edge / step) * step) for edge in everything.total_bounds[:2])
    topology = topology_of(
        np.asarray(everything.array),
        [str(row) for row in everything.index],
        scale=(step, step),
        origin=(west, south),
    )
    rings = _nested(topology)
    content = {
        "grid": {"x": int(west), "y": int(south), "step": step},
        "arcs": arc_texts(topology.points, topology.arc_offsets),
        "shapes": rings[: len(shapes)],
        "land": rings[len(shapes) :],
    }
    return PageShapes(content, tolerance)


def arc_texts(points: np.ndarray, offsets: np.ndarray) -> list[str]:
    """Write arcs of grid points as texts: steps, zigzag-coded, five bits a sign, least significant first.

    Parameters
    ----------
    points : shape (n, 2), whole numbers; the points of all arcs, end to end.
    offsets : shape (n_arcs + 1,), where each arc begins and, last, where the last one ends.

    Examples
    --------
    >>> arc_texts(np.array([[3, 0], [2, 20], [0, -1]]), np.array([0, 2, 3]))
    ['GABoB', 'AB']
    """
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).astype(np.int64)
    steps[offsets[:-1]] = points[offsets[:-1]]  # an arc begins at its own first point, not at the last one's end
    text, ends = _written(steps.ravel())
    breaks = ends[2 * offsets].tolist()
    return [text[start:end] for start, end in itertools.pairwise(breaks)]


def number_text(numbers: Sequence[float]) -> str:
    """Write whole numbers as one text in the same digits; "." stands for a number that is not known (NaN).

    Examples
    --------
    >>> number_text([3.0, float("nan"), -1.0, 20.0])
    'G.BoB'
    """
    given = np.asarray(numbers, dtype=np.float64)
    known = np.isfinite(given)
    text, ends = _written(np.rint(given[known]).astype(np.int64))
    words = iter([text[start:end] for start, end in itertools.pairwise(ends.tolist())])
    return "".join(next(words) if there else "." for there in known.tolist())


def _written(steps: IntArray) -> tuple[str, IntArray]:
    """Return signed whole numbers in digits, one after the other, and where each begins and the last one ends."""
    values = np.where(steps >= 0, 2 * steps, -2 * steps - 1)
    lengths = np.ones(len(values), dtype=np.int64)
    rest = values >> 5
    while rest.any():
        lengths += rest > 0
        rest >>= 5
    ends = np.cumsum(lengths)
    owner = np.repeat(np.arange(len(values)), lengths)
    place = np.arange(len(owner)) - np.repeat(ends - lengths, lengths)
    digits = (values[owner] >> (5 * place)) & 31
    digits += np.where(place < lengths[owner] - 1, 32, 0)
    return _DIGITS[digits].tobytes().decode("ascii"), np.r_[0, ends]


def _generalised(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, float]:
    """Generalise a coverage until it is within the budget; shared borders stay shared."""
    count = shapely.get_num_coordinates(shapes.array).sum()
    best = shapes.reset_index(drop=True)
    used = 0.0
    for tolerance in TOLERANCES_M:
        if count <= VERTEX_BUDGET:
            break
        best = gpd.GeoSeries(shapely.coverage_simplify(np.asarray(shapes.array), tolerance), crs=shapes.crs)
        used = tolerance
        count = shapely.get_num_coordinates(best.array).sum()
    return best, used


def _surroundings(shapes: gpd.GeoSeries, land: gpd.GeoDataFrame | None) -> gpd.GeoSeries:
    """Cut the land around to a box larger than the areas by 60 %, and by 100 km at least."""
    if land is None or land.empty:
        return gpd.GeoSeries([], crs=UK_EQUAL_AREA)
    west, south, east, north = shapes.total_bounds
    margin = max(100_000.0, 0.6 * max(east - west, north - south))
    cut = shapely.clip_by_rect(
        np.asarray(land.to_crs(UK_EQUAL_AREA).geometry.array),
        west - margin,
        south - margin,
        east + margin,
        north + margin,
    )
    kept = gpd.GeoSeries(cut, crs=UK_EQUAL_AREA).explode(ignore_index=True)
    return kept[kept.geom_type == "Polygon"].reset_index(drop=True)


def _nested(topology: Topology) -> list[list[list[list[int]]]]:
    """Return areas as polygons of rings of arc numbers."""
    numbers: list[Any] = topology.ring_arcs.tolist()
    for offsets in (topology.ring_offsets, topology.polygon_offsets, topology.area_offsets):
        numbers = [numbers[start:end] for start, end in itertools.pairwise(offsets.tolist())]
    return numbers
