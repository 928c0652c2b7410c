"""What lies under a rectangle or a line of the page: land looked up on a mesh of two points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maps.static import grid

if TYPE_CHECKING:
    from maps.page.boxes import Box, View
    from maps.page.composition import FloatArray, Shapes

CELL = 2.0
"""Points: the mesh on which land is looked up."""


@dataclass(frozen=True, slots=True)
class Land:
    """How much land lies above and left of each cell of the map's box: the land under any rectangle in four look-ups."""

    box: Box
    sums: FloatArray

    def share_under(self, boxes: FloatArray) -> FloatArray:
        """Return the share of rectangles (left, top, right, bottom; shape (n, 4)) that is land."""
        rows, columns = self.sums.shape
        left, right = (self._cell(boxes[:, i] - self.box.x, columns) for i in (0, 2))
        top, bottom = (self._cell(boxes[:, i] - self.box.y, rows) for i in (1, 3))
        cells = np.maximum(1, (bottom - top) * (right - left))
        sums = self.sums
        land = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        return np.asarray(land / cells, dtype=np.float64)

    def share_along(self, start: FloatArray, end: FloatArray) -> FloatArray:
        """Return the share of straight lines (shape (n, 2) each) that runs over land."""
        steps = np.linspace(0.05, 0.95, 10)
        points = start[:, None, :] + steps[None, :, None] * (end - start)[:, None, :]
        flat = points.reshape(-1, 2)
        half = CELL / 2
        boxes = np.column_stack([flat - half, flat + half])
        return np.asarray(self.share_under(boxes).reshape(len(start), -1).mean(axis=1), dtype=np.float64)

    @staticmethod
    def _cell(distance: FloatArray, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.clip(np.rint(distance / CELL), 0, count - 1).astype(np.int64)


def land_of(shapes: Shapes, view: View) -> Land:
    """Rasterise areas by parity: a border between two areas is crossed twice, the coast once."""
    key = ("land", view)
    if key not in shapes.kept:
        shapes.kept[key] = _rasterised(shapes, view)
    found: Land = shapes.kept[key]
    return found


def _rasterised(shapes: Shapes, view: View) -> Land:
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
    return Land(box, sums)
