"""Findings are records: cut to a region, written as JSON and back; words are made from them, in one order."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pandas as pd
import pytest

from maps import findings
from maps.findings import (
    AlikeFinding,
    BandTally,
    BesideFinding,
    ChangeFinding,
    ClustersFinding,
    DoubtFinding,
    EndsFinding,
    Figure,
    Group,
    KindsFinding,
    LargerFinding,
    LevelsFinding,
    OutcomeFindings,
    OutliersFinding,
    PairFinding,
    PatternFinding,
    RangeFinding,
    Reference,
    RobustnessFinding,
    SeriesFinding,
    ShareFinding,
    StandingFinding,
    Tally,
    TypeFinding,
    WidthFinding,
)
from maps.words import Topic
from maps.words.findings import (
    bullets,
    finding_title,
    levels_sentences,
    reference_words,
    standing_sentences,
    type_sentence,
)

NAMES = {code: f"Area {code}" for code in "abcdefghij"}
PAY = Topic("Median pay", "£", "high", "2025", None, NAMES)
RATE = Topic("Employment", "%", "high", "2025", 1, NAMES)
UK = Reference("published", 642.5, "EWSN")
LEVELS = LevelsFinding(UK, "posterior", ("a", "b"), ("c",), ("d", "e"), ("f",), ("g",), ("a",), (), 0.12)
PATTERN = PatternFinding("moran", ("a", "b"), ("c",), ("d",), (), ("e",), ("f",), ("g",), ("b",), ("a",))
GAP = TypeFinding("coastal", "open-coast", "alone", 348, 95, -59, -80, -38, -16, -34, 2, 0.08, 0.2, "lower-on-map-only")
RECORDS = [
    LEVELS,
    PATTERN,
    GAP,
    AlikeFinding(0.5, 0.0, 0.001, 348, 0.05),
    ChangeFinding("2019", "2025", "absolute", ("a",), ("b",), ("c",), ("d",), clear=True),
    ClustersFinding((Group("low-1", "A and 1 other", "low", ("a", "b"), 3.5, "coastal", 1),), 348),
    DoubtFinding(LEVELS),
    EndsFinding("all", "a", "b", ("c",), ()),
    KindsFinding(("coastal", "rural"), (("a", "b"), ("b",)), ((), ("c",))),
    PairFinding(("a",), ("a", "b"), "low", "high"),
    RangeFinding(3, ("d",), Figure(1.0, 0.5, 1.5), ("a",), Figure(9.0), ("b", "c")),
    RobustnessFinding("low", ("a",), ("b",), (), ("c",)),
    SeriesFinding("2019", "2025", 3.0, 4.0),
    ShareFinding(20, ("a", "b"), 9.0, 0.7),
    StandingFinding(LEVELS, "E", Tally(1, 2, 3), "EWSN", None),
    WidthFinding(3.0, 9.0, ("a",)),
    BesideFinding(("a", "b"), ("a",), ("c",)),
    OutliersFinding(("a",), ("b",), ("a", "b", "c")),
    LargerFinding("low", ("a",), ("b",), (), ("c",)),
]


BANDED = BandTally(("far below", "below"), "low", (4, 7), (30, 300), (40, 350))
STANDING = StandingFinding(LEVELS, "E", Tally(1, 2, 3), "EWSN", Tally(3, 4, 9), 0.9512, math.nan, BANDED)


def test_a_standing_with_bands_comes_back():
    assert same(findings.finding_from(json.loads(json.dumps(findings.written(STANDING)))), STANDING)


def test_a_region_stands_to_nation_and_whole_in_levels_bands_and_probability():
    assert standing_sentences(STANDING, PAY)[:4] == [
        "Of its 5 areas with a known error, 2 are clearly below the UK figure of £642.50, and 1 clearly above; 2 cannot be distinguished from it.",
        "In England 1 of 3, and in the United Kingdom 3 of 9 are clearly below.",
        "In the two lowest bands (“far below”, “below”): 4 of its 7 areas; in England 30 of 300, and in the United Kingdom 40 of 350.",
        "Each of the 2 clearly below is below with a probability of at least 95%.",
    ]
    alone = dataclasses.replace(STANDING, banded=BandTally(("worst",), "high", (0, 7), None, None), least_low=0.9999)
    assert standing_sentences(alone, PAY)[2:4] == [
        "In the highest band (“worst”): none of its 7 areas.",
        "Each of the 2 clearly below is below with a probability of at least 99%.",
    ]


def test_bands_of_a_region_are_counted_by_hand():
    bands = pd.Series(["D", "D", "C", "A", "", "D"], index=list("abcdef"))
    nations = dict(zip("abcdef", "EEEEWW", strict=True))
    p = pd.Series([0.97, 0.92, 0.02, 0.4, 0.5, np.nan], index=list("abcdef"))
    found = findings.standing_of(LEVELS, ["a", "b", "d"], nations, p_below=p, bands=bands, worst=("D", "C"))
    assert (found.banded.own, found.banded.nation, found.banded.whole) == ((2, 3), (3, 4), (4, 5))
    assert found.least_low == 0.92
    assert math.isnan(found.least_high)
    up = findings.standing_of(LEVELS, ["c", "d"], nations, p_below=p, bands=bands, worst=("D",))
    assert up.least_high == pytest.approx(0.98)
    assert up.banded.own == (0, 2)
    assert findings.standing_of(LEVELS, ["e"], nations, bands=bands, worst=("D",)).banded is None
    assert findings.standing_of(LEVELS, ["a"], nations).banded is None


def test_kinds_in_clusters_are_counted_among_clustered_areas():
    kinds = KindsFinding(("coastal", "rural", "ports"), (("a", "b"), ("b",), ()), ((), (), ()), "low", ("a", "b", "c"))
    assert finding_title(kinds, PAY) == (
        "Median pay: of 3 areas in clusters of low values, 2 coastal and 1 rural; 1 is more than one"
    )
    assert same(findings.finding_from(findings.written(kinds)), kinds)
    cut = kinds.within({"c"})
    assert cut.among == ("c",)
    assert finding_title(cut, PAY) == (
        "Median pay: of the 1 area in a cluster of low values, none of a kind of place that is known"
    )
    assert finding_title(kinds.within(()), PAY) == "Median pay: no area lies in a cluster of low values"


def same(one, other):
    """Whether two records are alike; what is not known is no number, which equals nothing."""
    return repr(one) == repr(other)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_is_data_and_comes_back(record):
    text = json.dumps(findings.written(record), allow_nan=False)
    assert same(findings.finding_from(json.loads(text)), record)


def test_every_record_is_tried():
    kinds = {name for name in findings.__all__ if name.endswith("Finding") and name != "Finding"}
    assert {type(record).__name__ for record in RECORDS} == kinds


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_cut_record_speaks_of_no_other_area(record):
    if not hasattr(record, "within"):
        assert type(record) in {AlikeFinding, EndsFinding, StandingFinding, TypeFinding}
        return
    cut = record.within({"a", "c"})
    if cut is None:
        assert type(record) in {RangeFinding, SeriesFinding, ShareFinding, WidthFinding}
        return
    text = json.dumps({key: value for key, value in findings.written(cut).items() if key != "record"})
    assert '"b"' not in text
    assert '"d"' not in text


def test_levels_come_from_their_frame():
    frame = pd.DataFrame(
        {
            "level": ["low", "low", "high", "not-clear", "error-unknown", "no-data"],
            "p_low_tenth": [0.95, 0.5, 0.0, 0.1, np.nan, np.nan],
            "p_high_tenth": [0.0, 0.0, 0.9, 0.1, np.nan, np.nan],
        },
        index=list("abcdef"),
    )
    found = findings.levels_from_frame(frame, UK, expected_false=0.12)
    assert (found.low, found.high, found.unclear) == (("a", "b"), ("c",), ("d",))
    assert (found.unknown, found.no_data) == (("e",), ("f",))
    assert (found.lowest_tenth, found.highest_tenth) == (("a",), ("c",))
    assert levels_sentences(found, PAY) == [
        "Of 4 areas, 2 are clearly below the UK figure of £642.50, and 1 clearly above; 1 cannot be distinguished from it.",
        "In the lowest tenth, almost certainly: Area a.",
        "In the highest tenth, almost certainly: Area c.",
        "About 0.1 of the 3 that are named are expected to be named wrongly.",
        "The error of 1 more area is not known.",
    ]
    # the expected number is of the whole list
    assert found.within("ab").expected_false is None


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (UK, "the UK figure of £642.50"),
        (Reference("published", 600.0, "EWS"), "the figure for Great Britain of £600"),
        (Reference("published", 600.0, "SN"), "the figure for Scotland and Northern Ireland of £600"),
        (Reference("unweighted", 600.0, "E"), "the mean of the areas, £600"),
        (
            Reference("denominator-weighted", 600.0, "E", "employees"),
            "the mean of the areas, £600 (weighted by employees)",
        ),
        (
            Reference("population-weighted", 600.0, "E", "residents", of_medians=True),
            "the mean of the areas' medians, £600 (weighted by residents)",
        ),
        (Reference("index", 0.0, "E"), "the average of all areas, £0"),
        (Reference("index", 102.0, "E"), "the middle rank, £102"),
    ],
)
def test_every_sentence_names_its_average(reference, said):
    assert reference_words(reference, PAY) == said


def gap(**changes):
    return type_sentence(dataclasses.replace(GAP, **changes), PAY)


def test_a_kind_of_place_has_two_numbers_and_a_verdict():
    assert gap(verdict="lower-beside-nearby", beside=-16, beside_lower=-30, beside_upper=-2) == (
        "Coastal areas: on average £59 lower in median pay; of this, £16 (£2 to £30) is more than where these places lie "
        "would make it."
    )
    assert gap() == (
        "Coastal areas: on average £59 lower in median pay on the map, but not clearly different from places nearby: of this, £16 "
        "(−£2 to £34) is more than where these places lie would make it, which could be chance among all that was asked."
    )


def test_a_gap_of_which_nothing_is_left_beside_places_nearby_is_said_so():
    """£59 lower on the map, and £3 higher than places nearby: "of this, −£3 is more" would say nothing to a reader."""
    turned = {"beside": 3, "beside_lower": -11, "beside_upper": 17}
    assert gap(**turned) == (
        "Coastal areas: on average £59 lower in median pay on the map; beside places nearby nothing of it is left: on average £3 higher "
        "(−£11 to £17), which could be chance among all that was asked."
    )
    assert gap(**turned, verdict="no-clear-gap").endswith("nothing of it is left: on average £3 higher (−£11 to £17).")


def test_a_gap_of_per_cents_is_in_percentage_points():
    found = dataclasses.replace(
        GAP, gap=2.4, beside=1.2, beside_lower=0.3, beside_upper=2.1, verdict="higher-beside-nearby"
    )
    assert type_sentence(found, RATE) == (
        "Coastal areas: on average 2.4 percentage points higher in employment; of this, 1.2 percentage points (0.3 to 2.1) is "
        "more than where these places lie would make it."
    )
    assert type_sentence(dataclasses.replace(found, verdict="not-testable", members=3), RATE) == (
        "Coastal areas: too few to compare with the rest (3 areas)."
    )
    assert "is no clear gap" in type_sentence(dataclasses.replace(found, verdict="no-clear-gap"), RATE)


def test_what_is_left_the_other_way_is_no_part_of_the_gap():
    found = dataclasses.replace(
        GAP, gap=-0.4, beside=0.3, beside_lower=0.1, beside_upper=0.5, verdict="higher-beside-nearby"
    )
    text = type_sentence(found, PAY, another=True)
    assert text.startswith(f"{found.dimension.capitalize()} areas, by another definition: on average ")
    assert "lower in" in text
    assert "beside places nearby on average" in text
    assert "higher (" in text
    assert "of this" not in text


def test_the_order_is_levels_change_types_pattern():
    found = OutcomeFindings(
        levels=LEVELS,
        spread=RECORDS[10],
        change=RECORDS[4],
        types=(GAP, dataclasses.replace(GAP, dimension="rural", verdict="no-clear-gap")),
        pattern=PATTERN,
        alike=RECORDS[3],
    )
    told = " ".join(bullets(found, PAY))
    parts = [
        "clearly below the UK figure",
        "clearly rose",
        "Coastal areas",
        "Rural areas",
        "Over the whole map",
        "lie in clusters",
    ]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)
    assert [line.split(" ")[0] for line in bullets(found, PAY)] == ["Of", "Median", "Coastal", "Rural", "Over"]
    assert "  " not in told
    assert list(bullets(OutcomeFindings(), PAY)) == []


@pytest.mark.parametrize(
    ("record", "title"),
    [
        (LEVELS, "Median pay: 2 of 5 areas are clearly below the UK figure of £642.50, 1 clearly above; 2 cannot be distinguished from it"),
        (DoubtFinding(LEVELS), "Median pay: 2 of 5 areas cannot be distinguished from the UK figure of £642.50"),
        (PATTERN, "Median pay: 2 of 5 areas lie in clusters of low values, 1 in clusters of high values"),
        (RECORDS[4], "Median pay clearly rose in 1 of 3 areas and fell in 1 since 2019; 1 cannot be distinguished from no change"),
        (RECORDS[8], "2 coastal and 1 rural areas; 1 is more than one"),
        (RECORDS[10], "Median pay: from £1 in Area a to £9 in Area b and Area c"),
        (RECORDS[12], "Median pay: the median area rose from £3 in 2019 to £4 in 2025"),
        (RECORDS[13], "Median pay: 2 areas hold 70% of it"),
        (
            LargerFinding("low", ("a",), ("b",), ("c",), ("d",)),
            "Median pay: 1 of 4 areas lies in a cluster of low values on every scale tried; for 2 more it depends on the scale",
        ),
        (LargerFinding("high", (), (), (), ("d",)), "Median pay: no area lies in a cluster of high values, on its own scale or a larger one"),
        (ShareFinding(3, ("a",), 9.0), "Median pay: most in Area a (£9)"),
        (WidthFinding(3.0, 9.0, ("a",)), "Median pay: the typical interval is £3 wide, the widest £9 (Area a)"),
        (SeriesFinding("2019", "2025", 3.001, 3.002), "Median pay: the median area stayed at £3.00 from 2019 to 2025"),
        (RangeFinding(0, ("a", "b"), None, (), None, ()), "Median pay: no figure for 2 areas"),
    ],
)  # fmt: skip
def test_titles(record, title):
    assert finding_title(record, PAY) == title


def test_a_title_of_a_region_names_it():
    assert finding_title(PATTERN.within("ab"), PAY.within("North East")) == (
        "Median pay, North East: all 2 areas lie in clusters of low values, none in clusters of high values"
    )
    assert finding_title(RECORDS[8], PAY.within("North East")).startswith("North East: 2 coastal")


def test_ends_that_are_not_known_are_not_said():
    assert math.isnan(findings.range_of(pd.Series({"a": 1.0, "b": 2.0})).lowest.lower)
    tied = findings.range_of(
        pd.Series({"a": 1.0, "b": 1.0, "c": 2.0}),
        pd.Series({"a": 0.5, "b": 0.1, "c": 1.5}),
        pd.Series({"a": 1.5, "b": 1.9, "c": 2.5}),
    )
    # two areas share the lowest figure with different intervals: none of the two speaks for both
    assert math.isnan(tied.lowest.lower)
    assert tied.highest.upper == 2.5
