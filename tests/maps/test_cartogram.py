"""Hexagons: read as published, laid out the same each time, one cell an area, neighbours kept."""

from __future__ import annotations

import datetime as dt
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.boundary_set import load_boundary_set
from geo.errors import GeometryError, MapError
from maps import house
from maps.cartogram import (
    PLANE,
    hex_boundaries,
    hex_layout,
    hex_spec,
    hexagons,
    neighbouring_pairs,
    read_hex_layer,
    read_hexjson,
    scores,
)
from maps.composition import prepare
from maps.kinds import spec_choropleth
from maps.static import draw
from maps.static.layout import map_page


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
        ("{", "not a HexJSON"),
        ('{"layout": "odd-r"}', "not a HexJSON"),
        ('{"layout": "spiral", "hexes": {"a": {"q": 0, "r": 0}}}', "layout 'spiral'"),
        ('{"layout": "odd-r", "hexes": {"a": {"q": 0, "r": 0}, "b": {"q": 0, "r": 0}}}', "share a cell"),
        ('{"layout": "odd-r", "hexes": {}}', "holds no cell"),
    ],
)
def test_what_is_not_a_layout_is_refused(tmp_path, text, said):
    path = tmp_path / "x.hexjson"
    path.write_text(text)
    with pytest.raises(MapError) as caught:
        read_hexjson(path)
    assert said in str(caught.value)


@settings(max_examples=25, deadline=None)
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
    assert layout.kept >= 0.65
    assert layout.touching >= 0.6


@pytest.mark.real_data
def test_our_layout_keeps_more_neighbours_than_the_published_one(real_data):
    areas = load_boundary_set("LAD", dt.date(2023, 7, 1))
    links = neighbouring_pairs(areas)
    published = read_hexjson(real_data / "hex" / "uk-local-authority-districts-2023.hexjson")
    theirs = scores(published.frame.loc[areas.frame["code"]].to_numpy(), links)
    assert hex_layout(areas).kept > theirs[0]


def test_a_single_area_is_a_single_hexagon(toy_set):
    import dataclasses  # noqa: PLC0415 - one test needs it

    one = dataclasses.replace(toy_set, frame=toy_set.frame.iloc[:1])
    assert len(hex_boundaries(one, hex_layout(one)).frame) == 1


def test_a_hex_map_is_drawn_without_a_london_box_or_a_plane(toy_set, toy_joined, tmp_path):
    layout = hex_layout(toy_set)
    canvas = prepare(hex_boundaries(toy_set, layout), plane=PLANE)
    spec = hex_spec(spec_choropleth(toy_joined), layout)
    assert spec.id == "good-things/hex"
    assert "Each hexagon is one area" in spec.notes[0]
    page = map_page(spec, canvas, style=house.DEFAULT, size=house.SIZES["page"])
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
