"""Columns taken apart: what is done on distinct texts is what would be done on rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.sources import coding
from boundaries.sources.coding import Codings, coded, joint, renumbered, repeats
from boundaries.sources.registry import read_outcome
from geo.errors import TableError

ROWS = st.lists(st.tuples(st.sampled_from(["a", " a", "b", ""]), st.sampled_from("xyz")), min_size=1, max_size=30)


@given(ROWS)
def test_a_column_is_written_out_as_it_was(rows):
    column = pd.Series([row[0] for row in rows], dtype="str")
    assert coded(column).spread().tolist() == column.tolist()
    assert coded(column).mapped(str.strip).spread().tolist() == column.str.strip().tolist()
    assert coded(column).sample(2) == [text for text in dict.fromkeys(column) if text.strip()][:2]


@given(ROWS)
def test_joint_numbers_are_equal_where_all_columns_are(rows):
    frame = pd.DataFrame(rows, columns=["one", "two"], dtype="str")
    taken = Codings(frame)
    number = joint([taken["one"], taken["two"]])
    assert repeats(number) == frame.duplicated().sum()
    assert taken["one"] is taken["one"]


def test_joint_numbers_stay_within_64_bits(monkeypatch):
    monkeypatch.setattr(coding, "_HEADROOM", 5)
    frame = pd.DataFrame({name: pd.Series(list("abcabc"), dtype="str") for name in "pqr"})
    taken = Codings(frame)
    assert repeats(joint([taken["p"], taken["q"], taken["r"]])) == 3


def test_missing_cells_and_numbers_are_texts_too():
    assert coded(pd.Series(["a", None, "a"], dtype="str")).spread().tolist() == ["a", "", "a"]
    assert coded(pd.Series([1.5, 2.0])).spread().tolist() == ["1.5", "2.0"]


def test_a_table_of_many_rows_is_read_as_one_of_few(tmp_path):
    """Repairs count rows, repeated rows go, groups are told apart, whatever the number of rows."""
    lines = ["code,name,year,sex,value,flag"]
    for year in range(2000, 2020):
        for place in range(1, 40):
            code = f"e0700{place:04d} " if place == 7 else f"E0700{place:04d}"
            lines += [f"{code},Place {place} ,{year},{sex},{place * year if place != 9 else '[c]'}," for sex in "MF"]
    lines += [lines[1], lines[1]]
    path = tmp_path / "many.csv"
    path.write_text("\n".join(lines))
    table = read_outcome("table", path, columns={"value": "value"})
    assert table.breakdowns == ("sex",)
    assert dict(table.repairs) == {
        "stray spaces in codes": 40,
        "lower case in codes": 40,
        "rows that repeat another exactly": 2,
    }
    frame = table.frame
    assert len(frame) == 20 * 39 * 2
    assert set(frame["code"]) == {f"E0700{place:04d}" for place in range(1, 40)}
    np.testing.assert_array_equal(frame["value"].isna(), frame["code"] == "E07000009")
    assert (frame.loc[frame["code"] == "E07000009", "status"] == "confidential").all()
    assert frame["name"].str.endswith(" ").sum() == 0


def test_rows_left_by_a_condition_keep_their_numbers_in_messages(tmp_path):
    path = tmp_path / "some.csv"
    path.write_text("code,sex,value\nE06000001,M,1\nE06000001,F,2\nE06000002,M,3\nE06000002,F,many\n")
    with pytest.raises(TableError, match="row 5: 'many'"):
        read_outcome("table", path, columns={"value": "value"}, where={"sex": "F"})


@pytest.mark.parametrize("apart", [1, 10**12])
def test_numbers_that_lie_close_together_or_far_apart_are_counted_alike(apart):
    number = np.array([3, 1, 3, 7, 1, 3], dtype=np.int64) * apart
    assert repeats(number) == 3
    renewed = renumbered(number)
    assert len(renewed.texts) == 3
    assert [renewed.texts[place] for place in renewed.position] == number.tolist()
    assert repeats(number[:0]) == 0


def test_categories_are_taken_apart_in_order_of_appearance():
    column = pd.Series(["b", "a", "b", "c"], dtype="category")
    rows = coded(column[1:].astype(pd.CategoricalDtype(pd.Index(["c", "b", "a"], dtype="str"))))
    assert (list(rows.texts), rows.position.tolist()) == (["a", "b", "c"], [0, 1, 2])
    gone = pd.Series(["b", None], dtype=pd.CategoricalDtype(pd.Index(["b"], dtype="str")))
    assert list(coded(gone).texts) == ["b", ""]
