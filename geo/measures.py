"""What can be measured on shapes alone: land area, and how much of a boundary is open coast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.crs import check_declared
from geo.errors import CRSError, GeometryError
from geo.topology.vertices import vertex_ids

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

NARROW_WATER_M = 2000
"""Water narrower than this is a river, a canal or an inlet, not the open sea."""

PIECE_M = 100
"""Shore is judged in pieces no longer than this; it bounds the error of each end of a stretch of coast."""

ON_LINE_M = 1.0
"""A point this close to the outline of all land lies on it."""

_ROUND = 4
"""Segments of a quarter circle in buffers: within 2 % of a true circle."""


def hectares(areas: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series[float]:
    """Return the area of each shape in hectares, as drawn, in the shape's own projected system."""
    _check_metres(areas)
    return pd.Series(areas.geometry.area.to_numpy() / 1e4, index=areas.index, name="hectares")


def open_coast(
    areas: gpd.GeoDataFrame | gpd.GeoSeries,
    neighbours: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    *,
    narrow_water_m: float = NARROW_WATER_M,
) -> pd.Series[float]:
    """Return the share of each area's boundary that is open coast.

    Parameters
    ----------
    areas : polygons of one coverage, all the land of the map, in metres.
    neighbours : land beyond the map that shares its border with ``areas``; without it a land border would be coast.
    narrow_water_m : see Notes.

    Returns
    -------
    Series on the index of ``areas``, 0 to 1, named "open_coast".

    Raises
    ------
    GeometryError
        Empty shapes, or nothing to measure.
    CRSError
        Areas in degrees, or neighbours in another system.

    Notes
    -----
    The land (areas and neighbours together) is closed morphologically with a disc of diameter ``narrow_water_m``:
    water that such a disc cannot enter is not open, be it a tidal river, a strait or the mouth of a sea lough (the
    lough behind is open where it is wide enough); lakes are land. Shore counts as open coast when open water lies within half that width. So a cove counts,
    a river bank more than about that distance above the mouth does not.
    """
    length, start, end, owner = _shore(areas, neighbours, narrow_water_m)
    on_coast = np.bincount(owner, weights=np.hypot(*(end - start).T), minlength=len(areas))
    # the same lengths summed in two orders: all coast is one, not one and a rounding error
    return pd.Series(np.minimum(on_coast / length, 1.0), index=areas.index, name="open_coast")


def open_coastline(
    areas: gpd.GeoDataFrame | gpd.GeoSeries,
    neighbours: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    *,
    narrow_water_m: float = NARROW_WATER_M,
) -> shapely.MultiLineString:
    """Return the open coast of the areas (not of the neighbours) as lines; see ``open_coast``."""
    _, start, end, _ = _shore(areas, neighbours, narrow_water_m)
    coast = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(np.stack([start, end], axis=1))))
    return shapely.multilinestrings(shapely.get_parts(coast))


@dataclass(frozen=True, slots=True)
class _Segments:
    """Single steps of all boundaries: end points, whose they are, and whether two shapes share them."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    owner: NDArray[np.int64]
    shared: NDArray[np.bool_]


def _shore(
    areas: gpd.GeoDataFrame | gpd.GeoSeries, neighbours: gpd.GeoDataFrame | gpd.GeoSeries | None, narrow_water_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return the length of each area's boundary, and the pieces of open coast: both ends, and whose."""
    _check_metres(areas)
    if len(areas) == 0 or shapely.is_empty(areas.geometry.to_numpy()).any() or areas.geometry.isna().any():
        raise GeometryError("open coast needs areas that all have a shape")
    shapes = areas.geometry.to_numpy()
    beyond = np.empty(0, dtype=object)
    if neighbours is not None:
        if neighbours.crs != areas.crs:
            raise CRSError(
                "areas and neighbouring land must be in one reference system",
                [f"found {areas.crs} and {neighbours.crs}"],
            )
        beyond = neighbours.geometry.to_numpy()
    land = np.concatenate([shapes, beyond])
    steps = _segments(land)
    own = steps.owner < len(areas)
    length = np.bincount(steps.owner[own], weights=np.hypot(*(steps.end - steps.start)[own].T), minlength=len(areas))
    shore = own & ~steps.shared
    start, end, owner = _pieces(steps.start[shore], steps.end[shore], steps.owner[shore])
    # lakes count as land
    dry = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(shapely.union_all(land))))
    inland, outline = _away_from_open_water(dry, narrow_water_m / 2), shapely.multilinestrings(shapely.boundary(dry))
    shapely.prepare([inland, outline])
    middle = (start + end) / 2
    open_water = np.flatnonzero(~shapely.contains_xy(inland, middle[:, 0], middle[:, 1]))
    # borders whose two sides are drawn with different vertices look unshared, but lie inside the land
    found = open_water[shapely.dwithin(outline, shapely.points(middle[open_water]), ON_LINE_M)]
    return length.astype(np.float64), start[found], end[found], owner[found]


def _away_from_open_water(dry: NDArray[Any], radius: float) -> shapely.Geometry:
    """Return the points from which open water is farther than the radius: land closed with a disc, then eroded."""
    detail = radius * (1 - np.cos(np.pi / 4 / _ROUND))  # no finer than the circles are round
    grown = shapely.union_all(shapely.buffer(shapely.simplify(dry, detail), radius, quad_segs=_ROUND))
    return shapely.buffer(shapely.simplify(grown, detail), -2 * radius, quad_segs=_ROUND)


def _segments(shapes: NDArray[Any]) -> _Segments:
    parts, part_shape = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    vertex, count = vertex_ids(coordinates)
    along = np.flatnonzero(ring[1:] == ring[:-1])
    low, high = np.sort(np.stack([vertex[along], vertex[along + 1]]), axis=0)
    _, which, times = np.unique(low * count + high, return_inverse=True, return_counts=True)
    return _Segments(
        coordinates[along],
        coordinates[along + 1],
        part_shape[ring_part[ring[along]]].astype(np.int64),
        times[which] > 1,
    )


def _pieces(
    start: NDArray[np.float64], end: NDArray[np.float64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Cut segments into equal pieces no longer than ``PIECE_M``."""
    count = np.maximum(np.ceil(np.hypot(*(end - start).T) / PIECE_M).astype(np.int64), 1)
    place = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    step = np.repeat((end - start) / count[:, None], count, axis=0)
    first = np.repeat(start, count, axis=0) + step * place[:, None]
    return first, first + step, np.repeat(owner, count)


def _check_metres(areas: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    frame = areas.geometry.to_frame("geometry")
    check_declared(frame, what="the layer to measure")
    if frame.crs.is_geographic:
        raise CRSError(
            "lengths and areas are measured in metres, not in degrees",
            ["project the layer first, for example to EPSG:27700"],
        )
