"""Classes of values: every value in exactly one, in order, with labels that are exactly true."""

from __future__ import annotations

import itertools

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.errors import MapError
from maps.look import palettes
from maps.look.scales import NO_CLASS, SCHEMES, classify, roundest_between

FOUND = [scheme for scheme in SCHEMES if scheme not in {"user", "published"}]
VALUES = st.lists(
    st.one_of(st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3)), st.just(float("nan"))),
    min_size=2,
    max_size=40,
)


@pytest.fixture(scope="module")
def incomes() -> pd.Series:
    rng = np.random.default_rng(7)
    values = pd.Series(np.exp(rng.normal(10.3, 0.2, 361)).round(0))
    values.iloc[[3, 77]] = np.nan
    return values


def test_nine_values_in_three_quantiles_by_hand():
    # 1..9 in thirds: 1-3, 4-6, 7-9; the roundest number in (3, 4] is 4, in (6, 7] is 7
    scale = classify(pd.Series(range(1, 10), dtype="float64"), k=3)
    assert scale.breaks == (4.0, 7.0)
    assert scale.labels == ("under 4", "4 to under 7", "7 or more")
    assert scale.counts == (3, 3, 3)
    assert scale.assignment.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]


@pytest.mark.filterwarnings("ignore:Numba not installed")  # the slow way gives the same classes
@pytest.mark.parametrize(
    ("scheme", "peer"),
    [
        ("quantile", lambda v: mapclassify.Quantiles(v, k=5)),
        ("fisher-jenks", lambda v: mapclassify.FisherJenks(v, k=5)),
        ("equal", lambda v: mapclassify.EqualInterval(v, k=5)),
        ("boxplot", mapclassify.BoxPlot),
        ("std", lambda v: mapclassify.StdMean(v, multiples=[-1.5, -0.5, 0.5, 1.5])),
    ],
)
def test_round_breaks_leave_every_area_in_mapclassifys_class(incomes, scheme, peer):
    present = incomes.dropna()
    theirs = peer(present.to_numpy())
    numbers = np.unique(theirs.yb, return_inverse=True)[1]  # empty classes are dropped
    scale = classify(incomes, scheme=scheme, unit="£")
    assert scale.assignment[present.index].tolist() == numbers.tolist()


@settings(max_examples=60)
@given(values=VALUES, scheme=st.sampled_from(FOUND), k=st.integers(1, 7), centre=st.sampled_from([None, 0.0, 12.5]))
def test_every_value_is_in_exactly_one_class_and_classes_ascend(values, scheme, k, centre):
    series = pd.Series(values)
    assume(series.notna().any())
    scale = classify(series, scheme=scheme, k=k, centre=centre)
    assert (scale.assignment == NO_CLASS).equals(series.isna())
    assert sum(scale.counts) == series.notna().sum()
    assert len(scale.labels) == len(scale.colours) == len(scale.counts) == len(scale.breaks) + 1
    assert all(a < b for a, b in itertools.pairwise(scale.breaks))
    assert all(colour.startswith("#") for colour in scale.colours)
    edges = [-np.inf, *scale.breaks, np.inf]
    for number, value in zip(scale.assignment, series, strict=True):
        if number != NO_CLASS:
            assert edges[number] <= value < edges[number + 1]


@settings(max_examples=60)
@given(below=st.floats(-1e9, 1e9), above=st.floats(-1e9, 1e9))
def test_the_roundest_number_lies_in_the_gap(below, above):
    assume(below < above)
    found = roundest_between(below, above)
    assert below < found <= above


def test_about_a_centre_classes_are_symmetrical_and_colours_follow_the_outcome():
    values = pd.Series(np.linspace(-2, 3, 51))
    good_high = classify(values, centre=0.0, favourable="high")
    good_low = classify(values, centre=0.0, favourable="low")
    assert list(good_high.breaks) == [-value for value in reversed(good_high.breaks)]
    assert good_high.colours == palettes.DIVERGING_5
    assert good_low.colours == palettes.DIVERGING_5[::-1]


def test_an_even_number_of_classes_breaks_at_the_centre():
    scale = classify(pd.Series(np.linspace(-2, 2, 41)), k=4, centre=0.0, scheme="equal")
    assert scale.breaks == (-1.0, 0.0, 1.0)
    assert scale.colours == ("#8c510a", *scale.colours[1:3], "#01665e")


def test_values_on_one_side_of_the_centre_keep_that_sides_colours():
    scale = classify(pd.Series(np.linspace(0.1, 3, 30)), centre=0.0, scheme="equal")
    assert scale.colours[-1] == palettes.DIVERGING_5[-1]
    assert not set(scale.colours) & set(palettes.DIVERGING_5[:2])


def test_sequential_colours_end_in_brown_where_more_is_bad():
    values = pd.Series(np.arange(10.0))
    assert classify(values, favourable="high").colours == palettes.SEQUENTIAL
    assert classify(values, favourable="none").colours == palettes.SEQUENTIAL
    assert classify(values, favourable="low").colours == palettes.SEQUENTIAL_UNFAVOURABLE


