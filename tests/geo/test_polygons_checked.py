"""Layers of polygons with every fault we know are refused before anything is interpolated."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import CRSError, GeometryError
from geo.interpolation import check_polygons

BNG = "EPSG:27700"


def layer(*shapes: shapely.Geometry | None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": [f"c{n}" for n in range(len(shapes))]}, geometry=list(shapes), crs=BNG)


def cell(x: float, y: float, size: float = 1000) -> shapely.Polygon:
    return shapely.box(x, y, x + size, y + size)


def test_a_layer_of_polygons_passes() -> None:
    check_polygons(layer(cell(0, 0), shapely.MultiPolygon([cell(2000, 0)])), what="the layer", id_column="code")


def test_every_fault_of_a_layer_is_named_at_once() -> None:
    endless = shapely.Polygon([(0, 0), (1000, np.inf), (1000, 0)])
    frame = layer(
        cell(0, 0), None, shapely.Polygon(), shapely.Point(1000, 1000), shapely.LineString([(0, 0), (9, 9)]), endless
    )
    frame.loc[5, "code"] = "c0"
    with pytest.raises(GeometryError) as error:
        check_polygons(frame, what="mine.gpkg", id_column="code")
    assert str(error.value).splitlines() == [
        "mine.gpkg is not a layer of polygons, one an area",
        "  without a shape: c1",
        "  with an empty shape: c2",
        "  with something that is not a polygon: c3, c4",
        "  with coordinates that are not finite: c0",
        "  listed more than once: c0",
    ]
    with pytest.raises(GeometryError, match="has no rows"):
        check_polygons(frame.iloc[:0], what="mine.gpkg")
    with pytest.raises(CRSError, match="but its coordinates are metres"):
        check_polygons(layer(cell(400_000, 300_000)).set_crs("EPSG:4326", allow_override=True), what="mine.geojson")
