"""Getis-Ord: the closed form by hand, moments by enumeration, classes, and what is refused."""

from __future__ import annotations

from itertools import permutations as arrangements

import numpy as np
import pandas as pd
import pytest

from analysis.getis_ord import global_g, local_g, local_g_star
from geo.errors import StatisticsError

QUICK = {"seed": 1, "permutations": 1999}


def dense(weights):
    return weights.sparse().toarray()


class TestLocal:
    def test_star_is_the_textbook_formula(self, rooks, white):
        weights = rooks(6, 6)
        x = white(weights).to_numpy() + 5
        w = dense(weights) + np.eye(36)
        n, mean, s = 36, x.mean(), x.std()
        z = (w @ x - w.sum(1) * mean) / (s * np.sqrt((n * (w**2).sum(1) - w.sum(1) ** 2) / (n - 1)))
        frame = local_g_star(pd.Series(x, index=weights.ids), weights, **QUICK).frame
        assert frame["z"].to_numpy() == pytest.approx(z, abs=1e-10)
        assert frame["statistic"].to_numpy() == pytest.approx(w @ x / w.sum(1))
        assert frame["expectation"].to_numpy() == pytest.approx(np.full(36, mean))

    def test_without_itself_is_the_textbook_formula(self, rooks, white):
        weights = rooks(6, 6)
        x = white(weights).to_numpy()
        w = dense(weights)
        n, k = 36, w.sum(1)
        others = (x.sum() - x) / (n - 1)
        s = np.sqrt(((x**2).sum() - x**2) / (n - 1) - others**2)
        z = (w @ x - k * others) / (s * np.sqrt(((n - 1) * k - k**2) / (n - 2)))
        frame = local_g(pd.Series(x, index=weights.ids), weights, **QUICK).frame
        assert frame["z"].to_numpy() == pytest.approx(z, abs=1e-10)
        assert frame["statistic"].to_numpy() == pytest.approx(w @ x / k)
        assert frame["expectation"].to_numpy() == pytest.approx(others)

    def test_hot_and_cold_corners(self, rooks):
        weights = rooks(10, 10)
        values = pd.Series(np.random.default_rng(0).normal(scale=0.1, size=100), index=weights.ids)
        values[[f"r{i}c{j}" for i in range(3) for j in range(3)]] += 9
        values[[f"r{i}c{j}" for i in range(7, 10) for j in range(7, 10)]] -= 9
        result = local_g_star(values, weights, seed=1)
        assert result.frame.loc["r1c1", "class"] == "high"
        assert result.frame.loc["r8c8", "class"] == "low"
        assert result.frame.loc["r5c2", "class"] == "not-significant"
        assert local_g(values, weights, seed=1).frame.loc["r1c1", "class"] == "high"

    def test_an_outlier_among_lows_is_not_called_high(self, rooks):
        # One very high area among low ones: its neighbourhood mean is high because of itself, its neighbours are low.
        weights = rooks(9, 9)
        values = pd.Series(np.linspace(0, 1, 81), index=weights.ids)
        values[[f"r{i}c{j}" for i in range(3, 6) for j in range(3, 6)]] = -20.0
        values["r4c4"] = 200.0
        frame = local_g_star(values, weights, correction="none", seed=1).frame
        assert frame.loc["r4c4", "z"] > 0
        assert frame.loc["r4c4", "p"] < 0.05
        assert frame.loc["r4c4", "class"] == "not-significant"

    def test_weights_count_as_who_not_how_much(self, rooks, white):
        weights = rooks(6, 6)
        heavy = type(weights)(weights.ids, weights.indptr, weights.indices, weights.data * 3.5, "x", weights.audit)
        one = local_g_star(white(weights), weights, **QUICK).frame
        pd.testing.assert_frame_equal(one, local_g_star(white(weights), heavy, **QUICK).frame)

    @pytest.mark.parametrize("method", ["saddlepoint", "normal"])
    def test_analytical_methods_agree_roughly(self, rooks, white, method):
        weights = rooks(12, 12)
        draws = local_g_star(white(weights), weights, seed=1).frame["p"]
        other = local_g_star(white(weights), weights, seed=1, method=method).frame["p"]
        assert (draws - other).abs().max() < 0.2
        assert np.corrcoef(draws, other)[0, 1] > 0.95

    @pytest.mark.parametrize("factor", [1e-280, 1e280])
    def test_huge_and_tiny(self, rooks, white, factor):
        weights = rooks(6, 6)
        plain = local_g_star(white(weights), weights, **QUICK).frame
        scaled = local_g_star(white(weights) * factor, weights, **QUICK).frame
        pd.testing.assert_frame_equal(plain[["z", "p", "q", "class"]], scaled[["z", "p", "q", "class"]], rtol=1e-9)
        assert (scaled["statistic"] / factor).to_numpy() == pytest.approx(plain["statistic"].to_numpy())


class TestGlobal:
    def test_moments_are_those_of_all_arrangements(self, mutual):
        graph = mutual(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "c"))
        values = pd.Series([1.0, 2, 2, 7, 9], index=graph.ids)
        w = dense(graph)

        def g(x):
            return x @ w @ x / (x.sum() ** 2 - x @ x)

        every = np.array([g(np.array(x)) for x in arrangements(values)])
        result = global_g(values, graph, seed=1)
        observed = g(values.to_numpy())
        assert result.statistic == pytest.approx(observed)
        assert result.expectation == pytest.approx(every.mean())
        assert result.z == pytest.approx((observed - every.mean()) / every.std())
        exact = min(1, 2 * min(np.mean(every >= observed - 1e-12), np.mean(every <= observed + 1e-12)))
        assert result.p == pytest.approx(exact, abs=0.01)

    def test_refuses_values_below_zero_and_lone_values(self, rooks):
        weights = rooks(3, 3)
        values = pd.Series(0.0, index=weights.ids)
        values["r0c0"] = -1.0
        with pytest.raises(StatisticsError) as caught:
            global_g(values, weights, **QUICK)
        assert "below zero: r0c0" in str(caught.value)
        assert "fewer than two" in str(caught.value)
