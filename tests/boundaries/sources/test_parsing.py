"""Text cut into columns: two readers, one result."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.sources import parsing
from boundaries.sources.parsing import cut
from geo.errors import TableError

CELLS = st.text(alphabet="aÉ1 ,;\"'\n\r-=", max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8)


def written(rows, separator=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()


@given(ROWS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_both_readers_cut_alike(separator, rows):
    body = written(rows, separator)
    large = cut(body, separator, ["p", "q"], what="x", large=0)
    small = cut(body, separator, ["p", "q"], what="x", large=len(body) + 1)
    assert large.to_numpy().tolist() == rows
    pd.testing.assert_frame_equal(large, small)
    assert (large.dtypes == "str").all()


@pytest.mark.parametrize("body", [b"a,b\n\n\nc,d\n", b"a,b\r\nc,d", b'a,b\n"c",d\n', b"a,b\nc,d\n"])
def test_blank_lines_line_ends_and_quotes(body):
    large, small = (cut(body, ",", ["p", "q"], what="x", large=limit) for limit in (0, 1000))
    assert large.to_numpy().tolist() == small.to_numpy().tolist() == [["a", "b"], ["c", "d"]]


def test_quotes_within_a_cell_stay_as_they_are():
    body = b'5" pipe,b\nc,d"e\n'
    large, small = (cut(body, ",", ["p", "q"], what="x", large=limit) for limit in (0, 1000))
    assert large.to_numpy().tolist() == small.to_numpy().tolist() == [['5" pipe', "b"], ["c", 'd"e']]


def test_ragged_rows_and_rows_longer_than_a_block_go_to_the_other_reader(monkeypatch):
    assert cut(b"a,b\nc\n", ",", ["p", "q"], what="x", large=0).to_numpy().tolist() == [["a", "b"], ["c", ""]]
    monkeypatch.setattr(parsing, "_BLOCK", 100)
    long = b"x" * 300
    assert cut(b"a,b\n" + long + b",d\n", ",", ["p", "q"], what="x", large=0)["p"].tolist() == ["a", "x" * 300]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"a,b\nc,d\ne,f,g\n", "row 7 or near it has 3 cells, the rows above it 2"),
        (b'a,"b\nc,d\n', "a quotation mark is opened in row 5 or near it and never closed"),
    ],
)
@pytest.mark.parametrize("large", [0, 1000])
def test_what_cannot_be_cut_is_one_error_that_names_the_row(body, fault, large):
    with pytest.raises(TableError, match=r"x\.csv cannot be read as a table") as caught:
        cut(body, ",", ["p", "q"], what="x.csv", first_row=5, large=large)
    assert caught.value.faults[0] == fault