def test_published_bands_stay_as_stated_even_when_empty():
    scale = classify(
        pd.Series([-0.2, 0.1, 1.4, np.nan]), scheme="published", breaks=[-2, -1, 1, 2], labels=list("abcde"), centre=0.0
    )
    assert scale.counts == (0, 0, 2, 1, 0)
    assert scale.labels == tuple("abcde")
    assert scale.colours == palettes.DIVERGING_5
    assert scale.assignment.tolist() == [2, 2, 3, NO_CLASS]


def test_another_period_falls_in_the_same_classes():
    scale = classify(pd.Series([1.0, 2.0, 3.0, 4.0]), k=2)
    assert scale.classify(pd.Series([0.0, np.nan, 9.0])).tolist() == [0, NO_CLASS, 1]


def test_pounds_have_pence_or_none():
    scale = classify(pd.Series([585.0, 613.1, 613.3, 652.0]), scheme="user", breaks=[600, 613.2], unit="£")
    assert scale.labels == ("under 600", "600 to under 613.20", "613.20 or more")


def test_equal_values_make_one_class():
    scale = classify(pd.Series([5.0, 5.0, 5.0]), unit="%")
    assert (scale.labels, scale.counts, scale.k) == (("5",), (3,), 1)
    about = classify(pd.Series([0.0, 0.0]), centre=0.0)
    assert about.counts == (2,)


def test_more_classes_than_values_make_fewer_classes():
    assert classify(pd.Series([1.0, 2.0, 3.0]), k=7).k == 3


def test_head_tail_breaks_join_their_tail():
    values = pd.Series(2.0 ** np.arange(12))
    assert classify(values, scheme="headtail").k <= 7


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ([np.nan, np.nan], {}, "none of 2 areas has a value"),
        ([], {}, "none of 0 areas"),
        ([1.0, np.inf], {}, "1 values are infinite"),
        ([1.0, 2.0], {"scheme": "rainbow"}, "unknown scheme 'rainbow'"),
        ([1.0, 2.0], {"k": 12}, "one to nine classes"),
        ([1.0, 2.0], {"scheme": "user"}, "needs breaks"),
        ([1.0, 2.0], {"scheme": "user", "breaks": [2, 1]}, "ascending"),
        ([1.0, 2.0], {"scheme": "user", "breaks": list(range(9))}, "at most nine"),
        ([1.0, 2.0], {"scheme": "user", "breaks": [1], "labels": ["a"]}, "1 breaks make 2 classes, but 1 labels"),
        ([1.0, 2.0], {"breaks": [1]}, "belong to the schemes"),
    ],
)
def test_what_cannot_be_classed_is_said(values, options, said):
    with pytest.raises(MapError, match="cannot be put in classes") as caught:
        classify(pd.Series(values, dtype="float64"), **options)
    assert said in str(caught.value)


def test_all_faults_are_said_at_once():
    with pytest.raises(MapError) as caught:
        classify(pd.Series([np.nan]), scheme="rainbow", k=99)
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize("scheme", FOUND)
def test_words_about_a_centre_say_that_the_scheme_was_applied_to_the_distance(scheme):
    values = pd.Series(np.random.default_rng(3).normal(0, 1, 203))
    sequential, about = classify(values, scheme=scheme), classify(values, scheme=scheme, centre=0.0, unit="z")
    assert "roundest number between two areas" in sequential.words()
    assert "symmetrical" not in sequential.words()
    assert about.words().startswith("classes symmetrical about 0: ")
    assert about.words().endswith("breaks rounded")
    assert about.words("no change").startswith("classes symmetrical about no change: ")


def test_equal_numbers_are_of_classes_from_low_to_high_and_of_distances_about_a_centre():
    # what the words say, counted: skewed values make the two sides of a centre unequal, never the distances
    values = pd.Series(np.random.default_rng(5).gamma(2, 1, 500) - 1)
    assert max(classify(values).counts) - min(classify(values).counts) <= 1
    for k in (4, 5, 6, 7):
        scale = classify(values, k=k, centre=0.0)
        edges = [edge for edge in scale.breaks if edge >= 0]
        inside = [float((values.abs() < edge).mean()) for edge in edges if edge > 0]
        wanted = [(2 * i + 1) / k for i in range(k // 2)] if k % 2 else [2 * (i + 1) / k for i in range(k // 2 - 1)]
        assert inside == pytest.approx(wanted, abs=0.02)  # rounding the breaks moves a few areas
        assert "about equal numbers of areas by distance from it" in scale.words()


def test_equal_steps_about_a_centre_are_equal():
    scale = classify(pd.Series(np.linspace(-3, 5, 200)), scheme="equal", k=7, centre=0.0)
    assert np.ptp(np.diff(scale.breaks)) < 0.1 * np.diff(scale.breaks).mean()


def test_stated_breaks_are_not_called_rounded():
    scale = classify(pd.Series([1.0, 2.0, 3.0]), scheme="user", breaks=[1.23456], centre=2.0)
    assert scale.words() == "stated breaks"
    assert classify(pd.Series([1.0, 9.0]), scheme="published", breaks=[2.5]).words() == "the publisher's bands"


def test_named_classes_keep_their_limits_in_words():
    scale = classify(pd.Series([1.0, 9.0]), scheme="published", breaks=[2.5], labels=["Low", "High"])
    assert scale.ranges == ("under 2.5", "2.5 or more")
    assert classify(pd.Series([1.0, 9.0])).ranges == ()
