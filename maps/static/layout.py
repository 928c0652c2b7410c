"""A map's page: title and subtitle, map and London box at the left, reading column at the right, foot across."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo import crs
from geo.errors import MapError
from maps.feet import foot_of
from maps.page import composition, typefaces
from maps.page.boxes import Box
from maps.page.scene import AreaLayer, Fill, Item, Page, Text
from maps.static import column, discs, furniture, labels, names, outlines
from maps.static.borders import border_strokes
from maps.static.insets import city_inset, inset_frame
from maps.static.sheet import GUTTER, foot_items, open_sheet
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from maps.look.styles import Size, Style
    from maps.page.boxes import View
    from maps.page.composition import Canvas, Composition, IntArray, Shapes
    from maps.spec import MapSpec

SMALLEST = 0.72
"""Text may shrink to this share of its size on a page that cannot grow: 8.5 pt becomes 6.1 pt."""

CONTEXT = "context"

HEX_ROOM = 1.3
"""Times its own width that a map of hexagons takes on a wide page, for the names of regions beside it."""

REGION_SHARE = 0.6
"""Share of the page's width that the map of a region may take."""


def map_page(spec: MapSpec, canvas: Canvas, *, style: Style, size: Size) -> Page:
    """Lay out one map.

    Raises
    ------
    MapError
        A spec that is not true to itself (see ``MapSpec.faults``), areas that are not in the set, or more text than a page
        of a fixed size can hold at a legible size.
    """
    shapes = checked(spec, canvas)
    scale, extra = size.text, 0.0
    while True:
        page, overflow = _attempt(spec, canvas, shapes, style=style, size=size, scale=scale, extra=extra)
        if overflow <= 0:
            return page
        if size.grows:
            extra += overflow + 1
        elif scale > SMALLEST:
            scale = max(SMALLEST, scale * 0.94)
        else:
            raise MapError(
                f"the text of map {spec.id!r} does not fit a page of {size.width:.0f} × {size.height:.0f} points",
                [
                    f"{overflow:.0f} points too long at the smallest legible size: shorten the notes or choose a larger page"
                ],
            )


def checked(spec: MapSpec, canvas: Canvas) -> Shapes:
    """Return the shapes of a spec that is true to itself and to its canvas."""
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
    spec: MapSpec, canvas: Canvas, shapes: Shapes, *, style: Style, size: Size, scale: float, extra: float
) -> tuple[Page, float]:
    """Return a page, and by how many points its reading column is too long."""
    foot = map_foot(spec, canvas)
    # on a wide page the map takes the whole height, and the foot ends the reading column
    sheet = open_sheet(spec, () if size.wide else foot, style=style, size=size, scale=min(scale, 1.0), extra=extra)
    height = sheet.body.height - extra
    london = wants_london(spec, canvas)
    if spec.region:
        west, south, east, north = region_bounds(spec, shapes)
        width = sheet.body.width * (1.0 if size.stacked else REGION_SHARE)
        # a wide region takes no more height than it fills, a narrow one no more width
        height = min(height, max(width * (north - south) / (east - west), height * 0.5))
        if not size.stacked:
            width = min(width, max(height * (east - west) / (north - south), width * 0.75))
    else:
        aspect = composition.aspect(canvas, canvas.plane_for((), regional=False), london=london)
        room = HEX_ROOM if canvas.plane and size.wide else 1.0
        width = min(height * aspect * room, sheet.body.width * 0.58)
    left, right = sheet.piled(height) if size.stacked else sheet.split(width)
    map_box = Box(left.x, left.y, left.width, height)
    if spec.region:
        placed = composition.Composition(composition.fitted(region_bounds(spec, shapes), map_box))
    else:
        placed = composition.compose_uk(canvas, canvas.plane_for((), regional=False), map_box, london=london)
    items = [
        *sheet.items,
        *map_items(
            spec, canvas, shapes, placed, style=style, bleed=not spec.region, text=1.0 if canvas.plane else size.text
        ),
    ]
    named = _named(spec, canvas, shapes, placed.main, items, style)
    items.extend(named.items)
    setter = column.Setter(right.x, right.width, right.y, style)
    if size.wide:
        setter.y = style.margin - 4
        furniture.set_heading(spec, setter, title_size=size.title * style.title_scale)
        setter.gap(10)
    setter.scale = scale
    ending = (
        _set_wide(spec, setter, foot, right, named.keyed)
        if size.wide
        else _set_narrow(spec, setter, (map_box, right), named.keyed)
    )
    if spec.region and size.grows and not size.stacked and extra == 0:
        # the page of a wide region ends where its map or its column does
        spare = sheet.body.height - max(height, setter.y - right.y)
        if spare > 1:
            return _attempt(
                spec, canvas, shapes, style=style, size=replace(size, height=size.height - spare), scale=scale, extra=0
            )
    items.extend(setter.items)
    page = Page(
        spec.id, sheet.width, sheet.height, tuple(items), spec.title, spec.description or spec.alt, (spec.title,)
    )
    return page, ending - right.bottom - 2


