"""Cells by area: what a layout is, published ones read, and how well one keeps neighbours together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo import crs
from geo.documents import json_of
from geo.errors import GeometryError, MapError, TableError, listed
from geo.provenance import Source
from geo.vectors import layers_of, read_vectors
from maps.page.composition import OUTSIDE, flattened

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from boundaries.areas.boundary_set import BoundarySet
    from maps.page.composition import IntArray

PLANE = crs.BRITISH_NATIONAL_GRID
"""Declared for hexagons so that files can hold them; the plane is abstract, distances in it mean nothing."""

SPACING = 30_000.0
"""Distance of two neighbouring cells in the abstract plane."""

HEIGHT = 1_000_000.0
"""Longer side of a published layer once it is read, in the abstract plane."""

FARTHEST = 10_000
"""Cells farther out than this are a fault of the file: no country is that many hexagons wide."""

LAYOUTS = ("odd-r", "even-r", "odd-q", "even-q")
"""How HexJSON numbers columns (q) and rows (r): which rows, or columns, are shoved by half a cell."""

NEXT = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))
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
        data: dict[str, Any] = json_of(path, error=MapError)
        layout, hexes = str(data["layout"]), dict(data["hexes"])
        cells = {str(code): (_whole(entry["q"]), _whole(entry["r"])) for code, entry in hexes.items()}
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
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


def _whole(stated: object) -> int:
    """Read a place on the grid: whole, and no farther out than any country needs."""
    number = float(str(stated))
    if number != round(number) or abs(number) > FARTHEST:
        raise ValueError(f"{str(stated)[:40]} is no whole number between -{FARTHEST:,} and {FARTHEST:,}")
    return int(number)


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
    frame = read_vectors(path, layer=layer)
    if code not in frame.columns:
        raise GeometryError(f"{path.name} has no column {code!r}", [f"found {listed(frame.columns)}"])
    frame = frame.rename(columns={code: "code"})[["code", "geometry"]].dropna()
    doubled = frame.loc[frame["code"].duplicated(), "code"]
    if len(doubled) or len(frame) == 0:
        raise GeometryError(
            f"{path.name} does not hold one hexagon an area",
            [f"doubled: {listed(doubled)}" if len(doubled) else "it is empty"],
        )
    # the stated reference system of such files is not true: the plane is abstract, and may be as small as one unit a hexagon
    frame = frame.set_crs(PLANE, allow_override=True)
    west, south, east, north = frame.total_bounds
    if not 0 < max(east - west, north - south) < float("inf"):
        raise GeometryError(f"{path.name} holds no hexagons", ["its shapes have no size, or no end"])
    factor = HEIGHT / max(east - west, north - south)
    return frame.set_geometry(frame.geometry.scale(factor, factor, origin=(west, south)))


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
        for dq, dr in NEXT
        if (j := place.get((q + dq, r + dr))) is not None
    }
    both = len(met & linked)
    return both / len(linked), both / max(1, len(met))


def read_layout(path: Path, boundaries: BoundarySet) -> HexLayout | gpd.GeoDataFrame:
    """Read a published layout of a set's areas, whichever kind it is: HexJSON, or a GeoPackage of hexagons.

    Parameters
    ----------
    path : ``.hexjson`` or ``.json``, else a layer file; of several layers and columns the first that holds every code is taken.

    Raises
    ------
    MapError
        No such file, it cannot be read, or it lacks areas of the set: a layout of another date is told from a broken one.
    """
    codes = boundaries.frame["code"]
    if not path.is_file():
        raise MapError(f"there is no layout {path}", ["expected HexJSON or a GeoPackage of hexagons"])
    if path.suffix in {".hexjson", ".json"}:
        layout = read_hexjson(path)
        absent = sorted(set(codes) - set(layout.frame.index))
        if absent:
            raise MapError(
                f"{path.name} is a layout of other areas than {boundaries.in_words}", [f"absent: {listed(absent)}"]
            )
        kept, touching = scores(layout.frame.loc[codes].to_numpy(), neighbouring_pairs(boundaries))
        return replace(layout, kept=kept, touching=touching)
    try:
        layers = [name for name, kind in layers_of(path) if "Polygon" in kind]
        for layer in layers:
            table = read_vectors(path, layer=layer, geometry=False)
            for column in table.columns:
                if set(codes) <= set(table[column].astype(str)):
                    return read_hex_layer(path, code=str(column), layer=layer)
    except TableError as error:
        raise MapError(f"{path.name} cannot be read as a layout", [error.what, *error.faults]) from error
    raise MapError(
        f"{path.name} is no layout of {boundaries.in_words}",
        [f"no column of {listed(layers) or 'its layers'} holds all {len(codes)} codes", "is it of another date?"],
    )


def _axial(q: int, r: int, layout: str) -> tuple[int, int]:
    """Return axial coordinates of an offset cell; flat-topped columns are read as rows shoved likewise."""
    if layout.endswith("-q"):
        shove = (q - (q & 1)) // 2 if layout == "odd-q" else (q + (q & 1)) // 2
        return q, r - shove
    shove = (r - (r & 1)) // 2 if layout == "odd-r" else (r + (r & 1)) // 2
    return q - shove, r
