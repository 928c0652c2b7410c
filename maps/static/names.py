"""Names of a region's areas: each inside its area where it fits, else beside the region with a line to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from boundaries.places.names import short_name
from maps.look import palettes
from maps.page import typefaces
from maps.page.boxes import Box, View
from maps.page.scene import Item, Text
from maps.static.labels import on_page, tied, untied
from maps.static.land import land_of
from maps.static.placing import LEADING, Ground, Placed, Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.page.composition import Canvas, FloatArray, Shapes
    from maps.spec import MapSpec

MOST_NAMES = 60
NAME_SIZE = 6.5
"""Names are set on regional maps of up to so many areas."""

WIDEST = 62.0
"""Points after which a name beside the region is broken."""

FARTHEST = 44.0
LONGEST_OVER = 16.0
"""Points of a line, and of its part over the region's own areas: a longer one is a search, and the area goes without a name."""

MOST_HIDDEN = 0.03
"""Share of a name beside the region that may lie on the region's own areas."""

OTHER_LAND = 25.0
"""What it costs a name to stand on the grey land around."""


def area_names(spec: MapSpec, canvas: Canvas, view: View, *, taken: Sequence[Box] = ()) -> list[Item]:
    """Return names of a region's areas, inside them where they fit without meeting another; the largest first.

    Parameters
    ----------
    taken : rectangles that no name may meet.

    Notes
    -----
    A name that fits nowhere inside stands beside the region if a place is free there; where none is, the area has no name on
    the map.
    """
    if len(spec.assignment) > MOST_NAMES:
        return []
    plane = canvas.plane_for(spec.extent or tuple(spec.assignment), regional=True)
    shapes, _ = canvas.shapes(plane)
    # where names stand on the map depends on areas and size alone: the next outcome's map has them ready, wherever it stands
    x, y = view.box.x, view.box.y
    at_origin = View(
        view.scale, round(view.dx - x, 4), round(view.dy - y, 4), Box(0.0, 0.0, view.box.width, view.box.height)
    )
    barred = tuple(_rounded(box.moved(-x, -y)) for box in taken)
    key = ("names", at_origin, tuple(spec.assignment), barred)
    if key not in shapes.kept:
        shapes.kept[key] = _placed(spec, canvas, plane, at_origin, barred)
    inside, beside = shapes.kept[key]
    classes = {entry.key: entry for entry in spec.classes}
    items: list[Item] = []
    for i, box, lines in inside:
        entry = classes[spec.assignment[shapes.codes[i]]]
        items.extend(
            _set_inside(box.moved(x, y), lines, palettes.ink_on(entry.colour), halo=entry.colour if entry.hatch else "")
        )
    for found, lines in beside:
        there = found.moved(x, y)
        items.extend(there.items(lines, NAME_SIZE, colour=palettes.INK, bold=False, role="area-name"))
    return items


def _rounded(box: Box) -> Box:
    return Box(round(box.x, 4), round(box.y, 4), round(box.width, 4), round(box.height, 4))


_Inside = list[tuple[int, Box, list[str]]]
_Beside = list[tuple[Placed, list[str]]]


def _placed(spec: MapSpec, canvas: Canvas, plane: str, view: View, taken: Sequence[Box]) -> tuple[_Inside, _Beside]:
    """Return where names stand: inside an area (its place in the layer), or beside the region."""
    shapes, _ = canvas.shapes(plane)
    position = shapes.position()
    names = dict(zip(canvas.boundaries.frame["code"], canvas.boundaries.frame["name"], strict=True))
    members = [position[code] for code in spec.assignment]
    ground = _Places.of(canvas, plane, view, members)
    boxes = list(taken)
    inside: _Inside = []
    outside = []
    for i in sorted(members, key=lambda i: -_extent(shapes.bounds[i])):
        name = short_name(str(names[shapes.codes[i]]))
        found = _inside(ground, i, name, shapes, boxes)
        if found is None:
            outside.append((i, name))
        else:
            inside.append((i, *found))
            boxes.append(found[0])
    return inside, _beside(outside, canvas, plane, ground, boxes)


