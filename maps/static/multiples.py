"""Small multiples on one page: the same map several times, one legend."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.errors import MapError
from maps.page import composition, typefaces
from maps.page.boxes import Box
from maps.page.scene import Item, Page, Text
from maps.static import column, furniture
from maps.static.layout import SMALLEST, checked, map_foot, map_items, wants_london
from maps.static.sheet import open_sheet

if TYPE_CHECKING:
    from maps.look.styles import Size, Style
    from maps.page.composition import Canvas
    from maps.spec import MapSpec

HEAD_LINES = 3
"""A panel's name has at most so many lines; its title says the rest."""

LEGEND_SHARE = 0.34


def multiples_page(spec: MapSpec, canvas: Canvas, *, style: Style, size: Size) -> Page:
    """Lay out the panels of a spec in the grid that makes them largest, with the reading column at the right.

    Raises
    ------
    MapError
        As for one map; or a reading column that a page of a fixed size cannot hold.
    """
    shapes = checked(spec, canvas)
    london = wants_london(spec, canvas)
    aspect = composition.aspect(canvas, canvas.plane_for((), regional=False), london=london)
    extra, scale = 0.0, 1.0
    while True:
        sheet = open_sheet(spec, map_foot(spec, canvas), style=style, size=size, scale=scale, extra=extra)
        left, right = (
            sheet.piled(sheet.body.height - extra)
            if size.stacked
            else sheet.split(sheet.body.width * (1 - LEGEND_SHARE))
        )
        setter = column.Setter(right.x, right.width, right.y, style)
        if size.wide:
            setter.y = style.margin - 4
            furniture.set_heading(spec, setter, title_size=size.title * style.title_scale)
            setter.gap(10)
        setter.scale = scale
        column.set_column(spec, setter)
        overflow = setter.y - right.bottom - 2
        if overflow <= 0:
            break
        if not size.grows and scale > SMALLEST:
            scale = max(SMALLEST, scale * 0.94)
            continue
        if not size.grows:
            raise MapError(
                f"the text of map {spec.id!r} does not fit its page",
                [f"{overflow:.0f} points too long: choose another size"],
            )
        extra += overflow + 1
    items: list[Item] = [*sheet.items]
    room = Box(left.x, left.y, left.width, left.height - (0.0 if size.stacked else extra))
    thin = replace(style, border_width=style.border_width * 0.5, coast_width=style.coast_width * 0.6)
    head = _head(spec, style, room.width / 2)
    for (name, assignment), cell in zip(spec.panels, _cells(room, len(spec.panels), aspect, head), strict=True):
        for number, line in enumerate(typefaces.wrapped(name, style.text, within=cell.width, bold=True)[:HEAD_LINES]):
            baseline = cell.y + 9 + number * style.text * 1.2
            items.append(Text(cell.x, baseline, line, style.text, bold=True, colour=style.ink, role="panel-name"))
        box = Box(cell.x, cell.y + head, cell.width, cell.height - head)
        placed = composition.compose_uk(canvas, canvas.plane_for((), regional=False), box, london=london)
        panel = replace(spec, assignment=assignment, panels=())
        items.extend(map_items(panel, canvas, shapes, placed, style=thin, bleed=False))
    items.extend(setter.items)
    return Page(
        spec.id, sheet.width, sheet.height, tuple(items), spec.title, spec.description or spec.alt, (spec.title,)
    )


def _head(spec: MapSpec, style: Style, width: float) -> float:
    """Return the points above each small map for its name."""
    lines = [len(typefaces.wrapped(name, style.text, within=width / 2, bold=True)) for name, _ in spec.panels]
    return 4 + style.text * 1.2 * min(HEAD_LINES, max(lines))


def _cells(room: Box, n: int, aspect: float, head: float) -> list[Box]:
    """Return n cells of the grid in which maps of an aspect are largest, row by row."""

    def scale(columns: int) -> float:
        rows = math.ceil(n / columns)
        return min((room.width / columns - 10) / aspect, room.height / rows - head - 6)

    columns = max(range(1, n + 1), key=lambda number: (scale(number), -number))
    rows = math.ceil(n / columns)
    width, height = room.width / columns, room.height / rows
    return [
        Box(room.x + (i % columns) * width, room.y + (i // columns) * height, width - 10, height - 6) for i in range(n)
    ]
