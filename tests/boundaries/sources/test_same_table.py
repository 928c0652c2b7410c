"""One table, however it is written: rows and columns in any order, any format, encoding, separator and decimal sign, is one OutcomeTable."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boundaries.sources.proportions import read_stated

if TYPE_CHECKING:
    from pathlib import Path

    from boundaries.outcomes.table import OutcomeTable

NAMES = {
    "W06000001": "Ynys Môn",
    "W06000002": "Gwynedd",
    "E06000001": "Hartlepool",
    "E06000002": "Middlesbrough",
    "S12000013": "Na h-Eileanan Siar",
}
KEYS = ["code", "period", "sex"]


def plain() -> pd.DataFrame:
    """Return two periods and two groups of five areas, intervals, and figures that are suppressed and missing."""
    rows = []
    for at, (code, name) in enumerate(NAMES.items()):
        for period in ("2022", "2023"):
            for sex in ("Female", "Male"):
                rate = 20.5 + at + (period == "2023") * 1.25 + (sex == "Male") * 3.5
                rows.append([code, name, period, sex, f"{rate}", f"{rate - 1.5}", f"{rate + 1.5}"])
    frame = pd.DataFrame(rows, columns=["Area code", "Area name", "Year", "Sex", "Rate (%)", "Lower CI", "Upper CI"])
    frame.loc[3, ["Rate (%)", "Lower CI", "Upper CI"]] = ["[c]", "", ""]
    frame.loc[5, ["Rate (%)", "Lower CI", "Upper CI"]] = ["", "", ""]
    return frame


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with numbers for figures; what is suppressed is missing, with nothing to say so."""
    figures = ["Rate (%)", "Lower CI", "Upper CI"]
    return frame.assign(**{name: pd.to_numeric(frame[name], errors="coerce") for name in figures})


def told(table: OutcomeTable) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the frame in one order, and the meaning without the name and hash of the file."""
    frame = table.frame.rename(columns={"Sex": "sex"}).sort_values(KEYS, ignore_index=True)
    meta = dataclasses.asdict(
        dataclasses.replace(table.meta, source=dataclasses.replace(table.meta.source, title="", sha256=""))
    )
    return frame, meta | {"id": "", "breakdowns": table.breakdowns}


def same(one: OutcomeTable, other: OutcomeTable) -> None:
    frame, meta = told(one)
    again, meaning = told(other)
    pd.testing.assert_frame_equal(frame, again)
    assert meta == meaning


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> OutcomeTable:
    path = tmp_path_factory.mktemp("plain") / "rates.csv"
    plain().to_csv(path, index=False)
    table = read_stated("table", path)
    assert (len(table.frame), table.breakdowns, table.meta.unit) == (20, ("Sex",), "%")
    assert table.frame["status"].value_counts().to_dict() == {"ok": 18, "confidential": 1, "unavailable": 1}
    assert table.frame["value"].sum() == pytest.approx(
        sum(float(cell) for cell in plain()["Rate (%)"] if cell[:1].isdigit())
    )
    return table


@pytest.fixture(scope="module")
def right_typed(tmp_path_factory: pytest.TempPathFactory) -> OutcomeTable:
    path = tmp_path_factory.mktemp("typed") / "rates.csv"
    typed(plain()).to_csv(path, index=False)
    return read_stated("table", path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.integers(0, 2**32 - 1), columns=st.permutations(range(7)))
def test_the_order_of_rows_and_columns_means_nothing(
    tmp_path: Path, right: OutcomeTable, rows: int, columns: list[int]
) -> None:
    path = tmp_path / "rates.csv"
    frame = plain().iloc[np.random.default_rng(rows).permutation(20), columns]
    frame.to_csv(path, index=False)
    same(read_stated("table", path), right)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_separator_and_line_ends_mean_nothing(
    tmp_path: Path, right: OutcomeTable, encoding: str, separator: str, end: str
) -> None:
    path = tmp_path / "rates.csv"
    path.write_bytes(plain().to_csv(index=False, sep=separator, lineterminator=end).encode(encoding))
    same(read_stated("table", path), right)


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_decimal_comma_means_what_a_point_does(
    tmp_path: Path, right: OutcomeTable, separator: str, encoding: str
) -> None:
    frame = plain()
    for name in ("Rate (%)", "Lower CI", "Upper CI"):
        frame[name] = frame[name].str.replace(".", ",")
    path = tmp_path / "rates.csv"
    path.write_bytes(frame.to_csv(index=False, sep=separator).encode(encoding))
    same(read_stated("table", path), right)


@pytest.mark.parametrize("kind", ["tsv", "xlsx", "ods", "json", "csv.gz"])
def test_a_format_of_text_means_nothing(tmp_path: Path, right: OutcomeTable, kind: str) -> None:
    path, frame = tmp_path / f"rates.{kind}", plain()
    if kind == "tsv":
        frame.to_csv(path, index=False, sep="\t")
    elif kind == "csv.gz":
        frame.to_csv(path, index=False)
    elif kind == "json":
        frame.to_json(path, orient="records", force_ascii=False)
    else:
        frame.to_excel(path, index=False, engine={"xlsx": "openpyxl", "ods": "odf"}[kind])
    same(read_stated("table", path), right)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "parquet", "feather", "json", "gpkg"])
def test_a_format_of_numbers_means_nothing(tmp_path: Path, right_typed: OutcomeTable, kind: str) -> None:
    path, frame = tmp_path / f"rates.{kind}", typed(plain())
    if kind in {"xlsx", "ods"}:
        frame.to_excel(path, index=False, engine={"xlsx": "openpyxl", "ods": "odf"}[kind])
    elif kind == "parquet":
        frame.to_parquet(path)
    elif kind == "feather":
        frame.to_feather(path)
    elif kind == "json":
        frame.to_json(path, orient="records", force_ascii=False)
    else:
        path = tmp_path / "rates.gpkg"
        points = gpd.points_from_xy(range(20), range(20), crs=27700)
        gpd.GeoDataFrame(frame, geometry=points).to_file(path)
    same(read_stated("table", path), right_typed)
