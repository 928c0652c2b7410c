"""Numbers and parts of sentences as a reader expects them."""

from __future__ import annotations

import ast
import datetime as dt
import math
import re
from pathlib import Path

import pytest

import analysis
import boundaries
import geo
import maps
from maps import words


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (31234.6, "£", "£31,235"),
        (-31234.6, "£", "−£31,235"),
        (12.44, "%", "12.4%"),
        (-0.4, "z", "−0.40"),
        (-0.0001, "z", "0.000"),
        (3.14159, "per 1,000", "3.14\u00a0per 1,000"),
        (1234567, "people", "1,234,567\u00a0people"),
        (0.0, "%", "0%"),
        (math.nan, "£", "no data"),
        (math.inf, "£", "no data"),
    ],
)
def test_values_with_units(value, unit, text):
    assert words.format_value(value, unit) == text


def test_a_minus_is_a_minus_and_nothing_is_never_minus_nothing():
    assert words.format_number(-3.0) == "−3"
    assert words.format_number(-0.001, decimals=1) == "0.0"


def test_dates_do_not_ask_the_locale():
    assert words.format_date(dt.date(2023, 4, 1)) == "1 April 2023"


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [
        (12, 203, "12 of 203 areas"),
        (0, 203, "none of 203 areas"),
        (203, 203, "all 203 areas"),
        (1, 1, "the one area"),
        (1, 2, "1 of 2 areas"),
    ],
)
def test_counts_of_a_total(count, total, text):
    assert words.counted_of(count, total) == text


def test_counts_and_lists():
    assert words.counted(1, "area") == "1 area"
    assert words.counted(0, "class") == "no classes"
    assert words.counted(1200) == "1,200 areas"
    assert words.listed_words(["a", "b", "c"]) == "a, b and c"
    assert words.listed_words(["a"]) == "a"
    assert words.listed_words([]) == ""


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Median pay", "median pay"),
        ("GCSEs in English", "GCSEs in English"),
        ("UK income", "UK income"),
        ("A levels", "A levels"),
        ("", ""),
    ],
)
def test_a_title_inside_a_sentence(title, text):
    assert words.in_sentence(title) == text


def test_units_and_directions():
    assert words.unit_words("z") == "z-score"
    assert words.unit_words("per 1,000") == "per 1,000"
    assert words.direction_words("low") == "Lower is better."


PERCENT = re.compile(r"[0-9}] %(?![a-z(}])")
"""A figure, or what a template puts there, and a space before the sign."""

ROOMS = [Path(room.__file__).parent for room in (analysis, boundaries, geo, maps)]


def texts_of(path):
    """Return every text of a Python file that is no docstring; of any other file, the whole."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [re.sub(r"\{%.*?%\}", "", source)]
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            found.append(node.value)
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values))
    return found


def test_no_word_a_reader_sees_has_a_space_before_the_percent_sign():
    files = [path for room in ROOMS for kind in ("py", "toml", "j2", "js") for path in room.rglob(f"*.{kind}")]
    assert len(files) > 150
    spaced = [(path.name, found[0]) for path in files for text in texts_of(path) if (found := PERCENT.findall(text))]
    assert spaced == []


def test_money_in_millions_keeps_its_sign_in_front():
    assert words.format_value(67, "£ million") == "£67\u00a0million"
    assert words.format_value(-1.25, "£ million", decimals=2) == "−£1.25\u00a0million"


def test_halves_are_rounded_away_from_zero():
    assert [words.format_value(value, "£", decimals=0) for value in (642.5, 641.5, -0.5)] == ["£643", "£642", "−£1"]


def test_money_has_no_single_decimal():
    assert words.format_value(166.8, "£", decimals=1) == "£166.80"
    assert words.format_value(67.43, "£") == "£67.43"
    assert words.format_value(1.5, "£ million") == "£1.50\u00a0million"
