"""Which area a point lies in: a grid answers for all cells that no border touches, the shapes themselves for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from rasterio.enums import MergeAlg
from scipy.ndimage import binary_dilation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEW = 20_000
"""Below so many points a grid costs more than it saves."""

CELLS = 12_000_000
"""Of the grid: cells small against the areas, in little memory."""

_NOBODY, _ASK = -1, -2


@dataclass(frozen=True, slots=True)
class Inside:
    """Which points lie in which areas.

    Parameters
    ----------
    area : shape (n,), position of the area that each point lies in, -1 where none; the first of several.
    several : shape (k, 2), position of point and area of every further area that a point lies in: on a common border, or where
        areas overlap.
    """

    area: NDArray[np.int64]
    several: NDArray[np.int64]

    @property
    def nowhere(self) -> int:
        """How many points lie in no area."""
        return int((self.area == _NOBODY).sum())


def areas_of_points(areas: Sequence[shapely.Geometry] | NDArray[np.object_], xy: NDArray[np.float64]) -> Inside:
    """Place points in areas; on a border counts as inside, as ``geopandas.sjoin`` with ``intersects``.

    Parameters
    ----------
    areas : polygons, that may overlap. xy : shape (n, 2), in their system; a point without coordinates lies nowhere.

    Notes
    -----
    Cells that a border touches, and those beside them, are left to the shapes: in any other cell every point lies in the same
    areas as its middle, so that the answer is that of the shapes for every point.
    """
    shapes = np.asarray(areas, dtype=object)
    found = np.full(len(xy), _NOBODY, dtype=np.int64)
    known = np.isfinite(xy).all(axis=1)
    open_points = np.flatnonzero(known)
    if len(open_points) > FEW and len(shapes):
        settled = _by_grid(shapes, xy[open_points])
        found[open_points] = np.where(settled == _ASK, _NOBODY, settled)
        open_points = open_points[settled == _ASK]
    point, area = _by_shape(shapes, xy[open_points])
    point = open_points[point]
    first = np.ones(len(point), dtype=bool)
    first[1:] = point[1:] != point[:-1]
    found[point[first]] = area[first]
    return Inside(found, np.column_stack([point[~first], area[~first]]))


def _by_shape(shapes: NDArray[np.object_], xy: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of point and area, by point and then area."""
    shapely.prepare(shapes)
    order = np.lexsort((xy[:, 0], xy[:, 1]))
    x, y = xy[order, 0], xy[order, 1]
    points, found = [], []
    tree = shapely.STRtree(shapely.points(x, y)) if len(xy) else None
    for position, shape in enumerate(shapes if tree is not None else ()):
        near = tree.query(shape)  # type: ignore[union-attr]
        held = near[shapely.intersects_xy(shape, x[near], y[near])]
        points.append(order[held])
        found.append(np.full(len(held), position))
    point = np.concatenate([np.empty(0, dtype=np.int64), *points])
    area = np.concatenate([np.empty(0, dtype=np.int64), *found])
    by_point = np.lexsort((area, point))
    return point[by_point], area[by_point]


def _by_grid(shapes: NDArray[np.object_], xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the one area of each point, nobody, or that the shapes must be asked."""
    west, south, east, north = shapely.total_bounds(shapes)
    side = max(np.sqrt((east - west) * (north - south) / CELLS), 1e-9)
    # a margin of two cells, so that what lies beside the map has cells of its own
    west, north = west - 2 * side, north + 2 * side
    size = (int((north - south) / side) + 3, int((east - west) / side) + 3)
    place = {"out_shape": size, "transform": Affine(side, 0, west, 0, -side, north)}
    borders = rasterio.features.rasterize(shapely.boundary(shapes), all_touched=True, dtype="uint8", **place)
    count = rasterio.features.rasterize(shapes, merge_alg=MergeAlg.add, default_value=1, dtype="int16", **place)
    owner = rasterio.features.rasterize(
        list(zip(shapes, range(len(shapes)), strict=True)), fill=_NOBODY, dtype="int32", **place
    )
    # a border that runs along a side of cells may be burnt into either: one cell around is left to the shapes too
    asked = binary_dilation(borders, np.ones((3, 3))) | (count > 1)
    owner[asked] = _ASK
    column, row = ((xy[:, 0] - west) / side).astype(np.int64), ((north - xy[:, 1]) / side).astype(np.int64)
    beside = (xy[:, 0] < west) | (xy[:, 1] > north) | (column >= size[1]) | (row >= size[0])
    return np.where(beside, _NOBODY, owner[np.where(beside, 0, row), np.where(beside, 0, column)]).astype(np.int64)
