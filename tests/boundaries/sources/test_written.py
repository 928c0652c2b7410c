"""Small tables by people: columns by name, faults by row."""

from __future__ import annotations

import pandas as pd
import pytest

from boundaries.sources.written import written_table
from geo.errors import TableError


def test_columns_by_name_and_numbers_by_row(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("Code; note ;WEIGHT\n E06000001 ;x; 1.5\nE06000002;y;2\n", encoding="utf-16")
    table = written_table(path, ("code", "weight"), what="a table of weights", numbers=("weight",))
    assert table.to_dict("list") == {"code": ["E06000001", "E06000002"], "weight": [1.5, 2.0]}


def test_faults_are_named_with_their_rows(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("code,weight\na,1\nb,one\nc,\nd,inf\ne,nan\n" + "f,?\n" * 5)
    with pytest.raises(TableError) as caught:
        written_table(path, ("code", "weight"), what="a table of weights", numbers=("weight",))
    assert caught.value.faults == (
        "row 3, column 'weight': 'one' is no number",
        "row 4, column 'weight': '' is no number",
        "row 5, column 'weight': 'inf' is no number",
        "row 6, column 'weight': 'nan' is no number",
        "row 7, column 'weight': '?' is no number",
        "and 4 more",
    )
    with pytest.raises(TableError, match="is not a table of weights\n  it has no column member"):
        written_table(path, ("code", "member"), what="a table of weights")
    with pytest.raises(TableError, match="there is no file"):
        written_table(tmp_path / "none.csv", ("code",), what="a table of weights")


def test_any_format_will_do(tmp_path):
    frame = pd.DataFrame({"code": ["a", "b"], "weight": [1.0, 2.0]})
    frame.to_parquet(tmp_path / "w.parquet")
    frame.to_excel(tmp_path / "w.xlsx", index=False)
    for name in ("w.parquet", "w.xlsx"):
        got = written_table(tmp_path / name, ("code", "weight"), what="weights", numbers=("weight",))
        assert got["weight"].tolist() == [1.0, 2.0]