def _named(
    spec: MapSpec, canvas: Canvas, shapes: Shapes, view: View, items: Sequence[Item], style: Style
) -> names.AreaNames:
    """Return scale bar, arrow and names of areas of a regional map, and the names that stand in the key; nothing on others."""
    if not spec.region or canvas.plane:
        return names.AreaNames()
    plane = canvas.plane_for(spec.extent or tuple(spec.assignment), regional=True)
    bearings, corner = furniture.bearings(view, plane, shapes, style)
    found = names.area_names(spec, canvas, view, taken=(corner, *label_boxes(items)))
    return names.AreaNames((*bearings, *found.items), found.keyed)


def _set_narrow(spec: MapSpec, setter: column.Setter, boxes: tuple[Box, Box], keyed: Sequence[str]) -> float:
    """Set the reading column; return where it ends. The key of numbers stands under it, or under the map where that ends higher.

    Parameters
    ----------
    boxes : of the map, and of the column.
    """
    map_box, room = boxes
    setter.width = min(room.width, column.WIDEST * setter.scale)
    column.set_column(spec, setter)
    if not keyed:
        return setter.y
    under = column.Setter(map_box.x, map_box.width, map_box.bottom, setter.style, setter.scale)
    beside = column.Setter(setter.x, setter.width, setter.y, setter.style, setter.scale)
    apart = map_box.right < room.x
    for key in (under, beside):
        column.set_key(keyed, key)
    chosen = under if apart and under.y < beside.y else beside
    setter.items.extend(chosen.items)
    setter.y = max(setter.y, chosen.y)
    return setter.y


def _set_wide(spec: MapSpec, setter: column.Setter, foot: Sequence[str], room: Box, keyed: Sequence[str]) -> float:
    """Set legends and, beside them, tables and words, with the foot under both; return where they end."""
    width = (room.width - GUTTER) / 2
    beside = column.Setter(setter.x + width + GUTTER, width, setter.y, setter.style, setter.scale)
    setter.width = width
    column.set_column(spec, setter, beside=beside)
    if keyed:
        column.set_key(keyed, setter)
    setter.items.extend(beside.items)
    set_foot, height = foot_items(foot, style=setter.style, width=room.width, scale=min(setter.scale, 1.0))
    setter.items.extend(set_foot(room.x, room.bottom - height))
    return max(setter.y, beside.y) + 10 + height


def label_boxes(items: Sequence[Item]) -> list[Box]:
    """Return the rectangles of names of groups that stand on a map already."""
    found = []
    for item in items:
        if isinstance(item, Text) and item.role == "area-label":
            width = typefaces.width(item.text, item.size, bold=item.bold)
            left = item.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[item.anchor] * width
            found.append(Box(left, item.y - 0.82 * item.size, width, 1.15 * item.size))
    return found


def map_foot(spec: MapSpec, canvas: Canvas) -> tuple[str, ...]:
    """Return the foot of a map: its own lines, and the plane where the whole UK is shown."""
    if spec.region or canvas.plane:
        return foot_of(spec)
    said = [
        crs.UK_EQUAL_AREA_NAME,
        say("foot.london", times=f"{composition.LONDON_ENLARGEMENT:g}") if wants_london(spec, canvas) else "",
    ]
    plane = f"{'; '.join(part for part in said if part)}."
    boxed = [say("foot.shetland", where=canvas.shetland_boxed.rstrip("."))] if len(canvas.boxed_members()) else []
    return (*foot_of(spec), " ".join([plane, *boxed]))


def wants_london(spec: MapSpec, canvas: Canvas) -> bool:
    """Say whether a map has a London box: of the UK in its true places, with two or more areas in London and others elsewhere."""
    if canvas.plane:
        return False
    inside = int((canvas.boundaries.frame["region_code"] == composition.LONDON).sum())
    return not spec.region and 2 <= inside < len(canvas.boundaries)


