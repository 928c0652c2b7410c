"""Typed columns: one table, whatever file it stands in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from boundaries.sources.reading import read_cells
from boundaries.sources.registry import read_outcome
from boundaries.sources.typed import as_cells
from geo.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

CODES = ["E06000001", "E06000002", "E06000003"]


def sample() -> pd.DataFrame:
    return pd.DataFrame(
        {"code": CODES, "name": ["Hartlepool", None, "Redcar and Cleveland"], "rate": [31.2, np.nan, 33.5]}
    )


def write(frame: pd.DataFrame, folder: Path, kind: str) -> Path:
    path = folder / f"a.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "feather":
        frame.to_feather(path)
    elif kind == "json":
        path.write_text(json.dumps(json.loads(frame.to_json(orient="records"))), encoding="utf-8")
    elif kind == "xlsx":
        frame.to_excel(path, index=False)
    elif kind == "gpkg":
        gpd.GeoDataFrame(frame, geometry=[Point(place, 0) for place in range(len(frame))], crs=27700).to_file(path)
    else:
        separator, encoding = {"csv": (",", "utf-8"), "tsv": ("\t", "utf-16")}[kind]
        frame.to_csv(path, index=False, sep=separator, encoding=encoding)
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "json", "feather", "gpkg", "parquet"])
@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1]])
def test_one_table_in_any_file_and_order(tmp_path: Path, kind: str, order: list[int]) -> None:
    shuffled = sample().iloc[order].reset_index(drop=True)[[["code", "name", "rate"][place] for place in order]]
    read = read_outcome("table", write(shuffled, tmp_path, kind)).frame.sort_values("code")
    assert read["code"].tolist() == CODES
    assert read["name"].tolist() == ["Hartlepool", "", "Redcar and Cleveland"]
    np.testing.assert_array_equal(read["value"], [31.2, np.nan, 33.5])
    assert read["status"].tolist() == ["ok", "unavailable", "ok"]


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, None, 3], dtype="Int64"),
        pd.Series([1, None, 3], dtype="Float64"),
        pd.Series([1, None, 3], dtype="int64[pyarrow]"),
        pd.Series([1.0, None, 3.0]),
    ],
)
def test_missing_numbers_of_every_type_are_missing(column: pd.Series) -> None:
    read = as_cells(pd.DataFrame({"code": CODES, "value": column}), "a")
    np.testing.assert_array_equal(read["value"].to_numpy(dtype="float64"), [1, np.nan, 3])


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pd.Series(["a", None], dtype="string"), ["a", ""]),
        (pd.Series(["a", None], dtype="category"), ["a", ""]),
        (pd.Series(["a", pd.NA], dtype=object), ["a", ""]),
        (pd.Series(pd.to_datetime(["2023-04-01", None])), ["2023-04-01", ""]),
        (pd.Series([True, None], dtype="boolean"), ["True", ""]),
        (pd.Series([1.0, "x"], dtype=object), ["1", "x"]),
    ],
)
def test_all_else_is_text_and_missing_is_empty(column: pd.Series, texts: list[str]) -> None:
    assert as_cells(pd.DataFrame({"a": column}), "a")["a"].tolist() == texts


def test_an_index_that_says_something_is_a_column() -> None:
    frame = pd.DataFrame({"rate": [1.0, 2.0]})
    assert list(as_cells(frame.set_axis(["E06000001", "E06000002"]), "a").columns) == ["index", "rate"]
    both = frame.set_axis(
        pd.MultiIndex.from_tuples([("E06000001", "2020"), ("E06000002", "2020")], names=["code", None])
    )
    assert list(as_cells(both, "a").columns) == ["code", "index 2", "rate"]
    assert list(as_cells(frame.iloc[[1]], "a").columns) == ["rate"]
    kept = frame.assign(code=["a", "b"]).set_index("code", drop=False)
    assert list(as_cells(kept, "a").columns) == ["rate", "code"]


def test_headings_of_several_levels_are_joined() -> None:
    frame = pd.DataFrame([[1.0, 2.0]], columns=pd.MultiIndex.from_tuples([("2021", "Male"), ("2021", "Female")]))
    assert list(as_cells(frame, "a").columns) == ["2021 Male", "2021 Female"]


@pytest.mark.parametrize(
    "content",
    [
        '[{"code": "E06000001", "value": 1}]',
        '{"data": [{"code": "E06000001", "value": 1}]}',
        '{"code": ["E06000001"], "value": [1]}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "E06000001", "value": 1}}]}',
    ],
)
def test_records_of_json_in_every_usual_form(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    read = read_cells(path).frame
    assert read.to_dict("list") == {"code": ["E06000001"], "value": [1]}


def test_a_layer_of_several_is_named(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    for layer in ("one", "two"):
        gpd.GeoDataFrame({"code": [layer]}, geometry=[Point(0, 0)], crs=27700).to_file(path, layer=layer)
    with pytest.raises(TableError, match="say sheet = one of: one, two"):
        read_cells(path)
    with pytest.raises(TableError, match="has no layer 'three'"):
        read_cells(path, sheet="three")
    assert read_cells(path, sheet="two").frame["code"].tolist() == ["two"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"code": []}), "has no rows"),
        (gpd.GeoDataFrame(geometry=[Point(0, 0)]), "no columns but shapes"),
    ],
)
def test_nothing_to_read_is_said(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(TableError, match=message):
        as_cells(frame, "a")


@pytest.mark.parametrize("name", ["a.feather", "a.parquet"])
def test_a_damaged_file_is_one_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PAR1 not really")
    with pytest.raises(TableError, match="is not a readable"):
        read_cells(tmp_path / name)
