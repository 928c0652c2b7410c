"""The tables of a GeoPackage that hold styles and the names of columns."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import MapError, OutputError, listed
from geo.files import FIXED_DATE
from maps.kinds.table import style_of
from maps.qgis.documents import style_document
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from maps.spec import MapSpec

_STYLES = """
CREATE TABLE IF NOT EXISTS layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(256),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""
"""As QGIS makes it, but for names longer than the 30 letters that it declares and does not keep to."""

_NAMES = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
)
"""
"""Of the schema extension of GeoPackage."""

_CONSTRAINTS = """
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
)
"""

_SCHEMA_EXTENSION = "http://www.geopackage.org/spec121/#extension_schema"


def write_styles(geopackage: Path, layer: str, specs: Sequence[MapSpec]) -> Path:
    """Write styles for one layer of a GeoPackage, replacing earlier ones of that layer; the first is its default.

    Parameters
    ----------
    specs : pictures that the layer is to be drawn as; the layer has a column ``code``. Of pictures with one name and the same
        classes (the kinds of place, which stand beside every outcome) the first is kept.

    Raises
    ------
    OutputError
        No GeoPackage there, or no such layer in it.
    MapError
        No style; a layer without codes; pictures that the layer cannot be drawn as.

    Notes
    -----
    Names that ``write_names`` gave to columns stand in the default style too: QGIS before GDAL 3.7 reads them there only.
    """
    with _opened(geopackage) as base, base:
        column = _geometry_column(base, layer, geopackage.name)
        table = _rows(base, layer, column)
        if not specs:
            raise MapError("a layer cannot be styled without a map", ["no style was given"])
        names = _names_of(base, layer)
        base.execute(_STYLES)
        base.execute("DELETE FROM layer_styles WHERE f_table_name = ?", (layer,))
        for i, (name, spec) in enumerate(_named(specs).items()):
            document = style_document(spec, table, names=names if i == 0 else None)
            row = ("", "", layer, column, name, document, "", i == 0, spec.title, "", None, FIXED_DATE)
            base.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
                "styleSLD, useAsDefault, description, owner, ui, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        _register(base)
    return geopackage


def write_names(geopackage: Path, layer: str, names: Mapping[str, tuple[str, str]]) -> Path:
    """Write readable names of columns, and what they mean, as the schema extension of GeoPackage has them.

    Parameters
    ----------
    names : column → name and meaning; columns that the layer lacks are left out, and a name given twice is told apart by the
        column's own.

    Raises
    ------
    OutputError
        No GeoPackage there, or no such layer in it.
    """
    with _opened(geopackage) as base, base:
        _geometry_column(base, layer, geopackage.name)
        present = {row[1] for row in base.execute("SELECT * FROM pragma_table_info(?)", (layer,))}
        base.execute(_NAMES)
        base.execute(_CONSTRAINTS)
        base.execute("DELETE FROM gpkg_data_columns WHERE table_name = ?", (layer,))
        given = [name for name, _ in names.values()]
        for column, (name, meaning) in names.items():
            if column in present:
                apart = name if given.count(name) == 1 else f"{name} ({column})"
                base.execute(
                    "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES (?, ?, ?, ?, ?)",
                    (layer, column, apart, apart, meaning),
                )
        base.execute(
            "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, "
            "definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"
        )
        for extended in ("gpkg_data_columns", "gpkg_data_column_constraints"):
            if not base.execute("SELECT 1 FROM gpkg_extensions WHERE table_name = ?", (extended,)).fetchone():
                base.execute(
                    "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
                    (extended, _SCHEMA_EXTENSION),
                )
    return geopackage


def _opened(geopackage: Path) -> closing[sqlite3.Connection]:
    if not geopackage.is_file():
        raise OutputError(f"no GeoPackage at {geopackage}", ["write the layer first"])
    return closing(sqlite3.connect(geopackage))


def _geometry_column(base: sqlite3.Connection, layer: str, name: str) -> str:
    found = base.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)).fetchone()
    if found is None:
        known = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name")]
        raise OutputError(f"no layer {layer!r} in {name}", [f"it holds {listed(known) or 'nothing'}"])
    return str(found[0])


def _rows(base: sqlite3.Connection, layer: str, geometry: str) -> pd.DataFrame:
    """Return what the layer says of each area, by code."""
    columns = [row[1] for row in base.execute("SELECT * FROM pragma_table_info(?)", (layer,)) if row[1] != geometry]
    if "code" not in columns:
        raise MapError(f"layer {layer!r} cannot be styled", ["absent: a column 'code' to find areas by"])
    names = ", ".join(f'"{column.replace(chr(34), chr(34) * 2)}"' for column in columns)
    table = layer.replace('"', '""')
    rows = base.execute(f'SELECT {names} FROM "{table}"').fetchall()  # noqa: S608 - names are quoted
    return pd.DataFrame(rows, columns=columns).set_index("code", drop=False)


def _names_of(base: sqlite3.Connection, layer: str) -> dict[str, str]:
    if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_data_columns'").fetchone():
        return {}
    rows = base.execute(
        "SELECT column_name, name FROM gpkg_data_columns WHERE table_name = ? AND name IS NOT NULL ORDER BY rowid",
        (layer,),
    )
    return {str(column): str(name) for column, name in rows}


def style_name(spec: MapSpec) -> str:
    """Return what a picture's style is called: measure and period as in its subtitle, and the kind of map in words."""
    measure = spec.measure or spec.id
    words = style_of(spec.kind)
    return f"{measure}: {words}" if words else measure


def _named(specs: Sequence[MapSpec]) -> dict[str, MapSpec]:
    found: dict[str, MapSpec] = {}
    for spec in specs:
        kept = found.setdefault(style_name(spec), spec)
        if (kept.classes, dict(kept.assignment)) != (spec.classes, dict(spec.assignment)):
            raise MapError("styles need different names", [f"{kept.id} and {spec.id} are both {style_name(spec)!r}"])
    return found


def _register(base: sqlite3.Connection) -> None:
    """List the table among the GeoPackage's contents as QGIS does, as attributes, so that other readers know it."""
    base.execute(
        "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        ("layer_styles", "attributes", "layer_styles", say("qgis.styles"), FIXED_DATE, 0),
    )
