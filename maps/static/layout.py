"""A map's page: title and subtitle, map and London box at the left, reading column at the right, foot across."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import MapError
from maps import composition
from maps.scene import AreaLayer, Box, Fill, Item, Page, Stroke, Text, rectangle, rule
from maps.static import column, furniture, labels
from maps.static.borders import border_strokes, outline_stroke

if TYPE_CHECKING:
    import pandas as pd

    from maps.composition import Canvas, Composition, IntArray, Shapes
    from maps.house import Size, Style
    from maps.scene import View
    from maps.spec import MapSpec

SMALLEST = 0.72
"""Text may shrink to this share of its size on a page that cannot grow: 8.5 pt becomes 6.1 pt."""

CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the parts of a page stand."""

    width: float
    height: float
    map_box: Box
    column_x: float
    column_width: float
    column_y: float
    foot_y: float


def map_page(spec: MapSpec, canvas: Canvas, *, style: Style, size: Size) -> Page:
    """Lay out one map.

    Raises
    ------
    MapError
        A spec that is not true to itself (see ``MapSpec.faults``), areas that are not in the set, or more text than a page
        of a fixed size can hold at a legible size.
    """
    shapes = _checked(spec, canvas)
    scale = 1.0
    while True:
        page, overflow = _attempt(spec, canvas, shapes, style=style, size=size, scale=scale)
        if overflow <= 0:
            return page
        if size.grows:
            size = replace(size, height=size.height + overflow + 1)
        elif scale > SMALLEST:
            scale = max(SMALLEST, scale * 0.94)
        else:
            raise MapError(
                f"the text of map {spec.id!r} does not fit a page of {size.width:.0f} × {size.height:.0f} points",
                [
                    f"{overflow:.0f} points too long at the smallest legible size: shorten the notes or choose a larger page"
                ],
            )


def _checked(spec: MapSpec, canvas: Canvas) -> Shapes:
    plane = canvas.plane_for(spec.extent or tuple(spec.assignment), regional=bool(spec.region))
    shapes, _ = canvas.shapes(plane)
    position = shapes.position()
    strangers = [code for code in spec.assignment if code not in position]
    strangers += [code for outline in spec.outlines for code in outline.codes if code not in position]
    faults = spec.faults()
    if strangers:
        faults.append(
            f"areas that are not in {canvas.boundaries.geography}: {', '.join(strangers[:5])} ({len(strangers)} in all)"
        )
    if not spec.assignment:
        faults.append("no area is in any class")
    if faults:
        raise MapError(f"the map {spec.id!r} cannot be drawn truthfully", faults)
    return shapes


def _attempt(
    spec: MapSpec, canvas: Canvas, shapes: Shapes, *, style: Style, size: Size, scale: float
) -> tuple[Page, float]:
    items: list[Item] = []
    sheet = _sheet(spec, canvas, items, style=style, size=size, scale=scale)
    setter = column.Setter(sheet.column_x, sheet.column_width, sheet.column_y, style, scale)
    if size.wide:
        furniture.set_heading(spec, setter, title_size=size.title * style.title_scale)
        setter.gap(10)
    column.set_column(spec, setter)
    if spec.region:
        placed = composition.Composition(composition.fitted(_region_bounds(spec, shapes), sheet.map_box))
    else:
        plane = canvas.plane_for((), regional=False)
        placed = composition.compose_uk(canvas, plane, sheet.map_box, london=_wants_london(spec, canvas))
    items.extend(_map_items(spec, canvas, shapes, placed, style=style))
    if spec.region:
        items.extend(furniture.scale_bar(placed.main, sheet.map_box, style))
    items.extend(setter.items)
    page = Page(
        spec.id, sheet.width, sheet.height, tuple(items), spec.title, spec.description or spec.alt, (spec.title,)
    )
    return page, setter.y - (sheet.foot_y - 6)


def _sheet(spec: MapSpec, canvas: Canvas, items: list[Item], *, style: Style, size: Size, scale: float) -> Sheet:
    margin = style.margin
    inner = size.width - 2 * margin
    foot = furniture.foot_lines(spec, style, inner, scale)
    foot_y = size.height - margin - len(foot) * style.foot * scale * 1.3 - 6
    items.append(rule(margin, foot_y, size.width - margin, foot_y, colour=style.rule, width=0.5))
    for number, line in enumerate(foot):
        baseline = foot_y + 4 + (number + 1) * style.foot * scale * 1.3 - 1
        items.append(Text(margin, baseline, line, style.foot * scale, colour=style.ink_soft, role="foot"))
    top = margin
    if style.accent:
        items.append(rectangle(Box(margin, margin - 8, 36, 4), fill=style.accent, role="accent"))
    if not size.wide:
        heading = column.Setter(margin, inner, margin - 4, style)
        furniture.set_heading(spec, heading, title_size=size.title * style.title_scale)
        items.extend(heading.items)
        top = heading.y + 12
    height = foot_y - 8 - top
    if spec.region:
        width = inner * 0.56
    else:
        plane = canvas.plane_for((), regional=False)
        width = min(height * composition.uk_aspect(canvas, plane, london=_wants_london(spec, canvas)), inner * 0.58)
    gap = 22.0
    return Sheet(
        width=size.width,
        height=size.height,
        map_box=Box(margin, top, width, height),
        column_x=margin + width + gap,
        column_width=inner - width - gap,
        column_y=top if not size.wide else margin - 4,
        foot_y=foot_y,
    )


