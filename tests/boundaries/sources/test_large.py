"""Large tables read block by block: the same cells, the same outcome, as if they were read whole."""

from __future__ import annotations

import csv
import gzip
import io
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.sources import large, parsing
from boundaries.sources.large import large_text
from boundaries.sources.proportions import read_stated
from boundaries.sources.reading import read_cells
from geo.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

CELLS = st.text(alphabet="aÉ1 ,;\"'\n\r-=", max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8)
HEADER = "code,name,period,sex,rate\n"
LINES = "".join(
    f"E0600000{area},{name},20{year},{sex},{area}{year % 7}.{place}\n"
    for area, name in enumerate(["Hartlepool", "Middlesbrough", "Redcar and Cleveland"], start=1)
    for year in range(10, 22)
    for place, sex in enumerate(["Female", "Male", "Persons"])
)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every text file for a large one."""
    monkeypatch.setattr(large, "LARGE", 1)


def same(path: Path, monkeypatch: pytest.MonkeyPatch, **options: object) -> pd.DataFrame:
    """Return the outcome read block by block, which is the one read whole."""
    whole = read_stated("table", path, **options)
    monkeypatch.setattr(large, "LARGE", 1)
    assert isinstance(read_cells(path, categories=True).frame.dtypes.iloc[0], pd.CategoricalDtype)
    blocks = read_stated("table", path, **options)
    pd.testing.assert_frame_equal(blocks.frame, whole.frame)
    assert blocks.meta == whole.meta
    assert blocks.repairs == whole.repairs
    assert blocks.breakdowns == whole.breakdowns
    return blocks.frame


@given(ROWS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_rows_are_cut_as_they_are_when_read_whole(mark: bytes, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["É", "q"], *rows])
    body = mark + text.getvalue().encode()
    held = large.LargeText(body, mark=bool(mark))
    start = len('"É","q"\n')
    assert held.head(lines=1, least=1, longest=1000)[:start] == '"É","q"\n'
    cut = held.columns(",", ["p", "q"], start=start)
    assert cut is not None
    assert cut.astype("str").to_numpy().tolist() == rows


@pytest.mark.parametrize(
    "text",
    [
        HEADER + LINES,
        "\ufeff" + HEADER + LINES,
        "Rates of places,,,,\n\n" + HEADER + LINES + "\nSource: made up,,,,\n",
        HEADER + LINES + "\n\n",
        (HEADER + LINES).replace("\n", "\r\n"),
        (HEADER + LINES).replace(",", ";").replace(".", ","),
        HEADER + LINES.replace("Hartlepool", '"Hartlepool, Borough of"'),
        HEADER + LINES.replace("11.0\n", "[c]\n").replace("12.1\n", "12.1 [p]\n"),
    ],
)
def test_an_outcome_is_the_same_read_block_by_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert len(same(path, monkeypatch)) == 108


def test_one_group_and_a_column_a_period(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(HEADER + LINES, encoding="utf-8")
    assert len(same(path, monkeypatch, where={"sex": "Male"})) == 36
    wide = tmp_path / "wide.csv"
    wide.write_text(
        "code,name,2019,2020\nE06000001,Hartlepool,1.5,2\nE06000002,Middlesbrough,[c],4\n", encoding="utf-8"
    )
    monkeypatch.setattr(large, "LARGE", 10**9)
    frame = same(wide, monkeypatch)
    assert frame["value"].fillna(-1).tolist() == [1.5, -1, 2, 4]


@pytest.mark.usefixtures("at_once")
def test_what_must_be_mended_is_read_whole(tmp_path: Path) -> None:
    plain = (HEADER + LINES).encode()
    for content in (
        plain.replace(b"Hartlepool", b"H\xe9bron"),
        plain.replace(b"\n", b"\r"),
        plain.decode().encode("utf-16"),
        plain.replace(b"Hartlepool", b'H"artlepool', 1),
    ):
        assert large_text(content) is None
    ragged = tmp_path / "ragged.csv"
    ragged.write_bytes(plain + b"Source: made up\n")
    cells = read_cells(ragged, categories=True)
    assert (cells.frame.dtypes == "str").all()
    assert len(cells.frame) == 108
    assert cells.repairs == {"notes below the table": 1}


@pytest.mark.usefixtures("at_once")
def test_a_packed_table_is_read_block_by_block_too(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv.gz"
    path.write_bytes(gzip.compress((HEADER + LINES).encode()))
    assert len(read_stated("table", path).frame) == 108
    assert isinstance(read_cells(path, categories=True).frame.dtypes.iloc[0], pd.CategoricalDtype)


def test_a_small_table_and_a_reader_that_wants_text_get_text(tmp_path: Path, at_once: None) -> None:
    del at_once
    path = tmp_path / "rates.csv"
    path.write_text(HEADER + LINES, encoding="utf-8")
    assert (read_cells(path).frame.dtypes == "str").all()
    assert parsing.LARGE > 1_000_000


def test_memory_is_given_back_after_large_tables_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(large.ctypes, "CDLL", lambda name: asked.append(name) or object())
    large.give_back(1000)
    assert not asked
    large.give_back(large.MANY)
    assert len(asked) == (large.sys.platform == "linux")


@pytest.mark.usefixtures("at_once")
def test_a_tall_header_and_a_file_without_line_ends(tmp_path: Path) -> None:
    body = (HEADER + LINES).encode()
    held = large.LargeText(body, mark=False)
    assert held.head(lines=2, least=1, longest=10) == HEADER[:10]
    assert held.head(lines=1, least=30, longest=1000) == (HEADER + LINES.partition("\n")[0] + "\n")
    assert large_text(b"a,b") is None, "no line ends"
    blank = tmp_path / "blank.csv"
    blank.write_bytes(b"\n" * 100)
    with pytest.raises(TableError, match="is empty"):
        read_cells(blank, categories=True)
