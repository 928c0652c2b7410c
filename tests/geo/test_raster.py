"""Grids against distances known by hand, shapely's exact distances, and files read back byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from boundaries.bundled import layers
from geo.errors import CRSError, GeometryError
from geo.measures import measure_coast
from geo.provenance import sha256_of
from geo.raster import Grid, distance_to_coast, opened, write_geotiff, zonal_means

if TYPE_CHECKING:
    from pathlib import Path

BNG = "EPSG:27700"


def square(side: float = 10_000) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.box(0, 0, side, side)], crs=BNG)


def counting(rows: int = 4, columns: int = 6) -> Grid:
    values = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)
    return Grid(values, Affine(1000, 0, 0, 0, -1000, 4000), BNG)


# coast along x = 0 of a square of 10 km: the middles of the cells are 0.5, 1.5, … 9.5 km away
def test_distance_to_a_straight_coast() -> None:
    grid = distance_to_coast(square(), shapely.LineString([(0, -5000), (0, 15_000)]))
    inner = grid.cells[1:-1, 1:-1]
    assert inner.shape == (10, 10)
    assert inner[0].tolist() == pytest.approx([500.0 + 1000 * n for n in range(10)], abs=1)
    assert repr(grid) == "Grid(12 x 12 cells of 1000; EPSG:27700)"
    assert zonal_means(square(), grid).tolist() == pytest.approx([5000], abs=1)


def test_grids_of_other_areas_fit_together() -> None:
    coast = shapely.LineString([(0, 0), (0, 30_000)])
    small = distance_to_coast(gpd.GeoSeries([shapely.box(5300, 5300, 9700, 9700)], crs=BNG), coast)
    assert small.transform.c % 1000 == 0
    assert small.transform.f % 1000 == 0
    large = distance_to_coast(square(20_000), coast)
    row, column = (
        int((large.transform.f - small.transform.f) / 1000),
        int((small.transform.c - large.transform.c) / 1000),
    )
    part = large.cells[row : row + small.cells.shape[0], column : column + small.cells.shape[1]]
    assert np.array_equal(part, small.cells)


def test_cells_off_the_land_have_no_value() -> None:
    islands = gpd.GeoSeries([shapely.box(100, 100, 900, 900), shapely.box(5100, 100, 5900, 900)], crs=BNG)
    grid = distance_to_coast(islands, shapely.LineString([(0, 0), (6000, 0)]))
    assert np.isnan(grid.cells).tolist() == [[False, True, True, True, True, False]]


def test_distances_over_the_united_kingdom_are_those_of_shapely() -> None:
    atoms = layers.load_atoms()
    coast = measure_coast(atoms, layers.load_neighbours()).line
    grid = distance_to_coast(atoms, coast, cell_m=5000)
    rows, columns = np.nonzero(~np.isnan(grid.cells))
    picked = np.random.default_rng(1).choice(len(rows), 60, replace=False)
    x, y = grid.transform.c + 5000 * (columns[picked] + 0.5), grid.transform.f - 5000 * (rows[picked] + 0.5)
    exact = shapely.distance(shapely.points(x, y), coast)
    assert np.abs(grid.cells[rows[picked], columns[picked]] - exact).max() < 250  # a twentieth of a cell
    far = np.nanmax(grid.cells)
    # Coton in the Elms, Derbyshire, is held to be the place farthest from the sea: 113 km from the nearest low water
    assert 100_000 < far < 125_000


def test_means_weigh_cells_by_the_share_inside() -> None:
    # columns 0 to 5 of row 0: the area covers cell 0 wholly and half of cell 1
    areas = gpd.GeoSeries(
        [shapely.box(0, 3000, 1500, 4000), shapely.box(90_000, 0, 91_000, 1000)], index=["a", "b"], crs=BNG
    )
    means = zonal_means(areas, counting())
    assert means["a"] == pytest.approx((0 + 0.5 * 1) / 1.5)
    assert np.isnan(means["b"])


def test_a_file_is_read_back_as_it_was_and_written_the_same_twice(tmp_path: Path) -> None:
    grid = counting()
    grid.cells[0, 0] = np.nan
    first, second = tmp_path / "a.tif", tmp_path / "b.tif"
    write_geotiff(grid, first, title="distance to open coast", unit="m")
    write_geotiff(grid, second, title="distance to open coast", unit="m")
    assert sha256_of(first) == sha256_of(second)
    with opened(first) as again:
        assert np.array_equal(again.read(0, 0, 6, 4), grid.cells, equal_nan=True)
        assert again.transform == grid.transform
        assert again.crs == BNG
    with rasterio.open(first) as source:
        assert source.nodata == -9999
        assert source.descriptions == ("distance to open coast",)
        assert source.units == ("m",)
        assert source.profile["compress"] == "deflate"
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert zonal_means(gpd.GeoSeries([shapely.box(0, 3000, 2000, 4000)], crs=BNG), first).tolist() == pytest.approx(
        [1.0]
    )


def test_faults_are_named() -> None:
    with pytest.raises(GeometryError, match="no coast to be distant from"):
        distance_to_coast(square(), shapely.MultiLineString())
    with pytest.raises(CRSError, match="not in degrees"):
        distance_to_coast(
            gpd.GeoSeries([shapely.box(-2, 50, -1, 51)], crs="EPSG:4326"), shapely.LineString([(0, 0), (1, 1)])
        )
    with pytest.raises(CRSError, match="one reference system"):
        zonal_means(square().set_crs("EPSG:2157", allow_override=True), counting())
