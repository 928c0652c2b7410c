"""A whole index: three areas by hand, its doubt, its refusals, and the outcome it becomes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.indices import build_index, compose_index, load_index
from analysis.indices.choices import tried
from analysis.indices.preparing import prepare
from analysis.indices.sensitivity import rank_shares
from geo.errors import ConfigError, StatisticsError

NAN = np.nan


def three(joined, chessboard, **meta):
    areas = chessboard(1, 3)
    return [joined(areas, "pay", [10, 20, 30], **meta), joined(areas, "poverty", [5, 1, 3], favourable="low")]


PARTS = ({"id": "pay"}, {"id": "poverty", "direction": "low"})


def test_three_areas_by_hand(joined, chessboard, defined):
    # z of pay −1, 0, 1; of poverty (turned) −1, 1, 0; their mean −1, ½, ½ has the standard deviation √¾.
    index = compose_index(defined(*PARTS), three(joined, chessboard))
    assert index.areas["value"].to_numpy() == pytest.approx([-1 / 0.75**0.5, 0.5 / 0.75**0.5, 0.5 / 0.75**0.5])
    assert index.areas["rank"].tolist() == [1.0, 2.5, 2.5]
    assert index.areas["pay"].tolist() == [-1.0, 0.0, 1.0]
    # r(pay, poverty turned) = ½: α = 2 (1 − 2 / 3); both as close to the index.
    assert index.alpha == pytest.approx(2 / 3)
    assert index.weights["effective"].tolist() == pytest.approx([0.5, 0.5])
    assert index.correlations.loc["pay", "poverty"] == pytest.approx(0.5)


def test_three_areas_on_a_fixed_scale_with_weights(joined, chessboard, defined):
    # min-max 0 to 100: pay 0, 50, 100; poverty (turned) 0, 100, 50; weights 1 and 3.
    parts = (PARTS[0] | {"weight": 1.0}, PARTS[1] | {"weight": 3.0})
    how = {"normalisation": "min-max", "scale": [0, 100], "weights": "given"}
    index = compose_index(defined(*parts, **how), three(joined, chessboard))
    assert index.areas["value"].tolist() == [0.0, 87.5, 62.5]
    assert (index.table.meta.unit, index.table.meta.base) == ("points", "relative")
    assert index.sensitivity["share"].tolist() == [0.0] * len(index.sensitivity)  # no choice moves a rank
    posts = (parts[0] | {"goalposts": [0, 40]}, parts[1] | {"goalposts": [1, 11]})
    fixed = compose_index(defined(*posts, **how), three(joined, chessboard))
    # pay 25, 50, 75; poverty turned: 60, 100, 80
    assert fixed.areas["value"].tolist() == pytest.approx([51.25, 87.5, 78.75])
    assert fixed.table.meta.base == "fixed"


def test_three_areas_by_geometric_mean(joined, chessboard, defined):
    how = {"normalisation": "min-max", "scale": [1, 101], "aggregation": "geometric"}
    index = compose_index(defined(*PARTS, **how), three(joined, chessboard))
    assert index.areas["value"].to_numpy() == pytest.approx([1.0, (51 * 101) ** 0.5, (51 * 101) ** 0.5])


def test_an_index_of_deprivation_turns_the_other_way(joined, chessboard, defined):
    index = compose_index(defined(*PARTS, favourable="low", normalisation="exponential"), three(joined, chessboard))
    assert index.areas["value"].idxmax() == "r0c0"
    assert index.areas.loc["r0c0", "value"] == pytest.approx(100.0)
    assert index.table.meta.favourable == "low"


def test_the_result_is_an_outcome_with_every_source_and_its_edition(joined, chessboard, defined):
    index = compose_index(defined(*PARTS, edition="2025"), three(joined, chessboard))
    meta = index.table.meta
    assert (meta.measure, meta.unit, meta.index_version, meta.base) == ("index", "z", "2025", "relative")
    assert meta.source.title == "Source of pay; Source of poverty"
    assert meta.source.licence == "Open Government Licence v3.0"
    assert meta.source.attribution == ("© pay", "© poverty")
    assert index.table.periods() == ("2024",)
    assert index.table.frame["se"].isna().all()  # everyone is counted: no error is known, which is not an error of 0
    assert "Toy, edition 1" not in "\n".join(index.lines())
    assert repr(index) == "Index(toy 2025: 2 indicators, 3 of 3 areas)"


def many(joined, chessboard, *, gaps=()):
    """Return four indicators of 100 areas: three that go together, two with survey error, and noise."""
    areas = chessboard(10, 10, region_code=["E12000001"] * 50 + ["E12000002"] * 50)
    rng = np.random.default_rng(7)
    common = np.linspace(-2, 2, 100)
    rows = [50 + 5 * common + rng.normal(size=100), 20 + 2 * common + rng.normal(size=100)]
    rows += [8 - common + rng.normal(size=100) / 2, rng.normal(5, 1, size=100)]
    for row, area in gaps:
        rows[row][area] = NAN
    names, errors = ("a", "b", "c", "d"), (2.0, 1.0, NAN, NAN)
    return [joined(areas, name, row, se=error) for name, row, error in zip(names, rows, errors, strict=True)]


FOUR = (
    {"id": "a", "error": "published"},
    {"id": "b", "error": "modelled"},
    {"id": "c", "direction": "low"},
    {"id": "d"},
)
BANDS = {"cuts": [-1.0, 1.0], "labels": ["Low", "Middle", "High"]}


def test_doubt_of_an_index(joined, chessboard, defined):
    index = compose_index(defined(*FOUR, bands=BANDS), many(joined, chessboard))
    areas = index.areas
    assert (areas["se"] > 0).all()
    assert areas["lower"].lt(areas["value"]).all()
    assert areas["upper"].gt(areas["value"]).all()
    assert areas[["p_low", "p_middle", "p_high"]].sum(axis=1).to_numpy() == pytest.approx(np.ones(100))
    assert (areas["rank_lower"] >= 1).all()
    assert (areas["rank_upper"] <= 100).all()
    assert (areas["rank_upper"] - areas["rank_lower"]).median() > 5
    certain = areas["p_low"] > 0.9
    assert certain.any()
    assert set(areas.loc[certain, "band"]) == {"Low"}
    shares = index.sensitivity.set_index("choice")
    assert shares["share"].sum() == pytest.approx(1.0)
    assert [*shares.index] == ["weights", "normalisation", "aggregation", "leave one out", "errors", "choices together"]
    assert shares.loc["leave one out", "share"] > shares.loc["weights", "share"]
    assert (shares["lower"] <= shares["share"]).all()
    assert (shares["share"] <= shares["upper"]).all()
    assert index.without["without"].tolist() == ["a", "b", "c", "d"]
    # Leaving the noise out moves the places most.
    assert index.without.set_index("without")["mean_shift"].idxmax() == "d"
    words = "\n".join(index.lines())
    for told in ("Cronbach's alpha", "effective", "leave one out", "no rank is printed without its interval"):
        assert told in words


def test_the_same_seed_gives_the_same_doubt_and_another_seed_another(joined, chessboard, defined):
    parts = many(joined, chessboard)
    first, again = (compose_index(defined(*FOUR), parts).areas["rank_lower"] for _ in range(2))
    pd.testing.assert_series_equal(first, again)
    other = compose_index(defined(*FOUR, uncertainty={"draws": 1000, "seed": 4}), parts).areas["rank_lower"]
    assert (first != other).any()


def test_a_choice_that_is_not_varied_has_no_share_and_what_is_left_causes_all(joined, chessboard, defined):
    only = {"draws": 2000, "weights_within": 0.0, "normalisations": ["z"], "aggregations": ["arithmetic"]}
    counted = [part | {"error": "counted"} for part in FOUR]
    index = compose_index(defined(*counted, uncertainty=only | {"leave_one_out": 0.5}), many(joined, chessboard))
    shares = index.sensitivity.set_index("choice")["share"]
    assert [*shares.index] == ["leave one out", "errors", "choices together"]
    assert shares["leave one out"] == pytest.approx(1.0, abs=0.01)
    assert shares["errors"] == pytest.approx(0.0, abs=1e-9)
    errors = compose_index(defined(*FOUR, uncertainty=only | {"leave_one_out": 0.0}), many(joined, chessboard))
    assert errors.sensitivity.set_index("choice")["share"].loc["errors"] == pytest.approx(1.0, abs=0.05)


def test_geometric_means_are_never_taken_of_z_scores_in_the_draws(joined, chessboard, defined):
    definition = defined(*FOUR)
    prepared = prepare(definition, many(joined, chessboard))
    outcome = tried(definition, prepared, np.full(4, 0.25))
    z = outcome.normalisations.index("z")
    assert set(outcome.aggregation[outcome.normalisation == z]) == {0}
    assert set(outcome.aggregation[outcome.normalisation != z]) == {0, 1}
    assert np.isfinite(outcome.index).all()


def test_few_draws_give_no_shares(joined, chessboard, defined):
    definition = defined(*FOUR, uncertainty={"draws": 100})
    index = compose_index(definition, many(joined, chessboard))
    assert index.sensitivity is None
    assert "cannot be distinguished from 100 draws" in "\n".join(index.lines())
    prepared = prepare(definition, many(joined, chessboard))
    with pytest.raises(StatisticsError, match="100 draws do not tell"):
        rank_shares(tried(definition, prepared, np.full(4, 0.25)), seed=1)


def test_draws_of_the_truth_may_come_from_elsewhere(joined, chessboard, defined):
    parts = many(joined, chessboard)
    given = {"a": np.tile(np.arange(100.0)[::-1], (1000, 1))}
    turned = compose_index(defined(*FOUR), parts, given=given).areas
    usual = compose_index(defined(*FOUR), parts).areas
    assert turned["rank_upper"].iloc[0] > usual["rank_upper"].iloc[0]
    assert turned["value"].tolist() == usual["value"].tolist()


def test_missing_is_refused_by_default_filled_by_rule_or_left_out(joined, chessboard, defined):
    gaps = [(0, 3), (1, 3), (2, 60)]
    refused = compose_index(defined(*FOUR), many(joined, chessboard, gaps=gaps))
    assert np.isnan(refused.areas.loc["r0c3", "value"])
    assert refused.areas.loc["r0c3", "reason"] == "2 of 4 indicators missing: a, b"
    assert refused.table.reasons["r6c0"] == "1 of 4 indicators missing: c"
    made = {
        how: compose_index(defined(*FOUR, missing={"how": how, "allowed": 0.25}), many(joined, chessboard, gaps=gaps))
        for how in ("average", "region", "reweight")
    }
    for index in made.values():
        assert np.isnan(index.areas.loc["r0c3", "value"])
        assert index.areas.loc["r6c0", "imputed"] == 0.25
    held = many(joined, chessboard, gaps=gaps)[2].frame["value"]
    filled = {how: index.prepared.figures[2][index.prepared.codes.index("r6c0")] for how, index in made.items()}
    assert filled["average"] == pytest.approx(-held.drop("r0c3").mean())
    assert filled["region"] == pytest.approx(-held.iloc[50:].mean())
    assert np.isnan(filled["reweight"])
    assert made["average"].areas.loc["r6c0", "se"] > made["average"].areas["se"].median()


def test_what_is_not_covered_is_not_missing(joined, chessboard, defined):
    areas = chessboard(2, 3)
    status = np.array(["ok"] * 5 + ["not_covered"])
    parts = [
        joined(areas, "a", [1, 2, 3, 5, 8, NAN], status=status),
        joined(areas, "b", [2, 1, 3, 4, 9, 7]),
    ]
    index = compose_index(defined({"id": "a"}, {"id": "b"}), parts)
    assert index.areas.loc["r1c2", "reason"] == "not covered by every indicator"
    assert "r1c2" not in set(index.table.frame["code"])


def test_transforms_go_with_their_errors_and_are_told(joined, chessboard, defined):
    areas = chessboard(2, 5)
    toy = [*range(1, 10), 100]
    parts = [
        joined(areas, "a", toy, se=1.0),
        joined(areas, "b", toy[::-1]),
        joined(areas, "c", [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]),
    ]
    definition = defined(
        {"id": "a", "transform": "log", "error": "published"}, {"id": "b", "transform": "winsor"}, {"id": "c"}
    )
    prepared = prepare(definition, parts)
    assert prepared.figures[0] == pytest.approx(np.log(toy))
    assert prepared.errors[0] == pytest.approx(1 / np.array(toy))
    assert (prepared.figures[1].max(), prepared.points) == (9.0, (0, 1, 0))
    assert "b: 1 extreme point pulled in to the next." in prepared.notes
    index = compose_index(definition, parts)
    assert index.areas["value"].notna().all()


def test_a_direction_against_the_source_and_unknown_errors_are_said(joined, chessboard, defined):
    areas = chessboard(2, 4)
    parts = [
        joined(areas, "a", [1, 2, 3, 4, 5, 6, 8, 7], favourable="low", se=[1, 1, 1, 1, 2, 2, 2, NAN]),
        joined(areas, "b", [2, 1, 4, 3, 6, 5, 8, 9]),
    ]
    definition = defined({"id": "a", "error": "published"}, {"id": "b", "error": "published"})
    prepared = prepare(definition, parts)
    assert prepared.notes == (
        "a: the index says that high is good, its source that low is.",
        "a: the error of 1 of 8 areas is not known; they are drawn with the middle error of the others.",
        "b: the error of 8 of 8 areas is not known; it counts as if there were none.",
    )
    assert prepared.errors[0].tolist() == [1, 1, 1, 1, 2, 2, 2, 1]
    index = compose_index(definition, parts)
    assert index.areas["se"].notna().all()


def test_importance_weights_reach_the_index(joined, chessboard, defined):
    index = compose_index(defined(*FOUR, weights="importance"), many(joined, chessboard))
    assert index.weights["effective"].tolist() == pytest.approx([0.25] * 4, abs=0.01)
    assert index.weights["weight"].iloc[3] > 0.25


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"b": [2.0] * 4}, "b: all values are the same"),
        ({"b": [NAN] * 4}, "0 areas have enough indicators"),
        ({"b": [2.0, 4.0, 6.0, 10.0]}, "the same figures stand twice: a and b"),
        ({"b": [-2.0, -4.0, -6.0, -10.0]}, "the same figures stand twice: a and b"),
    ],
)
def test_figures_that_make_no_index(joined, chessboard, defined, change, told):
    areas = chessboard(2, 2)
    parts = [joined(areas, "a", [1, 2, 3, 5]), joined(areas, "b", change["b"])]
    with pytest.raises(StatisticsError) as caught:
        compose_index(defined({"id": "a"}, {"id": "b"}), parts)
    assert told in "\n".join(caught.value.faults)


def test_a_logarithm_that_does_not_exist(joined, chessboard, defined):
    areas = chessboard(2, 2)
    parts = [joined(areas, "a", [0, 2, 3, 5]), joined(areas, "b", [4, 2, 5, 1])]
    definition = defined(
        {"id": "a", "transform": "log"}, {"id": "b", "transform": "log", "goalposts": [-1, 9]}, normalisation="min-max"
    )
    with pytest.raises(StatisticsError) as caught:
        compose_index(definition, parts)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["a", "b"]


def test_people_of_different_places_are_not_mixed_without_a_word(joined, chessboard, defined):
    parts = three(joined, chessboard, place_basis="grew up in")
    with pytest.raises(ConfigError, match="cannot be used") as caught:
        compose_index(defined(*PARTS), parts)
    assert "grew up in: pay; lives in: poverty" in caught.value.faults[0]
    made = compose_index(defined(*PARTS, mixed_basis="Both are of the young."), parts)
    assert made.table.meta.description.endswith("Both are of the young.")
    assert (
        compose_index(
            defined(*PARTS[:1], {"id": "p"}),
            [parts[0], joined(parts[0].boundaries, "p", [3, 1, 2], place_basis="grew up in")],
        ).table.meta.place_basis
        == "grew up in"
    )


def test_counts_and_categories_are_no_indicators(joined, chessboard, defined):
    areas = chessboard(1, 3)
    parts = [joined(areas, "a", [1, 2, 4], measure="count"), joined(areas, "b", [2, 1, 4], measure="category")]
    with pytest.raises(ConfigError) as caught:
        compose_index(defined({"id": "a"}, {"id": "b"}), parts)
    assert len(caught.value.faults) == 2


@pytest.mark.real_data
def test_the_built_in_index_on_the_published_files(real_data):
    index = build_index(load_index("local-opportunity"), [real_data / "outcomes" / "els"])
    areas = index.areas
    assert int(areas["value"].notna().sum()) == 348
    assert areas.index[areas["imputed"] > 0].tolist() == ["E06000061"]  # North Northamptonshire
    assert set(areas.index[areas["value"].isna()]) == {"E06000053", "E09000001"}  # Scilly, the City
    assert (index.areas["rank_upper"] > index.areas["rank_lower"]).sum() == 348
    assert index.sensitivity["share"].sum() == pytest.approx(1.0)
    assert {source.licence for source in index.sources} == {"Open Government Licence v3.0"}
