"""Hexagons: read as published, laid out the same each time, one cell an area, neighbours kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.areas.loading import load_boundary_set
from geo.errors import GeometryError, MapError
from maps.cartogram import (
    PLANE,
    arranging,
    hex_boundaries,
    hex_layout,
    hex_spec,
    hexagons,
    neighbouring_pairs,
    read_hex_layer,
    read_hexjson,
    read_layout,
    region_outlines,
    scores,
)
from maps.cartogram.layouts import NEXT
from maps.kinds import spec_choropleth
from maps.look import styles
from maps.page.composition import prepare
from maps.static import draw
from maps.static.layout import map_page
from maps.static.outlines import outline_shapes


def write(path, layout, cells):
    path.write_text(
        json.dumps({"layout": layout, "hexes": {code: {"n": code, "q": q, "r": r} for code, (q, r) in cells.items()}})
    )
    return path


def touching(frame, a, b):
    step = tuple(frame.loc[b] - frame.loc[a])
    return step in {(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)}


@pytest.mark.parametrize(
    ("layout", "up_right"),
    # the cell at (0, 0) and its neighbour up and to the right, as each layout numbers it
    [("odd-r", (0, 1)), ("even-r", (1, 1)), ("odd-q", (1, 0)), ("even-q", (1, 1))],
)
def test_hexjson_is_read_in_each_of_its_layouts(tmp_path, layout, up_right):
    frame = read_hexjson(write(tmp_path / "a.hexjson", layout, {"a": (0, 0), "b": up_right, "c": (-1, 0)})).frame
    assert touching(frame, "a", "b")
    assert touching(frame, "a", "c")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not readable JSON"),
        ('{"layout": "odd-r"}', "not a HexJSON"),
        ('{"layout": "spiral", "hexes": {"a": {"q": 0, "r": 0}}}', "layout 'spiral'"),
        ('{"layout": "odd-r", "hexes": {"a": {"q": 0, "r": 0}, "b": {"q": 0, "r": 0}}}', "share a cell"),
        ('{"layout": "odd-r", "hexes": {}}', "holds no cell"),
        ('{"layout": "odd-r", "hexes": {"a": {"q": Infinity, "r": 0}}}', "not a HexJSON"),
        ('{"layout": "odd-r", "hexes": {"a": {"q": NaN, "r": 0}}}', "not a HexJSON"),
        ('{"layout": "odd-r", "hexes": {"a": {"q": 1.5, "r": 0}}}', "1.5 is no whole number"),
        ('{"layout": "odd-r", "hexes": {"a": {"q": 1e300, "r": 0}}}', "no whole number"),
        ('{"layout": "odd-r", "hexes": [1]}', "not a HexJSON"),
    ],
)
def test_what_is_not_a_layout_is_refused(tmp_path, text, said):
    path = tmp_path / "x.hexjson"
    path.write_text(text)
    with pytest.raises(MapError) as caught:
        read_hexjson(path)
    assert said in str(caught.value)


@settings(max_examples=25)
@given(st.sets(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=2, max_size=20))
def test_hexagons_are_equal_and_meet_only_at_borders(cells):
    shapes = hexagons(np.array(sorted(cells)))
    areas = shapely.area(shapes)
    assert np.allclose(areas, areas[0])
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(areas.sum())


def test_touching_cells_share_their_corners_exactly():
    first, second = hexagons(np.array([(0, 0), (1, 0)]))
    shared = set(first.exterior.coords) & set(second.exterior.coords)
    assert len(shared) == 2


def test_a_layout_is_one_cell_an_area_and_the_same_each_time(toy_set):
    layout = hex_layout(toy_set)
    again = hex_layout(toy_set)
    assert layout.frame.equals(again.frame)
    assert not layout.frame.duplicated().any()
    assert list(layout.frame.index) == list(toy_set.frame["code"])
    assert layout.kept > 0.5
    assert "neighbours touch" in repr(layout)


def test_scores_by_hand():
    # three in a row: 0-1 and 1-2 touch; 0-2 is linked but apart, 1-2 touches unlinked
    kept, found = scores(np.array([(0, 0), (1, 0), (2, 0)]), np.array([(0, 1), (0, 2)]))
    assert (kept, found) == (0.5, 0.5)
    assert all(np.isnan(scores(np.array([(0, 0)]), np.zeros((0, 2), dtype=np.int64))))


def test_the_united_kingdom_keeps_most_neighbours():
    # a well-known hand-made layout of the same 361 areas keeps 60 %
    areas = load_boundary_set("LAD", dt.date(2023, 7, 1))
    layout = hex_layout(areas)
    assert len(layout.frame.drop_duplicates()) == 361
    assert layout.kept >= 0.73
    assert layout.touching >= 0.7


def test_a_piece_that_lies_apart_is_moved_to_its_neighbours_whole():
    # 0-1-2 in a row and 3-4 five cells off; 2-3 share a border, so the pair comes to touch 2 and keeps its shape
    cells = np.array([(0, 0), (1, 0), (2, 0), (5, 2), (6, 2)])
    links = np.array([(0, 1), (1, 2), (2, 3), (3, 4)])
    docked = arranging._docked(cells, links)
    assert scores(docked, links)[0] == 1.0
    assert (docked[:3] == cells[:3]).all()
    assert (docked[4] - docked[3] == cells[4] - cells[3]).all()
    # without the border it stays where it is
    assert (arranging._docked(cells, links[[0, 1, 3]]) == cells).all()


def test_no_empty_cell_stands_among_areas():
    ring = np.array(NEXT)
    links = np.array([(i, i + 1) for i in range(5)])
    filled = arranging._filled(ring, links, ring.astype(float))
    assert len(np.unique(filled, axis=0)) == 6
    assert (filled == 0).all(axis=1).sum() == 1
    areas = load_boundary_set("LAD", dt.date(2023, 7, 1))
    taken = {(int(q), int(r)) for q, r in hex_layout(areas).frame.to_numpy()}
    beside = {(q + dq, r + dr) for q, r in taken for dq, dr in NEXT} - taken
    assert not [cell for cell in beside if all((cell[0] + dq, cell[1] + dr) in taken for dq, dr in NEXT)]


def test_regions_are_outlined_and_named(toy_set, toy_joined):
    layout = hex_layout(toy_set)
    spec = hex_spec(spec_choropleth(toy_joined), layout, toy_set)
    assert [(outline.label, len(outline.codes)) for outline in spec.outlines] == [("North East", 18), ("London", 4)]
    assert {outline.style for outline in spec.outlines} == {"region"}
    canvas = prepare(hex_boundaries(toy_set, layout), plane=PLANE)
    page = map_page(spec, canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    assert {text.text for text in page.texts() if text.role == "area-label"} == {"North East", "London"}
    one_region = dataclasses.replace(toy_set, frame=toy_set.frame.iloc[:16])
    assert region_outlines(one_region) == ()
    unnamed = dataclasses.replace(toy_set, frame=toy_set.frame.assign(region_name=""))
    assert region_outlines(unnamed) == ()


def test_a_published_layout_is_read_whichever_kind_it_is(tmp_path, toy_set):
    own = hex_layout(toy_set)
    hexjson = tmp_path / "squares.hexjson"
    cells = {
        code: {"q": int(q + (r - (r & 1)) // 2), "r": int(r)}
        for code, (q, r) in zip(own.frame.index, own.frame.to_numpy().tolist(), strict=True)
    }
    hexjson.write_text(json.dumps({"layout": "odd-r", "hexes": cells}), encoding="utf-8")
    read = read_layout(hexjson, toy_set)
    assert read.kept == pytest.approx(own.kept)
    package = tmp_path / "squares.gpkg"
    shown = hex_boundaries(toy_set, own).frame
    shown[["name", "geometry"]].to_file(package, layer="names")
    shown[["name", "code", "geometry"]].to_file(package, layer="hexagons")
    assert sorted(read_layout(package, toy_set)["code"]) == sorted(toy_set.frame["code"])


def test_published_shapes_are_outlined_as_they_are(tmp_path, toy_set, toy_joined):
    package = tmp_path / "small.gpkg"
    small = toy_set.frame[["code", "geometry"]].copy()
    small["geometry"] = small.geometry.scale(1e-5, 1e-5, origin=(0, 0))
    small.to_file(package)
    layout = read_layout(package, toy_set)
    canvas = prepare(hex_boundaries(toy_set, layout), plane=PLANE)
    spec = hex_spec(spec_choropleth(toy_joined), None, toy_set)
    assert spec.notes[0].startswith("Sizes are those of the published layout")
    # nothing is closed between squares and island: on this plane a gap is no river
    (north_east, _) = outline_shapes(canvas, PLANE, spec.outlines)
    assert north_east.area == pytest.approx(shapely.area(canvas.polygons(PLANE)[:18]).sum())
    assert all(path.is_file() for path in draw(spec, canvas, folder=tmp_path))


def test_a_layout_of_other_areas_is_told(tmp_path, toy_set):
    other = tmp_path / "other.hexjson"
    other.write_text(json.dumps({"layout": "odd-r", "hexes": {"X1": {"q": 0, "r": 0}}}), encoding="utf-8")
    with pytest.raises(MapError, match="of other areas than"):
        read_layout(other, toy_set)
    with pytest.raises(MapError, match="there is no layout"):
        read_layout(tmp_path / "nowhere.hexjson", toy_set)
    package = tmp_path / "names.gpkg"
    toy_set.frame[["name", "geometry"]].to_file(package)
    with pytest.raises(MapError, match="is it of another date"):
        read_layout(package, toy_set)
    (tmp_path / "text.gpkg").write_text("words", encoding="utf-8")
    with pytest.raises(MapError, match="cannot be read as a layout"):
        read_layout(tmp_path / "text.gpkg", toy_set)


@pytest.mark.real_data
@pytest.mark.parametrize(
    "name", ["HoC_LocalAuthorities-lowertier-2023.gpkg", "uk-local-authority-districts-2023.hexjson"]
)
def test_published_layouts_of_the_districts_are_taken_as_they_are(real_data, name):
    areas = load_boundary_set("LAD", dt.date(2023, 7, 1))
    layout = read_layout(real_data / "hex" / name, areas)
    drawn = hex_boundaries(areas, layout).frame
    assert len(drawn) == 361
    # the Library's areas are of as many hexagons as they have residents for, the others of one each
    sizes = drawn.geometry.area
    assert bool(sizes.max() / sizes.min() < 1.2) is name.endswith("hexjson")
    west, south, east, north = drawn.total_bounds
    assert max(east - west, north - south) > 500_000


@pytest.mark.real_data
def test_our_layout_keeps_more_neighbours_than_the_published_one(real_data):
    areas = load_boundary_set("LAD", dt.date(2023, 7, 1))
    links = neighbouring_pairs(areas)
    published = read_hexjson(real_data / "hex" / "uk-local-authority-districts-2023.hexjson")
    theirs = scores(published.frame.loc[areas.frame["code"]].to_numpy(), links)
    assert hex_layout(areas).kept > theirs[0]


def test_a_single_area_is_a_single_hexagon(toy_set):
    one = dataclasses.replace(toy_set, frame=toy_set.frame.iloc[:1])
    assert len(hex_boundaries(one, hex_layout(one)).frame) == 1


def test_a_hex_map_is_drawn_without_a_london_box_or_a_plane(toy_set, toy_joined, tmp_path):
    layout = hex_layout(toy_set)
    canvas = prepare(hex_boundaries(toy_set, layout), plane=PLANE)
    spec = hex_spec(spec_choropleth(toy_joined), layout)
    assert spec.id == "good-things/hex"
    assert "Each hexagon is one area" in spec.notes[0]
    page = map_page(spec, canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    said = " ".join(text.text for text in page.texts())
    assert "Lambert" not in said
    assert "London" not in {text.text for text in page.texts()}
    assert all(path.is_file() for path in draw(spec, canvas, folder=tmp_path))


def test_published_hexagons_are_taken_as_shapes(tmp_path, toy_set):
    layout = hex_layout(toy_set)
    drawn = hex_boundaries(toy_set, layout).frame[["code", "geometry"]].rename(columns={"code": "LAD"})
    path = tmp_path / "hex.gpkg"
    gpd.GeoDataFrame(drawn).to_file(path, layer="hex")
    read = read_hex_layer(path, code="LAD")
    assert len(hex_boundaries(toy_set, read).frame) == len(toy_set)
    with pytest.raises(GeometryError, match="no column 'code9'"):
        read_hex_layer(path, code="code9")
    with pytest.raises(GeometryError, match="the layout lacks 2 of 22 areas"):
        hex_boundaries(toy_set, read.iloc[2:])
    gpd.GeoDataFrame(drawn.assign(LAD="X")).to_file(path, layer="twice")
    with pytest.raises(GeometryError, match="one hexagon an area"):
        read_hex_layer(path, code="LAD", layer="twice")
