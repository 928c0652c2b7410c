"""Lines round groups of areas: the outer edge of the whole group, not of its parts on either bank of a river."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maps.look import palettes
from maps.page.composition import OUTSIDE, Borders, Shapes
from maps.page.scene import AreaLayer, Stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.look.styles import Style
    from maps.page.boxes import View
    from maps.page.composition import Canvas, IntArray
    from maps.spec import Outline

GAP_WIDTH = 2_000.0
"""Metres: water between two members of a group that is narrower than this is inside the group. The Thames at London is at most
700 m wide; the same width divides tidal water from open coast where coasts are measured."""

CASING = 0.5
"""Points of white on either side of the line, so that it is seen on the darkest fill as on paper."""

_DASHES: dict[str, tuple[float, ...]] = {"dashed": (3.0, 1.5), "dotted": (0.8, 1.4)}
_WIDTHS = {"region": 0.7}
"""A line that only helps to find a place is thinner than one that is the finding."""

_SNAP = 0.1
"""Metres: corners nearer than this are one corner."""


def group_shape(polygons: Any, members: IntArray, *, gap_width: float = GAP_WIDTH) -> Any:
    """Return a group of areas as one shape, narrow gaps closed; land of other areas is never taken in.

    Parameters
    ----------
    polygons : every area of the layer, in metres. members : places of the group's.
    gap_width : metres; gaps narrower than this are closed, 0 for a cartogram, in which a gap means nothing.
    """
    union = shapely.union_all(polygons[members])
    if gap_width == 0:
        return union
    reach = gap_width / 2
    grown = shapely.buffer(union, reach, join_style="mitre", mitre_limit=2.0)
    gaps = shapely.difference(shapely.buffer(grown, -reach, join_style="mitre", mitre_limit=2.0), union)
    others = np.ones(len(polygons), dtype=bool)
    others[members] = False
    near = others & shapely.intersects(polygons, gaps)
    if near.any():
        gaps = shapely.difference(gaps, shapely.union_all(polygons[near]))
    water = [part for part in shapely.get_parts(gaps) if part.geom_type == "Polygon"]
    return shapely.union_all([union, *water], grid_size=_SNAP)


def outline_shapes(
    canvas: Canvas, plane: str, outlines: Sequence[Outline], *, among: IntArray | None = None
) -> list[Any]:
    """Return the shape of each outlined group in a plane, or of those of its members that are ``among`` some; None for none."""
    polygons = canvas.polygons(plane)
    shapes, _ = canvas.shapes(plane)
    position = shapes.position()
    chosen = [np.array([position[code] for code in outline.codes], dtype=np.int64) for outline in outlines]
    if among is not None:
        chosen = [members[np.isin(members, among)] for members in chosen]
    gap = 0.0 if canvas.plane else GAP_WIDTH
    return [group_shape(polygons, members, gap_width=gap) if len(members) else None for members in chosen]


def outline_layer(
    outlines: Sequence[Outline],
    groups: Sequence[Any],
    view: View,
    style: Style,
    *,
    shown: Sequence[Any] | None = None,
) -> AreaLayer:
    """Return the lines round groups, each dark line on a white one.

    Parameters
    ----------
    groups : of ``outline_shapes``. shown : the part of each that a box shows, None where it shows none: a line that runs
        elsewhere is left out, and where a group goes on beyond the box no line is drawn.
    """
    edges = [shapely.boundary(group) for group in groups]
    if shown is not None:
        # a line on the edge of what is shown is inside it
        edges = [
            shapely.line_merge(shapely.intersection(edge, shapely.buffer(part, 10 * _SNAP))) if part else None
            for edge, part in zip(edges, shown, strict=True)
        ]
    lines = [[line for line in shapely.get_parts(edge) if line.geom_type == "LineString"] for edge in edges]
    flat = [line for parts in lines for line in parts]
    owner = np.repeat(np.arange(len(lines)), [len(parts) for parts in lines])
    strokes = []
    for i, outline in enumerate(outlines):
        runs = np.flatnonzero(owner == i).astype(np.int64)
        dash = _DASHES.get(outline.style, ())
        width = style.outline_width * _WIDTHS.get(outline.style, 1.0)
        if len(runs) and not dash:
            strokes.append(Stroke(f"casing-{outline.key}", runs, palettes.PAPER, width + 2 * CASING))
        if len(runs):
            strokes.append(Stroke(f"outline-{outline.key}", runs, outline.colour, width, dash))
    return AreaLayer(_line_shapes(flat), view, (), tuple(strokes), role="outlines")


def _line_shapes(lines: Sequence[Any]) -> Shapes:
    """Return lines as a layer that has borders only."""
    xy, line = shapely.get_coordinates(lines, return_index=True) if lines else (np.zeros((0, 2)), np.zeros(0, int))
    start = np.concatenate([[0], np.cumsum(np.bincount(line, minlength=len(lines)))]).astype(np.int64)
    none = np.zeros(len(lines), dtype=np.int64)
    empty = np.zeros(1, dtype=np.int64)
    made = Shapes((), np.zeros((0, 2)), empty, empty, np.zeros((0, 4)))
    made.kept["borders"] = Borders(xy, start, none, np.full(len(lines), OUTSIDE, dtype=np.int64))
    return made
