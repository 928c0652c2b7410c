"""Lines round groups, and the names beside them."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import box

from geo import crs
from maps.kinds import spec_classes
from maps.look import palettes, styles
from maps.page.boxes import Box, View
from maps.page.composition import flattened, prepare
from maps.page.scene import AreaLayer, Disc, Shape
from maps.spec import Outline
from maps.static.labels import outline_labels, tied
from maps.static.land import land_of
from maps.static.layout import map_page
from maps.static.outlines import GAP_WIDTH, group_shape, outline_layer
from maps.static.placing import Ground, Room

STYLE, PAGE = styles.DEFAULT, styles.SIZES["page"]


def group(*shapes, members=None):
    return group_shape(np.array(shapes, dtype=object), np.array(members or range(len(shapes)), dtype=np.int64))


def test_a_river_between_members_is_inside_the_group():
    north, south = box(0, 5_600, 10_000, 10_000), box(0, 0, 10_000, 5_000)
    made = group(north, south)
    assert made.geom_type == "Polygon"
    assert made.area == pytest.approx(box(0, 0, 10_000, 10_000).area)


def test_water_as_wide_as_the_stated_width_parts_a_group():
    made = group(box(0, 5_000 + GAP_WIDTH + 10, 10_000, 10_000), box(0, 0, 10_000, 5_000))
    assert shapely.get_num_geometries(made) == 2
    assert made.area == pytest.approx(10_000 * (5_000 + 5_000 - GAP_WIDTH - 10))


def test_the_edge_stays_the_areas_own():
    jagged = shapely.Polygon([(0, 0), (10_000, 0), (10_000, 9_000), (6_000, 5_000), (3_000, 9_000), (0, 2_000)])
    made = group(jagged)
    # only the notch's tip is nearer to itself than the width; everywhere else the line is the area's border
    assert shapely.difference(jagged, made).area < 1
    assert shapely.difference(made, jagged).area < GAP_WIDTH**2


def test_land_of_others_is_never_taken_in():
    ring = box(0, 0, 9_000, 9_000).difference(box(4_000, 4_000, 5_000, 5_000))
    enclave = box(4_000, 4_000, 5_000, 5_000)
    assert group(ring, enclave, members=[0]).area == pytest.approx(ring.area)
    # a stranger on an island in the river between two members
    north, south, island = box(0, 5_800, 9_000, 9_000), box(0, 0, 9_000, 5_000), box(4_000, 5_200, 5_000, 5_600)
    made = group(north, south, island, members=[0, 1])
    assert shapely.intersection(made, island).area < 1
    assert made.area == pytest.approx(9_000 * 9_000 - island.area)


def test_the_line_is_dark_on_white_and_leaves_out_what_a_box_does_not_show():
    whole = group(box(0, 0, 4_000, 4_000), box(4_000, 0, 8_000, 4_000))
    shown = group(box(0, 0, 4_000, 4_000))
    view = View(0.01, 0.0, 100.0, Box(0, 0, 200, 200))
    outline = Outline("a", "", ("x",), palettes.INK)
    layer = outline_layer([outline], [whole], view, STYLE)
    assert [(stroke.key, stroke.colour) for stroke in layer.strokes] == [
        ("casing-a", "#ffffff"),
        ("outline-a", palettes.INK),
    ]
    assert layer.strokes[0].width > layer.strokes[1].width
    borders = outline_layer([outline], [whole], view, STYLE, shown=[shown]).shapes.borders()
    # the western half has no line towards the eastern one: the group goes on there
    lengths = np.linalg.norm(np.diff(borders.xy, axis=0), axis=1).sum()
    assert lengths == pytest.approx(12_000, abs=10)
    assert borders.xy[:, 0].max() <= 4_001
    assert outline_layer([outline], [whole], view, STYLE, shown=[None]).strokes == ()


@pytest.fixture
def page_with(toy_joined, toy_result, toy_canvas):
    """Return the maker of a page on which groups are outlined and named."""
    spec = spec_classes(toy_joined, toy_result)
    codes = list(spec.assignment)

    def make(*groups):
        outlines = tuple(
            Outline(f"g{i}", name, tuple(codes[place] for place in places), palettes.INK)
            for i, (name, places) in enumerate(groups)
        )
        return map_page(dataclasses.replace(spec, outlines=outlines), toy_canvas, style=STYLE, size=PAGE)

    return make


def of_role(page, role, kind=Shape):
    return [item for item in page.items if isinstance(item, kind) and item.role == role]


def test_a_group_in_two_parts_is_outlined_in_both(page_with):
    layer = of_role(page_with(("Two parts", (0, 17))), "outlines", AreaLayer)[0]
    assert len(layer.strokes[1].runs) == 3  # the square, and the island's two


def test_lines_end_in_a_dot_on_the_edge_of_the_group(page_with, toy_canvas):
    page = page_with(("A group in the middle of the land", (5, 6, 9, 10)))
    (leader,) = of_role(page, "leader")[-1:]
    (dot,) = of_role(page, "leader-end", Disc)
    assert leader.parts[0][1] == (dot.x, dot.y)
    layer = of_role(page, "areas", AreaLayer)[0]
    polygons = toy_canvas.polygons(crs.UK_EQUAL_AREA)
    made = group_shape(polygons, np.array([5, 6, 9, 10]))
    place = shapely.Point((dot.x - layer.view.dx) / layer.view.scale, (layer.view.dy - dot.y) / layer.view.scale)
    assert shapely.distance(shapely.boundary(made), place) * layer.view.scale < 0.5


def test_names_keep_to_the_sea_where_there_is_some(page_with):
    page = page_with(("East coast", (3, 7, 11)), ("Middle", (5,)), ("An island", (17,)))
    layer = of_role(page, "areas", AreaLayer)[0]
    land = land_of(layer.shapes, layer.view)
    labels = [text for text in page.texts() if text.role == "area-label"]
    assert {text.text for text in labels} == {"East coast", "Middle", "An island"}
    for text in labels:
        left = text.x - {"start": 0.0, "middle": 18.0, "end": 36.0}[text.anchor]
        assert land.share_under(np.array([[left + 3, text.y - 5, left + 30, text.y]]))[0] < 0.3


def test_lines_cross_neither_names_nor_each_other(page_with):
    page = page_with(*((f"Group {i}", (i,)) for i in range(12)))
    lines = [shapely.LineString(item.parts[0]) for item in of_role(page, "leader")]
    for a, b in combinations(lines, 2):
        assert not a.intersects(b)
    labels = [text for text in page.texts() if text.role == "area-label"]
    for text in labels:
        left = text.x - {"start": 0.0, "middle": 14.0, "end": 28.0}[text.anchor]
        middle = box(left + 3, text.y - 4, left + 22, text.y - 1)
        assert not any(line.intersects(middle) for line in lines)


def test_a_name_without_a_free_place_is_left_out():
    shapes = flattened(("a",), np.array([box(0, 0, 100, 100)]))
    view = View(1.0, 0.0, 100.0, Box(0, 0, 100, 100))
    room = Room(view.box, [Ground(land_of(shapes, view), 10.0)])
    assert room.place(box(0, 0, 100, 100), 50, 10) is None
    assert Room(Box(-80, -80, 260, 260), []).place(box(0, 0, 100, 100), 50, 10) is not None
    over = Room(Box(0, 0, 100, 100), [Ground(land_of(shapes, view), 0.0, most=0.1)])
    assert over.place(box(40, 40, 60, 60), 20, 10) is None


def test_short_words_stay_with_the_next():
    assert tied("Highland and Na h-Eileanan Siar") == "Highland and Na\u00a0h-Eileanan Siar"
    assert tied("Vale of Glamorgan") == "Vale of\u00a0Glamorgan"


def test_groups_without_names_need_no_place(toy_canvas):
    shapes = toy_canvas.shapes(crs.UK_EQUAL_AREA)
    assert outline_labels([Outline("a", "", ("E06000000",), "")], [None], shapes, None, STYLE) == []


def test_other_countries_are_avoided_too(toy_set, toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    outlined = dataclasses.replace(spec, outlines=(Outline("w", "West", ("E06000000", "E06000004"), palettes.INK),))
    around = gpd.GeoDataFrame(geometry=[box(150_000, 250_000, 349_000, 700_000)], crs="EPSG:27700")
    canvas = prepare(toy_set, around)
    page = map_page(outlined, canvas, style=STYLE, size=PAGE)
    (text,) = [text for text in page.texts() if text.role == "area-label"]
    view = of_role(page, "areas", AreaLayer)[0].view
    left = text.x - {"start": 0.0, "middle": 10.0, "end": 20.0}[text.anchor]
    assert land_of(canvas.shapes(crs.UK_EQUAL_AREA)[1], view).share_under(
        np.array([[left, text.y - 5, left + 20, text.y]])
    )[0] == pytest.approx(0.0)


def test_names_are_as_much_larger_on_a_slide_as_other_text(toy_joined, toy_result, toy_canvas):
    spec = spec_classes(toy_joined, toy_result)
    outlined = dataclasses.replace(spec, outlines=(Outline("w", "West", ("E06000000",), palettes.INK),))
    sizes = {}
    for name in ("page", "slide"):
        page = map_page(outlined, toy_canvas, style=STYLE, size=styles.SIZES[name])
        (text,) = [text for text in page.texts() if text.role == "area-label"]
        sizes[name] = text.size
    assert sizes["slide"] == pytest.approx(sizes["page"] * styles.SIZES["slide"].text)
