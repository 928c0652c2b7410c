"""Hexagons of equal size, one an area: read from published layouts, or laid out so that neighbours stay neighbours.

What is promised: the same boundaries give the same layout, every area a cell of its own, and a score of how many neighbours
still touch. What is not: places, distances or sizes; the plane of a cartogram is abstract.
"""

from maps.cartogram.arranging import hex_layout
from maps.cartogram.drawing import Hexagons, hex_boundaries, hex_spec, hexagons_of, region_outlines
from maps.cartogram.layouts import (
    LAYOUTS,
    PLANE,
    SPACING,
    HexLayout,
    hexagons,
    neighbouring_pairs,
    read_hex_layer,
    read_hexjson,
    read_layout,
    scores,
)

__all__ = [
    "LAYOUTS",
    "PLANE",
    "SPACING",
    "HexLayout",
    "Hexagons",
    "hex_boundaries",
    "hex_layout",
    "hex_spec",
    "hexagons",
    "hexagons_of",
    "neighbouring_pairs",
    "read_hex_layer",
    "read_hexjson",
    "read_layout",
    "region_outlines",
    "scores",
]
