"""Hexagons of equal size, one an area: read from published layouts, or laid out so that neighbours stay neighbours.

Our own layout has three steps, all deterministic: areas are drawn together and pushed apart until neighbours lie one cell from
each other (springs), each is given a cell of its own at the least total displacement (linear assignment), and cells are exchanged
while that lets more neighbours touch.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo import crs
from geo.errors import GeometryError, MapError, listed
from geo.provenance import Source
from maps.composition import OUTSIDE, flattened

if TYPE_CHECKING:
    from pathlib import Path

    from boundaries.boundary_set import BoundarySet
    from maps.composition import FloatArray, IntArray
    from maps.spec import MapSpec

PLANE = crs.BRITISH_NATIONAL_GRID
"""Declared for hexagons so that files can hold them; the plane is abstract, distances in it mean nothing."""

SPACING = 30_000.0
"""Distance of two neighbouring cells in the abstract plane."""

LAYOUTS = ("odd-r", "even-r", "odd-q", "even-q")
"""How HexJSON numbers columns (q) and rows (r): which rows, or columns, are shoved by half a cell."""

_NEXT = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))
"""Steps to the six neighbours in axial coordinates."""


@dataclass(frozen=True, slots=True)
class HexLayout:
    """Cells by area.

    ``frame`` is indexed by code with columns ``q r`` (axial coordinates, pointed tops, r upwards). ``kept`` is the share of
    neighbouring pairs that still touch, ``touching`` the share of touching pairs that are neighbours; NaN where no pair is known.
    """

    frame: pd.DataFrame
    source: Source
    kept: float = float("nan")
    touching: float = float("nan")

    def __repr__(self) -> str:
        """State the number of cells and the scores."""
        return f"HexLayout({len(self.frame)} cells; {self.kept:.0%} of neighbours touch, {self.touching:.0%} of touching are neighbours)"


def read_hexjson(path: Path, *, source: Source | None = None) -> HexLayout:
    """Read a HexJSON layout (https://odileeds.org/projects/hexmaps/hexjson).

    Raises
    ------
    MapError
        Not HexJSON, an unknown kind of layout, cells that are not whole numbers, or two areas on one cell.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
        layout, hexes = str(data["layout"]), dict(data["hexes"])
        cells = {str(code): (int(entry["q"]), int(entry["r"])) for code, entry in hexes.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MapError(f"{path.name} is not a HexJSON layout", [f"{type(error).__name__}: {error}"]) from error
    faults = [] if layout in LAYOUTS else [f"layout {layout!r} is not one of {', '.join(LAYOUTS)}"]
    if len(set(cells.values())) < len(cells):
        faults.append(f"{len(cells) - len(set(cells.values()))} areas share a cell with another")
    if faults or not cells:
        raise MapError(f"{path.name} cannot be used as a layout", faults or ["it holds no cell"])
    axial = {code: _axial(q, r, layout) for code, (q, r) in sorted(cells.items())}
    frame = pd.DataFrame.from_dict(axial, orient="index", columns=["q", "r"])
    frame.index.name = "code"
    return HexLayout(frame, source or Source(f"HexJSON layout {path.stem}"))


def read_hex_layer(path: Path, *, code: str, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read published hexagons as shapes (the House of Commons Library's maps), in the abstract plane.

    Parameters
    ----------
    code : name of the column of area codes.

    Raises
    ------
    GeometryError
        No such column, codes that are doubled or empty, or shapes missing.
    """
    frame = pyogrio.read_dataframe(path, layer=layer)
    if code not in frame.columns:
        raise GeometryError(f"{path.name} has no column {code!r}", [f"found {listed(frame.columns)}"])
    frame = frame.rename(columns={code: "code"})[["code", "geometry"]].dropna()
    doubled = frame.loc[frame["code"].duplicated(), "code"]
    if len(doubled) or len(frame) == 0:
        raise GeometryError(
            f"{path.name} does not hold one hexagon an area",
            [f"doubled: {listed(doubled)}" if len(doubled) else "it is empty"],
        )
    # the stated reference system of such files is not true: the plane is abstract
    return frame.set_crs(PLANE, allow_override=True)


def hex_layout(boundaries: BoundarySet) -> HexLayout:
    """Lay out one hexagon an area so that neighbours stay neighbours as far as possible.

    Notes
    -----
    Areas that share a border are neighbours; parts of the country without a common border keep a cell of water between them.
    The same boundaries give the same layout.
    """
    frame = boundaries.frame
    links = neighbouring_pairs(boundaries)
    points = shapely.get_coordinates(shapely.point_on_surface(frame.geometry.to_numpy()))
    if len(frame) == 1:
        return HexLayout(pd.DataFrame({"q": [0], "r": [0]}, index=pd.Index(frame["code"], name="code")), _own_source())
    relaxed = _relaxed(points, links)
    cells = _exchanged(_assigned(relaxed), links, relaxed)
    axial = pd.DataFrame(cells, columns=["q", "r"], index=pd.Index(frame["code"], name="code"))
    kept, touching = scores(cells, links)
    return HexLayout(axial, _own_source(), kept, touching)


def hex_boundaries(boundaries: BoundarySet, layout: HexLayout | gpd.GeoDataFrame) -> BoundarySet:
    """Return the set with hexagons for shapes: to be drawn on ``prepare(…, plane=cartogram.PLANE)``.

    Raises
    ------
    GeometryError
        Areas of the set that the layout lacks.
    """
    frame = boundaries.frame
    if isinstance(layout, HexLayout):
        cells = layout.frame
        absent = sorted(set(frame["code"]) - set(cells.index))
        sources: tuple[Source, ...] = (layout.source,)
        shapes = None if absent else hexagons(cells.loc[frame["code"], ["q", "r"]].to_numpy(dtype=np.int64))
    else:
        by_code = layout.set_index("code").geometry
        absent = sorted(set(frame["code"]) - set(by_code.index))
        sources = ()
        shapes = None if absent else by_code.loc[frame["code"]].to_numpy()
    if absent:
        raise GeometryError(
            f"the layout lacks {len(absent)} of {len(frame)} areas",
            [f"absent: {listed(absent)}", "is it of another date?"],
        )
    drawn = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=PLANE)
    return dataclasses.replace(boundaries, frame=drawn, sources=(*boundaries.sources, *sources), approximate={})


def hex_spec(spec: MapSpec, layout: HexLayout | None = None) -> MapSpec:
    """Return a map's description for hexagons: its own id and kind, and what a hexagon is and is not."""
    told = ""
    if layout is not None and np.isfinite(layout.kept):
        told = f" {layout.kept * 100:.0f}% of the areas that share a border still touch."
    note = f"Each hexagon is one area, large or small; its place is only near the true one.{told}"
    return dataclasses.replace(
        spec,
        id=f"{spec.outcome}/hex-{spec.kind}" if spec.kind != "choropleth" else f"{spec.outcome}/hex",
        kind="hex",
        notes=(note, *spec.notes),
    )


def hexagons(cells: IntArray) -> Any:
    """Return hexagons with pointed tops for axial cells, shape (n, 2); neighbours share their corners exactly."""
    # corners on a lattice of whole numbers, so that the same corner is the same number in all three of its hexagons
    across = 2 * cells[:, 0] + cells[:, 1]
    up = 3 * cells[:, 1]
    corners = np.array([(0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1), (0, 2)])
    lattice = np.stack([across, up], axis=1)[:, None, :] + corners[None]
    return shapely.polygons(lattice * np.array([SPACING / 2, SPACING / (2 * np.sqrt(3))]))


def neighbouring_pairs(boundaries: BoundarySet) -> IntArray:
    """Return pairs of places of areas that share a border, shape (n_pairs, 2)."""
    frame = boundaries.frame
    borders = flattened(tuple(frame["code"]), frame.geometry.to_numpy()).borders()
    inner = borders.right != OUTSIDE
    pairs = np.unique(np.stack([borders.left[inner], borders.right[inner]], axis=1), axis=0)
    return pairs.astype(np.int64).reshape(-1, 2)


def scores(cells: IntArray, links: IntArray) -> tuple[float, float]:
    """Return which share of neighbours touch, and which share of touching cells are neighbours."""
    if len(links) == 0:
        return float("nan"), float("nan")
    place = {(int(q), int(r)): i for i, (q, r) in enumerate(cells)}
    linked = {(int(a), int(b)) for a, b in links}
    met = {
        (min(i, j), max(i, j))
        for (q, r), i in place.items()
        for dq, dr in _NEXT
        if (j := place.get((q + dq, r + dr))) is not None
    }
    both = len(met & linked)
    return both / len(linked), both / max(1, len(met))


def _own_source() -> Source:
    return Source("placeatlas hexagons: one an area, neighbours kept together as far as possible")


def _axial(q: int, r: int, layout: str) -> tuple[int, int]:
    """Return axial coordinates of an offset cell; flat-topped columns are read as rows shoved likewise."""
    if layout.endswith("-q"):
        shove = (q - (q & 1)) // 2 if layout == "odd-q" else (q + (q & 1)) // 2
        return q, r - shove
    shove = (r - (r & 1)) // 2 if layout == "odd-r" else (r + (r & 1)) // 2
    return q - shove, r


def _relaxed(points: FloatArray, links: IntArray) -> FloatArray:
    """Move points until neighbours lie one cell apart and others no nearer, in units of a cell."""
    n = len(points)
    links = links if len(links) else np.zeros((0, 2), dtype=np.int64)
    ties, length = _bridged(points, links)
    step = np.linalg.norm(points[ties[:, 0]] - points[ties[:, 1]], axis=1)
    # start at the size at which the middle border is one cell long
    place: FloatArray = (points - points.mean(axis=0)) / max(float(np.median(step)), 1.0)
    home = place.copy()
    for turn in range(300):
        force = np.zeros_like(place)
        gap = place[ties[:, 1]] - place[ties[:, 0]]
        distance = np.maximum(np.linalg.norm(gap, axis=1), 1e-9)
        pull = (0.5 * (distance - length) / distance)[:, None] * gap
        np.add.at(force, ties[:, 0], pull)
        np.add.at(force, ties[:, 1], -pull)
        near = cKDTree(place).query_pairs(0.98, output_type="ndarray")
        apart = place[near[:, 1]] - place[near[:, 0]]
        span = np.maximum(np.linalg.norm(apart, axis=1), 1e-9)
        push = (0.9 * (1.0 - span) / span)[:, None] * apart
        np.add.at(force, near[:, 0], -push)
        np.add.at(force, near[:, 1], push)
        weight = np.bincount(ties.ravel(), minlength=n) + np.bincount(near.ravel(), minlength=n)
        ease = 0.6 if turn < 200 else 0.3
        place = place + ease * force / np.maximum(weight, 1)[:, None] + 0.002 * (home - place)
    return place


def _bridged(points: FloatArray, links: IntArray) -> tuple[IntArray, FloatArray]:
    """Return links and their lengths in cells: one for neighbours, two for the nearest pair of parts that share no border."""
    n = len(points)
    ties, lengths = links, np.ones(len(links))
    while True:
        graph = coo_array((np.ones(len(ties)), (ties[:, 0], ties[:, 1])), shape=(n, n))
        count, part = connected_components(graph, directed=False)
        if count == 1:
            return ties, lengths
        main = part == np.bincount(part).argmax()
        rest = np.flatnonzero(~main)
        distance, nearest = cKDTree(points[main]).query(points[rest])
        first = int(np.argmin(distance))
        ties = np.concatenate([ties, [[np.flatnonzero(main)[nearest[first]], rest[first]]]])
        lengths = np.append(lengths, 2.0)


def _assigned(place: FloatArray) -> IntArray:
    """Give each point the cell of a lattice, at the least sum of squared distances."""
    low, high = place.min(axis=0) - 3, place.max(axis=0) + 3
    height = np.sqrt(3) / 2
    rows = np.arange(int(np.floor(low[1] / height)), int(np.ceil(high[1] / height)) + 1)
    cells = np.array(
        [(q, r) for r in rows for q in range(int(np.floor(low[0] - r / 2)), int(np.ceil(high[0] - r / 2)) + 1)],
        dtype=np.int64,
    )
    middle = np.stack([cells[:, 0] + cells[:, 1] / 2, cells[:, 1] * height], axis=1)
    useful = cKDTree(place).query(middle)[0] < 3
    cells, middle = cells[useful], middle[useful]
    cost = ((place[:, None] - middle[None]) ** 2).sum(axis=2)
    chosen: IntArray = cells[linear_sum_assignment(cost)[1]]
    return chosen


def _exchanged(cells: IntArray, links: IntArray, home: FloatArray) -> IntArray:
    """Exchange neighbouring cells, or move to a free one, while more neighbours then touch for little displacement."""
    near: list[list[int]] = [[] for _ in range(len(cells))]
    for a, b in links.tolist():
        near[a].append(b)
        near[b].append(a)
    spot = [(int(q), int(r)) for q, r in cells]
    holder = {cell: i for i, cell in enumerate(spot)}
    height = np.sqrt(3) / 2

    def worth(i: int, cell: tuple[int, int]) -> float:
        touching = {(cell[0] + dq, cell[1] + dr) for dq, dr in _NEXT}
        kept = sum(spot[j] in touching for j in near[i])
        dx, dy = cell[0] + cell[1] / 2 - home[i, 0], cell[1] * height - home[i, 1]
        return kept - 0.12 * float(dx * dx + dy * dy)

    for _ in range(12):
        moved = False
        for i in range(len(spot)):
            here = spot[i]
            best, chosen = 1e-9, None
            for dq, dr in (*_NEXT, (2, -1), (1, 1), (-1, 2), (-2, 1), (-1, -1), (1, -2)):
                there = (here[0] + dq, here[1] + dr)
                other = holder.get(there)
                before = worth(i, here) + (worth(other, there) if other is not None else 0.0)
                spot[i] = there
                if other is not None:
                    spot[other] = here
                gain = worth(i, there) + (worth(other, here) if other is not None else 0.0) - before
                spot[i] = here
                if other is not None:
                    spot[other] = there
                if gain > best:
                    best, chosen = gain, there
            if chosen is not None:
                other = holder.pop(chosen, None)
                holder.pop(here)
                spot[i], holder[chosen] = chosen, i
                if other is not None:
                    spot[other], holder[here] = here, other
                moved = True
        if not moved:
            break
    return np.array(spot, dtype=np.int64)
