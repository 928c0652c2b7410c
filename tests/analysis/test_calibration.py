"""On noise: as many false alarms as the level allows, no more, under every correction; a tilt is found for what it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.geary import local_geary
from analysis.getis_ord import local_g_star
from analysis.moran import global_moran, local_moran, local_moran_many

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
