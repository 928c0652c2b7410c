"""The one door for layers of shapes: formats by allow-list, nothing that makes GDAL ask a network, every fault one error.

GDAL tells formats by content, not by name, and some of them point elsewhere: a virtual layer (VRT) at any address, a GeoJSON
``crs`` of the type "link" at a definition on a server, KML and GML at documents beside them. What a file is, is therefore looked
at before GDAL sees it.
"""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyogrio
import pyproj

from geo.archives import FAULTS
from geo.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

MAGIC: dict[str, bytes] = {
    ".gpkg": b"SQLite format 3\x00",
    ".fgb": b"fgb\x03",
    ".shp": b"\x00\x00\x27\x0a",
    ".parquet": b"PAR1",
    ".zip": b"PK\x03\x04",
}
"""How files of each kind begin."""

TEXTS = (".geojson", ".json", ".topojson")
"""Kinds that are JSON."""

SUFFIXES = (*MAGIC, *TEXTS)
"""What is read; everything else is refused before GDAL sees it."""

_OFFLINE = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_HTTP_MAX_RETRY": "0",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "500",
}
_WITHIN_ZIP = (".gpkg", ".fgb", ".shp", ".geojson", ".json")


def read_vectors(path: Path, *, layer: str | None = None, geometry: bool = True) -> Any:
    """Read a layer of a file.

    Parameters
    ----------
    path : GeoPackage, FlatGeobuf, shapefile, GeoJSON, TopoJSON, GeoParquet, or a zip with one of them.
    layer : which, where the file holds several; the first by default. geometry : False reads the attributes alone.

    Returns
    -------
    GeoDataFrame, or a DataFrame without ``geometry``.

    Raises
    ------
    TableError
        The file is not there, is of a kind that is not read, points at another place, or is damaged.
    """
    check_vectors(path)
    if path.suffix.lower() == ".parquet":
        return _guarded(path, lambda: gpd.read_parquet(path))
    pyogrio.set_gdal_config_options(_OFFLINE)
    return _guarded(path, lambda: pyogrio.read_dataframe(path, layer=layer, read_geometry=geometry))


def layers_of(path: Path) -> list[tuple[str, str]]:
    """Return name and kind of geometry of every layer of a file; as ``read_vectors``."""
    check_vectors(path)
    if path.suffix.lower() == ".parquet":
        return [(path.stem, "Unknown")]
    found = _guarded(path, lambda: pyogrio.list_layers(path))
    return [(str(name), str(kind)) for name, kind in found]


def fields_of(path: Path, layer: str) -> list[str]:
    """Return the names of the columns of a layer; as ``read_vectors``."""
    check_vectors(path)
    return [str(name) for name in _guarded(path, lambda: pyogrio.read_info(path, layer=layer))["fields"]]


def check_vectors(path: Path) -> None:
    """Refuse what is not on the list, or would look elsewhere.

    Raises
    ------
    TableError
        As ``read_vectors``.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise TableError(f"there is no boundary file {path}", ["give the path of a GeoPackage, GeoJSON or shapefile"])
    if suffix not in SUFFIXES:
        raise TableError(
            f"{path.name} is of a kind that is not read as a layer",
            [f"expected {', '.join(SUFFIXES)}", "save it as GeoPackage"],
        )
    if suffix in TEXTS:
        _check_json(path)
        return
    with path.open("rb") as file:
        head = file.read(16)
    if not head.startswith(MAGIC[suffix]):
        raise TableError(
            f"{path.name} is not what its name says",
            [f"a {suffix} file begins otherwise", "is it damaged, or renamed?"],
        )
    if suffix == ".zip":
        _check_zip(path)


def _check_json(path: Path) -> None:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise TableError(f"{path.name} is not JSON", [str(error).splitlines()[0]]) from error
    if not isinstance(content, dict) or "type" not in content:
        raise TableError(f"{path.name} is no GeoJSON", ["it has no member 'type'"])
    crs = content.get("crs")
    if isinstance(crs, dict) and str(crs.get("type")).lower() not in {"name", "epsg"}:
        raise TableError(
            f"{path.name} says where its reference system is defined, not which it is",
            [
                f"its crs is of the type {crs.get('type')!r}",
                "nothing is fetched unasked: save it with a named crs, or as GeoPackage",
            ],
        )
    if isinstance(crs, dict):
        _check_named(crs, path)


def _check_named(crs: dict[str, Any], path: Path) -> None:
    """Refuse a reference system that nobody knows: it would be taken for longitude and latitude."""
    given = crs.get("properties")
    told: dict[str, Any] = given if isinstance(given, dict) else {}
    name = str(told.get("name") or f"EPSG:{told.get('code')}")
    if name.endswith("CRS84"):
        return
    try:
        pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError as error:
        raise TableError(
            f"{path.name} is in a reference system that nobody knows",
            [f"its crs is {str(given)[:80]}", "save it with one of EPSG, or without a crs for longitude and latitude"],
        ) from error


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
    except FAULTS as error:
        raise TableError(f"{path.name} is damaged", [str(error)]) from error
    layers = [name for name in names if name.lower().endswith(_WITHIN_ZIP)]
    if not layers or any(name.lower().endswith((".vrt", ".kml", ".gml", ".xml")) for name in layers):
        raise TableError(
            f"{path.name} holds no layer that is read", [f"expected one of {', '.join(_WITHIN_ZIP)} inside"]
        )
    if any(name.lower().endswith((".geojson", ".json")) for name in layers):
        raise TableError(f"{path.name} holds GeoJSON", ["unpack it and name the file"])


def _guarded(path: Path, work: Any) -> Any:
    try:
        return work()
    except Exception as error:  # GDAL's many kinds of failure are one fault to the user
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise TableError(f"{path.name} cannot be read as a boundary layer", [said]) from error
