"""Every way of writing a period that we have met."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.outcomes.periods import in_order, label, latest, parse_period, readable
from geo.errors import TableError

SPELLINGS = [
    ("2024-09-01/P1Y", "2024-09-01", "2025-08-31"),
    ("2022-01-01/P3Y", "2022-01-01", "2024-12-31"),
    ("2024-01-31/P1M", "2024-01-31", "2024-02-28"),
    ("2024-01-01/P2W", "2024-01-01", "2024-01-14"),
    ("2024/P1Y", "2024-01-01", "2024-12-31"),
    ("2025-04-30", "2025-04-30", "2025-04-30"),
    ("2023-01-01 00:00:00", "2023-01-01", "2023-01-01"),
    ("31/03/2021", "2021-03-31", "2021-03-31"),
    ("30 April 2025", "2025-04-30", "2025-04-30"),
    ("2020-01-01/2022-12-31", "2020-01-01", "2022-12-31"),
    ("2023-04/2024-03", "2023-04-01", "2024-03-31"),
    ("2021/22", "2021-04-01", "2022-03-31"),
    ("2021-22", "2021-04-01", "2022-03-31"),
    ("2011-12", "2011-04-01", "2012-03-31"),
    ("2019/2020", "2019-04-01", "2020-03-31"),
    ("1999/00", "1999-04-01", "2000-03-31"),
    ("201819", "2018-04-01", "2019-03-31"),
    ("202301", "2023-01-01", "2023-01-31"),
    ("2015-05", "2015-05-01", "2015-05-31"),
    ("2018-2022", "2018-01-01", "2022-12-31"),
    ("2018 to 2020", "2018-01-01", "2020-12-31"),
    ("2018 – 2020", "2018-01-01", "2020-12-31"),
    ("2023", "2023-01-01", "2023-12-31"),
    ("2023.0", "2023-01-01", "2023-12-31"),
    ("Jul 2023-Jun 2024", "2023-07-01", "2024-06-30"),
    ("January 2023 to December 2023", "2023-01-01", "2023-12-31"),
    ("Jan-Dec 2023", "2023-01-01", "2023-12-31"),
    ("2023 Q1", "2023-01-01", "2023-03-31"),
    ("Q3 2020", "2020-07-01", "2020-09-30"),
    ("Sept 2022", "2022-09-01", "2022-09-30"),
    ("year ending March 2024", "2023-04-01", "2024-03-31"),
    ("Year ending 31 December 2023", "2023-01-01", "2023-12-31"),
    ("FYE 2024", "2023-04-01", "2024-03-31"),
    ("academic year 2023/24", "2023-09-01", "2024-08-31"),
    ("2023/24 financial year", "2023-04-01", "2024-03-31"),
    ("2023/24 (academic year)", "2023-09-01", "2024-08-31"),
]


@pytest.mark.parametrize(("text", "start", "end"), SPELLINGS)
def test_spellings(text, start, end):
    period = parse_period(text)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.days == (period.end - period.start).days + 1


@pytest.mark.parametrize(
    "text", ["", "foo", "2021-02-30", "12", "2014 to 16", "2024/19", "Foo 2024", "2022 to 2019", "13/13/2020"]
)
def test_what_is_no_period_is_refused(text):
    assert not readable(text)
    with pytest.raises(TableError, match="is not a period"):
        parse_period(text)


def test_the_basis_of_a_straddling_year_can_be_stated():
    assert parse_period("202223", year="academic").start == dt.date(2022, 9, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-09-01/P1Y", "September 2024 to August 2025"),
        ("2022-01-01/P3Y", "2022 to 2024"),
        ("2024-01-01/P1Y", "2024"),
        ("2025-04-30", "30 April 2025"),
        ("202122", "2021/22"),
        ("2023-02", "February 2023"),
        ("2023-02-03/P1M", "3 February 2023 to 2 March 2023"),
        ("all years", "all years"),
    ],
)
def test_labels_for_titles(text, words):
    assert label(text) == words


def test_latest_and_order_go_by_dates_not_by_spelling():
    texts = ["2018 to 2020", "2019/20", "2020-01-01/P1Y", "Jan 2020"]
    assert in_order(texts) == ("Jan 2020", "2019/20", "2018 to 2020", "2020-01-01/P1Y")
    assert latest(texts) == "2018 to 2020"
    with pytest.raises(TableError, match="no period"):
        latest([])
    with pytest.raises(TableError, match="'foo', 'bar'"):
        latest(["2020", "foo", "bar"])


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 30), st.sampled_from("YMWD"))
def test_a_duration_ends_the_day_before_the_next_one_begins(start, count, unit):
    one = parse_period(f"{start.isoformat()}/P{count}{unit}")
    assert one.start == start
    assert one.end >= start
    if start.day <= 28:
        following = parse_period(f"{(one.end + dt.timedelta(days=1)).isoformat()}/P{count}{unit}")
        both = parse_period(f"{start.isoformat()}/P{2 * count}{unit}")
        assert following.end == both.end
