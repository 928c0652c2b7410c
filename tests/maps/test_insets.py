"""The box for a crowd of small areas: found, placed clear of land, left out where there is no crowd."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from boundaries.areas.boundary_set import BoundarySet
from geo.provenance import Source
from maps.look.styles import DEFAULT
from maps.page import composition
from maps.page.boxes import Box
from maps.static import insets


def made(crowd: int, *, districts: bool = True) -> BoundarySet:
    """Return squares of 10 km in a row of thirty, one of which is cut in ``crowd``² parts, in the true plane of maps."""
    shapes = [box(i * 10_000, 0, (i + 1) * 10_000, 10_000) for i in range(29)]
    side = 10_000 / crowd
    shapes += [
        box(290_000 + i * side, j * side, 290_000 + (i + 1) * side, (j + 1) * side)
        for i in range(crowd)
        for j in range(crowd)
    ]
    codes = [f"E0100{number:04}" for number in range(len(shapes))]
    frame = gpd.GeoDataFrame(
        {
            "code": codes,
            "name": codes,
            "nation": "E",
            "region_code": "E12000001",
            "region_name": "North East",
        },
        geometry=shapes,
        crs=27700,
    )
    home = pd.DataFrame({"code": codes, "district": ["E06000001"] * 29 + ["E06000002"] * crowd**2, "basis": "point"})
    return BoundarySet("LSOA", dt.date(2021, 3, 21), frame, (Source("toy"),), districts=home if districts else None)


def inset_of(areas: BoundarySet, room: Box, least: int, monkeypatch: pytest.MonkeyPatch) -> insets.Inset | None:
    monkeypatch.setattr(insets, "LEAST_AREAS", least)
    canvas = composition.prepare(areas)
    shapes, ground = canvas.shapes("EPSG:27700")
    placed = composition.Composition(composition.fitted(tuple(areas.frame.total_bounds), room))
    return insets.city_inset(canvas, shapes, ground, placed, room)


def test_the_crowd_is_found_named_and_shown_clear_of_land(monkeypatch):
    areas, room = made(20), Box(0, 0, 200, 300)
    found = inset_of(areas, room, 100, monkeypatch)
    assert found is not None
    assert found.name == "Middlesbrough"
    assert set(range(29, 429)) <= set(found.members.tolist())
    assert room.holds(found.frame)
    land = Box(0, 145, 200, 10)  # the row of squares, 300 km by 10 km in 200 points
    assert not found.frame.overlaps(land)
    assert found.view.scale == pytest.approx(composition.LONDON_ENLARGEMENT * 200 / 300_000)
    roles = [item.role for item in insets.inset_frame(found, DEFAULT)]
    assert roles == ["inset-place", "leader", "inset-frame", "inset-name"]


def test_without_districts_the_region_names_it(monkeypatch):
    found = inset_of(made(20, districts=False), Box(0, 0, 200, 300), 100, monkeypatch)
    assert found is not None
    assert found.name == "North East"


@pytest.mark.parametrize(
    ("crowd", "room", "least"),
    [
        (20, Box(0, 0, 200, 300), 2_000),  # few areas
        (12, Box(0, 0, 200, 300), 100),  # no crowd
        (20, Box(0, 0, 200, 40), 100),  # no room
    ],
)
def test_there_is_none_where_it_would_not_help(crowd, room, least, monkeypatch):
    assert inset_of(made(crowd), room, least, monkeypatch) is None


def test_london_is_not_shown_twice(monkeypatch):
    areas = made(20)
    inner = np.arange(len(areas)) >= 29
    frame = areas.frame.assign(region_code=np.where(inner, composition.LONDON, "E12000001"))
    every = areas.frame.assign(region_code=composition.LONDON)
    assert inset_of(replace(areas, frame=every), Box(0, 0, 200, 300), 100, monkeypatch) is None
    assert inset_of(replace(areas, frame=frame), Box(0, 0, 200, 300), 100, monkeypatch) is None