def _beside(areas: Sequence[tuple[int, str]], canvas: Canvas, plane: str, places: _Places, taken: list[Box]) -> _Beside:
    """Return the names that stand beside the region, those with the shortest way out first."""
    shapes, around = canvas.shapes(plane)
    view = places.view
    grounds = [Ground(land_of(shapes, view), 0.0, MOST_HIDDEN, LONGEST_OVER)]
    if len(around):
        grounds.append(Ground(land_of(around, view), OTHER_LAND))
    room = Room(view.box, grounds, taken)
    polygons = canvas.polygons(plane)
    asked = []
    for i, name in areas:
        lines = untied(typefaces.balanced(tied(name), NAME_SIZE, within=WIDEST))
        width = max(typefaces.width(line, NAME_SIZE) for line in lines)
        asked.append((i, on_page(polygons[i], view), lines, width, len(lines) * NAME_SIZE * LEADING))
    alone = [
        Room(view.box, grounds, list(taken)).place(target, width, height, farthest=FARTHEST, middle=places.middles[i])
        for i, target, _, width, height in asked
    ]
    ways = [(found.cost, at) for at, found in enumerate(alone) if found is not None]
    beside: _Beside = []
    for _, at in sorted(ways):
        i, target, lines, width, height = asked[at]
        found = room.place(target, width, height, farthest=FARTHEST, middle=places.middles[i])
        if found is not None:
            beside.append((found, lines))
    return beside


def _set_inside(box: Box, lines: Sequence[str], ink: str, *, halo: str) -> list[Item]:
    x = box.x + box.width / 2
    return [
        Text(
            x,
            box.y + (number + 0.82) * NAME_SIZE * LEADING,
            line,
            NAME_SIZE,
            colour=ink,
            anchor="middle",
            role="area-name",
            halo=bool(halo),
            halo_colour=halo or palettes.PAPER,
        )
        for number, line in enumerate(lines)
    ]


def _inside(ground: _Places, area: int, name: str, shapes: Shapes, taken: list[Box]) -> tuple[Box, list[str]] | None:
    """Return where a name stands wholly inside its area, broken into more lines where that helps; None where it does not fit."""
    room = (shapes.bounds[area, 2] - shapes.bounds[area, 0]) * ground.view.scale
    x, y = ground.middles[area]
    for share in (0.9, 0.6, 0.4, 0.25):
        lines = untied(typefaces.wrapped(tied(name), NAME_SIZE, within=max(room * share, 1.0)))
        width = max(typefaces.width(line, NAME_SIZE) for line in lines)
        height = len(lines) * NAME_SIZE * LEADING
        box = Box(x - width / 2, y - height / 2, width, height)
        free = ground.view.box.holds(box) and not any(box.overlaps(other, margin=1.0) for other in taken)
        if free and ground.covers(area, box):
            return box, lines
    return None


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each area is widest, and whether a rectangle of the page lies inside an area."""

    middles: dict[int, tuple[float, float]]
    shapes: Any
    view: View
    back: pyproj.Transformer

    @classmethod
    def of(cls, canvas: Canvas, plane: str, view: View, members: list[int]) -> _Places:
        frame = canvas.boundaries.frame
        shapes = frame.geometry.to_numpy()
        centres = shapely.get_point(shapely.maximum_inscribed_circle(shapes[members], tolerance=200.0), 0)
        there = pyproj.Transformer.from_crs(frame.crs, plane, always_xy=True)
        east, north = there.transform(shapely.get_x(centres), shapely.get_y(centres))
        middles = {i: view.point(float(x), float(y)) for i, x, y in zip(members, east, north, strict=True)}
        return cls(middles, shapes, view, pyproj.Transformer.from_crs(plane, frame.crs, always_xy=True))

    def covers(self, area: int, box: Box) -> bool:
        view = self.view
        x = np.array([box.x, box.right, box.right, box.x])
        y = np.array([box.y, box.y, box.bottom, box.bottom])
        corners = np.stack(self.back.transform((x - view.dx) / view.scale, (view.dy - y) / view.scale), axis=1)
        return bool(shapely.covers(self.shapes[area], shapely.Polygon(corners)))


def _extent(bounds: FloatArray) -> float:
    return float((bounds[2] - bounds[0]) * (bounds[3] - bounds[1]))
