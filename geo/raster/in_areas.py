"""What lies in areas: means, quantiles and shares of cells, every cell weighed by the share of it that is inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from exactextract import exact_extract
from exactextract.raster import RasterSource

from geo.crs import check_declared
from geo.errors import CRSError
from geo.raster.opening import opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.raster.grids import Grid
    from geo.raster.opening import Cells, Reading

CLASS = "share:"
"""Begins the name of the share of cells of one class: ``share:41``."""

MOST = 8_000_000
"""Cells that are in memory at once: of a larger area, parts are read one after the other."""

WEIGHED = ("mean", "sum")
"""Summaries in which cells of a raster in degrees are weighed by their size."""

STEP_M = 5000.0
"""Straight borders are walked in steps of this before they are carried into another system, in which they are not straight."""


def zonal_means(areas: gpd.GeoDataFrame | gpd.GeoSeries, raster: Grid | Path) -> pd.Series[float]:
    """Return the mean of the cells in each area, on the index of ``areas``, named "mean"; as ``zonal``, in one system only.

    Raises
    ------
    CRSError
        Areas in another system than the raster.
    """
    check_declared(areas.geometry.to_frame("geometry"), what="the layer of areas")
    with opened(raster) as cells:
        if areas.crs != cells.crs:
            raise CRSError(
                "areas and raster must be in one reference system",
                [f"found {areas.crs.to_string()} and {cells.crs.to_string()}"],
            )
    return zonal(areas, raster, ["mean"])["mean"]


def zonal(
    areas: gpd.GeoDataFrame | gpd.GeoSeries, raster: Grid | Path, wanted: Sequence[str], reading: Reading | None = None
) -> pd.DataFrame:
    """Summarise the cells in each area.

    Parameters
    ----------
    areas : polygons, in any declared system; they are carried into the raster's, never the cells.
    raster : a grid, or a file of any size. reading : what the file does not say of itself.
    wanted : of ``mean``, ``sum``, ``min``, ``max``, ``median``, ``q10`` (any quantile, in per cent), ``share:7`` (of cells that
        hold 7).

    Returns
    -------
    DataFrame
        On the index of ``areas``: the columns wanted, NaN where an area holds no cell with a value, and ``coverage``: the share of
        the area that lies in cells with a value.

    Raises
    ------
    GeometryError, CRSError
        As ``opened``; cells that look as if they had no value.

    Notes
    -----
    Areas are carried into columns and rows, where every cell is a square of side 1 however the raster lies: shares of cells are
    the same there (Baston, *exactextract*), so that rows from the south and turned rasters need no resampling. Cells of a raster
    in degrees are weighed by the cosine of their latitude.
    """
    frame = areas.geometry.to_frame("geometry").reset_index(drop=True)
    check_declared(frame, what="the layer of areas")
    with opened(raster, reading) as cells:
        shapes = _in_cells(frame, cells)
        window = _window(shapes, cells.shape)
        if window is not None:
            cells.refuse_undeclared(window)
        found = pd.DataFrame({"coverage": np.zeros(len(frame))})
        if window is not None:
            found = _extracted(shapes, cells, wanted)
        found = found.reindex(columns=[*wanted, "coverage"])
    return found.set_axis(areas.index)


def _extracted(shapes: NDArray[np.object_], cells: Cells, wanted: Sequence[str]) -> pd.DataFrame:
    import geopandas as gpd  # noqa: PLC0415  # a name of the type checker above

    round_earth = bool(cells.crs.is_geographic)
    before = "weighted_" if round_earth else ""
    shares = [one for one in wanted if one.startswith(CLASS)]
    levels = {one: level for one in wanted if one not in shares and (level := _level(one)) is not None}
    calls = {one: f"{before}{one}" if one in WEIGHED else one for one in wanted if one not in {*shares, *levels}}
    extra = [f"{before}frac", "unique"] if shares else []
    result = exact_extract(
        _Squares(cells),
        gpd.GeoDataFrame(geometry=shapes, crs=cells.crs),
        ["coverage=count", *(f"{one}={call}" for one, call in calls.items()), *extra],
        weights=_Sizes(cells) if round_earth else None,
        output="pandas",
        max_cells_in_memory=MOST,
    )
    sizes = shapely.area(shapes)
    count = result["coverage"].to_numpy(dtype=np.float64)
    found = pd.DataFrame({"coverage": np.divide(count, sizes, out=np.zeros_like(count), where=sizes > 0)})
    for one in calls:
        found[one] = np.where(count > 0, result[one].to_numpy(dtype=np.float64), np.nan)
    if levels:
        found[list(levels)] = np.array([_quantiles(shape, cells, list(levels.values())) for shape in shapes])
    for one in shares:
        number = float(one.removeprefix(CLASS))
        pairs = zip(result["unique"], result[f"{before}frac"], strict=True)
        held = np.array([float(np.sum(np.where(np.asarray(kinds) == number, part, 0.0))) for kinds, part in pairs])
        found[one] = np.where(count > 0, held, np.nan)
    # a hair over 1 is rounding of the two ways in which the same land was measured
    found["coverage"] = found["coverage"].clip(0.0, 1.0)
    return found


def _level(name: str) -> float | None:
    """Return the share of which a summary is the quantile; None for others."""
    if name == "median":
        return 0.5
    return float(name[1:]) / 100 if name.startswith("q") else None


def _quantiles(shape: shapely.Geometry, cells: Cells, levels: list[float]) -> NDArray[np.float64]:
    """Return quantiles of the cells of one area: the least value at or below which a share of its covered land lies.

    Notes
    -----
    exactextract's own quantile joins equal values and interpolates between them, which is wrong for cells that hold few different
    numbers: of eight cells of 3 among sixteen it calls 2.84 the nine tenths.
    """
    import geopandas as gpd  # noqa: PLC0415  # a name of the type checker above

    round_earth = bool(cells.crs.is_geographic)
    (found,) = exact_extract(
        _Squares(cells),
        gpd.GeoDataFrame(geometry=[shape], crs=cells.crs),
        ["values", "coverage", *(["weights"] if round_earth else [])],
        weights=_Sizes(cells) if round_earth else None,
    )
    parts = found["properties"]
    values = np.ma.filled(np.ma.asarray(parts["values"], dtype=np.float64), np.nan)
    sizes = np.asarray(parts["coverage"], dtype=np.float64)
    if round_earth:
        sizes = sizes * np.asarray(parts["weights"], dtype=np.float64)
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(levels), np.nan)
    order = np.argsort(values[known], kind="stable")
    shares = np.cumsum(sizes[known][order])
    # a hair below, lest rounding of a sum push a whole share one cell on
    at = np.searchsorted(shares / shares[-1], np.asarray(levels) - 1e-12)
    return np.asarray(values[known][order][np.minimum(at, len(order) - 1)])


def _in_cells(frame: gpd.GeoDataFrame, cells: Cells) -> NDArray[np.object_]:
    """Return areas in columns and rows of the raster, rows counted downwards from 0 as negative numbers."""
    if frame.crs != cells.crs:
        step = STEP_M if frame.crs.is_projected else STEP_M / 111_000
        frame = frame.assign(geometry=shapely.segmentize(frame.geometry.to_numpy(), step)).to_crs(cells.crs)
    a, b, c, d, e, f = (~cells.transform)[:6]

    def moved(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy[:, 0], xy[:, 1]
        return np.column_stack([a * x + b * y + c, -(d * x + e * y + f)])

    shapes: NDArray[np.object_] = shapely.transform(frame.geometry.to_numpy(), moved)
    # a raster whose rows run from the south turns outer rings round
    turned: NDArray[np.object_] = shapely.normalize(shapes)
    return turned


def _window(shapes: NDArray[np.object_], shape: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Return the window of the raster that areas lie in: column, row, width, height; None where they lie beside it."""
    west, south, east, north = shapely.total_bounds(shapes)
    left, right = max(int(np.floor(west)), 0), min(int(np.ceil(east)), shape[1])
    top, bottom = max(int(np.floor(-north)), 0), min(int(np.ceil(-south)), shape[0])
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None


