"""Names and marks on a map, placed where they hide nothing: beside the land if they can be, never on each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from geo import crs
from maps import palettes, typefaces
from maps.kinds.parts import short_name
from maps.scene import Box, Disc, Item, Text, rule
from maps.static import grid

if TYPE_CHECKING:
    from maps.composition import Canvas, Composition, FloatArray, Shapes
    from maps.house import Style
    from maps.scene import Anchor, View
    from maps.spec import MapSpec

LABEL_SIZE = 7.5
LINE = 1.15
CELL = 2.0
"""Points: the mesh on which land is looked up."""

MOST_NAMES = 60
NAME_SIZE = 6.5
"""Names inside areas: on regional maps of up to so many areas."""

WIDEST = 84.0
"""Points after which a label is broken."""


def outline_labels(spec: MapSpec, shapes: Shapes, placed: Composition, style: Style) -> list[Item]:
    """Return the names of outlined groups, each with a hairline to its group, largest group first.

    Notes
    -----
    Places are tried on rings round the group's middle, nearest first; a place is taken when its box lies on the map, meets no
    other label and no box, and covers the least land. A label for which there is no free place is left out of the map; it still
    stands in the page's text.
    """
    named = [outline for outline in spec.outlines if outline.label]
    if not named:
        return []
    position = shapes.position()
    land = _land(shapes, placed.main)
    taken = [placed.london_frame] if placed.london_frame is not None else []
    items: list[Item] = []
    for outline in sorted(named, key=lambda one: (-len(one.codes), one.key)):
        middle = _anchor(shapes, [position[code] for code in outline.codes], placed.main)
        lines = typefaces.wrapped(outline.label, LABEL_SIZE, within=WIDEST, bold=True)
        width = max(typefaces.width(line, LABEL_SIZE, bold=True) for line in lines)
        height = len(lines) * LABEL_SIZE * LINE
        found = _place(middle, width, height, _room(placed.main.box), taken, land)
        if found is None:
            continue
        taken.append(found)
        items.extend(_with_leader(found, middle, lines, outline.colour, style))
    return items


def _room(box: Box) -> Box:
    """Return the map's box with most of the white space at its right, into which a label may reach."""
    return Box(box.x, box.y, box.width + 18.0, box.height)


def area_names(spec: MapSpec, canvas: Canvas, view: View) -> list[Item]:
    """Return names of a region's areas, each inside its area where it fits without meeting another; the largest first."""
    if len(spec.assignment) > MOST_NAMES:
        return []
    plane = canvas.plane_for(spec.extent or tuple(spec.assignment), regional=True)
    shapes, _ = canvas.shapes(plane)
    position = shapes.position()
    names = dict(zip(canvas.boundaries.frame["code"], canvas.boundaries.frame["name"], strict=True))
    classes = {entry.key: entry for entry in spec.classes}
    members = [position[code] for code in spec.assignment]
    ground = _Ground.of(canvas, plane, view, members)
    order = sorted(members, key=lambda i: -_extent(shapes.bounds[i]))
    items: list[Item] = []
    taken = [Box(view.box.x, view.box.bottom - 22, view.box.width / 2.5, 22)]  # the scale bar's
    for i in order:
        placed = _inside(ground, i, short_name(str(names[shapes.codes[i]])), shapes, taken)
        if placed is None:
            continue
        box, lines = placed
        x = ground.middles[i][0]
        taken.append(box)
        entry = classes[spec.assignment[shapes.codes[i]]]
        ink = palettes.ink_on(entry.colour)
        for number, line in enumerate(lines):
            baseline = box.y + (number + 0.82) * NAME_SIZE * LINE
            items.append(
                Text(
                    x, baseline, line, NAME_SIZE, colour=ink, anchor="middle", role="area-name", halo=bool(entry.hatch)
                )
            )
    return items


