"""One table of names: whatever code knows a key of has words, and the words are those that readers know."""

from __future__ import annotations

import math
import string
from pathlib import Path

import pytest

from analysis.significance import CORRECTIONS
from boundaries import vocabulary
from boundaries.areas.statistical import LEVELS
from boundaries.outcomes.measures import QUALITIES, STATUSES
from boundaries.register import load_register, name_of
from boundaries.register.codes import ENTITIES, GEOGRAPHIES, parse_code
from boundaries.vocabulary import (
    COUNTRY_CODES,
    NATIONS,
    WHOLES,
    geography_words,
    has_phrase,
    kind_words,
    nation_words,
    p_words,
    parse_policy,
    phrase,
    place_name,
    policy_words,
    share_words,
    whole_of,
    wider_names,
)
from boundaries.vocabulary.phrases import table


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_has_the_same_keys_and_blanks():
    english = table("en")
    languages = [path.stem for path in Path(vocabulary.__file__).parent.glob("*.toml")]
    assert "en" in languages
    for language in languages:
        told = table(language)
        assert set(told) == set(english)
        assert all(blanks(told[key]) == blanks(text) for key, text in english.items())


def test_every_key_that_code_knows_has_words():
    for geography in (*GEOGRAPHIES, *LEVELS):
        assert has_phrase(f"geography.{geography}", "one")
        assert has_phrase(f"geography.{geography}", "many")
    assert all(kind_words(kind, count=count) for kind in ENTITIES.values() for count in (1, 2))
    assert all(phrase(f"status.{status}", "reason") for status in STATUSES)
    assert all(phrase(f"quality.{quality}", "word") for quality in QUALITIES)
    assert all(phrase(f"correction.{name}", form) for name in CORRECTIONS for form in ("name", "sentence", "promise"))


@pytest.mark.parametrize(
    ("geography", "nations", "count", "words"),
    [
        ("LAD", "EWSN", 361, "local authority districts"),
        ("LAD", "W", 22, "principal areas"),
        ("LAD", "S", 32, "council areas"),
        ("LAD", "E", 296, "local authority districts"),
        ("UTLA", "", 2, "counties and unitary authorities"),
        ("LAD+surrey-2027", "", 1, "local authority district"),
        ("RGN", "E", 9, "English regions"),
        ("ITL2", "", 2, "ITL 2 regions"),
        ("smc203", "EWSN", 203, "Social Mobility Commission areas"),
        ("mine", "", 2, "areas of mine"),
        ("", "", 2, "codes of no geography in the register"),
    ],
)
def test_a_geography_is_called_as_its_nation_calls_it(geography, nations, count, words):
    assert geography_words(geography, nations=nations, count=count) == words


def test_nations_are_those_of_the_register():
    register = load_register()
    assert {code: name_of(register, code) for code in COUNTRY_CODES.values()} == {
        COUNTRY_CODES[initial]: name for initial, name in NATIONS.items()
    }
    assert "".join(NATIONS) == WHOLES["K02000001"] == "EWSN"
    assert all(whole_of(nations) == code for code, nations in WHOLES.items())
    assert whole_of("SN") == whole_of("") == ""
    assert wider_names()["united kingdom"] == wider_names()["uk"] == "K02000001"
    assert place_name("K02000001", "name") == "United Kingdom"


@pytest.mark.parametrize(
    ("initials", "words"),
    [
        ("EWSN", "the United Kingdom"),
        ("SEW", "Great Britain"),
        ("WE", "England and Wales"),
        ("S", "Scotland"),
        ("NS", "Scotland and Northern Ireland"),
        ("WSN", "Wales, Scotland and Northern Ireland"),
        ("", ""),
    ],
)
def test_nations_in_words(initials, words):
    assert nation_words(initials) == words


def test_a_code_says_how_one_and_many_of_its_kind_are_called():
    assert parse_code("E04000001").kinds(2) == "parishes"
    assert parse_code("E13000001").kinds(2) == "parts of London"
    assert parse_code("E61000001").kinds(2) == "Greater London Authority"
    assert parse_code("K02000001").kind == "United Kingdom"
    assert parse_code("TLC3").kinds(2) == "ITL or NUTS areas"
    assert parse_code("E99999999").kind == "area of a kind that is not known (E99)"


@pytest.mark.parametrize(
    ("policy", "by", "who"),
    [
        ("queen", "shared borders", "areas that share a border or a corner (queen)"),
        (
            "rook+sea-links",
            "shared border lines and sea links",
            "areas that share a stretch of border (rook), and areas between which people cross water",
        ),
        (
            "queen-order-2",
            "shared borders up to 2 steps away",
            "areas up to 2 steps away over borders and crossings",
        ),
        ("knn8-directed", "the 8 nearest areas", "the 8 nearest areas"),
        ("distance:50000", "centres within 50 km", "areas whose centres lie within 50 km"),
        ("distance:1250.5", "centres within 1.2505 km", "areas whose centres lie within 1.2505 km"),
        ("distance:900", "centres within 900 m", "areas whose centres lie within 900 m"),
        ("file:/home/me/ties.gal", "the links in ties.gal", "areas that are linked in ties.gal"),
        ("my own list", "my own list", "my own list"),
    ],
)
def test_a_choice_of_neighbours_in_words(policy, by, who):
    assert policy_words(policy) == by
    assert policy_words(policy, "who") == who


@pytest.mark.parametrize("name", ["knn0", "knn", "queen-order-", "distance:", "distance:-3", "Queen", "file:"])
def test_what_only_resembles_a_policy_is_none(name):
    assert parse_policy(name) is None


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "p < 0.001"),
        (0.0009, "p < 0.001"),
        (0.0021, "p = 0.002"),
        (0.049, "p = 0.049"),
        (0.5, "p = 0.50"),
        (math.nan, "p not known"),
    ],
)
def test_p_is_never_zero(p, text):
    assert p_words(p) == text


def test_shares_have_no_space():
    assert share_words(0.05) == "5%"
    assert share_words(0.125) == "12.5%"
