"""Layers with every fault we know, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from boundaries.bundled import layers
from geo.errors import CRSError, GeometryError
from geo.geometry import check_polygons, cleaned_coverage, coverage_report, repaired, without_slivers
from geo.topology import contiguity_links

if TYPE_CHECKING:
    from pathlib import Path

BNG = "EPSG:27700"
BOW_TIE = shapely.Polygon([(0, 0), (200, 200), (200, 0), (0, 200)])


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


def test_a_bow_tie_becomes_two_triangles() -> None:
    frame, mending = repaired(layer(BOW_TIE, cell(500, 0)), id_column="code")
    assert frame.geometry.is_valid.all()
    assert frame.geometry[0].area == 2 * 100 * 200 / 2
    assert repr(mending) == "Mending(1 of 2 shapes)"
    (mended,) = mending.mended
    assert (mended.id, mended.parts_before, mended.parts_after) == ("c0", 1, 2)
    assert str(mended) == "c0: self-intersection at 100 100"


def test_valid_shapes_are_left_alone() -> None:
    before = layer(cell(0, 0), cell(1000, 0))
    frame, mending = repaired(before)
    assert mending.mended == ()
    assert shapely.equals_identical(frame.geometry.to_numpy(), before.geometry.to_numpy()).all()
    assert frame.crs == before.crs


def test_a_spike_is_dropped_and_said() -> None:
    spiked = shapely.Polygon([(0, 0), (0, 100), (100, 100), (100, 50), (300, 50), (100, 50), (100, 0)])
    frame, mending = repaired(layer(spiked), id_column="code")
    assert frame.geometry[0].equals(shapely.box(0, 0, 100, 100))
    assert [str(mended) for mended in mending.mended] == [
        "c0: ring self-intersection at 100 50; area changed by +0.000%"
    ]


def test_what_is_nothing_but_a_line_cannot_be_repaired() -> None:
    line = shapely.Polygon([(0, 0), (100, 0), (200, 0), (0, 0)])
    with pytest.raises(GeometryError, match="nothing is left of c1"):
        repaired(layer(cell(0, 0), line), id_column="code")


def test_slivers_are_dropped_but_never_a_whole_area() -> None:
    thin = shapely.box(5000, 0, 9000, 10)  # 10 m wide: mean width 9.98 m
    islet = cell(5000, 5000, 200)  # 200 m square: mean width 100 m
    frame, dropped = without_slivers(
        layer(shapely.MultiPolygon([cell(0, 0), thin, islet]), shapely.MultiPolygon([thin]))
    )
    assert dropped[["row", "area"]].to_numpy().tolist() == [[0, 40_000]]
    assert dropped["width"].iloc[0] == pytest.approx(9.975, abs=0.001)
    assert frame.geometry[0].equals(shapely.MultiPolygon([cell(0, 0), islet]))
    assert frame.geometry[1].equals(thin)
    alone, none = without_slivers(layer(cell(0, 0)))
    assert none.empty
    assert len(alone) == 1
    single, _ = without_slivers(layer(shapely.MultiPolygon([cell(0, 0), thin])))
    assert single.geometry[0].geom_type == "Polygon"


def test_a_clean_coverage_is_called_clean() -> None:
    report = coverage_report(layer(cell(0, 0), cell(1000, 0)))
    assert report.valid
    assert repr(report) == "CoverageReport(clean: 0 overlaps, 0 shapes with unmatched borders, 0 gaps)"


def test_overlaps_unmatched_borders_and_gaps_are_found() -> None:
    # a ring of four blocks round a gap 400 m wide, the fourth overlapping the third by 100 m
    shapes = [
        shapely.box(0, 0, 300, 1000),
        shapely.box(300, 0, 1000, 300),
        shapely.box(700, 300, 1000, 1000),
        shapely.box(300, 700, 800, 1000),
    ]
    report = coverage_report(layer(*shapes), id_column="code")
    assert not report.valid
    assert report.overlaps.to_numpy().tolist() == [["c2", "c3", 100 * 300]]
    assert report.gaps["area"].tolist() == [400 * 400]
    assert report.gaps["width"].tolist() == [200]
    assert set(report.mismatched) == {"c0", "c1", "c2", "c3"}
    clean = cleaned_coverage(layer(*shapes))
    after = coverage_report(clean)
    assert after.valid
    assert after.gaps["area"].tolist() == [400 * 400]
    closed = coverage_report(cleaned_coverage(layer(*shapes), gap_width=500))
    assert closed.valid
    assert closed.gaps.empty


def test_an_area_under_another_cannot_be_cleaned_away_silently() -> None:
    with pytest.raises(GeometryError, match="vanish under others: 1"):
        cleaned_coverage(layer(cell(0, 0, 1000), cell(100, 100, 100)))


def test_the_bundled_atoms_are_clean() -> None:
    atoms = layers.load_atoms()
    check_polygons(atoms, what="the atoms", id_column="atom")
    report = coverage_report(atoms, id_column="atom")
    assert report.valid
    assert report.overlaps.empty


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "faulty"),
    [
        ("lad_2013-12_UK_onsvisual.gpkg", 8),
        ("lad_2016-12_UK_BSC.gpkg", 14),
        ("lad_2017-12_UK_onsvisual.gpkg", 146),
        ("LAD_DEC_2022_UK_BUC.gpkg", 2),
        ("lad_2023-12_UK_BUC.gpkg", 0),
    ],
)
def test_real_layers_are_mended_and_counted(real_data: Path, file: str, faulty: int) -> None:
    frame = pyogrio.read_dataframe(real_data / "boundaries" / "lad" / file)
    mended, mending = repaired(frame)
    assert len(mending.mended) == faulty
    assert mended.geometry.is_valid.all()
    assert set(mended.geom_type) <= {"Polygon", "MultiPolygon"}


@pytest.mark.real_data
def test_repair_by_structure_keeps_more_neighbours_than_a_buffer(real_data: Path) -> None:
    frame = pyogrio.read_dataframe(real_data / "boundaries" / "lad" / "lad_2017-12_UK_onsvisual.gpkg")
    before = len(contiguity_links(frame.geometry.to_numpy())[0])
    ours = len(contiguity_links(repaired(frame)[0].geometry.to_numpy())[0])
    buffered = len(contiguity_links(shapely.buffer(frame.geometry.to_numpy(), 0))[0])
    assert buffered < ours <= before
