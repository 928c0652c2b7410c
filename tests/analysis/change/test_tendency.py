"""Exact tendency: against enumeration of every order, ties included; the smallest p there can be."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.change.control_limits import natural_limits
from analysis.change.fingertips import fingertips_trend
from analysis.change.tendency import least_p, mann_kendall
from geo.errors import StatisticsError


def score(values):
    later = np.triu_indices(len(values), k=1)
    return int(np.sign(np.subtract(*np.asarray(values)[[later[1], later[0]],])).sum())


@settings(max_examples=40)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=7))
def test_p_is_that_of_every_order(values):
    found = mann_kendall(np.array(values, dtype=float))
    every = [score(order) for order in permutations(values)]
    assert found.s == score(values)
    assert found.p == pytest.approx(np.mean([abs(one) >= abs(found.s) for one in every]))
    assert found.least_p == pytest.approx(np.mean([abs(one) == max(map(abs, every)) for one in every]))


@pytest.mark.parametrize(("n", "least"), [(3, 0.3333), (4, 0.0833), (5, 0.01667), (6, 0.00278), (7, 0.0004)])
def test_the_smallest_p_of_unlike_values(n, least):
    assert mann_kendall(np.arange(float(n))).p == pytest.approx(least, abs=5e-5)
    assert least_p(n) == pytest.approx(mann_kendall(np.arange(float(n))).least_p)


def test_long_series_with_ties_are_exact_too():
    found = mann_kendall(np.repeat(np.arange(9.0), 3))
    assert found.n == 27
    assert found.s == 27 * 26 // 2 - 9 * 3
    # two orders of 27! / 3!^9 are as extreme: one rising, one falling
    assert found.p == pytest.approx(2 * 6**9 / 1.0888869450418352e28)


def test_missing_values_are_left_out_and_values_all_alike_tend_nowhere():
    assert mann_kendall(np.array([1.0, np.nan, 2.0, 3.0])).n == 3
    alike = mann_kendall(np.ones(6))
    assert (alike.s, alike.p, alike.least_p) == (0, 1.0, 1.0)
    with pytest.raises(StatisticsError, match="no tendency"):
        mann_kendall(np.array([1.0, np.nan]))


RISING = ([24.67, 24.6, 28, 30.2, 30.6], [23.16, 23.15, 26.44, 28.63, 28.98], [26.25, 26.19, 29.64, 31.9, 32.25])
LEVEL = (
    [20.5506, 19.5952, 19.0349, 21.3966, 18.4372],
    [18.1803, 17.3444, 16.8421, 19.0918, 16.2925],
    [23.1427, 22.0602, 21.4394, 23.8975, 20.7941],
)


@pytest.mark.parametrize(
    ("figures", "trend", "slope", "chi_squared"),
    [(RISING, "increasing", 1.751566223, 46.76531579), (LEVEL, "no-change", -0.259980964, 0.464243085)],
)
def test_the_fingertips_rule_on_its_published_series(figures, trend, slope, chi_squared):
    value, lower, upper = (np.array(column) for column in figures)
    found = fingertips_trend(value, (upper - lower) / (2 * 1.96))
    assert found.trend == trend
    assert found.slope == pytest.approx(slope, abs=1e-9)
    assert found.chi_squared == pytest.approx(chi_squared, abs=1e-7)


def test_a_trend_that_rests_on_one_point_is_none_and_overlap_is_refused():
    value = np.array([10.0, 10.0, 10.0, 10.0, 30.0])
    found = fingertips_trend(value, np.ones(5))
    assert found.chi_squared > 9.6
    assert found.trend == "no-change"  # without the last point the slope is 0
    assert fingertips_trend(-np.arange(5.0) * 9, np.ones(5)).trend == "decreasing"
    assert fingertips_trend(value[:4], np.ones(4)).trend == "too-few-periods"
    assert fingertips_trend(value, np.array([1, 1, np.nan, 1, 1.0])).trend == "too-few-periods"
    with pytest.raises(StatisticsError, match="windows that overlap"):
        fingertips_trend(value, np.ones(5), shared_days=True)


def test_natural_limits_of_the_published_series():
    found = natural_limits(np.array([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1.0]))
    assert (found.lower, found.upper) == (pytest.approx(-3.062614, abs=1e-6), pytest.approx(6.951503, abs=1e-6))
    assert found.beyond == (4,)
    assert natural_limits(np.array([1.0, np.nan, 3.0, 5.0])).centre == 3.0
    with pytest.raises(StatisticsError, match="two values in a row"):
        natural_limits(np.array([1.0, np.nan, 3.0]))
