"""Words for gaps between kinds of place: one unit, one precision, limits where they are known."""

from __future__ import annotations

import math
from typing import get_args

import pytest

from analysis.association import Association, Scale, Verdict
from maps.kind_words import beside_others, gap_decimals, gap_words, of_areas, scale_words, verdict_words
from maps.words import difference_unit


def found(**changes):
    figures = {"gap": -58.78, "gap_lower": -66.8, "gap_upper": -50.76}
    figures |= {"beside": -15.03, "beside_lower": -28.89, "beside_upper": -1.17}
    return Association("pay", "2025", "coastal", "open-coast", "alone", 359, **{"members": 118.0} | figures | changes)


def test_every_code_has_words():
    said = [verdict_words(verdict) for verdict in get_args(Verdict)]
    assert len(set(said)) == len(said)
    assert [scale_words(scale) for scale in get_args(Scale)].count("") == 1


@pytest.mark.parametrize(
    ("unit", "on_map", "beside"),
    [
        ("£", "−£58.78 (−£66.80 to −£50.76)", "−£15.03 (−£28.89 to −£1.17)"),
        ("%", "−58.8 (−66.8 to −50.8)", "−15.0 (−28.9 to −1.2)"),
        ("years", "−58.8 (−66.8 to −50.8)", "−15.0 (−28.9 to −1.2)"),
        ("", "−58.8 (−66.8 to −50.8)", "−15.0 (−28.9 to −1.2)"),
    ],
)
def test_a_gap_and_its_limits_have_one_precision(unit, on_map, beside):
    assert gap_words(found(), unit) == on_map
    assert gap_words(found(), unit, beside=True) == beside


def test_outcomes_have_one_precision():
    small = found(gap=-0.031, gap_lower=-0.05, gap_upper=-0.01, beside=0.0, beside_lower=-0.1, beside_upper=0.1)
    large = found(gap=-1.4, gap_lower=-1.5, gap_upper=-1.3, beside=0.0, beside_lower=-0.1, beside_upper=0.1)
    assert gap_decimals([small, large]) == 2
    assert gap_words(small, "z", decimals=2) == "−0.03 (−0.05 to −0.01)"
    assert (
        gap_decimals(
            [
                found(
                    **dict.fromkeys(
                        ("gap", "gap_lower", "gap_upper", "beside", "beside_lower", "beside_upper"), math.nan
                    )
                )
            ]
        )
        == 0
    )


def test_without_limits_or_without_a_gap():
    assert gap_words(found(gap_lower=math.nan, gap_upper=math.nan), "£") == "−£58.78"
    assert gap_words(found(beside=math.nan, beside_lower=math.nan, beside_upper=math.nan), "£", beside=True) == "–"


def test_logs_are_told_as_a_percentage_and_ranks_without_a_unit():
    logs = found(scale="log", beside=math.log(0.9), beside_lower=math.log(0.8), beside_upper=math.log(1.01))
    assert gap_words(logs, "£", beside=True, decimals=0) == "−10% (−20% to 1%)"
    assert gap_words(found(scale="rank"), "£", beside=True, decimals=0) == "−15 (−29 to −1)"


def test_counts_and_what_is_allowed_for():
    assert of_areas(found()) == "118 of 359"
    assert of_areas(found(members=41.25)) == "41.3 of 359"
    assert beside_others(found()) == ""
    assert beside_others(found(others=("rural__density", "own-kind__list"))) == "with rural and own-kind alike"
    assert (difference_unit("%"), difference_unit("£")) == ("percentage points", "£")
