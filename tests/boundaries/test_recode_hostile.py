"""Tables and weights for conversions that hold what nobody expects: one error that names the place, or the right result."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from boundaries.areas.planned import load_scenario
from boundaries.conversion.recoding_files import recode_file
from boundaries.register import load_register
from geo.errors import ConfigError, TableError

if TYPE_CHECKING:
    from pathlib import Path

TO = dt.date(2023, 4, 1)


def test_numbers_in_a_column_called_name_are_one_error_and_the_others_convert(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("code,name,a,b\nE06000001,1,5,6\nE06000002,2,7,8\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"t\.csv, column name: numbers stand where"):
        recode_file(path, to=TO, measure="count")
    done = recode_file(path, to=TO, measure="count", values=["a", "b"]).to_frame()
    assert done["a"].tolist() == [5.0, 7.0]
    assert done["b"].tolist() == [6.0, 8.0]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("code,weight\nE07000004,abc\n", "row 2, column 'weight': 'abc' is no number"),
        ("code,weight\nE07000004,1\nE07000005,2,3,4\n", "cannot be read as a table"),
        ("code,mass\nE07000004,1\n", "no column weight"),
        ("", "is empty"),
        ("code,weight\nE07000004,1e999\n", "'1e999' is no number"),
    ],
)
def test_weights_that_are_none_are_one_error(tmp_path: Path, weights: str, said: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text("code,value\nE07000026,10\nE07000028,12\n", encoding="utf-8")
    given = tmp_path / "w.csv"
    given.write_text(weights, encoding="utf-8")
    with pytest.raises(TableError, match=said):
        recode_file(table, to=TO, measure="mean", weights=str(given))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("members = [[1]]", "member 1 of east"),
        ("members = 'E07000207'", "are a list of codes"),
        ("members = [inf]", "member 1 of east"),
        ("members = ['E07000207']\nname = 3", "is not valid TOML"),
        ("", "KeyError"),
    ],
)
def test_a_scenario_of_other_kinds_of_values_is_one_error(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        f'id = "s"\ntitle = "S"\ndate = 2027-04-01\nbase = 2025-04-01\n[[area]]\nid = "east"\nname = "East"\n{line}\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match=said):
        load_scenario(path, load_register())
