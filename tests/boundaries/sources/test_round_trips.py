"""Every file we write is read back by our own reader: the same columns, the same cells, the same figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from boundaries.areas.describing import export_set
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.outcomes.table import OutcomeMeta
from boundaries.sources.proportions import read_stated
from boundaries.sources.reading import read_cells
from boundaries.sources.sidecars import stated_of, write_sidecar
from geo.files import write_csv, write_geojson, write_geopackage, write_parquet
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = dt.date(2023, 4, 1)
AWKWARD = ['a, "b"', "two\nlines", "007", "", "NA", "=1+1", "Ynys Môn", "1e5", " ", "£1,234", "-", "x;y"]


@pytest.mark.parametrize("ending", ["csv", "gpkg", "geojson", "parquet"])
def test_exported_boundaries_are_a_table_and_a_layer(tmp_path: Path, ending: str) -> None:
    made = load_boundary_set("RGN", DAY)
    path = tmp_path / f"regions.{ending}"
    export_set(made, path)
    cells = read_cells(path).frame.set_index("code")
    for name in ("name", "nation", "region_code"):
        assert cells[name].to_dict() == dict(zip(made.frame["code"], made.frame[name], strict=True))
    if ending != "csv":
        again = load_boundary_set("RGN", DAY, layer=path, nations=("E",))
        assert again.frame["code"].tolist() == made.frame["code"].tolist()
        assert again.frame.area.to_numpy() == pytest.approx(made.frame.area.to_numpy(), rel=0.001)


@pytest.mark.parametrize("excel", [False, True])
def test_cells_that_spreadsheets_and_parsers_stumble_over(tmp_path: Path, *, excel: bool) -> None:
    table = pd.DataFrame({"code": [f"E{number:08}" for number in range(len(AWKWARD))], "words": AWKWARD})
    path = write_csv(table.assign(value=range(len(table))), tmp_path / "t.csv", excel=excel)
    cells = read_cells(path).frame
    # a formula is written behind a guard
    assert [text.removeprefix("'") for text in cells["words"]] == AWKWARD
    assert cells["value"].tolist() == [str(number) for number in range(len(AWKWARD))]


def figures() -> gpd.GeoDataFrame:
    frame = load_boundary_set("LAD", DAY).frame[["code", "name", "geometry"]].iloc[:40].reset_index(drop=True)
    frame["pay"] = [500 + place / 8 for place in range(len(frame))]
    frame.loc[3, "pay"] = None
    return frame


def _sheet(frame: pd.DataFrame, path: Path) -> None:
    frame.to_excel(path, index=False)


WRITERS: dict[str, Callable[[gpd.GeoDataFrame, Path], object]] = {
    "csv": lambda frame, path: write_csv(frame.drop(columns="geometry"), path),
    "gpkg": lambda frame, path: write_geopackage(frame, path, "areas"),
    "geojson": write_geojson,
    "parquet": write_parquet,
    "fgb": lambda frame, path: frame.to_file(path),
    "feather": lambda frame, path: frame.drop(columns="geometry").to_feather(path),
    "xlsx": lambda frame, path: _sheet(frame.drop(columns="geometry"), path),
}


@pytest.mark.parametrize("ending", WRITERS)
def test_figures_written_beside_areas_are_joined_again(tmp_path: Path, ending: str) -> None:
    frame = figures()
    path = tmp_path / f"pay.{ending}"
    WRITERS[ending](frame, path)
    meta = OutcomeMeta(
        "pay", "Weekly pay", "median", unit="£", favourable="high", source=Source("Survey", licence="OGL")
    )
    write_sidecar(path, stated_of(meta))
    table = read_stated("table", path, columns={"value": "pay"})
    assert (table.meta.title, table.meta.measure, table.meta.unit, table.meta.favourable) == (
        "Weekly pay", "median", "£", "high",
    )  # fmt: skip
    assert (table.meta.source.title, table.meta.source.licence) == ("Survey", "OGL")
    got = join(table, fitting_areas(table, date=DAY)).frame["value"].reindex(frame["code"])
    pd.testing.assert_series_equal(got.reset_index(drop=True), frame["pay"], check_names=False, check_dtype=False)


def test_the_styles_of_qgis_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "drawn.gpkg"
    frame = figures()
    write_geopackage(frame, path, "areas")
    gpd.GeoDataFrame({"styleName": ["pay"]}, geometry=[None], crs=frame.crs).to_file(
        path, layer="layer_styles", mode="a"
    )
    assert len(read_cells(path).frame) == len(frame)