class _Squares(RasterSource):  # type: ignore[misc]  # exactextract has no types
    """Cells as squares of side 1, columns to the east, rows to the south."""

    def __init__(self, cells: Cells) -> None:
        super().__init__()
        self.cells = cells

    def res(self) -> tuple[float, float]:
        return 1.0, 1.0

    def extent(self) -> tuple[float, float, float, float]:
        rows, columns = self.cells.shape
        return 0.0, float(-rows), float(columns), 0.0

    def nodata_value(self) -> None:
        return None

    def srs_wkt(self) -> None:
        """Areas and cells are both counted in cells: there is nothing to compare, which older versions would do by words."""

    def read_window(self, x0: int, y0: int, nx: int, ny: int) -> NDArray[np.float64]:
        return np.ma.masked_invalid(self.cells.read(x0, y0, nx, ny))


class _Sizes(_Squares):
    """How large cells of a raster in degrees are, beside those at the equator."""

    def read_window(self, x0: int, y0: int, nx: int, ny: int) -> NDArray[np.float64]:
        rows, columns = np.mgrid[y0 : y0 + ny, x0 : x0 + nx] + 0.5
        _, _, _, d, e, f = self.cells.transform[:6]
        return np.asarray(np.cos(np.radians(d * columns + e * rows + f)))
