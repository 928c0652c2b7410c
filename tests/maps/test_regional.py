"""Regional maps: a scale bar that is true, a north arrow only where it is, names that hide no area."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pyproj
import pytest
import shapely

from boundaries.areas.loading import load_boundary_set
from boundaries.places.names import short_name
from geo import crs
from geo.provenance import attribution_lines
from maps.atlas.regional import part_of
from maps.kinds import spec_choropleth
from maps.look import styles
from maps.packs import regions_of
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.composition import prepare
from maps.page.scene import Shape, Text
from maps.static import furniture, names
from maps.static.land import land_of
from maps.static.layout import map_page


def shifted(joined, *, east, north=0.0):
    """Return the outcome with its areas moved over the National Grid."""
    frame = joined.boundaries.frame
    moved = frame.set_geometry(frame.geometry.translate(east, north))
    return dataclasses.replace(joined, boundaries=dataclasses.replace(joined.boundaries, frame=moved))


def regional_page(joined, *, codes=16):
    spec = spec_choropleth(joined)
    spec = dataclasses.replace(spec, region="Somewhere", extent=tuple(list(spec.assignment)[:codes]))
    return map_page(spec, prepare(joined.boundaries), style=styles.DEFAULT, size=styles.SIZES["page"])


def bar_of(page):
    """Return the ends of the scale bar's line."""
    lines = [item for item in page.items if isinstance(item, Shape) and item.role == "scale-bar"]
    return max((line.parts[0] for line in lines), key=lambda part: part[1][0] - part[0][0])


def layer_of(page):
    return next(item for item in page.items if getattr(item, "role", "") == "areas")


@pytest.mark.parametrize(
    ("nation", "there", "absent"),
    [
        (
            "W",
            ("Office for National Statistics", "OS data"),
            ("National Records of Scotland", "NISRA", "geoBoundaries"),
        ),
        ("S", ("National Records of Scotland", "geoBoundaries"), ()),  # Northern Ireland stands beside it in grey
        ("N", ("NISRA", "Land & Property Services"), ("National Records of Scotland",)),
    ],
)
def test_a_part_credits_its_own_nations(nation, there, absent):
    whole = load_boundary_set("LAD", dt.date(2023, 4, 1))
    codes = whole.frame.loc[whole.frame["nation"] == nation, "code"]
    lines = " ".join(attribution_lines(part_of(whole, codes).sources))
    for name in there:
        assert name in lines, name
    for name in absent:
        assert name not in lines, name


@pytest.mark.parametrize("east", [0.0, -250_000.0, 150_000.0])
def test_the_scale_bar_is_as_long_on_the_ground_as_it_says(toy_joined, east):
    page = regional_page(shifted(toy_joined, east=east))
    view = layer_of(page).view
    back = pyproj.Transformer.from_crs(crs.BRITISH_NATIONAL_GRID, crs.WGS84, always_xy=True)
    (x1, y1), (x2, _) = bar_of(page)
    ends = [back.transform((x - view.dx) / view.scale, (view.dy - y1) / view.scale) for x in (x1, x2)]
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(*ends[0], *ends[1])
    said = next(text.text for text in page.texts() if text.role == "scale-text")
    assert said.endswith("\u00a0km")
    assert metres == pytest.approx(1000 * float(said.removesuffix("\u00a0km")), rel=0.002)


@pytest.mark.parametrize(
    ("east", "drawn"),
    # the middle line of the National Grid is at 400 km east, the areas lie from 350 to 510 km; at 250 km farther west
    # meridians lean by more than 2 degrees
    [(0.0, True), (-250_000.0, False), (+150_000.0, False)],
)
def test_a_north_arrow_stands_only_where_up_is_north(toy_joined, east, drawn):
    page = regional_page(shifted(toy_joined, east=east))
    assert ("north-text" in {text.role for text in page.texts()}) is drawn


