"""Kinds of place: both gaps by hand, errors, shares, scales, many tests at once, few members, and maps of nothing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import placeatlas as pa
from analysis.association import (
    CLAIMS,
    Association,
    Landscapes,
    Outcome,
    associate,
    beside,
    claims_table,
    judge,
    judged,
    scale_named,
    scaled,
    simulated,
    surrogates,
)
from analysis.association.beside import combined
from analysis.association.nested import districts_of, on_districts
from analysis.association.published import on_units
from analysis.association.unequal import Unequal, spread_of
from analysis.covariance import INDEPENDENT, Places, averaged, exponential_candidates, fit, structure_of
from analysis.study import StudyConfig, kinds_of_place, survey
from analysis.study.kinds_of_place import associations_of
from geo.errors import StatisticsError

SIDE = 12
N = SIDE * SIDE


@pytest.fixture(scope="module")
def lands():
    """Return a chessboard of places ten kilometres apart, and who borders whom."""
    from analysis.weights.graph import assembled  # noqa: PLC0415

    ids = pd.Index([f"a{i:03d}" for i in range(N)], name="code")
    row, column = np.divmod(np.arange(N), SIDE)
    near = (abs(row[:, None] - row) + abs(column[:, None] - column)) == 1
    links = np.argwhere(near)
    return Landscapes(ids, Places(10_000.0 * np.column_stack([row, column]), assembled(ids, *links.T, policy="rook")))


@pytest.fixture
def rough(lands):
    """Return independent values, and a kind of place scattered over a third of the map."""
    generator = np.random.default_rng(4)
    values = pd.Series(generator.normal(100.0, 10.0, N), index=lands.codes)
    return values, pd.Series(np.where(generator.random(N) < 0.33, "yes", "no"), index=lands.codes)


def members(**columns):
    return pd.DataFrame(columns)


def one(found, **which):
    (entry,) = [entry for entry in found if all(getattr(entry, name) == value for name, value in which.items())]
    return entry


def test_the_gap_on_the_map_is_the_difference_of_means_with_survey_error_alone(lands, rough):
    values, kind = rough
    se = pd.Series(np.linspace(1.0, 3.0, N), index=lands.codes)
    (found,) = associate([Outcome("pay", "2024", values, se)], members(coastal__rule=kind), lands)
    yes = (kind == "yes").to_numpy()
    gap = values[yes].mean() - values[~yes].mean()
    error = math.sqrt((se[yes] ** 2).sum() / yes.sum() ** 2 + (se[~yes] ** 2).sum() / (~yes).sum() ** 2)
    assert found.gap == pytest.approx(gap, abs=1e-9)
    assert found.gap_upper - found.gap == pytest.approx(1.959964 * error, rel=1e-9)
    assert (found.n, found.members, found.with_error) == (N, yes.sum(), N)
    assert (found.mean_members, found.mean_others) == pytest.approx((values[yes].mean(), values[~yes].mean()))
    assert found.effect == pytest.approx(gap / values.std(ddof=1))


def test_without_errors_the_map_is_a_fact_without_limits(lands, rough):
    values, kind = rough
    (found,) = associate([Outcome("pay", "2024", values)], members(coastal__rule=kind), lands)
    assert math.isnan(found.gap_lower)
    assert found.with_error == 0
    assert found.beside_lower < found.beside < found.beside_upper


def test_on_a_rough_map_the_two_gaps_are_nearly_the_same(lands, rough):
    values, kind = rough
    (found,) = associate([Outcome("pay", "2024", values)], members(coastal__rule=kind), lands)
    x = np.column_stack([np.ones(N), kind == "yes"]).astype(float)
    plain = fit(structure_of(INDEPENDENT, lands.places), x, values.to_numpy())
    assert found.beside == pytest.approx(plain.beta[0, 1], abs=0.5 * math.sqrt(plain.covariance[0, 1, 1]))
    assert found.beside_upper - found.beside == pytest.approx(1.98 * math.sqrt(plain.covariance[0, 1, 1]), rel=0.2)


def test_a_broad_pattern_is_not_a_gap_beside_places_nearby(lands, rough):
    # A slope from south to north, and a kind of place that is the north: all of its gap is where it lies.
    _, noise = rough
    north = lands.places.centres[:, 0]
    values = pd.Series(north / 1e4 + 0.1 * (noise == "yes").to_numpy(), index=lands.codes)
    kind = pd.Series(np.where(north >= 60_000, "yes", "no"), index=lands.codes)
    found = judged(associate([Outcome("pay", "2024", values)], members(northern__rule=kind), lands))[0]
    naive = stats.ttest_ind(values[kind == "yes"], values[kind == "no"], equal_var=False).pvalue
    assert naive < 1e-20
    assert found.gap == pytest.approx(6.0, abs=0.1)
    assert abs(found.beside) < 0.3 * found.gap
    assert found.verdict == "higher-on-map-only"


def test_areas_not_classified_leave_n_and_are_never_no(lands, rough):
    values, kind = rough
    some = kind.mask(np.arange(N) < 30, "not classified")
    (found,) = associate([Outcome("pay", "2024", values)], members(coastal__rule=some), lands)
    kept = some != "not classified"
    assert found.n == N - 30
    assert found.mean_others == pytest.approx(values[kept & (some == "no")].mean())


def test_shares_are_the_gap_of_none_against_all(lands):
    share = pd.Series(np.linspace(0.0, 1.0, N), index=lands.codes)
    noise = np.random.default_rng(1).normal(0, 1e-3, N)
    values = 50 - 8 * share + noise
    (found,) = associate([Outcome("pay", "2024", values)], members(coastal__rule=share), lands)
    assert found.members == pytest.approx(N / 2)
    assert (found.gap, found.beside) == pytest.approx((-8.0, -8.0), abs=0.01)


@pytest.mark.parametrize(
    ("yes", "reason"),
    [
        (4, "4 areas' worth of the kind and 140 of others; 5 of each are needed"),
        (N, "144 areas' worth"),
        (0, "0 areas'"),
    ],
)
def test_too_few_areas_on_a_side_cannot_be_tested(lands, rough, yes, reason):
    kind = pd.Series(np.where(np.arange(N) < yes, "yes", "no"), index=lands.codes)
    (found,) = judged(associate([Outcome("pay", "2024", rough[0])], members(coastal__rule=kind), lands))
    assert found.reason.startswith(reason)
    assert found.verdict == "not-testable"
    assert math.isnan(found.p)


def test_a_constant_outcome_cannot_be_tested(lands, rough):
    (found,) = associate([Outcome("pay", "2024", rough[0] * 0)], members(coastal__rule=rough[1]), lands)
    assert found.reason == "all areas have one value"


def test_kinds_are_estimated_alone_and_together(lands, rough):
    values, kind = rough
    other = kind.copy()
    flipped = np.random.default_rng(2).random(N) < 0.3
    other[flipped] = np.where(other[flipped] == "yes", "no", "yes")
    values = values - 20 * (other == "yes")
    found = associate([Outcome("pay", "2024", values)], members(coastal__rule=kind, rural__rule=other), lands)
    alone, together = (one(found, type="coastal", estimated=way) for way in ("alone", "together"))
    # What coastal areas lack is what being rural takes from them: 20, but for the noise.
    assert alone.gap < -5
    assert abs(together.gap) < 3
    assert together.others == ("rural__rule",)
    assert one(found, type="rural", estimated="together").gap == pytest.approx(-20, abs=3)


def test_kinds_that_are_the_same_areas_are_not_estimated_together(lands, rough):
    values, kind = rough
    found = associate([Outcome("pay", "2024", values)], members(coastal__rule=kind, rural__rule=kind), lands)
    assert [entry.estimated for entry in found] == ["alone", "alone"]


def test_one_call_is_as_many_calls(lands, rough):
    values, kind = rough
    outcomes = [Outcome("a", "", values), Outcome("b", "", values**2)]
    both = associate(outcomes, members(coastal__rule=kind), lands)
    apart = [associate([outcome], members(coastal__rule=kind), lands)[0] for outcome in outcomes]
    for left, right in zip(both, apart, strict=True):
        assert (left.beside, left.p, left.df) == pytest.approx((right.beside, right.p, right.df), rel=1e-9)


def test_the_unit_of_an_outcome_does_not_matter(lands, rough):
    values, kind = rough
    outcomes = [Outcome("a", "", values), Outcome("b", "", 1000 - 3 * values)]
    left, right = associate(outcomes, members(coastal__rule=kind), lands)
    assert right.beside == pytest.approx(-3 * left.beside, rel=1e-6)
    assert right.p == pytest.approx(left.p, rel=1e-6)


def test_known_errors_count_by_their_size(lands, rough):
    # Half of the areas are known exactly, the others hardly at all: they should hardly be heard.
    values, kind = rough
    loud = np.arange(N) % 2 == 0
    wild = values + np.where(loud, np.where(kind == "yes", 40.0, 0.0), 0.0)
    se = pd.Series(np.where(loud, 200.0, 0.5), index=lands.codes)
    (plain,) = associate([Outcome("pay", "", wild)], members(coastal__rule=kind), lands)
    (known,) = associate([Outcome("pay", "", wild, se)], members(coastal__rule=kind), lands)
    quiet = values[~loud].groupby(kind[~loud]).mean()
    assert plain.beside > 12
    assert known.beside == pytest.approx(quiet["yes"] - quiet["no"], abs=4)


def test_areas_without_an_error_are_given_the_median_and_few_errors_are_none(lands, rough):
    values, kind = rough
    se = pd.Series(2.0, index=lands.codes)
    some = se.mask(np.arange(N) < 40, 0.0)
    few = se.mask(np.arange(N) >= 3)
    whole, part, none = (
        associate([Outcome("pay", "", values, errors)], members(coastal__rule=kind), lands)[0]
        for errors in (se, some, few)
    )
    assert part.with_error == N - 40
    assert (part.gap_lower, part.beside) == pytest.approx((whole.gap_lower, whole.beside), rel=1e-6)
    assert none.with_error == 0
    assert math.isnan(none.gap_lower)


def test_one_error_a_hundred_times_the_others_takes_its_area_out(lands, rough):
    values, kind = rough
    se = pd.Series(0.5, index=lands.codes)
    at = int(np.flatnonzero(kind == "yes")[0])
    se.iloc[at] = 50.0
    moved = values.copy()
    moved.iloc[at] += 500.0
    (before,) = associate([Outcome("pay", "", values, se)], members(coastal__rule=kind), lands)
    (after,) = associate([Outcome("pay", "", moved, se)], members(coastal__rule=kind), lands)
    assert after.gap - before.gap > 5
    assert abs(after.beside - before.beside) < 3


def test_scales_by_hand():
    values = np.array([1.0, 100.0, 10.0])
    logs, errors = scaled(values, np.array([0.1, 5.0, 1.0]), "log")
    assert logs.tolist() == pytest.approx([0.0, math.log(100), math.log(10)])
    assert errors.tolist() == pytest.approx([0.1, 0.05, 0.1])
    assert scaled(values, None, "rank")[0].tolist() == [1.0, 3.0, 2.0]
    scores, none = scaled(values, errors, "normal-scores")
    assert scores.tolist() == pytest.approx([-0.8694, 0.8694, 0.0], abs=1e-4)  # Φ⁻¹ of 0.625 / 3.25
    assert none is None
    assert scaled(values, errors, "value") == (values, errors)
    with pytest.raises(StatisticsError, match="found 1 at or below"):
        scaled(np.array([0.0, 1.0]), None, "log")
    with pytest.raises(StatisticsError, match="known: value, rank, normal-scores, log"):
        scale_named("square")


def test_on_logs_the_map_keeps_its_unit(lands, rough):
    values, kind = rough
    found = associate([Outcome("pay", "", values)], members(coastal__rule=kind), lands, scale="log")[0]
    plain = associate([Outcome("pay", "", values)], members(coastal__rule=kind), lands)[0]
    assert found.gap == plain.gap
    assert found.scale == "log"
    assert abs(found.beside) < 0.2


def test_of_a_skewed_outcome_the_larger_p_counts(lands, rough):
    # Three areas far out, all of the kind: on the scale of the values a gap, on that of ranks next to nothing.
    values, kind = rough
    far = values.copy()
    far.iloc[np.flatnonzero(kind == "yes")[:3]] += 400.0
    (found,) = associate([Outcome("pay", "", far)], members(coastal__rule=kind), lands)
    (scores,) = associate([Outcome("pay", "", far)], members(coastal__rule=kind), lands, scale="normal-scores")
    assert found.skewness > 3
    assert found.p == pytest.approx(scores.p)
    assert found.p > 0.05
    assert found.beside_lower <= 0 <= found.beside_upper
    (plain,) = associate([Outcome("pay", "", values)], members(coastal__rule=kind), lands)
    x = np.column_stack([np.ones(N), kind == "yes"]).astype(float)
    assert abs(plain.skewness) < 1
    assert plain.p == pytest.approx(beside(lands.on(lands.codes), [x], values.to_numpy()[:, None])[0].p[0])


def test_an_average_over_candidates_by_hand():
    # Two candidates, weights 0.75 and 0.25: mean 1.5; within 0.75·1 + 0.25·4 = 1.75, between 0.75·0.25 + 0.25·2.25 = 0.75.
    weights, beta, variance = (np.array([row]) for row in ([0.75, 0.25], [1.0, 3.0], [1.0, 4.0]))
    estimate, se, df = combined(weights, beta, variance, 20)
    assert (estimate[0], se[0]) == pytest.approx((1.5, math.sqrt(2.5)))
    # Var(V): 0.75·0.75² + 0.25·2.25² = 1.6875, and 2·(0.75·1 + 0.25·16)/20 = 0.475; df = 2·2.5² / 2.1625.
    assert df[0] == pytest.approx(2 * 6.25 / (1.6875 + 0.475))


def test_p_is_that_of_the_interval(lands, rough):
    values, kind = rough
    x = np.column_stack([np.ones(N), kind == "yes"]).astype(float)
    found = beside(lands.on(lands.codes), [x], values.to_numpy()[:, None])[0]
    shifted = values.to_numpy() - (found.estimate[0] - found.reach[0]) * x[:, 1]
    again = beside(lands.on(lands.codes), [x], shifted[:, None])[0]
    assert again.p[0] == pytest.approx(0.05, abs=1e-6)
    assert found.weights.sum() == pytest.approx(1.0)


def test_the_smallest_gap_that_is_worth_a_word():
    said = {"lower": math.nan, "upper": math.nan, "sd": 10.0, "beside": -0.5}
    assert judge(gap=-1.9, q=0.4, **said) == "no-clear-gap"
    assert judge(gap=-2.1, q=0.4, **said) == "lower-on-map-only"
    assert judge(gap=2.1, q=0.4, **said) == "higher-on-map-only"
    assert judge(gap=2.1, q=0.05, **said) == "lower-beside-nearby"
    assert judge(gap=-2.1, q=0.05, **said | {"beside": 0.5}) == "higher-beside-nearby"
    assert judge(gap=-2.1, q=math.nan, **said) == "not-testable"
    assert judge(gap=-2.1, q=0.4, **said | {"lower": -5.0, "upper": 0.8}) == "no-clear-gap"


def entry(p, *, estimated="alone", **changes):
    fields = {"gap": -5.0, "sd": 10.0, "beside": -1.0, "p": p, **changes}
    return Association("pay", "2024", "coastal", "rule", estimated, 100, 30.0, **fields)


def test_verdicts_are_by_q_over_everything_that_was_asked():
    # Benjamini and Hochberg by hand: 0.01·4/1, 0.02·4/2, 0.04·4/3, 0.5; together it is asked but twice.
    found = judged([entry(0.02), entry(0.04), entry(0.01), entry(0.5), entry(math.nan)])
    assert [one.q for one in found[:4]] == pytest.approx([0.04, 0.16 / 3, 0.04, 0.5])
    assert [one.verdict for one in found] == [
        "lower-beside-nearby",
        "lower-on-map-only",
        "lower-beside-nearby",
        "lower-on-map-only",
        "not-testable",
    ]
    both = judged([entry(0.03), entry(0.04), entry(0.03, estimated="together")])
    assert [one.q for one in both] == pytest.approx([0.04, 0.04, 0.03])


def test_the_table_has_the_columns_that_others_build_on():
    table = claims_table(judged([entry(0.01, others=("rural__rule", "old__list"))]))
    assert tuple(table.columns[: len(CLAIMS)]) == CLAIMS
    assert table.loc[0, "members"] == 30
    assert table["members"].dtype.kind == "i"
    assert table.loc[0, "others"] == "rural__rule; old__list"
    assert claims_table([]).empty


def test_few_members_are_tested_against_drawn_maps(lands, rough):
    values, _ = rough
    few = pd.Series(np.where(np.isin(np.arange(N), [5, 40, 77, 100, 140, 33]), "yes", "no"), index=lands.codes)
    lowered = values - 25 * (few == "yes")
    quiet, loud = associate(
        [Outcome("a", "", values), Outcome("b", "", lowered)], members(own__list=few), lands, draws=399
    )
    assert quiet.p > 0.05
    assert loud.p <= 0.01
    assert (loud.p * 400) == pytest.approx(round(loud.p * 400))


def test_few_members_have_the_interval_of_the_same_maps(lands, rough):
    values, _ = rough
    few = pd.Series(np.where(np.isin(np.arange(N), [5, 40, 77, 100, 140, 33]), "yes", "no"), index=lands.codes)
    for shift in (0.0, 4.0, 9.0, 14.0, 25.0):
        lowered = values - shift * (few == "yes")
        (found,) = associate([Outcome("a", "", lowered)], members(own__list=few), lands, draws=399)
        assert (found.p <= 0.05) == (found.beside_lower > 0 or found.beside_upper < 0)
        assert found.beside == pytest.approx((found.beside_lower + found.beside_upper) / 2)


def test_unequal_variances_change_a_gap_only_where_the_map_asks_for_them(lands, rough):
    values, kind = rough
    x = np.column_stack([np.ones(N), kind == "yes"]).astype(float)
    land = lands.on(lands.codes)
    y = values.to_numpy()
    wild = np.where(x[:, 1] > 0, 100 + 4 * (y - 100), y)
    (plain,) = beside(land, [x], np.column_stack([y, wild]))
    structures = list(land.structures())
    spread = spread_of(
        structures, [fit(one, x, np.column_stack([y, wild])) for one in structures], x, np.column_stack([y, wild])
    )
    assert spread.needed.tolist() == [False, True]
    equal = averaged([fit(one, x, y) for one in structures])
    assert plain.estimate[0] == pytest.approx(equal.beta[0, 1])
    assert plain.se[0] == pytest.approx(np.sqrt(equal.covariance[0, 1, 1]))
    # Welch's error of a difference of independent means, which candidates nearly without a pattern come close to
    yes = x[:, 1] > 0
    welch = np.sqrt(wild[yes].var(ddof=1) / yes.sum() + wild[~yes].var(ddof=1) / (~yes).sum())
    assert plain.se[1] == pytest.approx(welch, rel=0.15)
    alike = averaged([fit(one, x, wild) for one in structures])
    assert np.sqrt(alike.covariance[0, 1, 1]) < 0.85 * welch


def test_a_scaled_candidate_is_its_covariance_scaled_on_both_sides(lands):
    structure = structure_of(exponential_candidates(lands.places.widest())[3], lands.places)
    scale = np.linspace(0.5, 2.0, N)
    unequal = Unequal(structure, scale)
    full = scale[:, None] * structure.covariance() * scale
    root = unequal.colour(np.eye(N))
    assert np.allclose(root @ root.T, full)
    assert unequal.log_det == pytest.approx(np.linalg.slogdet(full)[1])
    y = np.random.default_rng(0).normal(size=N)
    assert np.allclose(unequal.colour(unequal.whiten(y)), y)
    assert unequal.whiten(y) @ unequal.whiten(y) == pytest.approx(y @ np.linalg.solve(full, y))


def test_few_members_that_vary_more_are_set_against_maps_that_do(lands, rough):
    values, _ = rough
    x = np.column_stack([np.ones(N), np.isin(np.arange(N), [5, 40, 77, 100, 140, 33])]).astype(float)
    land = lands.on(lands.codes)
    y = values.to_numpy()
    wild = y + 60 * x[:, 1] * np.sign(np.arange(N) % 2 - 0.5) - 18 * x[:, 1]
    tame = simulated(land, x, y - 18 * x[:, 1], draws=300, seed=1)
    assert tame.p <= 0.02
    assert simulated(land, x, wild, draws=300, seed=1).p > 0.1


def test_few_members_with_known_errors(lands, rough):
    values, _ = rough
    x = np.column_stack([np.ones(N), np.isin(np.arange(N), [5, 40, 77, 100, 140, 33])]).astype(float)
    land = lands.on(lands.codes)
    known = np.full(N, 9.0)
    y = values.to_numpy()
    assert simulated(land, x, y, known, draws=400, seed=1).p > 0.05
    assert simulated(land, x, y - 25 * x[:, 1], known, draws=400, seed=1).p <= 0.03


def test_the_same_seed_gives_the_same_p(lands, rough):
    x = np.column_stack([np.ones(N), np.arange(N) < 6]).astype(float)
    land = lands.on(lands.codes)
    first, again, other = (simulated(land, x, rough[0].to_numpy(), draws=200, seed=seed).p for seed in (1, 1, 2))
    assert first == again
    assert abs(first - other) < 0.2


def test_maps_as_smooth_hold_the_same_values(lands):
    north = pd.Series(lands.places.centres[:, 0], index=lands.codes)
    values = (north / 1e4 + np.random.default_rng(0).normal(0, 0.5, N)).mask(np.arange(N) == 7)
    drawn = surrogates(values, lands, n=50, seed=1)
    assert drawn.shape == (N - 1, 50)
    assert np.allclose(np.sort(drawn.to_numpy(), axis=0), np.sort(values.dropna().to_numpy())[:, None])
    neighbours = lands.places.weights.subset(drawn.index).sparse()

    def alike(columns):
        z = (columns - columns.mean(axis=0)) / columns.std(axis=0)
        return (z * (neighbours @ z)).sum(axis=0) / neighbours.sum()

    real = float(alike(values.dropna().to_numpy()[:, None])[0])
    assert np.median(alike(drawn.to_numpy())) == pytest.approx(real, abs=0.15)
    assert real > 0.8
    pd.testing.assert_frame_equal(drawn, surrogates(values, lands, n=50, seed=1))


def test_what_no_map_can_be_drawn_from(lands, rough):
    with pytest.raises(StatisticsError, match="3 areas have a value"):
        surrogates(rough[0].mask(np.arange(N) > 2), lands)
    with pytest.raises(StatisticsError, match="all 144 values are alike"):
        surrogates(rough[0] * 0, lands)


def test_areas_beyond_the_map_are_refused(lands):
    with pytest.raises(StatisticsError, match="not on the map: Z"):
        lands.on(pd.Index(["a000", "Z"]))


def test_the_latest_parts_of_a_map_are_remembered(lands):
    own = Landscapes(lands.codes, lands.places)
    first = own.on(own.codes[:20])
    assert own.on(own.codes[:20]) is first
    for start in (1, 2, 3):
        own.on(own.codes[start : start + 20])
    assert own.on(own.codes[:20]) is not first
    assert not own.__getstate__()["_made"]


def test_values_of_a_county_count_once(lands):
    # Areas 0 and 1 share a county, with 30 and 10 people: its centre lies a quarter of the way, and it is 3/4 coastal.
    codes = lands.codes
    units = pd.Series(["C", "C", *codes[2:]], index=codes)
    values = pd.Series(np.arange(N, dtype=float), index=codes)
    values.iloc[1] = values.iloc[0]
    people = pd.Series([30.0, 10.0, *[1.0] * (N - 2)], index=codes)
    kinds = pd.DataFrame(
        {
            "coastal": ["yes", "no", *["no"] * (N - 2)],
            "coastal__rule": ["yes", "no", *["no"] * (N - 2)],
            "rural": ["yes", "not classified", *["no"] * (N - 2)],
            "rural__rule": ["not classified", "yes", *["no"] * (N - 2)],
        },
        index=codes,
    )
    outcome, shares, own = on_units(Outcome("pay", "", values), units, kinds, lands, people)
    assert len(outcome.value) == N - 1
    assert outcome.value["C"] == values.iloc[0]
    assert shares.loc["C", "coastal__rule"] == 0.75
    assert math.isnan(shares.loc["C", "rural__rule"])  # a quarter of the people are classified
    assert own.places.centres[own.codes.get_loc("C")].tolist() == [0.0, 2500.0]
    borders = set(own.places.weights.neighbours("C"))
    assert borders == {"a002", "a012", "a013"}


@pytest.mark.real_data
def test_lime_on_the_meuse_is_averaged_over_ranges(real_data):
    # nlme at fixed ranges of 500 and 1000 metres: 0.407 and 0.352, with errors of 0.093 and 0.091; least squares 0.966.
    table = pd.read_csv(real_data.parent / "oracles" / "meuse.csv")
    places = Places(table[["x", "y"]].to_numpy(dtype=float))
    codes = pd.Index(table.index.astype(str))
    kind = pd.Series(np.where(table["lime"] == 1, "yes", "no"), index=codes)
    values = pd.Series(table["ly"].to_numpy(dtype=float), index=codes)
    (found,) = associate([Outcome("zinc", "", values)], members(lime__rule=kind), Landscapes(codes, places))
    assert found.gap == pytest.approx(0.965982789, abs=1e-8)
    assert 0.33 < found.beside < 0.42
    assert (found.beside_upper - found.beside) / 1.98 == pytest.approx(0.092, abs=0.01)


def test_small_areas_are_carried_to_their_districts_by_hand():
    codes = pd.Index(list("abcde"), name="code")
    outcome = Outcome(
        "y", "", pd.Series([1.0, 4.0, 10.0, np.nan, 7.0], codes), pd.Series([3.0, 6.0, 1.0, 1.0, np.nan], codes)
    )
    districts = pd.Series(["P", "P", "Q", "Q", "R"], index=codes, dtype=object)
    people = pd.Series([1.0, 2.0, 5.0, 5.0, np.nan], index=codes)
    found, units = on_districts(outcome, districts, people)
    assert units.to_dict() == {"a": "P", "b": "P", "c": "Q", "e": "R"}
    assert found.value.tolist() == [3.0, 3.0, 10.0, 7.0]
    # (1/3)² 9 + (2/3)² 36 = 17
    assert found.se.iloc[:3].tolist() == pytest.approx([np.sqrt(17.0), np.sqrt(17.0), 1.0])
    assert np.isnan(found.se.iloc[3])
    bare, _ = on_districts(Outcome("y", "", outcome.value), districts.drop("e"), people)
    assert bare.se is None
    assert bare.value.index.tolist() == ["a", "b", "c"]
    uncounted, _ = on_districts(outcome, districts, people.mask(people == 2))
    assert uncounted.value.iloc[0] == 2.5


def test_more_areas_than_can_be_compared_are_compared_on_districts(monkeypatch):
    boundaries = pa.areas("LAD", "2024-09-11", nations=["S"])
    ground = survey(boundaries, StudyConfig(robust=False))
    values = 50.0 + ground.memberships["coastal"].eq("yes") * 3 + np.arange(len(boundaries)) % 5
    figures = pd.DataFrame({"code": ground.memberships.index, "rate": values.to_numpy()})
    joined = pa.join(figures, boundaries, code="code", value="rate", measure="mean")
    exact = associations_of(joined, ground)
    monkeypatch.setattr(kinds_of_place, "MAX_AREAS", 10)
    # every area is its own district here: carried there, nothing changes
    nested = associations_of(joined, ground)
    assert [one.beside for one in nested] == pytest.approx([one.beside for one in exact], nan_ok=True)
    assert districts_of(boundaries).to_dict() == {code: code for code in boundaries.frame["code"]}
