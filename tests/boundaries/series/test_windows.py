"""Periods of a column read together: months or straddling years, overlaps, windows that share no day."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.outcomes.periods import parse_period
from boundaries.series import apart, read_together, shared
from boundaries.series.windows import of_one_length
from geo.errors import TableError


def test_one_month_makes_all_of_them_months():
    # 2011-12 alone is the year 2011/12; beside 2011-10 it is December.
    assert [window.days for window in read_together(["2011-12", "2011-10", "2011-11"]).values()] == [31, 30, 31]
    assert [window.days for window in read_together(["201112", "201110"]).values()] == [31, 31]
    assert [window.days for window in read_together(["2011-12", "2010-11"]).values()] == [365, 366]


def test_periods_come_in_order_of_time_with_their_text():
    found = read_together(["2024", "2021/22", "2019-01-01/P3Y"])
    assert list(found) == ["2019-01-01/P3Y", "2021/22", "2024"]
    assert found["2021/22"].text == "2021/22"


def test_what_cannot_be_read_and_what_is_written_twice_is_refused():
    with pytest.raises(TableError, match="cannot be read as dates") as unreadable:
        read_together(["2024", "spring", "autumn"])
    assert "'spring', 'autumn'" in str(unreadable.value)
    with pytest.raises(TableError, match="written in two ways") as doubled:
        read_together(["2024", "2024-01-01/P1Y"])
    assert "'2024' and '2024-01-01/P1Y'" in str(doubled.value)


def test_adjacent_three_year_windows_share_two_thirds():
    first, second, third = (parse_period(f"{year} to {year + 2}") for year in (2018, 2019, 2021))
    assert shared(first, second) == pytest.approx(2 / 3, abs=0.001)
    # √2·se naively, √(2·(1 − 2/3))·se with the overlap: 0.577 of it
    assert math.sqrt(2 * (1 - shared(first, second))) / math.sqrt(2) == pytest.approx(0.577, abs=0.001)
    assert shared(first, third) == 0
    assert shared(first, first) == 1


def test_windows_without_shared_days_are_chosen_from_the_latest_back():
    windows = [parse_period(f"{year} to {year + 2}") for year in range(2011, 2023)]
    assert apart(windows) == [2, 5, 8, 11]
    years = [parse_period(str(year)) for year in range(2018, 2024)]
    assert apart(years) == list(range(6))
    assert apart([]) == []


def test_leap_years_are_of_one_length():
    assert of_one_length(parse_period("2023"), parse_period("2024"))
    assert of_one_length(parse_period("2023-02-01/P1M"), parse_period("2023-03-01/P1M")) is False  # 28 and 31 days
    assert not of_one_length(parse_period("2023"), parse_period("2021 to 2023"))


@given(st.lists(st.integers(1990, 2030), min_size=1, max_size=12, unique=True), st.integers(1, 4))
def test_chosen_windows_never_share_a_day(years, length):
    windows = [parse_period(f"{year}-01-01/P{length}Y") for year in sorted(years)]
    chosen = [windows[place] for place in apart(windows)]
    assert chosen[-1] == windows[-1]
    assert all(shared(one, other) == 0 for one, other in pairwise(chosen))
