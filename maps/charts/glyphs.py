"""Marks of charts: a colour's direction is said again by shape, so that a chart in grey keeps its two sides."""

from __future__ import annotations

import math

from maps.page.scene import Disc, Shape

_HALF_SIDE = math.sqrt(math.pi / math.sqrt(3))
"""Half the side of an equilateral triangle as large as a disc of radius 1."""


def mark(
    x: float,
    y: float,
    radius: float,
    colour: str,
    *,
    unfavourable: bool,
    edge: tuple[str, float] = ("", 0.0),
    role: str,
    title: str,
) -> Disc | Shape:
    """Return a mark at a place: a disc, or on the unfavourable side a triangle of the same size that points down.

    Parameters
    ----------
    radius : points. edge : colour and width of the line round it.
    """
    stroke, width = edge
    if not unfavourable:
        return Disc(x, y, radius, colour, stroke, width, role=role, title=title)
    half = _HALF_SIDE * radius
    top, foot = y - half / math.sqrt(3), y + 2 * half / math.sqrt(3)
    corners = ((x - half, top), (x + half, top), (x, foot), (x - half, top))
    return Shape((corners,), fill=colour, stroke=stroke, stroke_width=width, role=role, title=title)
