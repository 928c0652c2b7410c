"""What check says of a layer of areas and of a finished build: kind of file, epoch, faults of geometry and place."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely

from boundaries.areas.loading import load_boundary_set
from boundaries.joined.checking import check_file
from boundaries.joined.checks import report
from boundaries.joined.trying import Asking
from geo.cli import run
from geo.errors import PlaceatlasError

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2023, 4, 1)


@pytest.fixture(scope="module")
def wales() -> gpd.GeoDataFrame:
    """Return the districts of Wales, which are what they are on every date that is tried."""
    return load_boundary_set("LAD", DAY, nations=("W",)).frame[["code", "name", "geometry"]]


def latitude_first(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    turned = shapely.transform(frame.to_crs(4326).geometry.to_numpy(), lambda points: points[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(turned, index=frame.index, crs=4326))


def of_kilometres(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    small = shapely.transform(frame.geometry.to_numpy(), lambda points: points / 1000)
    return frame.set_geometry(gpd.GeoSeries(small, index=frame.index, crs=27700))


def with_a_bow(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer of which one shape crosses itself, far out in one corner of its area."""
    changed = frame.copy()
    shape = changed.geometry.iloc[0]
    x, y = shape.representative_point().coords[0]
    bow = shapely.Polygon([(x, y), (x + 30, y + 30), (x + 30, y), (x, y + 30), (x, y)])
    part = max(getattr(shape, "geoms", [shape]), key=lambda one: one.area)
    changed.loc[changed.index[0], "geometry"] = shapely.MultiPolygon([part, bow])
    return changed


FAULTY = {
    "latitude first": (latitude_first, "latitude stands before longitude"),
    "kilometres": (of_kilometres, "British National Grid in kilometres"),
    "another system": (
        lambda frame: frame.to_crs(29903).set_crs(27700, allow_override=True),
        "those of the Irish Grid",
    ),
    "a code twice": (
        lambda frame: frame.assign(code=frame["code"].replace("W06000001", "W06000002")),
        "more than once",
    ),
    "an area less": (lambda frame: frame.iloc[1:], "without a shape: W06000001"),
    "codes of two neighbours": (
        lambda frame: frame.assign(code=frame["code"].replace({"W06000001": "W06000006", "W06000006": "W06000001"})),
        "2 of 22 shapes do not lie where their codes say",
    ),
    "no codes": (lambda frame: frame.assign(code="none"), "no column of area codes"),
}


def written(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_file(path)
    return path


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "fgb"])
def test_a_layer_that_can_be_used_is_described(tmp_path, wales, ending):
    path = written(wales.to_crs(4326) if ending == "geojson" else wales, tmp_path / f"wales.{ending}")
    found = check_file(path)
    assert found.sound, list(report(found))
    assert (found.kind, found.rows) == ("layer", 22)
    assert any(line.startswith("they are the 22 areas of LAD on ") for line in found.tried)
    (period,) = found.inference.periods
    assert period.first.start <= DAY <= period.last.end
    said = list(report(found))
    assert said[0] == f"wales.{ending}: a layer of areas, 22 shapes"
    assert said[-1] == "it can be used as it is"


@pytest.mark.parametrize("fault", FAULTY)
def test_check_says_of_a_layer_what_loading_it_says(tmp_path, wales, fault):
    change, said = FAULTY[fault]
    path = written(change(wales), tmp_path / "wales.gpkg")
    with pytest.raises(PlaceatlasError, match=said):
        load_boundary_set("LAD", DAY, layer=path, nations=None)
    found = check_file(path)
    assert not found.sound
    assert said in "\n".join(report(found))


def test_what_is_mended_is_told_and_a_declared_system_is_taken(tmp_path, wales):
    found = check_file(written(with_a_bow(wales), tmp_path / "bow.gpkg"))
    assert found.sound, list(report(found))
    assert "shapes: mended: invalid polygons (1)" in "\n".join(report(found))
    other = written(wales.to_crs(29903).set_crs(27700, allow_override=True), tmp_path / "irish.gpkg")
    assert check_file(other, asking=Asking(crs="EPSG:29903")).sound


def test_several_layers_are_asked_for(tmp_path, wales):
    path = tmp_path / "two.gpkg"
    wales.to_file(path, layer="districts")
    wales.head(3).to_file(path, layer="some")
    found = check_file(path)
    assert "name one: two.gpkg::districts" in "\n".join(report(found))
    assert check_file(path.with_name("two.gpkg::districts")).sound


def test_a_build_is_checked_by_its_manifest(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    for name in ("one", "two"):
        (tmp_path / "data" / f"{name}.csv").write_text(name)
    files = {f"data/{name}.csv": hashlib.sha256(name.encode()).hexdigest() for name in ("one", "two", "three")}
    manifest = {
        "tool": "placeatlas",
        "version": "1",
        "files": files,
        "boundaries": {"LAD": {"date": "2023-04-01", "areas": 361}},
        "sources": {"pay": {}},
        "inputs": {"outcome pay: pay.csv": "0"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "data" / "two.csv").write_text("changed")
    assert run(["check", str(tmp_path)]) == 3
    said = capsys.readouterr().out
    assert "a finished build, 3 files" in said
    assert "gone from disk: 1 file: data/three.csv" in said
    assert "changed since it was written: 1 file: data/two.csv" in said
    assert "the build states 2023-04-01" in said
    (tmp_path / "data" / "two.csv").write_text("two")
    (tmp_path / "data" / "three.csv").write_text("three")
    assert check_file(tmp_path / "manifest.json").sound
