"""Layers of one's own: in their place, of one nation, of several layers, of a stated source."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries.areas.loading import load_boundary_set
from boundaries.joined.extent import within
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.sources.frames import read_frame
from geo.errors import CRSError, TableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

DAY = dt.date(2024, 7, 1)


@pytest.fixture(scope="module")
def wales() -> gpd.GeoDataFrame:
    frame = load_boundary_set("LAD", DAY, nations=["W"]).frame
    return gpd.GeoDataFrame(frame[["code", "name", "geometry"]])


def moved(
    frame: gpd.GeoDataFrame, change: Callable[[NDArray[np.float64]], NDArray[np.float64]], crs: str
) -> gpd.GeoDataFrame:
    shapes = shapely.transform(frame.geometry.to_numpy(), change)
    return gpd.GeoDataFrame(frame[["code", "name"]], geometry=shapes, crs=crs)


def write(frame: gpd.GeoDataFrame, folder: Path, name: str = "own.gpkg", layer: str | None = None) -> str:
    frame.to_file(folder / name, **({"layer": layer} if layer else {}))
    return str(folder / name)


def load(path: str, **how: str) -> gpd.GeoDataFrame:
    return load_boundary_set("LAD", DAY, layer=path, nations=None, **how).frame


def test_a_layer_in_its_place_is_taken(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for crs in ("EPSG:27700", "EPSG:4326", "EPSG:32630"):
        assert len(load(write(wales.to_crs(crs), tmp_path, f"{crs[5:]}.gpkg"))) == 22


def test_latitude_first_is_told(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    turned = moved(wales.to_crs("EPSG:4326"), lambda xy: xy[:, ::-1], "EPSG:4326")
    path = write(turned, tmp_path, "turned.geojson")
    with pytest.raises(CRSError, match=r"latitude stands before longitude .* in EPSG:4326"):
        load(path)


@pytest.mark.parametrize(
    ("system", "name"), [("EPSG:32630", "UTM zone 30"), ("EPSG:29903", "the Irish Grid"), ("EPSG:3857", "Web Mercator")]
)
def test_another_system_under_a_wrong_name_is_told_and_declared(
    wales: gpd.GeoDataFrame, tmp_path: Path, system: str, name: str
) -> None:
    path = write(wales.to_crs(system).set_crs("EPSG:27700", allow_override=True), tmp_path)
    with pytest.raises(CRSError, match=rf"those of {name}") as caught:
        load(path)
    assert [remedy.words("flags") for remedy in caught.value.remedies] == [
        f"--crs {system} to declare its reference system"
    ]
    assert len(load(path, crs=system)) == 22


def test_kilometres_are_told(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write(moved(wales, lambda xy: xy / 1000, "EPSG:27700"), tmp_path)
    with pytest.raises(CRSError, match=r"look like degrees|in kilometres"):
        load(path)
    path = write(moved(wales.to_crs("EPSG:32630"), lambda xy: xy / 1000, "EPSG:27700"), tmp_path, "km.gpkg")
    with pytest.raises(CRSError, match="in kilometres"):
        load(path)


def test_another_country_is_told(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write(moved(wales, lambda xy: np.add(xy, (3_000_000, 200_000)), "EPSG:27700"), tmp_path)
    with pytest.raises(CRSError, match="is it of another country"):
        load(path)


def test_shapes_under_codes_of_others_are_named(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    swapped = wales.replace({"code": {"W06000001": "W06000024", "W06000024": "W06000001"}})
    with pytest.raises(
        CRSError, match=r"2 of 22 shapes do not lie .*\n  W06000001 is \d+ km away, W06000024 is \d+ km away"
    ):
        load(write(swapped, tmp_path))


def test_a_system_that_is_none_is_refused(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    with pytest.raises(CRSError, match="'British' is no reference system"):
        load(write(wales, tmp_path), crs="British")


def test_a_layer_of_one_nation_serves_a_table_and_a_place_in_it(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    table = read_frame(pd.DataFrame({"code": wales["code"], "rate": range(22)}), measure="rate")
    areas = fitting_areas(table, date=DAY, layer=write(wales, tmp_path))
    assert len(areas) == 22
    assert len(within(areas, "Wales")) == 22
    assert len(within(areas, "Cardiff")) == 1


def test_several_layers_are_listed_and_asked_for(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    write(wales, tmp_path, "two.gpkg", "districts")
    path = write(wales.dissolve().assign(code="W92000004"), tmp_path, "two.gpkg", "nation")
    with pytest.raises(
        TableError, match=r"holds 2 layers of areas\n  districts, nation\n  name one: two.gpkg::districts"
    ):
        load(path)
    with pytest.raises(TableError, match="has no layer 'wards'"):
        load(f"{path}::wards")
    assert len(load(f"{path}::districts")) == 22


def test_shapes_of_ones_own_are_credited_as_such(wales: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write(wales, tmp_path)
    made = load_boundary_set("LAD", DAY, layer=path, nations=None)
    assert made.sources[0].attribution == ("Boundaries: own.gpkg, whose source is not stated",)
    assert not any("geoBoundaries" in line for source in made.sources for line in source.attribution)
    (tmp_path / "own.toml").write_text('credit = "Example survey 2024"\nattribution = "A line."\n', encoding="utf-8")
    stated = load_boundary_set("LAD", DAY, layer=path, nations=None).sources[0]
    assert (stated.title, stated.attribution) == ("Example survey 2024", ("Boundaries: Example survey 2024", "A line."))