def _inside(ground: _Ground, area: int, name: str, shapes: Shapes, taken: list[Box]) -> tuple[Box, list[str]] | None:
    """Return where a name stands wholly inside its area, broken into more lines where that helps; None where it does not fit."""
    room = (shapes.bounds[area, 2] - shapes.bounds[area, 0]) * ground.view.scale
    x, y = ground.middles[area]
    for share in (0.9, 0.6, 0.4, 0.25):
        lines = typefaces.wrapped(name, NAME_SIZE, within=max(room * share, 1.0))
        width = max(typefaces.width(line, NAME_SIZE) for line in lines)
        height = len(lines) * NAME_SIZE * LINE
        box = Box(x - width / 2, y - height / 2, width, height)
        free = ground.view.box.holds(box) and not any(box.overlaps(other, margin=1.0) for other in taken)
        if free and ground.covers(area, box):
            return box, lines
    return None


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where each area is widest, and whether a rectangle of the page lies inside an area."""

    middles: dict[int, tuple[float, float]]
    shapes: Any
    view: View
    back: pyproj.Transformer

    @classmethod
    def of(cls, canvas: Canvas, plane: str, view: View, members: list[int]) -> _Ground:
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


def _anchor(shapes: Shapes, members: list[int], view: View) -> tuple[float, float]:
    """Return the middle of the largest area of a group, on the page."""
    bounds = shapes.bounds[members]
    sizes = (bounds[:, 2] - bounds[:, 0]) * (bounds[:, 3] - bounds[:, 1])
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    middle = np.average(centres, axis=0, weights=sizes)
    nearest = centres[np.argmin(np.linalg.norm(centres - middle, axis=1))]
    return view.point(float(nearest[0]), float(nearest[1]))


@dataclass(frozen=True, slots=True)
class _Land:
    """How much land lies above and left of each cell of the map's box: the land under any rectangle in four look-ups."""

    box: Box
    sums: FloatArray

    def share_under(self, box: Box) -> float:
        """Return the share of a rectangle that is land."""
        rows, columns = self.sums.shape
        top, bottom = (min(max(round((y - self.box.y) / CELL), 0), rows - 1) for y in (box.y, box.bottom))
        left, right = (min(max(round((x - self.box.x) / CELL), 0), columns - 1) for x in (box.x, box.right))
        cells = max(1, (bottom - top) * (right - left))
        sums = self.sums
        land: float = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        return float(land / cells)


def _land(shapes: Shapes, view: View) -> _Land:
    """Rasterise the areas on cells of two points by parity: a border between two areas is crossed twice, the coast once."""
    key = ("land", view)
    if key in shapes.kept:
        found: _Land = shapes.kept[key]
        return found
    rings = grid.rings_on_grid(shapes, view)
    box = view.box
    rows, columns = math.ceil(box.height / CELL) + 1, math.ceil(box.width / CELL) + 1
    points = (rings.xy / grid.PER_POINT - np.array([box.x, box.y])) / CELL
    after = np.arange(1, len(points) + 1)
    after[rings.start[1:] - 1] = rings.start[:-1]
    y1, y2 = points[:, 1], points[after, 1]
    first = np.ceil(np.minimum(y1, y2) - 0.5).astype(np.int64)
    count = np.maximum(np.ceil(np.maximum(y1, y2) - 0.5).astype(np.int64) - first, 0)
    edge = np.repeat(np.arange(len(points)), count)
    row = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    x1, x2 = points[edge, 0], points[after[edge], 0]
    x = x1 + (row + 0.5 - y1[edge]) / (y2[edge] - y1[edge]) * (x2 - x1)
    inside = (row >= 0) & (row < rows)
    toggles = np.zeros((rows, columns + 1), dtype=np.int64)
    np.add.at(toggles, (row[inside], np.clip(np.ceil(x[inside] - 0.5), 0, columns).astype(np.int64)), 1)
    mask = np.cumsum(toggles, axis=1)[:, :columns] % 2
    sums = np.zeros((rows + 1, columns + 1))
    sums[1:, 1:] = mask.cumsum(axis=0).cumsum(axis=1)
    shapes.kept[key] = _Land(box, sums)
    made: _Land = shapes.kept[key]
    return made


def _place(
    middle: tuple[float, float], width: float, height: float, within: Box, taken: list[Box], land: _Land
) -> Box | None:
    best: tuple[float, Box] | None = None
    for distance in range(14, 190, 8):
        for step in range(24):
            angle = 2 * math.pi * step / 24
            x, y = middle[0] + distance * math.cos(angle), middle[1] + distance * math.sin(angle)
            left = x if math.cos(angle) > 0.3 else x - width if math.cos(angle) < -0.3 else x - width / 2
            box = Box(left, y - height / 2, width, height)
            if not within.holds(box) or any(box.overlaps(other, margin=2.5) for other in taken):
                continue
            cost = distance + 120.0 * land.share_under(box)
            if best is None or cost < best[0]:
                best = (cost, box)
    return best[1] if best else None


def _with_leader(box: Box, middle: tuple[float, float], lines: list[str], colour: str, style: Style) -> list[Item]:
    end_x = min(max(middle[0], box.x), box.right)
    end_y = min(max(middle[1], box.y), box.bottom)
    items: list[Item] = [rule(middle[0], middle[1], end_x, end_y, colour=style.ink, width=0.5, role="leader")]
    right_of = box.x > middle[0]
    for number, line in enumerate(lines):
        baseline = box.y + (number + 0.82) * LABEL_SIZE * LINE
        anchor: Anchor = "start" if right_of else "end"
        x = box.x if right_of else box.right
        items.append(
            Text(
                x,
                baseline,
                line,
                LABEL_SIZE,
                bold=True,
                colour=colour or style.ink,
                anchor=anchor,
                role="area-label",
                halo=True,
            )
        )
    return items
