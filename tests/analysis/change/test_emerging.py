"""Emerging patterns: a hand-made series for each of the seventeen classes, and what fewer periods allow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.change.emerging_classes import CLASSES, emerging
from analysis.change.patterns import pattern_of
from geo.errors import StatisticsError
from tests.analysis.change.toys import series

RISING = "1 2 3 4 5 6 7 8 9 10"
FLAT = "5 6 5 6 5 6 5 6 5 6"
HAND_MADE = {
    # 1 high, - low, . neither; then the z-scores
    "new": (".........1", FLAT),
    "consecutive": (".....11111", FLAT),
    "intensifying": (".111111111", RISING),
    "persistent": ("1111111111", FLAT),
    "diminishing": ("1111111111", "10 9 8 7 6 5 4 3 2 1"),
    "sporadic": ("1.1.11...1", FLAT),
    "oscillating": ("1.-..1...1", FLAT),
    "historical": ("111111111.", FLAT),
}


def classed(signs, scores, **how):
    sign = np.array([[{"1": 1, "-": -1, ".": 0}[letter] for letter in row] for row in signs])
    return emerging(sign, np.array(scores, dtype=float), pd.Index(range(len(sign))), **how)


def numbers(text):
    return [float(word) for word in text.split()]


@pytest.mark.parametrize("kind", HAND_MADE)
def test_each_class_high_and_low(kind):
    signs, scores = HAND_MADE[kind]
    mirrored = signs.translate(str.maketrans("1-", "-1"))
    found = classed([signs, mirrored], [numbers(scores), [-one for one in numbers(scores)]])
    assert found.frame["class"].tolist() == [f"{kind}-high", f"{kind}-low"]
    assert found.reach == "full"
    assert set(found.frame["class"]) <= set(CLASSES)


def test_there_are_seventeen_and_the_last_is_no_pattern():
    assert len(CLASSES) == len(set(CLASSES)) == 17
    found = classed(["..........", "1.1.1....."], [numbers(FLAT)] * 2)
    assert found.frame["class"].tolist() == ["no-pattern", "no-pattern"]  # hot at times, not at last
    assert found.frame["periods_high"].tolist() == [0, 3]


def test_low_before_and_high_for_the_first_time_is_oscillating():
    assert classed(["-........1"], [numbers(FLAT)]).frame["class"].tolist() == ["oscillating-high"]


def test_an_area_that_could_never_be_tested_says_so():
    found = classed(["..........", "1111111111"], [[np.nan] * 10, [np.nan] * 9 + [4.0]])
    assert found.frame["class"].tolist() == ["not-testable", "persistent-high"]
    assert np.isnan(found.frame["trend_p"]).all()


@pytest.mark.parametrize(
    ("signs", "kind"),
    [("...1", "new-high"), ("1..1", "stays-high"), ("1...", "gone-high"), ("...-", "new-low"), ("-...", "gone-low")],
)
def test_under_five_periods_three_words_only(signs, kind):
    found = classed([signs], [[1.0, 2.0, 3.0, 4.0]])
    assert found.frame["class"].tolist() == [kind]
    assert found.reach == "three-words"
    assert classed(["1.1.1"], [[1.0, 2.0, 3.0, 4.0, 5.0]]).reach == "short-series"


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(StatisticsError, match="do not belong together"):
        classed(["1.1", "..."], [[1.0, 2.0, 3.0]])
    with pytest.raises(StatisticsError, match="has no pattern over time"):
        classed(["1"], [[1.0]])


def test_a_corner_that_turns_high_is_found_from_the_figures(rooks):
    weights = rooks(6, 6)
    rng = np.random.default_rng(4)
    values = rng.normal(0, 0.1, (36, 6))
    corner = [row * 6 + column for row in range(3) for column in range(3)]
    values[corner, 4:] += 5
    made = series(values, measure="mean", unit="years")
    made.areas.index = pd.Index(weights.ids, name="code")
    found = pattern_of(made, weights, seed=1, permutations=9999)
    assert found.frame["class"].iloc[7] == "consecutive-high"  # the middle of the nine
    assert set(found.frame["class"].iloc[30:]) == {"no-pattern"}
    assert found.reach == "short-series"
    assert "6 periods: short-series" in repr(found)
    again = pattern_of(made, weights, seed=1, permutations=9999)
    pd.testing.assert_frame_equal(again.frame, found.frame)


def test_series_without_a_pattern_to_test_are_refused(rooks):
    weights = rooks(3, 3)
    for made, said in (
        (series(np.ones((9, 3))), "0 periods"),
        (series(np.ones((9, 3)), measure="category"), "is a category"),
    ):
        made.areas.index = pd.Index(weights.ids, name="code")
        with pytest.raises(StatisticsError) as refused:
            pattern_of(made, weights, seed=1)
        assert said in str(refused.value)