def test_convergence_is_that_of_the_formula():
    # on a transverse Mercator plane tan(convergence) = tan(longitude - middle) · sin(latitude), to a thousandth of a degree
    plan = pyproj.Proj(crs.BRITISH_NATIONAL_GRID)
    for longitude, latitude in ((-5.5, 50.1), (0.4, 51.5), (-2.0, 55.0)):
        expected = np.degrees(np.arctan(np.tan(np.radians(longitude + 2)) * np.sin(np.radians(latitude))))
        assert plan.get_factors(longitude, latitude).meridian_convergence == pytest.approx(expected, abs=0.005)


def test_a_map_of_the_whole_country_has_neither(toy_joined):
    page = map_page(
        spec_choropleth(toy_joined), prepare(toy_joined.boundaries), style=styles.DEFAULT, size=styles.SIZES["page"]
    )
    assert not {"north-text", "scale-text"} & {text.role for text in page.texts()}


def test_bar_and_arrow_stand_in_the_emptier_corner(toy_joined):
    page = regional_page(toy_joined)
    layer = layer_of(page)
    plane = crs.BRITISH_NATIONAL_GRID
    items, corner = furniture.bearings(layer.view, plane, layer.shapes, styles.DEFAULT)
    assert corner.bottom == pytest.approx(layer.view.box.bottom)
    for item in items:
        if isinstance(item, Text):
            assert corner.x <= item.x <= corner.right
            assert corner.y <= item.y <= corner.bottom


def with_slivers(joined):
    """Return the outcome with three strips, too low for their names, along the north coast of one of its squares."""
    frame = joined.boundaries.frame
    west, _, east, north = frame.loc[13, "geometry"].bounds
    edges = pairwise(np.linspace(west, east, 4))
    geometry = frame.geometry.copy()
    for place, (left, right) in zip((18, 19, 20), edges, strict=True):
        geometry[place] = shapely.box(left, north - 3_000, right, north)
        geometry[13] = geometry[13].difference(geometry[place])
    frame = frame.set_geometry(geometry).assign(region_code="E12000001")
    return dataclasses.replace(joined, boundaries=dataclasses.replace(joined.boundaries, frame=frame))


def test_names_too_long_for_their_areas_stand_outside_and_hide_none(toy_joined):
    page = regional_page(with_slivers(toy_joined), codes=21)
    layer = layer_of(page)
    land = land_of(layer.shapes, layer.view)
    outside = {text.text: text for text in page.texts() if text.role == "area-name" and text.colour == "#1d1d1b"}
    for name in ("Area 18", "Area 19", "Area 20"):
        text = outside[name]
        assert text.halo
        left = text.x - {"start": 0.0, "middle": 15.0, "end": 30.0}[text.anchor]
        box = np.array([[left + 2, text.y - 4, left + 26, text.y]])
        assert land.share_under(box)[0] <= 0.2
    ends = [item for item in page.items if getattr(item, "role", "") == "leader-end"]
    assert len(ends) <= len(outside)


