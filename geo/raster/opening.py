"""Raster files as they are: which band, in which system, which cells are missing, and what the stored numbers stand for."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.errors import CRSError as UnknownCRS
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from geo.errors import CRSError, GeometryError, listed
from geo.raster.grids import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from affine import Affine
    from numpy.typing import NDArray

DRIVERS = {
    b"II*\0": "GTiff",
    b"MM\0*": "GTiff",
    b"II+\0": "GTiff",
    b"MM\0+": "GTiff",
    b"ncols": "AAIGrid",
    b"NCOLS": "AAIGrid",
}
"""How files that are read begin: kinds that hold their cells and point at nothing elsewhere (a virtual raster may name any address)."""

SENTINELS = (
    -9999.0,
    -999.0,
    -99999.0,
    -32768.0,
    32767.0,
    65535.0,
    255.0,
    -3.4028234663852886e38,
    3.4028234663852886e38,
    1e20,
)
"""Numbers that publishers write into cells without a value, and forget to declare."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says of a raster file that it does not say of itself.

    Parameters
    ----------
    band : number, from 1, or description; needed where there are several.
    crs : reference system, where the file declares none or a wrong one.
    nodata : the stored number that means "no value", where none is declared; ``"none"``: every cell has a value.
    """

    band: int | str | None = None
    crs: str = ""
    nodata: float | Literal["none"] | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """One band of a raster, read by windows.

    Parameters
    ----------
    shape : rows and columns. transform : from column and row to x and y; rows may run north or south, and be turned.
    crs : in which x and y are.
    """

    name: str
    shape: tuple[int, int]
    transform: Affine
    crs: CRS
    source: Any = field(repr=False)
    band: int = 1
    nodata: float | Literal["none"] | None = None

    def read(self, column: int, row: int, width: int, height: int) -> NDArray[np.float64]:
        """Return the values of a window, shape (height, width): scaled, float64, NaN where there is no value."""
        if isinstance(self.source, Grid):
            return self.source.cells[row : row + height, column : column + width].astype(np.float64)
        stored = self._stored(column, row, width, height)
        scale, offset = self.source.scales[self.band - 1], self.source.offsets[self.band - 1]
        return np.asarray(stored * scale + offset, dtype=np.float64)

    def _stored(self, column: int, row: int, width: int, height: int) -> NDArray[np.float64]:
        """Return numbers as they are stored, NaN where there is no value."""
        window = Window(column, row, width, height)
        try:
            cells = self.source.read(self.band, window=window, masked=self.nodata != "none")
        except RasterioError as error:
            raise GeometryError(f"{self.name} cannot be read", [str(error)]) from error
        values = np.ma.filled(cells.astype(np.float64), np.nan)
        values[~np.isfinite(values)] = np.nan
        if isinstance(self.nodata, int | float):
            values[values == np.float64(self.nodata)] = np.nan
        return values

    def refuse_undeclared(self, window: tuple[int, int, int, int]) -> None:
        """Refuse a window in which a number that means "no value" elsewhere stands far from all others.

        Raises
        ------
        GeometryError
            Naming the number, how many cells hold it, and between what the others lie.

        Notes
        -----
        Far: farther from the nearest other number than the others are from each other.
        """
        if isinstance(self.source, Grid) or self.nodata is not None:
            return
        low, high = np.inf, -np.inf
        found: dict[float, int] = {}
        for part in windows(window):
            values = self._stored(*part)
            values = values[~np.isnan(values)]
            doubtful = np.isin(values, SENTINELS)
            for number, count in zip(*np.unique(values[doubtful], return_counts=True), strict=True):
                found[float(number)] = found.get(float(number), 0) + int(count)
            rest = values[~doubtful]
            low, high = min(low, rest.min(initial=np.inf)), max(high, rest.max(initial=-np.inf))
        spread = max(high - low, 0.0)
        odd = [
            f"{count:,} cells hold {number:g}, the others lie between {low:g} and {high:g}"
            for number, count in sorted(found.items())
            if low <= high and (number - high > spread or low - number > spread)
        ]
        if odd:
            raise GeometryError(
                f"{self.name} does not say which cells have no value, and some look as if they had none",
                [*odd, 'state it: nodata = that number, or nodata = "none" if it is a value'],
            )


@contextmanager
def opened(raster: Grid | Path, reading: Reading | None = None) -> Iterator[Cells]:
    """Open a raster, or take a grid for one.

    Parameters
    ----------
    raster : a grid, or a GeoTIFF or Arc/Info ASCII file. reading : what the file does not say of itself.

    Raises
    ------
    GeometryError
        Not a raster that is read, nowhere on the map, or of several bands of which none is named.
    CRSError
        No reference system is declared or stated.
    """
    reading = reading or Reading()
    if isinstance(raster, Grid):
        yield Cells("the grid", raster.cells.shape, raster.transform, CRS.from_user_input(raster.crs), raster)
        return
    with _by_kind(raster) as source:
        if source.transform.is_identity:
            raise GeometryError(
                f"{raster} does not say where its cells lie",
                ["give it a position first, for example with gdal_translate"],
            )
        yield Cells(
            name=str(raster),
            shape=(source.height, source.width),
            transform=source.transform,
            crs=_system(source, raster, reading.crs),
            source=source,
            band=_band(source, raster, reading.band),
            nodata=reading.nodata,
        )


def _by_kind(path: Path) -> Any:
    """Open a file by the driver of the kind that its first bytes are of."""
    expected = "expected a GeoTIFF or an Arc/Info ASCII grid"
    if not path.is_file():
        raise GeometryError(f"there is no raster {path}", [expected])
    with path.open("rb") as file:
        head = file.read(5)
    driver = next((name for magic, name in DRIVERS.items() if head.startswith(magic)), None)
    if driver is None:
        raise GeometryError(f"{path} is not a raster that can be read", [expected])
    try:
        with warnings.catch_warnings():
            # a file without a position is refused by whoever opens it
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            return rasterio.open(path, driver=driver)
    except RasterioError as error:
        raise GeometryError(f"{path} is not a raster that can be read", [expected, str(error)]) from error


def _system(source: Any, path: Path, stated: str) -> CRS:
    if not stated and source.crs is None:
        raise CRSError(
            f"{path} declares no coordinate reference system",
            [
                f"its cells lie between {listed([f'{number:g}' for number in source.bounds])} (west, south, east, north)",
                'state it: crs = "EPSG:27700", or whichever it was made in',
            ],
        )
    try:
        return CRS.from_user_input(stated) if stated else source.crs
    except UnknownCRS as error:
        raise CRSError(f"'{stated}' is no reference system", ['give it as crs = "EPSG:27700"']) from error


def _band(source: Any, path: Path, asked: int | str | None) -> int:
    """Return the number of the band that is meant."""
    names = {
        number: source.descriptions[number - 1] or ""
        for number in source.indexes
        if source.colorinterp[number - 1] != ColorInterp.alpha
    }
    told = listed([f"{number} {name}".strip() for number, name in names.items()])
    if asked is None:
        if len(names) != 1:
            raise GeometryError(f"{path} holds {len(names)} bands", [f"name one: band = 1, or its name; bands: {told}"])
        return int(next(iter(names)))
    same = [number for number, name in names.items() if asked in (number, name)]
    if len(same) != 1:
        raise GeometryError(f"{path} has {'no' if not same else 'more than one'} band {asked!r}", [f"bands: {told}"])
    return int(same[0])


def windows(whole: tuple[int, int, int, int], side: int = 2048) -> Iterator[tuple[int, int, int, int]]:
    """Cut a window (column, row, width, height) into parts that fit in memory, row by row."""
    column, row, width, height = whole
    for top in range(row, row + height, side):
        for left in range(column, column + width, side):
            yield left, top, min(side, column + width - left), min(side, row + height - top)
