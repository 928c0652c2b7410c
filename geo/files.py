"""Writing files so that they appear whole, read safely in a spreadsheet, and are the same bytes every time."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from geo.crs import WGS84
from geo.errors import OutputError
from geo.staging import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text cell that begins so would be run as a formula by a spreadsheet."""

FIXED_DATE = "2000-01-01T00:00:00.000Z"
"""Stands where a format insists on a time of writing, so that equal content is equal bytes."""

GEOPACKAGE_VERSION = "1.2"
"""Of the standard: what is written needs no later one, and older programs warn of those."""

_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
_GDAL_DATE = threading.Lock()


def refuse_overwriting(output: Path, inputs: Iterable[Path]) -> None:
    """Refuse to write over a file that is read.

    Raises
    ------
    OutputError
        The output is one of the inputs, under whatever name; nothing was touched.
    """
    for path in inputs:
        if output.exists() and path.exists() and output.samefile(path):
            raise OutputError(f"{output} is a file that is read: it is not overwritten", ["name another file to write"])


def write_bytes(path: Path, content: bytes) -> Path:
    """Write bytes; the file appears whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return path


def write_text(path: Path, text: str) -> Path:
    r"""Write UTF-8 text with line feeds; the file appears whole or not at all.

    A file name that is not UTF-8 may stand in the text; its bytes are written as ``\udcff``, which every reader can read.
    """
    return write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_json(path: Path, data: Any) -> Path:
    """Write JSON with sorted keys, two spaces and a final line feed."""
    return write_text(path, json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")


def neutral(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula: text beginning like one gets a leading apostrophe.

    Examples
    --------
    >>> neutral("=1+1"), neutral("Bristol"), neutral(-3.5)
    ("'=1+1", 'Bristol', -3.5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def neutralised(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with every text cell (headings included) made safe for spreadsheets."""
    safe = frame.rename(columns=neutral)
    for position, kind in enumerate(safe.dtypes):
        texts = str(kind) in {"str", "string"}
        if texts and not safe.iloc[:, position].str.startswith(FORMULA_STARTS, na=False).any():
            continue  # as a rule; a look at each cell is for the few columns that need it
        if kind.kind not in "biufcmM":
            cells: list[Any] = [neutral(cell) for cell in safe.iloc[:, position]]
            safe.isetitem(position, cells)
    return safe


def write_csv(frame: pd.DataFrame, path: Path, *, excel: bool = False) -> Path:
    """Write a table as UTF-8 CSV without its index; formulas neutralised.

    Parameters
    ----------
    frame : geometry columns must have been dropped.
    path : where to.
    excel : begin with a byte-order mark, without which Excel misreads accents.
    """
    text = neutralised(frame).to_csv(index=False, lineterminator="\n")
    return write_bytes(path, text.encode("utf-8-sig" if excel else "utf-8"))


@contextmanager
def _by_gdal(path: Path) -> Iterator[io.BytesIO]:
    """Yield memory for GDAL to write into; what it holds in the end is written as every other file is.

    GDAL closes a GeoPackage without telling of a disk that was full by then: an index, or the last rows, would be missing from a
    file that looks whole.
    """
    from pyogrio import errors  # noqa: PLC0415  # GDAL is loaded only by those who write layers

    memory = io.BytesIO()
    try:
        yield memory
    except (errors.DataSourceError, errors.DataLayerError, errors.FeatureError) as trouble:
        said = (str(trouble).splitlines() or [type(trouble).__name__])[0]
        raise OutputError(f"{path} cannot be written", [said]) from trouble
    write_bytes(path, memory.getvalue())


def write_geopackage(
    frame: gpd.GeoDataFrame, path: Path, layer: str, *, metadata: Mapping[str, str] | None = None
) -> Path:
    """Write one layer to a new GeoPackage, without the time of writing, so that equal content is equal bytes.

    Notes
    -----
    GDAL takes the time of writing from an option of the whole process. It is set for the length of the write and then put
    back; threads take turns, or the first to end would take the fixed time from the others.
    """
    import pyogrio  # noqa: PLC0415  # GDAL is loaded only by those who write layers

    with _GDAL_DATE, _by_gdal(path) as memory:
        before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
        try:
            frame.to_file(
                memory,
                driver="GPKG",
                layer=layer,
                engine="pyogrio",
                layer_metadata=dict(metadata or {}) or None,
                VERSION=GEOPACKAGE_VERSION,
            )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
    return path


def write_geojson(frame: gpd.GeoDataFrame, path: Path, *, decimals: int = 5) -> Path:
    """Write RFC 7946 GeoJSON: WGS 84, right-hand rule, ``decimals`` places (5 is about a metre)."""
    import pyogrio  # noqa: PLC0415  # as above

    with _by_gdal(path) as memory:
        pyogrio.write_dataframe(
            frame.to_crs(WGS84),
            memory,
            layer=path.stem,
            driver="GeoJSON",
            RFC7946="YES",
            COORDINATE_PRECISION=str(decimals),
        )
    return path


def write_parquet(frame: gpd.GeoDataFrame, path: Path) -> Path:
    """Write GeoParquet."""
    with replacing(path) as temporary:
        frame.to_parquet(temporary, index=False)
    return path


def write_zip(folder: Path, path: Path) -> Path:
    """Zip a folder under its own name: names sorted, dates fixed, so that equal content is equal bytes."""
    files = sorted(item for item in folder.rglob("*") if item.is_file())
    if not files:
        raise OutputError(f"{folder.name} holds no file to zip")
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for file in files:
            entry = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", date_time=_ZIP_DATE)
            entry.external_attr = 0o644 << 16
            # Pictures are compressed already; squeezing them again costs time and saves nothing.
            packed = file.suffix.lower() in {".png", ".zip", ".gz", ".parquet"}
            archive.writestr(
                entry, file.read_bytes(), zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED, compresslevel=6
            )
    return path
