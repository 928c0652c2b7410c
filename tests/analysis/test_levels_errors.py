"""From published limits to errors: the scale they are symmetric on, what is not known, what cannot be right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.levels import Scale, errors_of
from geo.errors import StatisticsError, TableError

Z = 1.959963984540054


def estimates(value, lower=np.nan, upper=np.nan, se=np.nan):
    frame = pd.DataFrame({"value": value, "lower": lower, "upper": upper, "se": se}, dtype=float)
    return frame.set_axis([f"a{at}" for at in range(len(frame))])


def test_a_symmetric_interval_is_its_width():
    found = errors_of(estimates([100.0, 200.0], [100 - 3 * Z, 200 - 5 * Z], [100 + 3 * Z, 200 + 5 * Z]))
    assert found.scale == Scale()
    assert found.se == pytest.approx([3, 5])
    assert found.counts["symmetric"] == 2


def test_ninety_per_cent_limits():
    found = errors_of(estimates([0.0], [-1.6448536], [1.6448536]), confidence=0.9)
    assert found.se == pytest.approx([1], abs=1e-7)


@pytest.mark.parametrize(("whole", "positive", "scale"), [(100.0, True, "logit"), (None, True, "log")])
def test_the_scale_is_the_one_on_which_limits_are_symmetric(whole, positive, scale):
    made = Scale(scale, whole or 1.0)
    value = np.array([2.345678, 7.654321, 3.14159, 1.23456])
    limits = [made.backward(made.forward(value) + side * 0.5 * Z) for side in (-1, 1)]
    found = errors_of(estimates(value, *limits), whole=whole, positive=positive)
    assert found.scale == made
    assert found.se == pytest.approx([0.5] * 4)
    assert found.centre == pytest.approx(made.forward(value))


def test_no_scale_fits_so_the_larger_half_is_taken():
    # Halves of 1 and 4, 4 and 1: symmetric on no scale. The larger half never understates.
    found = errors_of(estimates([10.01234, 10.01234], [9.01234, 6.01234], [14.01234, 11.01234]), positive=True)
    assert found.scale == Scale()
    assert found.se == pytest.approx([4 / Z, 4 / Z])
    assert found.counts["larger_half"] == 2


def test_limits_rounded_like_the_values_count_as_symmetric():
    # A half of 0.1 and one of 0.2 years are equal to the rounding of one decimal.
    assert errors_of(estimates([62.7, 61.0], [62.6, 59.5], [62.9, 62.5])).counts["symmetric"] == 2


def test_a_scale_that_is_asked_for_carries_symmetric_limits_by_its_slope():
    found = errors_of(estimates([50.0], [50 - Z], [50 + Z]), scale="log")
    assert found.se == pytest.approx([1 / 50], rel=2e-3)
    wide = errors_of(estimates([50.01234], [20.01234], [80.01234]), scale="log")
    assert wide.se == pytest.approx([30 / Z / 50.01234])
    assert wide.counts["by_slope"] == 1


def test_standard_errors_alone():
    found = errors_of(estimates([50.0, 60.0], se=[2.0, 3.0]), whole=100.0)
    assert found.scale == Scale()
    assert found.se.tolist() == [2, 3]
    assert found.counts["stated"] == 2


def test_a_share_near_its_end_with_a_standard_error_is_on_the_logit_scale():
    found = errors_of(estimates([1.0, 60.0], se=[0.8, 3.0]), whole=100.0)
    assert found.scale == Scale("logit", 100.0)
    assert found.se == pytest.approx([0.8 * 100 / 99, 3 * 100 / (60 * 40)])


def test_limits_go_before_a_standard_error():
    assert errors_of(estimates([0.0], [-Z], [Z], se=[7.0])).se == pytest.approx([1])


def test_zero_and_absent_errors_are_unknown_not_certain():
    found = errors_of(estimates([1.0, 2.0, 3.0, np.nan], [1.0, 1.0, np.nan, np.nan], [1.0, 3.0, np.nan, np.nan]))
    assert found.known.tolist() == [False, True, False, False]
    assert (found.counts["zero"], found.counts["without"]) == (1, 1)
    assert errors_of(estimates([1.0, 2.0], se=[0.0, 1.0])).counts["zero"] == 1


def test_an_interval_that_misses_its_value_is_refused_or_counted():
    wrong = estimates([1.0, 5.0], [2.0, 4.0], [3.0, 6.0])
    with pytest.raises(TableError, match="do not hold their value: a0"):
        errors_of(wrong)
    found = errors_of(wrong, misses="unknown")
    assert found.counts["missed"] == 1
    assert found.known.tolist() == [False, True]


def test_every_fault_of_a_table_is_told_at_once():
    with pytest.raises(TableError) as refused:
        errors_of(estimates([1.0, 5.0], [2.0, 4.0], [3.0, 6.0], se=[1.0, -1.0]))
    assert len(refused.value.faults) == 3
    with pytest.raises(TableError, match="no column lower, se"):
        errors_of(pd.DataFrame({"value": [1.0], "upper": [2.0]}))


def test_a_scale_that_cannot_hold_the_values_is_refused():
    with pytest.raises(StatisticsError, match="cannot hold 1 of 2 values"):
        errors_of(estimates([0.0, 5.0], se=1.0), scale="log")


def test_values_at_the_end_of_a_share_keep_the_scale_of_values():
    assert errors_of(estimates([0.0, 5.0], se=[1.0, 1.0]), whole=100.0).scale == Scale()


def test_a_limit_that_the_scale_cannot_hold_is_unknown():
    value = np.array([2.0, 3.0, 5.0, 7.0, 11.0])
    lower, upper = value * np.exp(-Z), value * np.exp(Z)
    lower[0] = 0.0
    found = errors_of(estimates(value, lower, upper), scale="log")
    assert found.counts["off_scale"] == 0
    # The upper half is still known, and larger halves never understate.
    assert found.se == pytest.approx([1, 1, 1, 1, 1])


@given(st.sampled_from([Scale(), Scale("log"), Scale("logit", 100.0)]), st.floats(0.01, 99.9))
def test_scales_undo_themselves(scale, x):
    assert scale.backward(scale.forward(np.array([x])))[0] == pytest.approx(x)
    step = 1e-6 * x
    slope = (scale.forward(np.array([x + step])) - scale.forward(np.array([x - step])))[0] / (2 * step)
    assert scale.slope(np.array([x]))[0] == pytest.approx(slope, rel=1e-3)
