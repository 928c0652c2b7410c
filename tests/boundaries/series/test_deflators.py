"""A price index of one's own: months, years and financial years, and what it lacks."""

from __future__ import annotations

import pytest

from boundaries.outcomes.periods import parse_period
from boundaries.series import read_deflator
from geo.errors import TableError


def index(tmp_path, *lines, head="period,value"):
    path = tmp_path / "cpih.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_window_takes_the_shortest_periods_that_cover_it(tmp_path):
    prices = read_deflator(index(tmp_path, "2023,100", "2024,110", "2024-01-01/P1M,104", "2024-02-01/P1M,106"))
    year, day, month = (parse_period(text) for text in ("2024", "2023-06-30", "2024-01-15"))
    assert prices.level_in([year, day, month]).tolist() == [110.0, 100.0, 104.0]
    assert prices.name == "cpih"


def test_a_financial_year_is_made_of_two_calendar_years_by_days(tmp_path):
    prices = read_deflator(index(tmp_path, "2022,100", "2023,200"))
    # 275 days of 2022 and 90 of 2023
    assert prices.level_in([parse_period("2022/23")]).tolist() == [pytest.approx((275 * 100 + 90 * 200) / 365)]


def test_years_that_are_lacking_are_all_named(tmp_path):
    prices = read_deflator(index(tmp_path, "2023,100"))
    with pytest.raises(TableError, match="lacks prices for 2 of 3 periods") as refused:
        prices.level_in([parse_period(year) for year in ("2021", "2022", "2023")])
    assert "not covered: 2021, 2022" in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "head", "said"),
    [
        (("2023,100",), "year,value", "columns absent: period"),
        (("2023,100", "2023,101"), "period,value", "stand twice: 2023"),
        (("2023,0", "2024,-5"), "period,value", "not above 0: 2023, 2024"),
        (("2023,ten", "2024,1"), "period,value", "value 'ten' in row 2"),
        (("2023,..", "2024,.."), "period,value", "has no value"),
        (("soon,100", "2024,1"), "period,value", "'soon'"),
    ],
)
def test_a_table_that_is_no_price_index_is_refused(tmp_path, lines, head, said):
    with pytest.raises(TableError) as refused:
        read_deflator(index(tmp_path, *lines, head=head))
    assert said in str(refused.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TableError, match="there is no file"):
        read_deflator(tmp_path / "none.csv")
