"""Files appear whole, are safe in a spreadsheet, and are the same bytes every time."""

from __future__ import annotations

import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from geo import files
from geo.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path


def fail_after_writing(path: Path) -> None:
    path.write_text("half")
    raise ZeroDivisionError


def layer() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": ["E06000001", "W06000001"], "name": ["Hartlepool", "Ynys Môn"]},
        geometry=[box(449000, 528000, 450000, 529000), box(240000, 380000, 241000, 381000)],
        crs="EPSG:27700",
    )


def test_a_failed_write_leaves_the_former_file_and_no_litter(tmp_path: Path) -> None:
    path = files.write_text(tmp_path / "a.txt", "before")
    with pytest.raises(ZeroDivisionError), files.replacing(path) as temporary:
        fail_after_writing(temporary)
    assert path.read_text() == "before"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


def test_a_place_that_cannot_be_written_to_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "afile").write_text("precious")
    (tmp_path / "folder.png").mkdir()
    for name, words in (
        ("afile/x.png", r"afile/x\.png cannot be written: .*(file exists|not a directory)"),
        ("folder.png", r"folder\.png cannot be written: is a directory"),
    ):
        with pytest.raises(OutputError, match=words) as refused:
            files.write_bytes(tmp_path / name, b"new")
        assert len(refused.value.faults) == 1
    assert (tmp_path / "afile").read_text() == "precious"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["afile", "folder.png"]


def test_json_is_sorted_and_refuses_nan(tmp_path: Path) -> None:
    assert files.write_json(tmp_path / "a.json", {"b": 1, "a": "Môn"}).read_text() == '{\n  "a": "Môn",\n  "b": 1\n}\n'
    with pytest.raises(ValueError, match="Out of range float"):
        files.write_json(tmp_path / "b.json", {"a": float("nan")})


@given(st.text())
def test_no_text_cell_is_left_that_a_spreadsheet_would_run(cell: str) -> None:
    safe = files.neutral(cell)
    assert isinstance(safe, str)
    assert not safe.startswith(files.FORMULA_STARTS)
    assert safe.removeprefix("'") == cell.removeprefix("'")


def test_csv_neutralises_text_and_headings_but_not_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({"=a": ["=1+1", "Bristol"], "value": [-1.5, 2.0], "mixed": [-3, "@x"]})
    text = files.write_csv(frame, tmp_path / "a.csv").read_text()
    assert text == "'=a,value,mixed\n'=1+1,-1.5,-3\nBristol,2.0,'@x\n"


def test_csv_for_excel_starts_with_a_byte_order_mark(tmp_path: Path) -> None:
    content = files.write_csv(pd.DataFrame({"name": ["Ynys Môn"]}), tmp_path / "a.csv", excel=True).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")


def test_geopackages_of_equal_content_are_equal_bytes(tmp_path: Path) -> None:
    one = files.write_geopackage(layer(), tmp_path / "one.gpkg", "areas", metadata={"note": "x"})
    two = files.write_geopackage(layer(), tmp_path / "two.gpkg", "areas", metadata={"note": "x"})
    assert one.read_bytes() == two.read_bytes()
    assert gpd.read_file(one)["name"].tolist() == ["Hartlepool", "Ynys Môn"]
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_geopackages_written_side_by_side_are_equal_bytes_and_leave_gdal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_file = gpd.GeoDataFrame.to_file

    def dawdle(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> None:
        time.sleep(0.02)  # so that writers overlap whenever they can
        to_file(frame, path, **options)

    monkeypatch.setattr(gpd.GeoDataFrame, "to_file", dawdle)

    def write(number: int) -> bytes:
        return files.write_geopackage(layer(), tmp_path / f"{number}.gpkg", "areas").read_bytes()

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "1999-01-01T00:00:00.000Z"})
    try:
        with ThreadPoolExecutor(4) as pool:
            written = set(pool.map(write, range(8)))
        assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == "1999-01-01T00:00:00.000Z"
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    assert len(written) == 1
    assert files.FIXED_DATE.encode() in written.pop()


def test_geojson_is_in_degrees_without_a_crs_member(tmp_path: Path) -> None:
    data = json.loads(files.write_geojson(layer(), tmp_path / "a.geojson").read_text())
    assert "crs" not in data
    longitude, latitude = data["features"][0]["geometry"]["coordinates"][0][0]
    assert (round(longitude), round(latitude)) == (-1, 55)


def test_parquet_round_trip(tmp_path: Path) -> None:
    path = files.write_parquet(layer(), tmp_path / "a.parquet")
    assert gpd.read_parquet(path).equals(layer())


def test_zips_of_equal_content_are_equal_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    files.write_text(folder / "b" / "two.txt", "2" * 999)
    files.write_text(folder / "one.txt", "1")
    first = files.write_zip(folder, tmp_path / "first.zip")
    (folder / "one.txt").touch()
    second = files.write_zip(folder, tmp_path / "second.zip")
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(first).namelist() == ["pack/b/two.txt", "pack/one.txt"]


def test_an_empty_folder_is_not_zipped(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    with pytest.raises(OutputError, match="holds no file"):
        files.write_zip(tmp_path / "pack", tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()
