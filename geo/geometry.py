"""Checking and repairing layers of polygons, and saying exactly what was mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.crs import check_declared
from geo.errors import GeometryError, listed

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

SLIVER_WIDTH_M = 50.0
"""A part whose mean width (twice its area over its perimeter) is below this is not land but a slip of drawing."""


@dataclass(frozen=True, slots=True)
class Mended:
    """One repaired shape.

    Parameters
    ----------
    id : of the shape.
    reason : what was wrong and where, in words.
    area_before : in units of the coordinates; loops that run against each other cancel, so it can be far too small.
    area_after : of the valid shape.
    parts_before, parts_after : how many polygons it was made of.
    """

    id: str
    reason: str
    area_before: float
    area_after: float
    parts_before: int
    parts_after: int

    def __str__(self) -> str:
        """Say it in a line for a receipt."""
        change = f"; area changed by {self.area_after / self.area_before - 1:+.3%}" if self.area_before > 0 else ""
        return f"{self.id}: {self.reason}{change}"


@dataclass(frozen=True, slots=True)
class Mending:
    """What a repair changed: the shapes that were mended, and how many were looked at."""

    mended: tuple[Mended, ...]
    checked: int

    def __repr__(self) -> str:
        """State how many shapes were mended."""
        return f"Mending({len(self.mended)} of {self.checked} shapes)"


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """How far a layer is from a clean coverage.

    Parameters
    ----------
    valid : no overlap, and shared borders have equal vertices on both sides.
    overlaps : columns ``one, other, area``; a pair of ids a row, largest first.
    mismatched : ids of shapes with borders that lie on a neighbour's border without sharing its vertices.
    gaps : columns ``area, width``, a hole in the union a row, widest first; ``width`` is twice the area over the
        perimeter. A lake is a gap too.
    """

    valid: bool
    overlaps: pd.DataFrame
    mismatched: tuple[Hashable, ...]
    gaps: pd.DataFrame

    def __repr__(self) -> str:
        """State what was found."""
        word = "clean" if self.valid else "not clean"
        return f"CoverageReport({word}: {len(self.overlaps)} overlaps, {len(self.mismatched)} shapes with unmatched borders, {len(self.gaps)} gaps)"


def check_polygons(frame: gpd.GeoDataFrame, *, what: str, id_column: str | None = None) -> None:
    """Refuse a layer that is not polygons in a declared system, naming every fault at once.

    Parameters
    ----------
    frame : the layer.
    what : how to call it in the message.
    id_column : column that identifies a row; the index when None.

    Raises
    ------
    GeometryError
        No rows; missing, empty or non-polygonal shapes; coordinates that are not finite; ids that occur twice.
    CRSError
        No declared system, or coordinates that cannot be in it.
    """
    if len(frame) == 0:
        raise GeometryError(f"{what} has no rows")
    ids = _ids(frame, id_column)
    shapes = frame.geometry.to_numpy()
    missing = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    other = ~missing & ~np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    endless = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    doubled = pd.Index(ids)[pd.Index(ids).duplicated()].unique()
    faults = [
        f"{fault}: {listed(found)}"
        for fault, found in (
            ("without a shape", ids[missing]),
            ("with an empty shape", ids[empty & ~other]),
            ("with something that is not a polygon", ids[other]),
            ("with coordinates that are not finite", ids[endless]),
            ("listed more than once", doubled),
        )
        if len(found)
    ]
    if faults:
        raise GeometryError(f"{what} is not a layer of polygons, one an area", faults)
    check_declared(frame, what=what)


def repaired(frame: gpd.GeoDataFrame, *, id_column: str | None = None) -> tuple[gpd.GeoDataFrame, Mending]:
    """Return the layer with valid shapes, and what was mended; valid shapes are left as they are, to the last bit.

    Parameters
    ----------
    frame : polygons; see ``check_polygons``.
    id_column : column that identifies a row; the index when None.

    Raises
    ------
    GeometryError
        Shapes of which nothing is left once they are valid.

    Notes
    -----
    ``make_valid`` by structure, collapsed parts dropped: rings keep their vertices, so that neighbours still meet.
    ``buffer(0)`` moves vertices and loses neighbours, and the linework method returns lines and points.
    """
    ids = _ids(frame, id_column)
    shapes = frame.geometry.to_numpy().copy()
    faulty = np.flatnonzero(~shapely.is_valid(shapes))
    before = shapes[faulty]
    after = shapely.make_valid(before, method="structure", keep_collapsed=False)
    lost = ids[faulty[shapely.is_empty(after)]]
    if len(lost):
        raise GeometryError("shapes are invalid beyond repair", [f"nothing is left of {listed(lost)}"])
    shapes[faulty] = after
    area, parts = shapely.area([before, after]), shapely.get_num_geometries([before, after])
    reasons = np.atleast_1d(shapely.is_valid_reason(before))
    mended = tuple(
        Mended(
            id=str(ids[number]),
            reason=_reason(reasons[i]),
            area_before=float(area[0, i]),
            area_after=float(area[1, i]),
            parts_before=int(parts[0, i]),
            parts_after=int(parts[1, i]),
        )
        for i, number in enumerate(faulty)
    )
    return frame.set_geometry(pd.Series(shapes, index=frame.index), crs=frame.crs), Mending(mended, len(frame))


def without_slivers(
    frame: gpd.GeoDataFrame, *, width_m: float = SLIVER_WIDTH_M
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Drop parts that are too narrow to be land, but never an area's largest part.

    Parameters
    ----------
    frame : polygons in metres.
    width_m : the narrowest mean width of a part that stays.

    Returns
    -------
    The layer, and the dropped parts: columns ``row`` (position in the layer), ``area``, ``width``.
    """
    parts, row = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    area, width = shapely.area(parts), _width(parts)
    order = np.lexsort((area, row))
    largest = np.zeros(len(parts), dtype=bool)
    largest[order[np.flatnonzero(np.diff(row[order], append=-1))]] = True
    kept = largest | (width >= width_m)
    dropped = pd.DataFrame({"row": row[~kept], "area": area[~kept], "width": width[~kept]})
    if dropped.empty:
        return frame, dropped
    touched = np.unique(dropped["row"])
    shapes = frame.geometry.to_numpy().copy()
    for number in touched:
        mine = parts[kept & (row == number)]
        shapes[number] = mine[0] if len(mine) == 1 else shapely.multipolygons(mine)
    return frame.set_geometry(pd.Series(shapes, index=frame.index), crs=frame.crs), dropped


