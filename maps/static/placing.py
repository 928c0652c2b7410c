"""Where a name stands beside what it names: in empty space, near, with a line to the edge that crosses as little as can be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maps.look import palettes
from maps.page.boxes import Box
from maps.page.scene import Disc, Item, Text, rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.page.composition import FloatArray
    from maps.page.scene import Anchor
    from maps.static.land import Land

DISTANCES = (4.0, 8.0, 13.0, 19.0, 26.0, 34.0, 44.0, 56.0, 70.0, 86.0, 104.0, 126.0, 150.0)
"""Points from the shape's edge at which a place is tried."""

SPACING = 7.0
"""Points along the ring between two places."""

LEADING = 1.15
NO_LEADER = 3.0
"""Points: a name nearer than this needs no line."""

OVER_LAND = 0.4
"""How much more a point of line costs over land than over sea."""

INTO = 3.0
"""Points by which a line may run into a small area."""

DOT = 1.3
"""Radius in points of the dot in which a line ends."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A layer of land, and what names and their lines may do on it.

    Parameters
    ----------
    cost : of a name that lies on it wholly, in points of a longer line.
    most : share of a name that may lie on it. longest : points of a line that may run over it.
    """

    land: Land
    cost: float
    most: float = 1.0
    longest: float = float("inf")


