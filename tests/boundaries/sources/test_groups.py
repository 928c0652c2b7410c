"""The gap between two groups of a file: asked for by name, its error that of both, suppressed where one of them is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import placeatlas as pa
from boundaries.outcomes.derived import difference
from boundaries.sources.groups import Gap, gap_of
from boundaries.sources.proportions import read_stated
from geo.errors import ConfigError, TableError

TABLE = """code,name,year,sex,value,lower,upper
E06000001,Hartlepool,2023,Female,60.0,58.0,62.0
E06000001,Hartlepool,2023,Male,57.0,54.0,60.0
E06000002,Middlesbrough,2023,Female,61.0,59.0,63.0
E06000002,Middlesbrough,2023,Male,[c],,
E06000003,Redcar and Cleveland,2023,Female,59.0,57.0,61.0
K02000001,United Kingdom,2023,Female,60.9,60.8,61.0
K02000001,United Kingdom,2023,Male,60.7,60.6,60.8
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "healthy-years.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def read(file, **options):
    return read_stated("table", file, measure="mean", unit="years", gap=Gap("sex", "Female", "Male"), **options)


def test_gap_and_error_by_hand(file):
    table = read(file)
    rows = table.frame.set_index("code")
    assert rows.loc["E06000001", "value"] == pytest.approx(3.0)
    # 2 / 1.96 and 3 / 1.96, independent
    assert rows.loc["E06000001", "se"] == pytest.approx(np.hypot(2, 3) / 1.959964, rel=1e-5)
    assert rows.loc["E06000001", "upper"] - 3.0 == pytest.approx(np.hypot(2, 3), rel=1e-5)
    assert table.breakdowns == ()
    assert (table.meta.title, table.meta.unit) == ("healthy years: Female less Male", "years")
    assert (table.meta.measure, table.meta.favourable) == ("index", "none")
    assert "independent" in table.meta.description


def test_where_one_group_is_withheld_or_absent_there_is_no_gap(file):
    rows = read(file).frame.set_index("code")
    assert np.isnan(rows.loc["E06000002", "value"])
    assert rows.loc["E06000002", "status"] == "confidential"
    assert np.isnan(rows.loc["E06000003", "value"])


def test_the_other_way_round_is_the_same_with_the_other_sign(file):
    one, other = read(file), read_stated("table", file, measure="mean", unit="years", gap=Gap("sex", "Male", "Female"))
    first, second = (table.frame.set_index("code").sort_index() for table in (one, other))
    pd.testing.assert_series_equal(first["value"], -second["value"])
    pd.testing.assert_series_equal(first["se"], second["se"])


def test_title_id_and_good_end_are_the_gaps_own(file):
    meta = read(file, id="sex-gap", title="The gap", favourable="low").meta
    assert (meta.id, meta.title, meta.favourable) == ("sex-gap", "The gap", "low")


def test_gaps_of_indicators_of_one_file(tmp_path):
    # as Explore Local Statistics keeps them: an indicator each, told apart by a column of that name
    rows = [
        ("K02000001", "United Kingdom", "Country", 60.9, 60.7),
        ("E06000001", "Hartlepool", "Local Authority District", 57.0, 56.0),
    ]
    lines = ["areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"]
    for code, name, geography, *values in rows:
        for who, value in zip(("Female", "Male"), values, strict=True):
            lines.append(
                f"{code},{name},{geography},{who} healthy life expectancy,2022-01-01/P3Y,{value},Years,yrs,{value - 1},{value + 1},,"
            )
    path = tmp_path / "healthy-life-expectancy.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = Gap("indicator", "Female healthy life expectancy", "Male healthy life expectancy")
    table = read_stated("els", path, gap=asked)
    assert table.meta.title == "Female healthy life expectancy less male healthy life expectancy"
    assert table.meta.averages["K02000001"] == 0.2
    assert table.frame.set_index("code").loc["E06000001", "value"] == pytest.approx(1.0)
    with pytest.raises(ConfigError, match="names both"):
        read_stated("els", path, gap=asked, indicator="Female healthy life expectancy")


def test_groups_that_are_not_there_are_all_named(file):
    with pytest.raises(TableError, match="no gap between 'Men' and 'Women'") as caught:
        read_stated("table", file, measure="mean", gap=Gap("sex", "Men", "Women"))
    assert sum(fault.startswith(("Men: ", "Women: ")) for fault in caught.value.faults) == 2
    with pytest.raises(ConfigError, match="is the column of the gap"):
        read(file, where={"sex": "Female"})


@pytest.mark.parametrize(
    "text", ["sex", "sex=", "sex=Female", "=Female,Male", "sex=Female,Female", "sex=a,b,c", "sex=a,"]
)
def test_what_asks_for_no_gap(text):
    with pytest.raises(ConfigError, match="COLUMN=OF,AGAINST"):
        gap_of(text)


def test_the_door_takes_files_and_frames(file):
    asked = "sex=Female,Male"
    of_file = pa.read(file, gap=asked, measure="mean", unit="years")
    frame = pd.read_csv(file)
    frame["value"] = pd.to_numeric(frame["value"], errors="coerce")
    of_frame = pa.read(frame, gap=asked, value="value", measure="mean", unit="years", id="healthy-years")
    values = [table.frame.set_index("code")["value"].dropna() for table in (of_file, of_frame)]
    pd.testing.assert_series_equal(*values)


def test_two_units_have_no_difference(file):
    years = read_stated("table", file, measure="mean", unit="years", where={"sex": "Female"})
    pounds = read_stated("table", file, measure="mean", unit="£", where={"sex": "Female"})
    with pytest.raises(TableError, match="two units"):
        difference(years, pounds, name="x")
    same = difference(years, years, name="x")
    assert same.meta.title == "healthy years minus healthy years"
    assert (same.frame["value"].dropna() == 0).all()
