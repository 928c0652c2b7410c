"""esda on the same graph: equal where it is right, and a test that names the fault where it is not.

Whatever needs esda's own permutations waits for its compiler, a minute or more: those cases carry the marker ``oracle``.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.geary import global_geary, local_geary
from analysis.getis_ord import global_g, local_g_star
from analysis.join_count import join_counts
from analysis.moran import global_moran, global_moran_rates, local_moran
from analysis.weights import from_graph, queen

esda = pytest.importorskip("esda")

pytestmark = pytest.mark.filterwarnings("ignore")

DRAWS = 9_999
QUICK = {"seed": 1, "permutations": DRAWS}


@pytest.fixture(scope="module")
def case():
    """A 12 × 12 lattice with a gradient, its esda graph, and values of either sign and above zero."""
    side = 12
    cells = [shapely.box(c, r, c + 1, r + 1) for r in range(side) for c in range(side)]
    weights = queen(gpd.GeoSeries(cells, index=[f"a{i:03d}" for i in range(side * side)], crs=27700))
    rng = np.random.default_rng(3)
    values = pd.Series(np.repeat(np.arange(side), side) / 3 + rng.normal(size=side * side), index=weights.ids)
    return weights, values, weights.to_graph()


def p_tolerance(p, *, theirs=999):
    """Five standard errors of two Monte-Carlo shares, ours and theirs."""
    share = np.clip(p, 0.002, 0.5)
    return 5 * np.sqrt(share * (1 - share) * (1 / theirs + 1 / DRAWS)) + 2 / theirs


class TestEqual:
    def test_local_moran(self, case):
        weights, values, graph = case
        theirs = esda.Moran_Local(values, graph, permutations=0)
        ours = local_moran(values, weights, correction="none", **QUICK).frame
        assert ours["statistic"].to_numpy() == pytest.approx(theirs.Is, abs=1e-10)
        names = np.array(["", "high-high", "low-high", "low-low", "high-low"])
        everything = local_moran(values, weights, correction="none", alpha=0.999999, **QUICK).frame["class"]
        significant = everything != "not-significant"
        assert (everything[significant] == names[theirs.q][significant]).all()

    def test_global_moran(self, case):
        weights, values, graph = case
        theirs = esda.Moran(values, graph.transform("r"), permutations=99)
        ours = global_moran(values, weights, **QUICK)
        assert ours.statistic == pytest.approx(theirs.I, abs=1e-12)
        assert ours.z == pytest.approx(theirs.z_rand, abs=1e-10)

    def test_global_geary(self, case):
        weights, values, graph = case
        theirs = esda.Geary(values, graph.transform("r"), permutations=99)
        ours = global_geary(values, weights, **QUICK)
        assert ours.statistic == pytest.approx(theirs.C, abs=1e-12)
        assert ours.z == pytest.approx(theirs.z_rand, abs=1e-10)

    def test_global_g(self, case):
        weights, values, graph = case
        theirs = esda.G(np.exp(values), graph.transform("b"), permutations=99)
        ours = global_g(np.exp(values), weights, **QUICK)
        assert ours.statistic == pytest.approx(theirs.G, abs=1e-12)
        assert ours.z == pytest.approx(theirs.z_norm, abs=1e-8)

    def test_gi_star_in_its_binary_form(self, case):
        weights, values, graph = case
        theirs = esda.G_Local(values, graph.transform("b"), transform="B", star=True, permutations=0)
        ours = local_g_star(values, weights, correction="none", **QUICK).frame
        assert ours["z"].to_numpy() == pytest.approx(theirs.Zs, abs=1e-10)

    @pytest.mark.oracle
    def test_p_is_twice_theirs(self, case):
        weights, values, graph = case
        theirs = esda.Moran_Local(values, graph, permutations=999, seed=1)
        ours = local_moran(values, weights, correction="none", **QUICK).frame
        # Its default p is half of the two-sided one.
        assert (np.abs(ours["p"] / 2 - theirs.p_sim) < p_tolerance(ours["p"] / 2)).all()
        theirs = esda.G_Local(values, graph.transform("b"), transform="B", star=True, permutations=999, seed=1)
        ours = local_g_star(values, weights, correction="none", **QUICK).frame
        assert (np.abs(ours["p"] / 2 - theirs.p_sim) < p_tolerance(ours["p"] / 2)).all()

    def test_joins(self, case):
        weights, values, graph = case
        kind = (values > values.median()).astype(int)
        theirs = esda.Join_Counts(kind, graph.transform("b"), permutations=99)
        ours = join_counts(kind, weights, **QUICK)
        found = (ours.both.statistic, ours.neither.statistic, ours.mixed.statistic)
        assert found == (theirs.bb, theirs.ww, theirs.bw)

    def test_rates(self, case):
        weights, values, graph = case
        base = pd.Series(np.linspace(100, 9000, len(values)), index=values.index)
        events = (base * np.exp(values / 10) / 100).round()
        theirs = esda.Moran_Rate(events, base, graph.transform("r"), permutations=99)
        assert global_moran_rates(events, base, weights, **QUICK).statistic == pytest.approx(theirs.I, abs=1e-12)

    def test_local_geary_but_for_its_divisor(self, case):
        weights, values, graph = case
        theirs = esda.Geary_Local(connectivity=graph.transform("r"), permutations=0).fit(values)
        ours = local_geary(values, weights, **QUICK).frame["statistic"]
        n = len(values)
        assert ours.to_numpy() == pytest.approx(theirs.localG * (n - 1) / n, abs=1e-10)


class TestFaults:
    """What we refuse to inherit; should one of these fail, esda has changed and this file says so."""

    @pytest.mark.oracle
    def test_one_missing_value_makes_every_area_significant_there(self, case):
        weights, values, graph = case
        holed = values.copy()
        holed.iloc[70] = np.nan
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = esda.Moran_Local(holed, graph, permutations=99, seed=1)
        assert (theirs.p_sim <= 0.05).all()
        ours = local_moran(holed, weights, **QUICK).counts()
        assert ours["no-data"] == 1
        assert ours["not-significant"] > 50

    @pytest.mark.oracle
    def test_an_isolate_is_significant_there(self, case):
        weights, values, _ = case
        lone = weights.subset([code for code in weights.ids if code not in ("a001", "a012", "a013")])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = esda.Moran_Local(values[lone.ids], lone.to_graph(), permutations=99, seed=1)
        assert lone.audit.isolates == ("a000",)
        assert theirs.p_sim[0] <= 0.011  # float32 of 1 / (99 + 1)
        assert local_moran(values[lone.ids], lone, **QUICK).frame.loc["a000", "class"] == "not-testable"

    def test_gi_star_with_standardised_rows_is_another_statistic_there(self, case):
        weights, values, graph = case
        theirs = esda.G_Local(values, graph.transform("r"), transform="R", star=True, permutations=0)
        ours = local_g_star(values, weights, **QUICK).frame["z"].to_numpy()
        assert np.abs(ours - theirs.Zs).max() > 0.1

    @pytest.mark.oracle
    def test_noise_is_significant_twice_as_often_there(self, case):
        weights, _, graph = case
        rng = np.random.default_rng(0)
        flags = ours = 0
        runs = 12
        for at in range(runs):
            noise = pd.Series(rng.normal(size=len(weights)), index=weights.ids)
            flags += (esda.Moran_Local(noise, graph, permutations=999, seed=at).p_sim <= 0.05).sum()
            frame = local_moran(noise, weights, correction="none", seed=at, permutations=999).frame
            ours += (frame["p"] <= 0.05).sum()
        total = runs * len(weights)
        assert 0.07 < flags / total < 0.13
        assert 0.03 < ours / total < 0.07


@pytest.mark.real_data
def test_on_real_districts(real_data):
    layer = gpd.read_file(real_data / "boundaries" / "lad" / "LAD_MAY_2021_UK_BUC.gpkg").set_index("LAD21CD")
    weights = queen(layer.geometry)
    graph = pytest.importorskip("libpysal.graph").Graph.build_contiguity(layer.geometry, rook=False)
    assert weights.audit.links == from_graph(graph).audit.links == 1880
    assert len(weights.audit.isolates) == 6
    values = layer.geometry.centroid.y / 1e5 + np.random.default_rng(0).normal(size=len(layer))
    tested = weights.subset(weights.ids.difference(weights.audit.isolates))
    ours = local_moran(values, weights, correction="none", **QUICK).frame.loc[tested.ids]
    theirs = esda.Moran_Local(values[tested.ids], tested.to_graph(), permutations=0)
    assert ours["statistic"].to_numpy() == pytest.approx(theirs.Is, abs=1e-10)
    star = esda.G_Local(values[tested.ids], tested.to_graph(), transform="B", star=True, permutations=0)
    gi = local_g_star(values, weights, **QUICK).frame.loc[tested.ids, "z"]
    assert gi.to_numpy() == pytest.approx(star.Zs, abs=1e-10)
