"""How far every cell of land, and on average every area, is from open coast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import rasterio.features
import shapely
from affine import Affine
from exactextract import exact_extract
from rasterio.io import MemoryFile
from scipy.ndimage import distance_transform_edt

from geo.errors import GeometryError

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
CELL_M = 500.0
"""Cells of the distance grid: a twentieth of the distance at which places are told apart."""


@dataclass(frozen=True, slots=True)
class DistanceGrid:
    """Distance to open coast.

    Parameters
    ----------
    distances_m : shape (rows, columns), float32; from the north-west corner.
    transform : from column and row to easting and northing.
    crs : of the grid, as text.
    """

    distances_m: np.ndarray[Any, np.dtype[np.float32]]
    transform: Affine
    crs: str


def distance_grid(areas: gpd.GeoSeries, coast: shapely.Geometry, *, cell_m: float = CELL_M) -> DistanceGrid:
    """Return the distance of every cell to the nearest open coast of the areas (``geo.measures.open_coastline``).

    Raises
    ------
    GeometryError
        There is no open coast to be distant from.

    Notes
    -----
    A cell that the coast touches is at distance zero, so distances are short by up to half a cell's diagonal.
    """
    if shapely.is_empty(coast):
        raise GeometryError("these areas have no open coast", ["state the sea's edge, or leave the distance out"])
    west, south, east, north = areas.total_bounds
    columns, rows = (int(np.ceil((high - low) / cell_m)) + 1 for low, high in ((west, east), (south, north)))
    transform = Affine(cell_m, 0.0, west - cell_m / 2, 0.0, -cell_m, north + cell_m / 2)
    shore = rasterio.features.rasterize([coast], out_shape=(rows, columns), transform=transform, all_touched=True)
    distances = distance_transform_edt(shore == 0) * cell_m
    return DistanceGrid(distances.astype(np.float32), transform, areas.crs.to_string())


def mean_distance(areas: gpd.GeoSeries, grid: DistanceGrid) -> pd.Series:
    """Return each area's mean distance to open coast, in metres, every cell weighed by the share of it inside."""
    with MemoryFile() as file:
        _write(file, grid)
        with file.open() as reader:
            means = exact_extract(reader, areas.rename("geometry").to_frame(), ["mean"], output="pandas")["mean"]
    return pd.Series(means.to_numpy(dtype=float), index=areas.index, name="coast_distance_m")


def write_geotiff(grid: DistanceGrid, path: Path) -> None:
    """Write the grid as a compressed, tiled GeoTIFF of one band, in metres; equal grids give equal bytes."""
    with MemoryFile() as file:
        _write(file, grid)
        path.write_bytes(file.read())


def _write(file: MemoryFile, grid: DistanceGrid) -> None:
    rows, columns = grid.distances_m.shape
    with file.open(
        driver="GTiff",
        count=1,
        dtype="float32",
        crs=grid.crs,
        transform=grid.transform,
        height=rows,
        width=columns,
        compress="deflate",
        predictor=3,
        tiled=True,
        blockxsize=256,
        blockysize=256,
    ) as writer:
        writer.write(grid.distances_m, 1)
        writer.set_band_description(1, "distance to open coast")
        writer.set_band_unit(1, "metre")
