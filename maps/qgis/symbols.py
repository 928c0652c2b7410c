"""How QGIS draws an area of a class: ground, hatch, border; and the lines and discs that stand over the areas.

Sizes are those of the static maps, in points. Every layer of a symbol has a turn (``pass``): grounds and hatches of all areas
first, then borders, then what stands over them, so that no area covers its neighbour's line.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from maps.look import palettes, styles
from maps.look.hatches import HATCHES
from maps.static.column import hatch_colour
from maps.static.outlines import CASING

if TYPE_CHECKING:
    from maps.look.hatches import Hatch
    from maps.spec import LegendClass, Outline

GROUND, LIGHT_BORDER, DARK_BORDER, OVER = range(4)
"""Turns, first to last."""

DASHES = {"dashed": "3;1.5", "dotted": "0.8;1.4"}

BORDER_WIDTH = styles.DEFAULT.border_width
OUTLINE_WIDTH = styles.DEFAULT.outline_width


def add_area(symbols: ET.Element, entry: LegendClass) -> str:
    """Add the symbol of a class and return its name; a class without a colour is a hatch over others."""
    symbol, name = _symbol(symbols)
    if entry.colour:
        _layer(symbol, "SimpleFill", GROUND, {"color": rgba(entry.colour), "style": "solid", "outline_style": "no"})
    if entry.hatch:
        _hatch(symbol, HATCHES[entry.hatch], hatch_colour(entry))
    if entry.colour:
        line = palettes.border_colour(entry.colour, entry.colour)
        turn = LIGHT_BORDER if line == palettes.BORDER_LIGHT else DARK_BORDER
        _layer(symbol, "SimpleLine", turn, _line(line, BORDER_WIDTH))
    return name


def add_outline(symbols: ET.Element, outline: Outline, shape: str) -> str:
    """Add the line round a group of areas, whose shape is an expression, and return the symbol's name."""
    symbol, name = _symbol(symbols)
    layer = _layer(
        symbol, "GeometryGenerator", OVER, {"SymbolType": "Line", "geometryModifier": shape, "units": "MapUnit"}
    )
    inner = _inner(symbol, layer, "line")
    dash = DASHES.get(outline.style, "")
    dashes = {"use_custom_dash": "1", "customdash": dash, "customdash_unit": "Point"} if dash else {}
    if not dash:
        _layer(inner, "SimpleLine", OVER, _line(palettes.PAPER, OUTLINE_WIDTH + 2 * CASING))
    _layer(inner, "SimpleLine", OVER, {**_line(outline.colour, OUTLINE_WIDTH), **dashes})
    return name


def add_disc(symbols: ET.Element, colour: str, diameter: str) -> str:
    """Add a disc at a point inside each area, its diameter in points an expression, and return the symbol's name."""
    symbol, name = _symbol(symbols)
    layer = _layer(symbol, "CentroidFill", OVER, {"point_on_surface": "1", "point_on_all_parts": "0"})
    options = {"name": "circle", "color": rgba(colour), "outline_color": rgba(palettes.PAPER), "outline_style": "solid"}
    sizes = {"outline_width": "0.5", "outline_width_unit": "Point", "size": "2", "size_unit": "Point"}
    mark = _layer(_inner(symbol, layer, "marker"), "SimpleMarker", OVER, {**options, **sizes})
    given = ET.SubElement(ET.SubElement(mark, "data_defined_properties"), "Option", type="Map")
    ET.SubElement(given, "Option", name="name", value="", type="QString")
    size = ET.SubElement(
        ET.SubElement(given, "Option", name="properties", type="Map"), "Option", name="size", type="Map"
    )
    ET.SubElement(size, "Option", name="active", value="true", type="bool")
    ET.SubElement(size, "Option", name="expression", value=diameter, type="QString")
    ET.SubElement(size, "Option", name="type", value="3", type="int")
    ET.SubElement(given, "Option", name="type", value="collection", type="QString")
    return name


def rgba(colour: str) -> str:
    """Return ``#rrggbb`` as QGIS writes it: ``r,g,b,255``."""
    return ",".join([*(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)), "255"])


def _symbol(symbols: ET.Element) -> tuple[ET.Element, str]:
    name = str(len(symbols))
    return ET.SubElement(symbols, "symbol", name=name, type="fill", alpha="1", clip_to_extent="1", force_rhr="0"), name


def _inner(symbol: ET.Element, layer: ET.Element, kind: str) -> ET.Element:
    """Add the symbol inside the last layer of another, under the name that QGIS gives it."""
    name = f"@{symbol.get('name')}@{len(symbol.findall('layer')) - 1}"
    return ET.SubElement(layer, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")


def _layer(symbol: ET.Element, kind: str, turn: int, options: dict[str, str]) -> ET.Element:
    layer = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": str(turn)})
    holder = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(holder, "Option", name=name, value=value, type="QString")
    for name, value in options.items():  # readers before 3.26 look here
        ET.SubElement(layer, "prop", k=name, v=value)
    return layer


def _line(colour: str, width: float) -> dict[str, str]:
    return {
        "line_color": rgba(colour),
        "line_style": "solid",
        "line_width": str(width),
        "line_width_unit": "Point",
        "joinstyle": "round",
        "capstyle": "round",
    }


def _hatch(symbol: ET.Element, hatch: Hatch, colour: str) -> None:
    if hatch.dots:
        _dots(symbol, hatch, colour)
        return
    if hatch.edge:  # the white edges of stripes lie under them
        _lines(symbol, hatch, palettes.PAPER, turn=hatch.turn, width=hatch.thick + 2 * hatch.edge)
    for turn in (hatch.turn, hatch.turn + 90.0)[: 2 if hatch.cross else 1]:
        _lines(symbol, hatch, colour, turn=turn, width=hatch.thick)


def _lines(symbol: ET.Element, hatch: Hatch, colour: str, *, turn: float, width: float) -> None:
    # QGIS turns lines against the clock from level, our table with it from upright
    options = {"angle": str(90.0 - turn), "distance": str(hatch.step), "distance_unit": "Point", "color": rgba(colour)}
    options |= {"line_width": str(width), "line_width_unit": "Point"}
    layer = _layer(symbol, "LinePatternFill", GROUND, options)
    _layer(_inner(symbol, layer, "line"), "SimpleLine", GROUND, {**_line(colour, width), "capstyle": "flat"})


def _dots(symbol: ET.Element, hatch: Hatch, colour: str) -> None:
    options = {
        f"distance_{axis}{end}": value for axis in "xy" for end, value in (("", str(hatch.step)), ("_unit", "Point"))
    }
    layer = _layer(symbol, "PointPatternFill", GROUND, options)
    mark = {
        "name": "circle",
        "color": rgba(colour),
        "outline_style": "no",
        "size": str(2 * hatch.thick),
        "size_unit": "Point",
    }
    _layer(_inner(symbol, layer, "marker"), "SimpleMarker", GROUND, mark)
