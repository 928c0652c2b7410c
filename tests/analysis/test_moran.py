"""Moran's I: by hand, by enumeration, in the zoo, and the same whatever the order, unit or number of threads."""

from __future__ import annotations

import json
from itertools import permutations as arrangements

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.moran import (
    empirical_bayes_index,
    global_moran,
    global_moran_rates,
    local_moran,
    local_moran_bivariate,
    local_moran_many,
    local_moran_rates,
    moran_scatter,
)
from analysis.moran.scatter import ring_results
from analysis.significance import MORAN_CLASSES
from analysis.weights import from_edges
from geo.errors import StatisticsError

QUICK = {"seed": 1, "permutations": 1999}


class TestByHand:
    def test_a_line_of_four(self, mutual):
        # x = 1 2 3 4, z = −1.5 −.5 .5 1.5, Σz² = 5; lags −.5 −.5 .5 .5; Σ z·lag = .75 + .25 + .25 + .75 = 2; S0 = n: I = 2/5.
        line = mutual(("a", "b"), ("b", "c"), ("c", "d"))
        values = pd.Series([1.0, 2, 3, 4], index=list("abcd"))
        result = global_moran(values, line, **QUICK)
        assert result.statistic == pytest.approx(0.4)
        assert result.expectation == pytest.approx(-1 / 3)
        # Local: (n − 1) z_i lag_i / Σz² = 3 · .75 / 5 = 0.45 at the ends, 3 · .25 / 5 = 0.15 between.
        local = local_moran(values, line, correction="none", **QUICK)
        assert local.frame["statistic"].tolist() == pytest.approx([0.45, 0.15, 0.15, 0.45])

    def test_moments_and_p_are_those_of_all_arrangements(self, mutual):
        graph = mutual(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "c"), ("e", "f"))
        values = pd.Series([1.0, 2, 2, 7, 9, 4], index=graph.ids)
        dense = graph.sparse().toarray()
        row = dense / dense.sum(axis=1, keepdims=True)

        def moran(x):
            z = x - x.mean()
            return z @ row @ z / (z @ z)

        every = np.array([moran(np.array(x)) for x in arrangements(values)])
        result = global_moran(values, graph, seed=1)
        observed = moran(values.to_numpy())
        assert result.statistic == pytest.approx(observed)
        assert result.expectation == pytest.approx(every.mean())
        assert result.z == pytest.approx((observed - every.mean()) / every.std())
        exact = 2 * min(np.mean(every >= observed - 1e-12), np.mean(every <= observed + 1e-12))
        assert result.p == pytest.approx(min(1, exact), abs=0.01)

    def test_expectation_and_z_of_each_area(self, mutual):
        graph = mutual(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "c"))
        values = pd.Series([1.0, 2, 2.5, 7, 9], index=graph.ids)
        frame = local_moran(values, graph, correction="none", **QUICK).frame
        z = ((values - values.mean()) / values.std()).to_numpy()
        for at, code in enumerate(graph.ids):
            others = np.delete(z, at)
            k = len(graph.neighbours(code))
            draws = z[at] * np.array([np.mean(order[:k]) for order in arrangements(others)])
            assert frame["expectation"].iloc[at] == pytest.approx(draws.mean())
            assert frame["z"].iloc[at] == pytest.approx((frame["statistic"].iloc[at] - draws.mean()) / draws.std())

    def test_four_corners_have_their_names(self, rooks):
        values = pd.Series(0.0, index=rooks(8, 8).ids)
        values[[f"r{i}c{j}" for i in range(3) for j in range(3)]] = 10.0
        values[[f"r{i}c{j}" for i in range(5, 8) for j in range(5, 8)]] = -10.0
        values["r1c1"], values["r6c6"] = -9.0, 9.0
        values += np.linspace(0, 1e-6, 64)
        kinds = local_moran(values, rooks(8, 8), correction="none", seed=1).frame["class"]
        assert kinds["r0c0"] == "high-high"
        assert kinds["r7c7"] == "low-low"
        assert kinds["r1c1"] == "low-high"
        assert kinds["r6c6"] == "high-low"


