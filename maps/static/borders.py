"""Which line stands between which areas: cased borders and coasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from maps.look import palettes
from maps.page.composition import OUTSIDE
from maps.page.scene import Stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.look.styles import Style
    from maps.page.composition import IntArray, Shapes

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
