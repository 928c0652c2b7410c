"""Texture: what a colour says, said again by lines, so that a picture photocopied in grey says the same.

The two arms of a diverging scale are of one lightness, and so are brown and teal, the colours of types, and the corners of two
outcomes at once. The unfavourable side therefore carries fine lines wherever it is shown, in a shade of its own fill: quiet in
colour, plain in grey.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from maps.look import palettes

if TYPE_CHECKING:
    from maps.look.palettes import Deficiency
    from maps.spec import LegendClass

UNFAVOURABLE = "lines"
"""The hatch of the unfavourable side, on every kind of map."""

OUTLIERS = ("diagonal", "back")
"""The hatches of areas unlike their neighbours: unfavourable, favourable."""

TYPES: dict[str, str] = {"coastal": "slant", "rural": "stipple", "post-industrial": "grid"}
"""The hatch of each type of place, where it stands alone."""

OWN_TYPES: tuple[str, ...] = ("upright", "lines", "back", "dots")
"""The hatches of kinds of place of one's own, in turn."""

OVERLAPS: dict[str, str] = {
    "coastal+rural": "stripes",
    "coastal+post-industrial": "stripes-upright",
    "rural+post-industrial": "stripes-back",
}
"""The stripes of two types; their lean says which two, for their greys are alike, and none leans as a single type beside it."""

LINE_STEP = 23.0
"""Steps of CIE L* between a fill and the fine lines on it: seen in grey from reading distance, a shade in colour."""

PAIR_STEP = 18.0
"""The same for two outcomes at once, where most areas are lined."""

TYPE_STEP = 34.0
"""The same for types of place, whose grounds are nearly one grey."""

GREY_APART = 6.5
"""Steps of CIE L* by which two greys must differ to be told apart across a map: seven classes from paper to ink are."""

COLOUR_APART = 6.0
"""CIE76 distance by which two colours must differ for every eye; 2.3 is just noticeable side by side."""


def textured(entry: LegendClass, hatch: str, *, step: float = LINE_STEP) -> LegendClass:
    """Return a class with a hatch in a shade of its own fill, ``step`` L* away."""
    return replace(entry, hatch=hatch, hatch_colour=palettes.shade(entry.colour, step=step))


def told_apart(first: LegendClass, second: LegendClass, *, deficiency: Deficiency | None = None) -> bool:
    """Say whether two classes are told apart in colour by an eye (``deficiency`` None: in grey): by fill or by hatch."""
    if first.hatch != second.hatch:
        return True
    return _apart(first.colour, second.colour, deficiency) or (
        bool(first.hatch) and _apart(first.hatch_colour, second.hatch_colour, deficiency)
    )


def _apart(first: str, second: str, deficiency: Deficiency | None) -> bool:
    if not first or not second:  # a hatch over other fills has no fill of its own
        return first != second
    one, other = palettes.lab([first, second], deficiency=deficiency)
    if deficiency is None:
        return bool(abs(one[0] - other[0]) >= GREY_APART)
    return bool(np.linalg.norm(one - other) >= COLOUR_APART)