class TestZoo:
    def test_isolates_and_missing_values_get_a_class_and_no_number(self, rooks, white):
        whole = rooks(6, 6)
        links = pd.DataFrame(
            [(a, b) for a in whole.ids for b in whole.neighbours(a) if "r5c5" not in (a, b)], columns=["from", "to"]
        )
        weights = from_edges(links, ids=whole.ids)
        values = white(whole)
        values["r2c2"] = np.nan
        result = local_moran(values, weights, **QUICK)
        assert list(result.frame.index) == list(values.index)
        assert result.frame.loc["r5c5", "class"] == "not-testable"
        assert result.frame.loc["r2c2", "class"] == "no-data"
        for code in ("r5c5", "r2c2"):
            assert result.frame.loc[code, ["statistic", "expectation", "z", "p", "q"]].isna().all()
            assert not result.frame.loc[code, "testable"]
        assert result.parameters["n"] == result.parameters["m"] == 34
        # The value of an area that cannot be tested changes nothing for the others.
        values["r5c5"] = 1e6
        again = local_moran(values, weights, **QUICK)
        pd.testing.assert_frame_equal(result.frame, again.frame)

    def test_missing_is_the_same_as_absent(self, rooks, white):
        whole = rooks(5, 5)
        values = white(whole)
        values[["r0c0", "r4c4"]] = np.nan
        part = whole.subset(values.dropna().index)
        with_holes = local_moran(values, whole, **QUICK).frame.dropna()
        without = local_moran(values.dropna(), part, **QUICK).frame
        pd.testing.assert_frame_equal(with_holes, without)

    def test_an_exactly_average_area_is_not_significant(self, rooks):
        weights = rooks(5, 5)
        values = pd.Series(np.linspace(-1, 1, 25), index=weights.ids)
        row = local_moran(values, weights, correction="none", **QUICK).frame.loc["r2c2"]
        assert values["r2c2"] == 0
        assert (row["statistic"], row["p"], row["class"]) == (0.0, 1.0, "not-significant")

    def test_two_areas_are_too_few_and_constants_have_no_pattern(self, mutual, rooks):
        with pytest.raises(StatisticsError, match="at least 4"):
            local_moran(pd.Series([1.0, 2], index=["a", "b"]), mutual(("a", "b")), **QUICK)
        with pytest.raises(StatisticsError, match="nothing to test"):
            global_moran(pd.Series(3.0, index=rooks(3, 3).ids), rooks(3, 3), **QUICK)

    def test_a_graph_in_pieces(self, mutual, white):
        pieces = mutual(*[(f"{i}a", f"{i}b") for i in range(20)], *[(f"{i}b", f"{i}c") for i in range(20)])
        frame = local_moran(white(pieces), pieces, **QUICK).frame
        assert frame["p"].between(0, 1, inclusive="right").all()

    def test_ties_do_not_make_areas_significant(self, rooks):
        # Two values only: with k neighbours there are k + 1 sums, and every tie counts against significance.
        weights = rooks(10, 10)
        values = pd.Series((np.arange(100) * 37 % 100 < 50).astype(float), index=weights.ids)
        result = local_moran(values, weights, correction="none", seed=1)
        assert result.frame["p"].min() > 0.05

    @pytest.mark.parametrize("factor", [1e-290, 1e-12, 1e12, 1e290])
    def test_huge_and_tiny(self, rooks, white, factor):
        weights = rooks(6, 6)
        plain = local_moran(white(weights), weights, **QUICK).frame
        scaled = local_moran(white(weights) * factor, weights, **QUICK).frame
        pd.testing.assert_frame_equal(plain, scaled, rtol=1e-9)

    def test_a_gradient_is_reported_as_what_it_is(self, rooks):
        weights = rooks(12, 12)
        values = pd.Series([float(code[1:].split("c")[0]) for code in weights.ids], index=weights.ids)
        assert global_moran(values, weights, **QUICK).p == 0.001
        found = [one.statistic for one, _ in ring_results(values, weights, orders=12, **QUICK).values()]
        assert found[0] > 0.8
        assert found[-1] < 0


