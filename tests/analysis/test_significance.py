"""Corrections and the number of permutations they need."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.moran import local_moran
from analysis.significance import (
    CORRECTIONS,
    GlobalResult,
    Inference,
    LocalResult,
    adjust,
    k_star,
    p_values,
    permutations_needed,
)
from geo.errors import StatisticsError

P = arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 1))


class TestAdjust:
    def test_by_hand(self):
        # Sorted 0.01 0.02 0.03 0.5, m = 4: p·m/rank = 0.04 0.04 0.04 0.5; minimum from the right leaves them.
        p = np.array([0.03, 0.5, 0.01, 0.02])
        assert adjust(p).tolist() == pytest.approx([0.04, 0.5, 0.04, 0.04])
        # 1 + 1/2 + 1/3 + 1/4 = 25/12.
        assert adjust(p, "fdr_by").tolist() == pytest.approx([0.04 * 25 / 12, 1.0, 0.04 * 25 / 12, 0.04 * 25 / 12])
        assert adjust(p, "bonferroni").tolist() == pytest.approx([0.12, 1.0, 0.04, 0.08])
        assert adjust(p, "none").tolist() == p.tolist()

    @given(P)
    def test_equals_scipy(self, p):
        from scipy.stats import false_discovery_control  # noqa: PLC0415

        assert adjust(p) == pytest.approx(false_discovery_control(p), abs=1e-12)
        assert adjust(p, "fdr_by") == pytest.approx(false_discovery_control(p, method="by"), abs=1e-12)

    @given(P, st.sampled_from(CORRECTIONS))
    def test_never_smaller_keeps_order_and_ignores_missing(self, p, method):
        q = adjust(p, method)
        assert (q >= p - 1e-15).all()
        assert (q <= 1).all()
        assert (np.diff(q[np.argsort(p, kind="stable")]) >= -1e-15).all()
        holes = np.insert(p, 0, np.nan)
        assert np.isnan(adjust(holes, method)[0])
        assert adjust(holes, method)[1:] == pytest.approx(q)

    def test_nothing_to_adjust(self):
        assert np.isnan(adjust(np.array([np.nan, np.nan]))).all()
        assert len(adjust(np.array([]))) == 0

    def test_refuses_what_is_no_p(self):
        with pytest.raises(StatisticsError, match="outside 0 to 1"):
            adjust(np.array([1.5]))
        with pytest.raises(StatisticsError, match="'holm' is not known"):
            adjust(np.array([0.5]), "holm")


class TestPermutationsNeeded:
    def test_k_star_by_hand(self):
        # ⌈2·361 / (0.05·1000)⌉ = ⌈14.44⌉; a single discovery needs P + 1 ≥ 2·361 / 0.05 = 14,440.
        assert k_star(361, 0.05, 999) == 15
        assert k_star(361, 0.05, 14_439) == 1
        assert k_star(361, 0.05, 14_438) == 2
        assert k_star(361, 0.05, 999, tails=1) == 8
        assert k_star(1, 0.05, 39, correction="none") == 1

    @given(st.integers(20, 50_000), st.sampled_from(CORRECTIONS), st.sampled_from([1, 2]))
    def test_what_is_needed_is_enough_and_one_fewer_is_not(self, m, correction, tails):
        needed = permutations_needed(m, 0.05, correction=correction, tails=tails)
        allowed = max(1, math.floor(0.05 * m)) if correction.startswith("fdr") else 1
        assert k_star(m, 0.05, needed, correction=correction, tails=tails) <= allowed
        assert k_star(m, 0.05, needed - 1, correction=correction, tails=tails) > allowed

    def test_too_few_is_refused_with_the_number_needed(self):
        with pytest.raises(StatisticsError, match="99 permutations are too few") as caught:
            Inference(seed=1, permutations=99).draws(361)
        assert "k* = 145" in str(caught.value)
        assert "permutations=802" in str(caught.value)
        with pytest.raises(StatisticsError, match="bonferroni"):
            Inference(seed=1, permutations=999, correction="bonferroni").draws(361)
        assert Inference(seed=1, permutations=999).draws(361) == 999

    def test_auto_grows_with_the_correction_and_stops(self):
        assert Inference(seed=1).draws(361) == 99_999
        assert Inference(seed=1, permutations=None).draws(361) == 99_999
        assert Inference(seed=1, correction="bonferroni").draws(10_000) == 399_999
        with pytest.raises(StatisticsError, match="more than the 999,999 of auto"):
            Inference(seed=1, correction="bonferroni").draws(50_000)


class TestInference:
    def test_every_fault_at_once(self):
        with pytest.raises(StatisticsError) as caught:
            Inference(
                seed=-1, alternative="both", correction="holm", alpha=5, workers=0, method="magic", permutations=0
            )
        text = str(caught.value)
        for word in ("both", "holm", "magic", "alpha 5", "seed -1", "0 workers", "0 permutations"):
            assert word in text

    def test_sides(self):
        upper, lower = np.array([0, 99, 49]), np.array([99, 0, 60])
        assert p_values(upper, lower, 99).tolist() == pytest.approx([0.02, 0.02, 1.0])
        assert p_values(upper, lower, 99, "greater").tolist() == pytest.approx([0.01, 1.0, 0.5])
        assert p_values(upper, lower, 99, "less").tolist() == pytest.approx([1.0, 0.01, 0.61])

    @given(st.integers(0, 99), st.integers(0, 20))
    def test_sides_add_up(self, above, ties):
        # Every draw is above, below or tied, and ties count on both sides: p_upper + p_lower = 1 + (1 + ties) / (P + 1).
        ties = min(ties, above)
        upper, lower = np.array([above]), np.array([99 - above + ties])
        both = p_values(upper, lower, 99, "greater") + p_values(upper, lower, 99, "less")
        assert both[0] == pytest.approx(1 + (1 + ties) / 100)


def test_a_global_result_is_one_line_and_one_row():
    result = GlobalResult("moran", 0.5, -0.01, 9.0, 0.00002, 100)
    assert repr(result) == "GlobalResult(moran: 0.5000, expected -0.0100, z 9.00, p 2e-05, n 100)"
    assert result.to_frame().loc["moran", "n"] == 100


def test_writing_to_a_copy_leaves_the_result_alone() -> None:
    result = LocalResult(
        "toy", pd.DataFrame({"p": [0.1, 0.2], "class": ["low-low", "not-significant"]}, index=["a", "b"])
    )
    copied = result.to_frame()
    copied.loc["a", "p"] = 0.9
    assert result.frame.loc["a", "p"] == 0.1


def test_a_q_that_equals_the_level_is_significant(rooks) -> None:
    weights = rooks(5, 5)
    values = pd.Series(np.random.default_rng(4).normal(size=25).cumsum(), index=weights.ids)
    how = {"seed": 1, "permutations": 999, "correction": "none"}
    q = local_moran(values, weights, alpha=0.2, **how).frame["q"]
    level = float(q[q.between(0.02, 0.2)].iloc[0])
    found = local_moran(values, weights, alpha=level, **how).frame
    assert (found["q"] == level).any()
    assert ((found["class"] != "not-significant") == (found["q"] <= level)).all()
