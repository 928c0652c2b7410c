"""Shapes on an integer grid of a page: a tenth of a point, repeats and straight runs dropped, kept for the next map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from maps.page.boxes import View
    from maps.page.composition import Borders, FloatArray, IntArray, Shapes

PER_POINT = 10
"""Grid steps in a point: 0.035 mm, finer than a printer's dot."""


@dataclass(frozen=True, slots=True)
class Gridded:
    """Lines of a layer on the grid: line i is xy[start[i]:start[i + 1]] and belongs to ``owner[i]`` (an area or a run).

    ``box`` shape (n_lines, 4): least x, least y, greatest x, greatest y. ``kept`` holds path texts by line.
    """

    xy: IntArray
    start: IntArray
    owner: IntArray
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def lines_of(self, owners: IntArray, n_owners: int) -> IntArray:
        """Return the lines that belong to some owners."""
        wanted = np.zeros(n_owners, dtype=bool)
        wanted[owners] = True
        return np.flatnonzero(wanted[self.owner])

    def vertices(self, lines: IntArray) -> tuple[IntArray, IntArray]:
        """Return the points of some lines end to end, and where each line starts (one more than there are lines)."""
        lengths = np.diff(self.start)[lines]
        start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        at = np.repeat(self.start[:-1][lines] - start[:-1], lengths) + np.arange(start[-1])
        return self.xy[at], start


def rings_on_grid(shapes: Shapes, view: View) -> Gridded:
    """Return the rings of a layer as seen through a view; an area too small for the grid becomes one grid cell.

    Rings are closed by the writer: the closing point is not repeated.
    """
    key = ("rings", view.scale, view.dx, view.dy)
    if key not in shapes.kept:
        owner = np.repeat(np.arange(len(shapes)), np.diff(shapes.area_ring))
        gridded = _gridded(shapes.xy, shapes.ring_start, owner, view, closed=True)
        shapes.kept[key] = _with_specks(gridded, shapes, view)
    found: Gridded = shapes.kept[key]
    return found


def borders_on_grid(shapes: Shapes, view: View) -> Gridded:
    """Return the border runs of a layer as seen through a view."""
    key = ("borders", view.scale, view.dx, view.dy)
    if key not in shapes.kept:
        borders: Borders = shapes.borders()
        shapes.kept[key] = _gridded(borders.xy, borders.start, np.arange(len(borders.left)), view, closed=False)
    found: Gridded = shapes.kept[key]
    return found


def on_grid(xy: FloatArray, view: View) -> IntArray:
    """Return metres as grid steps from the page's top left corner."""
    scale = view.scale * PER_POINT
    x = np.rint(xy[:, 0] * scale + view.dx * PER_POINT)
    y = np.rint(view.dy * PER_POINT - xy[:, 1] * scale)
    return np.stack([x, y], axis=1).astype(np.int64)


def _gridded(xy: FloatArray, start: IntArray, owner: IntArray, view: View, *, closed: bool) -> Gridded:
    points = on_grid(xy, view)
    line = np.repeat(np.arange(len(start) - 1), np.diff(start))
    keep = np.ones(len(points), dtype=bool)
    if closed and len(points):
        keep[start[1:] - 1] = False
    points, line = points[keep], line[keep]
    for _ in range(2):  # dropping repeats may make runs straight, dropping those may make a ring vanish
        points, line = _without_repeats(points, line)
        points, line = _without_straights(points, line)
    counts = np.bincount(line, minlength=len(start) - 1)
    enough = counts >= (3 if closed else 2)
    stays = enough[line]
    kept_lines = np.flatnonzero(enough)
    new_start = np.concatenate([[0], np.cumsum(counts[kept_lines])]).astype(np.int64)
    return Gridded(points[stays], new_start, owner[kept_lines])


def _without_repeats(points: IntArray, line: IntArray) -> tuple[IntArray, IntArray]:
    if len(points) == 0:
        return points, line
    same = (points[1:] == points[:-1]).all(axis=1) & (line[1:] == line[:-1])
    keep = np.concatenate([[True], ~same])
    return points[keep], line[keep]


def _without_straights(points: IntArray, line: IntArray) -> tuple[IntArray, IntArray]:
    """Drop a point that lies on the straight way between its neighbours in the line."""
    if len(points) < 3:
        return points, line
    before, after = points[1:-1] - points[:-2], points[2:] - points[1:-1]
    inner = (line[1:-1] == line[:-2]) & (line[1:-1] == line[2:])
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    onward = (before * after).sum(axis=1) > 0
    keep = np.ones(len(points), dtype=bool)
    keep[1:-1] = ~(inner & (cross == 0) & onward)
    return points[keep], line[keep]


def _with_specks(gridded: Gridded, shapes: Shapes, view: View) -> Gridded:
    drawn = np.zeros(len(shapes), dtype=bool)
    drawn[gridded.owner] = True
    lost = np.flatnonzero(~drawn)
    if len(lost) == 0:
        return gridded
    middle = (shapes.bounds[lost][:, :2] + shapes.bounds[lost][:, 2:]) / 2
    corner = on_grid(middle, view)
    cells = (corner[:, None, :] + np.array([[0, 0], [0, 1], [1, 1], [1, 0]])).reshape(-1, 2)
    start = np.concatenate([gridded.start, gridded.start[-1] + 4 * np.arange(1, len(lost) + 1)])
    return Gridded(np.concatenate([gridded.xy, cells]), start, np.concatenate([gridded.owner, lost]))
