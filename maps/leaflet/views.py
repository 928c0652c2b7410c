"""Layers of a page: what each spec says, as the page's script reads it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyproj

from geo.crs import UK_EQUAL_AREA, WGS84
from geo.errors import listed
from maps.feet import foot_of
from maps.kinds.table import kind_named, kind_names
from maps.slugs import slug
from maps.words import format_value, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from maps.spec import LegendClass, MapSpec, Symbol

KEYS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""One sign for each class of a layer; "." for an area the layer does not draw."""

PIXELS_PER_POINT = 4 / 3


def expanded(specs: Sequence[MapSpec]) -> list[MapSpec]:
    """Return specs with one layer for each panel of small multiples: a page switches where paper sets side by side."""
    layers: list[MapSpec] = []
    for spec in specs:
        if not spec.panels:
            layers.append(spec)
            continue
        for title, assignment in spec.panels:
            counts = Counter(assignment.values())
            layers.append(
                replace(
                    spec,
                    id=f"{spec.id}-{slug(title)}",
                    measure=say("page.panel", panel=title, measure=spec.measure),
                    assignment=assignment,
                    classes=tuple(replace(entry, count=counts[entry.key]) for entry in spec.classes),
                    panels=(),
                )
            )
    return layers


def layer_faults(codes: set[str], specs: Sequence[MapSpec]) -> list[str]:
    """Say why layers would be false on these areas."""
    faults = [] if specs else ["no layer: give at least one map"]
    ids = Counter(spec.id for spec in specs)
    if doubled := sorted(name for name, times in ids.items() if times > 1):
        faults.append(f"layers of one id: {listed(doubled)}")
    for spec in specs:
        drawn = {**spec.assignment, **spec.overlay}
        if unknown := sorted(set(drawn) - codes):
            faults.append(f"{spec.id} draws areas the boundaries do not hold: {listed(unknown)}")
        faults += [f"{spec.id}: {fault}" for fault in spec.faults()]
        if (most := max(len(spec.classes), len(_extra(spec)))) > len(KEYS):
            faults.append(f"{spec.id} has {most} classes; a page shows at most {len(KEYS)}")
    return faults


def layers_of(codes: Sequence[str], specs: Sequence[MapSpec], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return JSON-able layers, areas in the order of ``codes``; values that several layers show are written once."""
    layers: list[dict[str, Any]] = []
    written: dict[tuple[str, ...], int] = {}
    position_of = {code: position for position, code in enumerate(codes)}
    for position, (spec, name) in enumerate(zip(specs, names, strict=True)):
        values = tuple(spec.values.get(code, "") for code in codes)
        first = written.setdefault(values, position)
        layers.append(
            {
                "id": spec.id,
                "key": layer_key(spec),
                "kind": spec.kind,
                "answer": kind_named(spec.kind).answer if spec.kind in kind_names() else "levels",
                "name": name,
                "region": spec.region,
                "title": spec.title,
                "subtitle": spec.subtitle,
                "sure": spec.sure,
                "legend": spec.legend_title,
                "classes": [class_content(entry) for entry in spec.classes],
                "assigned": _signs(codes, spec.assignment, spec.classes),
                "more": [
                    {"title": title, "classes": [class_content(entry) for entry in entries]}
                    for title, entries in spec.extra_legends
                ],
                "overlaid": _signs(codes, spec.overlay, _extra(spec)) if spec.overlay else "",
                "values": list(values) if first == position else first,
                "outlines": [
                    {
                        "label": outline.label,
                        "colour": outline.colour,
                        "style": outline.style,
                        "areas": [position_of[code] for code in outline.codes if code in position_of],
                    }
                    for outline in spec.outlines
                ],
                "symbols": _symbols(spec),
                "tables": [
                    [title, [list(row) for row in rows]] for title, rows in (*spec.tables, *_symbol_table(spec))
                ],
                "notes": list(spec.paragraphs),
                "foot": list(foot_of(spec)),
                "alt": spec.alt,
                "description": spec.description,
            }
        )
    return layers


def class_columns(codes: Sequence[str], specs: Sequence[MapSpec], names: Sequence[str]) -> dict[str, list[str]]:
    """Return what each layer shows of each area in words, by heading: the table holds all that the map does.

    Headings are the legends'; where two are alike, the layers' names tell them apart. Layers that show the same under the
    same legend are one column.
    """
    shown: dict[tuple[str, tuple[str, ...]], str] = {}
    for spec, name in zip(specs, names, strict=True):
        label = {entry.key: entry.label for entry in spec.classes}
        cells = tuple(label[spec.assignment[code]] if code in spec.assignment else "" for code in codes)
        shown.setdefault((spec.legend_title, cells), name)
        if spec.overlay:
            label = {entry.key: entry.label for entry in _extra(spec)}
            cells = tuple(label[spec.overlay[code]] if code in spec.overlay else "" for code in codes)
            shown.setdefault((", ".join(title for title, _ in spec.extra_legends), cells), name)
    legends = Counter(legend for legend, _ in shown)
    return {
        legend if legends[legend] == 1 else f"{legend} ({name.lower()})": list(cells)
        for (legend, cells), name in shown.items()
    }


def _extra(spec: MapSpec) -> list[LegendClass]:
    return [entry for _, entries in spec.extra_legends for entry in entries]


def layer_key(spec: MapSpec) -> str:
    """Return what a layer is called in an address: the end of its id."""
    return spec.id.rpartition("/")[2]


def class_content(entry: LegendClass) -> dict[str, Any]:
    """Return a legend entry as the page's script reads it."""
    return {
        "key": entry.key,
        "label": entry.label,
        "colour": entry.colour,
        "count": entry.count,
        "hatch": entry.hatch,
        "ink": entry.hatch_colour,
        "note": entry.note,
    }


def _signs(codes: Sequence[str], assignment: Mapping[str, str], classes: Sequence[LegendClass]) -> str:
    sign = {entry.key: KEYS[index] for index, entry in enumerate(classes)}
    return "".join(sign[assignment[code]] if code in assignment else "." for code in codes)


def _symbols(spec: MapSpec) -> list[dict[str, Any]]:
    """Return marks in the page's plane, the greatest first so that small ones stay visible."""
    if not spec.symbols:
        return []
    to_plane = pyproj.Transformer.from_crs(WGS84, UK_EQUAL_AREA, always_xy=True)
    greatest = max(symbol.size for symbol in spec.symbols)
    marks = []
    for symbol in _by_size(spec.symbols):
        x, y = to_plane.transform(symbol.longitude, symbol.latitude)
        radius = (
            spec.symbol_radius * PIXELS_PER_POINT * math.sqrt(max(symbol.size, 0) / greatest) if greatest > 0 else 0
        )
        marks.append(
            {"x": round(x), "y": round(y), "radius": round(radius, 1), "colour": symbol.colour, "label": symbol.label}
        )
    return marks


def _symbol_table(spec: MapSpec) -> list[tuple[str, list[tuple[str, str]]]]:
    """Say in words what marks show by size."""
    rows = [
        (symbol.title or symbol.label, format_value(symbol.size, spec.symbol_unit))
        for symbol in _by_size(spec.symbols)
        if symbol.title or symbol.label
    ]
    return [(say("page.marks"), rows)] if rows else []


def _by_size(symbols: Sequence[Symbol]) -> list[Symbol]:
    return sorted(symbols, key=lambda symbol: (-symbol.size, symbol.title, symbol.label))