class TestSame:
    def test_workers_seed_and_order(self, rooks, white):
        weights = rooks(9, 9)
        values = white(weights)
        one = local_moran(values, weights, seed=5, permutations=40_000)
        two = local_moran(values, weights, seed=5, permutations=40_000, workers=2)
        assert one.frame.to_csv().encode() == two.frame.to_csv().encode()
        assert one.parameters == two.parameters
        other = local_moran(values, weights, seed=6, permutations=40_000)
        assert not one.frame["p"].equals(other.frame["p"])
        # Shuffled rows draw other neighbours: statistics are equal, p within Monte-Carlo error (five standard errors).
        mixed = local_moran(values.sample(frac=1, random_state=1), weights, seed=5, permutations=40_000)
        aligned = mixed.frame.loc[values.index]
        pd.testing.assert_series_equal(aligned["z"], one.frame["z"])
        assert (aligned["p"] - one.frame["p"]).abs().max() < 5 * np.sqrt(2 * 0.25 * 4 / 40_000)

    @given(st.integers(0, 1000))
    @settings(max_examples=10)
    def test_many_is_each_alone(self, rooks_seed):
        rng = np.random.default_rng(rooks_seed)
        pairs = pd.DataFrame(
            [(str(i), str((i + step) % 30)) for i in range(30) for step in (1, 2)], columns=["from", "to"]
        )
        weights = from_edges(pairs, symmetric=True)
        table = pd.DataFrame(rng.normal(size=(30, 3)), index=weights.ids, columns=["a", "b", "c"])
        table.loc["3", "b"] = np.nan
        together = local_moran_many(table, weights, **QUICK)
        assert list(together) == ["a", "b", "c"]
        for name in table:
            pd.testing.assert_frame_equal(together[name].frame, local_moran(table[name], weights, **QUICK).frame)

    def test_sides(self, rooks, white):
        weights = rooks(6, 6)
        values = white(weights)
        options = {"correction": "none", **QUICK}
        both, more, less = (
            local_moran(values, weights, alternative=side, **options).frame["p"]
            for side in ("two-sided", "greater", "less")
        )
        assert both.to_numpy() == pytest.approx(np.minimum(1, 2 * np.minimum(more, less)))
        assert (more + less >= 1 + 1 / 2000 - 1e-12).all()


class TestAnalytical:
    def test_saddlepoint_follows_the_draws(self, rooks, white):
        weights = rooks(15, 15)
        values = white(weights)
        exact = local_moran(values, weights, seed=1, permutations=199_999).frame["p"]
        near = local_moran(values, weights, seed=1, method="saddlepoint").frame["p"]
        rare = exact < 0.2
        assert rare.sum() > 20
        assert (near[rare] / exact[rare] - 1).abs().median() < 0.03
        assert (near - exact).abs().max() < 0.03

    def test_the_largest_possible_sum_is_counted_exactly(self, mutual):
        graph = mutual(("a", "b"), ("a", "c"), ("b", "c"), ("d", "e"), ("e", "f"), ("f", "g"))
        values = pd.Series([5.0, 9, 8, 1, 2, 3, 0], index=list("abcdefg"))
        frame = local_moran(values, graph, seed=1, method="saddlepoint", correction="none").frame
        assert frame.loc["a", "p"] == pytest.approx(2 / 15)  # 9 and 8 are one of C(6, 2) = 15 pairs

    def test_says_where_it_cannot_help(self, rooks, white):
        weights = rooks(5, 5)
        flows = from_edges(
            pd.DataFrame(
                [(a, b, 1.0 + at % 3) for at, a in enumerate(weights.ids) for b in weights.neighbours(a)][::1],
                columns=["from", "to", "weight"],
            )
        )
        uneven = flows.data.copy()
        uneven[0] = 7.0
        graph = type(flows)(flows.ids, flows.indptr, flows.indices, uneven, "x", flows.audit)
        with pytest.raises(StatisticsError, match="equal weights"):
            local_moran(white(weights).reindex(graph.ids), graph, seed=1, method="saddlepoint")
        with pytest.raises(StatisticsError, match="no saddlepoint"):
            global_moran(white(weights), weights, seed=1, method="saddlepoint")

    def test_normal_is_the_curve(self, rooks, white):
        from scipy.stats import norm  # noqa: PLC0415

        weights = rooks(6, 6)
        for side, tail in (("two-sided", lambda z: 2 * norm.sf(abs(z))), ("greater", norm.sf), ("less", norm.cdf)):
            frame = local_moran(white(weights), weights, seed=1, method="normal", alternative=side).frame
            assert frame["p"].to_numpy() == pytest.approx(tail(frame["z"].to_numpy()))
            result = global_moran(white(weights), weights, seed=1, method="normal", alternative=side)
            assert result.p == pytest.approx(float(tail(result.z)))
        assert result.parameters["permutations"] == 0


