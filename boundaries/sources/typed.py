"""Tables whose columns have types: Parquet, Feather, attributes of layers, records of JSON, frames in memory, all as cells alike.

A code may stand in the index; a missing cell is an empty text, whatever the type of the column calls it; shapes are left aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from geopandas.array import GeometryDtype

from boundaries.sources.spreadsheets import cell_text
from geo.documents import json_of
from geo.errors import DamagedError, TableError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from pathlib import Path

PARQUET = (".parquet", ".pq")
FEATHER = (".feather", ".arrow")
LAYERS = (".gpkg", ".geojson", ".fgb")
RECORDS = (".json",)
SUFFIXES = (*PARQUET, *FEATHER, *LAYERS, *RECORDS)
"""Ends of the names of files whose columns have types."""

_SHAPES = frozenset({"geometry", "geom", "wkb_geometry", "shape"})
_STYLES = frozenset({"layer_styles", "qgis_projects"})
"""Tables by which QGIS remembers how the layers beside them are drawn."""
_WRAPPED = ("data", "records", "rows", "results", "value", "observations")
"""Names under which services put the records of an answer, where several lists of records stand in it."""


def typed_table(path: Path, *, sheet: str | None = None) -> pd.DataFrame:
    """Read a file of typed columns as cells: numbers as they are, all else as text, "" where nothing is.

    Parameters
    ----------
    path : a file with one of ``SUFFIXES``. sheet : which layer, of a file of several.

    Raises
    ------
    TableError
        It cannot be read, has no rows or no columns but shapes, or holds several layers of which none is named.
    """
    last = path.suffix.lower()
    if last in LAYERS:
        return as_cells(_attributes(path, sheet), path.name)
    if last in RECORDS:
        return as_cells(_records(path), path.name)
    kind = "Parquet" if last in PARQUET else "Feather"
    try:
        frame = pd.read_parquet(path) if last in PARQUET else pd.read_feather(path)
    except Exception as error:  # the notes of pandas inside the file are its writer's: what they lack is any error
        raise DamagedError(
            f"{path.name} is not a readable {kind} file", [f"{type(error).__name__}: {error}"]
        ) from error
    return as_cells(frame, path.name)


def as_cells(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a frame as a file gives it: an index that is more than a count is a column; names may repeat.

    Parameters
    ----------
    frame : of any types; it is not changed. name : of the table, for messages.

    Returns
    -------
    Numbers as they are, all else as str, missing as "".

    Raises
    ------
    TableError
        No rows, or no columns but shapes.
    """
    whole = _with_index(pd.DataFrame(frame))
    kinds = list(whole.dtypes)
    kept = [
        place
        for place, kind in enumerate(kinds)
        if not isinstance(kind, GeometryDtype) and not _binary(whole.iloc[:, place], str(whole.columns[place]))
    ]
    whole = whole.iloc[:, kept].reset_index(drop=True)
    if not len(whole):
        raise TableError(f"{name} has no rows", [f"columns: {listed(whole.columns)}"])
    if not len(whole.columns):
        raise TableError(f"{name} has no columns but shapes")
    whole.columns = pd.Index([_heading(column) for column in whole.columns])
    columns = [_cells(whole.iloc[:, place]) for place in range(len(whole.columns))]
    return pd.concat(columns, axis=1)


def _heading(name: object) -> str:
    """Return the name of a column as text: of several levels joined, of a date without the midnight of its day."""
    levels = name if isinstance(name, tuple) else (name,)
    return " ".join(text for level in levels if (text := cell_text(level)))


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose index, where it says something, has become columns."""
    index = frame.index
    if isinstance(index, pd.RangeIndex) and index.name is None:
        return frame
    if index.nlevels == 1 and index.name is None and pd.api.types.is_integer_dtype(index.dtype):
        return frame  # rows that were filtered or sorted: still a count
    own = [place for place in range(index.nlevels) if index.names[place] is None or index.names[place] not in frame]
    levels = {index.names[place] or ("index" if index.nlevels == 1 else f"index {place + 1}"): place for place in own}
    columns = [
        pd.Series(index.get_level_values(place), index=range(len(frame)), name=name) for name, place in levels.items()
    ]
    return pd.concat([*columns, frame.reset_index(drop=True)], axis=1)


def _binary(column: pd.Series, name: str) -> bool:
    """Say whether a column holds shapes as bytes."""
    if name.lower() not in _SHAPES or column.dtype != object:
        return False
    known = column.dropna()
    return bool(len(known)) and isinstance(known.iloc[0], bytes)


def _cells(column: pd.Series) -> pd.Series:
    """Return one column as numbers, or as text."""
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        if isinstance(column.dtype, pd.api.extensions.ExtensionDtype):
            numbers = column.to_numpy(dtype="float64", na_value=np.nan) if column.isna().any() else column.to_numpy()
            return pd.Series(numbers, index=column.index, name=column.name)
        return column
    if column.dtype == "str":
        return column.fillna("") if column.isna().any() else column
    texts = [cell_text(cell) if _there(cell) else "" for cell in column.astype(object)]
    return pd.Series(texts, index=column.index, name=column.name, dtype="str")


def _there(cell: object) -> bool:
    return not (cell is None or cell is pd.NA or cell is pd.NaT or cell != cell)  # noqa: PLR0124 - nothing else is unequal to itself


def _attributes(path: Path, layer: str | None) -> pd.DataFrame:
    """Read the attributes of a layer, without its shapes."""
    from geo.vectors import layers_of, read_vectors  # noqa: PLC0415 - the geometry library is loaded only for layers

    names = [name for name, _ in layers_of(path) if name not in _STYLES]
    helps = [Remedy("sheet", name, purpose="to take that layer") for name in names[:5]]
    if layer is not None and layer not in names:
        raise TableError(f"{path.name} has no layer '{layer}'", [f"layers: {', '.join(names)}"], helps)
    if layer is None and len(names) > 1:
        raise TableError(f"{path.name} holds {len(names)} layers", [f"say sheet = one of: {', '.join(names)}"], helps)
    return pd.DataFrame(read_vectors(path, layer=layer or names[0], geometry=False))


def _records(path: Path) -> pd.DataFrame:
    """Read JSON: a list of records, one under a usual name, columns by name, or the properties of features."""
    content = json_of(path, error=DamagedError)
    if isinstance(content, dict) and isinstance(content.get("features"), list):
        content = [feature.get("properties") for feature in content["features"] if isinstance(feature, dict)]
    if isinstance(content, dict):
        lists = {name: said for name, said in content.items() if isinstance(said, list) and _are_records(said)}
        wrapped = [lists[name] for name in _WRAPPED if name in lists] or ([*lists.values()] if len(lists) == 1 else [])
        content = wrapped[0] if wrapped else content
    if isinstance(content, list) and _are_records(content):
        return pd.DataFrame(content)
    columns = list(content.values()) if isinstance(content, dict) else []
    if columns and all(isinstance(column, list) for column in columns) and len(set(map(len, columns))) == 1:
        return pd.DataFrame(content)
    raise TableError(
        f"{path.name} holds no table", ['expected a list of records: [{"code": "E06000001", "value": 1.5}, …]']
    )


def _are_records(content: list[Any]) -> bool:
    return bool(content) and all(isinstance(record, dict) for record in content)
