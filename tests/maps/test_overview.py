"""The front page in few words: a claim with its verdicts, an outcome in four cells."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from analysis.association import Association
from analysis.change.flags import Flag
from analysis.claims import Claim
from maps.findings import ChangeFinding, LevelsFinding, PatternFinding, Reference, TypeFinding
from maps.findings.claimed import ClaimedKind, claimed_kinds
from maps.words import Topic
from maps.words.findings.changes import change_sentence
from maps.words.findings.overview import (
    change_cell,
    claimed_sentence,
    clusters_cell,
    kinds_cell,
    levels_cell,
    over_represented,
)
from maps.words.findings.watched import watched_sentence

NAN = math.nan


def gap(outcome, kind, verdict, *, definition="one", estimated="alone"):
    return Association(
        outcome=outcome, period="2024", type=kind, definition=definition, estimated=estimated, n=20, members=5, gap=-1.0,
        gap_lower=NAN, gap_upper=NAN, beside=-0.5, beside_lower=-1.0, beside_upper=0.0, p=0.04, q=0.05, verdict=verdict,
    )  # fmt: skip


def told(towards, verdicts, *, favourable="high"):
    found = [gap("pay", "rural", verdict, definition=f"rule {at}") for at, verdict in enumerate(verdicts)]
    (kind,) = claimed_kinds(Claim(("rural",), towards, ("pay",)), found, {"pay": favourable})
    return kind


@pytest.mark.parametrize(
    ("verdicts", "answer"),
    [
        (["lower-beside-nearby", "lower-beside-nearby"], "beside"),
        (["lower-beside-nearby", "no-clear-gap"], "beside-some"),
        (["lower-on-map-only", "no-clear-gap"], "map-only"),
        (["no-clear-gap", "not-testable"], "no-gap"),
        (["lower-beside-nearby", "higher-beside-nearby"], "other-some"),
        (["higher-on-map-only", "higher-beside-nearby"], "other-way"),
        (["not-testable"], "untested"),
        ([], "untested"),
    ],
)
def test_what_definitions_say_together(verdicts, answer):
    assert told("lower", verdicts).counts == ((answer, 1),)


def test_worse_is_higher_where_low_is_good_and_nothing_where_neither_is():
    assert told("worse", ["higher-beside-nearby"], favourable="low") == ClaimedKind(
        "rural", "higher", 1, (("beside", 1),)
    )
    assert told("worse", ["lower-beside-nearby"], favourable="low").counts == (("other-way", 1),)
    assert told("worse", ["lower-beside-nearby"], favourable="none") == ClaimedKind(
        "rural", "worse", 1, (("untested", 1),)
    )


def test_a_claim_counts_outcomes_and_only_what_was_estimated_alone():
    claim = Claim(("rural", "coastal"), "worse", ("pay", "poverty"))
    found = [
        gap("pay", "rural", "lower-beside-nearby"),
        gap("pay", "rural", "higher-beside-nearby", estimated="together"),
        gap("poverty", "rural", "higher-on-map-only"),
        gap("pay", "coastal", "no-clear-gap"),
        gap("poverty", "coastal", "no-clear-gap"),
    ]
    rural, coastal = claimed_kinds(claim, found, {"pay": "high", "poverty": "low"})
    assert (rural.way, rural.outcomes, rural.counts) == ("worse", 2, (("beside", 1), ("map-only", 1)))
    assert claimed_sentence(rural) == (
        "Rural areas: worse beside places nearby in 1 of 2 outcomes; in 1 worse on the map, but not clearly different from places nearby."
    )
    assert (
        claimed_sentence(coastal)
        == "Coastal areas: worse beside places nearby in none of 2 outcomes; in 2 no clear gap."
    )


def test_levels_with_their_bands_and_without_an_error():
    topic = Topic("Pay", "£", "high", "2024", 0)
    reference = Reference("published", 640.0, "EWSN")
    sure = LevelsFinding(reference, "posterior", ("a", "b"), ("c",), ("d", "e"))
    assert levels_cell(sure, topic, {}) == (
        "2 clearly below, 1 clearly above the UK figure of £640",
        "2 cannot be distinguished from it",
    )
    bare = LevelsFinding(reference, "value", ("a",), (), ())
    low_is_good = Topic("Poverty", "%", "low", "2024", 0)
    assert levels_cell(bare, low_is_good, {"Worst": 3, "Bad": 1}) == (
        "3 Worst and 1 Bad",
        "None above, 1 below the UK figure of 640%",
        "No error is published",
    )


def test_kinds_side_by_side_where_definitions_disagree():
    def of(kind, definition, verdict):
        return TypeFinding(kind, definition, "alone", 20, 5, -1.0, NAN, NAN, -0.5, -1.0, 0.0, 0.04, 0.05, verdict)

    lines = kinds_cell(
        [
            of("coastal", "a", "lower-on-map-only"),
            of("rural", "a", "no-clear-gap"),
            of("rural", "b", "higher-beside-nearby"),
        ]
    )
    assert lines == (
        "Coastal: lower on the map only",
        "Rural: no clear gap or higher beside places nearby, by definition",
    )


def test_change_and_clusters():
    assert change_cell(None) == ()
    change = ChangeFinding("2019", "2024", "absolute", ("a",), ("b", "c"), (), clear=True)
    assert change_cell(change) == ("1 clearly rose and 2 clearly fell since 2019",)
    assert change_cell(replace(change, clear=False)) == ("1 rose and 2 fell since 2019; no error is published",)
    relative = replace(change, base="relative", rose=())
    assert change_cell(relative) == ("None gained and 2 lost against the other areas since 2019",)
    assert change_cell(replace(relative, fell=())) == ("No clear change against the other areas since 2019",)
    money = replace(relative, base="national")
    assert change_cell(money) == ("None gained and 2 lost against the national figure since 2019",)
    assert change_sentence(relative, Topic("Pay", "£", "high")) == (
        "Pay, against the other areas, clearly gained in none of 2 areas and lost in 2 since 2019."
    )
    pattern = PatternFinding("moran", ("a",), (), (), (), (), (), ())
    assert clusters_cell(pattern, Topic("Poverty", "%", "low")) == (
        "None in clusters of high values",
        "1 in a cluster of low values",
    )


def test_what_moves_with_the_number_expected_to_be_false():
    def flag(code, *, common=False, p=0.96):
        return Flag("pay", "2024", "2019", code, code, "regressing", -3.0, -5.0, -1.0, p, 1, common=common)

    assert watched_sentence("better", [flag("a", p=0.995), flag("b", p=0.995)]).endswith(
        "Of these 2, fewer than 0.1 are expected to be false."
    )
    assert watched_sentence("worse", [flag("a")]).endswith(
        "1 figure in 1 area. It is false with a probability of 0.04."
    )
    assert watched_sentence("worse", []) == "Getting worse, beyond the error of both periods: none."
    assert watched_sentence("worse", [flag("a"), flag("a"), flag("b", common=True)]) == (
        "Getting worse, beyond the error of both periods: 2 figures in 1 area. 1 more moved with all areas together. "
        "Of these 3, about 0.1 are expected to be false."
    )


def test_kinds_in_clusters_beyond_smooth_maps():
    assert over_represented([]) == (
        "No kind of place is over-represented in clusters beyond what maps as smooth as these would give.",
    )
    assert over_represented([("pay", "low", "rural (density)")]) == (
        "Pay: rural (density) areas are over-represented in clusters of low values, beyond what maps as smooth would give.",
    )
