"""Read a layer or a table that somebody carried in by hand, as suspiciously as one from the network."""

from __future__ import annotations

import contextlib
import re
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.official.entries import RESOLUTIONS
from boundaries.official.finding import matching
from boundaries.transport import extract_zip, is_html
from geo.errors import FetchError, TableError
from geo.vectors import fields_of, layers_of, read_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

LAYER_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".fgb")
TABLE_SUFFIXES = (".csv",)

_WORDS = re.compile(r"[^A-Za-z0-9]+")
_HEAD = 1024


def read_carried_layer(path: Path, code_pattern: str) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Read GeoJSON, GeoPackage, FlatGeobuf, a shapefile, or a zip with one of them; return it with what the reader remarked.

    Raises
    ------
    FetchError
        Not there, an HTML page, an unsafe zip, no layer or several, or a file that cannot be read.
    """
    with _opened(path, LAYER_SUFFIXES) as found, warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        try:
            frame = read_vectors(found, layer=_layer(found, code_pattern))
        except TableError as error:
            raise FetchError(f"{path.name} cannot be read as a layer", [error.what, *error.faults]) from error
    if "geometry" not in frame.columns:
        raise FetchError(f"{path.name} holds no geometry", [f"found the columns {', '.join(map(str, frame.columns))}"])
    return frame, tuple(dict.fromkeys(str(remark.message) for remark in remarks))


def read_carried_table(path: Path) -> pd.DataFrame:
    """Read a CSV file (or a zip with one) as text, nothing guessed.

    Raises
    ------
    FetchError
        Not there, an HTML page, an unsafe zip, or a file that cannot be read.
    """
    with _opened(path, TABLE_SUFFIXES) as found:
        try:
            return pd.read_csv(found, dtype=str, encoding="utf-8-sig", keep_default_na=False, na_values=[""])
        except (ValueError, OSError) as error:
            raise FetchError(f"{path.name} cannot be read as a table", [str(error)]) from error


def resolution_named(path: Path) -> str:
    """Return the resolution that a file's name states, empty when it states none."""
    words = {word.upper() for word in _WORDS.split(path.stem)}
    stated = [resolution for resolution in RESOLUTIONS if resolution in words]
    return stated[0] if len(stated) == 1 else ""


@contextlib.contextmanager
def _opened(path: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Give the one file of the kind wanted: the path itself, or what a zip holds."""
    if not path.is_file():
        raise FetchError(f"{path} is not a file", ["name a file that was downloaded by hand"])
    with path.open("rb") as file:
        if is_html(file.read(_HEAD)):
            raise FetchError(
                f"{path.name} is an HTML page, not data",
                ["the portal sends one when a download is not ready: try again later"],
            )
    suffix = path.suffix.lower()
    if suffix in suffixes:
        yield path
        return
    if suffix != ".zip":
        raise FetchError(f"{path.name} is of no kind that is read here", [f"expected {', '.join((*suffixes, '.zip'))}"])
    with tempfile.TemporaryDirectory() as temporary:
        members = [
            member for member in extract_zip(path, Path(temporary) / "content") if member.suffix.lower() in suffixes
        ]
        if len(members) != 1:
            names = ", ".join(member.name for member in members) or "none"
            raise FetchError(
                f"{path.name} does not hold exactly one file to read",
                [f"expected one of {', '.join(suffixes)}; found {names}"],
            )
        yield members[0]


def _layer(path: Path, code_pattern: str) -> str | None:
    """Choose the layer of a file: the only one, else the only one with the code field."""
    layers = [name for name, _ in layers_of(path)]
    if len(layers) <= 1:
        return layers[0] if layers else None
    fitting = [name for name in layers if matching(code_pattern, fields_of(path, name))]
    if len(fitting) != 1:
        raise FetchError(
            f"{path.name} holds several layers",
            [f"expected one with a field like {code_pattern}", f"found {', '.join(layers)}"],
        )
    return fitting[0]
