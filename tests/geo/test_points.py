"""Points in areas, identical with geopandas.sjoin; and files of points as people keep them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.bundled.layers import load_atoms
from geo.errors import CRSError, GeometryError, TableError
from geo.points import PointReading, areas_of_points, inside, read_points

BNG = "EPSG:27700"


def by_sjoin(shapes, xy):
    """Return pairs of point and area as geopandas has them."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=BNG)
    joined = gpd.sjoin(points, gpd.GeoDataFrame(geometry=list(shapes), crs=BNG), predicate="intersects")
    return sorted(zip(joined.index, joined["index_right"], strict=True))


def pairs(found):
    own = [(point, area) for point, area in enumerate(found.area.tolist()) if area >= 0]
    return sorted([*own, *map(tuple, found.several.tolist())])


@pytest.mark.parametrize("few", [20_000, 0])
def test_real_areas_agree_with_sjoin(monkeypatch, few):
    monkeypatch.setattr(inside, "FEW", few)
    monkeypatch.setattr(inside, "CELLS", 400_000)
    shapes = load_atoms().geometry.to_numpy()
    rng = np.random.default_rng(3)
    corners = shapely.get_coordinates(shapes)
    xy = np.vstack(
        [
            rng.uniform(shapely.total_bounds(shapes)[:2] - 5e4, shapely.total_bounds(shapes)[2:] + 5e4, (4000, 2)),
            corners[::25],  # on borders, in several areas at once
            corners[::25] + rng.normal(0, 50, corners[::25].shape),
        ]
    )
    found = areas_of_points(shapes, xy)
    assert len(found.several) > 100
    assert pairs(found) == by_sjoin(shapes, xy)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 8)] * 4), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(-1, 18), st.integers(-1, 18)), min_size=1, max_size=30),
)
def test_boxes_that_overlap_and_points_on_their_sides(sides, points):
    shapes = [shapely.box(x, y, x + 1 + w, y + 1 + h) for x, y, w, h in sides]
    xy = np.array(points) / 2
    before = inside.FEW
    for few in (before, 0):
        inside.FEW = few
        try:
            assert pairs(areas_of_points(shapes, xy)) == by_sjoin(shapes, xy)
        finally:
            inside.FEW = before


def test_points_without_coordinates_and_no_points():
    found = areas_of_points([shapely.box(0, 0, 1, 1)], np.array([[0.5, 0.5], [np.nan, 0.5]]))
    assert (found.area.tolist(), found.nowhere) == ([0, -1], 1)
    assert len(areas_of_points([shapely.box(0, 0, 1, 1)], np.empty((0, 2))).area) == 0


FRAME = pd.DataFrame({"Longitude": [-1.5, -1.6], "Latitude": [53.8, 53.9], "n": [1, 2]})


@pytest.mark.parametrize(
    "name", ["a.csv", "a.csv.gz", "a.tsv", "a.feather", "a.parquet", "geo.parquet", "a.gpkg", "a.geojson"]
)
def test_every_kind_of_file_gives_the_same_points(tmp_path, name):
    path = tmp_path / name
    layer = gpd.GeoDataFrame(FRAME[["n"]], geometry=gpd.points_from_xy(FRAME.Longitude, FRAME.Latitude), crs=4326)
    if name in {"a.csv", "a.csv.gz"}:
        FRAME.to_csv(path, index=False)
    elif name == "a.tsv":
        FRAME.to_csv(path, index=False, sep="\t")
    elif name == "a.feather":
        FRAME.to_feather(path)
    elif name == "a.parquet":
        FRAME.to_parquet(path)
    elif name == "geo.parquet":
        layer.to_parquet(path)
    else:
        layer.to_file(path)
    found = read_points(path, columns=["n"])
    expected = shapely.get_coordinates(layer.to_crs(BNG).geometry.to_numpy())
    assert found.xy == pytest.approx(expected, abs=0.01)
    assert found.frame["n"].tolist() == [1, 2]


def test_a_point_inside_stands_for_a_polygon(tmp_path):
    gpd.GeoDataFrame(geometry=[shapely.box(1000, 1000, 3000, 3000)], crs=BNG).to_file(tmp_path / "a.gpkg")
    assert read_points(tmp_path / "a.gpkg").xy.tolist() == [[2000, 2000]]


def test_eastings_are_preferred_and_empty_ones_counted(tmp_path):
    FRAME.assign(Easting=[430_000, None], Northing=[430_000, None]).to_csv(tmp_path / "a.csv", index=False)
    found = read_points(tmp_path / "a.csv")
    assert found.xy[0].tolist() == [430_000, 430_000]
    assert (len(found), found.unplaced) == (2, 1)


def test_columns_are_stated(tmp_path):
    FRAME.set_axis(["a", "b", "n"], axis=1).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(TableError, match="no columns of coordinates"):
        read_points(tmp_path / "a.csv")
    with pytest.raises(CRSError, match="in which system a and b are"):
        read_points(tmp_path / "a.csv", PointReading("a", "b"))
    with pytest.raises(TableError, match="in pairs"):
        read_points(tmp_path / "a.csv", PointReading("a"))
    with pytest.raises(TableError, match="no column c"):
        read_points(tmp_path / "a.csv", PointReading("a", "c", "EPSG:4326"))
    with pytest.raises(TableError, match="no column c"):
        read_points(tmp_path / "a.csv", PointReading("a", "b", "EPSG:4326"), columns=["c"])
    with pytest.raises(CRSError, match="not metres"):
        read_points(tmp_path / "a.csv", PointReading("a", "b", BNG))
    with pytest.raises(CRSError, match="no reference system"):
        read_points(tmp_path / "a.csv", PointReading("a", "b", "the Grid"))
    assert len(read_points(tmp_path / "a.csv", PointReading("a", "b", "EPSG:4326"))) == 2


def test_metres_called_degrees_and_words_are_refused(tmp_path):
    pd.DataFrame({"lon": [430_000], "lat": [430_000]}).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(CRSError, match="not degrees"):
        read_points(tmp_path / "a.csv")
    pd.DataFrame({"lon": ["west"], "lat": [53]}).to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(TableError, match="lon holds what is no number"):
        read_points(tmp_path / "b.csv")


def test_files_that_hold_no_points(tmp_path):
    line = shapely.LineString([(0, 0), (1000, 1000)])
    gpd.GeoDataFrame(geometry=[line], crs=BNG).to_file(tmp_path / "a.gpkg")
    with pytest.raises(GeometryError, match="neither points nor polygons"):
        read_points(tmp_path / "a.gpkg")
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(5000, 5000)], crs=BNG).to_file(tmp_path / "b.gpkg")
    with pytest.raises(TableError, match="no column m"):
        read_points(tmp_path / "b.gpkg", columns=["m"])
    gpd.GeoDataFrame(geometry=[shapely.Point(5000, 5000)]).to_parquet(tmp_path / "c.parquet")
    with pytest.raises(CRSError, match="declares no"):
        read_points(tmp_path / "c.parquet")
    (tmp_path / "a.xyz").write_text("1")
    (tmp_path / "d.parquet").write_text("1")
    (tmp_path / "e.feather").write_text("1")
    for name, words in (
        ("a.xyz", "kind that is not read"),
        ("d.parquet", "cannot be read"),
        ("e.feather", "cannot be read"),
        ("absent.csv", "there is no file"),
    ):
        with pytest.raises(TableError, match=words):
            read_points(tmp_path / name)
