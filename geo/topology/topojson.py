"""TopoJSON: several layers on one set of arcs, coordinates as small integers, deltas along each arc."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from geo.crs import WGS84
from geo.errors import GeometryError, listed
from geo.topology.arcs import Topology, geometries_of, topology_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

DEGREES = (2e-4, 1e-4)
"""Grid of web pages: cells of 11 m by about 11 m in the middle of the United Kingdom."""


def encode(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    id_column: str = "code",
    properties: Sequence[str] = (),
    scale: tuple[float, float] = DEGREES,
) -> dict[str, Any]:
    """Write layers of one coverage as one TopoJSON object, every border once.

    Parameters
    ----------
    layers : name → areas; a layer and its dissolves share their arcs when their vertices are equal. All in one CRS.
    id_column : column whose values become the ids of the areas.
    properties : columns to carry along; values must be JSON-able.
    scale : size of a grid cell along x and y, in units of the CRS.

    Returns
    -------
    JSON-able object with "type", "transform", "arcs" and "objects" (one GeometryCollection a layer; an area whose
    rings all collapse on the grid has ``"type": null``). Coordinates outside WGS 84 add the member "crs".

    Raises
    ------
    GeometryError
        No layer, layers in different systems, or something that is not a polygon.
    """
    if not layers:
        raise GeometryError("there is no layer to write as TopoJSON")
    systems = {str(frame.crs) for frame in layers.values()}
    if len(systems) > 1:
        raise GeometryError(
            "layers that share arcs must share their reference system", [f"found {listed(sorted(systems))}"]
        )
    geometries = np.concatenate([frame.geometry.to_numpy() for frame in layers.values()])
    ids = [str(name) for frame in layers.values() for name in frame[id_column]]
    west, south = (float(v) for v in np.nanmin([frame.total_bounds[:2] for frame in layers.values()], axis=0))
    origin = (round(np.floor(west / scale[0]) * scale[0], 10), round(np.floor(south / scale[1]) * scale[1], 10))
    topology = topology_of(geometries, ids, scale=scale, origin=origin, crs=systems.pop())
    drawn = _area_arcs(topology)
    objects: dict[str, Any] = {}
    start = 0
    for name, frame in layers.items():
        rows = [_geometry(drawn[start + i], ids[start + i]) for i in range(len(frame))]
        for column in properties:
            for row, value in zip(rows, frame[column], strict=True):
                row.setdefault("properties", {})[column] = value
        objects[name] = {"type": "GeometryCollection", "geometries": rows}
        start += len(frame)
    document: dict[str, Any] = {
        "type": "Topology",
        "transform": {"scale": list(scale), "translate": list(origin)},
        "objects": objects,
        "arcs": _deltas(topology),
    }
    if topology.crs != WGS84:
        document["crs"] = topology.crs
    return document


def decode(document: Mapping[str, Any], layer: str, *, id_column: str = "code") -> gpd.GeoDataFrame:
    """Read one layer of a TopoJSON object as areas, with their properties; the inverse of ``encode``.

    Raises
    ------
    GeometryError
        A layer that is not there, or an object without quantised arcs.
    """
    topology = topology_from(document, layer)
    frame = gpd.GeoDataFrame({id_column: list(topology.ids)}, geometry=geometries_of(topology), crs=topology.crs)
    rows = document["objects"][layer]["geometries"]
    for column in dict.fromkeys(key for row in rows for key in row.get("properties") or {}):
        frame.insert(len(frame.columns) - 1, column, [(row.get("properties") or {}).get(column) for row in rows])
    return frame


def topology_from(document: Mapping[str, Any], layer: str) -> Topology:
    """Read one layer of a TopoJSON object as a topology; all arcs are kept, so layers of one object stay comparable.

    Raises
    ------
    GeometryError
        A layer that is not there, an object without quantised arcs, or geometry that is not polygons.
    """
    if document.get("type") != "Topology" or "transform" not in document:
        raise GeometryError("expected a quantised TopoJSON object", [f"found type {document.get('type')!r}"])
    objects = document.get("objects", {})
    if layer not in objects:
        raise GeometryError(f"the TopoJSON object has no layer {layer!r}", [f"it has {listed(objects)}"])
    rows = objects[layer]["geometries"]
    odd = [row.get("id", "?") for row in rows if row["type"] not in {"Polygon", "MultiPolygon", None}]
    if odd:
        raise GeometryError(f"layer {layer!r} is not made of polygons", [f"others: {listed(odd)}"])
    areas = [_polygons(row) for row in rows]
    polygons = [polygon for area in areas for polygon in area]
    rings = [ring for polygon in polygons for ring in polygon]
    lengths = np.fromiter((len(arc) for arc in document["arcs"]), dtype=np.int64, count=len(document["arcs"]))
    offsets = np.r_[0, np.cumsum(lengths)]
    steps = np.array([pair for arc in document["arcs"] for pair in arc], dtype=np.int64).reshape(-1, 2)
    running = np.cumsum(steps, axis=0)
    before = running[offsets[:-1]] - steps[offsets[:-1]]
    transform = document["transform"]
    return Topology(
        ids=tuple(str(row["id"]) for row in rows),
        points=running - np.repeat(before, lengths, axis=0),
        arc_offsets=offsets,
        ring_arcs=np.array([arc for ring in rings for arc in ring], dtype=np.int64),
        ring_offsets=_lengths(rings),
        polygon_offsets=_lengths(polygons),
        area_offsets=_lengths(areas),
        scale=(float(transform["scale"][0]), float(transform["scale"][1])),
        origin=(float(transform["translate"][0]), float(transform["translate"][1])),
        crs=str(document.get("crs", WGS84)),
    )


def _polygons(row: Mapping[str, Any]) -> list[list[list[int]]]:
    if row["type"] is None:
        return []
    return [row["arcs"]] if row["type"] == "Polygon" else list(row["arcs"])


def _lengths(items: Sequence[Sequence[Any]]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(item) for item in items)], dtype=np.int64)


def _area_arcs(topology: Topology) -> list[list[list[list[int]]]]:
    """Nest the arcs of all areas: polygons, rings, signed arcs."""
    rings = _nested(topology.ring_arcs.tolist(), topology.ring_offsets)
    return _nested(_nested(rings, topology.polygon_offsets), topology.area_offsets)


def _nested(items: list[Any], offsets: NDArray[np.int64]) -> list[Any]:
    bounds = offsets.tolist()
    return [items[start:stop] for start, stop in pairwise(bounds)]


def _geometry(polygons: list[list[list[int]]], name: str) -> dict[str, Any]:
    if not polygons:
        return {"type": None, "id": name}
    if len(polygons) == 1:
        return {"type": "Polygon", "id": name, "arcs": polygons[0]}
    return {"type": "MultiPolygon", "id": name, "arcs": polygons}


def _deltas(topology: Topology) -> list[list[list[int]]]:
    """Return each arc as its first point and the steps from point to point."""
    steps = np.diff(topology.points, axis=0, prepend=0)
    starts = topology.arc_offsets[:-1]
    steps[starts] = topology.points[starts]
    return _nested(steps.tolist(), topology.arc_offsets)
