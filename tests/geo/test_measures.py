"""Shapes measured by hand, and the coast of the bundled map as everybody knows it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries.bundled import layers
from geo.errors import CRSError, GeometryError
from geo.measures import measure_coast

KM = 1000.0


def land(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": [f"a{n}" for n in range(len(shapes))]}, geometry=list(shapes), crs="EPSG:27700")


def box_km(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.box(x0 * KM, y0 * KM, x1 * KM, y1 * KM)


# two squares of 10 km side by side: each has 30 km of coast and a border of 10 km
def test_a_shared_border_is_not_coast() -> None:
    share = measure_coast(land(box_km(0, 0, 10, 10), box_km(10, 0, 20, 10))).share
    assert share.tolist() == pytest.approx([0.75, 0.75])


def test_a_border_with_neighbouring_land_is_not_coast() -> None:
    one = land(box_km(0, 0, 10, 10))
    assert measure_coast(one).share.tolist() == pytest.approx([1.0])
    beyond = land(box_km(10, -50, 60, 60))
    assert measure_coast(one, beyond).share.tolist() == pytest.approx([0.75])


# a channel 1 km wide and 20 km long between two blocks: open for 1 km from its two mouths, so 2 of 20 km on each bank
def test_a_narrow_channel_is_not_coast_beyond_its_mouth() -> None:
    banks = land(box_km(0, 0, 20, 20), box_km(21, 0, 41, 20))
    assert measure_coast(banks).share.tolist() == pytest.approx([62 / 80, 62 / 80], abs=0.005)
    assert measure_coast(banks, narrow_water_m=500).share.tolist() == pytest.approx([1.0, 1.0])


def test_a_wide_channel_is_coast() -> None:
    banks = land(box_km(0, 0, 20, 20), box_km(23, 0, 43, 20))
    assert measure_coast(banks).share.tolist() == pytest.approx([1.0, 1.0])


def test_a_cove_is_coast_and_a_lake_is_not() -> None:
    cove = box_km(0, 0, 20, 20).difference(box_km(9.7, 19.3, 10.3, 21))
    assert measure_coast(land(cove)).share.tolist() == pytest.approx([1.0])
    lake = box_km(0, 0, 20, 20).difference(box_km(5, 5, 15, 15))
    assert measure_coast(land(lake)).share.tolist() == pytest.approx([80 / 120])


def test_the_index_and_the_order_are_kept() -> None:
    frame = land(box_km(0, 0, 10, 10), box_km(10, 0, 20, 10), box_km(40, 0, 50, 10)).set_index("name")
    turned = frame.iloc[[2, 0, 1]]
    pd.testing.assert_series_equal(measure_coast(turned).share, measure_coast(frame).share.loc[["a2", "a0", "a1"]])


def test_the_coastline_is_as_long_as_the_shares_say() -> None:
    frame = land(box_km(0, 0, 10, 10), box_km(10, 0, 20, 10))
    line = measure_coast(frame).line
    assert repr(measure_coast(frame)) == "Coast(2 of 2 areas; 60 km)"
    assert line.length == pytest.approx(60 * KM)
    assert len(line.geoms) == 1


def test_what_cannot_be_measured_is_refused() -> None:
    degrees = gpd.GeoDataFrame(geometry=[shapely.box(-2, 50, -1, 51)], crs="EPSG:4326")
    with pytest.raises(CRSError, match="not in degrees"):
        measure_coast(degrees)
    with pytest.raises(CRSError, match="one reference system"):
        measure_coast(land(box_km(0, 0, 1, 1)), degrees)
    with pytest.raises(GeometryError, match="all have a shape"):
        measure_coast(land(box_km(0, 0, 1, 1), shapely.Polygon()))


def test_the_coast_of_the_united_kingdom_is_where_it_is() -> None:
    atoms = layers.load_atoms()
    frame = atoms.dissolve("code_2015")[["geometry"]]
    share = measure_coast(frame, layers.load_neighbours()).share
    inland = {
        "Fermanagh and Omagh": "N09000006",
        "City of London": "E09000001",
        "Richmond": "E09000027",
        "Doncaster": "E08000017",
        "Tower Hamlets": "E09000030",
    }
    assert share.loc[list(inland.values())].tolist() == [0, 0, 0, 0, 0]
    # Blackpool: 11 of 31 km; Cornwall lacks only the Tamar; Ards and North Down only the border south of Belfast
    expected = {
        "N09000011": 0.73,
        "E06000009": 0.35,
        "E06000052": 0.57,
        "E06000046": 0.80,
        "E06000053": 1.0,
        "E06000047": 0.06,
    }
    assert share.loc[list(expected)].round(2).to_dict() == pytest.approx(expected, abs=0.03)
    assert 0.3 < np.mean(share > 0) < 0.4
    without = measure_coast(frame).share
    assert without["N09000006"] > 0.5  # the frontier taken for a shore: why the neighbouring land is needed


def test_an_area_within_other_land_has_no_coast() -> None:
    inner = land(box_km(20, 20, 30, 30))
    around = land(box_km(0, 0, 50, 50).difference(box_km(20, 20, 30, 30)))
    coast = measure_coast(inner, around)
    assert coast.share.tolist() == [0]
    assert coast.line.is_empty
    assert repr(coast) == "Coast(0 of 1 areas; 0 km)"
