"""Coordinates are what they claim to be."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from geo.crs import BRITISH_NATIONAL_GRID, UK_EQUAL_AREA, WGS84, check_declared, projected
from geo.errors import CRSError, PlaceatlasError, listed


def frame(geometry: object, crs: str | None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[geometry], crs=crs)


@pytest.mark.parametrize(
    ("geometry", "crs", "words"),
    [
        (Point(400000, 300000), None, "declares no coordinate reference system"),
        (Point(400000, 300000), WGS84, "its coordinates are metres"),
        (Point(-1.5, 54.2), BRITISH_NATIONAL_GRID, "look like degrees"),
        (Point(), WGS84, "holds no coordinates"),
    ],
)
def test_a_false_claim_is_refused(geometry: object, crs: str | None, words: str) -> None:
    with pytest.raises(CRSError, match=words) as caught:
        check_declared(frame(geometry, crs), what="a layer")
    assert caught.value.faults


@pytest.mark.parametrize(
    ("geometry", "crs"), [(Point(400000, 300000), BRITISH_NATIONAL_GRID), (Point(-1.5, 54.2), WGS84)]
)
def test_a_true_claim_passes(geometry: object, crs: str) -> None:
    check_declared(frame(geometry, crs), what="a layer")


def test_the_uk_projection_keeps_areas() -> None:
    square = frame(box(400000, 300000, 410000, 310000), BRITISH_NATIONAL_GRID)
    geodesic = abs(square.to_crs(WGS84).crs.get_geod().geometry_area_perimeter(square.to_crs(WGS84).geometry[0])[0])
    assert projected(square, UK_EQUAL_AREA).area[0] == pytest.approx(geodesic, rel=2e-4)
    assert projected(square, BRITISH_NATIONAL_GRID) is square


def test_an_error_prints_its_faults_below_it() -> None:
    assert str(PlaceatlasError("what", ["one", "two"])) == "what\n  one\n  two"
    assert listed(range(7)) == "0, 1, 2, 3, 4 and 2 more (7 in all)"
