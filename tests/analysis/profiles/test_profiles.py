"""Across outcomes: bands, places low on several, places alike, and what lies beside what."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.moran import local_moran, local_moran_bivariate
from analysis.profiles import (
    agreement,
    beside,
    low_on_several,
    outliers_by_name,
    place_profile,
    places_alike,
    profile_table,
    standing_of,
    types_of_places,
)
from analysis.profiles.standing import Standing, low_labels
from analysis.profiles.table import at_least
from analysis.weights import build_weights
from boundaries.areas.custom_areas import custom_areas
from boundaries.joined import Joined, Receipt
from boundaries.joined.extent import join_within
from boundaries.outcomes.table import OutcomeMeta
from boundaries.sources.registry import read_outcome
from geo.errors import StatisticsError

ORDER = ("Least", "Un", "Middle", "Fav", "Most")


def standing(outcome, bands, *, favourable="high", p_low=None):
    codes = pd.Index([f"a{at}" for at in range(len(bands))], name="code")
    chances = None if p_low is None else pd.Series(p_low, index=codes)
    names = pd.Series([code.upper() for code in codes], index=codes)
    low = low_labels(ORDER, favourable)
    return Standing(outcome, outcome, "2024", favourable, pd.Series(bands, index=codes), ORDER, low, names, chances)


def test_low_on_how_many_of_how_many_with_what_probability():
    table = profile_table(
        [
            standing("one", ["Least", "Middle", "", "Most"], p_low=[0.9, 0.2, np.nan, 0.0]),
            standing("two", ["Most", "Un", "Un", "Most"], favourable="low", p_low=[0.8, 0.1, 0.0, 1.0]),
            standing("size", ["Least", "Least", "Least", "Least"], favourable="none"),
        ]
    )
    rows = table.set_index("code")
    assert rows["low_on"].to_dict() == {"a0": 2, "a1": 0, "a2": 0, "a3": 1}
    assert rows["of"].to_dict() == {"a0": 2, "a1": 2, "a2": 1, "a3": 2}
    assert rows["p_low_on"].to_dict() == pytest.approx({"a0": 0.72, "a1": 1.0, "a2": 1.0, "a3": 1.0})
    assert table["code"].tolist() == ["a0", "a3", "a1", "a2"]
    assert [*table.columns] == ["code", "name", "low_on", "of", "p_low_on", "one", "two", "size"]
    assert low_on_several(table, at_least_on=2)["code"].tolist() == ["a0"]
    with pytest.raises(StatisticsError, match="figures for 3 outcomes"):
        low_on_several(table, at_least_on=3)


def test_without_draws_there_is_a_count_and_no_probability():
    table = profile_table([standing("one", ["Least", ""])])
    assert np.isnan(table["p_low_on"]).all()
    nothing = profile_table([standing("size", ["Least", "Most"], favourable="none")])
    assert nothing["of"].tolist() == [0, 0]
    assert nothing["p_low_on"].isna().all()


def test_probabilities_by_enumeration():
    chances = np.array([[0.1, 0.5], [0.3, 0.5], [0.6, 0.5]])
    # P(at least 2) = .1·.3·.4 + .1·.7·.6 + .9·.3·.6 + .1·.3·.6 = .234; of three coins 4/8
    assert at_least(chances, np.array([2, 2])) == pytest.approx([0.234, 0.5])
    assert at_least(chances, np.array([0, 3])) == pytest.approx([1.0, 0.125])


def test_outcomes_that_do_not_fit_in_one_table():
    with pytest.raises(StatisticsError) as caught:
        profile_table([standing("of", ["Least"]), standing("of", ["Least"]), standing("b", ["Least", "Un"])])
    assert len(caught.value.faults) == 3
    with pytest.raises(StatisticsError, match="at least one"):
        profile_table([])


def test_combinations_of_kinds_of_place():
    table = profile_table([standing("one", ["Least", "Least", "Most", "Most"])])
    kinds = pd.DataFrame({"coastal": ["yes", "yes", "no"], "rural": ["no", "no", "no"]}, index=["a0", "a2", "a1"])
    made = types_of_places(table, kinds, at_least_on=1)
    assert made.to_dict("records")[0] == {"coastal": "yes", "rural": "no", "areas": 2, "low": 1, "share": 0.5}
    assert made["areas"].sum() == 4
    assert "not classified" in set(made["coastal"])


def joined_of(areas, values, *, bands=None, **meta):
    frame = pd.DataFrame(
        {
            "name": areas.frame["name"].to_numpy(),
            "nation": "E",
            "value": np.asarray(values, dtype=float),
            "status": "ok",
        },
        index=pd.Index(areas.frame["code"], name="code"),
    )
    extras = None if bands is None else pd.DataFrame({"band": bands}, index=frame.index)
    described = OutcomeMeta(**{"id": "x", "title": "X", "measure": "index", "unit": "z", "favourable": "high", **meta})
    return Joined(areas, described, "2024", frame, Receipt("x", "squares", "2024-01-01", "2024", {}), extras=extras)


def test_published_bands_are_taken_in_the_order_of_their_values(chessboard):
    areas = chessboard(1, 5)
    made = standing_of(joined_of(areas, [-2, -1, 0, 1, np.nan], bands=["D", "C", "B", "A", "A"]))
    assert (made.order, made.low) == (("D", "C", "B", "A"), ("D", "C"))
    assert made.bands.tolist() == ["D", "C", "B", "A", ""]
    worst = standing_of(joined_of(areas, [-2, -1, 0, 1, 2], bands=["D", "C", "B", "A", "A"], favourable="low"))
    assert worst.low == ("B", "A")
    assert standing_of(joined_of(areas, [1, 2, 3, 4, 5], bands=list("DCBAA"), favourable="none")).low == ()
    with pytest.raises(StatisticsError, match="no slices") as caught:
        standing_of(joined_of(areas, [-2, 1, 0, -1, 2], bands=["D", "D", "B", "A", "A"]))
    assert "overlap" in caught.value.faults[0]


def test_outcomes_without_bands_get_those_of_standard_deviations(chessboard):
    areas = chessboard(1, 5)
    # mean 3, sd √(10 / 4): −2, −1, 0, 1, 2 are −1.26, −0.63, 0, 0.63, 1.26 standard deviations
    made = standing_of(joined_of(areas, [1, 2, 3, 4, 5]))
    assert made.bands.tolist() == ["well below", "below", "middle", "above", "well above"]
    assert made.low == ("far below", "well below")
    with pytest.raises(StatisticsError, match="does not vary"):
        standing_of(joined_of(areas, [1, 1, 1, 1, 1]))
    with pytest.raises(StatisticsError, match="is a category"):
        standing_of(joined_of(areas, [1, 2, 3, 4, 5], measure="category"))


def test_the_profile_of_a_place_says_what_is_missing():
    facts = pd.DataFrame(
        {
            "outcome": ["pay", "pay", "jobs", "health"],
            "code": ["a", "b", "b", "a"],
            "value": [1.0, 2.0, 3.0, np.nan],
            "band": ["Low", "High", "High", ""],
            "change": [0.1, 0.2, 0.3, np.nan],
        }
    )
    made = place_profile(facts, "a")
    assert [*made.columns] == ["outcome", "value", "band", "change", "reason"]
    assert made["outcome"].tolist() == ["pay", "jobs", "health"]
    assert made["reason"].tolist() == ["", "no row for this place", "no figure"]
    assert place_profile(facts, "b", outcomes=["jobs"])["value"].tolist() == [3.0]
    told = facts.assign(reason=["", "", "", "suppressed"])
    assert place_profile(told, "a")["reason"].tolist() == ["", "no row for this place", "suppressed"]
    doubled = pd.concat([facts, facts.iloc[:1]])
    with pytest.raises(StatisticsError) as caught:
        place_profile(doubled, "a", outcomes=["pay", "nothing"])
    assert len(caught.value.faults) == 2
    with pytest.raises(StatisticsError, match="no fact is of z"):
        place_profile(facts, "z")
    with pytest.raises(StatisticsError, match="facts lack value"):
        place_profile(facts.drop(columns="value"), "a")


def test_places_alike_by_hand():
    indicators = pd.DataFrame({"x": [0.0, 1.0, 3.0, 9.0], "y": [0.0, 0.0, 4.0, 4.0]}, index=list("abcd"))
    made = places_alike(indicators, k=1)
    x, y = indicators["x"].std(ddof=1), indicators["y"].std(ddof=1)
    assert made.loc[0, "distance"] == pytest.approx((1 / x) / 2**0.5)
    assert made.loc[0, ["x_gap", "y_gap"]].tolist() == pytest.approx([1 / x, 0.0])
    # c to b: √((2/x)² + (4/y)²), c to d: 6/x
    assert made.loc[2, "like"] == ("b" if np.hypot(2 / x, 4 / y) < 6 / x else "d")
    only = places_alike(indicators, k=2, columns=["x"])
    assert only.loc[only["code"] == "d", "like"].tolist() == ["c", "b"]


def test_places_alike_leave_out_the_incomplete_and_refuse_what_cannot_be():
    indicators = pd.DataFrame({"x": [0.0, 1.0, np.nan, 9.0], "flat": 1.0}, index=list("abcd"))
    assert "c" not in set(places_alike(indicators, k=1, columns=["x"])["code"])
    with pytest.raises(StatisticsError) as caught:
        places_alike(indicators, k=3)
    assert len(caught.value.faults) == 2
    with pytest.raises(StatisticsError, match="no indicator z"):
        places_alike(indicators, columns=["z"])
    with pytest.raises(StatisticsError, match="cannot be told"):
        places_alike(indicators, columns=[])


def test_agreement_with_a_published_list():
    ours = pd.DataFrame({"code": ["a", "a", "b", "b", "c", "c"], "like": list("bcacab")})
    theirs = pd.DataFrame({"code": ["a", "a", "b", "z"], "like": ["b", "z", "a", "a"]})
    made = agreement(ours, theirs).set_index("code")
    assert made["shared"].to_dict() == {"a": 1, "b": 1}
    assert made["expected"].to_dict() == {"a": 1.0, "b": 1.0}


def test_low_beside_high_with_border_and_distance(chessboard, mutual):
    areas = chessboard(1, 4).frame
    graph = mutual(("r0c0", "r0c1"), ("r0c1", "r0c2"), ("r0c0", "r0c3"), ids=list(areas["code"]))
    flags = pd.Series([True, False, False, False], index=areas["code"])
    high = pd.Series([False, True, True, True], index=areas["code"])
    made = beside(flags, high, areas, graph)
    assert made["hub_code"].tolist() == ["r0c1", "r0c3"]
    assert made["border_km"].tolist() == [1.0, 0.0]
    assert made["distance_km"].tolist() == [1.0, 3.0]
    assert made["gap_km"].tolist() == [0.0, 2.0]
    assert made["beside"].tolist() == [True, True]
    near = beside(flags, high, areas, graph, reach_km=1.0)
    assert near["hub_code"].tolist() == ["r0c1", "r0c2", "r0c3"]
    assert near["beside"].tolist() == [True, False, True]
    with pytest.raises(StatisticsError) as caught:
        beside(flags.iloc[1:], high, areas.to_crs(4326), graph, reach_km=-1)
    assert len(caught.value.faults) == 3


def test_a_high_place_among_low_ones_is_named(chessboard):
    areas = chessboard(12, 12)
    values = pd.Series(np.random.default_rng(0).normal(size=144) / 9, index=areas.frame["code"])
    low = [f"r{row}c{column}" for row in range(7) for column in range(7)]
    values[low] -= 3
    values["r3c3"] = 4.0
    graph = build_weights(areas, policy="queen")
    local = local_moran(values, graph, seed=1, permutations=9_999)
    made = outliers_by_name(local, areas.frame, graph)
    row = made.set_index("code").loc["r3c3"]
    assert (row["kind"], row["name"]) == ("high among low", "R3C3")
    assert len(row["neighbours"].split(", ")) == 8
    both = local_moran_bivariate(values, -values, graph, seed=1, permutations=9_999)
    assert set(outliers_by_name(both, areas.frame, graph)["kind"]) <= {"high among low", "low beside high"}


@pytest.mark.real_data
def test_six_areas_are_low_on_three_of_the_four_indices_of_2024(real_data):
    """The two lowest of the published bands; nobody is low on all four."""
    areas = custom_areas("smc-203", date=dt.date(2024, 9, 11))
    folder = real_data / "outcomes" / "smc" / "son2024_203regions"
    standings = [standing_of(join_within(read_outcome("smc", path), areas)) for path in sorted(folder.glob("*.csv"))]
    table = profile_table(standings)
    assert set(table["of"]) == {4}
    several = low_on_several(table, at_least_on=3)
    assert several["low_on"].tolist() == [3] * 6
    assert [name.removesuffix(" county council") for name in several["name"]] == [
        "Barnsley", "Dumfries and Galloway", "Durham", "Hartlepool", "North Ayrshire", "Sunderland",
    ]  # fmt: skip
