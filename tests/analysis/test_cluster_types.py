"""Clusters and kinds of place: shares by hand, several kinds at once, and over-representation against maps as smooth."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from analysis.association import Landscapes
from analysis.clusters import Cluster, TypeShare
from analysis.clusters.standing import clusters_standing
from analysis.clusters.types import (
    KindInClusters,
    SmoothMaps,
    adjusted,
    kinds_in_clusters,
    smooth_maps,
)
from analysis.covariance import Places
from analysis.moran import local_moran
from analysis.significance import LocalResult
from analysis.weights.graph import assembled

CODES = pd.Index(list("abcdef"), name="code")


def local(classes):
    return LocalResult("local-moran", pd.DataFrame({"class": classes}, index=CODES), {})


def cluster(codes, direction="low"):
    return Cluster(
        f"{direction}-1",
        direction,
        tuple(codes),
        tuple(codes),
        "name",
        ("R",),
        "mixed",
        {},
        1.0,
        1.0,
        1.0,
        1.0,
        1.0,
        0.01,
    )


def test_clusters_carry_levels_robustness_kinds_and_the_test_of_their_direction():
    members = pd.DataFrame(
        {
            "coastal": ["yes", "yes", "no", "not classified", "no", "no"],
            "ports": ["yes", "no", "yes", "no", "no", "no"],
            "coastal__agreed": "no",
            "coastal__a": "no",
            "coastal__a__degree": 0.0,
            "coastal__b": "no",
            "ports__list": "no",
        },
        index=CODES,
    )
    people = pd.Series([10.0, 20.0, 30.0, 40.0, 1.0, 1.0], index=CODES)
    levels = pd.DataFrame({"level": ["low", "low", "not-clear", "error-unknown", "high", "high"]}, index=CODES)
    robust = pd.DataFrame(
        {
            "class": ["core", "core", "probable", "contested", "core", "none"],
            "direction": ["low", "high", "low", "low", "high", ""],
        },
        index=CODES,
    )
    test = KindInClusters("low", "coastal", "a", 4, 2, 0.5, 0.4, 0.3, 0.02, 0.04)
    other = KindInClusters("low", "coastal", "b", 4, 2, 0.5, 0.4, 0.3, 0.9, 0.95)
    groups = [
        dataclasses.replace(cluster("abcd"), types={"coastal": TypeShare(2, 3, 0.5), "ports": TypeShare(2, 4, 0.4)}),
        dataclasses.replace(
            cluster("e", "high"), types={"coastal": TypeShare(0, 1, 0.0), "ports": TypeShare(0, 1, 0.0)}
        ),
    ]
    table = clusters_standing(groups, levels, robust, members, people, [test, other])
    low, high = table.to_dict("records")
    assert [low[f"level_{name}"] for name in ("low", "high", "not_clear", "error_unknown")] == [2, 0, 1, 1]
    # b is firm in high clusters, which is no reason to be firm in this one
    assert [low[f"robust_{name}"] for name in ("core", "probable", "contested")] == [1, 1, 1]
    assert low["coastal_share"] == pytest.approx(2 / 3)
    assert low["ports_share"] == 0.5
    assert (low["coastal_expected"], low["coastal_p"], low["coastal_q"]) == (0.3, 0.02, 0.04)
    assert math.isnan(low["ports_q"])
    assert math.isnan(high["coastal_q"])
    assert low["several_kinds_areas"] == 1
    assert low["several_kinds_population_share"] == pytest.approx(10 / 100)
    assert high["robust_core"] == 1
    bare = clusters_standing(groups, levels, None, members, people.where(people < 40))
    assert bare["robust_core"].isna().all()
    assert math.isnan(bare["several_kinds_population_share"].iloc[0])


def test_no_clusters_make_an_empty_table_with_its_columns():
    members = pd.DataFrame({"coastal": "no", "ports": "no", "coastal__a": "no", "ports__list": "no"}, index=CODES)
    table = clusters_standing(
        (), pd.DataFrame({"level": "low"}, index=CODES), None, members, pd.Series(1.0, index=CODES)
    )
    assert len(table) == 0
    assert {
        "level_low",
        "robust_core",
        "coastal_share",
        "ports_population_share",
        "coastal_q",
        "several_kinds_areas",
    } <= set(table.columns)


def test_over_representation_by_hand():
    # Three of six areas are coastal; both low areas are. Drawn maps: two of two, one of two, none clustered, one of four.
    members = pd.DataFrame({"coastal__a": ["yes", "yes", "yes", "no", "no", "no"]}, index=CODES)
    marks = np.array([[1, 1, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]], dtype=bool)
    smooth = SmoothMaps(CODES, {"low": marks, "high": np.zeros((6, 4), dtype=bool)})
    low, high = kinds_in_clusters(local(["low-low", "low-low", *["not-significant"] * 4]), members, smooth)
    assert (low.clustered, low.members, low.share, low.overall) == (2, 2, 1.0, 0.5)
    assert low.expected == pytest.approx((1 + 0.5 + 0.25) / 3)
    assert low.p == pytest.approx(2 / 5)  # itself, and the first of the drawn maps
    assert low.maps == 4
    assert (high.clustered, math.isnan(high.p)) == (0, True)
    assert smooth.counts("low").tolist() == [2, 2, 0, 4]
    assert (low.direction, low.type, low.definition) == ("low", "coastal", "a")


def test_areas_not_classified_are_not_counted():
    members = pd.DataFrame({"coastal__a": ["yes", "not classified", "no", "no", "no", "no"]}, index=CODES)
    smooth = SmoothMaps(CODES, {"low": np.zeros((6, 3), dtype=bool), "high": np.zeros((6, 3), dtype=bool)})
    low, _ = kinds_in_clusters(local(["low-low", "low-low", *["not-significant"] * 4]), members, smooth)
    assert (low.clustered, low.members, low.overall) == (1, 1, 0.2)
    assert low.p == pytest.approx(1 / 4)


def test_every_p_is_adjusted_for_all():
    members = pd.DataFrame({"coastal__a": ["yes", *["no"] * 5], "rural__a": [*["no"] * 5, "yes"]}, index=CODES)
    smooth = SmoothMaps(CODES, {"low": np.eye(6, 19, dtype=bool), "high": np.zeros((6, 19), dtype=bool)})
    found = kinds_in_clusters(local(["low-low", *["not-significant"] * 5]), members, smooth)
    assert [one.p for one in found[:2]] == pytest.approx([2 / 20, 1.0])
    assert [one.q for one in found[:2]] == pytest.approx([4 / 20, 1.0])
    assert [one.q for one in adjusted(found[:1])] == pytest.approx([2 / 20])


@pytest.fixture(scope="module")
def lands():
    side = 14
    ids = pd.Index([f"a{i:03d}" for i in range(side * side)], name="code")
    row, column = np.divmod(np.arange(side * side), side)
    near = (abs(row[:, None] - row) + abs(column[:, None] - column)) == 1
    graph = assembled(ids, *np.argwhere(near).T, policy="rook")
    return Landscapes(ids, Places(10_000.0 * np.column_stack([row, column]), graph))


def test_a_kind_in_every_low_cluster_is_found_and_one_scattered_is_not(lands):
    generator = np.random.default_rng(3)
    north = lands.places.centres[:, 0]
    values = pd.Series(generator.normal(size=len(north)), index=lands.codes)
    spots = np.isin(np.arange(len(north)) % 14, (2, 3, 4, 9, 10, 11)) & (np.arange(len(north)) // 14 % 7 < 3)
    values[spots] -= 4
    members = pd.DataFrame(
        {
            "spotted__a": np.where(spots, "yes", "no"),
            "scattered__a": np.where(generator.random(len(north)) < 0.3, "yes", "no"),
        },
        index=lands.codes,
    )
    graph = lands.places.weights
    smooth = smooth_maps(values, graph, lands, maps=99, seed=2)
    found = {
        (one.direction, one.type): one
        for one in kinds_in_clusters(local_moran(values, graph, permutations=9_999, seed=1), members, smooth)
    }
    assert found["low", "spotted"].p == pytest.approx(0.01)
    assert found["low", "spotted"].share > 0.9
    assert found["low", "spotted"].expected == pytest.approx(found["low", "spotted"].overall, abs=0.1)
    assert found["low", "scattered"].p > 0.05
