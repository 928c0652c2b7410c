"""Graphs from geometry, points, files and other graphs; every builder returns the same immutable weights."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal, TypeGuard

import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.spatial import KDTree

from analysis.weights.graph import Floats, Ints, Weights, assembled
from geo.errors import StatisticsError, TableError, listed
from geo.topology import contiguity_links, disagreements

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from libpysal.graph import Graph


def queen(geometries: gpd.GeoSeries) -> Weights:
    """Join areas that share at least one point of their borders.

    Parameters
    ----------
    geometries : polygons indexed by code.
    """
    return _contiguity(geometries, "queen")


def rook(geometries: gpd.GeoSeries) -> Weights:
    """Join areas that share a stretch of border, not only a corner.

    Parameters
    ----------
    geometries : polygons indexed by code.
    """
    return _contiguity(geometries, "rook")


def knn(geometries: gpd.GeoSeries, *, k: int, symmetric: bool = True) -> Weights:
    """Join each area to the ``k`` others whose centroids are nearest.

    Parameters
    ----------
    geometries : shapes or points indexed by code, in a projected CRS.
    k : neighbours asked for.
    symmetric : also join each area to those that chose it, so that being neighbours is mutual.

    Raises
    ------
    StatisticsError
        ``k`` is below 1 or not below the number of areas, or two areas stand on the same point.
    """
    points = _points(geometries)
    n = len(points)
    if not 1 <= k < n:
        raise StatisticsError(f"each area was to have {k} nearest neighbours among {n} areas", ["choose 1 ≤ k < areas"])
    found = KDTree(points).query(points, k=k + 1)[1]
    focal = np.arange(n)[:, None]
    # An area is its own nearest point unless another stands on the same spot: then drop the last one instead.
    itself = found == focal
    itself[~itself.any(axis=1), -1] = True
    columns = found[~itself].astype(np.int64)
    rows = np.repeat(np.arange(n, dtype=np.int64), k)
    if symmetric:
        rows, columns = np.concatenate([rows, columns]), np.concatenate([columns, rows])
    return assembled(
        geometries.index,
        rows,
        columns,
        policy=f"knn{k}" if symmetric else f"knn{k}-directed",
        parameters={"k": k, "symmetric": symmetric},
    )


def distance_band(geometries: gpd.GeoSeries, *, threshold_m: float) -> Weights:
    """Join areas whose centroids are at most ``threshold_m`` apart.

    Parameters
    ----------
    geometries : shapes or points indexed by code, in a CRS in metres.
    threshold_m : distance, metres.

    Raises
    ------
    StatisticsError
        The distance is not positive.
    """
    if not threshold_m > 0:
        raise StatisticsError(f"a distance band of {threshold_m} m joins nothing", ["give a distance above 0 metres"])
    pairs = KDTree(_points(geometries)).query_pairs(threshold_m, output_type="ndarray").astype(np.int64)
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    return assembled(
        geometries.index, rows, columns, policy=f"distance:{threshold_m:g}", parameters={"threshold_m": threshold_m}
    )


def higher_order(weights: Weights, *, order: int = 2, lower: bool = True) -> Weights:
    """Join areas that are ``order`` steps apart, by the shortest way, in another graph.

    Parameters
    ----------
    weights : the graph whose steps are counted.
    order : number of steps.
    lower : also join those fewer steps apart.

    Raises
    ------
    StatisticsError
        ``order`` is below 1.
    """
    if order < 1:
        raise StatisticsError(f"neighbours of order {order} do not exist", ["give an order of 1 or more"])
    step = weights.sparse().astype(bool)
    n = len(weights)
    reached = sparse.eye_array(n, dtype=bool, format="csr")
    ring = reached
    for _ in range(order):
        ring = ((ring @ step).astype(np.int8) - reached.astype(np.int8) > 0).tocsr()
        reached = (reached + ring).tocsr()
    chosen = reached.tocoo() if lower else ring.tocoo()
    apart = chosen.row != chosen.col
    return assembled(
        weights.ids,
        chosen.row[apart].astype(np.int64),
        chosen.col[apart].astype(np.int64),
        policy=f"{weights.policy}-order-{order}",
        parameters={**weights.parameters, "order": order, "lower": lower},
        notes=(*weights.audit.notes, f"steps are counted over {weights.policy}"),
    )


def from_edges(edges: pd.DataFrame, *, ids: pd.Index | None = None, symmetric: bool = False) -> Weights:
    """Use links from a table: a list of neighbours, commuting flows.

    Parameters
    ----------
    edges : columns ``from``, ``to`` and optionally ``weight`` (1 when there is none), one row a directed link.
    ids : every area, in order; codes of the table in order of their sort when not given.
    symmetric : add each link's reverse; a pair given both ways gets the sum of its two weights both ways.

    Raises
    ------
    TableError
        A column is missing, a weight is not a number, or a code is not among ``ids``.
    StatisticsError
        A link that is doubled, joins an area to itself, or weighs nothing.
    """
    missing = [name for name in ("from", "to") if name not in edges.columns]
    if missing:
        raise TableError(
            f"a table of links has no column {listed(missing)}", [f"found the columns {listed(edges.columns)}"]
        )
    raw = edges["weight"] if "weight" in edges.columns else pd.Series(1.0, index=edges.index)
    weight = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=np.float64)
    start, end = edges["from"].astype(str), edges["to"].astype(str)
    index = pd.Index(sorted({*start, *end})) if ids is None else ids
    rows, columns = index.get_indexer(pd.Index(start)), index.get_indexer(pd.Index(end))
    faults = []
    if np.isnan(weight).any():
        faults.append(f"weights that are not numbers: {listed(raw[np.isnan(weight)])}")
    if (rows < 0).any() or (columns < 0).any():
        strangers = sorted({*start[rows < 0], *end[columns < 0]})
        faults.append(f"codes that are not among the areas: {listed(strangers)}")
    if faults:
        raise TableError("this table of links cannot be used", faults)
    twice = pd.DataFrame({"from": start, "to": end}).duplicated()
    if twice.any():
        pairs = start[twice] + "-" + end[twice]
        raise StatisticsError("links are given more than once", [listed(pairs), "add up their weights first"])
    if symmetric:
        n = len(index)
        one_way = sparse.coo_array((weight, (rows, columns)), shape=(n, n))
        both = (one_way + one_way.T).tocoo()
        rows, columns, weight = both.row, both.col, both.data
    return assembled(
        index,
        np.asarray(rows, dtype=np.int64),
        np.asarray(columns, dtype=np.int64),
        weight,
        policy="edges",
        parameters={"symmetric": symmetric},
    )


def is_graph(given: object) -> TypeGuard[Graph]:
    """Say whether something is a ``libpysal.graph.Graph``; libpysal is not loaded to find out: who has one has loaded it."""
    module = sys.modules.get("libpysal.graph")
    return module is not None and isinstance(given, module.Graph)


def from_graph(graph: Graph, *, policy: str = "graph") -> Weights:
    """Take over a ``libpysal.graph.Graph``; its markers of isolates (a self-link of weight 0) become isolates."""
    matrix = graph.sparse.tocoo()
    real = matrix.data != 0
    return assembled(
        pd.Index(graph.unique_ids),
        matrix.row[real].astype(np.int64),
        matrix.col[real].astype(np.int64),
        matrix.data[real],
        policy=policy,
    )


def joined_by(weights: Weights, pairs: Mapping[tuple[str, str], str], *, policy: str) -> Weights:
    """Add mutual binary links between pairs of codes; pairs that are neighbours already are left as they are.

    Parameters
    ----------
    weights : the graph to add to.
    pairs : (code, code) → what joins them; the audit lists those that were added.
    policy : name of the result.
    """
    matrix = weights.sparse().tocoo()
    present = set(zip(matrix.row.tolist(), matrix.col.tolist(), strict=True))
    added: list[tuple[str, str, str]] = []
    rows: list[int] = []
    columns: list[int] = []
    for (start, end), reason in pairs.items():
        a, b = (int(position) for position in weights.ids.get_indexer(pd.Index([start, end])))
        if (a, b) not in present:
            present |= {(a, b), (b, a)}
            added.append((start, end, reason))
            rows += [a, b]
            columns += [b, a]
    return assembled(
        weights.ids,
        np.concatenate([matrix.row, np.array(rows, dtype=np.int64)]).astype(np.int64),
        np.concatenate([matrix.col, np.array(columns, dtype=np.int64)]).astype(np.int64),
        np.concatenate([matrix.data, np.ones(len(rows))]),
        policy=policy,
        parameters=weights.parameters,
        sea_links=(*weights.audit.sea_links, *added),
        notes=weights.audit.notes,
    )


def _contiguity(geometries: gpd.GeoSeries, kind: Literal["queen", "rook"]) -> Weights:
    """Join polygons that share a vertex (queen) or an edge (rook); say which others meet on the ground all the same."""
    _check_shapes(geometries)
    shapes = np.asarray(geometries.array)
    rows, columns = contiguity_links(shapes, kind=kind)
    return assembled(
        geometries.index,
        np.asarray(rows, dtype=np.int64),
        np.asarray(columns, dtype=np.int64),
        policy=kind,
        notes=_unshared(geometries.index, shapes, rows, columns) if kind == "queen" else (),
    )


def _unshared(ids: pd.Index, shapes: Any, rows: Ints, columns: Ints) -> tuple[str, ...]:
    """Say which areas meet on the ground but share no vertex: a border drawn differently on its two sides."""
    if not shapely.is_valid(shapes).all():
        return ("shapes that are not valid were not checked for borders drawn differently on their two sides",)
    found = disagreements(shapes, rows, columns)
    if found.empty:
        return ("shared vertices and geometric intersection find the same neighbours",)
    pairs = [f"{ids[a]}-{ids[b]}" for a, b in zip(found["head"], found["tail"], strict=True)]
    return (f"areas that meet on the ground but share no vertex, not linked: {listed(pairs)}",)


def _check_shapes(geometries: gpd.GeoSeries) -> None:
    """Refuse missing or empty shapes, and anything that is no polygon."""
    shapes = np.asarray(geometries.array)
    void = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    flat = ~void & (shapely.get_dimensions(shapes) != 2)
    faults = []
    if void.any():
        faults.append(f"areas without a shape: {listed(geometries.index[void])}")
    if flat.any():
        faults.append(f"areas that are not polygons: {listed(geometries.index[flat])}")
    if faults:
        raise StatisticsError("neighbours by border need a polygon for every area", faults)


def _points(geometries: gpd.GeoSeries) -> Floats:
    """Return centroids, shape (n, 2), in the units of the CRS.

    Raises
    ------
    StatisticsError
        A shape is missing or empty, or the CRS is in degrees.
    """
    if geometries.crs is not None and geometries.crs.is_geographic:
        raise StatisticsError("nearest neighbours in degrees are not nearest", ["project the areas first (EPSG:27700)"])
    shapes: Any = np.asarray(geometries.array)
    void = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if void.any():
        raise StatisticsError("neighbours by distance need a shape for every area", [listed(geometries.index[void])])
    points: Floats = shapely.get_coordinates(shapely.centroid(shapes))
    return points
