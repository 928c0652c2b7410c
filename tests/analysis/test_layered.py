"""Covariates from layers on two squares: every number by hand, every contradiction refused, what fell nowhere said."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from analysis.additions import further_covariates
from analysis.layered import covariates_of, read_covariates
from analysis.typology.membership import memberships
from analysis.typology.own_types import definitions_named
from boundaries.areas.boundary_set import BoundarySet
from geo.errors import ConfigError, PluginError
from geo.provenance import Source, sha256_of

BNG = "EPSG:27700"
X, Y = 400_000, 300_000


def box(west, south, east, north):
    """Return a box in kilometres from the corner of the first square."""
    return shapely.box(X + 1000 * west, Y + 1000 * south, X + 1000 * east, Y + 1000 * north)


@pytest.fixture
def areas():
    """Return two squares of 10 km, side by side, of 2,000 and 4,000 residents."""
    frame = gpd.GeoDataFrame(
        {
            "code": ["E06000001", "E06000002"],
            "name": ["West", "East"],
            "nation": "E",
            "population": [2000.0, 4000.0],
            "hectares": 10_000.0,
        },
        geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)],
        crs=BNG,
    )
    return BoundarySet("LAD", dt.date(2021, 7, 1), frame, (Source("squares"),))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with a layer of each kind, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    points = {"easting": [X + 1000, X + 2000, X + 15_000, X + 90_000, None], "northing": [Y + 1000] * 4 + [None]}
    pd.DataFrame(points).to_csv("stops.csv", index=False)
    people = {"easting": [X + 1000, X + 9000, X + 12_000, X + 18_000, X - 5000], "northing": [Y + 1000] * 5}
    small = [f"E0100000{n}" for n in range(5)]
    homes = ["E06000001", "E06000001", "E06000002", "E06000002", "E06000001"]
    living = {"LSOA21CD": small, "residents": [100, 300, 500, 500, 7], "home": homes}
    pd.DataFrame({**people, **living}).to_csv("lsoa.csv", index=False)
    pd.DataFrame({"code": [*small[:3], "E01999999"], "rank": [10, 20, 30, 40]}).to_csv("imd.csv", index=False)
    gpd.GeoDataFrame({"n": [8.0, 6.0]}, geometry=[box(8, 0, 12, 10), box(18, 0, 24, 10)], crs=BNG).to_file("flood.gpkg")
    line = shapely.LineString([(X + 5000, Y + 5000), (X + 25_000, Y + 5000)])
    gpd.GeoDataFrame(geometry=[line], crs=BNG).to_file("roads.gpkg")
    cells = np.array([[1, 1, 2, 2], [1, 1, 2, 0]], dtype="int16")  # 5 km; 0: no value
    with rasterio.open(
        "no2.tif", "w", driver="GTiff", count=1, dtype="int16", height=2, width=4, crs=BNG, nodata=0,
        transform=Affine(5000, 0, X, 0, -5000, Y + 10_000),
    ) as file:  # fmt: skip
        file.write(cells, 1)
    return tmp_path


def measured(boundaries, **asked):
    (found,) = further_covariates(covariates_of([{"id": "t", **asked}]), boundaries, known=())
    return found


LIVING = {"residents": "lsoa.csv"}
SMALL = {"areas": "imd.csv", "value": "rank", "residents_code": "LSOA21CD", **LIVING}
CASES = {
    "count": ({"points": "stops.csv"}, "t_count", [2, 1]),
    "per residents": ({"points": "stops.csv", "per": "residents"}, "t_count_per_residents", [1.0, 0.25]),
    "per residents of a file": (
        {"points": "stops.csv", "per": "residents", **LIVING},
        "t_count_per_residents",
        [5.0, 1.0],
    ),
    "per km2": ({"points": "stops.csv", "per": "km2"}, "t_count_per_km2", [0.02, 0.01]),
    # 100 at a stop and 300 at 9 km, 6 km from the stop at 15 km; then 3 km on both sides of that stop
    "nearest to residents": ({"points": "stops.csv", "statistic": "nearest", **LIVING}, "t_nearest", [4500, 3000]),
    "residents within": (
        {"points": "stops.csv", "statistic": "share-within", "within": 500, **LIVING},
        "t_share_within",
        [25, 0],
    ),
    "mean": ({"raster": "no2.tif"}, "t_mean", [1, 2]),
    "class": ({"raster": "no2.tif", "statistic": "share", "class": 2}, "t_share", [0, 100]),
    "over residents": (
        {"raster": "no2.tif", "statistic": "population-weighted-mean", **LIVING},
        "t_population_weighted_mean",
        [1, 2],
    ),
    "length": ({"lines": "roads.gpkg"}, "t_length", [5, 10]),
    "length per km2": ({"lines": "roads.gpkg", "per": "km2"}, "t_length_per_km2", [0.05, 0.1]),
    "share of land": ({"polygons": "flood.gpkg"}, "t_share", [20, 40]),
    "share of residents": (
        {"polygons": "flood.gpkg", "statistic": "share-of-residents", **LIVING},
        "t_share_of_residents",
        # the point at 12 km lies on the border of a polygon, which is inside
        [75, 100],
    ),
    # 8 on 40 km², half in each square; 6 on 60 km², of which 20 lie in the second
    "amounts by land": (
        {"polygons": "flood.gpkg", "statistic": "sum", "value": "n", "coverage": 0},
        "t_sum",
        [4, 4 + 2],
    ),
    "densities by land": (
        {"polygons": "flood.gpkg", "statistic": "mean", "value": "n", "coverage": 0},
        "t_mean",
        [8, 7],
    ),
    "smaller areas": (SMALL, "t_mean", [17.5, 30]),
    "where a column says that they live": (
        {"points": "stops.csv", "per": "residents", "residents_area": "home", **LIVING},
        "t_count_per_residents",
        [2000 / 407, 1.0],
    ),
    "sum of smaller areas": ({**SMALL, "statistic": "sum"}, "t_sum", [30, 30]),
}


@pytest.mark.parametrize("case", CASES)
def test_every_statistic_by_hand(areas, folder, case):
    asked, column, expected = CASES[case]
    found = measured(areas, **asked)
    assert found.frame[column].tolist() == pytest.approx(expected, rel=1e-6)
    assert found.meanings[column].source.sha256 == sha256_of(folder / next(iter(asked.values())))


@pytest.mark.usefixtures("folder")
def test_coverage_and_what_fell_nowhere_are_said(areas):
    found = measured(areas, raster="no2.tif", coverage=0.8)
    assert found.frame["t_coverage"].tolist() == pytest.approx([1, 0.75])
    assert found.frame["t_mean"].tolist() == pytest.approx([1, np.nan], nan_ok=True)
    assert found.notes == ("1 areas have no value, since less than 80% of them is covered: E06000002",)
    assert measured(areas, points="stops.csv").notes == (
        "1 of 5 points have no coordinates",
        "3 of 5 points lie in the areas",
    )
    assert measured(areas, lines="roads.gpkg").notes == ("15 of 20 km lie in the areas",)
    assert (
        "7 residents live in none of the areas"
        in measured(areas, points="stops.csv", statistic="nearest", **LIVING).notes
    )
    assert "4 of n lie in none of the areas" in " ".join(
        measured(areas, polygons="flood.gpkg", statistic="sum", value="n", coverage=0).notes
    )
    assert found.to_parameters()["notes"] == list(found.notes)
    assert "75" not in found.line()


@pytest.mark.usefixtures("folder")
def test_distance_and_share_of_land_need_no_residents(areas):
    pd.DataFrame({"easting": [X + 5000], "northing": [Y + 5000]}).to_csv("one.csv", index=False)
    # mean distance from the middle of a square of side a: a (√2 + ln(1 + √2)) / 6
    near = measured(areas, points="one.csv", statistic="nearest").frame["t_nearest"]
    assert near.iloc[0] == pytest.approx(10_000 * (np.sqrt(2) + np.log(1 + np.sqrt(2))) / 6, rel=0.01)
    share = measured(areas, points="one.csv", statistic="share-within", within=2000).frame["t_share_within"]
    assert share.tolist() == pytest.approx([100 * np.pi * 4 / 100, 0], rel=0.003)


RULE = """
schema = 1
id = "third"
version = "1"
dimension = "flooded"
title = "A third of the land in the flood zone"
nations = ["E"]
note = "As drawn."
[rule]
kind = "threshold"
[[rule.condition]]
indicator = "flood_share"
at_least = 33
reason = "a cut of our own"
[source]
title = "own"
publisher = "the author"
url = ""
licence = "MIT"
attribution = []
"""


def test_a_column_makes_a_kind_of_place(areas, folder):
    (folder / "flooded.toml").write_text(RULE)
    (found,) = further_covariates(covariates_of([{"id": "flood", "polygons": "flood.gpkg"}]), areas, known=())
    kinds = memberships(areas, indicators=found.frame, typologies=definitions_named(["flooded.toml"]))
    assert kinds["flooded"].tolist() == ["no", "yes"]


def test_a_file_of_covariates(areas, folder):
    (folder / "further.toml").write_text(
        '[[covariate]]\nid = "stops"\npoints = "stops.csv"\ntitle = "bus stops"\nvintage = "March 2024"\n'
        'credit = "NaPTAN"\nper = "km2"\n[[covariate]]\nid = "no2"\nraster = "no2.tif"\nunit = "µg/m³"\n'
    )
    assert [part.id for part in read_covariates(folder / "further.toml")] == ["stops", "no2"]
    first, second = further_covariates(covariates_of(["further.toml"]), areas, known=())
    meaning = first.meanings["stops_count_per_km2"]
    assert meaning.words == "Number of bus stops, per km² (March 2024)"
    assert (meaning.unit, meaning.source.title) == ("per km²", "NaPTAN")
    assert second.meanings["no2_mean"].unit == "µg/m³"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "a covariate is of one thing"),
        ({"name": "centre", "raster": "a.tif"}, "a covariate is of one thing"),
        ({"name": "centre", "unit": "m"}, "takes its name alone: leave out unit"),
        ({"raster": "no2.tif"}, 'id = "…"'),
        ({"id": "t", "raster": "no2.tif", "statistic": "mode"}, "raster have no statistic 'mode'"),
        ({"id": "t", "raster": "no2.tif", "statistic": "share"}, "class is of the share of a raster"),
        ({"id": "t", "points": "stops.csv", "within": 5}, "within, in metres"),
        ({"id": "t", "raster": "no2.tif", "per": "km2"}, "per is of count"),
        ({"id": "t", "areas": "imd.csv", "value": "rank"}, "needs residents"),
        ({"id": "t", "polygons": "flood.gpkg", "statistic": "sum"}, "value, a column of amounts"),
        ({"id": "t", "points": "stops.csv", "statistik": "count"}, "statistik"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_meant_is_refused(table, words):
    with pytest.raises(ConfigError, match="cannot be meant") as caught:
        covariates_of([table])
    assert words in "\n".join(caught.value.faults)


def test_a_file_that_is_not_there_or_holds_something_else(areas, folder):
    with pytest.raises(ConfigError, match="there is no file"):
        covariates_of([{"id": "t", "raster": "absent.tif"}])
    (folder / "a.toml").write_text("title = 1")
    with pytest.raises(ConfigError, match="holds no covariates"):
        covariates_of(["a.toml"])
    (folder / "a.toml").write_text("title = ")
    with pytest.raises(ConfigError, match="not valid TOML"):
        covariates_of(["a.toml"])
    for asked in (
        {"lines": "flood.gpkg"},
        {"polygons": "roads.gpkg"},
        {"raster": "stops.csv"},
        {"points": "imd.csv"},
        {"polygons": "flood.gpkg", "statistic": "sum", "value": "m"},
        {"points": "stops.csv", "per": "residents", "residents": "lsoa.csv", "residents_column": "people"},
        {"areas": "imd.csv", "value": "rate", "residents": "lsoa.csv"},
    ):
        with pytest.raises(PluginError, match="'t' cannot be computed"):
            measured(areas, **asked)
