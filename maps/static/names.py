"""Names of a region's areas: each inside its area where it fits, else beside the region with a line to it, else by number."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from maps.static.placing import LEADING, Ground, Placed, Room, candidates_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.page.composition import Canvas, FloatArray, Shapes
    from maps.spec import MapSpec

MOST_NAMES = 130
NAME_SIZE = 6.5
"""Names are set on regional maps of up to so many areas."""

NAME, KEY = "area-name", "area-key"
"""Roles of a name on the map, and of a number that stands for one."""

NUMBER_FARTHEST = 26.0
"""Points of the line to a number beside its area."""

WIDEST = 62.0
"""Points after which a name beside the region is broken."""

FARTHEST = 44.0
LONGEST_OVER = 16.0
"""Points of a line, and of its part over the region's own areas: a longer one is a search, and the area goes without a name."""

MOST_HIDDEN = 0.03
"""Share of a name beside the region that may lie on the region's own areas."""

OTHER_LAND = 25.0
"""What it costs a name to stand on the grey land around."""


@dataclass(frozen=True, slots=True)
class AreaNames:
    """Names and numbers as they stand on the map, and the names that numbers stand for: the first is number 1."""

    items: tuple[Item, ...] = ()
    keyed: tuple[str, ...] = ()


def area_names(spec: MapSpec, canvas: Canvas, view: View, *, taken: Sequence[Box] = ()) -> AreaNames:
    """Return names of a region's areas, inside them where they fit without meeting another; the largest first.

    Parameters
    ----------
    taken : rectangles that no name may meet.

    Notes
    -----
    A name that fits nowhere inside stands beside the region if a place is free there; where none is, a number stands in the area
    or beside it, and its name in the key: no area goes without.
    """
    if len(spec.assignment) > MOST_NAMES:
        return AreaNames()
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
    placed: _Placing = shapes.kept[key]
    classes = {entry.key: entry for entry in spec.classes}
    items: list[Item] = []
    for i, box, lines, role in placed.inside:
        entry = classes[spec.assignment[shapes.codes[i]]]
        halo = entry.colour if entry.hatch or role == KEY else ""
        items.extend(_set_inside(box.moved(x, y), lines, palettes.ink_on(entry.colour), halo=halo, role=role))
    for found, lines, role in placed.beside:
        there = found.moved(x, y)
        items.extend(there.items(lines, NAME_SIZE, colour=palettes.INK, bold=False, role=role))
    return AreaNames(tuple(items), placed.keyed)


def _rounded(box: Box) -> Box:
    return Box(round(box.x, 4), round(box.y, 4), round(box.width, 4), round(box.height, 4))


@dataclass(frozen=True, slots=True)
class _Placing:
    """Where names and numbers stand: inside an area (its place in the layer) or beside the region; and the names of numbers."""

    inside: list[tuple[int, Box, list[str], str]]
    beside: list[tuple[Placed, list[str], str]]
    keyed: tuple[str, ...]


def _placed(spec: MapSpec, canvas: Canvas, plane: str, view: View, taken: Sequence[Box]) -> _Placing:
    """Return where names stand: inside an area, beside the region, or in the key."""
    shapes, _ = canvas.shapes(plane)
    position = shapes.position()
    names = dict(zip(canvas.boundaries.frame["code"], canvas.boundaries.frame["name"], strict=True))
    members = [position[code] for code in spec.assignment]
    ground = _Places.of(canvas, plane, view, members)
    boxes = list(taken)
    placing = _Placing([], [], ())
    outside = []
    for i in sorted(members, key=lambda i: -_extent(shapes.bounds[i])):
        name = short_name(str(names[shapes.codes[i]]))
        found = _inside(ground, i, name, shapes, boxes)
        if found is None:
            outside.append((i, name))
        else:
            placing.inside.append((i, *found, NAME))
            boxes.append(found[0])
    room = _room(canvas, plane, ground, boxes)
    there = _beside(outside, canvas, plane, ground, room)
    placing.beside.extend((found, lines, NAME) for found, lines in there.values())
    rest = sorted(((i, name) for i, name in outside if i not in there), key=lambda one: (one[1], one[0]))
    for number, (i, _) in enumerate(rest, 1):
        _number(i, str(number), canvas, plane, ground, room, placing)
    return replace(placing, keyed=tuple(name for _, name in rest))


def _room(canvas: Canvas, plane: str, places: _Places, taken: list[Box]) -> Room:
    """Return where names may stand beside the region."""
    shapes, around = canvas.shapes(plane)
    grounds = [Ground(land_of(shapes, places.view), 0.0, MOST_HIDDEN, LONGEST_OVER)]
    if len(around):
        grounds.append(Ground(land_of(around, places.view), OTHER_LAND))
    return Room(places.view.box, grounds, taken)


def _beside(
    areas: Sequence[tuple[int, str]], canvas: Canvas, plane: str, places: _Places, room: Room
) -> dict[int, tuple[Placed, list[str]]]:
    """Return the names that stand beside the region by area, those with the shortest way out first; they take their room."""
    view = places.view
    polygons = canvas.polygons(plane)
    asked = []
    for i, name in areas:
        lines = untied(typefaces.balanced(tied(name), NAME_SIZE, within=WIDEST))
        width = max(typefaces.width(line, NAME_SIZE) for line in lines)
        asked.append((i, on_page(polygons[i], view), lines, width, len(lines) * NAME_SIZE * LEADING))
    rings = [candidates_beside(target, width, height, FARTHEST) for _, target, _, width, height in asked]
    alone = [
        Room(view.box, room.grounds, list(room.boxes)).place(
            target, width, height, middle=places.middles[i], candidates=ring
        )
        for (i, target, _, width, height), ring in zip(asked, rings, strict=True)
    ]
    ways = [(found.cost, at) for at, found in enumerate(alone) if found is not None]
    beside: dict[int, tuple[Placed, list[str]]] = {}
    for _, at in sorted(ways):
        i, target, lines, width, height = asked[at]
        found = room.place(target, width, height, middle=places.middles[i], candidates=rings[at])
        if found is not None:
            beside[i] = (found, lines)
    return beside


def _number(area: int, number: str, canvas: Canvas, plane: str, places: _Places, room: Room, placing: _Placing) -> None:
    """Set a number inside its area, else beside it with a line, else over its middle: an area too small for any is still found."""
    shapes, _ = canvas.shapes(plane)
    found = _inside(places, area, number, shapes, room.boxes)
    if found is not None:
        placing.inside.append((area, *found, KEY))
        room.boxes.append(found[0])
        return
    width, height = typefaces.width(number, NAME_SIZE), NAME_SIZE * LEADING
    target = on_page(canvas.polygons(plane)[area], places.view)
    free = Room(places.view.box, [replace(ground, most=1.0) for ground in room.grounds], room.boxes, room.lines)
    placed = free.place(target, width, height, farthest=NUMBER_FARTHEST, middle=places.middles[area])
    if placed is not None:
        placing.beside.append((placed, [number], KEY))
        return
    x, y = places.middles[area]
    placing.inside.append((area, Box(x - width / 2, y - height / 2, width, height), [number], KEY))


def _set_inside(box: Box, lines: Sequence[str], ink: str, *, halo: str, role: str) -> list[Item]:
    x = box.x + box.width / 2
    return [
        Text(
            x,
            box.y + (number + 0.82) * NAME_SIZE * LEADING,
            line,
            NAME_SIZE,
            colour=ink,
            anchor="middle",
            role=role,
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
