"""Shapes made ready once and drawn many times, and where on a page a country or a region stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from geo import crs
from geo.errors import MapError
from maps.page.boxes import Box, View

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd

    from boundaries.areas.boundary_set import BoundarySet

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

LONDON = "E12000007"
LONDON_ENLARGEMENT = 4.5
"""How much larger the London box is than the map: between four and five times, as on the maps of the Commons Library."""

LONDON_PAD, LONDON_HEAD, LONDON_GAP = 11_000.0, 22_000.0, 12_000.0
"""White space in the London box, above it for its name, and between it and the coast, in metres of the main map."""

SHETLAND = "S12000027"
SHETLAND_SHIFT = 190_000.0
"""Metres to the south by which a boxed Shetland moves: into the sea east of Orkney and Caithness."""

OUTSIDE = -1
"""The neighbour of a border that is no other area of the layer: the sea or another country."""


@dataclass(frozen=True, slots=True)
class Borders:
    """Borders once each, as runs of vertices: run r is xy[start[r]:start[r + 1]], between areas ``left`` and ``right``.

    ``right`` is ``OUTSIDE`` for coasts and outer borders.
    """

    xy: FloatArray
    start: IntArray
    left: IntArray
    right: IntArray


@dataclass(frozen=True, slots=True)
class Shapes:
    """Polygons of one layer in one plane, as flat arrays.

    ``xy`` shape (n_vertices, 2), metres; ring r is xy[ring_start[r]:ring_start[r + 1]], closed, shells anticlockwise and holes
    clockwise; area a holds rings area_ring[a] to area_ring[a + 1]; ``bounds`` shape (n_areas, 4). ``kept`` holds what was
    made from them for a view (path texts, borders), so that the next map has it ready.
    """

    codes: tuple[str, ...]
    xy: FloatArray
    ring_start: IntArray
    area_ring: IntArray
    bounds: FloatArray
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.codes)

    def vertex_area(self) -> IntArray:
        """Return the area each vertex belongs to, shape (n_vertices,)."""
        if "vertex_area" not in self.kept:
            rings = np.repeat(np.arange(len(self)), np.diff(self.area_ring))
            self.kept["vertex_area"] = np.repeat(rings, np.diff(self.ring_start))
        found: IntArray = self.kept["vertex_area"]
        return found

    def borders(self) -> Borders:
        """Return the borders, found on first use."""
        if "borders" not in self.kept:
            self.kept["borders"] = _borders(self)
        found: Borders = self.kept["borders"]
        return found

    def position(self) -> dict[str, int]:
        """Return the place of each code."""
        if "position" not in self.kept:
            self.kept["position"] = {code: i for i, code in enumerate(self.codes)}
        found: dict[str, int] = self.kept["position"]
        return found


@dataclass(frozen=True, slots=True)
class Canvas:
    """A boundary set and its surroundings, projected once a plane and kept for all maps of a run.

    ``plane`` is "" for maps in true places; a cartogram is drawn in the plane it was made in, without a London box.
    """

    boundaries: BoundarySet
    neighbours: gpd.GeoDataFrame | None = None
    context: gpd.GeoDataFrame | None = None
    plane: str = ""
    shetland_boxed: str = ""
    kept: dict[str, tuple[Shapes, Shapes]] = field(default_factory=dict, compare=False, repr=False)
    projected: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def polygons(self, plane: str) -> Any:
        """Return the areas as shapes in a plane, in the order of the set; a boxed Shetland where it is drawn."""
        if plane not in self.projected:
            areas = self.boundaries.frame
            polygons = _polygons(areas, areas.crs, plane)
            moved = self.boxed_members()
            if plane == crs.UK_EQUAL_AREA and len(moved):
                polygons = polygons.copy()
                polygons[moved] = shapely.transform(polygons[moved], lambda xy: xy - np.array([0.0, SHETLAND_SHIFT]))
            self.projected[plane] = polygons
        return self.projected[plane]

    def shapes(self, plane: str) -> tuple[Shapes, Shapes]:
        """Return the areas, and the grey land around them, in a plane."""
        if plane not in self.kept:
            ground = [layer for layer in (self.neighbours, self.context) if layer is not None and len(layer)]
            grey = [shape for layer in ground for shape in _polygons(layer, layer.crs, plane)]
            self.kept[plane] = (
                flattened(tuple(self.boundaries.frame["code"]), self.polygons(plane)),
                flattened(tuple(str(i) for i in range(len(grey))), np.array(grey, dtype=object)),
            )
        return self.kept[plane]

    def boxed_members(self) -> IntArray:
        """Return the places of the areas that stand in the Shetland box; none where it is in its true place."""
        codes = self.boundaries.frame["code"]
        return np.flatnonzero((codes == SHETLAND).to_numpy() & bool(self.shetland_boxed)).astype(np.int64)

    def plane_for(self, codes: Collection[str], *, regional: bool) -> str:
        """Return the plane of a map: equal-area for the UK, Irish Transverse Mercator or the National Grid for a region."""
        if self.plane:
            return self.plane
        if not regional:
            return crs.UK_EQUAL_AREA
        frame = self.boundaries.frame
        nations = set(frame.loc[frame["code"].isin(set(codes)), "nation"])
        return crs.IRISH_TRANSVERSE_MERCATOR if nations == {"N"} else crs.BRITISH_NATIONAL_GRID


def prepare(
    boundaries: BoundarySet,
    neighbours: gpd.GeoDataFrame | None = None,
    context: gpd.GeoDataFrame | None = None,
    *,
    plane: str = "",
    shetland_boxed: str = "",
) -> Canvas:
    """Make shapes ready for many maps; planes are projected when first wanted.

    Parameters
    ----------
    boundaries : the areas.
    neighbours : land of other countries, drawn grey (the Republic of Ireland).
    context : other land of the country, drawn grey too (round a regional set).
    plane : of a cartogram; "" for maps in true places.
    shetland_boxed : why Shetland is shown in a box nearer the mainland; printed on every map, for the Islands (Scotland) Act
        2018 asks Scottish public bodies to show it in its true place or to say why not. "" shows it in its place.

    Raises
    ------
    MapError
        A set without areas, or with areas that have no polygon.
    """
    frame = boundaries.frame
    bad = frame["geometry"].isna() | frame["geometry"].is_empty
    if len(frame) == 0 or bad.any():
        what = "a map needs areas" if len(frame) == 0 else "areas without a shape cannot be drawn"
        raise MapError(what, [f"{int(bad.sum())} of {len(frame)} areas of {boundaries.geography} are empty"])
    return Canvas(boundaries, neighbours, context, plane, shetland_boxed)


def flattened(codes: tuple[str, ...], polygons: Any) -> Shapes:
    """Return polygons (shape (n,), already in the plane) as flat arrays."""
    if len(codes) == 0:
        empty = np.zeros(1, dtype=np.int64)
        return Shapes((), np.zeros((0, 2)), empty, empty, np.zeros((0, 4)))
    # shells one way and holes the other: both writers then fill by winding and leave holes open
    turned = shapely.orient_polygons(polygons)
    _, xy, offsets = shapely.to_ragged_array(turned)
    ring_start, polygon_ring = (np.asarray(part, dtype=np.int64) for part in offsets[:2])
    area_polygon = np.asarray(offsets[2], dtype=np.int64) if len(offsets) == 3 else np.arange(len(codes) + 1)
    return Shapes(
        codes=codes,
        xy=np.ascontiguousarray(xy[:, :2], dtype=np.float64),
        ring_start=ring_start,
        area_ring=polygon_ring[area_polygon],
        bounds=shapely.bounds(turned),
    )


def fitted(bounds: tuple[float, float, float, float], box: Box) -> View:
    """Return the view that shows bounds (metres) as large as a box allows, in its middle."""
    west, south, east, north = bounds
    scale = min(box.width / max(east - west, 1.0), box.height / max(north - south, 1.0))
    dx = box.x + (box.width - scale * (east - west)) / 2 - scale * west
    dy = box.y + (box.height - scale * (north - south)) / 2 + scale * north
    return View(scale, dx, dy, box)


def bounds_of(shapes: Shapes, members: IntArray) -> tuple[float, float, float, float]:
    """Return west, south, east, north of some areas."""
    chosen = shapes.bounds[members]
    return (float(chosen[:, 0].min()), float(chosen[:, 1].min()), float(chosen[:, 2].max()), float(chosen[:, 3].max()))


@dataclass(frozen=True, slots=True)
class Composition:
    """Views of a map: the main one, and a box for London when there is one, with its place on the main map."""

    main: View
    london: View | None = None
    london_members: IntArray | None = None
    london_place: Box | None = None
    london_frame: Box | None = None


def aspect(canvas: Canvas, plane: str, *, london: bool) -> float:
    """Return width over height of the composition."""
    shapes, _ = canvas.shapes(plane)
    west, south, east, north = bounds_of(shapes, np.arange(len(shapes)))
    room = _london_room(canvas, shapes) if london else 0.0
    return (east - west) / (north - south + room)


def compose_uk(canvas: Canvas, plane: str, box: Box, *, london: bool) -> Composition:
    """Place the whole UK in a box; London, 4.5 times larger, under the south coast at the right."""
    shapes, _ = canvas.shapes(plane)
    west, south, east, north = bounds_of(shapes, np.arange(len(shapes)))
    members = _london_members(canvas) if london else np.zeros(0, dtype=np.int64)
    if len(members) < 2:
        return Composition(fitted((west, south, east, north), box))
    room = _london_room(canvas, shapes)
    main = fitted((west, south - room, east, north), box)
    l_west, l_south, l_east, l_north = bounds_of(shapes, members)
    scale = main.scale * LONDON_ENLARGEMENT
    width, height = scale * (l_east - l_west), scale * (l_north - l_south)
    pad, head = main.scale * LONDON_PAD, main.scale * LONDON_HEAD
    right, bottom = main.point(east, south - room)
    frame = Box(right - width - 2 * pad, bottom - height - 2 * pad - head, width + 2 * pad, height + 2 * pad + head)
    place_x, place_y = main.point(l_west, l_north)
    place = Box(place_x, place_y, main.scale * (l_east - l_west), main.scale * (l_north - l_south))
    inside = Box(frame.x + pad, frame.y + pad + head, width, height)
    return Composition(main, fitted((l_west, l_south, l_east, l_north), inside), members, place, frame)


def _london_members(canvas: Canvas) -> IntArray:
    frame = canvas.boundaries.frame
    return np.flatnonzero((frame["region_code"] == LONDON).to_numpy()).astype(np.int64)


def _london_room(canvas: Canvas, shapes: Shapes) -> float:
    """Return how many metres the map must grow to the south for the London box to stand clear of the coast."""
    members = _london_members(canvas)
    if len(members) < 2:
        return 0.0
    west, south, east, north = bounds_of(shapes, members)
    needed = LONDON_ENLARGEMENT * (north - south) + 2 * LONDON_PAD + LONDON_HEAD + LONDON_GAP
    left = (
        bounds_of(shapes, np.arange(len(shapes)))[2] - LONDON_ENLARGEMENT * (east - west) - 2 * LONDON_PAD - LONDON_GAP
    )
    coast = shapes.xy[shapes.xy[:, 0] >= left, 1].min()
    overall = shapes.xy[:, 1].min()
    return float(max(0.0, needed - (coast - overall)))


def _polygons(layer: gpd.GeoDataFrame, source: Any, plane: str) -> Any:
    shapes = layer.geometry.to_numpy()
    if pyproj.CRS.from_user_input(source) != pyproj.CRS.from_user_input(plane):
        transformer = pyproj.Transformer.from_crs(source, plane, always_xy=True)
        shapes = shapely.transform(shapes, transformer.transform, interleaved=False)
    return shapes


def _borders(shapes: Shapes) -> Borders:
    """Match each side of each ring with its twin in another area, by its two end points."""
    ends = shapes.ring_start[1:] - 1
    is_side = np.ones(len(shapes.xy), dtype=bool)
    is_side[ends] = False
    first = np.flatnonzero(is_side)
    point = np.unique(shapes.xy[:, 0] + 1j * shapes.xy[:, 1], return_inverse=True)[1].astype(np.int64)
    low, high = np.minimum(point[first], point[first + 1]), np.maximum(point[first], point[first + 1])
    key = low * np.int64(len(shapes.xy)) + high
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    area = shapes.vertex_area()[first]
    other = np.full(len(first), OUTSIDE, dtype=np.int64)
    other[order[same]] = area[order[same + 1]]
    other[order[same + 1]] = area[order[same]]
    owned = np.flatnonzero((other == OUTSIDE) | (area < other))
    goes_on = (first[owned][1:] == first[owned][:-1] + 1) & (other[owned][1:] == other[owned][:-1])
    heads = np.concatenate([[0], np.flatnonzero(~goes_on) + 1]) if len(owned) else np.zeros(0, dtype=np.int64)
    tails = np.concatenate([heads[1:], [len(owned)]]) if len(owned) else heads
    lengths = tails - heads + 1
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    vertices = np.repeat(first[owned][heads] - start[:-1], lengths) + np.arange(start[-1]) if len(owned) else heads
    return Borders(shapes.xy[vertices], start, area[owned][heads], other[owned][heads])
