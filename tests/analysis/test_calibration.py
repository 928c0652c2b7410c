"""On noise: as many false alarms as the level allows, no more, under every correction; a tilt is found for what it is."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.geary import local_geary
from analysis.getis_ord import local_g_star
from analysis.moran import global_moran, local_moran, local_moran_many, residuals
from analysis.weights import build_weights
from boundaries.areas.loading import load_boundary_set
from geo.errors import StatisticsError

RUNS = 200


@pytest.fixture(scope="module")
def field():
    """A 16 × 16 lattice with queen-like degrees: rooks joined also by one diagonal, so that degrees differ."""
    from analysis.weights import from_edges  # noqa: PLC0415

    side = 16
    pairs = [
        (f"{i:02d}-{j:02d}", f"{i + a:02d}-{j + b:02d}")
        for i in range(side)
        for j in range(side)
        for a, b in ((0, 1), (1, 0), (1, 1))
        if i + a < side and j + b < side
    ]
    return from_edges(pd.DataFrame(pairs, columns=["from", "to"]), symmetric=True)


@pytest.fixture(scope="module")
def areas():
    return load_boundary_set("LAD", dt.date(2023, 4, 1))


@pytest.fixture(scope="module")
def weights(areas):
    return build_weights(areas)


def noise(weights, runs=RUNS, seed=0):
    return pd.DataFrame(np.random.default_rng(seed).normal(size=(len(weights), runs)), index=weights.ids)


def rates(results):
    """Share of areas called significant, and share of maps with at least one."""
    called = np.array([result.frame["q"] <= 0.05 for result in results])
    return called.mean(), called.any(axis=1).mean()


def test_unadjusted_p_is_uniform(field):
    results = local_moran_many(noise(field), field, seed=1, permutations=999, correction="none").values()
    p = np.array([result.frame["p"] for result in results])
    for level in (0.01, 0.05, 0.1, 0.5):
        # 51,200 tests; neighbouring areas share values, so that the standard error is about three times that of as many coins.
        assert (p <= level).mean() == pytest.approx(level, abs=5 * 3 * np.sqrt(level * (1 - level) / p.size))


def test_skewed_values_are_calibrated_too(field):
    results = local_moran_many(np.exp(1.5 * noise(field)), field, seed=1, permutations=999, correction="none").values()
    p = np.array([result.frame["p"] for result in results])
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.012)


@pytest.mark.parametrize(("correction", "draws"), [("fdr_bh", 4_999), ("fdr_by", 9_999), ("bonferroni", 19_999)])
def test_no_correction_errs_more_often_than_its_level(field, correction, draws):
    # On pure noise every discovery is false: the false discovery rate is the share of maps with any.
    results = local_moran_many(noise(field, 100), field, seed=1, permutations=draws, correction=correction).values()
    _, family = rates(results)
    assert family <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


@pytest.mark.parametrize("statistic", [local_g_star, local_geary])
def test_other_local_statistics(field, statistic):
    table = noise(field, 30, seed=4)
    p = np.array([statistic(table[at], field, seed=1, permutations=999, correction="none").frame["p"] for at in table])
    # 7,680 dependent tests: 5 × 3 standard errors of as many coins.
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=5 * 3 * np.sqrt(0.05 * 0.95 / p.size) * 0.7)


def test_global_moran(field):
    table = noise(field, RUNS, seed=5)
    p = np.array([global_moran(table[at], field, seed=at, permutations=499).p for at in table])
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / RUNS))
    assert (p <= 0.5).mean() == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / RUNS))


def test_a_tilt_is_found_for_what_it_is(field):
    rows = np.array([int(code[:2]) for code in field.ids])
    values = pd.Series(rows + np.random.default_rng(1).normal(size=len(rows)), index=field.ids)
    result = local_moran(values, field, seed=1)
    kinds = result.frame["class"]
    assert (kinds[rows < 3] == "low-low").mean() > 0.9
    assert (kinds[rows > 12] == "high-high").mean() > 0.9
    assert not kinds.isin(["high-low", "low-high"]).any()


class TestDistricts:
    """The graph that maps are made with: the 361 districts of 2023, land borders and crossings."""

    def test_unadjusted_rate(self, weights):
        results = local_moran_many(noise(weights), weights, seed=1, permutations=999, correction="none").values()
        by_map = np.array([(result.frame["p"] <= 0.05).mean() for result in results])
        # Maps are independent though areas are not: the standard error is that of the maps' rates, about 0.001.
        assert by_map.mean() == pytest.approx(0.05, abs=4 * by_map.std() / np.sqrt(RUNS))
        assert by_map.std() / np.sqrt(RUNS) < 0.002

    def test_unadjusted_rate_of_each_area(self, weights):
        results = local_moran_many(noise(weights, 400), weights, seed=2, permutations=999, correction="none").values()
        by_area = np.array([result.frame["p"] <= 0.05 for result in results]).mean(axis=0)
        # 400 maps an area: no area, whatever its degree, is called more often than five standard errors allow.
        assert np.abs(by_area - 0.05).max() < 5 * np.sqrt(0.05 * 0.95 / 400)

    @pytest.mark.parametrize(("correction", "draws"), [("fdr_bh", 9_999), ("fdr_by", 9_999), ("bonferroni", 19_999)])
    def test_maps_with_any_discovery(self, weights, correction, draws):
        results = local_moran_many(noise(weights), weights, seed=1, permutations=draws, correction=correction).values()
        _, family = rates(results)
        assert family <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / RUNS)

    def test_hot_spots(self, weights):
        table = noise(weights, 60, seed=3)
        found = [local_g_star(table[at], weights, seed=1, permutations=999, correction="none").frame for at in table]
        by_map = np.array([(frame["p"] <= 0.05).mean() for frame in found])
        assert by_map.mean() == pytest.approx(0.05, abs=4 * by_map.std() / np.sqrt(60))
        adjusted = [local_g_star(table[at], weights, seed=1, permutations=9_999).frame for at in table]
        family = np.mean([(frame["q"] <= 0.05).any() for frame in adjusted])
        assert family <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 60)

    def test_a_gradient_is_its_own_shape_and_leaves_with_the_means(self, areas, weights):
        frame = areas.frame.set_index("code")
        north = frame.geometry.centroid.y / 1e5
        values = north + 0.3 * np.random.default_rng(4).normal(size=len(north))
        whole = local_moran(values, weights, seed=1, permutations=9_999).frame["class"]
        # No cluster of its own anywhere, yet much of the map is "significant": the north high, the south low.
        assert (whole[frame["nation"] == "S"].isin(["high-high", "not-testable"])).mean() > 0.9
        assert (whole == "low-low").sum() > 30
        assert (whole[north > north.median()] != "low-low").all()
        left = residuals(values, frame["region_code"])
        within = local_moran(left, weights, seed=1, permutations=9_999).counts()
        # Northern Ireland (11 districts) remains a group; what the trend made is much less.
        assert within["low-low"] + within["high-high"] < 0.5 * whole.isin(["low-low", "high-high"]).sum()


class TestResiduals:
    def test_by_hand(self):
        values = pd.Series([1.0, 3.0, 10.0, np.nan, 7.0, 5.0], index=list("abcdef"))
        groups = pd.Series(["n", "n", "s", "s", "", "w"], index=list("abcdef"))
        # Mean of n is 2; c is the only value of s, e has no group, f is alone.
        found = residuals(values, groups[::-1])
        assert found[:2].tolist() == [-1.0, 1.0]
        assert found[2:].isna().all()
        assert found.index.equals(values.index)

    def test_refuses_other_areas(self):
        values = pd.Series([1.0, 2.0, 3.0], index=list("aab"))
        with pytest.raises(StatisticsError) as caught:
            residuals(values, pd.Series(["n", "n"], index=list("bc")))
        assert "values given more than once: a" in str(caught.value)
        assert "a value or a group alone: " in str(caught.value)
