"""Geary's C by hand and by enumeration."""

from __future__ import annotations

from itertools import permutations as arrangements

import numpy as np
import pandas as pd
import pytest

from analysis.geary import GEARY_CLASSES, global_geary, local_geary
from analysis.weights.graph import Weights
from geo.errors import StatisticsError

QUICK = {"seed": 1, "permutations": 1999}
PAIRS = (("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "c"), ("e", "f"))


def row_standardised(weights):
    w = weights.sparse().toarray()
    return w / w.sum(axis=1, keepdims=True)


def test_global_moments_and_p_are_those_of_all_arrangements(mutual):
    graph = mutual(*PAIRS)
    values = pd.Series([1.0, 2, 2, 7, 9, 4], index=graph.ids)
    w = row_standardised(graph)

    def geary(x):
        z = x - x.mean()
        return (len(x) - 1) * (w * np.subtract.outer(x, x) ** 2).sum() / (2 * w.sum() * (z @ z))

    every = np.array([geary(np.array(x)) for x in arrangements(values)])
    result = global_geary(values, graph, seed=1)
    observed = geary(values.to_numpy())
    assert result.statistic == pytest.approx(observed)
    assert result.expectation == pytest.approx(every.mean()) == 1.0
    assert result.z == pytest.approx((observed - every.mean()) / every.std())
    exact = min(1, 2 * min(np.mean(every >= observed - 1e-12), np.mean(every <= observed + 1e-12)))
    assert result.p == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize("uneven", [False, True])
def test_local_moments_and_p_are_those_of_all_arrangements(mutual, uneven):
    graph = mutual(*PAIRS)
    if uneven:
        data = np.linspace(1, 2, len(graph.data))
        graph = Weights(graph.ids, graph.indptr, graph.indices, data, "uneven", graph.audit)
    values = pd.Series([1.0, 2, 2, 7, 9, 4], index=graph.ids)
    w = row_standardised(graph)
    z = ((values - values.mean()) / values.std()).to_numpy()
    frame = local_geary(values, graph, correction="none", seed=1).frame
    for at in range(6):
        others = [i for i in range(6) if i != at]
        draws = []
        for order in arrangements(others):
            placed = z.copy()
            placed[others] = z[list(order)]
            draws.append(w[at] @ (z[at] - placed) ** 2)
        draws = np.array(draws)
        observed = w[at] @ (z[at] - z) ** 2
        row = frame.iloc[at]
        assert row["statistic"] == pytest.approx(observed)
        assert row["expectation"] == pytest.approx(draws.mean())
        assert row["z"] == pytest.approx((observed - draws.mean()) / draws.std())
        exact = min(1, 2 * min(np.mean(draws >= observed - 1e-9), np.mean(draws <= observed + 1e-9)))
        assert row["p"] == pytest.approx(exact, abs=0.012)


def test_classes(rooks):
    weights = rooks(8, 8)
    values = pd.Series(np.random.default_rng(0).normal(size=64), index=weights.ids)
    values[[f"r{i}c{j}" for i in range(3) for j in range(3)]] = 3.0 + np.arange(9) / 1000
    values[[f"r{i}c{j}" for i in range(5, 8) for j in range(5, 8)]] = -3.0 + np.arange(9) / 1000
    # An outlier differs from anybody; "different" is an area whose neighbours are further from it than others would be.
    values["r6c1"] = 0.0
    values[["r5c1", "r7c1", "r6c0", "r6c2"]] = [12.0, 13.0, 14.0, 15.0]
    result = local_geary(values, weights, correction="none", seed=1)
    assert result.frame.loc["r6c1", "class"] == "different"
    assert result.frame.loc["r0c0", "class"] == "high-high"
    assert result.frame.loc["r7c7", "class"] == "low-low"
    assert set(result.frame["class"]) <= set(GEARY_CLASSES)


def test_analytical_choices(rooks, white):
    weights = rooks(8, 8)
    for side in ("two-sided", "greater", "less"):
        draws = local_geary(white(weights), weights, alternative=side, seed=1, permutations=4999).frame["p"]
        curve = local_geary(white(weights), weights, alternative=side, seed=1, method="normal").frame["p"]
        assert np.corrcoef(draws, curve)[0, 1] > 0.8
    with pytest.raises(StatisticsError, match="no saddlepoint"):
        local_geary(white(weights), weights, seed=1, method="saddlepoint")


def test_workers_do_not_matter(rooks, white):
    weights = rooks(8, 8)
    one = local_geary(white(weights), weights, seed=1, permutations=40_000).frame
    two = local_geary(white(weights), weights, seed=1, permutations=40_000, workers=2).frame
    pd.testing.assert_frame_equal(one, two)


def test_missing_and_lone_areas(mutual):
    graph = mutual(*PAIRS, ids=["a", "b", "c", "d", "e", "f", "island"])
    values = pd.Series([1.0, 2, 2, 7, np.nan, 4, 5], index=graph.ids)
    kinds = local_geary(values, graph, correction="none", **QUICK).frame["class"]
    assert kinds["e"] == "no-data"
    assert kinds["f"] == kinds["island"] == "not-testable"
