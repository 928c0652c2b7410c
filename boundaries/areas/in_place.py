"""Is every shape of a layer where its code says? Compared, polygon by polygon, with the bundled shape of the same code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import BRITISH_NATIONAL_GRID
from geo.errors import CRSError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LEAST_OVERLAP = 0.2
"""Share of the smaller of two shapes that must be common; releases of one area share 0.69 of it or more."""

NEAR = 25_000.0
"""Metres between centres, in the middle of all areas, within which coordinates are taken to be of a system."""

_MOST = 0.5
"""Share of shapes out of place from which the whole layer is, and a cause is looked for."""

_SYSTEMS: Mapping[str, str] = {
    "EPSG:27700": "British National Grid",
    "EPSG:4326": "degrees of longitude and latitude",
    "EPSG:32630": "UTM zone 30",
    "EPSG:32629": "UTM zone 29",
    "EPSG:25830": "ETRS89 UTM zone 30",
    "EPSG:29903": "the Irish Grid",
    "EPSG:2157": "Irish Transverse Mercator",
    "EPSG:3857": "Web Mercator",
    "EPSG:3035": "ETRS89 LAEA Europe",
}


def check_in_place(
    bundled: gpd.GeoSeries, layer: gpd.GeoSeries, centres: NDArray[np.float64], declared: str, *, what: str
) -> None:
    """Refuse a layer whose shapes are not where their codes say.

    Parameters
    ----------
    bundled, layer : shapes by code, with the same index, in EPSG:27700.
    centres : shape (n_areas, 2), of the layer's shapes in the coordinates of the file. declared : its reference system.
    what : of the layer, for messages.

    Raises
    ------
    CRSError
        Some or all shapes lie elsewhere; of all the likely cause is named.
    """
    wrong = ~in_place(bundled.to_numpy(), layer.to_numpy())
    if not wrong.any():
        return
    own = shapely.get_coordinates(shapely.centroid(bundled.to_numpy()))
    away = np.hypot(*(shapely.get_coordinates(shapely.centroid(layer.to_numpy())) - own).T)
    if wrong.mean() < _MOST:
        codes = bundled.index[wrong]
        shown = (
            f"{code} is {distance / 1000:,.0f} km away" if np.isfinite(distance) else f"{code} is nowhere"
            for code, distance in zip(codes, away[wrong], strict=True)
        )
        raise CRSError(
            f"{what}: {int(wrong.sum())} of {len(wrong)} shapes do not lie where their codes say",
            [listed(shown), "were codes and shapes sorted apart? join them again by code"],
        )
    cause, system = _cause(centres, own, declared)
    raise CRSError(
        f"{what}: its shapes do not lie where their codes say",
        [
            f"{int(wrong.sum())} of {len(wrong)} have less than {LEAST_OVERLAP:.0%} in common with the area of their code",
            *cause,
        ],
        [Remedy("crs", system, purpose="to declare its reference system")] if system else [],
    )


def in_place(bundled: NDArray[np.object_], layer: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say of each pair of shapes whether they are of one place; an inner point of one in the other is proof enough."""
    finite = np.isfinite(shapely.bounds(layer)).all(axis=1)
    found = np.zeros(len(layer), dtype=np.bool_)
    here = np.flatnonzero(finite)
    one, other = bundled[here], layer[here]
    found[here] = shapely.intersects(one, shapely.point_on_surface(other)) & shapely.intersects(
        other, shapely.point_on_surface(one)
    )
    left = here[~found[here]]
    if len(left):
        common = shapely.area(shapely.intersection(bundled[left], layer[left]))
        smaller = np.minimum(shapely.area(bundled[left]), shapely.area(layer[left]))
        found[left] = common >= LEAST_OVERLAP * smaller
    return found


def _cause(centres: NDArray[np.float64], own: NDArray[np.float64], declared: str) -> tuple[list[str], str]:
    """Return what the coordinates look like and what to do, that nothing fits where nothing does; and the system to declare."""
    if _distance(centres[:, ::-1], own, declared) < NEAR:
        return [
            f"latitude stands before longitude (or north before east) in {declared}",
            "save it with longitude first, as GeoJSON asks",
        ], ""
    for system, name in _SYSTEMS.items():
        for factor, scale in ((1.0, ""), (1000.0, " in kilometres")):
            if factor != 1.0 and system == "EPSG:4326":
                continue
            if _distance(centres * factor, own, system) < NEAR:
                said = f"it declares {declared}, but its coordinates are those of {name}{scale} ({system})"
                return ([said, "save it in metres"], "") if scale else ([said], system)
            if system == "EPSG:4326" and _distance(centres[:, ::-1], own, system) < NEAR:
                return [
                    "its coordinates are degrees with latitude first",
                    "save it with longitude first, as EPSG:4326",
                ], ""
    return ["no system of the United Kingdom fits its coordinates: is it of another country, or a drawn plane?"], ""


def _distance(centres: NDArray[np.float64], own: NDArray[np.float64], system: str) -> float:
    """Return the middle distance between centres taken to be of a system and those of the areas, in metres."""
    points = gpd.GeoSeries(gpd.points_from_xy(centres[:, 0], centres[:, 1]), crs=system).to_crs(BRITISH_NATIONAL_GRID)
    there = shapely.get_coordinates(points.to_numpy())
    if len(there) != len(own):
        return math.inf
    away = np.hypot(*(there - own).T)
    return float(np.median(np.where(np.isfinite(away), away, np.inf)))
