"""Join counts by hand, by enumeration of every arrangement, and the exact local tail."""

from __future__ import annotations

from itertools import permutations as arrangements

import numpy as np
import pandas as pd
import pytest

from analysis.join_count import join_counts, local_join_count
from analysis.weights import from_edges
from geo.errors import StatisticsError

QUICK = {"seed": 1, "permutations": 1999}
PAIRS = (("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "c"), ("e", "f"), ("b", "f"))


def test_a_chequered_lattice_by_hand(rooks):
    # 4 × 4, top half of the kind: 24 joins, 10 inside each half, 4 across (the published count for this lattice).
    weights = rooks(4, 4)
    kind = pd.Series([1] * 8 + [0] * 8, index=weights.ids)
    frame = join_counts(kind, weights, **QUICK).to_frame()
    assert frame["statistic"].tolist() == [10, 10, 4]
    assert frame["z"].iloc[2] < -2


def test_moments_are_those_of_all_arrangements(mutual):
    graph = mutual(*PAIRS)
    w = graph.sparse().toarray()
    kind = pd.Series([1, 1, 0, 1, 0, 0], index=graph.ids)
    every = []
    for order in arrangements(kind):
        x = np.array(order)
        every.append((x @ w @ x / 2, (1 - x) @ w @ (1 - x) / 2, x @ w @ (1 - x)))
    mean, deviation = np.mean(every, axis=0), np.std(every, axis=0)
    frame = join_counts(kind, graph, **QUICK).to_frame()
    x = kind.to_numpy()
    observed = [x @ w @ x / 2, (1 - x) @ w @ (1 - x) / 2, x @ w @ (1 - x)]
    assert frame["statistic"].tolist() == pytest.approx(observed)
    assert frame["expectation"].tolist() == pytest.approx(mean.tolist())
    assert frame["z"].tolist() == pytest.approx(((observed - mean) / deviation).tolist())
    every = np.array(every)
    for at in range(3):
        upper, lower = np.mean(every[:, at] >= observed[at] - 1e-9), np.mean(every[:, at] <= observed[at] + 1e-9)
        assert frame["p"].iloc[at] == pytest.approx(min(1, 2 * min(upper, lower)), abs=0.05)


def test_local_tail_is_exact(mutual):
    graph = mutual(*PAIRS)
    w = graph.sparse().toarray()
    kind = pd.Series([1, 1, 0, 1, 0, 0], index=graph.ids)
    x = kind.to_numpy()
    result = local_join_count(kind, graph, seed=1, correction="none", alternative="greater")
    for at in np.flatnonzero(x):
        others = [i for i in range(6) if i != at]
        draws = []
        for order in arrangements(others):
            placed = x.copy()
            placed[others] = x[list(order)]
            draws.append(w[at] @ placed)
        assert result.frame["p"].iloc[at] == pytest.approx(np.mean(np.array(draws) >= w[at] @ x))
    assert list(result.frame["class"][x == 0]) == ["not-testable"] * 3
    assert result.parameters["m"] == 3
    assert result.parameters["method"] == "exact"


def test_together_and_apart(rooks):
    weights = rooks(12, 12)
    kind = pd.Series(0, index=weights.ids).astype(bool)
    kind[[f"r{i}c{j}" for i in range(4) for j in range(4)]] = True
    result = local_join_count(kind, weights, seed=1)
    assert result.frame.loc["r1c1", "class"] == "together"
    assert result.frame.loc["r0c0", "testable"]


def test_refuses_what_is_no_kind(mutual, rooks):
    graph = mutual(*PAIRS)
    with pytest.raises(StatisticsError, match="found 2, 3"):
        join_counts(pd.Series([1, 2, 3, 0, 0, 1], index=graph.ids), graph, **QUICK)
    with pytest.raises(StatisticsError, match="found no, yes"):
        local_join_count(pd.Series(["yes", "no"] * 3, index=graph.ids), graph, **QUICK)
    one_way = from_edges(pd.DataFrame([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")], columns=["from", "to"]))
    with pytest.raises(StatisticsError, match="both ways"):
        join_counts(pd.Series([1, 0, 1, 0], index=one_way.ids), one_way, **QUICK)
    weights = rooks(4, 4)
    with pytest.raises(StatisticsError, match="constant"):
        join_counts(pd.Series(1, index=weights.ids), weights, **QUICK)


def test_missing_kinds(rooks):
    weights = rooks(4, 4)
    kind = pd.Series([True, False] * 8, index=weights.ids, dtype="boolean")
    kind["r0c0"] = pd.NA
    assert local_join_count(kind, weights, seed=1).frame.loc["r0c0", "class"] == "no-data"
    assert join_counts(kind, weights, **QUICK).both.n == 15
