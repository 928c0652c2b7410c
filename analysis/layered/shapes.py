"""What lines and polygons are of areas: lengths, shares of land, and amounts carried by the land that is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.crs import check_declared
from geo.errors import GeometryError, TableError, listed
from geo.interpolation import area_weights, extensive, intensive
from geo.vectors import read_vectors

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

_FLAT = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_LONG = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)

QUARTER = 16
"""Segments of a quarter of a circle: a share of land within a distance is short by at most 0.2 %."""


def read_shapes(path: Path, kind: str, *, layer: str = "", crs: str = "", like: object = None) -> gpd.GeoDataFrame:
    """Read a layer of ``lines`` or ``polygons`` in the system of the areas, shapes that cross themselves mended.

    Raises
    ------
    TableError, CRSError
        The layer cannot be read, or declares no system and none is stated.
    GeometryError
        It holds shapes of another kind.
    """
    frame = read_vectors(path, layer=layer or None)
    if crs:
        frame = frame.set_crs(crs, allow_override=True)
    check_declared(frame, what=path.name)
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty].reset_index(drop=True)
    wanted = _FLAT if kind == "polygons" else _LONG
    other = ~np.isin(shapely.get_type_id(frame.geometry.to_numpy()), wanted)
    if other.any() or not len(frame):
        raise GeometryError(
            f"{path.name} is no layer of {kind}", [f"{int(other.sum()):,} of {len(frame):,} shapes are others"]
        )
    frame = frame.to_crs(like)
    if kind == "polygons":
        frame.geometry = shapely.make_valid(frame.geometry.to_numpy(), method="structure", keep_collapsed=False)
    return frame


def length_in(areas: NDArray[np.object_], lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the length of lines in each area, in metres; a line along a common border is in both."""
    shapely.prepare(areas)
    area, line = shapely.STRtree(lines).query(areas, predicate="intersects")
    whole = shapely.covers(areas[area], lines[line])
    pieces = shapely.length(lines[line])
    pieces[~whole] = shapely.length(shapely.intersection(lines[line[~whole]], areas[area[~whole]]))
    return np.bincount(area, weights=pieces, minlength=len(areas)).astype(np.float64)


def share_of_land(areas: NDArray[np.object_], polygons: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the share of each area that lies in polygons, in per cent; where these overlap, land counts once."""
    shapely.prepare(areas)
    area, polygon = shapely.STRtree(polygons).query(areas, predicate="intersects")
    found = np.zeros(len(areas))
    for position in np.unique(area):
        near = polygons[polygon[area == position]]
        pieces = shapely.intersection(near, areas[position])
        found[position] = shapely.area(shapely.union_all(pieces))
    return np.asarray(100 * found / shapely.area(areas), dtype=np.float64)


def share_within(areas: NDArray[np.object_], points: NDArray[np.float64], metres: float) -> NDArray[np.float64]:
    """Return the share of each area's land within a distance of points, in per cent."""
    return share_of_land(areas, shapely.buffer(shapely.points(points), metres, quad_segs=QUARTER))


def carried(
    polygons: gpd.GeoDataFrame, value: str, areas: gpd.GeoDataFrame, *, amounts: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Carry a column of polygons to areas by the land they share.

    Parameters
    ----------
    polygons : with the column ``value``. areas : where to. amounts : counts, that are divided; else densities, whose mean by land
        is taken.

    Returns
    -------
    tuple
        Values of the areas; the share of each area that lies in polygons; of counts, how much lies in none of the areas.

    Raises
    ------
    TableError
        There is no such column, or it holds what is no number.
    """
    if value not in polygons.columns:
        raise TableError(
            f"the polygons have no column {value}", [f"found {listed(map(str, polygons.columns), limit=20)}"]
        )
    numbers = pd.to_numeric(polygons[value], errors="coerce")
    if (wrong := numbers.isna() & polygons[value].notna()).any():
        raise TableError(f"{value} holds what is no number", [listed(map(str, polygons.loc[wrong, value]))])
    weights = area_weights(polygons, areas)
    covered = weights.shares @ weights.source_areas / shapely.area(areas.geometry.to_numpy())
    table = pd.DataFrame({value: numbers.astype(np.float64)})
    if not amounts:
        return intensive(weights, table)[value].to_numpy(), covered, 0.0
    # what lies beside all areas is counted, and stays there
    outside = float(np.nansum(numbers.to_numpy() * np.clip(weights.uncovered, 0, 1)))
    return extensive(weights, table)[value].to_numpy(), covered, outside
