"""Numbers of a page: held as whole numbers that read back as they were, and change no area's class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from maps.leaflet import Benchmark, Figures, RegionScale
from maps.leaflet.figures import figures_content, held_decimals, whole_breaks
from maps.leaflet.shapes import number_text

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def read_numbers(text):
    """Decode as the page does: an independent reading of the same rule."""
    found, value, shift = [], 0, 0
    for sign in text:
        if sign == ".":
            found.append(None)
            continue
        digit = DIGITS.index(sign)
        value |= (digit & 31) << shift
        shift += 5
        if not digit & 32:
            found.append(-(value >> 1) - 1 if value & 1 else value >> 1)
            value = shift = 0
    return found


@given(st.lists(st.one_of(st.none(), st.integers(-(2**40), 2**40)), max_size=30))
def test_numbers_read_back_as_they_were_written(numbers):
    given_ = [float("nan") if number is None else float(number) for number in numbers]
    assert read_numbers(number_text(given_)) == numbers


def figures(**changes):
    value = np.array([[10.2, 10.4], [np.nan, 9.9], [12.0, np.nan], [8.1, 8.0]])
    given_ = Figures("%", "high", 1, ("2020", "2021"), 1, value, value - 0.5, value + 0.7, breaks=(9.95, 10.3))
    return replace(given_, **changes)


def test_periods_are_steps_and_limits_are_distances():
    content = figures_content(figures(), lambda entry: entry.key)
    # 9.95 lies between two steps of a tenth, so a tenth is fine enough: no figure changes class
    assert content["held"] == 1
    assert [read_numbers(text) for text in content["value"]] == [[102, None, 120, 81], [2, 99, None, -1]]
    assert read_numbers(content["lower"][0]) == [5, None, 5, 5]
    assert read_numbers(content["upper"][1]) == [7, 7, None, 7]
    assert content["breaks"] == [100, 103]
    assert content["below"] == ""


def test_unknown_decimals_are_held_finely_and_unknown_limits_not_at_all():
    nothing = np.full((4, 2), np.nan)
    bare = figures(decimals=None, lower=nothing, upper=nothing)
    assert held_decimals(bare) == 3  # 12.0 is then 12,000 steps
    content = figures_content(bare, lambda entry: entry.key)
    assert content["lower"] == content["upper"] == []


def test_figures_are_held_as_finely_as_their_classes_need():
    value = np.array([[0.301], [0.304], [0.2]])
    close = Figures("", "none", 1, ("2021",), 0, value, value, value, breaks=(0.303,))
    assert held_decimals(close) == 3
    assert figures_content(close, lambda entry: entry.key)["breaks"] == [303]
    region = RegionScale("E12000001", (0.3035,), ())
    assert held_decimals(replace(close, breaks=(0.25,), regional=(region,))) == 3


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20), st.floats(-100, 100).map(lambda x: round(x, 4)))
def test_a_whole_number_is_at_or_above_a_break_when_its_figure_is(tenths, limit):
    (whole,) = whole_breaks([limit], 1)
    for number in tenths:
        assert (number >= whole) == (round(number / 10, 4) >= limit)


def test_benchmarks_and_regions_stand_beside_the_figures():
    content = figures_content(
        figures(
            below=np.array([0.9, np.nan, 0.0004, 1.0]),
            bands=("Low", "", "High", ""),
            benchmarks=(Benchmark("", "United Kingdom", "the published figure", (float("nan"), 10.25)),),
        ),
        lambda entry: entry.key,
    )
    assert read_numbers(content["below"]) == [900, None, 0, 1000]
    assert content["bands"] == ["Low", "", "High", ""]
    assert content["held"] == 2  # the figure of the whole was published with two digits
    assert read_numbers(content["benchmarks"][0]["values"]) == [None, 1025]
