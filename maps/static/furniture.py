"""What stands round a map: heading, foot, the London box, the scale bar, the north arrow."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyproj

from maps.look import palettes
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.scene import Item, Shape, Text, rectangle, rule
from maps.static.land import land_of
from maps.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.look.styles import Style
    from maps.page.boxes import View
    from maps.page.composition import Shapes
    from maps.page.scene import Worded
    from maps.static.column import Setter


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

LEAST_NAMED = 60.0
"""Points: a narrower London box has no room for its name; the foot says what is enlarged."""

MOST_CONVERGENCE = 2.0
"""Degrees by which true north may differ from the map's upright anywhere on it, for a north arrow to be drawn: less than a
reader can see of an arrow half a centimetre long."""

ARROW_ROOM = 16.0
"""Points for the arrow beside the scale bar."""


def set_heading(worded: Worded, setter: Setter, *, title_size: float) -> None:
    """Set the finding, and under it what is shown."""
    setter.paragraph(worded.title, size=title_size, bold=True, role="title", balanced=True)
    setter.gap(2)
    start = len(setter.items)
    setter.paragraph(dates_tied(worded.subtitle), size=10.5, colour=setter.style.ink_soft, role="subtitle")
    # once the lines are broken, a reader searches for plain spaces
    setter.items[start:] = [
        replace(item, text=item.text.replace(NO_BREAK_SPACE, " ")) if isinstance(item, Text) else item
        for item in setter.items[start:]
    ]


def dates_tied(text: str) -> str:
    """Return text in which no line breaks inside a date: ``11 September 2024`` holds together.

    Examples
    --------
    >>> dates_tied("areas of 11 September 2024").split(" ")[:2]
    ['areas', 'of']
    """
    return re.sub(rf"(\b\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}}\b)", rf"\1{NO_BREAK_SPACE}\2{NO_BREAK_SPACE}\3", text)


def foot_lines(foot: Sequence[str], style: Style, width: float, scale: float) -> list[str]:
    """Return the lines of the foot: each paragraph on its own line, and the house's credit."""
    paragraphs = [*foot, style.credit]
    size = style.foot * scale
    lines = [line for text in paragraphs if text for line in typefaces.wrapped(dates_tied(text), size, within=width)]
    return [line.replace(NO_BREAK_SPACE, " ") for line in lines]


def london_box(box: Box, place: Box, style: Style) -> list[Item]:
    """Return the frame of the London box, its name, and a hairline from the place it enlarges."""
    start, end = london_leader(box, place)
    named = [Text(box.x + 3, box.y + 8.5, "London", 7.5, bold=True, colour=style.ink_soft, role="london-name")]
    return [
        rectangle(place.inset(-1.2), stroke=style.ink_soft, stroke_width=0.4, role="london-place"),
        rule(*start, *end, colour=style.ink_soft, width=0.4, role="leader"),
        rectangle(box, fill=palettes.PAPER, stroke=style.ink_soft, stroke_width=0.4, role="london-frame"),
        *(named if box.width > LEAST_NAMED else []),
    ]


def london_leader(box: Box, place: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of the hairline from the place that a box enlarges to the box."""
    return (place.x + place.width / 2, place.bottom + 1.2), (box.x + box.width / 2, box.y)


def shetland_box(bounds: tuple[float, float, float, float], view: View, style: Style) -> list[Item]:
    """Return the frame round a Shetland that is not in its true place."""
    west, south, east, north = bounds
    (left, top), (right, bottom) = view.point(west, north), view.point(east, south)
    box = Box(left - 3, top - 3, right - left + 6, bottom - top + 6)
    return [rectangle(box, fill=palettes.PAPER, stroke=style.ink_soft, stroke_width=0.4, role="shetland-frame")]


def bearings(view: View, plane: str, areas: Shapes, style: Style) -> tuple[list[Item], Box]:
    """Return the scale bar of a regional map, a north arrow where it is true, and the rectangle they take.

    They stand in the lower corner that has less of the region's own land, the left one of equals. Both are for regional maps
    only: over the whole UK scale and north change across an equal-area map.
    """
    box = view.box
    kilometres = bar_length(view)
    length = kilometres * 1000 * view.scale
    pointed = north_is_up(view, plane)
    width, height = length + (ARROW_ROOM if pointed else 0.0) + 6, 24.0
    corners = [Box(x, box.bottom - height, width, height) for x in (box.x, box.right - width)]
    lands = land_of(areas, view).share_under(np.array([[one.x, one.y, one.right, one.bottom] for one in corners]))
    corner = corners[int(np.argmin(np.round(lands, 3)))]
    x, y = corner.x + 2, corner.bottom - 6
    items: list[Item] = [rule(x, y, x + length, y, colour=style.ink_soft, width=1.2, role="scale-bar")]
    items += [rule(at, y - 3, at, y, colour=style.ink_soft, width=0.8, role="scale-bar") for at in (x, x + length)]
    words = f"{kilometres}{NO_BREAK_SPACE}km"
    items.append(Text(x, y - 5, words, 7.0, colour=style.ink_soft, role="scale-text", halo=True))
    if pointed:
        items += _north_arrow(x + length + ARROW_ROOM - 8, y, style)
    return items, corner


def bar_length(view: View) -> int:
    """Return a round number of kilometres that is at most about a fifth of the map wide.

    The planes of regional maps keep scale within 0.1 % (their projections are conformal with a scale factor of 0.9996 or
    0.99982 on the middle line): on paper the bar is true everywhere.
    """
    aim = view.box.width / 5 / view.scale / 1000
    lengths = [step * 10**power for power in range(4) for step in (1, 2, 5)]
    return max((length for length in lengths if length <= aim), default=1)


def north_is_up(view: View, plane: str) -> bool:
    """Say whether true north is up all over a map, to within ``MOST_CONVERGENCE``.

    Up on a regional map is grid north. True north differs from it by the convergence of the meridians, which grows with the
    distance from the plane's middle line (2° W on the National Grid): more than 3° in Cornwall, where an arrow would mislead.
    """
    box = view.box
    x, y = (part.ravel() for part in np.meshgrid(np.linspace(box.x, box.right, 5), np.linspace(box.y, box.bottom, 5)))
    plan = pyproj.Proj(plane)
    longitude, latitude = plan((x - view.dx) / view.scale, (view.dy - y) / view.scale, inverse=True)
    turned = plan.get_factors(longitude, latitude).meridian_convergence
    return bool(np.abs(turned).max() <= MOST_CONVERGENCE)


def _north_arrow(x: float, y: float, style: Style) -> list[Item]:
    head = ((x, y - 11.0), (x - 2.6, y - 5.6), (x + 2.6, y - 5.6), (x, y - 11.0))
    return [
        rule(x, y, x, y - 7.0, colour=style.ink_soft, width=1.0, role="north-arrow"),
        Shape((head,), fill=style.ink_soft, role="north-arrow"),
        Text(x, y - 13.0, "N", 7.0, colour=style.ink_soft, anchor="middle", role="north-text", halo=True),
    ]
