"""Robustness: what every choice agrees on, what only some find, and how the count depends on the choice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.robustness import ROBUSTNESS_CLASSES, agreement, codes_by_class, robustness, scale_agreement
from analysis.significance import GI_CLASSES, MORAN_CLASSES, LocalResult
from analysis.weights import build_weights
from geo.errors import StatisticsError


def run(*classes):
    """Return a result with these classes on areas a, b, c …."""
    return LocalResult("local-moran", pd.DataFrame({"class": list(classes)}, index=list("abcdefg")[: len(classes)]))


def hotspot(boundaries, seed=0):
    """Return noise with a high and a low corner."""
    codes = pd.Index(boundaries.frame["code"])
    values = pd.Series(np.random.default_rng(seed).normal(scale=0.3, size=len(codes)), index=codes)
    row = codes.str.extract(r"r(\d+)c(\d+)").astype(int).to_numpy()
    values[(row < 3).all(axis=1)] += 5
    values[(row > row.max() - 3).all(axis=1)] -= 5
    return values


def test_classes_by_hand():
    results = {
        ("w1", 1, 0.05): run("low-low", "low-low", "low-low", "not-significant", "not-testable", "no-data", "high-low"),
        ("w2", 1, 0.05): run(
            "low-low", "low-low", "high-high", "not-significant", "not-testable", "no-data", "high-low"
        ),
        ("w3", 1, 0.05): run(
            "low-low", "not-significant", "high-low", "not-significant", "not-testable", "no-data", "high-low"
        ),
    }
    found = agreement(results, classes=MORAN_CLASSES, parameters={})
    assert found.frame["class"].tolist() == ["core", "probable", "contested", "none", "not-testable", "no-data", "core"]
    assert found.frame["direction"].tolist()[:2] == ["low", "low"]
    assert found.frame["direction"]["d"] == ""
    assert found.frame["direction"]["g"] == "high-low"
    assert found.frame["share"].tolist()[:4] == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert found.frame["share"][["e", "f"]].isna().all()
    assert found.table["low-low"].tolist() == [3, 2, 1]
    assert found.codes("core", "low") == ("a",)
    assert codes_by_class(found, ("core", "probable")) == {"core low": ("a",), "probable low": ("b",)}


def test_in_half_of_the_runs_is_not_in_more_than_half():
    results = {
        ("w1", 1, 0.05): run("low-low", "low-low", "low-low"),
        ("w2", 1, 0.05): run("not-significant", "low-low", "not-significant"),
        ("w3", 1, 0.05): run("low-low", "low-low", "not-significant"),
        ("w4", 1, 0.05): run("not-significant", "not-significant", "not-testable"),
    }
    found = agreement(results, classes=MORAN_CLASSES, parameters={})
    assert found.frame["share"].tolist() == pytest.approx([1 / 2, 3 / 4, 1 / 3])
    assert found.frame["class"].tolist() == ["contested", "probable", "contested"]


def test_an_area_that_the_reported_run_cannot_test_is_not_made_core_by_another():
    results = {
        ("w1", 1, 0.05): run("not-testable", "low-low"),
        ("w2", 1, 0.05): run("high-high", "low-low"),
        ("w3", 1, 0.05): run("not-testable", "not-testable"),
    }
    found = agreement(results, classes=MORAN_CLASSES, parameters={})
    assert found.frame.loc["a", ["class", "runs", "share"]].tolist() == ["not-testable", 1, 1.0]
    assert found.frame.loc["b", ["class", "runs", "share"]].tolist() == ["core", 2, 1.0]


@pytest.mark.parametrize("statistic", ["moran", "g-star"])
def test_the_grid_is_run(chessboard, statistic):
    board = chessboard(9, 9)
    values = hotspot(board)
    values["r4c4"] = np.nan
    found = robustness(values, board, statistic=statistic, seeds=(1,), alphas=(0.05, 0.01))
    assert len(found.table) == 3 * 2
    assert set(found.frame["class"]) <= set(ROBUSTNESS_CLASSES)
    assert found.frame.loc["r4c4", "class"] == "no-data"
    assert found.frame.loc["r1c1", ["class", "direction"]].tolist() == ["core", "high"]
    assert found.frame.loc["r7c7", ["class", "direction"]].tolist() == ["core", "low"]
    classes = MORAN_CLASSES if statistic == "moran" else GI_CLASSES
    assert (found.table[list(classes)].sum(axis=1) == 81).all()
    lines = found.lines()
    assert lines[0].startswith("Areas in low clusters: ")
    assert "by the 6 nearest areas" in lines[0]
    assert repr(found).startswith("Robustness(6 runs: ")


def test_weights_that_exist_are_used_and_areas_not_covered_left_out(chessboard):
    board = chessboard(8, 8)
    values = hotspot(board).drop(["r7c0", "r7c1"])
    ready = build_weights(board, policy="rook")
    found = robustness(values, board, policies=("rook", "knn4"), seeds=(1,), built={"rook": ready})
    assert list(found.frame.index) == list(values.index)


def test_refuses_an_empty_grid(chessboard):
    board = chessboard(3, 3)
    with pytest.raises(StatisticsError) as caught:
        robustness(hotspot(board), board, statistic="median", policies=(), seeds=(), alphas=())
    for word in ("no policies", "no seeds", "no alphas", "'median'"):
        assert word in str(caught.value)


def test_scales_are_crossed():
    fine = run("low-low", "low-low", "not-significant", "high-high")
    coarse = LocalResult(
        "local-moran", pd.DataFrame({"class": ["low-low", "not-significant"]}, index=["north", "south"])
    )
    members = pd.DataFrame({"code": ["north", "north", "south", "south"], "member": list("abcd")})
    table = scale_agreement(fine, coarse, members)
    assert table.loc["low-low", "low-low"] == 2
    assert table.loc["high-high", "not-significant"] == 1
    with pytest.raises(StatisticsError) as caught:
        scale_agreement(fine, coarse, pd.DataFrame({"code": ["north", "south"], "member": ["a", "a"]}))
    assert "several larger areas: a" in str(caught.value)
    assert "no larger area: b, c, d" in str(caught.value)
