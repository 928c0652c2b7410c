"""Trends: slopes by hand and by simulation, five words, windows that overlap, breaks."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.change.straight_lines import slopes
from analysis.change.trend import trend_of
from boundaries.series import Break
from geo.errors import StatisticsError
from tests.analysis.change.toys import series

TIME = np.arange(5.0)


def test_without_serial_correlation_the_slope_is_least_squares():
    # y = t + e, e = 0.1, −0.4, 0.6, −0.4, 0.1 sums to 0 and is at right angles to t: slope 1, Σe² = 0.7, se = √(0.7 / 3 / 10)
    found = slopes(TIME, np.tile(TIME + np.array([0.1, -0.4, 0.6, -0.4, 0.1]), (6, 1)))
    assert found.serial == 0
    assert found.slope == pytest.approx(np.ones(6))
    assert found.se == pytest.approx(np.full(6, (0.7 / 30) ** 0.5))
    assert found.df == pytest.approx(np.full(6, 3.0))


def test_known_errors_weigh_and_leave_normal_doubt():
    rng = np.random.default_rng(2)
    errors = rng.uniform(0.5, 2.0, (400, 8))
    truth = rng.normal(0, 5, 400)
    time = np.arange(8.0)
    values = truth[:, None] + 0.3 * time + errors * rng.normal(size=errors.shape)
    found = slopes(time, values, errors)
    assert found.movement < 0.6
    assert found.slope.mean() == pytest.approx(0.3, abs=0.03)
    assert ((found.lower < 0.3) & (found.upper > 0.3)).mean() == pytest.approx(0.95, abs=0.03)
    one = 1 / errors[0] ** 2
    centred = time - np.average(time, weights=one)
    assert found.se[0] >= (one * centred**2).sum() ** -0.5 - 1e-12  # what the known errors alone leave


def test_what_lasts_from_year_to_year_widens_the_interval():
    rng = np.random.default_rng(3)
    time = np.arange(10.0)
    wander = np.zeros((400, 10))
    wander[:, 0] = rng.normal(size=400)
    for step in range(1, 10):
        wander[:, step] = 0.6 * wander[:, step - 1] + 0.8 * rng.normal(size=400)
    found = slopes(time, wander)
    assert found.serial in (0.4, 0.6, 0.8)
    assert (found.p < 0.05).mean() < 0.1
    plain = np.polyfit(time, wander.T, 1)
    rest = wander - (plain[1] + np.outer(time, plain[0])).T
    naive = np.sqrt((rest**2).sum(axis=1) / 8 / 82.5)
    assert (np.abs(plain[0] / naive) > 2.306).mean() > 0.12  # taken as independent, noise trends


def test_areas_with_few_figures_get_no_slope_and_lines_are_exact():
    values = np.vstack([2 * TIME, np.where(TIME == 2, np.nan, TIME), np.ones(5)])
    found = slopes(TIME, values)
    assert found.slope[0] == pytest.approx(2.0)
    assert (found.p[0], found.p[2]) == (pytest.approx(0.0, abs=1e-6), 1.0)
    assert np.isnan(found.slope[1])
    assert found.used.tolist() == [5, 4, 5]


def test_shapes_and_times_that_cannot_be_are_refused():
    with pytest.raises(StatisticsError, match="no line can be fitted") as refused:
        slopes(np.array([0.0, 2.0, 1.0]), np.ones((2, 4)), -np.ones((2, 3)))
    assert len(refused.value.faults) == 4


def trending(slope, n=40, periods=8, **how):
    rng = np.random.default_rng(7)
    time = np.arange(periods)
    values = 50 + np.where(np.arange(n) < 5, slope, 0.0)[:, None] * time + rng.normal(size=(n, periods))
    return series(values, 1.0, **how)


@pytest.mark.parametrize(
    ("favourable", "slope", "word"),
    [("high", -2, "getting-worse"), ("high", 2, "getting-better"), ("low", 2, "getting-worse"), ("none", 2, "rising")],
)
def test_the_words_follow_which_end_is_good(favourable, slope, word):
    found = trend_of(trending(slope, favourable=favourable))
    assert found.frame["word"].iloc[:5].tolist() == [word] * 5
    assert (found.frame["word"].iloc[5:] == "no-clear-change").mean() > 0.9
    assert found.unit == "% a year"
    assert found.least_p == pytest.approx(2 / 40320)
    assert found.frame["mann_kendall_p"].iloc[0] < 0.01
    assert f"5 {word}" in repr(found)


def test_five_periods_are_needed():
    found = trend_of(trending(3, periods=4))
    assert set(found.frame["word"]) == {"too-few-periods"}
    assert np.isnan(found.frame["mann_kendall_p"]).all()


def test_rolling_windows_are_thinned_to_those_that_share_no_day():
    windows = [f"{year} to {year + 2}" for year in range(2010, 2018)]
    found = trend_of(series(trending(3).value, 1.0, periods=windows))
    assert found.periods == ("2011 to 2013", "2014 to 2016", "2017 to 2019")
    assert set(found.frame["word"]) == {"too-few-periods"}


def test_only_what_stands_after_the_last_break_is_trended():
    made = trending(2, breaks=[Break("2024", "definition", "asked otherwise")])
    assert trend_of(made).periods == ("2024", "2025", "2026", "2027")
    assert trend_of(trending(2), most=6).periods == tuple(str(year) for year in range(2022, 2028))


def test_scores_of_which_one_period_has_another_base_are_not_comparable():
    scores = np.array([-1.5, -0.5, 0.0, 0.5, 1.5])
    made = series(np.outer(scores, [1, 1, 1, 1, 3, 1]), measure="index", unit="z")
    found = trend_of(made)
    assert set(found.frame["word"]) == {"not-comparable"}
    assert found.reason.endswith("2024")
    whole = trend_of(series(np.outer(scores, [1, 1, 1, 1, 1]), measure="index", unit="z"))
    assert (whole.base, set(whole.frame["word"])) == ("relative", {"no-clear-change"})


def test_areas_not_covered_and_figures_of_other_areas_get_no_word():
    made = trending(2)
    status, quality = made.status.copy(), made.quality.copy()
    status[6], quality[7, 3] = "not_covered", "inherited"
    words = trend_of(series(made.value, 1.0, status=status, quality=quality, periods=made.periods)).frame["word"]
    assert words.iloc[[6, 7]].tolist() == ["not-covered", "not-comparable"]


def test_the_fingertips_rule_by_name():
    found = trend_of(trending(2), rule="fingertips")
    assert found.frame["word"].iloc[:5].tolist() == ["getting-better"] * 5
    assert found.rule == "fingertips"
    assert found.to_dict()["words"]["getting-better"] >= 5
    with pytest.raises(StatisticsError, match="no published error"):
        trend_of(series(trending(2).value), rule="fingertips")


def test_trends_that_would_mean_nothing_are_refused_at_once():
    with pytest.raises(StatisticsError, match="has no trend") as refused:
        trend_of(trending(2, measure="category"), rule="eye", most=3)
    assert len(refused.value.faults) == 3


def test_money_is_trended_against_the_national_figure():
    values = np.outer(np.linspace(400, 600, 12), 1.05 ** np.arange(6))
    made = series(values, unit="£", averages=[{"K02000001": 500 * 1.05**step} for step in range(6)])
    found = trend_of(made)
    assert (found.base, found.against) == ("relative", "national")
    assert found.frame["slope"].abs().max() < 1e-9
    assert found.to_dict()["movement"] is None
