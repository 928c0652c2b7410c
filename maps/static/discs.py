"""Marks in proportion to an amount."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyproj
import shapely

from geo import crs
from maps.look import palettes
from maps.page.scene import Disc, Item

if TYPE_CHECKING:
    from maps.page.boxes import View
    from maps.spec import MapSpec


DOT = 0.3
"""Radius of the dot, against the disc's, in a disc whose class is dotted: patterns do not fit into a small disc."""


def symbols(spec: MapSpec, plane: str, view: View, *, within: Any = None) -> list[Item]:
    """Return marks in proportion to their size, greatest first so that small ones stay visible.

    Parameters
    ----------
    within : a shape of the plane beyond which no mark is drawn (what a box shows).
    """
    if not spec.symbols:
        return []
    transformer = pyproj.Transformer.from_crs(crs.WGS84, plane, always_xy=True)
    greatest = max(symbol.size for symbol in spec.symbols)
    dotted = {key: entry.hatch_colour for key, entry in spec.legend_classes().items() if entry.hatch == "dots"}
    items: list[Item] = []
    for symbol in sorted(spec.symbols, key=lambda one: (-one.size, one.title)):
        east, north = transformer.transform(symbol.longitude, symbol.latitude)
        if within is not None and not shapely.contains_xy(within, east, north):
            continue
        x, y = view.point(east, north)
        radius = spec.symbol_radius * math.sqrt(max(symbol.size, 0.0) / greatest) if greatest > 0 else 1.0
        edge = palettes.border_colour(symbol.colour, symbol.colour)
        items.append(Disc(x, y, max(radius, 0.6), symbol.colour, edge, 0.5, role="symbol", title=symbol.title))
        if symbol.key in dotted:
            items.append(Disc(x, y, max(radius * DOT, 0.5), dotted[symbol.key], role="symbol-dot"))
    return items
