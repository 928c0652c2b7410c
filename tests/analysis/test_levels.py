"""Levels as a whole: the posterior against its closed form, awkward estimates, published units, real figures."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

import placeatlas as pa
from analysis.covariance import Places, exponential_candidates, structure_of
from analysis.levels import COLUMNS, LEVELS, LevelOptions, estimate_levels, levels_of, posterior_of, repeats
from analysis.levels.posterior import candidates_on, draw_truth, look
from analysis.levels.sampling import blocks_of, spread_sample
from analysis.units import Units, units_of
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import Average, average_of, join, published_units
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.registry import read_outcome
from geo.errors import JoinError, StatisticsError, TableError

QUICK = LevelOptions(draws=1_000)
Z = 1.959963984540054


def made(n=60, seed=0, *, error=0.5, mean=0.0):
    """A truth with a broad pattern, its survey, and where the areas lie."""
    rng = np.random.default_rng(seed)
    centres = pd.DataFrame(
        rng.uniform(0, 400_000, size=(n, 2)), columns=["x", "y"], index=[f"a{at}" for at in range(n)]
    )
    truth = mean + np.sin(centres["x"] / 80_000) + 0.4 * rng.normal(size=n)
    se = error * rng.uniform(0.5, 1.5, size=n)
    value = truth + se * rng.normal(size=n)
    frame = pd.DataFrame({"value": value, "lower": value - Z * se, "upper": value + Z * se, "se": np.nan})
    return frame.set_axis(centres.index), centres, truth, se


# --- the posterior


def test_the_posterior_is_the_closed_form():
    estimates, centres, _, se = made()
    y, x, places = estimates["value"].to_numpy(), np.ones((60, 1)), Places(centres.to_numpy())
    looked = look(candidates_on(places, se**2), x, y)
    assert sum(one.weight.sum() for one in looked) == pytest.approx(1)
    mean, second = np.zeros(60), np.zeros((60, 60))
    for one in looked:
        for sd, weight in zip(one.profile.sd, one.weight, strict=True):
            if weight < 1e-9:
                continue
            own = sd**2 * one.errors.structure.covariance()
            inverse = np.linalg.inv(own + np.diag(se**2))
            spread = np.linalg.inv(x.T @ inverse @ x)
            pull = own @ inverse
            at = x @ spread @ x.T @ inverse @ y
            here = at + pull @ (y - at)
            left = x - pull @ x
            cover = own - pull @ own + left @ spread @ left.T
            mean += weight * here
            second += weight * (cover + np.outer(here, here))
    cover = second - np.outer(mean, mean)
    drawn = draw_truth(looked, x, y, draws=40_000, rng=np.random.default_rng(1)).draws.astype(float)
    sd = np.sqrt(np.diag(cover))
    # Five Monte-Carlo errors of 40,000 draws.
    assert np.abs((drawn.mean(axis=0) - mean) / sd).max() < 0.025
    assert np.cov(drawn.T) / np.outer(sd, sd) == pytest.approx(cover / np.outer(sd, sd), abs=0.03)


def test_a_known_variance_gives_the_textbook_shrinkage():
    # Errors so small beside the spread that nothing is shrunk; so large that all is.
    estimates, centres, _, _ = made()
    y, places = estimates["value"].to_numpy(), Places(centres.to_numpy())
    sharp = posterior_of(places, y, np.full(60, 1e-8), draws=1_000, seed=1).draws
    assert sharp.mean(axis=0) == pytest.approx(y, abs=1e-4)
    blunt = posterior_of(places, y, np.full(60, 1e4), draws=1_000, seed=1)
    assert np.ptp(blunt.draws.mean(axis=0)) < 0.2 * np.ptp(y)
    assert blunt.parameters["no_spread"]
    assert not posterior_of(places, y, np.full(60, 1e-8), draws=1_000, seed=1).parameters["no_spread"]


def test_one_solve_for_many_areas_agrees_with_all_candidates():
    estimates, centres, _, se = made(300)
    y, places = estimates["value"].to_numpy(), Places(centres.to_numpy())
    whole = posterior_of(places, y, se**2, draws=4_000, seed=1)
    single = posterior_of(places, y, se**2, draws=4_000, seed=1, exact=200)
    blocks = posterior_of(places, y, se**2, draws=4_000, seed=1, exact=200, block=100)
    assert whole.parameters["approximation"] is None
    assert single.parameters["approximation"]["sample"] == 300
    assert single.parameters["approximation"]["blocks"] == 1
    assert blocks.parameters["approximation"]["blocks"] == 4
    sd = whole.draws.std(axis=0)
    for other, allowed in ((single, 0.35), (blocks, 0.8)):
        apart = np.abs(other.draws.mean(axis=0) - whole.draws.mean(axis=0)) / sd
        assert apart.mean() < allowed / 3
        assert np.quantile(apart, 0.95) < allowed
        assert np.quantile(np.abs(other.draws.std(axis=0) / sd - 1), 0.95) < 0.2
    said = single.parameters["approximation"]
    assert 0 < said["mean_difference"] <= said["largest_difference"] < 0.5


def test_many_areas_without_a_pattern_need_no_matrix():
    rng = np.random.default_rng(4)
    places, y = Places(rng.uniform(0, 400_000, size=(150, 2))), rng.normal(size=150) * 1.2
    known = np.full(150, 0.44)
    found = posterior_of(places, y, known, draws=4_000, seed=1, exact=100)
    if found.parameters["candidates"][0]["family"] != "independent":
        pytest.fail("the seed no longer gives a map without a pattern")
    sd = found.parameters["truth_sd"]
    held = sd**2 / (sd**2 + 0.44)
    assert found.draws.mean(axis=0) == pytest.approx(y.mean() + held * (y - y.mean()), abs=0.1)


def test_a_sample_is_spread_and_has_short_distances():
    centres = np.random.default_rng(0).uniform(0, 1, size=(500, 2))
    some = spread_sample(centres, 100, np.random.default_rng(1))
    assert len(some) == len(set(some)) <= 100
    nearest = np.sort(Places(centres[some]).distances(), axis=1)[:, 1]
    assert np.median(nearest) < 0.05
    assert spread_sample(centres, 500, np.random.default_rng(1)).tolist() == list(range(500))


def test_blocks_hold_every_area_once():
    centres = np.random.default_rng(0).uniform(0, 1, size=(107, 2))
    parts = list(blocks_of(centres, 20))
    assert sorted(np.concatenate(parts)) == list(range(107))
    assert max(map(len, parts)) <= 20


# --- levels of a table


def test_columns_and_levels():
    estimates, centres, truth, _ = made(120)
    found = estimate_levels(estimates, centres, average=0.0, favourable="high", options=QUICK)
    frame = found.to_frame()
    assert tuple(frame.columns) == COLUMNS
    assert set(frame["level"]) <= set(LEVELS)
    assert found.counts["low"] == (frame["level"] == "low").sum() > 0
    assert (frame["mean_lower"] < frame["mean"]).all()
    assert (frame["mean"] < frame["mean_upper"]).all()
    low = (frame["level"] == "low").to_numpy()
    wrong = 1 - frame.loc[low, "p_below"]
    assert wrong.mean() <= 0.05
    assert wrong.max() <= 0.10
    assert found.counts["false_low"] == pytest.approx(wrong.sum())
    assert np.corrcoef(frame["mean"], truth)[0, 1] > np.corrcoef(frame["value"], truth)[0, 1]
    assert frame["p_low_tenth"].sum() == pytest.approx(12)
    wider = found.frame
    assert (wider["rank_all_lower"] <= wider["rank_lower"]).all()
    assert (wider["rank_all_upper"] >= wider["rank_upper"]).all()
    assert repr(found).startswith("Levels(120 units; ")
    assert found.to_parameters()["scale"] == "value"


def test_seeds_decide_and_nothing_else():
    estimates, centres, _, _ = made()
    one, same, other = (
        estimate_levels(estimates, centres, average=0.0, options=dataclasses.replace(QUICK, seed=seed)).frame
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, same)
    assert (one["mean"] != other["mean"]).any()
    assert one["mean"].to_numpy() == pytest.approx(other["mean"].to_numpy(), abs=0.1)


def test_units_of_measurement_do_not_matter():
    estimates, centres, _, _ = made()
    one = estimate_levels(estimates, centres, average=0.1, options=QUICK).frame
    other = estimate_levels(500 + 30 * estimates, centres, average=503.0, options=QUICK).frame
    assert other["mean"].to_numpy() == pytest.approx(500 + 30 * one["mean"].to_numpy(), abs=1e-3)
    assert other["p_below"].to_numpy() == pytest.approx(one["p_below"].to_numpy(), abs=2e-3)


def test_a_modelled_figure_is_not_shrunk_again():
    estimates, centres, _, se = made()
    found = estimate_levels(estimates, centres, average=0.0, options=LevelOptions(modelled=True, draws=20_000))
    value = estimates["value"].to_numpy()
    assert found.basis == "modelled"
    assert found.frame["mean"].to_numpy() == pytest.approx(value, abs=0.03)
    assert found.frame["p_below"].to_numpy() == pytest.approx(ndtr(-value / se), abs=0.02)


def test_what_an_outcome_states_of_itself_counts_where_nothing_is_asked():
    meta = OutcomeMeta("jobs", "Jobs", "rate", modelled=True, breaks=(3.0,), labels=("few", "many"))
    assert LevelOptions().or_stated_of(meta) == LevelOptions(modelled=True, breaks=(3.0,), labels=("few", "many"))
    assert not LevelOptions(reliability=0.8).or_stated_of(meta).modelled
    assert LevelOptions(breaks=(5.0,)).or_stated_of(meta).breaks == (5.0,)


def test_a_study_shrinks_no_figure_that_its_publisher_modelled():
    areas = pa.areas("LAD", "2023-04-01", nations=["W"])
    rate = np.linspace(2, 9, 22)
    frame = pd.DataFrame({"code": areas.frame["code"], "rate": rate, "lower": rate - 1, "upper": rate + 1})
    own = pa.join(frame, areas, value="rate", measure="rate", unit="percent", favourable="low")
    modelled = dataclasses.replace(own, meta=dataclasses.replace(own.meta, modelled=True))
    how = {"permutations": 99, "correction": "none", "robust": False}
    taken, shrunk = pa.study(modelled, **how), pa.study(own, **how)
    assert (taken.levels.basis, shrunk.levels.basis) == ("modelled", "published")
    assert taken.levels.frame["mean"].to_numpy() == pytest.approx(rate, abs=0.05)
    # and its intervals are no survey's error beside places nearby; asked for by option it is the same
    assert {one.with_error for one in taken.associations} <= {0}
    assert pa.study(own, modelled=True, **how).levels.frame.equals(taken.levels.frame)


def test_without_errors_there_is_no_probability():
    estimates, centres, _, _ = made()
    bare = estimates.assign(lower=np.nan, upper=np.nan)
    options = dataclasses.replace(QUICK, breaks=(-0.5, 0.5), labels=("low", "middle", "high"))
    found = estimate_levels(bare, centres, average=0.0, options=options)
    assert found.basis == "none"
    assert set(found.frame["level"]) == {"error-unknown"}
    assert found.frame[["p_below", "mean", "rank_lower"]].isna().all(axis=None)
    assert (
        found.frame["band"] == np.select([bare["value"] < -0.5, bare["value"] < 0.5], ["low", "middle"], "high")
    ).all()
    assert found.again is None
    assert found.p_bands.isna().all(axis=None)
    assert found.counts["error_unknown"] == 60


def test_a_stated_reliability_is_a_probability_labelled_so():
    estimates, centres, _, _ = made()
    bare = estimates.assign(lower=np.nan, upper=np.nan)
    found = estimate_levels(bare, centres, average=0.0, options=LevelOptions(reliability=0.8, draws=1_000))
    assert found.basis == "stated reliability"
    assert found.frame["se"].to_numpy() == pytest.approx(np.full(60, np.sqrt(0.2 * bare["value"].var())))
    by_windows = LevelOptions(reliability=0.8, reliability_from="windows", draws=1_000)
    assert estimate_levels(bare, centres, average=0.0, options=by_windows).basis == "reliability from windows"
    with pytest.raises(StatisticsError, match="errors are published for 60 areas"):
        estimate_levels(estimates, centres, average=0.0, options=LevelOptions(reliability=0.8))
    few = estimate_levels(bare.iloc[:5], centres.iloc[:5], average=0.0, options=LevelOptions(reliability=0.8))
    assert few.basis == "none"


def test_rates_of_counts():
    rng = np.random.default_rng(1)
    _, centres, _, _ = made()
    people = rng.uniform(500, 5_000, size=60)
    rate = 0.02 * rng.gamma(20, 1 / 20, size=60)
    value = 1_000 * rng.poisson(rate * people) / people
    table = pd.DataFrame({"value": value, "lower": np.nan, "upper": np.nan, "se": np.nan, "denominator": people})
    table = table.set_axis(centres.index)
    table.loc["a3", "denominator"] = 0.0
    found = estimate_levels(table, centres, average=20.0, options=LevelOptions(counts_per=1_000.0, draws=2_000))
    assert found.basis == "counts"
    assert found.frame.loc["a3", "level"] == "error-unknown"
    known = found.frame["mean"].notna()
    assert np.abs(found.frame["mean"] - 20)[known].mean() < np.abs(found.frame["value"] - 20)[known].mean()
    with pytest.raises(TableError, match="need their denominators"):
        estimate_levels(
            table.drop(columns="denominator"), centres, average=20.0, options=LevelOptions(counts_per=1_000.0)
        )
    none = estimate_levels(
        table.assign(denominator=np.nan), centres, average=20.0, options=LevelOptions(counts_per=1_000.0)
    )
    assert none.basis == "none"


def test_bands_have_probabilities():
    estimates, centres, _, _ = made()
    options = dataclasses.replace(QUICK, breaks=(0.0,), labels=("under", "over"))
    found = estimate_levels(estimates, centres, average=0.0, options=options)
    assert list(found.p_bands.columns) == ["under", "over"]
    assert found.p_bands.sum(axis=1).to_numpy() == pytest.approx(np.ones(60))
    assert found.p_bands["under"].to_numpy() == pytest.approx(found.frame["p_below"].to_numpy())


def test_a_published_band_is_carried():
    estimates, centres, _, _ = made()
    found = estimate_levels(estimates.assign(band="Least favourable"), centres, average=0.0, options=QUICK)
    assert set(found.frame["band"]) == {"Least favourable"}


# --- awkward estimates


def test_one_area_with_an_error_a_hundred_times_the_others():
    estimates, centres, _, se = made()
    wild = estimates.copy()
    wild.loc["a0", ["value", "lower", "upper"]] = [-20.0, -20 - 100 * Z, -20 + 100 * Z]
    found = estimate_levels(wild, centres, average=0.0, options=QUICK)
    assert found.frame.loc["a0", "level"] == "not-clear"
    assert abs(found.frame.loc["a0", "mean"]) < 3
    others = estimate_levels(estimates, centres, average=0.0, options=QUICK).frame["mean"].drop("a0")
    assert found.frame["mean"].drop("a0").to_numpy() == pytest.approx(others.to_numpy(), abs=0.2 * se.max())


def test_all_errors_missing_but_three():
    estimates, centres, _, _ = made()
    few = estimates.copy()
    few.iloc[3:, 1:3] = np.nan
    found = estimate_levels(few, centres, average=0.0, options=QUICK)
    assert found.basis == "none"
    assert found.counts["error_unknown"] == 60
    assert found.truth.parameters == {"known_errors": 3, "needed": 10}


def test_zero_errors_and_no_values_are_told_apart():
    estimates, centres, _, _ = made()
    mixed = estimates.copy()
    mixed.loc["a0", ["lower", "upper"]] = mixed.loc["a0", "value"]
    mixed.loc["a1", ["value", "lower", "upper"]] = np.nan
    mixed.loc["a2", ["lower", "upper"]] = np.nan
    found = estimate_levels(mixed, centres, average=0.0, options=QUICK)
    assert found.frame.loc[["a0", "a1", "a2"], "level"].tolist() == ["error-unknown", "no-data", "error-unknown"]
    assert found.counts["ranked"] == 57
    assert found.truth.counts["zero"] == 1
    assert found.frame["rank_upper"].max() <= 57


def test_an_area_alone_and_areas_in_one_place():
    estimates, centres, _, _ = made()
    with pytest.raises(StatisticsError, match="one point"):
        estimate_levels(estimates, centres * 0, average=0.0, options=QUICK)
    one = estimate_levels(estimates.iloc[:1], centres.iloc[:1], average=0.0, options=QUICK)
    assert one.frame["level"].tolist() == ["error-unknown"]
    pair = centres.copy()
    pair.iloc[1] = pair.iloc[0]
    assert estimate_levels(estimates, pair, average=0.0, options=QUICK).counts["ranked"] == 60


def test_every_fault_of_a_table_at_once():
    estimates, centres, _, _ = made(20)
    twice = estimates.set_axis(["a"] * 20)
    with pytest.raises(StatisticsError) as refused:
        estimate_levels(twice, centres, average=float("nan"))
    assert len(refused.value.faults) == 3
    with pytest.raises(StatisticsError, match="cannot be made") as refused:
        estimate_levels(estimates.iloc[:0], centres.iloc[:0], average=0.0)
    assert refused.value.faults == ("there is no area",)
    with pytest.raises(StatisticsError, match="1 of 20 places have no centre"):
        estimate_levels(estimates, centres.drop("a0").reindex(centres.index), average=0.0)


# --- taken again


def test_a_repeat_errs_once():
    estimates, centres, _, se = made(200)
    found = estimate_levels(estimates, centres, average=0.0, options=LevelOptions(draws=4_000))
    drawn = repeats(found.truth, seed=3, number=4_000)
    # The variance of a repeat around the posterior mean is that of the truth and one error, not two.
    truth = found.truth.draws.var(axis=0, dtype=float)
    assert drawn.var(axis=0) / (truth + se**2) == pytest.approx(np.ones(200), abs=0.15)
    assert list(found.again.columns) == ["reported", "expected", "lower", "upper"]
    assert (found.again["lower"] <= found.again["expected"]).all()
    assert found.again.loc["below", "reported"] == found.counts["below"]


# --- published units


def test_units_by_hand():
    of = pd.Series(["U", "U", "c"], index=["a", "b", "c"])
    units = Units(of, pd.Series([1.0, 3.0, 5.0], index=of.index))
    assert len(units) == 2
    assert units.shared.tolist() == [True, True, False]
    values = pd.DataFrame({"x": [0.0, 4.0, 7.0]}, index=of.index)
    assert units.mean(values)["x"].to_dict() == {"U": 3.0, "c": 7.0}
    assert units.once(values)["x"].to_dict() == {"U": 0.0, "c": 7.0}
    assert units.spread(pd.Series([1, 2], index=["U", "c"])).to_dict() == {"a": 1, "b": 1, "c": 2}
    assert repr(units) == "Units(2 units of 3 areas; 2 areas share a figure)"
    unknown = Units(of, pd.Series([1.0, np.nan, 5.0], index=of.index))
    assert unknown.mean(values)["x"].to_dict() == {"U": 2.0, "c": 7.0}
    assert np.isnan(units.mean(values.where(values > 0))["x"]["U"])


def figures(values, **meta):
    described = OutcomeMeta(**{"id": "x", "title": "X", "measure": "rate", "unit": "%", "nations": ("E",), **meta})
    columns = {name: [row[name] for row in values] for name in values[0]}
    return OutcomeTable(described, outcome_frame(columns))


@pytest.fixture(scope="module")
def districts():
    return load_boundary_set("LAD", dt.date(2024, 9, 11), nations=("E",))


@pytest.fixture(scope="module")
def inherited(districts):
    """Every upper-tier authority of England with a share and its interval, on districts."""
    upper = load_boundary_set("UTLA", dt.date(2024, 9, 11), nations=("E",)).frame["code"]
    share = 20 + 10 * np.random.default_rng(0).normal(size=len(upper)).clip(-1.5, 1.5)
    rows = [
        {"code": code, "period": "2024", "value": x, "lower": x - 3, "upper": x + 3}
        for code, x in zip(upper, share, strict=True)
    ]
    return join(figures(rows, averages={"E92000001": 20.0}), districts, allow={"county"})


def test_a_county_is_one_observation(inherited):
    units = published_units(inherited)
    shared = units[units != units.index]
    assert shared.str.startswith("E10").all()
    assert shared.nunique() == 21
    assert len(shared) == 164
    found = levels_of(inherited, average_of(inherited), QUICK)
    assert found.counts["areas"] == 296
    assert found.counts["units"] == found.counts["ranked"] == 153
    levels = ("low", "high", "not_clear", "error_unknown", "no_data")
    assert sum(found.counts[name] for name in levels) == 153
    kent = found.frame[found.frame["unit"] == "E10000016"]
    assert len(kent) == 12
    assert kent["mean"].nunique() == kent["level"].nunique() == 1
    assert found.to_frame()["name"].nunique() == 296
    assert (found.outcome, found.period) == ("x", "2024")


def test_a_centre_of_a_unit_is_that_of_its_residents(inherited):
    units = units_of(inherited)
    residents = units.residents[units.of == "E10000016"]
    points = pd.DataFrame({"x": np.arange(len(units.of), dtype=float)}, index=units.of.index)
    expected = (points.loc[residents.index, "x"] * residents).sum() / residents.sum()
    assert units.mean(points).loc["E10000016", "x"] == pytest.approx(expected)


def test_an_inherited_value_of_unknown_origin_is_refused(inherited):
    silent = dataclasses.replace(inherited, receipt=dataclasses.replace(inherited.receipt, details=()))
    with pytest.raises(JoinError, match="units of an outcome cannot be told"):
        published_units(silent)


def test_areas_that_are_not_covered_are_left_out():
    whole = load_boundary_set("LAD", dt.date(2024, 9, 11))
    codes = whole.frame.loc[whole.frame["nation"] == "W", "code"]
    rows = [
        {"code": code, "period": "2024", "value": 10.0 + at, "se": 1.0 + 0.01 * at, "band": "b"}
        for at, code in enumerate(codes)
    ]
    described = OutcomeMeta(id="x", title="X", measure="mean", unit="£", nations=("W",))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    joined = join(OutcomeTable(described, outcome_frame(columns, extra=("band",)), extras=("band",)), whole)
    found = levels_of(joined, Average(20.0, "20", "published"), QUICK)
    assert len(found.frame) == 22
    assert set(found.frame["band"]) == {"b"}


# --- real figures


@pytest.fixture(scope="module")
def areas():
    return load_boundary_set("LAD", dt.date(2024, 9, 11))


@pytest.mark.real_data
def test_pay_2025(real_data, areas):
    folder = real_data / "outcomes" / "els" / "gross-median-weekly-pay"
    joined = join(read_outcome("els", folder / "gross-median-weekly-pay.csv"), areas)
    found = levels_of(joined, average_of(joined))
    assert found.average == 642.5
    assert (found.counts["below"], found.counts["above"]) == (73, 59)
    assert (found.counts["bh_below"], found.counts["bh_above"]) == (49, 43)
    assert found.counts["by_chance"] == pytest.approx(17.4)
    assert (found.counts["ranked"], found.counts["error_unknown"], found.counts["no_data"]) == (348, 11, 2)
    # Neighbours lend strength: about twice as many can be named as by intervals, and of them some three are wrong.
    assert found.counts["low"] == pytest.approx(143, abs=6)
    assert found.counts["high"] == pytest.approx(96, abs=6)
    assert found.counts["false_low"] / found.counts["low"] < 0.05


@pytest.mark.real_data
def test_healthy_life_is_known_for_216_units(real_data):
    folder = real_data / "outcomes" / "els" / "healthy-life-expectancy"
    table = read_outcome("els", folder / "healthy-life-expectancy.csv", indicator="Male healthy life expectancy")
    joined = join(table, load_boundary_set("LAD", dt.date(2023, 4, 1)), allow={"county"})
    units = units_of(joined)
    assert (int(units.shared.sum()), units.of[units.shared].nunique()) == (164, 21)
    found = levels_of(joined, average_of(joined), QUICK)
    assert found.counts["ranked"] == found.counts["tested"] == 216


def test_candidates_are_those_of_the_room():
    places = Places(np.random.default_rng(0).uniform(0, 500_000, size=(30, 2)))
    found = [one.structure.candidate for one in candidates_on(places, np.ones(30))]
    assert tuple(found) == exponential_candidates(places.widest())
    assert structure_of(found[0], places).factor is None