class TestForms:
    def test_bivariate_of_one_outcome_is_univariate(self, rooks, white):
        weights = rooks(6, 6)
        values = white(weights)
        one = local_moran(values, weights, **QUICK).frame
        two = local_moran_bivariate(values, values.iloc[::-1], weights, **QUICK).frame
        pd.testing.assert_frame_equal(one, two)

    def test_bivariate_needs_both(self, rooks, white):
        weights = rooks(6, 6)
        one, two = white(weights), white(weights, 1)
        one["r0c0"], two["r1c1"] = np.nan, np.nan
        frame = local_moran_bivariate(one, two, weights, **QUICK).frame
        assert list(frame.index[frame["class"] == "no-data"]) == ["r0c0", "r1c1"]
        with pytest.raises(StatisticsError, match="constant"):
            local_moran_bivariate(one, two * 0, weights, **QUICK)

    def test_rates_by_hand(self):
        # b = 10 / 300; shares of the base: a = Σ n (p − b)² / Σ n − b / mean(n) is below zero here and counts as none.
        index = empirical_bayes_index(pd.Series([2.0, 3, 5]), pd.Series([100.0, 100, 100]))
        b = 10 / 300
        assert index.tolist() == pytest.approx([(p - b) / np.sqrt(b / 100) for p in (0.02, 0.03, 0.05)])

    def test_rates_refuse_what_is_none(self):
        with pytest.raises(StatisticsError) as caught:
            empirical_bayes_index(pd.Series([1.0, -1], index=["a", "b"]), pd.Series([0.0, 5], index=["a", "c"]))
        for words in ("different areas: b, c", "below zero: b", "zero or less: a"):
            assert words in str(caught.value)
        with pytest.raises(StatisticsError, match="all zero"):
            empirical_bayes_index(pd.Series([0.0, 0]), pd.Series([5.0, 5]))

    def test_small_denominators_do_not_make_the_pattern(self, rooks):
        weights = rooks(8, 8)
        rng = np.random.default_rng(2)
        base = pd.Series(np.where(np.arange(64) % 8 < 4, 50.0, 50_000.0), index=weights.ids)
        events = pd.Series(rng.poisson(base * 0.02).astype(float), index=weights.ids)
        raw = local_moran(events / base, weights, **QUICK).frame["class"]
        steady = local_moran_rates(events, base, weights, **QUICK).frame["class"]
        assert (steady == "not-significant").all()
        assert set(raw) <= set(MORAN_CLASSES)
        assert global_moran_rates(events, base, weights, **QUICK).n == 64

    def test_scatter_slope_is_global(self, rooks, white):
        weights = rooks(7, 7)
        values = white(weights)
        values["r3c3"] = np.nan
        frame = moran_scatter(values, weights).dropna(subset=["z"])
        slope = float(frame["z"] @ frame["lag"] / (frame["z"] @ frame["z"]))
        assert slope == pytest.approx(global_moran(values, weights, **QUICK).statistic)
        assert moran_scatter(values, weights).loc["r3c3", "quadrant"] == ""

    def test_correlogram_ends_where_nothing_is_so_far(self, mutual):
        line = mutual(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"))
        values = pd.Series([1.0, 5, 2, 8, 3], index=list("abcde"))
        with pytest.raises(StatisticsError, match="0 orders"):
            ring_results(values, line, orders=0, **QUICK)
        assert [links for _, links in ring_results(values, line, orders=1, **QUICK).values()] == [8]

    def test_counts_and_repr(self, rooks, white):
        weights = rooks(5, 5)
        result = local_moran(white(weights), weights, **QUICK)
        assert sum(result.counts().values()) == 25
        assert repr(result).startswith("LocalResult(local-moran: ")
        assert result.to_frame() is not result.frame


def test_low_means_below_the_recorded_mean_of_the_areas_tested(rooks):
    board = rooks(6, 6)
    values = pd.Series(np.where(np.arange(36) == 0, 1000.0, np.arange(36) % 7), index=board.ids)
    found = local_moran(values, board, seed=1, permutations=99, correction="none").parameters
    assert found["threshold"] == pytest.approx(values.mean())
    assert found["below"] == pytest.approx((values < values.mean()).mean())


def test_parameters_can_be_written_as_json(rooks, white):
    weights = rooks(6, 6)
    for result in (local_moran(white(weights), weights, **QUICK), global_moran(white(weights), weights, **QUICK)):
        record = json.loads(json.dumps(dict(result.parameters), allow_nan=False))
        assert record["weights"] == "edges"
        assert record["seed"] == 1
        assert "workers" not in record
