"""Clusters: contiguous, complete, named and profiled the same way every time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from analysis.clusters import clusters_frame, find_clusters, single_areas, true_clusters
from boundaries.areas.boundary_set import BoundarySet
from geo.errors import StatisticsError
from geo.provenance import Source

AREAS = list("abcdefgh")


@dataclass
class Result:
    """The part of a local result that clusters read."""

    frame: pd.DataFrame


@dataclass
class Graph:
    """The part of weights that clusters read."""

    ids: pd.Index
    indptr: np.ndarray
    indices: np.ndarray
    data: np.ndarray


def path_graph(n, *, cut=()):
    """Areas in a row, each touching the next; ``cut`` names places after which the row is broken."""
    neighbours = [[j for j in (i - 1, i + 1) if 0 <= j < n and min(i, j) not in cut] for i in range(n)]
    indices = np.array([j for row in neighbours for j in row], dtype=np.int64)
    parts = (np.cumsum([0, *map(len, neighbours)]), indices, np.ones(len(indices), dtype=np.float64))
    for part in parts:
        part.setflags(write=False)
    return Graph(pd.Index(AREAS[:n]), *parts)


def row_of(classes, *, people=None, types=None, values=None, cut=(), names=None, regions=None, **options):
    """Find the clusters of areas in a row with these classes; everything not stated is plain."""
    n = len(classes)
    codes = AREAS[:n]
    frame = gpd.GeoDataFrame(
        {
            "code": codes,
            "name": names or [code.upper() for code in codes],
            "nation": "E",
            "region_code": ["R1"] * (n // 2) + ["R2"] * (n - n // 2),
            "region_name": regions or ["North"] * (n // 2) + ["South"] * (n - n // 2),
            "population": people or [100] * n,
        },
        geometry=[box(i, 0, i + 1, 1) for i in range(n)],
        crs="EPSG:27700",
    )
    members = pd.DataFrame(types or {"coastal": ["no"] * n}, index=codes)
    result = Result(pd.DataFrame({"class": classes, "q": np.linspace(0.01, 0.04, n)}, index=codes))
    joined = pd.DataFrame({"value": values or [1.0] * n}, index=codes)
    boundaries = BoundarySet("LAD", dt.date(2021, 7, 1), frame, (Source("squares"),))
    return find_clusters(result, path_graph(n, cut=cut), boundaries, members, joined, **options)


LL, HH, NS, LH = "low-low", "high-high", "not-significant", "low-high"


def test_groups_are_contiguous_and_of_one_direction():
    found = row_of([LL, LL, HH, LL, NS, HH, HH, LH])
    assert [(cluster.id, sorted(cluster.codes)) for cluster in found] == [
        ("low-1", ["a", "b"]),
        ("low-2", ["d"]),
        ("high-1", ["f", "g"]),
        ("high-2", ["c"]),
    ]


def test_classes_of_gi_star_count_too():
    assert [cluster.direction for cluster in row_of(["low", "not-significant", "high"])] == ["low", "high"]


def test_link_decides_not_the_drawing():
    assert [len(cluster) for cluster in row_of([LL] * 4, cut=(1,))] == [2, 2]


@pytest.mark.parametrize(("n", "name"), [(1, "A"), (2, "B and A"), (3, "C, B and A")])
def test_few_members_are_all_named_most_residents_first(n, name):
    assert row_of([LL] * n, people=list(range(1, n + 1)))[0].name == name


def test_members_across_the_median_are_named():
    # tested: 1 2 3 4 5 90, median 3.5, mean 17.5: D and E are below the mean and above the median; 0 was not tested
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 90.0, 0.0]
    found = row_of([LL, LL, NS, LL, LL, HH, "not-testable"], values=values)
    assert [(cluster.names, cluster.across_median) for cluster in found] == [
        (("A", "B"), ()),
        (("D", "E"), ("D", "E")),
        (("F",), ()),
    ]
    assert clusters_frame(found)["across_median"].tolist() == ["", "D; E", ""]


def test_ties_in_residents_go_by_code():
    assert row_of([LL] * 3)[0].name == "A, B and C"


def test_many_members_are_named_after_the_middle_one():
    # Points at 0.5 to 6.5, residents 1, 1, 1, 1, 1, 9, 1: the centre is 4.83, E's 4.5 is nearest to it.
    assert row_of([LL] * 7, people=[1, 1, 1, 1, 1, 9, 1])[0].name == "E and 6 around it"
    # Residents 10, 1, 1, 1, 1, 9, 2: (5 + 1.5 + 2.5 + 3.5 + 4.5 + 49.5 + 13)/25 = 3.18, nearest D at 3.5
    assert row_of([LL] * 7, people=[10, 1, 1, 1, 1, 9, 2])[0].name == "D and 6 around it"


def test_of_two_as_near_the_first_by_code_is_the_middle():
    assert row_of([LL] * 4)[0].name == "B and 3 around it"


def test_names_are_as_people_say_them():
    names = ["Surrey county council", "Leeds"]
    assert row_of([LL] * 2, names=names)[0].name == "Surrey and Leeds"
    assert row_of([LL] * 2, names=names)[0].names == ("Surrey county council", "Leeds")
    assert row_of([LL] * 2, names=["Tyne and Wear", "Leeds"])[0].name == "Tyne and Wear, and Leeds"


def test_an_area_on_its_own_is_no_cluster():
    found = row_of([LL, LL, NS, LL, HH])
    assert [(one.id, one.single) for one in found] == [("low-1", False), ("low-2", True), ("high-1", True)]
    assert [one.id for one in true_clusters(found)] == ["low-1"]
    assert [one.id for one in single_areas(found)] == ["low-2", "high-1"]
    assert clusters_frame(found)["kind"].tolist() == ["cluster", "single area", "single area"]


def test_profile_by_hand():
    # Residents 100, 300: mean value (1·100 + 3·300)/400 = 2.5, against an average of 4 a gap of -1.5.
    # Coastal: 300 of 400 residents; post-industrial classifies only a, which is one.
    types = {
        "coastal": ["no", "yes", "no"],
        "rural": ["no", "no", "no"],
        "post-industrial": ["yes", "not classified", "no"],
    }
    cluster = row_of([LL, LL, NS], people=[100, 300, 1], values=[1.0, 3.0, 9.0], types=types, average=4.0)[0]
    assert (cluster.mean_value, cluster.gap, cluster.lowest, cluster.highest) == (2.5, -1.5, 1.0, 3.0)
    assert cluster.population == 400
    assert cluster.weakest_q == pytest.approx(0.025)
    assert (cluster.types["coastal"].areas, cluster.types["coastal"].population) == (1, 0.75)
    assert (cluster.types["post-industrial"].classified, cluster.types["post-industrial"].population) == (1, 1.0)
    assert cluster.dominant_type == "coastal and post-industrial"
    assert cluster.regions == ("R2", "R1")


@pytest.mark.parametrize(("coastal", "dominant"), [(["no"] * 4, "not coastal"), (["yes", "no", "no", "no"], "mixed")])
def test_no_dominant_type(coastal, dominant):
    assert row_of([LL] * 4, types={"coastal": coastal})[0].dominant_type == dominant


def test_what_is_not_classified_is_no_no():
    none = row_of([LL] * 4, types={kind: ["no"] * 4 for kind in ("coastal", "rural", "post-industrial")})
    assert none[0].dominant_type == "none of the three"
    types = {"coastal": ["no"] * 4, "rural": ["no"] * 4, "post-industrial": ["not classified"] * 4}
    assert row_of([LL] * 4, types=types)[0].dominant_type == "not coastal or rural"
    nothing = {kind: ["not classified"] * 4 for kind in types}
    assert row_of([LL] * 4, types=nothing)[0].dominant_type == "not classified"


def test_a_kind_of_ones_own_stands_in_the_profile_and_the_table():
    found = row_of([LL] * 4, types={"coastal": ["no"] * 4, "ten-places": ["yes"] * 4})
    assert found[0].dominant_type == "ten-places"
    assert clusters_frame(found)["ten-places_areas"].tolist() == [4]


def test_unknown_residents_stay_unknown():
    cluster = row_of([LL] * 2, people=[100, np.nan], values=[1.0, 3.0], types={"coastal": ["yes", "yes"]})[0]
    assert np.isnan(cluster.population)
    assert cluster.mean_value == 2.0
    assert np.isnan(cluster.gap)
    assert cluster.dominant_type == "coastal"


def test_nothing_significant_is_no_cluster():
    assert row_of([NS] * 3) == ()
    assert list(clusters_frame(()).columns[:4]) == ["id", "direction", "kind", "name"]


def test_frame_and_ids():
    found = row_of([LL, LL, NS, HH])
    frame = clusters_frame(found)
    assert frame["codes"].tolist() == ["a; b", "d"]
    assert frame["coastal_population_share"].tolist() == [0.0, 0.0]


def test_areas_absent_anywhere_are_told():
    boundaries = BoundarySet(
        "LAD",
        dt.date(2021, 7, 1),
        gpd.GeoDataFrame({"code": ["a"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:27700"),
        (Source("squares"),),
    )
    result = Result(pd.DataFrame({"class": [LL, LL], "q": [0.0, 0.0]}, index=["a", "b"]))
    empty = pd.DataFrame(index=["a"])
    with pytest.raises(StatisticsError) as caught:
        find_clusters(result, path_graph(1), boundaries, empty, empty)
    assert len(caught.value.faults) == 4
    assert "the areas of the graph do not hold b" in caught.value.faults


@settings(max_examples=50)
@given(classes=st.lists(st.sampled_from([LL, HH, NS, LH]), min_size=1, max_size=8))
def test_every_significant_area_is_in_exactly_one_cluster(classes):
    found = row_of(classes)
    codes = [code for cluster in found for code in cluster.codes]
    assert sorted(codes) == [code for code, name in zip(AREAS, classes, strict=False) if name in (LL, HH)]
    for cluster in found:
        places = sorted(AREAS.index(code) for code in cluster.codes)
        assert places == list(range(places[0], places[-1] + 1))


def test_areas_without_a_value_or_neighbours_are_in_no_cluster():
    found = row_of([LL, "no-data", LL, "not-testable"], values=[1.0, np.nan, 2.0, 3.0])
    assert [cluster.codes for cluster in found] == [("a",), ("c",)]


def test_a_single_area_bears_its_own_name():
    assert [(cluster.name, len(cluster)) for cluster in row_of([HH])] == [("A", 1)]


def test_probability_is_the_mean_of_the_members_own_class():
    chances = pd.DataFrame({"p_low-low": [0.9, 0.7, 0.1], "p_high-high": [0.0, 0.0, 0.8]}, index=["a", "b", "c"])
    found = row_of([LL, LL, HH], probabilities=chances)
    assert [cluster.probability for cluster in found] == [pytest.approx(0.8), pytest.approx(0.8)]
    assert clusters_frame(found)["probability"].tolist() == pytest.approx([0.8, 0.8])
    assert np.isnan(row_of([LL, LL, HH], probabilities=chances.iloc[1:])[0].probability)
    assert np.isnan(row_of([LL])[0].probability)