def region_bounds(spec: MapSpec, shapes: Shapes) -> tuple[float, float, float, float]:
    """Return west, south, east and north of what a regional map shows, in metres of its plane."""
    position = shapes.position()
    members = np.array([position[code] for code in (spec.extent or spec.assignment)], dtype=np.int64)
    west, south, east, north = composition.bounds_of(shapes, members)
    margin = 0.04 * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def map_items(
    spec: MapSpec,
    canvas: Canvas,
    shapes: Shapes,
    placed: Composition,
    *,
    style: Style,
    bleed: bool = True,
    text: float = 1.0,
) -> list[Item]:
    """Return land, areas, the London box, marks and names of one map; ``text``: how much larger names are than on paper."""
    plane = canvas.plane_for(spec.extent or tuple(spec.assignment), regional=bool(spec.region))
    _, ground = canvas.shapes(plane)
    items: list[Item] = []
    everything = np.arange(len(shapes))
    visible = _visible(shapes, placed.main, everything)
    if len(ground):
        view = _bled(placed.main) if bleed else placed.main
        land = Fill("land", _visible(ground, view, np.arange(len(ground))), style.land)
        items.append(AreaLayer(ground, view, fills=(land,), role="neighbours"))
    boxed = canvas.boxed_members()
    if plane == crs.UK_EQUAL_AREA and len(boxed):
        items.extend(furniture.shetland_box(composition.bounds_of(shapes, boxed), placed.main, style))
    items.append(_area_layer(spec, canvas, shapes, placed.main, visible, style=style, role="areas"))
    groups = outlines.outline_shapes(canvas, plane, spec.outlines)
    if groups:
        items.append(outlines.outline_layer(spec.outlines, groups, placed.main, style))
    if placed.london is not None and placed.london_members is not None and placed.london_place and placed.london_frame:
        items.extend(furniture.london_box(placed.london_frame, placed.london_place, style))
        items.append(
            _area_layer(spec, canvas, shapes, placed.london, placed.london_members, style=style, role="london")
        )
        if groups:
            within = outlines.outline_shapes(canvas, plane, spec.outlines, among=placed.london_members)
            items.append(outlines.outline_layer(spec.outlines, groups, placed.london, style, shown=within))
    if bleed and not canvas.plane and (city := city_inset(canvas, shapes, ground, placed, placed.main.box)):
        items.extend(inset_frame(city, style))
        items.append(_area_layer(spec, canvas, shapes, city.view, city.members, style=style, role="inset"))
    items.extend(discs.symbols(spec, plane, placed.main))
    if spec.symbols and placed.london is not None and placed.london_members is not None:
        shown = shapely.union_all(canvas.polygons(plane)[placed.london_members])
        items.extend(discs.symbols(spec, plane, placed.london, within=shown))
    items.extend(labels.outline_labels(spec.outlines, groups, (shapes, ground), placed, style, text=text))
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
    number = _class_numbers(spec.assignment, [entry.key for entry in spec.classes], codes)
    shown = number[members]
    fills = []
    grey = members[shown == len(spec.classes)]
    if len(grey):
        fills.append(Fill(CONTEXT, grey, style.land))
    for i, entry in enumerate(spec.classes):
        chosen = members[shown == i]
        if len(chosen):
            hatch = column.hatch_colour(entry) if entry.hatch else ""
            fills.append(Fill(entry.key, chosen, entry.colour, entry.hatch, hatch))
    for _, entries in spec.extra_legends:
        over = _class_numbers(spec.overlay, [entry.key for entry in entries], codes)[members]
        for i, entry in enumerate(entries):
            chosen = members[over == i]
            if len(chosen):
                fills.append(Fill(entry.key, chosen, "", entry.hatch, column.hatch_colour(entry)))
    colours = [*(entry.colour for entry in spec.classes), style.land]
    fill_colours = [colours[i] for i in number.tolist()]
    strokes = border_strokes(shapes, fill_colours, members, style)
    titles = area_titles(spec, canvas.boundaries.frame["name"], codes, members)
    return AreaLayer(shapes, view, tuple(fills), tuple(strokes), titles, role)


def _class_numbers(assignment: Mapping[str, str], keys: Sequence[str], codes: Sequence[str]) -> IntArray:
    """Return the place of each area's class in the legend; the number of classes where it has none."""
    place = {key: i for i, key in enumerate(keys)}
    none = len(keys)
    return np.array([place.get(assignment.get(code, ""), none) for code in codes], dtype=np.int64)


def area_titles(spec: MapSpec, names: pd.Series, codes: tuple[str, ...], members: IntArray) -> dict[int, str]:
    """Return what is read out for each area: its name and its text in ``values``."""
    named, texts = names.tolist(), spec.values  # noqa: PD011 - a field of the spec, not of a frame
    return {i: f"{named[i]}: {texts[codes[i]]}" for i in members.tolist() if codes[i] in texts}
