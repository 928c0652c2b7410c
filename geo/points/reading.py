"""Tables and layers of points: coordinates found by the names of columns or stated, in one system, with what else is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.crs import BRITISH_NATIONAL_GRID, WGS84
from geo.errors import CRSError, GeometryError, TableError, listed
from geo.vectors import SUFFIXES, read_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PAIRS = (
    (("longitude", "lon", "long", "lng", "stop_lon"), ("latitude", "lat", "stop_lat"), WGS84),
    (
        ("easting", "eastings", "gridreference_easting", "oseast1m", "location_easting_osgr", "bng_e"),
        ("northing", "northings", "gridreference_northing", "osnrth1m", "location_northing_osgr", "bng_n"),
        BRITISH_NATIONAL_GRID,
    ),
)
"""What columns of coordinates are called, and in which system they then are."""

TABLES = (".csv", ".csv.gz", ".tsv", ".feather", ".arrow")
"""Kinds of table with coordinates in columns; a Parquet file may be one, or hold shapes."""


@dataclass(frozen=True, slots=True)
class PointReading:
    """What a file of points does not say of itself.

    Parameters
    ----------
    x, y : columns of coordinates, where their names do not tell. crs : in which they are, likewise. layer : of a file of several.
    """

    x: str = ""
    y: str = ""
    crs: str = ""
    layer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class PointLayer:
    """Points in British National Grid.

    Parameters
    ----------
    xy : shape (n, 2), metres; NaN where a row has no coordinates. frame : the columns asked for, a row a point.
    """

    xy: NDArray[np.float64]
    frame: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.xy)

    @property
    def unplaced(self) -> int:
        """How many rows have no coordinates."""
        return int((~np.isfinite(self.xy).all(axis=1)).sum())


def read_points(path: Path, reading: PointReading | None = None, columns: Sequence[str] = ()) -> PointLayer:
    """Read points.

    Parameters
    ----------
    path : CSV (plain or gzipped), Feather or Parquet with two columns of coordinates; GeoParquet, GeoPackage, FlatGeobuf,
        shapefile or GeoJSON with points, or with polygons, of which a point inside stands for each.
    reading : what the file does not say. columns : others that are wanted.

    Raises
    ------
    TableError
        The file cannot be read, or has no such columns.
    CRSError
        Coordinates in no declared system, or that cannot be in theirs.
    """
    reading = reading or PointReading()
    if not path.is_file():
        raise TableError(f"there is no file of points {path}")
    suffix = ".csv.gz" if path.name.lower().endswith(".csv.gz") else path.suffix.lower()
    if suffix == ".parquet" and not _has_shapes(path):
        return _of_table(path, suffix, reading, columns)
    if suffix in TABLES:
        return _of_table(path, suffix, reading, columns)
    if suffix in SUFFIXES:
        return _of_layer(path, reading, columns)
    raise TableError(
        f"{path.name} is of a kind that is not read as points", [f"expected {listed((*TABLES, *SUFFIXES), limit=20)}"]
    )


def _has_shapes(path: Path) -> bool:
    import pyarrow.parquet as pq  # noqa: PLC0415  # loaded by those who read Parquet alone

    try:
        metadata = pq.read_schema(path).metadata
    except (OSError, ValueError) as error:
        raise TableError(f"{path.name} cannot be read", [str(error)]) from error
    return b"geo" in (metadata or {})


def _of_layer(path: Path, reading: PointReading, columns: Sequence[str]) -> PointLayer:
    frame = read_vectors(path, layer=reading.layer or None)
    if absent := [name for name in columns if name not in frame.columns]:
        raise TableError(
            f"{path.name} has no column {listed(absent)}", [f"found {listed(map(str, frame.columns), limit=20)}"]
        )
    if frame.crs is None and not reading.crs:
        raise CRSError(f"{path.name} declares no coordinate reference system", ['state it: crs = "EPSG:27700"'])
    shapes = frame.geometry.to_numpy()
    kinds = shapely.get_type_id(shapes)
    flat = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    other = (kinds >= 0) & ~flat & (kinds != shapely.GeometryType.POINT)
    if other.any():
        raise GeometryError(
            f"{path.name} holds shapes that are neither points nor polygons",
            [f"{int(other.sum()):,} of {len(shapes):,}"],
        )
    points = np.where(flat, shapely.point_on_surface(shapes), shapes)
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    system = reading.crs or frame.crs
    return PointLayer(_on_the_grid(xy, system, path), pd.DataFrame(frame[list(columns)]))


def _of_table(path: Path, suffix: str, reading: PointReading, columns: Sequence[str]) -> PointLayer:
    names = _table(path, suffix, None)
    x, y, system = _coordinates(names, reading, path)
    if absent := [name for name in columns if name not in names]:
        raise TableError(f"{path.name} has no column {listed(absent)}", [f"found {listed(names, limit=20)}"])
    table = _table(path, suffix, list(dict.fromkeys((x, y, *columns))))
    xy = np.column_stack([_numbers(table[name], name, path) for name in (x, y)])
    return PointLayer(_on_the_grid(xy, system, path), table[list(columns)])


def _table(path: Path, suffix: str, columns: list[str] | None) -> Any:
    """Return columns of a table; without any named, the names of all."""
    import pyarrow as pa  # noqa: PLC0415  # as above
    import pyarrow.csv as arrow_csv  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415
    from pyarrow import feather  # noqa: PLC0415

    try:
        if suffix == ".parquet":
            return pq.read_schema(path).names if columns is None else pq.read_table(path, columns=columns).to_pandas()
        if suffix in {".feather", ".arrow"}:
            table = feather.read_table(path, columns=columns)
        else:
            parse = arrow_csv.ParseOptions(delimiter="\t" if suffix == ".tsv" else ",")
            if columns is None:
                with arrow_csv.open_csv(path, parse_options=parse) as file:
                    return file.schema.names
            how = arrow_csv.ConvertOptions(include_columns=columns, strings_can_be_null=True)
            table = arrow_csv.read_csv(path, parse_options=parse, convert_options=how)
        return table.schema.names if columns is None else table.to_pandas()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise TableError(f"{path.name} cannot be read", [(str(error).splitlines() or [""])[0]]) from error


def _coordinates(names: Sequence[str], reading: PointReading, path: Path) -> tuple[str, str, str]:
    """Return the columns of x and y, and their system."""
    if bool(reading.x) != bool(reading.y):
        raise TableError("columns of coordinates are named in pairs", ["give both x and y"])
    known = {name.strip().casefold(): name for name in reversed(names)}
    if reading.x:
        absent = [name for name in (reading.x, reading.y) if name not in names]
        if absent:
            raise TableError(f"{path.name} has no column {listed(absent)}", [f"found {listed(names, limit=20)}"])
        system = reading.crs or next((crs for xs, _, crs in PAIRS if reading.x.casefold() in xs), "")
        if not system:
            raise CRSError(
                f"it is not said in which system {reading.x} and {reading.y} are", ['state it: crs = "EPSG:27700"']
            )
        return reading.x, reading.y, system
    found = [(known[x], known[y], crs) for xs, ys, crs in PAIRS for x in xs for y in ys if x in known and y in known]
    if not found:
        raise TableError(
            f"no columns of coordinates were found in {path.name}",
            [f"found {listed(names, limit=20)}", 'name them: x = "…", y = "…" and crs = "EPSG:27700"'],
        )
    # both pairs stand in many files, and say the same: metres need no conversion
    x, y, system = found[-1]
    return x, y, reading.crs or system


def _numbers(column: pd.Series, name: str, path: Path) -> NDArray[np.float64]:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = column.notna().to_numpy() & np.isnan(numbers)
    if wrong.any():
        texts = [str(text) for text in column[wrong].unique() if str(text).strip()]
        if texts:
            raise TableError(
                f"{path.name}: {name} holds what is no number", [f"{int(wrong.sum()):,} rows: {listed(texts)}"]
            )
    return numbers


def _on_the_grid(xy: NDArray[np.float64], system: Any, path: Path) -> NDArray[np.float64]:
    """Return coordinates in British National Grid; refuse those that cannot be in the system they are said to be in."""
    try:
        crs = pyproj.CRS.from_user_input(system)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"'{system}' is no reference system", ['give it as crs = "EPSG:27700"']) from error
    known = xy[np.isfinite(xy).all(axis=1)]
    if len(known):
        largest = np.abs(known).max(axis=0)
        if crs.is_geographic and (largest[0] > 360 or largest[1] > 90):
            raise CRSError(
                f"{path.name}: coordinates are not degrees",
                [
                    f"found up to {largest[0]:g}, {largest[1]:g}",
                    "name the columns of longitude and latitude as x and y, or state crs",
                ],
            )
        if crs.is_projected and largest.max() <= 360:
            raise CRSError(
                f"{path.name}: coordinates are not metres",
                [f"found up to {largest[0]:g}, {largest[1]:g}", 'if they are degrees, state crs = "EPSG:4326"'],
            )
    if crs == pyproj.CRS.from_user_input(BRITISH_NATIONAL_GRID):
        return xy
    x, y = pyproj.Transformer.from_crs(crs, BRITISH_NATIONAL_GRID, always_xy=True).transform(xy[:, 0], xy[:, 1])
    return np.column_stack([x, y])