def test_where_names_stand_is_found_once_for_all_outcomes(toy_joined):
    joined = with_slivers(toy_joined)
    canvas = prepare(joined.boundaries)
    spec = dataclasses.replace(spec_choropleth(joined), region="Somewhere")
    first = map_page(spec, canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    shapes, _ = canvas.shapes(crs.BRITISH_NATIONAL_GRID)
    kept = {key for key in shapes.kept if key[0] == "names"}
    assert len(kept) == 1
    again = map_page(spec, canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    assert again.texts() == first.texts()
    # a longer title moves the map down the page, and the names with it
    lower = dataclasses.replace(spec, title=" and ".join([spec.title] * 4))
    moved = map_page(lower, canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    down = layer_of(moved).view.box.y - layer_of(first).view.box.y
    assert down > 5
    names_of = [[text for text in page.texts() if text.role == "area-name"] for page in (first, moved)]
    for before, after in zip(*names_of, strict=True):
        assert (after.text, after.x) == (before.text, pytest.approx(before.x, abs=0.01))
        assert after.y - before.y == pytest.approx(down, abs=0.01)
    assert {key for key in shapes.kept if key[0] == "names"} == kept


def test_names_stay_clear_of_what_is_taken(toy_joined):
    page = regional_page(toy_joined)
    view = layer_of(page).view
    spec = dataclasses.replace(spec_choropleth(toy_joined), region="Somewhere")
    everywhere = Box(view.box.x, view.box.y, view.box.width, view.box.height)
    found = names.area_names(spec, prepare(toy_joined.boundaries), view, taken=(everywhere,))
    # no name stands where all is taken: every area has a number, and its name in the key
    assert {item.role for item in found.items} == {names.KEY}
    assert [item.text for item in found.items] == [str(number) for number in range(1, 23)]
    assert found.keyed == tuple(sorted(toy_joined.frame["name"]))


@pytest.fixture(scope="module")
def districts(make_joined):
    """Return made-up values on the districts of 2023, none of Wales."""
    areas = load_boundary_set("LAD", dt.date(2023, 7, 1))
    return make_joined(areas, np.where(areas.frame["nation"] == "W", np.nan, np.arange(len(areas), dtype=float)))


def regional_canvas(districts, region):
    areas = districts.boundaries
    codes = next(one.codes for one in regions_of(areas, ("nation", "region")) if one.info.name.startswith(region))
    around = areas.frame[~areas.frame["code"].isin(codes)]
    spec = spec_choropleth(districts)
    assignment = {code: spec.assignment[code] for code in codes if code in spec.assignment}
    counts = Counter(assignment.values())
    classes = tuple(dataclasses.replace(entry, count=counts[entry.key]) for entry in spec.classes)
    own = dataclasses.replace(spec, region=region, assignment=assignment, classes=classes)
    return own, prepare(part_of(areas, codes), around[["geometry"]])


@pytest.mark.parametrize(
    ("region", "arrow", "named"),
    # meridians lean by 2.1 degrees in the east of Northern Ireland and by more than 3 in the Isles of Scilly
    [
        ("North East", True, 10),
        ("London", True, 14),
        ("Yorkshire and The Humber", True, 14),
        ("Scotland", False, 16),
        ("Northern Ireland", False, 10),
        ("South West", False, 18),
        ("Wales", False, 16),
    ],
)
def test_names_of_real_regions_meet_nothing(districts, region, arrow, named):
    spec, canvas = regional_canvas(districts, region)
    page = map_page(spec, canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    boxes = []
    for text in page.texts():
        width = typefaces.width(text.text, text.size, bold=text.bold)
        left = text.x - {"start": 0, "middle": 0.5, "end": 1}[text.anchor] * width
        boxes.append((text.text, Box(left, text.y - 0.75 * text.size, width, 0.95 * text.size)))
    sheet = Box(0, 0, page.width, page.height)
    assert [text for text, box in boxes if text and not sheet.holds(box)] == []
    assert [(a, b) for (a, x), (b, y) in combinations(boxes, 2) if a and b and x.overlaps(y, margin=-0.3)] == []
    lines = [shapely.LineString(item.parts[0]) for item in page.items if getattr(item, "role", "") == "leader"]
    assert not [1 for a, b in combinations(lines, 2) if a.intersects(b)]
    roles = Counter(text.role for text in page.texts())
    assert (roles["north-text"] == 1) is arrow
    assert roles["area-name"] >= named
    # every area is named on the map, or by a number that the key explains
    told = {text.text for text in page.texts() if text.role == names.KEY}
    keyed = [text.text for text in page.texts() if text.role == "area-keyed"]
    assert told == {str(number) for number in range(1, len(keyed) + 1)}
    words = {word for text in page.texts() if text.role == names.NAME for word in text.text.split()}
    called = canvas.boundaries.frame.set_index("code")["name"]
    inside = [short_name(called[code]) for code in spec.assignment]
    assert [name for name in inside if name not in keyed and not set(name.split()) <= words] == []
