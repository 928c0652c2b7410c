"""What lies beside what: a high place among low ones, a low one beside high ones, low prospects beside a hub, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    import geopandas as gpd

    from analysis.significance import LocalResult
    from analysis.weights import Weights

KINDS = {"high-low": "high among low", "low-high": "low beside high"}
"""Classes of local Moran that are outliers, in words."""

_METRES = 1_000.0


def outliers_by_name(local: LocalResult, areas: gpd.GeoDataFrame, weights: Weights) -> pd.DataFrame:
    """Return the areas that differ from their neighbours, with those neighbours.

    Parameters
    ----------
    local : of ``analysis.moran.local_moran``; of ``local_moran_bivariate``, where the area's own outcome is the first and its
        neighbours' the second. areas : columns ``code name``. weights : the graph of the test.

    Returns
    -------
    ``code name kind q neighbours beside`` (their names, joined by commas, and a tuple of their codes), strongest first; value order.
    """
    names = dict(zip(areas["code"], areas["name"], strict=True))
    found = local.frame[local.frame["class"].isin(KINDS)].sort_values("q", kind="stable")
    rows = [
        (
            code,
            names[code],
            KINDS[row["class"]],
            row["q"],
            ", ".join(names[other] for other in weights.neighbours(str(code))),
            tuple(weights.neighbours(str(code))),
        )
        for code, row in found.iterrows()
    ]
    return pd.DataFrame(rows, columns=["code", "name", "kind", "q", "neighbours", "beside"])


def beside(
    low: pd.Series, high: pd.Series, areas: gpd.GeoDataFrame, weights: Weights, *, reach_km: float = 0.0
) -> pd.DataFrame:
    """Return every area that is low on one outcome and has a neighbour, or a place within reach, that is high on another.

    Parameters
    ----------
    low : by code, whether the area is low on the first outcome (prospects).
    high : by code, whether it is high on the second (innovation).
    areas : columns ``code name geometry``, in a projected CRS in metres. weights : who is beside whom.

    Returns
    -------
    ``code name hub_code hub_name beside border_km gap_km distance_km``: whether they are neighbours, the length of the border the two
    share, the gap between their shapes and the distance of their centres; longest borders first, those over water last. An area
    beside several hubs has several rows.

    Raises
    ------
    StatisticsError
        Areas without a flag, shapes in degrees, or a reach below 0.
    """
    codes = [str(code) for code in areas["code"]]
    faults = []
    for called, flags in (("low", low), ("high", high)):
        if lost := [code for code in codes if code not in flags.index or pd.isna(flags[code])]:
            faults.append(f"areas without a flag of {called}: {listed(lost)}")
    if areas.crs is None or areas.crs.is_geographic:
        faults.append("borders are measured in a projected CRS, in metres")
    if reach_km < 0:
        faults.append(f"a reach of {reach_km:g} km")
    if faults:
        raise StatisticsError("what lies beside what cannot be told", faults)
    names = dict(zip(codes, areas["name"], strict=True))
    shapes = dict(zip(codes, areas.geometry, strict=True))
    next_to = {(code, hub) for code in map(str, weights.ids) for hub in weights.neighbours(code)}
    near = next_to | (_within(areas, reach_km) if reach_km else set())
    pairs = sorted(pair for pair in near if pair[0] in shapes and pair[1] in shapes and low[pair[0]] and high[pair[1]])
    rows = [
        (code, names[code], hub, names[hub], (code, hub) in next_to, *_between(shapes[code], shapes[hub]))
        for code, hub in pairs
    ]
    columns = ["code", "name", "hub_code", "hub_name", "beside", "border_km", "gap_km", "distance_km"]
    made = pd.DataFrame(rows, columns=columns)
    laid = made.sort_values(["border_km", "gap_km", "name"], ascending=[False, True, True], kind="stable")
    return laid.reset_index(drop=True)


def _within(areas: gpd.GeoDataFrame, reach_km: float) -> set[tuple[str, str]]:
    """Return pairs of different areas whose borders lie within reach."""
    shapes = areas.geometry.to_numpy()
    codes = [str(code) for code in areas["code"]]
    own, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach_km * _METRES)
    return {(codes[a], codes[b]) for a, b in zip(own.tolist(), other.tolist(), strict=True) if a != b}


def _between(one: shapely.Geometry, other: shapely.Geometry) -> tuple[float, float, float]:
    shared = shapely.length(shapely.intersection(shapely.boundary(one), shapely.boundary(other))) / _METRES
    gap = shapely.distance(one, other) / _METRES
    apart = shapely.distance(shapely.centroid(one), shapely.centroid(other)) / _METRES
    return float(shared), float(gap), float(apart)
