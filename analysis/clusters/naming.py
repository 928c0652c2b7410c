"""What a group of areas is called: its members, or the one in its middle and how many lie around it.

The rule: up to three members are named, most residents first. A larger group is called after the member nearest to the
population centre of the group, and the number of the others: never after areas at its opposite ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from boundaries.places.names import short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

MOST_LISTED = 3
"""A group of so many members is called by them all; more would be a list, not a name."""


def cluster_name(areas: gpd.GeoDataFrame) -> str:
    """Return the name of a group of areas.

    Parameters
    ----------
    areas : one row a member with ``code name population`` and geometry.

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
    middle = short_name(str(areas["name"].iloc[_central(areas, weight)]))
    return f"{middle} and {len(names) - 1} around it"


def _central(areas: gpd.GeoDataFrame, weight: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
    """Return the place of the member nearest to the population centre; the first by code where two are as near."""
    points = shapely.get_coordinates(shapely.point_on_surface(areas.geometry.to_numpy()))
    distance = np.linalg.norm(points - np.average(points, axis=0, weights=weight), axis=1)
    # whole metres: no member is nearer by rounding error
    order = np.lexsort((areas["code"].to_numpy(dtype=str), np.rint(distance)))
    return int(order[0])


def _listed(words: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``; a comma more before the last where one of them holds an "and" itself."""
    if len(words) < 2:
        return "".join(words)
    comma = "," if any(" and " in word for word in words) else ""
    return f"{', '.join(words[:-1])}{comma} and {words[-1]}"
