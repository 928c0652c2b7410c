"""Marks in proportion to an amount."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyproj

from geo import crs
from maps.scene import Box, Disc, Item

if TYPE_CHECKING:
    from maps.scene import View
    from maps.spec import MapSpec


def symbols(spec: MapSpec, plane: str, view: View, *, within: Box | None = None) -> list[Item]:
    """Return marks in proportion to their size, greatest first so that small ones stay visible."""
    if not spec.symbols:
        return []
    transformer = pyproj.Transformer.from_crs(crs.WGS84, plane, always_xy=True)
    greatest = max(symbol.size for symbol in spec.symbols)
    items: list[Item] = []
    for symbol in sorted(spec.symbols, key=lambda one: (-one.size, one.title)):
        x, y = view.point(*transformer.transform(symbol.longitude, symbol.latitude))
        if within is not None and not (within.x < x < within.right and within.y < y < within.bottom):
            continue
        radius = spec.symbol_radius * math.sqrt(max(symbol.size, 0.0) / greatest) if greatest > 0 else 1.0
        items.append(Disc(x, y, max(radius, 0.6), symbol.colour, "#ffffff", 0.5, role="symbol", title=symbol.title))
    return items
