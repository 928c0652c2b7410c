"""What is said of a place, what its maps are coloured by, and which rows of a build's tables are its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from maps.atlas.cut_tables import _clusters_here, _cut
from maps.findings import (
    ChangeFinding,
    KindsFinding,
    LevelsFinding,
    OutcomeFindings,
    Reference,
    TypeFinding,
    pattern_of,
)
from maps.kinds.captions import no_data_class
from maps.packs import PackOutcome, Region, RegionInfo, region_findings
from maps.packs.answers import kinds_sentence, region_answers, said_by
from maps.packs.breaks import own_breaks
from maps.packs.regional import council_level
from maps.packs.strip import range_page, range_words
from maps.packs.tables import outcome_table, slim_table
from maps.spec import LegendClass, MapSpec
from maps.words import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = {"a": "Aber", "b": "Brecon", "c": "Conwy", "d": "Dover"}
NUMBERS = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 9.0}
UK = Reference("published", 2.5, "EWSN")
LEVELS = LevelsFinding(UK, "interval", ("a",), ("d",), ("b",), ("c",))
KINDS = KindsFinding(("coastal", "rural"), (("a", "b"), ("d",)), ((), ()))


def place(*codes: str, context: tuple[str, ...] = ()) -> Region:
    return Region(
        RegionInfo("W1", "Here", "here", "W", tier="council" if len(codes) == 1 else "region"), "LAD", codes, context
    )


def outcome_of(**given: object) -> PackOutcome:
    made = PackOutcome(
        "pay",
        Topic("Pay", "£", "high", "2024", 0, NAMES),
        (),
        pd.DataFrame(),
        {},
        pd.Series(NUMBERS),
        levels=LEVELS,
        nations=dict.fromkeys(NAMES, "W"),
        lower=pd.Series(NUMBERS) - 1,
        upper=pd.Series(NUMBERS) + 1,
    )
    return replace(made, **given)  # type: ignore[arg-type]


def cut(outcome: PackOutcome, codes: Sequence[str]) -> PackOutcome:
    return replace(outcome, topic=outcome.topic.within("Here"), findings=region_findings(list(codes), outcome))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("a", "Pay, Here: £1 (£0 to £2), clearly below the UK figure of £2.50"),
        ("d", "Pay, Here: £9 (£8 to £10), clearly above the UK figure of £2.50"),
        ("b", "Pay, Here: £2 (£1 to £3), which cannot be distinguished from the UK figure of £2.50"),
        (
            "c",
            "Pay, Here: £3 (£2 to £4); whether it differs from the UK figure of £2.50 is not known, since no error is published",
        ),
        ("x", "Pay, Here: no figure"),
    ],
)
def test_the_level_of_one_area(code: str, said: str) -> None:
    assert council_level(cut(outcome_of(), "a"), code) == said


def test_the_level_of_one_area_without_errors_or_a_reference() -> None:
    bare = cut(outcome_of(levels=replace(LEVELS, basis="value"), lower=None, upper=None), "a")
    assert council_level(bare, "a") == "Pay, Here: £1, below the UK figure of £2.50"
    assert council_level(replace(bare, levels=None), "a") == "Pay, Here: £1"


def test_one_area_is_told_with_those_beside_it() -> None:
    pattern = pattern_of(pd.Series({"a": "low-low", "b": "not-significant"}), firm=())
    change = ChangeFinding("2020", "2024", "absolute", ("a",), ("d",), ("b",), ("c",), clear=True)
    outcome = cut(outcome_of(pattern=pattern, whole=OutcomeFindings(change=change)), "a")
    told = region_answers(outcome, place("a", context=("b", "d", "x")), KINDS)
    assert told["levels"][-1] == "Beside it lie Brecon (£2) and Dover (£9)."
    assert told["change"] == ["Pay, Here clearly rose since 2020."]
    assert told["pattern"] == [
        "It lies in a cluster of low values.",
        "That depends on which areas are counted as neighbours.",
    ]
    for code, words in (("d", "clearly fell"), ("b", "cannot be distinguished from no change"), ("c", "is not known")):
        assert words in region_answers(outcome, place(code), KINDS)["change"][0]
    assert region_answers(outcome, place("x"), KINDS)["change"] == []


def test_several_areas_are_told_in_four_answers() -> None:
    gap = TypeFinding(
        "coastal", "x", "alone", 4, 2, -5.0, -6.0, -4.0, -4.0, -6.0, -2.0, 0.01, 0.02, "lower-beside-nearby"
    )
    change = ChangeFinding("2020", "2024", "absolute", ("a",), (), ("b",), (), clear=True)
    pattern = pattern_of(pd.Series({"a": "low-low", "b": "not-significant"}))
    whole = OutcomeFindings(change=change, types=(gap,))
    outcome = cut(outcome_of(pattern=pattern, whole=whole), "ab")
    told = region_answers(outcome, place("a", "b"), KINDS)
    assert [heading for heading, _, _ in said_by(told)] == [
        "Where it stands",
        "Is it moving",
        "Kinds of place",
        "Where low and high lie together",
    ]
    assert told["change"][0].startswith("Pay clearly rose in 1 of 2 areas and fell in none since 2020")
    assert told["types"][0] == "The gaps of these kinds are those of the whole map, not of this place."
    assert told["types"][1].startswith("Coastal areas: on average £5.00 lower in pay")
    # a kind that the place has none of is not told of
    assert region_answers(outcome, place("d", "c"), KINDS)["types"] == []
    relative = replace(change, base="relative", clear=False)
    quiet = replace(outcome, whole=OutcomeFindings(change=relative))
    assert region_answers(quiet, place("a", "b"), KINDS)["change"] == []


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("a", "b", "d"), "Kinds of place among its 3 areas: 2 coastal and 1 rural."),
        (("a",), "It is coastal."),
        (("c",), "It is neither coastal, rural nor post-industrial."),
        (("c", "x"), "None of its 2 areas is coastal, rural or post-industrial."),
    ],
)
def test_kinds_of_place_in_words(codes: tuple[str, ...], said: str) -> None:
    assert kinds_sentence(place(*codes), KINDS) == said
    assert kinds_sentence(place(*codes), KindsFinding((), (), ())) == ""


def spec_of(numbers: dict[str, float]) -> MapSpec:
    classes = (LegendClass("class-1", "low", "#edf4f2", len(numbers)), no_data_class(0))
    return MapSpec(
        "pay/choropleth",
        "choropleth",
        "pay",
        "Title",
        "Pay (£), 2024",
        "",
        "Pay",
        classes,
        dict.fromkeys(numbers, "class-1"),
    )


def test_a_map_in_classes_of_the_places_own() -> None:
    numbers = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 8.0, "f": 9.0}
    given = outcome_of(numbers=pd.Series(numbers), levels=None, specs=(spec_of(numbers),), scheme="published")
    outcome = cut(given, numbers)
    own = own_breaks(outcome)
    assert own is not None
    # six values in three classes of equal size: 1 and 2, 3 and 4, 8 and 9
    counts = [("class-3", 2), ("class-2", 2), ("class-1", 2), ("no-data", 0)]
    assert [(entry.key, entry.count) for entry in own.classes] == counts
    assert [key[-1] for key in own.assignment.values()] == ["1", "1", "2", "2", "3", "3"]
    assert own.id == "pay/choropleth-own-classes"
    assert own.faults() == []
    assert "in classes of these areas' own" in own.measure
    assert (
        own_breaks(replace(outcome, numbers=pd.Series({"a": 1.0, "b": 2.0, "c": 2.0}))) is None
    )  # two different values
    assert own_breaks(replace(outcome, specs=())) is None


def test_a_place_on_the_range_of_the_whole() -> None:
    outcome = cut(outcome_of(), "bc")
    page = range_page(outcome, place("b", "c"))
    assert page is not None
    assert page.description == (
        "The 2 areas of Here with a figure run from £2 to £3; over the whole map figures run from £1 to £9."
    )
    roles = [getattr(item, "role", "") for item in page.items]
    assert (roles.count("own"), roles.count("span"), roles.count("interval")) == (2, 1, 0)
    dots = [item for item in page.items if getattr(item, "role", "") == "own"]
    # from 8 to 432 points for £1 to £9: a pound is 53 points
    assert [dot.x for dot in dots] == [pytest.approx(8 + 53), pytest.approx(8 + 2 * 53)]
    assert "Compared with: £2.50" in {text.text for text in page.texts()}
    one = range_page(cut(outcome_of(), "b"), place("b"))
    assert one is not None
    assert [getattr(item, "role", "") for item in one.items].count("interval") == 1
    assert range_words(outcome, place("b")) == "Here has £2. Over the whole map figures run from £1 to £9."
    assert range_page(outcome, place("x")) is None
    assert range_page(replace(outcome, numbers=pd.Series({"b": 1.0, "c": 1.0})), place("b")) is None


def test_tables_are_cut_by_what_their_columns_say() -> None:
    here = place("a", context=("b",))
    frame = pd.DataFrame({"code": ["a", "b", "c"], "x": ["1", "2", "3"]})
    assert _cut(frame, here)["x"].tolist() == ["1", "2"]
    clusters = pd.DataFrame({"codes": ["c; a", "c; d", "b"], "x": ["1", "2", "3"]})
    # an area beside the place is context: no cluster is the place's for its sake
    own = _clusters_here(clusters, set(here.codes))
    assert (own["x"].tolist(), own["areas_here"].tolist(), own["codes_here"].tolist()) == (["1"], [1], ["a"])
    regional = pd.DataFrame({"region": ["W1", "W2"], "x": ["1", "2"]})
    assert _cut(regional, here)["x"].tolist() == ["1"]
    assert _cut(regional.rename(columns={"region": "region_code"}), here)["x"].tolist() == ["1"]
    whole = pd.DataFrame({"verdict": ["lower"]})
    assert _cut(whole, here) is whole


def test_slim_tables_leave_out_what_holds_nothing() -> None:
    table = pd.DataFrame(
        {
            "code": ["a"],
            "name": ["Aber"],
            "name_cy": [""],
            "pay__2024__value": [1.0],
            "pay__2024__lower": [None],
            "pay__2024__level": ["low"],
            "pay__2024__moran_z": [2.0],
        }
    )
    outcome = outcome_of(prefix="pay__2024")
    assert list(slim_table(table, [outcome])) == ["code", "name", "pay__2024__value", "pay__2024__level"]
    assert list(outcome_table(table, outcome)) == ["code", "name", "value", "lower", "level", "moran_z"]
