"""A series: every period by its own epoch, errors and receipts kept, breaks found, periods of other series put on its end."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.series import Break, chained, read_series, series_of, write_series
from boundaries.sources.els import read_all
from geo.errors import JoinError, StatisticsError, TableError
from tests.boundaries.joined_toys import areas, rows, table

HARTLEPOOL, BELFAST = "E06000001", "N09000003"


def pay(*years, **meta):
    made = [row for year in years for row in rows({HARTLEPOOL: float(year - 2000), BELFAST: 1.0}, str(year))]
    return table([{**row, "se": 0.5} for row in made], **meta)


def test_every_period_stands_in_order_with_its_receipt():
    series = series_of(pay(2024, 2022, 2023), areas())
    assert series.periods == ("2022", "2023", "2024")
    assert series.value[0].tolist() == [22.0, 23.0, 24.0]
    assert series.se[0].tolist() == [0.5, 0.5, 0.5]
    assert [receipt.period for receipt in series.receipts] == ["2022", "2023", "2024"]
    assert series.covered.tolist() == [True, True, True, False, False]
    assert "3 periods, 2022 to 2024; 2 of 5 areas" in repr(series)


def test_the_tidy_frame_has_a_row_an_area_and_period():
    frame = series_of(pay(2023, 2024, nations=("E",)), areas()).to_frame()
    assert list(frame.columns) == [
        "outcome",
        "period",
        "code",
        "name",
        "value",
        "lower",
        "upper",
        "se",
        "band",
        "quality",
    ]
    assert frame["period"].tolist() == ["2023"] * 3 + ["2024"] * 3  # two English areas, and Belfast which has a value
    assert frame.loc[frame["code"] == HARTLEPOOL, "value"].tolist() == [23.0, 24.0]
    assert set(frame["quality"]) == {"exact", "missing"}


def test_the_publishers_own_band_is_kept():
    made = pay(2023, 2024)
    frame = made.frame.assign(band=["low", "high", "low", ""])
    series = series_of(replace(made, frame=frame, extras=("band",)), areas())
    assert series.band[:3].tolist() == [["low", "low"], ["", ""], ["high", ""]]


def test_each_period_is_converted_by_its_own_epoch():
    # Dorset's districts merged in 2019 into E06000059: counts add up, medians do not.
    old = {"E07000049": 1.0, "E07000050": 2.0, "E07000051": 3.0, "E07000052": 4.0, "E07000053": 5.0}
    new = {"E06000059": 20.0}
    made = [*rows(old, "2018"), *rows(new, "2020")]
    boundaries = load_boundary_set("LAD", dt.date(2023, 4, 1))
    counts = series_of(table(made, measure="count", unit="people"), boundaries)
    dorset = list(counts.areas.index).index("E06000059")
    assert counts.value[dorset].tolist() == [15.0, 20.0]
    medians = series_of(table([*made, *rows({HARTLEPOOL: 1.0}, "2018")]), boundaries)
    assert np.isnan(medians.value[dorset, 0])
    assert medians.value[dorset, 1] == 20.0
    assert medians.quality[dorset].tolist() == ["missing", "exact"]


def test_a_period_without_values_is_left_out_and_none_is_an_error():
    made = [*rows({HARTLEPOOL: 1.0}, "2023"), *rows({HARTLEPOOL: np.nan}, "2024")]
    assert series_of(table(made), areas()).periods == ("2023",)
    with pytest.raises(StatisticsError, match="no value in any"):
        series_of(table(rows({HARTLEPOOL: np.nan}, "2024")), areas())


def test_faults_of_all_periods_come_at_once():
    made = [*rows({HARTLEPOOL: 1.0, "E99999999": 2.0}, "2023"), *rows({"E88888888": 2.0}, "2024")]
    with pytest.raises(JoinError, match="does not fit") as refused:
        series_of(table(made), areas())
    assert "2023: " in str(refused.value)
    assert "2024: " in str(refused.value)


def test_a_table_without_periods_is_a_series_of_one():
    series = series_of(table(rows({HARTLEPOOL: 1.0}, "")), areas())
    assert series.periods == ("",)
    assert series.windows == (None,)


def test_periods_that_are_not_there_are_refused():
    with pytest.raises(TableError, match="no such periods"):
        series_of(pay(2023, 2024), areas(), periods=["2019"])
    with pytest.raises(StatisticsError, match="at periods it does not have"):
        series_of(pay(2023, 2024), areas(), breaks=[Break("2019", "status", "said so")])
    series = series_of(pay(2023, 2024, 2025), areas(), periods=["2023", "2025"])
    assert series.periods == ("2023", "2025")
    with pytest.raises(StatisticsError, match="no period '2024'"):
        series.at("2024")


def test_windows_of_another_length_break_the_series():
    made = [
        *rows({HARTLEPOOL: 1.0}, "2018 to 2020"),
        *rows({HARTLEPOOL: 1.0}, "2021"),
        *rows({HARTLEPOOL: 1.0}, "2022"),
    ]
    series = series_of(table(made), areas(), breaks=[Break("2022", "status", "provisional until then")])
    assert [(one.period, one.kind) for one in series.breaks] == [("2021", "length"), ("2022", "status")]
    assert series.break_between("2018 to 2020", "2022").kind == "length"
    assert series.break_between("2022", "2022") is None
    assert series.comparable_with("2022") == ("2022",)
    assert series.taking([1]).periods == ("2021",)


def test_editions_and_definitions_are_put_end_to_end_with_a_break():
    early = series_of(pay(2023, 2024, index_version="2024"), areas())
    late = series_of(pay(2025, index_version="2025"), areas())
    whole = chained(late, early)
    assert whole.periods == ("2023", "2024", "2025")
    assert [(one.period, one.kind, one.reason) for one in whole.breaks] == [
        ("2025", "edition", "edition 2024 before, 2025 from here on")
    ]
    assert whole.value[0].tolist() == [23.0, 24.0, 25.0]
    other = chained(early, series_of(pay(2025, index_version="2024", unit="%"), areas()))
    assert other.breaks[0].kind == "definition"
    assert "unit '£' before, '%' from here on" in other.breaks[0].reason
    same = chained(early, series_of(pay(2025, index_version="2024"), areas()))
    assert same.breaks == ()


def test_series_of_other_areas_or_of_the_same_period_are_not_put_end_to_end():
    with pytest.raises(StatisticsError, match="cannot be put end to end") as refused:
        chained(series_of(pay(2023), areas()), series_of(pay(2023), areas((HARTLEPOOL, BELFAST))))
    assert "periods that two of them hold: 2023" in str(refused.value)


def test_what_is_written_is_read_again(tmp_path):
    series = series_of(
        pay(2023, 2024, nations=("E", "N")), areas(), breaks=[Break("2024", "status", "said")], base="fixed"
    )
    written = write_series([series], tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "series.csv",
        "series.json",
        "receipts/pay.json",
    ]
    (again,) = read_series(tmp_path)
    assert again.meta == series.meta
    assert (again.periods, again.windows, again.breaks, again.base) == (
        series.periods,
        series.windows,
        series.breaks,
        "fixed",
    )
    pd.testing.assert_frame_equal(again.to_frame(), series.to_frame())


def test_a_folder_that_holds_no_series_or_half_of_them_is_refused(tmp_path):
    with pytest.raises(TableError, match="holds no series"):
        read_series(tmp_path)
    series = series_of(pay(2023, 2024), areas())
    with pytest.raises(TableError, match="share an id"):
        write_series([series, series], tmp_path)
    write_series([series], tmp_path)
    text = (tmp_path / "series.csv").read_text(encoding="utf-8")
    (tmp_path / "series.csv").write_text(text.replace("pay,", "other,"), encoding="utf-8")
    with pytest.raises(TableError, match="do not belong together") as refused:
        read_series(tmp_path)
    assert "does not describe other" in str(refused.value)
    (tmp_path / "series.csv").write_text(text.replace("pay,2024", "pay,2031"), encoding="utf-8")
    with pytest.raises(TableError, match="do not belong together"):
        read_series(tmp_path)
    (tmp_path / "series.csv").write_text(text.replace("quality", "colour"), encoding="utf-8")
    with pytest.raises(TableError, match="do not belong together"):
        read_series(tmp_path)
    (tmp_path / "series.json").write_text("{", encoding="utf-8")
    with pytest.raises(TableError, match="not readable JSON"):
        read_series(tmp_path)
    (tmp_path / "series.json").write_text('{"series": [{"meta": 1}]}', encoding="utf-8")
    with pytest.raises(TableError, match=r"series\.json or series\.csv is damaged"):
        read_series(tmp_path)


@pytest.mark.real_data
def test_published_employment_keeps_its_errors_on_the_areas_of_today(real_data):
    path = real_data / "outcomes" / "els" / "employment-rate" / "employment-rate.csv"
    (employment,) = (one for one in read_all(path) if one.meta.id == "employment-rate")
    series = series_of(employment, load_boundary_set("LAD", dt.date(2025, 4, 1)))
    assert len(series.periods) == 20
    first, last = series.at("2018-01-01/P1Y"), series.at("2023-01-01/P1Y")
    known = np.isfinite(series.se[:, [first, last]]).all(axis=1)
    assert int(known.sum()) == 348
    change = series.value[known, last] - series.value[known, first]
    se = np.hypot(series.se[known, last], series.se[known, first])
    assert int((np.abs(change / se) > 1.96).sum()) == 35  # 17 by chance
    barnsley = list(series.areas.index).index("E08000038")  # a recode of April 2025
    assert np.isfinite(series.value[barnsley]).sum() == 20
