"""Coverages as arcs: hand-drawn toys, awkward shapes, random coverages, and libpysal as an oracle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import libpysal.graph
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeometryError
from geo.topology import (
    Topology,
    contiguity,
    contiguity_links,
    decode,
    disagreements,
    encode,
    geometries_of,
    shared_vertex_links,
    topology_from,
    topology_of,
)
from geo.topology import vertices as vertices_module
from geo.topology.vertices import vertex_ids

if TYPE_CHECKING:
    from pathlib import Path


def cell(x: float, y: float, size: float = 1) -> shapely.Polygon:
    return shapely.box(x, y, x + size, y + size)


def grid(columns: int, rows: int) -> list[shapely.Polygon]:
    return [cell(x, y) for y in range(rows) for x in range(columns)]


def names(count: int) -> list[str]:
    return [f"a{number}" for number in range(count)]


def same(left: object, right: object) -> bool:
    return bool(np.all(shapely.equals(np.asarray(left, dtype=object), np.asarray(right, dtype=object))))


# 2 x 2 cells: the four outer corners are passed by one ring each, the middle point and the four middles of the sides
# are junctions: 4 inner arcs of one step, 4 outer arcs of two steps.
def test_four_cells_have_eight_arcs() -> None:
    topology = topology_of(grid(2, 2), names(4))
    assert len(topology.arc_offsets) - 1 == 8
    assert sorted(np.diff(topology.arc_offsets).tolist()) == [2, 2, 2, 2, 3, 3, 3, 3]
    assert same(geometries_of(topology), grid(2, 2))
    assert repr(topology) == "Topology(4 areas, 8 arcs, 20 points; no CRS)"


def test_an_enclave_and_its_hole_share_one_closed_arc() -> None:
    hole = shapely.box(1, 1, 2, 2)
    ring = shapely.Polygon(shapely.box(0, 0, 3, 3).exterior, [hole.exterior])
    topology = topology_of([ring, hole], ["ring", "hole"])
    assert len(topology.arc_offsets) - 1 == 2
    assert same(geometries_of(topology), [ring, hole])


def random_coverage(seed: int, cells: int) -> list[shapely.Geometry]:
    """Voronoi cells on a fine grid, a few cut out, so that there are holes, islands and point contacts."""
    rng = np.random.default_rng(seed)
    points = shapely.multipoints(rng.uniform(0, 1000, (cells, 2)))
    lines = shapely.union_all(shapely.boundary(shapely.get_parts(shapely.voronoi_polygons(points))), grid_size=1)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return [face for face in faces if rng.random() < 0.8] or list(faces)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), cells=st.integers(4, 60))
def test_any_coverage_survives(seed: int, cells: int) -> None:
    shapes = random_coverage(seed, cells)
    assert same(geometries_of(topology_of(shapes, names(len(shapes)))), shapes)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), cells=st.integers(4, 60), kind=st.sampled_from(["queen", "rook"]))
def test_links_are_those_of_libpysal(seed: int, cells: int, kind: str) -> None:
    shapes = random_coverage(seed, cells)
    heads, tails = contiguity_links(shapes, kind=kind)  # type: ignore[arg-type]
    graph = libpysal.graph.Graph.build_contiguity(gpd.GeoSeries(shapes), rook=kind == "rook").adjacency
    graph = graph[graph > 0]
    assert list(zip(heads, tails, strict=True)) == sorted(graph.index.tolist())


# 3 x 3 cells: queen 8 links for the middle, 5 for sides, 3 for corners: 8 + 4*5 + 4*3 = 40; rook 4 + 4*3 + 4*2 = 24
def test_links_of_nine_cells() -> None:
    assert len(shared_vertex_links(grid(3, 3))[0]) == 40
    assert len(contiguity_links(grid(3, 3), kind="rook")[0]) == 24
    with pytest.raises(GeometryError, match="'queen' or 'rook', not 'bishop'"):
        contiguity_links(grid(2, 2), kind="bishop")  # type: ignore[arg-type]


def test_links_of_nothing_of_one_and_of_islands() -> None:
    for shapes in ([], [cell(0, 0)], [cell(0, 0), cell(5, 5)], [shapely.Polygon(), cell(0, 0)]):
        for kind in ("queen", "rook"):
            heads, tails = contiguity_links(shapes, kind=kind)
            assert len(heads) == len(tails) == 0


def test_minus_zero_is_zero() -> None:
    left = shapely.Polygon([(-1, 0), (-0.0, 0), (-0.0, 1), (-1, 1)])
    right = shapely.Polygon([(0.0, 0), (1, 0), (1, 1), (0.0, 1)])
    assert len(contiguity_links([left, right])[0]) == 2


def test_disagreements_name_what_vertices_do_not_see() -> None:
    # b meets a along a border without common vertices, c overlaps b, d touches c in a point of c's side
    a, b = shapely.box(0, 0, 1, 3), shapely.box(1, 1, 2, 2)
    c = shapely.box(1.5, 1.25, 3, 1.75)
    d = shapely.Polygon([(3, 1.5), (4, 1), (4, 2)])
    shapes = [a, b, c, d]
    found = disagreements(shapes, *contiguity_links(shapes))
    assert found[["head", "tail", "relation"]].to_numpy().tolist() == [
        [0, 1, "border"],
        [1, 2, "overlap"],
        [2, 3, "point"],
    ]
    assert found["length"].iloc[0] == 1
    assert found["area"].iloc[1] == 0.25
    assert disagreements(grid(3, 3), *contiguity_links(grid(3, 3))).empty


def test_points_with_equal_keys_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    coordinates = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [2.0, 5.0]])
    expected, count = vertex_ids(coordinates)
    assert count == 3
    monkeypatch.setattr(vertices_module, "_ODD_A", np.uint64(0))  # every key becomes zero: all points collide
    ids, count = vertex_ids(coordinates)
    assert count == 3
    assert (ids[:, None] == ids).tolist() == (expected[:, None] == expected).tolist()


def test_keys_that_coincide_by_chance_make_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    # with every key zero all areas seem to share a point; full coordinates say that only neighbours do
    monkeypatch.setattr(contiguity, "vertex_keys", lambda coordinates: np.zeros(len(coordinates), dtype=np.uint64))
    shapes = [cell(0, 0), cell(1, 0), cell(5, 5)]
    assert [end.tolist() for end in contiguity_links(shapes)] == [[0, 1], [1, 0]]


def test_more_areas_than_keys_can_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contiguity, "MAX_AREA_BITS", 2)
    assert len(contiguity_links(grid(2, 2))[0]) == 12
    with pytest.raises(GeometryError, match="at most 4 areas at once, found 9"):
        contiguity_links(grid(3, 3))


def test_no_coordinates_have_no_points() -> None:
    assert vertex_ids(np.empty((0, 2)))[1] == 0


def test_the_way_points_are_numbered_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = [*random_coverage(7, 50), shapely.Point(3000, 3000).buffer(100), shapely.Point(5000, 0).buffer(70)]
    usual = topology_of(shapes, names(len(shapes)))
    monkeypatch.setattr(vertices_module, "_ODD_B", np.uint64(0x9E3779B97F4A7C17))
    other = topology_of(shapes, names(len(shapes)))
    assert np.array_equal(usual.points, other.points)
    assert np.array_equal(usual.ring_arcs, other.ring_arcs)
    assert np.array_equal(usual.arc_offsets, other.arc_offsets)


def test_rounding_drops_what_collapses_and_keeps_the_rest() -> None:
    sliver = shapely.box(0, 0, 100, 0.4)
    lake = shapely.Polygon(shapely.box(0, 10, 100, 110).exterior, [shapely.box(50, 50, 50.3, 60).exterior])
    both = shapely.MultiPolygon([shapely.box(200, 0, 300, 100), shapely.box(400, 0, 400.2, 50)])
    topology = topology_of([sliver, lake, both], names(3), scale=(10, 10))
    assert same(
        geometries_of(topology), [shapely.Polygon(), shapely.box(0, 10, 100, 110), shapely.box(200, 0, 300, 100)]
    )


def test_only_polygons_with_an_id_each_make_a_topology() -> None:
    with pytest.raises(GeometryError, match="not polygons: p"):
        topology_of([cell(0, 0), shapely.Point(0, 0)], ["a", "p"])
    with pytest.raises(GeometryError, match="1 geometries but 2 ids"):
        topology_of([cell(0, 0)], ["a", "b"])
    empty = topology_of([], [])
    assert isinstance(empty, Topology)
    assert len(geometries_of(empty)) == 0


def frame(shapes: list[shapely.Geometry], codes: list[str], crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": codes, "value": range(len(codes))}, geometry=shapes, crs=crs)


def test_layers_of_one_coverage_share_their_arcs() -> None:
    districts = frame(grid(2, 2), ["a", "b", "c", "d"])
    regions = frame([shapely.box(0, 0, 2, 1), shapely.box(0, 1, 2, 2)], ["south", "north"])
    regions["geometry"] = [shapely.union_all(grid(2, 2)[:2]), shapely.union_all(grid(2, 2)[2:])]
    single = shapely.MultiPolygon([cell(8, 8), cell(10, 10)])
    islands = encode({"islands": frame([single], ["i"])}, scale=(0.01, 0.01))
    assert islands["objects"]["islands"]["geometries"][0]["type"] == "MultiPolygon"
    assert same(decode(islands, "islands").geometry, [single])
    alone = encode({"districts": districts}, scale=(0.01, 0.01))
    document = encode({"districts": districts, "regions": regions}, scale=(0.01, 0.01), properties=["value"])
    assert len(document["arcs"]) == len(alone["arcs"]) == 8
    assert document["objects"]["regions"]["geometries"][1]["properties"] == {"value": 1}
    again = json.loads(json.dumps(document))
    read = decode(again, "regions")
    assert read["code"].tolist() == ["south", "north"]
    assert read["value"].tolist() == [0, 1]
    assert read.crs.to_string() == "EPSG:4326"
    assert shapely.equals_exact(
        read.geometry.normalize().to_numpy(), regions.geometry.normalize().to_numpy(), 1e-9
    ).all()


def test_topojson_follows_the_specification() -> None:
    # first point absolute, the rest steps; scale and translate give coordinates back; ~i is arc i backwards
    document = encode({"x": frame([cell(10, 50), cell(11, 50)], ["l", "r"])}, scale=(0.5, 0.5))
    assert document["type"] == "Topology"
    assert document["transform"] == {"scale": [0.5, 0.5], "translate": [10.0, 50.0]}
    left, right = document["objects"]["x"]["geometries"]
    assert left["type"] == "Polygon"
    used = [arc for shape in (left, right) for ring in shape["arcs"] for arc in ring]
    shared = {arc for arc in used if ~arc in used}
    assert len(shared) == 2
    for shape, start in ((left, 10), (right, 11)):
        line: list[tuple[float, float]] = []
        for arc in shape["arcs"][0]:
            steps = np.cumsum(document["arcs"][arc if arc >= 0 else ~arc], axis=0)
            line += [(0.5 * x + 10, 0.5 * y + 50) for x, y in (steps if arc >= 0 else steps[::-1])]
        assert shapely.equals(shapely.Polygon(line), cell(start, 50))
        assert line[0] == line[-1]


def test_metres_are_said_and_read_back() -> None:
    districts = frame([shapely.box(0, 0, 100, 100)], ["a"], crs="EPSG:27700")
    document = encode({"d": districts}, scale=(10, 10))
    assert document["crs"] == "EPSG:27700"
    assert decode(document, "d").crs.to_string() == "EPSG:27700"
    assert same(decode(document, "d").geometry, districts.geometry)


def test_what_collapses_on_the_grid_is_a_null_shape() -> None:
    document = encode({"d": frame([cell(0, 0), shapely.box(2, 0, 2.001, 1)], ["a", "thin"])}, scale=(0.1, 0.1))
    assert document["objects"]["d"]["geometries"][1] == {"type": None, "id": "thin"}
    assert decode(document, "d").geometry.is_empty.tolist() == [False, True]


def test_faults_in_layers_and_documents_are_named() -> None:
    with pytest.raises(GeometryError, match="no layer to write"):
        encode({})
    with pytest.raises(GeometryError, match="must share their reference system"):
        encode({"a": frame([cell(0, 0)], ["a"]), "b": frame([cell(0, 0)], ["b"], crs="EPSG:27700")})
    document = encode({"a": frame([cell(0, 0)], ["a"])})
    with pytest.raises(GeometryError, match="no layer 'b'\n  it has a"):
        decode(document, "b")
    with pytest.raises(GeometryError, match="quantised TopoJSON"):
        topology_from({"type": "FeatureCollection"}, "a")
    document["objects"]["a"]["geometries"][0]["type"] = "LineString"
    with pytest.raises(GeometryError, match="not made of polygons"):
        topology_from(document, "a")


@pytest.mark.real_data
def test_links_of_real_small_areas_are_those_of_libpysal(real_data: Path) -> None:
    areas = gpd.read_parquet(real_data / "boundaries" / "small_areas" / "LSOA_DEC_2021_EW_BGC.parquet")
    sample = areas.iloc[:4000].reset_index(drop=True)
    heads, tails = contiguity_links(sample.geometry.to_numpy())
    graph = libpysal.graph.Graph.build_contiguity(sample, rook=False).adjacency
    assert list(zip(heads, tails, strict=True)) == sorted(graph[graph > 0].index.tolist())


@pytest.mark.real_data
def test_a_published_topology_is_read_as_published(real_data: Path) -> None:
    path = real_data / "boundaries" / "uk_topo_2014_2025_ELS.topojson"
    document = json.loads(path.read_bytes())
    layer = next(iter(document["objects"]))
    for number, row in enumerate(document["objects"][layer]["geometries"]):
        row.setdefault("id", str(number))
    ours = geometries_of(topology_from(document, layer))
    theirs = pyogrio.read_dataframe(path, layer=layer).geometry.to_numpy()
    assert np.abs(shapely.area(ours) - shapely.area(theirs)).max() < 1e-9
