"""Two periods compared: by hand, by published figures, and everything that is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analysis.change.comparing import Comparing, change_between, difference
from boundaries.areas.loading import load_boundary_set
from boundaries.series import Break, series_of
from boundaries.sources.els import read_all
from geo.errors import StatisticsError
from tests.analysis.change.toys import drawn, series


def test_the_difference_and_its_error_by_hand():
    one = np.array([10.0])
    change, se = difference(one, one + 4, np.array([3.0]), np.array([4.0]))
    assert (change[0], se[0]) == (4.0, 5.0)  # √(9 + 16)
    assert difference(one, one, np.array([3.0]), np.array([4.0]), rho=0.5)[1][0] == pytest.approx(13**0.5)  # 25 − 12
    assert np.isnan(difference(one, one, np.array([np.nan]), np.array([4.0]))[1][0])


def test_changes_beyond_error_are_named_by_which_end_is_good():
    _, values = drawn(200, seed=2)
    values[0, 1], values[1, 1] = values[0, 0] + 12, values[1, 0] - 12
    for favourable, words in (
        ("high", ("improving", "regressing")),
        ("low", ("regressing", "improving")),
        ("none", ("rising", "falling")),
    ):
        found = change_between(series(values, 1.0, favourable=favourable), "2020", "2021")
        assert tuple(found.frame["verdict"].iloc[:2]) == words
        assert found.frame["verdict"].iloc[2] == "not-clear"
        assert found.named(*words).index.tolist() in (["a0", "a1"], ["a1", "a0"])
    assert found.frame["p_rise"].iloc[0] > 0.99
    assert found.frame["lower"].iloc[0] > 0
    assert found.counts.false_up == pytest.approx(1 - found.frame["p_rise"].iloc[0])
    assert "1 up, 1 down of 200" in repr(found)


def test_windows_that_overlap_bring_their_own_correlation():
    _, values = drawn(50, seed=4)
    windows = ("2018 to 2020", "2019 to 2021")
    found = change_between(series(values, 1.0, periods=windows), *windows)
    assert (found.rho, found.rho_basis) == (pytest.approx(2 / 3, abs=0.001), "windows")
    assert found.frame["se"].iloc[0] == pytest.approx(2**0.5 * 0.577, abs=0.001)
    assert found.bracket == ()


def test_a_correlation_nobody_states_is_taken_as_none_and_bracketed():
    _, values = drawn(300, moved=1.5, seed=4)
    found = change_between(series(values, 1.0), "2020", "2021")
    assert (found.rho, found.rho_basis) == (0.0, "independent")
    assert [one.rho for one in found.bracket] == [0.0, 0.5]
    assert (found.bracket[0].up, found.bracket[0].down) == (found.counts.up, found.counts.down)
    stated = change_between(series(values, 1.0), "2020", "2021", Comparing(rho=0.5))
    assert stated.rho_basis == "stated"
    assert [one.rho for one in stated.bracket] == [0.0]
    assert stated.bracket[0].false > 2 * (stated.counts.false_up + stated.counts.false_down)
    assert (found.bracket[1].up, found.bracket[1].down) == (stated.counts.up, stated.counts.down)


def test_delta_is_a_tenth_of_the_spread_of_the_truths():
    _, values = drawn(600, spread=4.0, error=2.0, seed=6)
    found = change_between(series(values, 2.0), "2020", "2021")
    assert found.beyond == pytest.approx(0.4, abs=0.04)
    assert found.beyond_basis == "tenth-of-spread"
    assert change_between(series(values, 2.0), "2020", "2021", Comparing(beyond=1.0)).beyond == 1.0
    # of figures that were modelled, the variance of the truths is that of the figures and their own: 16 + 4 + 4
    modelled = change_between(series(values, 2.0), "2020", "2021", Comparing(modelled=True))
    assert modelled.beyond == pytest.approx(24**0.5 / 10, abs=0.05)
    assert modelled.modelled


def test_without_errors_nothing_is_named():
    _, values = drawn(50, moved=5.0)
    found = change_between(series(values), "2020", "2021")
    assert set(found.frame["verdict"]) == {"error-unknown"}
    assert found.posterior is None
    assert found.counts.compared == 0
    assert found.beyond == pytest.approx(values[:, 0].std() / 10)
    few = change_between(series(values[:3], 1.0), "2020", "2021")
    assert set(few.frame["verdict"]) == {"error-unknown"}


def test_areas_without_figures_are_told_from_those_that_cannot_be_compared():
    _, values = drawn(20)
    values[1, 0] = np.nan
    quality = np.full(values.shape, "exact", dtype=object)
    quality[2, 0], quality[3, 1], quality[4, 0] = "approximate", "inherited", "carried"
    status = np.full(values.shape, "ok", dtype=object)
    status[5], values[5] = "not_covered", np.nan
    errors = np.ones(values.shape)
    errors[6, 1] = np.nan
    made = series(values, errors, measure="median", unit="minutes", quality=quality, status=status)
    verdicts = change_between(made, "2020", "2021").frame["verdict"].tolist()
    assert verdicts[:7] == [
        "not-clear",
        "no-data",
        "not-comparable",
        "not-comparable",
        "not-clear",
        "not-covered",
        "error-unknown",
    ]
    rates = series(values, errors, quality=quality, status=status)
    assert change_between(rates, "2020", "2021").frame["verdict"].iloc[2] == "not-clear"  # a rate may be merged


def test_money_moves_against_the_national_figure_only():
    _, values = drawn(50)
    made = series(values, 1.0, unit="£", measure="median", averages=({"K02000001": 60.0}, {"K02000001": 66.0}))
    found = change_between(made, "2020", "2021")
    assert (found.base, found.against, found.unit) == ("relative", "national", "percentage points")
    expected = 100 * values[0, 1] / 66 - 100 * values[0, 0] / 60
    assert found.frame["change"].iloc[0] == pytest.approx(expected)


def test_scores_standardised_in_every_period_are_relative():
    scores = np.array([-1.5, -0.5, 0.0, 0.5, 1.5])
    made = series(np.column_stack([scores, scores[::-1]]), measure="index", unit="z")
    found = change_between(made, "2020", "2021")
    assert (found.base, found.base_reason) == ("relative", "same-moments")


@pytest.mark.parametrize(
    ("made", "since", "period", "said"),
    [
        (series([[1.0]] * 5), "2020", "2020", "it has one period (2020)"),
        (series([[1.0, 2.0]] * 5), "2021", "2020", "'2021' is not before '2020'"),
        (series([[1.0, 2.0]] * 5, measure="category"), "2020", "2021", "it is a category"),
        (
            series([[1.0, 2.0]] * 5, breaks=[Break("2021", "definition", "another question was asked")]),
            "2020",
            "2021",
            "breaks in 2021 (definition): another question was asked",
        ),
        (
            series(np.outer([-1.5, -0.5, 0.0, 0.5, 1.5], [1, 1, 3, 1]), measure="index", unit="z"),
            "2021",
            "2022",
            "2022 is standardised on another base",
        ),
    ],
)
def test_comparisons_that_would_be_false_are_refused(made, since, period, said):
    with pytest.raises(StatisticsError) as refused:
        change_between(made, since, period)
    assert said in str(refused.value)


def test_choices_out_of_range_are_refused_at_once():
    with pytest.raises(StatisticsError, match="cannot be compared so") as refused:
        Comparing(rho=1.0, beyond=-1.0, mean_error=0.0)
    assert len(refused.value.faults) == 3


def published(real_data, file, outcome):
    path = real_data / "outcomes" / "els" / file / f"{file}.csv"
    (found,) = (one for one in read_all(path) if one.meta.id == outcome)
    return series_of(found, load_boundary_set("LAD", dt.date(2025, 4, 1)))


@pytest.mark.real_data
def test_employment_2018_to_2023_as_checked(real_data):
    made = published(real_data, "employment-rate", "employment-rate")
    found = change_between(made, "2018-01-01/P1Y", "2023-01-01/P1Y")
    assert found.counts.clear_up + found.counts.clear_down == 35
    assert found.counts.by_chance == pytest.approx(17.4)
    assert found.counts.corrected == 2
    assert (found.base, found.counts.compared) == ("fixed", 348)
    assert found.counts.false_up + found.counts.false_down < 0.05 * (found.counts.up + found.counts.down) + 1e-9


@pytest.mark.real_data
@pytest.mark.parametrize(("rho", "se"), [(0.0, 2.6927), (0.5, 1.9045)])
def test_pay_2024_to_2025_by_hand(real_data, rho, se):
    # Birmingham £565.40 (se 11.8736) of £613.50 and £601.40 (se 12.0282) of £642.50: 92.1597 and 93.6031 %;
    # errors 1.93539 and 1.87210 points: √(3.74573 + 3.50476 − 2ρ·3.62325)
    made = published(real_data, "gross-median-weekly-pay", "gross-median-weekly-pay")
    found = change_between(made, "2024", "2025", Comparing(rho=rho))
    assert (found.since, found.period) == ("2024-04-17", "2025-04-30")
    row = found.frame.loc["E08000025"]
    assert row["change"] == pytest.approx(1.4434, abs=5e-4)
    assert row["se"] == pytest.approx(se, abs=5e-4)
    assert (found.against, found.base, found.whole) == ("national", "relative", "K02000001")
