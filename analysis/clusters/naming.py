"""What a group of areas is called: where it lies, and the member in its middle, so that a reader knows the place.

The rule: up to three members are named, most residents first. A larger group is named after the one or two regions (or
nations) with most of its residents, "and beyond" where members lie in others too, and after the member nearest to the
population centre of the group among those of its first region: never after areas at its opposite ends.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

MOST_LISTED = 3
"""A group of so many members is called by them all; more would be a list, not a name."""

MOST_REGIONS = 2
"""A name holds so many regions: a third would not fit beside a map."""


def cluster_name(areas: gpd.GeoDataFrame) -> str:
    """Return the name of a group of areas.

    Parameters
    ----------
    areas : one row a member with ``code name region_name population`` and geometry; ``region_name`` may be absent or empty.

    Notes
    -----
    Residents decide the order; where those of a member are not known all members count alike, and codes decide ties. The
    population centre is the mean of points inside the members, weighted by residents.
    """
    people = areas["population"].to_numpy(dtype="float64")
    weight = people if np.isfinite(people).all() and people.sum() > 0 else np.ones(len(areas))
    order = np.lexsort((areas["code"].to_numpy(dtype=str), -weight))
    names = [short_name(str(areas["name"].iloc[i])) for i in order]
    if len(names) <= MOST_LISTED:
        return _listed(names)
    regions = _regions(areas, weight)
    first = np.ones(len(areas), dtype=bool) if not regions else (areas["region_name"] == regions[0]).to_numpy()
    middle = short_name(str(areas["name"].iloc[_central(areas, weight, first)]))
    where = _listed([*regions[:MOST_REGIONS], *(["beyond"] if len(regions) > MOST_REGIONS else [])])
    return f"{where}, round {middle}" if where else f"Round {middle}"


def short_name(name: str) -> str:
    """Return a council's name as people say it.

    Examples
    --------
    >>> short_name("Surrey county council"), short_name("Leeds")
    ('Surrey', 'Leeds')
    """
    return re.sub(r"\s+(county|city|borough|district) council$", "", name, flags=re.IGNORECASE)


def _regions(areas: gpd.GeoDataFrame, weight: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[str]:
    """Return the names of the regions that members lie in, most residents first; none where any is not known."""
    if "region_name" not in areas:
        return []
    names = areas["region_name"].fillna("").astype(str)
    if (names == "").any():
        return []
    totals: dict[str, float] = {}
    for name, people in zip(names, weight, strict=True):
        totals[name] = totals.get(name, 0.0) + float(people)
    return sorted(totals, key=lambda name: (-totals[name], name))


def _central(
    areas: gpd.GeoDataFrame,
    weight: np.ndarray[tuple[int], np.dtype[np.float64]],
    among: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> int:
    """Return the place of the member nearest to the population centre, among some; the first by code where two are as near."""
    points = shapely.get_coordinates(shapely.point_on_surface(areas.geometry.to_numpy()))
    distance = np.linalg.norm(points - np.average(points, axis=0, weights=weight), axis=1)
    # whole metres: no member is nearer by rounding error
    order = np.lexsort((areas["code"].to_numpy(dtype=str), np.rint(distance), ~among))
    return int(order[0])


def _listed(words: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``; a comma more before the last where one of them holds an "and" itself."""
    if len(words) < 2:
        return "".join(words)
    comma = "," if any(" and " in word for word in words) else ""
    return f"{', '.join(words[:-1])}{comma} and {words[-1]}"