@dataclass(slots=True)
class Room:
    """Where names may stand: inside ``box``, apart from what is taken; filled as names are placed.

    ``boxes`` may be met neither by names nor by their lines, ``hidden`` not by names; ``lines`` by neither.
    """

    box: Box
    grounds: Sequence[Ground]
    boxes: list[Box] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)
    hidden: list[Box] = field(default_factory=list)

    def place(
        self,
        target: Any,
        width: float,
        height: float,
        *,
        farthest: float = DISTANCES[-1],
        middle: tuple[float, float] | None = None,
        candidates: FloatArray | None = None,
    ) -> Placed | None:
        """Return the best free place for a rectangle beside a shape of the page, and take it; None where there is none.

        Parameters
        ----------
        middle : a point inside the shape, into which the line is carried on a little: an edge may be another area's too.
        candidates : as ``candidates_beside`` gives them, where the same is asked again; shape (n, 4).

        Notes
        -----
        The cost of a place is the length of its line, more where it runs over land, and what the grounds under it cost. Of
        equal costs the first found wins: nearest first, then round the shape.
        """
        boxes = candidates_beside(target, width, height, farthest) if candidates is None else candidates
        boxes = boxes[self._free(boxes)]
        if len(boxes) == 0:
            return None
        lines = shapely.get_coordinates(shapely.shortest_line(shapely.box(*boxes.T), target)).reshape(-1, 2, 2)
        if middle is not None:
            way = np.subtract(middle, lines[:, 1])
            far = np.linalg.norm(way, axis=1)
            lines[:, 1] += way * np.divide(np.minimum(INTO, far), far, out=np.zeros_like(far), where=far > 0)[:, None]
        start, end = lines[:, 0], lines[:, 1]
        length = np.linalg.norm(end - start, axis=1)
        cost = length.copy()
        for ground in self.grounds:
            under, over = ground.land.share_under(boxes), length * ground.land.share_along(start, end)
            cost += ground.cost * under + OVER_LAND * over
            cost[(under > ground.most) | (over > ground.longest)] = np.inf
        for i in np.argsort(cost, kind="stable")[: int(np.isfinite(cost).sum())]:
            line = shapely.LineString(lines[i])
            crossing = any(line.intersects(shapely.box(one.x, one.y, one.right, one.bottom)) for one in self.boxes)
            if crossing or any(line.intersects(other) for other in self.lines):
                continue
            left, top, right, bottom = (float(value) for value in boxes[i])
            box = Box(left, top, right - left, bottom - top)
            self.boxes.append(box)
            if length[i] > NO_LEADER:
                self.lines.append(line)
            ends = ((float(start[i, 0]), float(start[i, 1])), (float(end[i, 0]), float(end[i, 1])))
            return Placed(box, *ends, cost=float(cost[i]))
        return None

    def _free(self, boxes: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        room = self.box
        free = (boxes[:, 0] >= room.x) & (boxes[:, 1] >= room.y)
        free &= (boxes[:, 2] <= room.right) & (boxes[:, 3] <= room.bottom)
        margin = 2.5
        for taken in (*self.boxes, *self.hidden):
            apart = (boxes[:, 0] > taken.right + margin) | (boxes[:, 2] < taken.x - margin)
            apart |= (boxes[:, 1] > taken.bottom + margin) | (boxes[:, 3] < taken.y - margin)
            free &= apart
        if self.lines:
            free &= ~shapely.intersects(shapely.box(*boxes.T), shapely.union_all(self.lines))
        return free


@dataclass(frozen=True, slots=True)
class Placed:
    """A name's rectangle, and the line from its edge to the edge of what it names."""

    box: Box
    start: tuple[float, float]
    end: tuple[float, float]
    cost: float = 0.0

    @property
    def anchor(self) -> Anchor:
        """On which side the lines of text are flush: the side that the line comes from."""
        if self.end[0] <= self.box.x:
            return "start"
        return "end" if self.end[0] >= self.box.right else "middle"

    def moved(self, dx: float, dy: float) -> Placed:
        """Return the same elsewhere on the page."""
        (x1, y1), (x2, y2) = self.start, self.end
        return replace(self, box=self.box.moved(dx, dy), start=(x1 + dx, y1 + dy), end=(x2 + dx, y2 + dy))

    def items(self, lines: Sequence[str], size: float, *, colour: str, bold: bool, role: str) -> list[Item]:
        """Return the text, and a cased line that ends in a dot on the edge of what is named."""
        items: list[Item] = []
        if np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]) > NO_LEADER:
            items.append(rule(*self.start, *self.end, colour=palettes.PAPER, width=1.6, role="leader-casing"))
            items.append(rule(*self.start, *self.end, colour=palettes.INK, width=0.6, role="leader"))
            items.append(Disc(self.end[0], self.end[1], DOT, palettes.INK, palettes.PAPER, 0.5, role="leader-end"))
        x = {"start": self.box.x, "middle": self.box.x + self.box.width / 2, "end": self.box.right}[self.anchor]
        for number, line in enumerate(lines):
            baseline = self.box.y + (number + 0.82) * size * LEADING
            items.append(
                Text(x, baseline, line, size, bold=bold, colour=colour, anchor=self.anchor, role=role, halo=True)
            )
        return items


def candidates_beside(target: Any, width: float, height: float, farthest: float) -> FloatArray:
    """Return rectangles (shape (n, 4)) on rings round a shape, on its outer side, no farther than ``farthest`` points."""
    plain = shapely.simplify(target, 1.0)
    found = []
    for distance in (step for step in DISTANCES if step <= farthest):
        rings = [
            shapely.get_exterior_ring(part) for part in shapely.get_parts(shapely.buffer(plain, distance, quad_segs=4))
        ]
        for ring in rings:
            count = max(12, int(ring.length / SPACING))
            points = shapely.get_coordinates(
                shapely.line_interpolate_point(ring, np.arange(count) / count, normalized=True)
            )
            nearest = shapely.get_coordinates(shapely.shortest_line(plain, shapely.points(points))).reshape(-1, 2, 2)[
                :, 0
            ]
            away = (points - nearest) / distance
            shift = np.where(away > 0.35, 0.0, np.where(away < -0.35, -1.0, -0.5))
            left = points[:, 0] + shift[:, 0] * width
            top = points[:, 1] + shift[:, 1] * height
            found.append(np.column_stack([left, top, left + width, top + height]))
    return np.concatenate(found)
