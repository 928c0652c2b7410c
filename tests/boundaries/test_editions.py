"""Editions of an index: read from a table, stated by its reader, and never chained."""

from __future__ import annotations

import pytest

from boundaries.outcomes.derived import change
from boundaries.sources.registry import read_outcome
from geo.errors import TableError

ROWS = "code,year,edition,score\nE06000001,2023,2024,0.1\nE06000002,2023,2024,-0.1\nE06000001,2024,{0},0.3\nE06000002,2024,{0},-0.3\n"
HOW = {"measure": "index", "unit": "z", "columns": {"value": "score"}}


def written(folder, edition, name="index.csv"):
    path = folder / name
    path.write_text(ROWS.format(edition), encoding="utf-8")
    return path


def test_a_table_of_two_editions_is_no_series(tmp_path):
    path = written(tmp_path, "2025")
    with pytest.raises(TableError, match="several editions of an index: 2024, 2025") as caught:
        read_outcome("table", path, **HOW)
    assert "where = {edition = '2025'}" in caught.value.faults[1]
    chosen = read_outcome("table", path, **HOW, where={"edition": "2025"})
    assert (chosen.meta.index_version, chosen.periods()) == ("2025", ("2024",))


def test_a_table_of_one_edition_says_it_and_its_reader_may_say_another(tmp_path):
    path = written(tmp_path, "2024")
    table = read_outcome("table", path, **HOW)
    assert table.meta.index_version == "2024"
    assert change(table, frm="2023", to="2024").frame["value"].tolist() == pytest.approx([0.2, -0.2])
    assert read_outcome("table", path, **HOW, edition="2024, revised").meta.index_version == "2024, revised"


def test_what_is_no_index_may_have_a_column_of_editions(tmp_path):
    table = read_outcome("table", written(tmp_path, "2025"), measure="rate", unit="%", columns={"value": "score"})
    assert table.meta.index_version == ""
    assert table.periods() == ("2023", "2024")


def test_one_stated_edition_and_one_silent_file_are_two(tmp_path):
    first = read_outcome("table", written(tmp_path, "2024"), **HOW)
    plain = tmp_path / "plain.csv"
    plain.write_text("code,year,score\nE06000001,2024,0.2\n", encoding="utf-8")
    with pytest.raises(TableError, match="of 2024 and of no stated edition are two editions"):
        change(first, read_outcome("table", plain, **HOW), frm="2023", to="2024")
