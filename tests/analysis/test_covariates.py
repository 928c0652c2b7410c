"""Indicators: coast by hand on squares, and the places whose coast everyone knows."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from shapely import box

from analysis.covariates import indicators, manufacturing_decline, measured
from analysis.typology.membership import agreement, memberships
from boundaries.areas.boundary_set import BoundarySet
from boundaries.areas.loading import load_boundary_set
from boundaries.bundled.layers import load_neighbours
from geo.errors import TableError
from geo.provenance import Source
from geo.raster import write_geotiff

KM = 1000.0
BNG = "EPSG:27700"


def square(x, y, side=10):
    return box(x * KM, y * KM, (x + side) * KM, (y + side) * KM)


def series(*shapes):
    return gpd.GeoSeries(list(shapes), crs=BNG)


NOTHING = gpd.GeoSeries([], crs=BNG)


def test_mean_distance_in_an_island_is_a_sixth_of_its_side():
    # Mean distance to the edge of a square of side a is a/6: 10 km for 60 km.
    found = indicators(one_set(square(0, 0, 60)), neighbours=gpd.GeoDataFrame(geometry=NOTHING))
    assert found["coast_distance_m"].tolist() == pytest.approx([10_000], rel=0.03)
    assert found["residents_per_hectare"].tolist() == [2.0]


def one_set(*shapes):
    n = len(shapes)
    frame = gpd.GeoDataFrame(
        {
            "code": [f"E0600000{i}" for i in range(n)],
            "name": [f"area {i}" for i in range(n)],
            "nation": "E",
            "population": 200.0,
            "hectares": 100.0,
        },
        geometry=list(shapes),
        crs=BNG,
    )
    return BoundarySet("LAD", dt.date(2021, 7, 1), frame, (Source("squares"),))


def test_inland_distance_goes_to_the_coast_of_whoever_has_it():
    # 10 km in the middle of 30: the mean distance of the middle third to the edge is 10 km and a sixth of its side.
    around = gpd.GeoDataFrame(geometry=[square(-10, -10, 30).difference(square(0, 0))], crs=BNG)
    found = indicators(one_set(square(0, 0)), neighbours=around)
    assert found["coast_share"].tolist() == [0.0]
    assert found["coast_distance_m"].tolist() == pytest.approx([10_000 + 10_000 / 6], rel=0.05)


def test_the_grid_of_distances_is_written(tmp_path):
    grid = measured(one_set(square(0, 0, 60)), neighbours=gpd.GeoDataFrame(geometry=NOTHING)).grid
    assert grid.cells[30, 30] == pytest.approx(29_500, abs=100)
    write_geotiff(grid, tmp_path / "coast.tif", title="distance to open coast", unit="m")
    with rasterio.open(tmp_path / "coast.tif") as file:
        assert file.descriptions == ("distance to open coast",)
        assert file.units == ("m",)


@pytest.fixture(scope="module")
def districts():
    """Return the districts of 2024 with their indicators, by name."""
    boundaries = load_boundary_set("LAD", dt.date(2024, 9, 11))
    found = indicators(boundaries)
    return boundaries, found, found.set_index(boundaries.frame["name"].to_numpy())


@pytest.mark.parametrize("name", ["Fermanagh and Omagh", "City of London", "Richmond upon Thames", "Doncaster"])
def test_places_that_only_bare_frontage_makes_coastal(districts, name):
    assert districts[2].loc[name, "coast_share"] == 0.0


@pytest.mark.parametrize("name", ["Mid Ulster", "Armagh City, Banbridge and Craigavon", "Tower Hamlets"])
def test_lough_neagh_and_the_thames_are_no_coast(districts, name):
    assert districts[2].loc[name, "coast_share"] == 0.0


@pytest.mark.parametrize(
    "name",
    ["Ards and North Down", "Blackpool", "Cornwall", "Hartlepool", "Plymouth", "Denbighshire", "Isles of Scilly"],
)
def test_coastal_places_are_coastal(districts, name):
    boundaries, found, _ = districts
    names = boundaries.frame.set_index("code")["name"]
    coastal = memberships(boundaries, indicators=found)["coastal"].set_axis(names)
    assert coastal[name] == "yes"
    assert coastal[["Fermanagh and Omagh", "City of London", "Richmond upon Thames", "Doncaster"]].eq("no").all()


def test_every_area_is_measured(districts):
    assert districts[1].notna().all().all()
    assert districts[1]["coast_share"].between(0, 1).all()
    assert districts[2].loc[["Birmingham", "Coventry"], "coast_distance_m"].gt(60_000).all()


@pytest.mark.parametrize("neighbours", [None, load_neighbours()])
def test_sets_of_some_nations_do_not_take_borders_for_coast(neighbours):
    wales = load_boundary_set("LAD", dt.date(2024, 9, 11), nations=["W"])
    found = indicators(wales, neighbours=neighbours).set_index(wales.frame["name"].to_numpy())
    assert found.loc[["Wrexham", "Powys"], "coast_share"].eq(0).all()
    assert found.loc["Swansea", "coast_share"] > 0.1


def test_areas_with_gaps_between_them_do_not_take_the_gaps_for_sea():
    combined = load_boundary_set("CAUTH", dt.date(2024, 9, 11))
    found = indicators(combined).set_index(combined.frame["name"].to_numpy())["coast_share"]
    assert found[["Greater Manchester", "West Midlands", "West Yorkshire", "South Yorkshire"]].eq(0).all()
    assert found[["Tees Valley", "Liverpool City Region"]].gt(0.05).all()


def test_distance_of_a_few_areas_is_that_among_all(districts):
    combined = load_boundary_set("LAD", dt.date(2024, 9, 11), nations=["N"])
    found = indicators(combined)["coast_distance_m"]
    assert found.to_numpy() == pytest.approx(districts[1].loc[found.index, "coast_distance_m"].to_numpy(), rel=0.01)


def test_a_layer_without_atoms_is_no_neighbour_of_itself():
    districts = load_boundary_set("LAD", dt.date(2024, 9, 11))
    wales = districts.frame[districts.frame["nation"] == "W"].reset_index(drop=True)
    plain = BoundarySet("LAD", districts.date, wales, districts.sources)
    found = indicators(plain).set_index(wales["name"].to_numpy())["coast_share"]
    assert found[["Wrexham", "Powys"]].eq(0).all()
    assert found["Swansea"] > 0.1


def test_ireland_is_land():
    ulster = load_boundary_set("LAD", dt.date(2024, 9, 11), nations=["N"])
    bare = indicators(ulster, neighbours=load_neighbours().iloc[:0]).set_index(ulster.frame["name"].to_numpy())
    assert bare.loc["Fermanagh and Omagh", "coast_share"] > 0.2


def decline(table, **options):
    return manufacturing_decline(table, code="c", year="y", share="s", then=(1, 2), now=(3, 3), **options)


def test_decline_by_hand():
    # a: (30 + 20)/2 = 25 then, 10 now: a fall of 15. b lacks a year.
    table = pd.DataFrame({"c": list("aaabb"), "y": [1, 2, 3, 1, 3], "s": [30.0, 20.0, 10.0, 5.0, 5.0]})
    found = decline(table)
    assert found.loc["a"].tolist() == [25.0, 15.0]
    assert found.loc["b"].isna().all()


def test_decline_refuses_what_it_cannot_average():
    with pytest.raises(TableError, match="no column 's'"):
        decline(pd.DataFrame({"c": [], "y": []}))
    with pytest.raises(TableError) as caught:
        decline(pd.DataFrame({"c": ["a", "a"], "y": [1, 1], "s": [1.0, 2.0]}))
    assert caught.value.faults == ("two values in a year for a", "no values for the years 2, 3")


@pytest.mark.real_data
def test_measured_decline_over_the_uk(real_data):
    table = pd.read_csv(real_data / "outcomes" / "economy" / "gva_by_broad_industry_lad23_1998_2023.csv")
    found = manufacturing_decline(table, code="lad23cd", year="year", share="manufacturing_share_pct")
    boundaries = load_boundary_set("LAD", dt.date(2024, 9, 11))
    yes = memberships(boundaries, indicators=found, typologies=["post-industrial-measured"])["post-industrial"] == "yes"
    assert yes.sum() == 92
    nations = set(boundaries.frame.loc[yes.to_numpy(), "nation"])
    assert nations == {"E", "W", "S", "N"}
    assert not np.isnan(found.to_numpy()).any()


@pytest.mark.real_data
def test_the_reason_given_for_the_coastal_cut_holds(real_data):
    # Against having any resident in an ONS coastal town: kappa 0.81 to 0.83 at every cut from 2 to 12 %.
    towns = pd.read_csv(real_data / "typology" / "coastal_town_pop_share_lad11_ew_DERIVED.csv", index_col="LAD11CD")
    columns = ["coastal_town_pop_share_2020", "coastal_town_pop_share_2021"]
    known = (towns[columns].max(axis=1) > 0).map({True: "yes", False: "no"})
    share = indicators(load_boundary_set("LAD", dt.date(2011, 12, 31)))["coast_share"].reindex(known.index)
    for cut in (0.02, 0.05, 0.08, 0.12):
        table = pd.DataFrame({"coastal__share": np.where(share >= cut, "yes", "no"), "coastal__towns": known})
        assert 0.80 < agreement(table)["kappa"].iloc[0] < 0.84


def test_the_reason_given_for_the_rural_cut_holds(districts):
    boundaries, found, _ = districts
    names = ["rural-density", "rural-ruc2021", "rural-uk-composite"]
    kappa = agreement(memberships(boundaries, indicators=found, typologies=names)).set_index(["first", "second"])[
        "kappa"
    ]
    assert kappa["density", "ruc2021"] == pytest.approx(0.73, abs=0.005)
    assert kappa["density", "uk-composite"] == pytest.approx(0.74, abs=0.005)
