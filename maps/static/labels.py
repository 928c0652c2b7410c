"""Names of outlined groups, beside the land if they can be, never on each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import shapely

from maps.page import typefaces
from maps.page.boxes import Box
from maps.static.furniture import london_leader
from maps.static.land import land_of
from maps.static.placing import LEADING, Ground, Room
from maps.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.look.styles import Style
    from maps.page.boxes import View
    from maps.page.composition import Composition, Shapes
    from maps.page.scene import Item
    from maps.spec import Outline

LABEL_SIZE = 7.5

WIDEST = 84.0
"""Points after which a label is broken."""

GUTTER = 12.0
"""Points of the white space at the map's right into which a label may reach."""

OWN_LAND, OTHER_LAND = 260.0, 180.0
"""What it costs a name to stand on the map's areas, and on other countries: the open sea is worth a line so much longer."""

NOT_SMALL = 0.2
"""A part of a group is named by a line to it only if it is at least so large against the largest."""


def outline_labels(
    outlines: Sequence[Outline],
    groups: Sequence[Any],
    layers: tuple[Shapes, Shapes],
    placed: Composition,
    style: Style,
    *,
    text: float = 1.0,
) -> list[Item]:
    """Return the names of outlined groups, each with a line to the group's edge, largest group first.

    Parameters
    ----------
    groups : shape of each outlined group, in the plane of the map. layers : areas and other countries. text : how much
        larger letters are than on paper.

    Notes
    -----
    A name for which there is no free place is left out of the map; it still stands in the page's text.
    """
    named = [(outline, group) for outline, group in zip(outlines, groups, strict=True) if outline.label]
    if not named:
        return []
    view = placed.main
    areas, around = layers
    grounds = [Ground(land_of(areas, view), OWN_LAND)]
    if len(around):
        grounds.append(Ground(land_of(around, view), OTHER_LAND))
    room = Room(Box(view.box.x, view.box.y, view.box.width + GUTTER, view.box.height), grounds)
    if placed.london_frame is not None and placed.london_place is not None:
        room.boxes += [placed.london_frame]
        room.lines += [shapely.LineString(london_leader(placed.london_frame, placed.london_place))]
        room.hidden += [placed.london_place]
    size = LABEL_SIZE * text
    items: list[Item] = []
    for outline, group in sorted(named, key=lambda one: (-len(one[0].codes), one[0].key)):
        lines = untied(typefaces.balanced(tied(outline.label), size, within=WIDEST * text, bold=True))
        width = max(typefaces.width(line, size, bold=True) for line in lines)
        found = room.place(on_page(group, view), width, len(lines) * size * LEADING)
        if found is not None:
            items.extend(found.items(lines, size, colour=outline.colour or style.ink, bold=True, role="area-label"))
    return items


def tied(name: str) -> str:
    """Return a name whose short words (Na h-Eileanan Siar, Vale of Glamorgan) stay with the word after them."""
    return re.sub(r"\b(\w{1,2}) ", rf"\1{NO_BREAK_SPACE}", name)


def untied(lines: Sequence[str]) -> list[str]:
    """Return lines that are broken already with plain spaces, as a reader would search for them."""
    return [line.replace(NO_BREAK_SPACE, " ") for line in lines]


def on_page(shape: Any, view: View) -> Any:
    """Return the large parts of a shape of the plane in points of the page."""
    parts = shapely.get_parts(shape)
    sizes = shapely.area(parts)
    large = shapely.union_all(parts[sizes >= NOT_SMALL * sizes.max()])
    return shapely.transform(large, lambda xy: xy * [view.scale, -view.scale] + [view.dx, view.dy])
