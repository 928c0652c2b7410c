"""A regional map without a word, to stand small beside others: areas, land around, nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maps.look import palettes, styles
from maps.page import composition
from maps.page.boxes import Box
from maps.page.scene import Page, rectangle
from maps.static.layout import checked, map_items, region_bounds

if TYPE_CHECKING:
    from maps.look.styles import Style
    from maps.page.composition import Canvas
    from maps.spec import MapSpec


def bare_page(spec: MapSpec, canvas: Canvas, *, width: float, height: float, style: Style = styles.DEFAULT) -> Page:
    """Lay out the map of a region alone in a box of so many points; what it shows must be said beside it.

    Raises
    ------
    MapError
        A spec that is not true to itself or to its canvas.
    """
    bare = replace(spec, outlines=tuple(replace(outline, label="") for outline in spec.outlines))
    shapes = checked(bare, canvas)
    box = Box(0.0, 0.0, width, height)
    placed = composition.Composition(composition.fitted(region_bounds(bare, shapes), box))
    items = map_items(bare, canvas, shapes, placed, style=style, bleed=False)
    paper = rectangle(box, fill=palettes.PAPER, role="paper")
    return Page(f"{spec.id}-small", width, height, (paper, *items), spec.title, spec.alt)
