"""Layers carried in by hand get the checks of those that were fetched."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from boundaries.official import (
    cached_layer,
    cached_layers,
    fetch_layer,
)
from geo.errors import FetchError
from tests.boundaries.portal_faults import (
    CODES,
    DAY,
    with_change,
)
from tests.boundaries.portal_fetching import (
    files_in,
    read_layer,
)
from tests.boundaries.portal_server import lad_rows, square

if TYPE_CHECKING:
    from pathlib import Path


def carried_frame(crs: str = "EPSG:4326", codes: list[str] | None = None) -> gpd.GeoDataFrame:
    rows = lad_rows(CODES if codes is None else codes)
    frame = gpd.GeoDataFrame(
        rows, geometry=[shapely.Polygon(square(number)) for number in range(len(rows))], crs="EPSG:4326"
    )
    return frame.to_crs(crs)


@pytest.mark.parametrize(
    "kind", ["geojson", "gpkg", "two layers", "shapefile zip", "geojson in a zip", "national grid"]
)
def test_a_file_carried_in_gets_the_same_checks_and_lands_in_the_cache(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    frame = carried_frame("EPSG:27700" if kind in {"national grid", "shapefile zip"} else "EPSG:4326")
    if kind in {"geojson", "geojson in a zip", "national grid"}:
        path = folder / "layer.geojson"
        frame.to_file(path, driver="GeoJSON", engine="pyogrio")
    elif kind == "shapefile zip":
        path = folder / "layer.shp"
        frame.to_file(path, engine="pyogrio")
    else:
        path = folder / "LAD_MAY_2024_UK_BGC.gpkg"
        frame.to_file(path, layer="areas", engine="pyogrio")
        if kind == "two layers":
            frame[["geometry"]].to_file(path, layer="outline", engine="pyogrio", mode="a")
    if "zip" in kind:
        archive = tmp_path / "layer.zip"
        with zipfile.ZipFile(archive, "w") as opened:
            for member in sorted(folder.iterdir()):
                opened.write(member, f"download/{member.name}")
        path = archive
    cache = tmp_path / "cache"
    layer = fetch_layer("LAD", DAY, from_file=path, cache=cache)
    assert (layer.date, layer.resolution, layer.count) == (DAY, "BGC", 361)
    assert layer.notes[0].startswith(f"carried in by hand: {path.name}, sha256 ")
    assert path.name in layer.source.title
    assert layer.source.retrieved == ""
    assert cached_layer("LAD", DAY, cache=cache) == layer
    held = read_layer(layer)
    assert list(held["code"]) == CODES
    assert held.crs == frame.crs
    assert held.geometry.geom_equals_exact(
        frame.sort_values("LAD24CD", ignore_index=True).geometry, tolerance=1e-6
    ).all()


def test_a_file_without_a_date_is_the_release_its_name_and_fields_tell(tmp_path: Path) -> None:
    frame = carried_frame()
    for name in ("LAD_DEC_24_UK_BSC.geojson", "layer.geojson"):
        frame.to_file(tmp_path / name, driver="GeoJSON", engine="pyogrio")
    layer = fetch_layer(
        "LAD", resolution="BSC", from_file=tmp_path / "LAD_DEC_24_UK_BSC.geojson", cache=tmp_path / "cache"
    )
    assert layer.date == dt.date(2024, 12, 31)
    for date in (None, dt.date(2024, 9, 11)):
        with pytest.raises(FetchError, match=r"more than one release\n.*those of 2024-05-31, 2024-12-31\n"):
            fetch_layer("LAD", date, from_file=tmp_path / "layer.geojson", cache=tmp_path / "cache")
    with pytest.raises(FetchError, match=r"is of another year\n.*expected a field of 2023, found LAD24CD"):
        fetch_layer("LAD", dt.date(2023, 5, 31), from_file=tmp_path / "layer.geojson", cache=tmp_path / "cache")
    with pytest.raises(FetchError, match=r"its name tells of 2024-12-31 UK"):
        fetch_layer(
            "LAD", DAY, resolution="BSC", from_file=tmp_path / "LAD_DEC_24_UK_BSC.geojson", cache=tmp_path / "cache"
        )
    assert cached_layers(tmp_path / "cache") == (layer,)


def write_html(path: Path) -> None:
    path.write_bytes(b"<!DOCTYPE html><html><body>Please wait</body></html>")


def write_metres(path: Path) -> None:
    text = carried_frame("EPSG:27700").to_json()
    data = json.loads(text)
    data.pop("crs", None)
    path.write_text(json.dumps(data), encoding="utf-8")


def write_hostile_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("../../layer.geojson", carried_frame().to_json())


def write_empty_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("readme.txt", "nothing")


def write_points(path: Path) -> None:
    frame = carried_frame()
    frame.set_geometry(frame.geometry.centroid.set_crs(4326, allow_override=True)).to_file(
        path, driver="GeoJSON", engine="pyogrio"
    )


def write_two_fitting(path: Path) -> None:
    for name in ("a", "b"):
        carried_frame().to_file(path, layer=name, engine="pyogrio", mode="a" if name == "b" else "w")


def write_no_geometry(path: Path) -> None:
    pyogrio.write_dataframe(pd.DataFrame(lad_rows(CODES)), path, driver="GPKG")


CARRIED_FAULTS = {
    "an HTML page": ("layer.geojson", write_html, "an HTML page, not data"),
    "half a file": (
        "layer.geojson",
        lambda path: path.write_text(carried_frame().to_json()[:5000]),
        "cannot be read as a layer",
    ),
    "metres without a CRS": ("layer.geojson", write_metres, "coordinates are metres"),
    "points": ("layer.geojson", write_points, "expected polygons, found Point"),
    "a zip that leads outside": ("layer.zip", write_hostile_zip, "names that lead outside the folder"),
    "a zip without a layer": ("layer.zip", write_empty_zip, "exactly one file to read"),
    "another kind of file": ("layer.xlsx", write_html, "HTML page"),
    "a text": ("layer.txt", lambda path: path.write_text("hello"), "of no kind that is read here"),
    "two layers that fit": ("layer.gpkg", write_two_fitting, "holds several layers"),
    "no geometry": ("layer.gpkg", write_no_geometry, "holds no geometry"),
    "codes of 2021": (
        "layer.geojson",
        lambda path: carried_frame(codes=with_change({0: "E07000004"})).to_file(
            path, driver="GeoJSON", engine="pyogrio"
        ),
        "not alive on",
    ),
    "resolution in its name": ("LAD_UK_BUC.gpkg", lambda path: path.write_bytes(b"x"), 'use resolution="BUC"'),
    "nothing": ("absent.geojson", lambda _: None, "is not a file"),
}


@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
@pytest.mark.parametrize("fault", CARRIED_FAULTS)
def test_a_file_that_is_not_the_layer_is_refused(tmp_path: Path, fault: str) -> None:
    name, write, message = CARRIED_FAULTS[fault]
    write(tmp_path / name)
    with pytest.raises(FetchError, match=message):
        fetch_layer("LAD", DAY, from_file=tmp_path / name, cache=tmp_path / "cache")
    assert files_in(tmp_path / "cache") == []


REAL_LAYERS = [
    ("lad/LAD_MAY_2021_UK_BUC.gpkg", "LAD", "2021-05-31"),
    ("lad/LAD_DEC_2022_UK_BUC.gpkg", "LAD", "2022-12-31"),
    ("upper/CTYUA_DEC_2022_UK_BUC.gpkg", "UTLA", "2022-12-31"),
    ("upper/RGN_DEC_2022_EN_BUC.gpkg", "RGN", "2022-12-31"),
    ("upper/CAUTH_DEC_2022_EN_BUC.gpkg", "CAUTH", "2022-12-31"),
    ("upper/ITL1_JAN_2021_UK_BUC.gpkg", "ITL1", "2021-01-31"),
    ("upper/ITL2_JAN_2021_UK_BUC.gpkg", "ITL2", "2021-01-31"),
    ("upper/ITL3_JAN_2021_UK_BUC.gpkg", "ITL3", "2021-01-31"),
    ("upper/ITL2_JAN_2025_UK_BUC.gpkg", "ITL2", "2025-01-31"),
    ("dirty/LAD_MAY_2021_UK_BUC.raw.geojson", "LAD", "2021-05-31"),
    ("dirty/ITL2_JAN_2025_UK_BUC.raw.geojson", "ITL2", "2025-01-31"),
]


@pytest.mark.real_data
@pytest.mark.parametrize(("file", "geography", "date"), REAL_LAYERS, ids=[row[0] for row in REAL_LAYERS])
def test_layers_as_published_pass_when_carried_in(
    real_data: Path, tmp_path: Path, file: str, geography: str, date: str
) -> None:
    day = dt.date.fromisoformat(date)
    layer = fetch_layer(geography, day, resolution="BUC", from_file=real_data / "boundaries" / file, cache=tmp_path)
    assert layer.date == day
    assert len(read_layer(layer)) == layer.count


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "date", "message"),
    [
        ("lad/LAD_MAY_2021_UK_BUC.gpkg", dt.date(2023, 12, 31), "its name tells of 2021-05-31 UK"),
        ("dirty/LAD_DEC_2021_GB_BUC.dirty.geojson", dt.date(2021, 12, 31), "that are missing: N09000001"),
        ("upper/RGN_DEC_2022_EN_BUC.gpkg", dt.date(2022, 12, 31), "expected one field like"),
    ],
)
def test_published_layers_of_another_kind_are_refused(
    real_data: Path, tmp_path: Path, file: str, date: dt.date, message: str
) -> None:
    with pytest.raises(FetchError, match=message):
        fetch_layer("LAD", date, resolution="BUC", from_file=real_data / "boundaries" / file, cache=tmp_path)
    assert files_in(tmp_path) == []
