"""Styles that QGIS reads from inside a GeoPackage: the layer opens as it was drawn.

QGIS looks for a table ``layer_styles`` beside the layers; each row holds a style in QGIS's own XML (QML) for one layer, and one
of them is the layer's default.
"""

from __future__ import annotations

import re
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from typing import TYPE_CHECKING

from geo.errors import MapError, OutputError, listed
from geo.files import FIXED_DATE
from maps.static.column import hatch_colour

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from maps.spec import LegendClass, MapSpec

_TABLE = """
CREATE TABLE IF NOT EXISTS layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(80),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME
)
"""

_PATTERNS = {"diagonal": "b_diagonal", "back": "f_diagonal", "dots": "dense6", "stripes": "b_diagonal"}
"""QGIS's brush for each of our hatches."""

BORDER = "#4a4a46"

LARGEST = 1e18
"""Stands for no limit, which QGIS's ranges cannot say."""


def write_styles(geopackage: Path, layer: str, styles: Mapping[str, MapSpec]) -> Path:
    """Write styles for one layer of a GeoPackage, replacing earlier ones of that layer; the first is its default.

    Parameters
    ----------
    styles : column of the layer, or an expression of QGIS over columns in double quotes → the map whose colours it takes:
        values for a map with ``breaks``, else class keys.

    Raises
    ------
    OutputError
        No GeoPackage there, or no such layer in it.
    MapError
        No style, or columns that the layer lacks.
    """
    if not geopackage.is_file():
        raise OutputError(f"no GeoPackage at {geopackage}", ["write the layer first"])
    with closing(sqlite3.connect(geopackage)) as base, base:
        found = base.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)).fetchone()
        if found is None:
            known = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name")]
            raise OutputError(f"no layer {layer!r} in {geopackage.name}", [f"it holds {listed(known) or 'nothing'}"])
        columns = {row[1] for row in base.execute("SELECT * FROM pragma_table_info(?)", (layer,))}
        absent = [column for key in styles for column in _columns_of(key) if column not in columns]
        if absent or not styles:
            raise MapError(
                "styles need columns of the layer", [f"absent: {listed(absent)}" if absent else "no style was given"]
            )
        base.execute(_TABLE)
        base.execute("DELETE FROM layer_styles WHERE f_table_name = ?", (layer,))
        for i, (column, spec) in enumerate(styles.items()):
            name = spec.id.replace("/", " ")
            row = (
                "",
                "",
                layer,
                found[0],
                name,
                style_document(spec, column),
                "",
                i == 0,
                spec.title,
                "",
                None,
                FIXED_DATE,
            )
            base.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
                "styleSLD, useAsDefault, description, owner, ui, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        _register(base)
    return geopackage


def _columns_of(key: str) -> list[str]:
    """Return the columns that an expression names; a key without quotes is a column itself."""
    return re.findall(r'"([^"]+)"', key) or [key]


def style_document(spec: MapSpec, column: str) -> str:
    """Return a QML document: a range of values a class where the map has breaks, else a category by the keys in ``column``."""
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology")
    by_range = bool(spec.breaks)
    kind = "graduatedSymbol" if by_range else "categorizedSymbol"
    renderer = ET.SubElement(root, "renderer-v2", type=kind, attr=column, enableorderby="0", forceraster="0")
    entries = [entry for entry in spec.classes if not by_range or entry.key.startswith("class-")]
    holder = ET.SubElement(renderer, "ranges" if by_range else "categories")
    symbols = ET.SubElement(renderer, "symbols")
    edges = [-LARGEST, *spec.breaks, LARGEST]
    for i, entry in enumerate(entries):
        label = f"{entry.label} ({entry.note})" if entry.note else entry.label
        common = {"symbol": str(i), "label": f"{label}: {entry.count}", "render": "true"}
        if by_range:
            # highest first, as in the legend: QGIS takes the first range that holds a value, so a break belongs to the upper one
            number = int(entry.key.removeprefix("class-"))
            ET.SubElement(holder, "range", {"lower": repr(edges[number - 1]), "upper": repr(edges[number]), **common})
        else:
            ET.SubElement(holder, "category", {"value": entry.key, "type": "string", **common})
        _symbol(symbols, i, entry)
    ET.SubElement(root, "layerGeometryType").text = "2"
    declaration = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return declaration + ET.tostring(root, encoding="unicode")


def _symbol(symbols: ET.Element, number: int, entry: LegendClass) -> None:
    symbol = ET.SubElement(
        symbols, "symbol", name=str(number), type="fill", alpha="1", clip_to_extent="1", force_rhr="0"
    )
    _fill(symbol, entry.colour, "solid", outline=True)
    if entry.hatch:
        _fill(symbol, hatch_colour(entry), _PATTERNS[entry.hatch], outline=False)


def _fill(symbol: ET.Element, colour: str, brush: str, *, outline: bool) -> None:
    layer = ET.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "locked": "0", "pass": "0"})
    options = {
        "color": _rgba(colour),
        "style": brush,
        "outline_color": _rgba(BORDER),
        "outline_style": "solid" if outline else "no",
        "outline_width": "0.09",
        "outline_width_unit": "MM",
        "joinstyle": "bevel",
    }
    holder = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(holder, "Option", name=name, value=value, type="QString")
    for name, value in options.items():  # readers before 3.26 look here
        ET.SubElement(layer, "prop", k=name, v=value)


def _rgba(colour: str) -> str:
    return ",".join([*(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)), "255"]) if colour else "0,0,0,0"


def _register(base: sqlite3.Connection) -> None:
    """List the table among the GeoPackage's contents, as attributes, so that other readers know it."""
    base.execute(
        "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change) VALUES (?, ?, ?, ?, ?)",
        ("layer_styles", "attributes", "layer_styles", "styles for QGIS", FIXED_DATE),
    )
