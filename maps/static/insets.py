"""A box for the part of a map of small areas where most of them crowd together, beside that of London."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from boundaries.register import load_register, name_of
from maps.look import palettes
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.composition import LONDON, LONDON_ENLARGEMENT, fitted
from maps.page.scene import Item, Text, rectangle, rule
from maps.words import say

if TYPE_CHECKING:
    from maps.look.styles import Style
    from maps.page.boxes import View
    from maps.page.composition import Canvas, Composition, IntArray, Shapes

Flags = np.ndarray[Any, np.dtype[np.bool_]]

LEAST_AREAS: Final = 2_000
"""Maps of fewer areas have no box but London's: their areas can be told apart."""

CROWD: Final = 300
"""Fewer areas than this in a window are not a crowd."""

CELL_M: Final = 11_000.0
"""Side of the cells by which a window is looked for, metres."""

CELLS: Final = 3
"""Cells on each side of the window."""

STEP: Final = 5.0
"""Points between the places that are tried for the box."""

HEAD: Final = 12.0
"""Points over the window for its name."""


@dataclass(frozen=True, slots=True, eq=False)
class Inset:
    """A window of the map, where it lies (``place``), the box it is shown in (``frame``), its view, areas and name."""

    view: View
    members: IntArray
    place: Box
    frame: Box
    name: str


def city_inset(canvas: Canvas, shapes: Shapes, ground: Shapes, placed: Composition, room: Box) -> Inset | None:
    """Find the window of 33 km with most areas outside London, and a place for it on the map that covers no land.

    Parameters
    ----------
    shapes, ground : areas and the grey land around them, in one plane. placed : the map and its London box.
    room : rectangle the box must stay in.

    Returns
    -------
    Inset
        None of maps of few areas, without a crowd, or without a free place.
    """
    if len(shapes) <= LEAST_AREAS:
        return None
    middle = (shapes.bounds[:, :2] + shapes.bounds[:, 2:]) / 2
    elsewhere = (canvas.boundaries.frame["region_code"] != LONDON).to_numpy()
    if elsewhere.sum() < CROWD:
        return None
    west, south = _window(middle[elsewhere])
    side = CELLS * CELL_M
    inside = (np.abs(middle - [west + side / 2, south + side / 2]) <= side / 2).all(axis=1) & elsewhere
    if inside.sum() < CROWD:
        return None
    main = placed.main
    left, top = main.point(west, south + side)
    place = Box(left, top, side * main.scale, side * main.scale)
    size = side * main.scale * LONDON_ENLARGEMENT
    frame = _free(Box(place.x, place.y, size, size + HEAD), place, (shapes, ground), placed, room)
    if frame is None:
        return None
    view = fitted((west, south, west + side, south + side), Box(frame.x, frame.y + HEAD, size, size))
    near = (shapes.bounds[:, 0] < west + side) & (shapes.bounds[:, 2] > west)
    near &= (shapes.bounds[:, 1] < south + side) & (shapes.bounds[:, 3] > south)
    return Inset(view, np.flatnonzero(near).astype(np.int64), place, frame, _name(canvas, inside))


def inset_frame(inset: Inset, style: Style) -> list[Item]:
    """Return the frame of a box, its name, and a hairline from the place it enlarges."""
    start = inset.place.x + inset.place.width / 2, inset.place.y + inset.place.height / 2
    end = (
        min(max(start[0], inset.frame.x), inset.frame.right),
        min(max(start[1], inset.frame.y), inset.frame.bottom),
    )
    words = say("foot.inset", place=inset.name)
    if typefaces.width(words, 7.5, bold=True) > inset.frame.width - 6:
        words = inset.name
    named = Text(
        inset.frame.x + 3, inset.frame.y + 8.5, words, 7.5, bold=True, colour=style.ink_soft, role="inset-name"
    )
    return [
        rectangle(inset.place.inset(-1.2), stroke=style.ink_soft, stroke_width=0.4, role="inset-place"),
        rule(*start, *end, colour=style.ink_soft, width=0.4, role="leader"),
        rectangle(inset.frame, fill=palettes.PAPER, stroke=style.ink_soft, stroke_width=0.4, role="inset-frame"),
        named,
    ]


def _window(middle: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    """Return the lower left corner of the window with most centres; the first from the south-west of equals."""
    origin = middle.min(axis=0)
    column, row = ((middle - origin) // CELL_M).astype(np.int64).T
    count = np.zeros((row.max() + CELLS, column.max() + CELLS), dtype=np.int64)
    np.add.at(count, (row, column), 1)
    total = np.pad(count.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    held = total[CELLS:, CELLS:] - total[:-CELLS, CELLS:] - total[CELLS:, :-CELLS] + total[:-CELLS, :-CELLS]
    best_row, best_column = np.unravel_index(int(held.argmax()), held.shape)
    return float(origin[0] + best_column * CELL_M), float(origin[1] + best_row * CELL_M)


def _free(wanted: Box, place: Box, layers: tuple[Shapes, Shapes], placed: Composition, room: Box) -> Box | None:
    """Return the free rectangle nearest to the place it enlarges; None where no land is clear of it."""
    points = np.concatenate([layer.xy for layer in layers])
    x = placed.main.scale * points[:, 0] + placed.main.dx
    y = placed.main.dy - placed.main.scale * points[:, 1]
    seen = (x >= room.x) & (x <= room.right) & (y >= room.y) & (y <= room.bottom)
    columns, rows = int(room.width // STEP) + 1, int(room.height // STEP) + 1
    land = np.zeros((rows + 1, columns + 1), dtype=np.int64)
    np.add.at(land, (((y[seen] - room.y) // STEP).astype(int) + 1, ((x[seen] - room.x) // STEP).astype(int) + 1), 1)
    total = land.cumsum(axis=0).cumsum(axis=1)
    wide, high = int(np.ceil(wanted.width / STEP)), int(np.ceil(wanted.height / STEP))
    best: tuple[float, Box] | None = None
    for i in range(rows - high):
        for j in range(columns - wide):
            covered = total[i + high, j + wide] - total[i, j + wide] - total[i + high, j] + total[i, j]
            box = Box(room.x + j * STEP, room.y + i * STEP, wanted.width, wanted.height)
            if covered or any(
                box.overlaps(other, margin=4.0) for other in (placed.london_frame, placed.london_place) if other
            ):
                continue
            away = float(np.hypot(box.x + box.width / 2 - place.x, box.y + box.height / 2 - place.y))
            if best is None or away < best[0]:
                best = (away, box)
    return None if best is None else best[1]


def _name(canvas: Canvas, inside: Flags) -> str:
    """Return the district in which most areas of the window lie; the first by code of equals, or the region where none is known."""
    boundaries = canvas.boundaries
    if boundaries.districts is None:
        return str(boundaries.frame.loc[inside, "region_name"].mode().iloc[0])
    codes = boundaries.frame.loc[inside, "code"]
    home = boundaries.districts.set_index("code")["district"].reindex(codes)
    return name_of(load_register(), str(home.mode().iloc[0]), boundaries.date)
