"""Grids of cells in memory: distance to the nearest of some lines or points, and GeoTIFF files, the same bytes every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio.features
import rasterio.shutil
import shapely
from affine import Affine
from rasterio.io import MemoryFile
from scipy.spatial import cKDTree

from geo.crs import check_declared
from geo.errors import CRSError, GeometryError
from geo.files import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

NODATA = -9999.0
"""In files only; in memory a cell without a value is NaN."""

BLOCK = 256
"""Side of the tiles of a file, in cells."""

_POINTS_PER_CELL = 10
"""The coast is walked in steps of a tenth of a cell: a cell's distance is long by at most a twentieth of a cell."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A raster of one band in memory.

    Parameters
    ----------
    cells : shape (rows, columns), float32, north row first; NaN where there is no value.
    transform : from column and row to x and y.
    crs : in which x and y are.
    """

    cells: NDArray[np.float32]
    transform: Affine
    crs: str

    def __repr__(self) -> str:
        """State size, cell and system."""
        rows, columns = self.cells.shape
        return f"Grid({rows} x {columns} cells of {self.transform.a:g}; {self.crs})"


def distance_to_coast(
    land: gpd.GeoDataFrame | gpd.GeoSeries, coastline: shapely.Geometry, *, cell_m: float = 1000.0
) -> Grid:
    """Return the distance from the middle of every cell of land to the nearest coast.

    Parameters
    ----------
    land : polygons in metres; cells that none of them touches have no value.
    coastline : lines in the same system (``line`` of ``geo.measures.measure_coast``).
    cell_m : side of a cell. The grid is aligned to whole cells, so that two runs over other areas fit together.

    Raises
    ------
    GeometryError
        No coast to be distant from, or no land.
    CRSError
        Land in degrees.
    """
    frame = land.geometry.to_frame("geometry")
    check_declared(frame, what="the land")
    if frame.crs.is_geographic:
        raise CRSError(
            "distances are measured in metres, not in degrees", ["project the land first, for example to EPSG:27700"]
        )
    if shapely.is_empty(coastline):
        raise GeometryError("there is no coast to be distant from", ["give the lines of the shore"])
    west, south, east, north = (frame.total_bounds / cell_m + [-1e-9, -1e-9, 1e-9, 1e-9]) * cell_m
    column, row = np.floor(west / cell_m), np.ceil(north / cell_m)
    shape = (int(row - np.floor(south / cell_m)), int(np.ceil(east / cell_m) - column))
    transform = Affine(cell_m, 0.0, float(column * cell_m), 0.0, -cell_m, float(row * cell_m))
    inside = rasterio.features.rasterize(
        frame.geometry.to_numpy(), out_shape=shape, transform=transform, all_touched=True
    ).astype(bool)
    rows, columns = np.nonzero(inside)
    centres = np.column_stack([transform.c + cell_m * (columns + 0.5), transform.f - cell_m * (rows + 0.5)])
    shore = shapely.get_coordinates(shapely.segmentize(coastline, cell_m / _POINTS_PER_CELL))
    distances, _ = cKDTree(shore).query(centres)
    values = np.full(shape, np.nan, dtype=np.float32)
    values[rows, columns] = distances
    return Grid(values, transform, frame.crs.to_string())


def write_geotiff(grid: Grid, path: Path, *, title: str, unit: str) -> None:
    """Write a cloud-optimised GeoTIFF: tiles, overviews, lossless compression, nodata, and no trace of the hour.

    Parameters
    ----------
    grid : what to write.
    path : the file; it appears whole or not at all.
    title, unit : of the values, written as the band's description and unit.
    """
    options = {
        "COMPRESS": "DEFLATE",
        "PREDICTOR": "YES",
        "BLOCKSIZE": BLOCK,
        "RESAMPLING": "AVERAGE",
        "NUM_THREADS": "1",
    }
    with MemoryFile() as plain, MemoryFile() as optimised:
        with plain.open(**_profile(grid)) as writer:
            writer.write(_filled(grid.cells), 1)
            writer.set_band_description(1, title)
            writer.units = [unit]
        with plain.open() as source:
            rasterio.shutil.copy(source, optimised.name, driver="COG", **options)
        write_bytes(path, optimised.read())


def _filled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(np.isnan(values), np.float32(NODATA), values)


def _profile(grid: Grid) -> dict[str, Any]:
    rows, columns = grid.cells.shape
    return {
        "driver": "GTiff",
        "count": 1,
        "dtype": "float32",
        "height": rows,
        "width": columns,
        "crs": grid.crs or None,
        "transform": grid.transform,
        "nodata": NODATA,
    }
