"""Rasters as publishers make them: each read right, or refused with what to say of it; oracle: a raster of 4 x 4 by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CRSError, GeometryError
from geo.raster import Grid, Reading, in_areas, opened, opening, values_at, write_geotiff, zonal

BNG = "EPSG:27700"
CELLS = np.arange(16.0).reshape(4, 4)
"""North row first: 0 1 2 3 / 4 5 6 7 / 8 9 10 11 / 12 13 14 15; cells of 1 km from (400 km, 300 km) to the north-east."""
X, Y = 400_000, 300_000
NORTH_UP = Affine(1000, 0, X, 0, -1000, Y + 4000)
SOUTH_UP = Affine(1000, 0, X, 0, 1000, Y)


def box(west, south, east, north):
    """Return a box in kilometres from the corner."""
    return shapely.box(X + 1000 * west, Y + 1000 * south, X + 1000 * east, Y + 1000 * north)


AREAS = gpd.GeoSeries(
    {
        "whole": box(0, 0, 4, 4),
        "north-west": box(0, 2, 2, 4),
        # one cell of 0 and half of 1
        "half": box(0, 3, 1.5, 4),
        # within cell 5 alone: the cell is larger than the area
        "small": box(1.2, 2.2, 1.6, 2.5),
        # over the corner where 5, 6, 9 and 10 meet, a quarter of each
        "between": box(1.9, 1.9, 2.1, 2.1),
        # half of it beside the raster
        "edge": box(-1, 0, 1, 1),
        "away": box(50, 50, 51, 51),
    },
    crs=BNG,
)
MEANS = [7.5, 2.5, 0.5 / 1.5, 5.0, 7.5, 12.0, np.nan]
COVERAGE = [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.0]


def write(path, *bands, transform=NORTH_UP, crs=BNG, dtype="float32", **profile):
    scales = profile.pop("scale", None)
    names = profile.pop("names", None)
    shape = bands[0].shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=len(bands),
        dtype=dtype,
        height=shape[0],
        width=shape[1],
        crs=crs,
        transform=transform,
        **profile,
    ) as file:
        for number, cells in enumerate(bands, 1):
            file.write(cells.astype(dtype), number)
            if names:
                file.set_band_description(number, names[number - 1])
        if scales:
            file.scales, file.offsets = [scales[0]] * len(bands), [scales[1]] * len(bands)
    return path


def check(raster, reading=None):
    found = zonal(AREAS, raster, ["mean"], reading)
    assert found["mean"].tolist() == pytest.approx(MEANS, nan_ok=True)
    assert found["coverage"].tolist() == pytest.approx(COVERAGE)
    assert found.index.tolist() == AREAS.index.tolist()


def test_rows_from_the_north(tmp_path):
    check(write(tmp_path / "a.tif", CELLS))
    check(Grid(CELLS.astype(np.float32), NORTH_UP, BNG))


def test_rows_from_the_south(tmp_path):
    check(write(tmp_path / "a.tif", CELLS[::-1], transform=SOUTH_UP))


def test_scale_and_offset_are_applied_and_stored_nodata_is_not_scaled(tmp_path):
    stored = (CELLS - 5) / 0.5
    stored[3, 3] = -99
    path = write(tmp_path / "a.tif", stored, dtype="int16", scale=(0.5, 5.0), nodata=-99)
    found = zonal(AREAS, path, ["mean", "max"])
    assert found.loc["north-west", "mean"] == pytest.approx(2.5)
    assert found.loc["whole", "mean"] == pytest.approx((120 - 15) / 15)
    assert found.loc["whole", "max"] == 14
    assert found.loc["whole", "coverage"] == pytest.approx(15 / 16)


def test_one_band_of_several_is_named(tmp_path):
    path = write(tmp_path / "a.tif", CELLS + 100, CELLS, names=["PM10", "NO2"])
    with pytest.raises(GeometryError, match="holds 2 bands") as caught:
        zonal(AREAS, path, ["mean"])
    assert "1 PM10, 2 NO2" in caught.value.faults[0]
    check(path, Reading(band=2))
    check(path, Reading(band="NO2"))
    with pytest.raises(GeometryError, match="no band 'O3'"):
        zonal(AREAS, path, ["mean"], Reading(band="O3"))


def test_two_bands_of_one_name_are_no_name(tmp_path):
    path = write(tmp_path / "a.tif", CELLS, CELLS, names=["a", "a"])
    with pytest.raises(GeometryError, match="more than one band 'a'"):
        zonal(AREAS, path, ["mean"], Reading(band="a"))


def test_a_system_that_is_not_declared_is_asked(tmp_path):
    path = write(tmp_path / "a.tif", CELLS, crs=None)
    with pytest.raises(CRSError, match="declares no coordinate reference system") as caught:
        zonal(AREAS, path, ["mean"])
    assert "400000, 300000, 404000, 304000" in caught.value.faults[0]
    check(path, Reading(crs=BNG))
    with pytest.raises(CRSError, match="no reference system"):
        zonal(AREAS, path, ["mean"], Reading(crs="the National Grid"))


@pytest.mark.parametrize("number", [-9999, -32768, 255])
def test_an_undeclared_number_for_no_value_is_named_and_asked(tmp_path, number):
    cells = CELLS.copy()
    cells[0, 0] = number
    path = write(tmp_path / "a.tif", cells, dtype="int16")
    with pytest.raises(GeometryError, match="which cells have no value") as caught:
        zonal(AREAS, path, ["mean"])
    assert caught.value.faults[0] == f"1 cells hold {number}, the others lie between 1 and 15"
    found = zonal(AREAS, path, ["mean"], Reading(nodata=number))
    assert found.loc["whole", "mean"] == pytest.approx(120 / 15)
    assert found.loc["north-west", "coverage"] == pytest.approx(0.75)
    kept = zonal(AREAS, path, ["mean"], Reading(nodata="none"))
    assert kept.loc["whole", "mean"] == pytest.approx((120 + number) / 16)
    with pytest.raises(GeometryError, match="which cells have no value"):
        values_at(np.array([[X + 100, Y + 3900], [X + 1100, Y + 100]]), BNG, path)


def test_a_number_among_the_others_is_a_value(tmp_path):
    path = write(tmp_path / "a.tif", CELLS * 17, dtype="uint8")  # 0 to 255
    assert zonal(AREAS, path, ["max"]).loc["whole", "max"] == 255


def test_a_second_number_for_no_value_is_found_beside_a_declared_one(tmp_path):
    cells = CELLS.copy()
    cells[0, 0], cells[0, 1] = -9999, -32768
    with pytest.raises(GeometryError, match="which cells have no value"):
        zonal(AREAS, write(tmp_path / "a.tif", cells, dtype="int16", nodata=-9999), ["mean"])


def test_a_turned_raster_needs_no_resampling(tmp_path):
    # a quarter turn of the same cells: columns run north, rows run east
    turned = write(tmp_path / "a.tif", CELLS[::-1].T, transform=Affine(0, 1000, X, 1000, 0, Y))
    check(turned)
    # turned by 30 degrees about the origin, with the areas turned too: the same shares
    spin = Affine.rotation(30)
    path = write(tmp_path / "b.tif", CELLS, transform=spin @ NORTH_UP)
    areas = AREAS.affine_transform([spin.a, spin.b, spin.d, spin.e, 0, 0])
    found = zonal(areas, path, ["mean"])
    assert found["mean"].tolist() == pytest.approx(MEANS, nan_ok=True)
    assert found["coverage"].tolist() == pytest.approx(COVERAGE)


def test_not_a_raster(tmp_path):
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(GeometryError, match="not a raster"):
        zonal(AREAS, tmp_path / "text.tif", ["mean"])
    # a virtual raster may name any address: it is refused by kind, before anything is looked up
    (tmp_path / "a.vrt").write_text(
        '<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
        "<SourceFilename>/vsicurl/http://127.0.0.1:9/a.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    with pytest.raises(GeometryError, match="not a raster"):
        zonal(AREAS, tmp_path / "a.vrt", ["mean"])


def test_a_picture_without_a_place_is_refused(tmp_path):
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        path = write(tmp_path / "a.tif", CELLS, transform=Affine.identity())
    with pytest.raises(GeometryError, match="does not say where"):
        zonal(AREAS, path, ["mean"])


def test_a_file_cut_short_is_one_error(tmp_path):
    path = write(tmp_path / "a.tif", np.random.default_rng(1).random((600, 600)), compress="deflate")
    path.write_bytes(path.read_bytes()[:300_000])
    areas = gpd.GeoSeries([shapely.box(X, Y - 400_000, X + 500_000, Y)], crs=BNG)
    with pytest.raises(GeometryError, match="cannot be read"):
        zonal(areas, path, ["mean"])


def test_quantiles_sums_and_shares_of_a_class_by_hand(tmp_path):
    kinds = np.array([[1, 1, 2, 2]] * 2 + [[3, 3, 3, 3]] * 2)
    path = write(tmp_path / "a.tif", kinds, dtype="uint8")
    found = zonal(AREAS, path, ["share:1", "share:3", "share:9", "sum", "median", "q60"])
    assert found.loc["whole", ["share:1", "share:3", "share:9"]].tolist() == [0.25, 0.5, 0.0]
    assert found.loc["half", ["share:1", "sum"]].tolist() == [1.0, 1.5]
    # eight cells of sixteen hold 3
    assert found.loc["whole", "q60"] == 3
    assert found.loc["north-west", "median"] == 1
    assert found.loc["away"].drop("coverage").isna().all()


def test_a_raster_larger_than_memory_is_read_by_windows(tmp_path, monkeypatch):
    cells = np.random.default_rng(2).random((700, 500))
    path = write(tmp_path / "a.tif", cells, transform=Affine(10, 0, X, 0, -10, Y + 7000), tiled=True)
    area = gpd.GeoSeries(
        [shapely.box(X, Y, X + 5000, Y + 7000), shapely.box(X + 995, Y + 1995, X + 1005, Y + 2005)], crs=BNG
    )
    sizes = []
    read = opening.Cells.read

    def told(self, column, row, width, height):
        sizes.append(width * height)
        return read(self, column, row, width, height)

    monkeypatch.setattr(opening.Cells, "read", told)
    monkeypatch.setattr(in_areas, "MOST", 20_000)
    found = zonal(area, path, ["mean"])
    assert max(sizes) <= 20_000 < cells.size
    corner = cells[499:501, 99:101].astype("float32")
    assert found["mean"].tolist() == pytest.approx([cells.astype("float32").mean(), corner.mean()])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.floats(-0.5, 4.5)] * 4), min_size=1, max_size=5))
def test_shares_of_cells_are_those_of_exactextract(corners):
    shapes = [shapely.MultiPoint([(a, b), (c, d), (a, d + 0.3), (c + 0.2, b)]).convex_hull for a, b, c, d in corners]
    areas = gpd.GeoSeries([shapely.transform(one, lambda xy: [X, Y] + 1000 * xy) for one in shapes], crs=BNG)
    areas = areas[areas.area > 1]
    plain = NumPyRasterSource(CELLS, X, Y, X + 4000, Y + 4000, srs_wkt=areas.crs.to_wkt())
    theirs = exact_extract(plain, gpd.GeoDataFrame(geometry=areas), ["mean", "count"], output="pandas")
    ours = zonal(areas, Grid(CELLS.astype(np.float32), NORTH_UP, BNG), ["mean"])
    assert ours["mean"].tolist() == pytest.approx(theirs["mean"].astype(float).tolist(), rel=1e-6, nan_ok=True)
    covered = ours["coverage"] * areas.area / 1e6
    assert covered.tolist() == pytest.approx(theirs["count"].tolist(), rel=1e-5, abs=1e-6)


def test_areas_in_another_system_are_carried_to_the_raster(tmp_path):
    found = zonal(AREAS.to_crs("EPSG:4326"), write(tmp_path / "a.tif", CELLS), ["mean"])
    assert found["mean"].tolist() == pytest.approx(MEANS, abs=2e-3, nan_ok=True)


def test_cells_in_degrees_are_weighed_by_their_size(tmp_path):
    # two cells of 10 degrees, one at 0 to 10 north, one at 50 to 60: 0 and 1
    cells = np.array([[1.0], [0.0]] + [[0.0]] * 4)
    path = write(tmp_path / "a.tif", cells, transform=Affine(10, 0, 0, 0, -10, 60), crs="EPSG:4326")
    area = gpd.GeoSeries([shapely.box(0, 0, 10, 60)], crs="EPSG:4326")
    sizes = np.cos(np.radians(np.arange(55, 0, -10)))
    assert zonal(area, path, ["mean", "share:1"]).iloc[0, :2].tolist() == pytest.approx([sizes[0] / sizes.sum()] * 2)


def test_values_at_points(tmp_path):
    xy = np.array([[X + 100, Y + 3900], [X + 3900, Y + 100], [X + 2500, Y + 1500], [X - 1, Y]])
    for path in (
        write(tmp_path / "a.tif", CELLS),
        write(tmp_path / "b.tif", CELLS[::-1], transform=SOUTH_UP),
        write(tmp_path / "c.tif", CELLS[::-1].T, transform=Affine(0, 1000, X, 1000, 0, Y)),
    ):
        assert values_at(xy, BNG, path).tolist() == pytest.approx([0, 15, 10, np.nan], nan_ok=True)
    assert np.isnan(values_at(xy + 9e5, BNG, path)).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 599), st.floats(0, 599)), min_size=1, max_size=20))
def test_points_are_read_by_blocks_as_from_the_whole(points):
    cells = np.arange(360_000, dtype=np.float32).reshape(600, 600)
    grid = Grid(cells, Affine(1, 0, 0, 0, -1, 600), BNG)
    column, row = np.floor(np.array(points)).astype(int).T
    assert values_at(np.column_stack([column + 0.5, 599.5 - row]), BNG, grid).tolist() == cells[row, column].tolist()


def test_what_is_written_is_cloud_optimised_with_overviews(tmp_path):
    grid = Grid(np.ones((1200, 900), dtype=np.float32), Affine(100, 0, 0, 0, -100, 120_000), BNG)
    write_geotiff(grid, tmp_path / "a.tif", title="all ones", unit="1")
    with rasterio.open(tmp_path / "a.tif") as file:
        assert file.overviews(1) == [2, 4, 8][: len(file.overviews(1))] != []
        assert file.block_shapes == [(256, 256)]
        assert file.nodata == -9999
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    with opened(tmp_path / "a.tif") as cells:
        assert np.nansum(cells.read(0, 0, 900, 1200)) == 1200 * 900