def _wants_london(spec: MapSpec, canvas: Canvas) -> bool:
    frame = canvas.boundaries.frame
    return not spec.region and bool((frame["region_code"] == composition.LONDON).sum() >= 2)


def _region_bounds(spec: MapSpec, shapes: Shapes) -> tuple[float, float, float, float]:
    position = shapes.position()
    members = np.array([position[code] for code in (spec.extent or spec.assignment)], dtype=np.int64)
    west, south, east, north = composition.bounds_of(shapes, members)
    margin = 0.04 * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _map_items(spec: MapSpec, canvas: Canvas, shapes: Shapes, placed: Composition, *, style: Style) -> list[Item]:
    plane = canvas.plane_for(spec.extent or tuple(spec.assignment), regional=bool(spec.region))
    _, ground = canvas.shapes(plane)
    items: list[Item] = []
    everything = np.arange(len(shapes))
    visible = _visible(shapes, placed.main, everything)
    if len(ground):
        land = Fill("land", _visible(ground, _bled(placed.main), np.arange(len(ground))), style.land)
        items.append(AreaLayer(ground, _bled(placed.main), fills=(land,), role="neighbours"))
    items.append(_area_layer(spec, canvas, shapes, placed.main, visible, style=style, role="areas"))
    if placed.london is not None and placed.london_members is not None and placed.london_place and placed.london_frame:
        items.extend(furniture.london_box(placed.london_frame, placed.london_place, style))
        items.append(
            _area_layer(spec, canvas, shapes, placed.london, placed.london_members, style=style, role="london")
        )
    items.extend(labels.symbols(spec, canvas, plane, placed.main))
    items.extend(labels.outline_labels(spec, shapes, placed, style))
    return items


def _bled(view: View) -> View:
    """Return the view with its box carried to the left edge of the page: land that goes on should not end in a line."""
    return replace(view, box=Box(0.0, view.box.y, view.box.right, view.box.height))


def _visible(shapes: Shapes, view: View, members: IntArray) -> IntArray:
    """Return the areas whose bounds reach into a view's box."""
    left, bottom = (view.box.x - view.dx) / view.scale, (view.dy - view.box.bottom) / view.scale
    right, top = (view.box.right - view.dx) / view.scale, (view.dy - view.box.y) / view.scale
    bounds = shapes.bounds[members]
    inside = (bounds[:, 0] <= right) & (bounds[:, 2] >= left) & (bounds[:, 1] <= top) & (bounds[:, 3] >= bottom)
    return members[inside]


def _area_layer(
    spec: MapSpec, canvas: Canvas, shapes: Shapes, view: View, members: IntArray, *, style: Style, role: str
) -> AreaLayer:
    codes = shapes.codes
    fills = []
    grey = members[[codes[i] not in spec.assignment for i in members.tolist()]]
    if len(grey):
        fills.append(Fill(CONTEXT, grey, style.land))
    colour_of = {CONTEXT: style.land}
    for entry in spec.classes:
        chosen = members[[spec.assignment.get(codes[i]) == entry.key for i in members.tolist()]]
        colour_of[entry.key] = entry.colour
        if len(chosen):
            fills.append(
                Fill(entry.key, chosen, entry.colour, entry.hatch, column.hatch_colour(entry) if entry.hatch else "")
            )
    for _, entries in spec.extra_legends:
        for entry in entries:
            chosen = members[[spec.overlay.get(codes[i]) == entry.key for i in members.tolist()]]
            if len(chosen):
                fills.append(Fill(entry.key, chosen, "", entry.hatch, column.hatch_colour(entry)))
    fill_colours = [colour_of[spec.assignment.get(code, CONTEXT)] for code in codes]
    strokes: list[Stroke] = border_strokes(shapes, fill_colours, members, style)
    strokes += [outline_stroke(shapes, outline, members, style) for outline in spec.outlines]
    names = area_titles(spec, canvas.boundaries.frame["name"], codes, members)
    return AreaLayer(shapes, view, tuple(fills), tuple(strokes), names, role)


def area_titles(spec: MapSpec, names: pd.Series, codes: tuple[str, ...], members: IntArray) -> dict[int, str]:
    """Return what is read out for each area: its name and its text in ``values``."""
    named, texts = names.tolist(), spec.values  # noqa: PD011 - a field of the spec, not of a frame
    return {i: f"{named[i]}: {texts[codes[i]]}" for i in members.tolist() if codes[i] in texts}
