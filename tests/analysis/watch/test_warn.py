"""The verb: files in, lists out, as text, as JSON, as CSV; a finished build; and every input that is refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from analysis.one_table.reading import Reading
from analysis.watch.from_files import files_in, levels_in
from analysis.watch.warn import patterns_of, trends_of, warn_of
from boundaries.areas.loading import load_boundary_set
from boundaries.register import epochs, load_register
from geo import cli
from geo.errors import TableError

AREAS = load_boundary_set("LAD", epochs(load_register(), "LAD")[-1].end).frame[["code", "name"]]
CODES = [code for code in AREAS["code"] if code.startswith("E0")][:80]


def table(
    folder, name="jobs", *, years=(2018, 2019, 2020, 2021, 2022, 2023), fell=(0, 1), size=15.0, error=1.0, **columns
):
    """Write a table of 80 districts in which some fell far in the last year."""
    rng = np.random.default_rng(len(name))
    level = rng.normal(60, 4, len(CODES))
    rows = []
    for year in years:
        values = level + rng.normal(size=len(CODES)) * error
        if year == years[-1]:
            values[list(fell)] -= size
        rows += [
            {"code": code, "period": str(year), "value": round(value, 3), "se": error, **columns}
            for code, value in zip(CODES, values, strict=True)
        ]
    frame = pd.DataFrame(rows)
    path = folder / f"{name}.csv"
    (frame if error else frame.drop(columns="se")).to_csv(path, index=False)
    return path


def run(capsys, *words):
    assert cli.run(["warn", *map(str, words)]) == 0
    return capsys.readouterr().out


def failing(capsys, *words):
    assert cli.run(["warn", *map(str, words)]) == 1
    return capsys.readouterr().err


SAID = ("--measure", "rate", "--unit", "%", "--favourable", "high")


def test_the_list_as_text(capsys, tmp_path):
    name = AREAS.set_index("code")["name"]
    printed = run(capsys, table(tmp_path), *SAID)
    assert "1 of 1 outcomes could be compared with their errors." in printed
    assert "Getting worse: 2 flags in 2 areas; fewer than 0.1 of them expected to be false." in printed
    assert f"  {name[CODES[0]]} ({CODES[0]})" in printed
    assert "percentage points (−" in printed
    assert "between 2018 and 2023, probability above 0.99" in printed
    assert "; now clearly below the average; poor already" in printed
    assert "Getting better: no area is beyond error." in printed
    assert "would be seen in 1 of 5 areas" in printed
    assert "expected if nothing had happened" in printed


def test_the_list_as_json_and_as_files(capsys, tmp_path):
    out = tmp_path / "watch"
    found = json.loads(run(capsys, table(tmp_path), table(tmp_path, "pupils"), *SAID, "-o", out, "--json"))
    assert {one["code"] for one in found["warnings"]} == set(CODES[:2])
    assert {one["several"] for one in found["warnings"]} == {2}
    assert found["changes"][0]["base"] == "fixed"
    written = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*"))
    assert written == [
        "changes.csv",
        "data-dictionary.csv",
        "limits.csv",
        "receipts/jobs.json",
        "receipts/pupils.json",
        "series.csv",
        "series.json",
        "trends.csv",
        "warnings.csv",
        "watch.json",
    ]
    warnings = pd.read_csv(out / "warnings.csv")
    assert list(warnings.columns[:12]) == [
        "outcome", "period", "since", "code", "name", "direction", "change", "lower", "upper", "p", "in_a_row", "level",
    ]  # fmt: skip
    assert len(warnings) == 4
    told = pd.read_csv(out / "data-dictionary.csv", keep_default_na=False)
    for file, rows in told.groupby("file"):
        assert rows["column"].tolist() == list(pd.read_csv(out / str(file)).columns), file
    assert (told["meaning"] != "").all()
    assert "holds results" in failing(capsys, table(tmp_path), *SAID, "-o", out)
    run(capsys, table(tmp_path), *SAID, "-o", out, "--force")


def test_a_finished_build_is_watched_with_the_levels_it_holds(capsys, tmp_path):
    build = tmp_path / "out"
    run(capsys, table(tmp_path), *SAID, "-o", build / "data")
    first = run(capsys, "--from", build)
    assert "poor already" not in first
    levels = pd.DataFrame({"outcome": "jobs", "period": ["2022", "2023"], "code": CODES[1], "level": ["high", "low"]})
    levels.to_csv(build / "data" / "levels.csv", index=False)
    printed = run(capsys, "--from", build, "--shown", "1")
    assert f"({CODES[1]})" in printed
    assert "poor already" in printed
    assert "and 1 more area" in printed
    levels.drop(columns="level").to_csv(build / "data" / "levels.csv", index=False)
    with pytest.raises(TableError, match="holds no levels"):
        levels_in(build / "data" / "levels.csv")


def test_a_place_narrows_the_lists_and_not_the_comparison(tmp_path):
    path = table(tmp_path, fell=(0, 60))
    reading = Reading(options={"measure": "rate", "unit": "%", "favourable": "high"})
    whole = warn_of([path], reading=reading)
    here = warn_of([path], reading=Reading(options=reading.options, place="North East"))
    assert {one.code for one in whole.found.warnings} == {CODES[0], CODES[60]}
    assert {one.code for one in here.found.warnings} == {CODES[0]}
    assert here.found.warnings[0].p == whole.found.warnings[0].p


def test_scores_are_set_against_the_other_areas(capsys, tmp_path):
    path = tmp_path / "scores.csv"
    scores = np.linspace(-1.5, 1.5, len(CODES))
    rows = [
        {"code": code, "period": year, "value": value, "se": 0.05}
        for year, column in (("2020", scores), ("2023", np.roll(scores, 1)))
        for code, value in zip(CODES, column, strict=True)
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    printed = run(capsys, path, "--measure", "index", "--unit", "z", "--favourable", "high")
    assert "against the other areas between 2020 and 2023" in printed
    assert "what happened everywhere cannot show: scores." in printed


@pytest.mark.parametrize("favourable", ["high", "none"])
def test_what_the_country_did_and_what_neither_end_calls_good(capsys, tmp_path, favourable):
    path = table(tmp_path, years=(2020, 2023), fell=range(80), size=8.0)
    printed = run(capsys, path, "--measure", "rate", "--unit", "%", "--favourable", favourable)
    if favourable == "high":
        assert "Moved in the country as a whole:\n  jobs got worse in 80 of 80 areas" in printed
        assert "80 more moved with the country as a whole" in printed
    else:
        assert "Moved, and neither end is good: 80 (see the file)." in printed


def test_what_was_not_judged_says_why(capsys, tmp_path):
    files = [
        table(tmp_path, "single", years=(2023,)),
        table(tmp_path, "bare", error=0),
        table(tmp_path, "score", years=(2022, 2023), fell=()),
    ]
    printed = run(capsys, *files, "--measure", "index", "--unit", "£", "--favourable", "high")
    assert "One period only (1 outcome): single." in printed
    assert "'score' is money (£), and no national figure is published in every period" in printed
    assert "0 of 3 outcomes" in printed
    rates = run(capsys, files[1], *SAID)
    assert "No error is published, so nobody can say what is beyond it (1 outcome): bare." in rates
    unknown = run(capsys, files[2], "--measure", "index", "--favourable", "high")
    assert (
        "Whether what happened everywhere can show is not known: score." in unknown or "cannot show: score." in unknown
    )


def test_money_in_prices_of_today(capsys, tmp_path):
    prices = tmp_path / "prices" / "cpih.csv"
    prices.parent.mkdir()
    prices.write_text(
        "period,value\n" + "".join(f"{year},{100 + year - 2018}\n" for year in range(2018, 2024)), encoding="utf-8"
    )
    money = ("--measure", "mean", "--unit", "£", "--favourable", "high")
    printed = run(capsys, table(tmp_path), *money, "--deflator", prices)
    assert "£" in printed
    assert "Getting worse" in printed
    assert "lacks prices for 1 of 2 periods" in failing(
        capsys, table(tmp_path, years=(2016, 2021)), *money, "--deflator", prices
    )


def test_trends_and_patterns_of_all_outcomes(capsys, tmp_path):
    warned = warn_of([table(tmp_path), table(tmp_path, "single", years=(2023,))])
    trends = trends_of(warned)
    assert set(trends["outcome"]) == {"jobs", "single"}
    assert set(trends.loc[trends["outcome"] == "single", "word"]) == {"too-few-periods"}
    patterns = patterns_of(warned, permutations=9999)
    assert set(patterns["outcome"]) == {"jobs"}
    assert set(patterns["reach"]) == {"short-series"}
    out = tmp_path / "w"
    run(capsys, table(tmp_path, years=(2022, 2023)), *SAID, "-o", out, "--patterns")
    assert (out / "patterns.csv").is_file()


def test_the_earlier_period_and_the_last_one_can_be_named(capsys, tmp_path):
    path = table(tmp_path)
    assert "between 2022 and 2023" in run(capsys, path, *SAID, "--since", "previous")
    assert "between 2020 and 2023" in run(capsys, path, *SAID, "--since", "2020")
    assert "no area is beyond error" in run(capsys, path, *SAID, "--period", "2022")
    assert "must lie between −1 and 1" in failing(capsys, path, "--rho", "2")


def test_files_that_each_hold_some_periods_are_put_end_to_end(capsys, tmp_path):
    (tmp_path / "old").mkdir()
    late = table(tmp_path, years=(2021, 2022, 2023))
    early = table(tmp_path / "old", years=(2018, 2019, 2020), fell=())
    printed = run(capsys, early, late, *SAID)
    assert "1 of 1 outcomes could be compared" in printed
    assert "between 2018 and 2023" in printed


def test_the_fingertips_rule_natural_limits_and_a_change_of_ones_own(capsys, tmp_path):
    out = tmp_path / "watch"
    printed = run(capsys, table(tmp_path), *SAID, "-o", out, "--rule", "fingertips", "--size", 30)
    assert "Of a change of 30 in one area, either way, a country that stands still would show:" in printed
    assert "100% (in percentage points)." in printed
    trends = pd.read_csv(out / "trends.csv")
    assert set(trends["rule"]) == {"fingertips"}
    limits = pd.read_csv(out / "limits.csv").set_index("code")
    # two fell by 15 where figures move by about 1.4 from year to year
    assert limits.loc[CODES[:2], "latest_beyond"].tolist() == [True, True]
    assert limits["latest_beyond"].sum() < 10
    series = pd.read_csv(out / "series.csv").query("code == @CODES[5]")["value"].to_numpy()
    assert limits.loc[CODES[5], "upper"] == pytest.approx(series.mean() + 2.66 * np.abs(np.diff(series)).mean())
    assert "choose slope or fingertips" in failing(
        capsys, table(tmp_path), *SAID, "-o", out, "--rule", "line", "--force"
    )


def test_a_stated_correlation_says_what_it_leans_on(capsys, tmp_path):
    printed = run(capsys, table(tmp_path), *SAID, "--rho", "0.5")
    assert "The errors of two periods are taken to correlate at 0.5, as stated. Were they independent:" in printed


def test_files_that_cannot_be_watched_are_refused_together(capsys, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(TableError, match="not found") as refused:
        files_in([empty, tmp_path / "none.csv"])
    assert len(refused.value.faults) == 2
    broken = tmp_path / "broken.csv"
    broken.write_text("", encoding="utf-8")
    first, second = table(tmp_path), table(empty)
    said = failing(capsys, broken, first, second)
    assert "broken.csv is empty" in said
    assert "periods that two of them hold" in failing(capsys, first, second)
    assert "one of the two is watched" in failing(capsys)
    assert "one of the two is watched" in failing(capsys, first, "--from", tmp_path)
    assert "holds no series" in failing(capsys, "--from", empty)
    strangers = tmp_path / "strangers.csv"
    strangers.write_text("code,period,value\nE06000001,2022,1\nE99999999,2022,1\nE06000001,2023,1\n", encoding="utf-8")
    assert "cannot be laid out as series" in failing(capsys, strangers, "--date", "2024-04-01")


@pytest.mark.real_data
def test_every_outcome_of_explore_local_statistics_is_read_and_told(real_data):
    files = [
        real_data / "outcomes" / "els" / name for name in ("employment-rate", "healthy-life-expectancy", "museums")
    ]
    warned = warn_of(files, reading=Reading(source="els"))
    assert {one.meta.id for one in warned.series} == {
        "employment-rate", "economically-inactive", "male-healthy-life-expectancy", "female-healthy-life-expectancy", "museums",
    }  # fmt: skip
    assert {one.geography for one in warned.series} == {"LAD", "UTLA"}
    assert [one.reason for one in warned.found.unjudged] == ["one-period"]
    changes = {change.outcome: change for change in warned.found.changes}
    assert changes["employment-rate"].since == "2018-01-01/P1Y"
    assert changes["male-healthy-life-expectancy"].rho == 0.0  # 2017 to 2019 and 2022 to 2024 share no day
