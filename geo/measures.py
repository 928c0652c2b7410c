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

_SAME_M = 1e-6
"""Ends of pieces this close are one point, computed from two sides."""

_ROUND = 8
"""Segments of a quarter circle in buffers: within 0.5 % of a true circle."""


@dataclass(frozen=True, slots=True)
class Coast:
    """Open coast of a layer: ``share`` of each area's boundary (see ``open_coast``), ``line`` all of it as lines."""

    share: pd.Series[float]
    line: shapely.MultiLineString

    def __repr__(self) -> str:
        """State how many areas have a coast and how long it is as drawn."""
        return f"Coast({int((self.share > 0).sum())} of {len(self.share)} areas; {self.line.length / 1e3:,.0f} km)"


def measure_coast(
    areas: gpd.GeoDataFrame | gpd.GeoSeries,
    neighbours: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    *,
    narrow_water_m: float = NARROW_WATER_M,
) -> Coast:
    """Return the open coast of the areas (not of the neighbours), as shares and as lines, from one measurement.

    Parameters
    ----------
    areas : polygons of one coverage, all the land of the map, in metres.
    neighbours : land beyond the map that shares its border with ``areas``; without it a land border would be coast.
    narrow_water_m : see Notes.

    Returns
    -------
    Coast
        ``share``: Series on the index of ``areas``, 0 to 1, named "open_coast"; ``line``: the coast itself.

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
    lough behind is open where it is wide enough); lakes are land. Shore counts as open coast when open water lies
    within half that width. So a cove counts; a river bank more than about that distance above the mouth does not.

    Examples
    --------
    >>> import geopandas as gpd
    >>> halves = [shapely.box(0, 0, 10_000, 10_000), shapely.box(10_000, 0, 20_000, 10_000)]
    >>> measure_coast(gpd.GeoSeries(halves, crs="EPSG:27700")).share.round(3).tolist()
    [0.75, 0.75]
    """
    length, start, end, owner = _shore(areas, neighbours, narrow_water_m)
    on_coast = np.bincount(owner, weights=np.hypot(*(end - start).T), minlength=len(areas))
    # the same lengths summed in two orders: all coast is one, not one and a rounding error
    share = pd.Series(np.minimum(on_coast / length, 1.0), index=areas.index, name="open_coast")
    return Coast(share, _lines(start, end))


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
    union = shapely.coverage_union_all(land) if shapely.coverage_is_valid(land) else shapely.union_all(land)
    dry = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(union)))
    outline = shapely.multilinestrings(shapely.boundary(dry))
    # land grown by the radius ends a radius out in open water; within twice that is within a radius of open water
    radius = narrow_water_m / 2
    edge = shapely.boundary(shapely.union_all(shapely.buffer(dry, radius, quad_segs=_ROUND)))
    shapely.prepare([outline, edge])
    middle = shapely.points((start + end) / 2)
    by_open_water = np.flatnonzero(shapely.dwithin(edge, middle, 2 * radius))
    # borders whose two sides are drawn with different vertices look unshared, but lie inside the land
    found = by_open_water[shapely.dwithin(outline, middle[by_open_water], ON_LINE_M)]
    return length.astype(np.float64), start[found], end[found], owner[found]


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


def _lines(start: NDArray[np.float64], end: NDArray[np.float64]) -> shapely.MultiLineString:
    """Join pieces into lines: those that follow each other at once, then the ends that meet."""
    new = np.r_[True, np.abs(start[1:] - end[:-1]).max(axis=1, initial=0.0) > _SAME_M][: len(start)]
    last = np.r_[new[1:], True][: len(start)]
    run = np.cumsum(new) - 1
    order = np.argsort(np.r_[run, run[last]], kind="stable")  # each run's pieces begin in order, and its end comes last
    runs = shapely.linestrings(np.r_[start, end[last]][order], indices=np.r_[run, run[last]][order])
    return shapely.multilinestrings(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(runs))))


def _check_metres(areas: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    frame = areas.geometry.to_frame("geometry")
    check_declared(frame, what="the layer to measure")
    if frame.crs.is_geographic:
        raise CRSError(
            "lengths and areas are measured in metres, not in degrees",
            ["project the layer first, for example to EPSG:27700"],
        )