def coverage_report(frame: gpd.GeoDataFrame, *, id_column: str | None = None) -> CoverageReport:
    """Say whether a layer is a clean coverage and, if not, where it overlaps, where borders differ and where it gapes.

    Parameters
    ----------
    frame : valid polygons.
    id_column : column that identifies a row; the index when None.
    """
    ids = _ids(frame, id_column)
    shapes = frame.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    overlap = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    found = overlap > 0
    overlaps = pd.DataFrame({"one": ids[one[found]], "other": ids[other[found]], "area": overlap[found]})
    bad = shapely.coverage_invalid_edges(shapes)
    holes = [hole for part in shapely.get_parts(shapely.union_all(shapes)) for hole in part.interiors]
    rings = shapely.polygons(np.array(holes, dtype=object)) if holes else np.empty(0, dtype=object)
    gaps = pd.DataFrame({"area": shapely.area(rings), "width": _width(rings)})
    return CoverageReport(
        valid=bool(shapely.coverage_is_valid(shapes)),
        overlaps=overlaps.sort_values(["area", "one", "other"], ascending=[False, True, True], ignore_index=True),
        mismatched=tuple(ids[np.flatnonzero(~shapely.is_empty(bad))]),
        gaps=gaps.sort_values("width", ascending=False, ignore_index=True),
    )


def cleaned_coverage(frame: gpd.GeoDataFrame, *, gap_width: float = 0.0) -> gpd.GeoDataFrame:
    """Return the layer as a clean coverage: overlaps given to one side, slivers between areas closed, borders shared.

    Parameters
    ----------
    frame : valid polygons in metres.
    gap_width : gaps narrower than this are given to the neighbour with the longest border; 0 leaves gaps open.

    Raises
    ------
    GeometryError
        An area that vanishes under the others, or a result that is still no coverage.
    """
    clean = shapely.coverage_clean(frame.geometry.to_numpy(), gap_width=gap_width)
    gone = np.flatnonzero(shapely.is_empty(clean))
    if len(gone) or not shapely.coverage_is_valid(clean):
        faults = [f"areas that vanish under others: {listed(frame.index[gone])}"] if len(gone) else []
        raise GeometryError("the layer cannot be made a coverage", faults)
    return frame.set_geometry(pd.Series(clean, index=frame.index), crs=frame.crs)


def _ids(frame: gpd.GeoDataFrame, id_column: str | None) -> NDArray[Any]:
    ids: NDArray[Any] = (frame.index if id_column is None else frame[id_column]).to_numpy(dtype=object)
    return ids


def _reason(text: str) -> str:
    """Turn "Self-intersection[1 2]" into "self-intersection at 1 2"."""
    fault, _, place = text.partition("[")
    return f"{fault.strip().lower()} at {place.rstrip(']')}" if place else fault.lower()


def _width(polygons: NDArray[Any] | Sequence[Any]) -> NDArray[np.float64]:
    """Return the mean width of long thin shapes: twice the area over the perimeter."""
    perimeter = shapely.length(polygons)
    return np.asarray(2 * shapely.area(polygons) / np.where(perimeter > 0, perimeter, 1), dtype=np.float64)
