"""Files that are damaged, hostile or large: one error each, or the same table."""

from __future__ import annotations

import gzip
import zipfile

import pytest

from boundaries.sources import parsing, unpacking
from boundaries.sources.reading import read_cells
from geo.errors import TableError

ROWS = [("E06000001", "Hartlepool", "12.5"), ("E06000002", "Ynys Môn", "7"), ("E06000003", "Bristol, City of", "")]
PLAIN = "code,name,rate\n" + "".join(f'{code},"{name}",{rate}\n' for code, name, rate in ROWS)


def put(folder, content, name="rates.csv"):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("large", [0, 1_000_000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("above", ["", "Âge of the table\n\n"])
def test_large_files_are_read_as_small_ones(tmp_path, monkeypatch, large, encoding, end, above):
    monkeypatch.setattr(parsing, "LARGE", large)
    cells = read_cells(put(tmp_path, (above + PLAIN).replace("\n", end).encode(encoding)))
    assert [tuple(row) for row in cells.frame.itertuples(index=False)] == ROWS
    assert list(cells.frame.columns) == ["code", "name", "rate"]


@pytest.mark.parametrize("name", ["cut.csv.gz", "odd.csv.gz"])
def test_damaged_archives_are_one_error(tmp_path, name):
    packed = gzip.compress(PLAIN.encode() * 50)
    content = packed[:-20] if name == "cut.csv.gz" else packed[:30] + b"\0\0\0\0" + packed[34:]
    with pytest.raises(TableError, match="is damaged or not what its name says"):
        read_cells(put(tmp_path, content, name))
    with pytest.raises(TableError, match="is damaged"):
        read_cells(put(tmp_path, b"no archive at all", "plain.csv.gz"))


def test_a_member_of_an_archive_that_is_damaged_is_one_error(tmp_path):
    path = tmp_path / "table.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", PLAIN * 50)
    content = bytearray(path.read_bytes())
    content[60:64] = b"\0\0\0\0"
    with pytest.raises(TableError, match="is damaged"):
        read_cells(put(tmp_path, bytes(content), "table.zip"))


def test_a_bomb_is_refused_before_it_has_burst(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "_PIECE", 1_000_000)
    with pytest.raises(TableError, match="is not unpacked") as caught:
        read_cells(put(tmp_path, gzip.compress(b"0" * 40_000_000), "bomb.csv.gz"))
    assert "11,000,000 bytes or more" in str(caught.value)


def test_endless_cells_and_ragged_rows_are_told_in_words(tmp_path):
    with pytest.raises(TableError, match="is a quotation mark never closed"):
        read_cells(put(tmp_path, b'code,value\nE06000001,"' + b"x" * 150_000 + b'"\n'))
    ragged = ("Title\n\n" + PLAIN + "E06000004,Redcar, and more,5\n").encode()
    with pytest.raises(TableError, match="row 7 or near it has 4 cells, the rows above it 3"):
        read_cells(put(tmp_path, ragged))


def test_two_thousand_long_headings_are_read(tmp_path):
    names = ["code", *(f"{'a very long heading of a survey question ' * 4}{number}" for number in range(2_000))]
    rows = [",".join(names), *(",".join([f"E0600000{place}", *["1"] * 2_000]) for place in range(1, 5))]
    (tmp_path / "wide.csv").write_text("\n".join(rows))
    assert read_cells(tmp_path / "wide.csv").frame.shape == (4, 2_001)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_table_that_was_damaged_is_one_error_in_every_way_of_packing(tmp_path, method):
    path = tmp_path / "pay.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(
            "pay.csv", "code,value\n" + "".join(f"E060000{number:02d},{number}\n" for number in range(1, 40))
        )
    content = bytearray(path.read_bytes())
    start = content.find(b"pay.csv") + len("pay.csv")
    content[start + 4 : start + 40] = bytes(36)
    path.write_bytes(content)
    with pytest.raises(TableError, match="is damaged or not what its name says"):
        read_cells(path)
