"""Shapes made ready: holes kept, borders found once, London where it belongs."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import shapely

from geo import crs
from geo.errors import MapError
from maps.page import composition
from maps.page.boxes import Box
from maps.page.composition import OUTSIDE, bounds_of, compose_uk, fitted, flattened, prepare
from maps.static import grid


def test_shells_turn_left_and_holes_right(toy_canvas):
    shapes, _ = toy_canvas.shapes(crs.BRITISH_NATIONAL_GRID)
    ring = shapes.area_ring[5]
    signed = []
    for r in (ring, ring + 1):
        x, y = shapes.xy[shapes.ring_start[r] : shapes.ring_start[r + 1]].T
        signed.append(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2))
    assert signed[0] == pytest.approx(40_000.0**2)
    assert signed[1] < 0  # the hole
    assert shapes.area_ring[6] - ring == 2


def test_borders_stand_once_and_know_both_sides(toy_canvas):
    shapes, _ = toy_canvas.shapes(crs.BRITISH_NATIONAL_GRID)
    borders = shapes.borders()
    inner = borders.right != OUTSIDE
    pairs = set(zip(borders.left[inner].tolist(), borders.right[inner].tolist(), strict=True))
    squares = {(i, i + 1) for i in range(16) if i % 4 != 3} | {(i, i + 4) for i in range(12)}
    city = {(18, 19), (18, 20), (19, 21), (20, 21)}
    assert pairs == squares | {(5, 16)} | city
    runs = [borders.xy[a:b] for a, b in itertools.pairwise(borders.start)]
    length = sum(np.linalg.norm(np.diff(run, axis=0), axis=1).sum() for run in runs)
    union = shapely.union_all(shapely.boundary(toy_canvas.boundaries.frame.geometry.to_numpy()))
    # the city lies against square 3: there the file's borders do not match vertex by vertex, so both stand
    assert length == pytest.approx(union.length + 8_000)


def test_projecting_keeps_shared_borders_shared(toy_canvas):
    flat = toy_canvas.shapes(crs.BRITISH_NATIONAL_GRID)[0].borders()
    bent = toy_canvas.shapes(crs.UK_EQUAL_AREA)[0].borders()
    assert np.array_equal(flat.left, bent.left)
    assert np.array_equal(flat.right, bent.right)


def test_planes_are_projected_once(toy_canvas):
    assert toy_canvas.shapes(crs.UK_EQUAL_AREA)[0] is toy_canvas.shapes(crs.UK_EQUAL_AREA)[0]


def test_the_plane_follows_the_place(toy_set):
    canvas = prepare(toy_set)
    assert canvas.plane_for((), regional=False) == crs.UK_EQUAL_AREA
    assert canvas.plane_for(["E06000001"], regional=True) == crs.BRITISH_NATIONAL_GRID
    ni = toy_set.frame.assign(nation="N")
    assert (
        prepare(dataclasses.replace(toy_set, frame=ni)).plane_for(["E06000001"], regional=True)
        == crs.IRISH_TRANSVERSE_MERCATOR
    )


def test_london_stands_clear_of_the_map_and_is_4_5_times_larger(toy_canvas):
    box = Box(10, 20, 200, 400)
    placed = compose_uk(toy_canvas, crs.UK_EQUAL_AREA, box, london=True)
    assert placed.london is not None
    assert placed.london.scale == pytest.approx(4.5 * placed.main.scale)
    assert placed.london_members.tolist() == [18, 19, 20, 21]
    assert box.holds(placed.london_frame)
    shapes, _ = toy_canvas.shapes(crs.UK_EQUAL_AREA)
    on_page = np.array([placed.main.point(x, y) for x, y in shapes.xy])
    frame = placed.london_frame
    under = (
        (on_page[:, 0] > frame.x)
        & (on_page[:, 0] < frame.right)
        & (on_page[:, 1] > frame.y)
        & (on_page[:, 1] < frame.bottom)
    )
    assert not under.any()


def test_without_london_the_map_fills_its_box(toy_canvas):
    placed = compose_uk(toy_canvas, crs.UK_EQUAL_AREA, Box(0, 0, 100, 100), london=False)
    assert placed.london is None


def test_fitted_keeps_shape_and_centres():
    view = fitted((0, 0, 100, 50), Box(0, 0, 200, 200))
    assert view.scale == 2
    assert view.point(0, 0) == (0, 150)
    assert view.point(100, 50) == (200, 50)


def test_the_grid_keeps_every_area_however_small(toy_canvas):
    shapes, _ = toy_canvas.shapes(crs.BRITISH_NATIONAL_GRID)
    view = fitted(bounds_of(shapes, np.arange(len(shapes))), Box(0, 0, 4, 4))
    rings = grid.rings_on_grid(shapes, view)
    assert set(rings.owner.tolist()) == set(range(len(shapes)))


def test_the_grid_drops_repeats_and_straight_runs():
    square = shapely.Polygon([(0, 0), (0, 5), (0, 10), (10, 10), (10, 0), (5, 0)])
    shapes = flattened(("a",), np.array([square]))
    rings = grid.rings_on_grid(shapes, fitted((0, 0, 10, 10), Box(0, 0, 10, 10)))
    # of six points (0, 5) goes but (5, 0) may be where the ring begins, which stays
    assert len(rings.xy) <= 5
    assert [0, 100] in rings.xy.tolist()


def test_a_set_without_areas_or_shapes_is_refused(toy_set):
    with pytest.raises(MapError, match="a map needs areas"):
        prepare(dataclasses.replace(toy_set, frame=toy_set.frame.iloc[:0]))
    hollow = toy_set.frame.copy()
    hollow.loc[2, "geometry"] = None
    with pytest.raises(MapError, match="without a shape"):
        prepare(dataclasses.replace(toy_set, frame=hollow))


def test_enlargement_is_between_four_and_five():
    assert 4 <= composition.LONDON_ENLARGEMENT <= 5
