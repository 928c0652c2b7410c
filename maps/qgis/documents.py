"""A style of QGIS as a document (QML): classes in legend order with their counts, outlines, names on the map."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from maps.look import palettes
from maps.look.styles import DEFAULT
from maps.qgis import symbols
from maps.qgis.division import among, divide, group_of, quoted, sized_by, text
from maps.static.outlines import GAP_WIDTH
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from maps.qgis.division import Division
    from maps.spec import LegendClass, MapSpec

WRITTEN_FOR = "3.22"
"""Release of QGIS whose documents these are; later ones read them."""

MADE_FROM = "placeatlas:map"
"""Property of the layer that names the picture its style was made from."""

OUTSIDE_POLYGONS = "8"
"""Placement of a label beside its area, as QGIS numbers it."""

WRAPPED_AT = 24


def style_document(spec: MapSpec, table: pd.DataFrame, *, names: Mapping[str, str] | None = None) -> str:
    """Return the style that draws a layer as a picture was drawn.

    Parameters
    ----------
    table : by code, every column of the layer but its shapes.
    names : column → name it is shown under; without any, a layer keeps the names it has.

    Raises
    ------
    MapError
        The layer cannot be drawn so: it lacks areas, or the values of discs.
    """
    categories = ["Symbology", "Labeling", "CustomProperties", *(["Fields"] if names else [])]
    root = ET.Element(
        "qgis", version=WRITTEN_FOR, styleCategories="|".join(categories), labelsEnabled=str(int(_is_labelled(spec)))
    )
    over = bool(spec.overlay or spec.outlines or spec.symbols)
    division = divide(spec, table, by_column=not over)
    if division.column:
        _categories(root, division)
    else:
        _rules(root, division, spec, table)
    if _is_labelled(spec):
        _labels(root, spec, table)
    properties = ET.SubElement(ET.SubElement(root, "customproperties"), "Option", type="Map")
    ET.SubElement(properties, "Option", name=MADE_FROM, value=spec.id, type="QString")
    if names:
        holder = ET.SubElement(root, "aliases")
        for column, name in names.items():
            ET.SubElement(holder, "alias", field=column, name=name)
    ET.SubElement(root, "layerGeometryType").text = "2"
    declaration = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return declaration + ET.tostring(root, encoding="unicode")


def _renderer(root: ET.Element, kind: str, **more: str) -> ET.Element:
    return ET.SubElement(
        root, "renderer-v2", {"type": kind, **more, "symbollevels": "1", "enableorderby": "0", "forceraster": "0"}
    )


def _words(entry: LegendClass) -> str:
    """Return a class as the legend has it: words, statistical name, number of areas."""
    return f"{entry.label}{f' ({entry.note})' if entry.note else ''}: {entry.count}"


def _categories(root: ET.Element, division: Division) -> None:
    renderer = _renderer(root, "categorizedSymbol", attr=division.column)
    holder, drawn = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for rule in division.rules:
        given = {"value": rule.test, "type": "string", "label": _words(rule.entry), "render": "true"}
        ET.SubElement(holder, "category", {**given, "symbol": symbols.add_area(drawn, rule.entry)})


def _rules(root: ET.Element, division: Division, spec: MapSpec, table: pd.DataFrame) -> None:
    renderer = _renderer(root, "RuleRenderer")
    holder, drawn = ET.SubElement(renderer, "rules", key="all"), ET.SubElement(renderer, "symbols")

    def add(symbol: str, test: str, label: str) -> None:
        ET.SubElement(holder, "rule", key=f"rule-{symbol}", symbol=symbol, filter=test, label=label)

    for rule in division.rules:
        add(symbols.add_area(drawn, rule.entry), rule.test, _words(rule.entry))
    extra = spec.legend_classes()
    for key in sorted(set(spec.overlay.values())):
        codes = sorted(code for code, over in spec.overlay.items() if over == key)
        add(symbols.add_area(drawn, extra[key]), among("code", codes), _words(extra[key]))
    if spec.outlines:
        group = group_of(spec.outlines, table, spec.outcome)
        for style, colour in sorted({(outline.style, outline.colour) for outline in spec.outlines}):
            alike = [outline for outline in spec.outlines if (outline.style, outline.colour) == (style, colour)]
            firsts = among("code", sorted(min(outline.codes) for outline in alike if outline.codes))
            add(symbols.add_outline(drawn, alike[0], f"boundary({_closed(_merged(group))})"), firsts, "Outlines")
    if spec.symbols:
        column = quoted(sized_by(spec, table))
        greatest = max(symbol.size for symbol in spec.symbols)
        diameter = f"{2 * spec.symbol_radius!r} * sqrt({column} / {greatest!r})"
        add(symbols.add_disc(drawn, spec.symbols[0].colour, diameter), f"{column} IS NOT NULL", say("qgis.discs"))


def _merged(group: str) -> str:
    """Return the shape of an area's whole group: the areas touch, so that merging leaves the edge of the group."""
    return f"buffer(collect($geometry, group_by:={group}, filter:={group} <> ''), 0)"


def _closed(shape: str) -> str:
    """Return a shape with the narrow water between its parts, never with land of other areas."""
    reach = GAP_WIDTH / 2
    water = f"difference(buffer(buffer(@group, {reach}), -{reach}), buffer(collect($geometry), 0))"
    return f"with_variable('group', {shape}, union(@group, {water}))"


def _is_labelled(spec: MapSpec) -> bool:
    return any(outline.label for outline in spec.outlines)


def _labels(root: ET.Element, spec: MapSpec, table: pd.DataFrame) -> None:
    """Name the groups beside them, each once and with a line to it: at the first of its areas, by the shape of them all."""
    named = [outline for outline in spec.outlines if outline.label and outline.codes]
    cases = [f"WHEN {quoted('code')} = {text(min(one.codes))} THEN {text(one.label)}" for one in named]
    settings = ET.SubElement(ET.SubElement(root, "labeling", type="simple"), "settings", calloutType="simple")
    size = {"fontSize": str(DEFAULT.text), "fontSizeUnit": "Point", "namedStyle": "Bold", "fontWeight": "75"}
    shown = {"fieldName": f"CASE {' '.join(cases)} END", "isExpression": "1", "textColor": symbols.rgba(palettes.INK)}
    style = ET.SubElement(settings, "text-style", {**size, **shown})
    buffer = {
        "bufferDraw": "1",
        "bufferSize": "1",
        "bufferSizeUnits": "Point",
        "bufferColor": symbols.rgba(palettes.PAPER),
    }
    ET.SubElement(style, "text-buffer", buffer)
    ET.SubElement(settings, "text-format", autoWrapLength=str(WRAPPED_AT), useMaxLineLengthForAutoWrap="1")
    shape = _merged(group_of(spec.outlines, table, spec.outcome))
    merged = {"geometryGenerator": shape, "geometryGeneratorEnabled": "1", "geometryGeneratorType": "PolygonGeometry"}
    ET.SubElement(
        settings,
        "placement",
        {"placement": OUTSIDE_POLYGONS, "polygonPlacementFlags": "3", "dist": "6", "distUnits": "Point", **merged},
    )
    ET.SubElement(settings, "rendering", drawLabels="1", displayAll="0", obstacle="1", obstacleType="1")
    callout = ET.SubElement(ET.SubElement(settings, "callout", type="simple"), "Option", type="Map")
    ET.SubElement(callout, "Option", name="enabled", value="1", type="QString")
    ET.SubElement(callout, "Option", name="anchorPoint", value="point_on_exterior", type="QString")
