"""Which line stands between which areas: cased borders, coasts, and outlines of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from maps import palettes
from maps.composition import OUTSIDE
from maps.scene import Stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.composition import IntArray, Shapes
    from maps.house import Style
    from maps.spec import Outline

MOST_BORDERED = 2_000
"""Above this many areas borders would cover the fills: only the coast is drawn."""


def border_strokes(shapes: Shapes, fills: Sequence[str], members: IntArray, style: Style) -> list[Stroke]:
    """Return white borders between dark fills, dark ones between light fills, and the coast.

    Parameters
    ----------
    fills : colour of each area of the layer.
    members : the areas shown.
    """
    if len(shapes) > MOST_BORDERED:
        return []
    borders = shapes.borders()
    shown = np.zeros(len(shapes), dtype=bool)
    shown[members] = True
    coast = (borders.right == OUTSIDE) & shown[borders.left]
    inner = (borders.right != OUTSIDE) & (shown[borders.left] | shown[np.maximum(borders.right, 0)])
    names = sorted(set(fills))
    number = {name: i for i, name in enumerate(names)}
    light = np.array([[palettes.border_colour(a, b) == palettes.BORDER_LIGHT for b in names] for a in names])
    fill = np.array([number[name] for name in fills], dtype=np.int64)
    white = light[fill[borders.left], fill[np.maximum(borders.right, 0)]]
    width = style.border_width
    found = [
        Stroke("border-dark", np.flatnonzero(inner & ~white), palettes.BORDER_DARK, width),
        Stroke("border-light", np.flatnonzero(inner & white), palettes.BORDER_LIGHT, width),
        Stroke("coast", np.flatnonzero(coast), style.coast, style.coast_width),
    ]
    return [stroke for stroke in found if len(stroke.runs)]


def outline_stroke(shapes: Shapes, outline: Outline, members: IntArray, style: Style) -> Stroke:
    """Return the line round a group of areas: every border with the group on one side only."""
    position = shapes.position()
    inside = np.zeros(len(shapes) + 1, dtype=bool)  # the last stands for OUTSIDE, never in a group
    inside[[position[code] for code in outline.codes]] = True
    shown = np.zeros(len(shapes) + 1, dtype=bool)
    shown[members] = True
    borders = shapes.borders()
    edge = (inside[borders.left] != inside[borders.right]) & (shown[borders.left] | shown[borders.right])
    dash = {"dashed": (3.0, 1.5), "dotted": (0.8, 1.4)}.get(outline.style, ())
    return Stroke(f"outline-{outline.key}", np.flatnonzero(edge), outline.colour, style.outline_width, dash)
