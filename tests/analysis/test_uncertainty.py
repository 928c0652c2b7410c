"""Uncertainty: draws recover the published intervals, certainty stays certain, and unknown is said."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from analysis.moran import local_moran
from analysis.uncertainty import (
    Drawing,
    noise_from_windows,
    scale_for,
    shares_within,
    spread_of,
    uncertainty,
)
from geo.errors import StatisticsError, TableError


def table(values, *, lower=None, upper=None, se=None):
    blank = pd.Series(np.nan, index=values.index)
    return pd.DataFrame(
        {
            "value": values,
            "lower": blank if lower is None else lower,
            "upper": blank if upper is None else upper,
            "se": blank if se is None else se,
        }
    )


def corners(weights):
    values = pd.Series(np.random.default_rng(0).normal(scale=0.3, size=len(weights)), index=weights.ids)
    values[[f"r{i}c{j}" for i in range(3) for j in range(3)]] += 5
    values[[f"r{i}c{j}" for i in range(6, 9) for j in range(6, 9)]] -= 5
    return values


class TestSpread:
    def test_from_limits_and_from_se(self):
        limits = table(pd.Series([10.0]), lower=10 - norm.ppf(0.975), upper=10 + norm.ppf(0.975))
        assert spread_of(limits, scale="identity").tolist() == pytest.approx([1.0])
        assert spread_of(table(pd.Series([10.0]), se=2.0), scale="identity").tolist() == [2.0]
        assert spread_of(table(pd.Series([10.0]), se=2.0), scale="log").tolist() == pytest.approx([0.2])
        assert spread_of(table(pd.Series([0.5]), se=0.1), scale="logit").tolist() == pytest.approx([0.4])
        assert spread_of(table(pd.Series([50.0]), se=10.0), scale="logit-percent").tolist() == pytest.approx([0.4])
        assert spread_of(limits, scale="identity", level=0.9)[0] > 1

    def test_limits_go_before_se_and_unknown_stays_unknown(self):
        both = table(pd.Series([10.0, 5.0]), lower=pd.Series([8.04, np.nan]), upper=pd.Series([11.96, np.nan]), se=9.0)
        assert spread_of(both, scale="identity").tolist() == pytest.approx([1.0, 9.0], abs=1e-3)
        assert spread_of(table(pd.Series([1.0])), scale="identity").isna().all()

    def test_a_scale_that_cannot_hold_a_value(self):
        bad = table(pd.Series([1.0, -1.0, 2.0], index=list("abc")), se=0.1)
        with pytest.raises(StatisticsError, match="cannot hold 1 of the estimates") as caught:
            spread_of(bad, scale="log")
        assert "areas: b" in str(caught.value)

    @pytest.mark.parametrize(
        ("measure", "unit", "scale"),
        [
            ("rate", "%", "logit-percent"),
            ("median", "£", "log"),
            ("index", "z", "identity"),
            ("count", "people", "log"),
        ],
    )
    def test_scale_for(self, measure, unit, scale):
        assert scale_for(measure, unit) == scale


class TestUncertainty:
    def test_small_errors_change_nothing(self, rooks):
        weights = rooks(9, 9)
        values = corners(weights)
        found = uncertainty(table(values, se=1e-6), weights, Drawing(seed=1, permutations=999, draws=500), average=0.0)
        frame = found.frame
        shares = frame[[f"p_{name}" for name in found.counts.index]]
        assert set(np.unique(shares)) <= {0.0, 1.0}
        assert (shares.sum(axis=1) == 1).all()
        assert frame.loc["r1c1", "p_high-high"] == 1
        assert frame.loc["r7c7", "p_low-low"] == 1
        assert (frame["rank_lower"] == frame["rank"]).all()
        # Fewer permutations for every draw than for the published values: a borderline area may differ, draws may not.
        assert (found.counts["expected"] - found.counts["reported"]).abs().max() <= 2
        assert (found.counts["lower"] == found.counts["upper"]).all()
        published = local_moran(corners(weights), weights, seed=1).counts()
        assert found.counts["reported"].to_dict() == {name: published[name] for name in found.counts.index}
        assert found.not_told == 0
        assert shares_within(found, ["p_low-low"])["p_low-low"] == found.counts.loc["low-low", "expected"]

    def test_large_errors_leave_little(self, rooks):
        weights = rooks(9, 9)
        found = uncertainty(
            table(corners(weights), se=30.0), weights, Drawing(seed=1, permutations=999, draws=500), average=0.0
        )
        assert found.counts.loc["low-low", "expected"] < 1
        assert found.not_told == 81
        # A rank among 81 tells almost nothing: the interval is most of the table.
        assert (found.frame["rank_upper"] - found.frame["rank_lower"]).min() > 60
        assert "81 of 81 areas cannot be told from the average." in found.lines()

    def test_bands_and_tails_match_the_curve(self, rooks):
        weights = rooks(9, 9)
        values = corners(weights)
        drawing = Drawing(seed=1, draws=4000, bands=(-1.0, 1.0), permutations=999)
        frame = uncertainty(table(values, se=1.0), weights, drawing).frame
        below, above = norm.cdf(-1 - values), norm.sf(1 - values)
        # Five standard errors of a share over 4,000 draws.
        assert frame["p_band_1"].to_numpy() == pytest.approx(below, abs=0.04)
        assert frame["p_band_3"].to_numpy() == pytest.approx(above, abs=0.04)
        assert frame[["p_band_1", "p_band_2", "p_band_3"]].sum(axis=1).to_numpy() == pytest.approx(np.ones(81))
        assert frame["p_bottom"].sum() == pytest.approx(8)  # 10 % of 81, in every draw
        assert frame["p_top"].sum() == pytest.approx(8)

    def test_unknown_is_said_and_is_not_zero(self, rooks):
        weights = rooks(9, 9)
        values = corners(weights)
        se = pd.Series(0.5, index=weights.ids)
        se["r1c1"] = np.nan
        values["r5c0"] = np.nan
        found = uncertainty(table(values, se=se), weights, Drawing(seed=1, permutations=999, draws=500), average=1.0)
        assert not found.frame.loc["r1c1", "known"]
        assert found.frame.loc["r1c1", ["p_low-low", "p_bottom", "rank_lower"]].isna().all()
        assert found.frame.loc["r1c1", "against_average"] == "unknown"
        assert found.frame.loc["r5c0", ["p_low-low", "rank_lower"]].isna().all()
        assert found.parameters["unknown"] == 1
        assert found.lines()[0] == "Uncertainty is published for 79 of 81 areas."
        assert found.with_interval == 79

    def test_nothing_published(self, rooks):
        weights = rooks(9, 9)
        found = uncertainty(table(corners(weights)), weights, Drawing(seed=1))
        assert found.lines() == [
            "The publisher gives no uncertainty for this outcome: how sure each value is, is not known."
        ]
        assert list(found.counts.columns) == ["reported"]
        assert found.not_told is None
        assert repr(found) == "Uncertainty(0 of 81 areas known; no average given)"

    def test_published_limits_decide_what_is_told(self, rooks):
        weights = rooks(9, 9)
        values = pd.Series(np.linspace(-4, 4, 81), index=weights.ids)
        found = uncertainty(
            table(values, lower=values - 1, upper=values + 1),
            weights,
            Drawing(seed=1, permutations=999, draws=500),
            average=0.0,
        )
        expected = np.select([values > 1, values < -1], ["above", "below"], "not told")
        assert found.frame["against_average"].tolist() == expected.tolist()
        assert found.not_told == int((abs(values) <= 1).sum())

    @pytest.mark.parametrize("scale", ["log", "logit-percent"])
    def test_draws_stay_inside_their_scale(self, rooks, scale):
        weights = rooks(9, 9)
        values = 5 + corners(weights).clip(-4, 4)
        found = uncertainty(
            table(values, se=2.0),
            weights,
            Drawing(seed=1, permutations=999, draws=500, scale=scale, bands=(0.0, 100.0)),
        )
        assert (found.frame["p_band_1"] == 0).all()
        if scale == "logit-percent":
            assert (found.frame["p_band_3"] == 0).all()

    def test_common_random_numbers(self, rooks):
        weights = rooks(9, 9)
        estimates = table(corners(weights), se=1.0)
        one = uncertainty(estimates, weights, Drawing(seed=3, permutations=999, draws=500))
        two = uncertainty(estimates, weights, Drawing(seed=3, permutations=999, draws=500))
        pd.testing.assert_frame_equal(one.frame, two.frame)
        shifted = estimates.assign(value=estimates["value"] + 100)
        three = uncertainty(shifted, weights, Drawing(seed=3, permutations=999, draws=500))
        pd.testing.assert_series_equal(one.frame["p_low-low"], three.frame["p_low-low"])


class TestRefusals:
    def test_drawing(self):
        with pytest.raises(StatisticsError) as caught:
            Drawing(seed=1, scale="cubic", draws=10, level=2, tail=0, bands=(2.0, 1.0))
        for word in ("cubic", "10 draws", "level 2", "tail 0", "must rise"):
            assert word in str(caught.value)

    def test_table(self, rooks):
        weights = rooks(9, 9)
        with pytest.raises(TableError, match="no column lower, upper, se"):
            uncertainty(pd.DataFrame({"value": corners(weights)}), weights, Drawing(seed=1))
        values = corners(weights)
        wrong = table(values, lower=values + 1, upper=values + 2, se=-1.0)
        with pytest.raises(TableError) as caught:
            uncertainty(wrong, weights, Drawing(seed=1))
        assert "do not enclose" in str(caught.value)
        assert "below zero" in str(caught.value)


class TestNoise:
    def test_estimates_the_noise_around_a_trend(self):
        rng = np.random.default_rng(0)
        trend = np.arange(12) * rng.normal(size=(300, 1))
        noise = noise_from_windows(pd.DataFrame(trend + rng.normal(scale=2.0, size=(300, 12))))
        assert noise["se_estimated"].pow(2).mean() ** 0.5 == pytest.approx(2.0, rel=0.05)
        assert (noise["windows"] == 12).all()

    def test_gaps_and_too_few(self):
        frame = pd.DataFrame([[1.0, 2, 3, 4, 5], [1, np.nan, 3, np.nan, 5]])
        noise = noise_from_windows(frame)
        assert noise["se_estimated"][0] == pytest.approx(0.0)
        assert np.isnan(noise["se_estimated"][1])
        with pytest.raises(StatisticsError, match="3 windows"):
            noise_from_windows(frame.iloc[:, :3])


def test_parameters_can_be_written_as_json(rooks):
    weights = rooks(9, 9)
    found = uncertainty(
        table(corners(weights), se=0.5), weights, Drawing(seed=1, permutations=999, draws=500), average=0.0
    )
    assert json.loads(json.dumps(dict(found.parameters), allow_nan=False))["draws"] == 500
