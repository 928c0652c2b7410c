"""Who may be named: one rule, for levels and for change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.significance import longest_list
from geo.errors import StatisticsError


def test_the_list_by_hand():
    # Means of 0.01, 0.03, 0.05, 0.0625: three may be named; the cap stops the last of four that the mean would allow.
    assert longest_list(np.array([0.01, 0.05, 0.09, 0.1])).tolist() == [True, True, True, False]
    assert longest_list(np.array([0.0, 0.0, 0.0, 0.11])).tolist() == [True, True, True, False]
    assert longest_list(np.array([0.0, 0.0, 0.0, 0.11]), each=0.2).tolist() == [True] * 4
    assert not longest_list(np.array([0.06, 0.5])).any()
    assert not longest_list(np.array([])).any()


def test_equals_are_named_together_or_not_at_all():
    assert longest_list(np.array([0.02, 0.08, 0.08])).tolist() == [True, False, False]
    assert longest_list(np.array([0.0, 0.075, 0.075])).tolist() == [True, True, True]


@given(st.lists(st.floats(0, 1), max_size=30))
def test_no_list_exceeds_its_shares(wrong):
    wrong = np.array(wrong)
    named = longest_list(wrong)
    if named.any():
        assert wrong[named].mean() <= 0.05 + 1e-9
        assert wrong[named].max() <= 0.10
        assert (wrong[~named] >= wrong[named].max()).all()


def test_the_longest_list_keeps_both_limits():
    # running means .01, .03, .0433, .0525: three by the mean, though .08 is below the cap
    errors = np.array([0.08, 0.01, 0.05, 0.07])
    assert longest_list(errors).tolist() == [False, True, True, True]
    # running means 0, 0, .04 and the third is above the cap
    assert longest_list(np.array([0.0, 0.0, 0.12])).tolist() == [True, True, False]
    assert longest_list(np.array([0.06, 0.2])).tolist() == [False, False]
    assert longest_list(np.array([])).tolist() == []


@given(arrays(float, st.integers(0, 60), elements=st.floats(0, 1)))
def test_no_longer_list_would_keep_the_limits(errors):
    named = longest_list(errors)
    if named.any():
        assert errors[named].mean() <= 0.05 + 1e-9
        assert errors[named].max() <= 0.10
    if not named.all():
        nearest = errors[~named].min()
        more = np.append(errors[named], errors[errors == nearest])
        assert more.mean() > 0.05 or more.max() > 0.10


def test_errors_that_are_no_probabilities_are_refused():
    with pytest.raises(StatisticsError, match="cannot be named so"):
        longest_list(np.array([1.2]))
    with pytest.raises(StatisticsError, match="cannot be named so"):
        longest_list(np.array([0.2]), mean=0.0)


def test_what_cannot_be_named_is_never_named():
    assert longest_list(np.array([np.nan, 0.01, np.nan, 0.01])).tolist() == [False, True, False, True]
    assert not longest_list(np.array([np.nan])).any()
