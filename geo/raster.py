"""Grids of cells: distance to a coastline, means over areas, and GeoTIFF files written the same way every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import rasterio
import rasterio.features
import rasterio.shutil
import rasterio.windows
import shapely
from affine import Affine
from exactextract import exact_extract
from rasterio.io import MemoryFile
from scipy.spatial import cKDTree

from geo.crs import check_declared
from geo.errors import CRSError, GeometryError, listed
from geo.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
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


def zonal_means(areas: gpd.GeoDataFrame | gpd.GeoSeries, raster: Grid | Path) -> pd.Series[float]:
    """Return the mean of the cells in each area, every cell weighed by the share of it that lies inside.

    Parameters
    ----------
    areas : polygons, in the system of the raster.
    raster : a grid, or a file, which is read in blocks.

    Returns
    -------
    Series on the index of ``areas``, named "mean"; NaN where an area holds no cell with a value.

    Raises
    ------
    CRSError
        Areas in another system than the raster.
    """
    frame = areas.geometry.to_frame("geometry").reset_index(drop=True)
    check_declared(frame, what="the layer of areas")
    with MemoryFile() as memory:
        if isinstance(raster, Grid):
            with memory.open(**_profile(raster)) as writer:
                writer.write(_filled(raster.cells), 1)
        with memory.open() if isinstance(raster, Grid) else rasterio.open(raster) as source:
            if frame.crs != source.crs:
                raise CRSError(
                    "areas and raster must be in one reference system",
                    [f"found {frame.crs.to_string()} and {source.crs.to_string()}"],
                )
            means = exact_extract(source, frame, ["mean"], output="pandas")["mean"]
    return pd.Series(means.to_numpy(dtype=np.float64), index=areas.index, name="mean")


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


def read_grid(path: Path, *, bounds: tuple[float, float, float, float] | None = None) -> Grid:
    """Read the first band of a raster file, or the window of it that covers some bounds.

    Parameters
    ----------
    path : a GeoTIFF or an ASCII grid; what else GDAL reads may point at another place, and is refused.
    bounds : west, south, east, north in the raster's system; whole cells that overlap them are read.

    Raises
    ------
    GeometryError
        A file that is not a raster, bounds outside it, or bounds on a raster that is turned.
    """
    if not path.is_file():
        raise GeometryError(f"there is no raster {path}", ["give the path of a GeoTIFF"])
    try:
        with rasterio.open(path, driver="AAIGrid" if path.suffix.lower() == ".asc" else "GTiff") as source:
            transform, crs = source.transform, source.crs.to_string() if source.crs else ""
            rows, columns = slice(0, source.height), slice(0, source.width)
            if bounds is not None:
                rows, columns = _cells(transform, bounds, rows.stop, columns.stop)
            values = source.read(1, window=rasterio.windows.Window.from_slices(rows, columns), masked=True)
    except rasterio.errors.RasterioIOError as error:
        raise GeometryError(f"{path} is not a raster that can be read", [str(error)]) from error
    return Grid(values.astype(np.float32).filled(np.nan), _moved(transform, rows.start, columns.start), crs)


def blocks(grid: Grid, *, side: int = BLOCK) -> Iterator[Grid]:
    """Cut a grid into square pieces, row by row, so that work on a large raster stays in little memory.

    The pieces are views: nothing is copied.
    """
    rows, columns = grid.cells.shape
    for row in range(0, rows, side):
        for column in range(0, columns, side):
            part = grid.cells[row : row + side, column : column + side]
            yield Grid(part, _moved(grid.transform, row, column), grid.crs)


def _cells(
    transform: Affine, bounds: tuple[float, float, float, float], height: int, width: int
) -> tuple[slice, slice]:
    """Return the rows and columns that overlap bounds, for a raster whose rows run west to east."""
    if transform.b or transform.d:
        raise GeometryError("a window is cut from rasters whose rows run west to east; this one is turned")
    west, south, east, north = bounds
    columns = sorted(((west - transform.c) / transform.a, (east - transform.c) / transform.a))
    rows = sorted(((north - transform.f) / transform.e, (south - transform.f) / transform.e))
    found = [
        slice(max(int(np.floor(low)), 0), min(int(np.ceil(high)), size))
        for (low, high), size in ((rows, height), (columns, width))
    ]
    if any(part.start >= part.stop for part in found):
        raise GeometryError("the bounds lie outside the raster", [f"found {listed(bounds)}"])
    return found[0], found[1]


def _moved(transform: Affine, row: int, column: int) -> Affine:
    """Return the transform of a part that begins at a row and column."""
    a, b, c, d, e, f = transform[:6]
    return Affine(a, b, c + a * column + b * row, d, e, f + d * column + e * row)


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
