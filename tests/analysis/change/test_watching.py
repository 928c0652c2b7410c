"""The watch list: who comes first, what is common to all, what was not judged, power, the way back to the mean."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.change.comparing import Comparing, change_between
from analysis.change.flags import COLUMNS, Flag, in_order
from analysis.change.power import chance_of_seeing, power_of, reversion_of
from analysis.change.watching import Watching, earlier_period, runs_of, watch
from boundaries.series import Break, read_deflator
from geo.errors import StatisticsError, TableError
from tests.analysis.change.toys import drawn, series


def falling(*areas, size=12.0, seed=3, n=120, **meta):
    """Return a series in which some areas fell far."""
    _, values = drawn(n, seed=seed)
    values[list(areas), 1] = values[list(areas), 0] - size
    return series(values, 1.0, **meta)


def flag(code, outcome="jobs", p=0.95, **given):
    made = Flag(outcome, "2021", "2020", code, code.upper(), "regressing", -2.0, -3.0, -1.0, p, 1)
    return replace(made, **given)


def test_poor_and_getting_worse_comes_before_all_then_areas_with_several_flags():
    given = [
        flag("a", p=0.999),
        flag("b", p=0.91),
        flag("b", "pay", p=0.92),
        flag("c", p=0.905, level="low", poor_and_worse=True),
        flag("d", p=0.9999, common=True),
        flag("b", "wellbeing", p=1.0, common=True),
    ]
    found = in_order(given)
    assert [(one.code, one.outcome) for one in found] == [
        ("c", "jobs"),
        ("b", "pay"),
        ("b", "jobs"),
        ("b", "wellbeing"),
        ("a", "jobs"),
        ("d", "jobs"),
    ]
    assert [one.several for one in found] == [1, 2, 2, 2, 1, 0]


def test_flags_carry_size_probability_level_and_how_many_in_a_row():
    levels = {"jobs": pd.Series({"a0": "low", "a1": "high"})}
    found = watch([falling(0, 1), falling(1, 2, id="pay-gap", favourable="low")], levels=levels)
    assert [(one.code, one.outcome) for one in found.warnings] == [("a0", "jobs"), ("a1", "jobs")]
    assert found.warnings[0].poor_and_worse
    assert not found.warnings[1].poor_and_worse
    first = found.warnings[0]
    assert first.lower < first.change < first.upper < 0
    assert (first.level, first.in_a_row, first.since, first.period) == ("low", 1, "2020", "2021")
    assert {(one.code, one.outcome) for one in found.progress} == {("a1", "pay-gap"), ("a2", "pay-gap")}
    assert found.false_warnings == pytest.approx(sum(1 - one.p for one in found.warnings))
    frame = found.to_frame()
    assert tuple(frame.columns) == COLUMNS
    assert frame["direction"].tolist() == ["regressing"] * 2 + ["improving"] * 2
    only = found.only({"a0"})
    assert [one.code for one in only.warnings] == ["a0"]
    assert only.progress == ()
    assert only.false_warnings == pytest.approx(1 - first.p)
    assert json.dumps(found.to_dict())
    assert "2 warnings" in repr(found)


def test_low_and_falling_where_low_is_good_is_no_warning():
    levels = {"jobs": pd.Series({"a0": "low"})}
    found = watch([falling(0, favourable="low")], levels=levels)
    assert found.warnings == ()
    assert not found.progress[0].poor_and_worse
    rising = watch([falling(0, size=-12, favourable="low")], levels={"jobs": pd.Series({"a0": "high"})})
    assert rising.warnings[0].poor_and_worse


def test_where_neither_end_is_good_there_is_no_warning():
    found = watch([falling(0, favourable="none")])
    assert (found.warnings, found.progress) == ((), ())
    assert [one.direction for one in found.moves] == ["falling"]


def test_what_the_whole_country_did_is_said_once():
    _, values = drawn(200, common=-4.0, seed=5)
    values[0, 1] = values[0, 0] - 20
    found = watch([series(values, 1.0)])
    (common,) = found.everywhere
    assert (common.direction, common.compared) == ("regressing", 200)
    assert common.change == pytest.approx(-4.0, abs=0.4)
    assert common.named > 190
    assert common.further == 1
    assert [one.code for one in found.warnings if not one.common] == ["a0"]
    assert found.warnings[0].code == "a0"


def test_outcomes_that_cannot_be_judged_say_why():
    _, values = drawn(20)
    unjudged = watch(
        [
            series(values[:, :1], 1.0, id="one"),
            series(values, id="bare"),
            series(values, 1.0, id="parted", breaks=[Break("2021", "status", "said so")]),
            series(values, 1.0, id="money", unit="£"),
        ]
    ).unjudged
    assert [(one.outcome, one.reason) for one in unjudged] == [
        ("one", "one-period"),
        ("bare", "error-unknown"),
        ("parted", "no-period-to-compare"),
        ("money", "refused"),
    ]
    assert "national figure" in unjudged[-1].detail[0]


def test_a_deflator_that_lacks_a_year_stops_the_run(tmp_path):
    path = tmp_path / "cpih.csv"
    path.write_text("period,value\n2021,100\n", encoding="utf-8")
    _, values = drawn(20)
    with pytest.raises(TableError, match="lacks prices for 1 of 2"):
        watch([series(values, 1.0, unit="£")], deflator=read_deflator(path))


def years(*names, **how):
    values = np.tile(np.arange(float(len(names))), (6, 1))
    return series(values, 1.0, periods=names, **how)


def test_the_earlier_period_lies_five_years_back_and_shares_no_day():
    made = years(*(str(year) for year in range(2010, 2024)))
    assert earlier_period(made, "2023", Watching()) == "2018"
    assert earlier_period(made, "2023", Watching(years=2)) == "2021"
    assert earlier_period(made, "2023", Watching(since="previous")) == "2022"
    assert earlier_period(made, "2023", Watching(since="first")) == "2010"
    assert earlier_period(made, "2023", Watching(since="2015")) == "2015"
    surveys = years("2018-04-18", "2019-04-10", "2020-04-22", "2021-04-21", "2025-04-30")
    assert earlier_period(surveys, "2025-04-30", Watching()) == "2020-04-22"  # eight days more than five years
    rolling = years(*(f"{year} to {year + 2}" for year in range(2012, 2022)))
    assert earlier_period(rolling, "2021 to 2023", Watching()) == "2016 to 2018"
    assert earlier_period(rolling, "2021 to 2023", Watching(since="previous")) == "2018 to 2020"
    only_overlapping = years("2018 to 2020", "2019 to 2021")
    assert earlier_period(only_overlapping, "2019 to 2021", Watching()) == "2018 to 2020"
    far = years("2001", "2023")
    assert earlier_period(far, "2023", Watching()) == "2001"
    broken = years("2018", "2019", "2020", "2021", breaks=[Break("2020", "definition", "asked otherwise")])
    assert earlier_period(broken, "2021", Watching()) == "2020"
    with pytest.raises(StatisticsError, match="above 0"):
        Watching(years=0)


def test_periods_in_a_row_are_counted_back_from_the_latest():
    values = np.array([[5, 4, 3, 2.0], [1, 2, 1, 0], [1, 2, 3, 3], [3, np.nan, 2, 1], [1, 2, 3, 4], [4, 3, 2, 1]])
    made = series(values, 1.0)
    found = runs_of(made, change_between(made, "2020", "2023"))
    assert found["fall"].tolist() == [3, 2, 0, 1, 0, 3]
    assert found["rise"].tolist() == [0, 0, 0, 0, 3, 0]


def test_money_is_counted_in_a_row_against_the_national_figure(tmp_path):
    values = np.tile([100.0, 104.0, 106.0], (6, 1)) + np.arange(6)[:, None]
    averages = ({"K02000001": 100.0}, {"K02000001": 110.0}, {"K02000001": 120.0})
    made = series(values, 1.0, unit="£", averages=averages)
    found = runs_of(made, change_between(made, "2020", "2022"))
    assert found["fall"].tolist() == [2] * 6  # every pound rose, every share fell
    path = tmp_path / "prices.csv"
    path.write_text("period,value\n2020,100\n2022,150\n", encoding="utf-8")
    prices = read_deflator(path)
    deflated = runs_of(made, change_between(made, "2020", "2022", deflator=prices))
    assert deflated["fall"].tolist() == [1] * 6


def test_power_is_what_simulation_finds():
    _, values = drawn(300, moved=2.0, error=1.0, seed=9)
    found = change_between(series(values, 1.0), "2020", "2021")
    power = power_of(found)
    assert power is not None
    assert power.size is not None
    assert chance_of_seeing(found, -power.size) == pytest.approx(0.2, abs=1e-6)
    assert chance_of_seeing(found, 10.0) > 0.99
    rng = np.random.default_rng(1)
    named = []
    for _ in range(10):
        again = power.size + 2**0.5 * rng.normal(size=300)
        still = found.posterior.about(0.0).had(again)
        named.append((still.rises(found.beyond) >= 0.95).mean())
    assert np.mean(named) == pytest.approx(0.2, abs=0.03)
    with pytest.raises(StatisticsError, match="share"):
        power_of(found, share=1.0)


def test_where_nothing_can_be_seen_power_says_so():
    values = np.column_stack([np.arange(40.0), np.arange(40.0)])
    found = change_between(series(values, 20.0), "2020", "2021", Comparing(beyond=5000.0))
    assert power_of(found).size is None
    bare = change_between(series(values), "2020", "2021")
    assert power_of(bare) is None
    assert reversion_of(bare) is None
    assert np.isnan(chance_of_seeing(bare, 1.0))


def test_the_extreme_come_back_by_error_alone():
    # Truths of sd 3, errors of sd 3: half of a distance is error, and half of it comes back.
    _, values = drawn(1000, spread=3.0, error=3.0, seed=11)
    found = reversion_of(change_between(series(values, 3.0), "2020", "2021"))
    assert found is not None
    assert found.areas == 100
    assert found.reliability == pytest.approx(0.5, abs=0.1)
    assert found.lowest_expected == pytest.approx(found.lowest_found, abs=0.9)
    assert found.lowest_expected > 2
    assert found.highest_expected < -2
    modelled = change_between(series(values[:50], 3.0), "2020", "2021", Comparing(modelled=True))
    assert reversion_of(modelled) is None
