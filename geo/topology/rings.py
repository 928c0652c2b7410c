"""Closing directed border arcs into rings and rings into polygons, without touching a coordinate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Numbers = NDArray[np.float64]

FULL_TURN = 2 * np.pi


def closed_rings(begin: Integers, end: Integers, heading_out: Numbers, heading_in: Numbers) -> list[list[int]]:
    """Chain arcs that have their area on the left into rings that touch themselves nowhere.

    Parameters
    ----------
    begin, end : shape (n_arcs,), the junctions at the ends of each arc. Every junction is left as often as reached.
    heading_out, heading_in : shape (n_arcs,), direction in radians of each arc's first and last step.

    Returns
    -------
    Rings as lists of arc numbers. Shells run anticlockwise and holes clockwise.

    Notes
    -----
    Where several arcs leave a junction the sharpest left turn is taken, which keeps areas that touch in a point
    apart; a chain that comes back to a junction it has passed is cut there, which keeps holes that touch apart.
    """
    leaving: dict[int, list[int]] = {}
    for arc, junction in enumerate(begin.tolist()):
        leaving.setdefault(junction, []).append(arc)
    starts, ends = begin.tolist(), end.tolist()
    free = [True] * len(starts)
    rings = []
    for first in range(len(starts)):
        if not free[first]:
            continue
        chain, passed = [first], {starts[first]: 0}
        free[first] = False
        while chain:
            here = ends[chain[-1]]
            if here in passed:
                at = passed[here]
                rings.append(chain[at:])
                for arc in chain[at + 1 :]:
                    del passed[starts[arc]]
                del chain[at:]
                if not chain:
                    break
            else:
                passed[here] = len(chain)
            choices = [arc for arc in leaving[here] if free[arc]]
            back = heading_in[chain[-1]] + np.pi
            following = (
                choices[0] if len(choices) == 1 else min(choices, key=lambda arc: (back - heading_out[arc]) % FULL_TURN)
            )
            free[following] = False
            chain.append(following)
    return rings


def polygons_of_rings(rings: NDArray[Any], owner: Sequence[int] | Integers, n_owners: int) -> NDArray[Any]:
    """Give each hole to its shell and gather polygons by owner.

    Parameters
    ----------
    rings : linear rings; shells anticlockwise, holes clockwise.
    owner : shape (n_rings,), whose ring it is, 0 to ``n_owners`` − 1.

    Returns
    -------
    shape (n_owners,), polygons and multipolygons.
    """
    owners = np.asarray(owner)
    is_shell = shapely.is_ccw(rings)
    shells = np.flatnonzero(is_shell)
    holes = np.flatnonzero(~is_shell)
    filled = shapely.polygons(rings)
    size = shapely.area(filled)
    parent = {int(ring): int(ring) for ring in shells}
    hole, candidate = shapely.STRtree(filled[shells]).query(shapely.point_on_surface(filled[holes]), predicate="within")
    hole, candidate = holes[hole], shells[candidate]
    # an island inside the hole may cover the hole's point, but it is smaller than the hole
    fits = (owners[hole] == owners[candidate]) & (size[candidate] > size[hole])
    order = np.argsort(-size[candidate[fits]], kind="stable")  # the last to be written is the smallest that fits
    parent.update(zip(hole[fits][order].tolist(), candidate[fits][order].tolist(), strict=True))
    parents = np.array([parent[ring] for ring in range(len(rings))], dtype=np.int64)
    by_polygon = np.lexsort((~is_shell, parents, owners[parents]))
    new = np.diff(parents[by_polygon], prepend=-1) != 0
    shapes = shapely.polygons(rings[by_polygon], indices=np.cumsum(new) - 1)
    return gathered(shapes, np.bincount(owners[by_polygon[new]], minlength=n_owners))


def gathered(polygons: NDArray[Any], counts: Integers) -> NDArray[Any]:
    """Turn runs of polygons into areas: none gives an empty polygon, one a polygon, more a multipolygon."""
    result = np.full(len(counts), shapely.Polygon(), dtype=object)
    single, many = counts == 1, counts > 1
    result[single] = polygons[(np.cumsum(counts) - counts)[single]]
    if many.any():
        members = polygons[np.repeat(many, counts)]
        result[many] = shapely.multipolygons(members, indices=np.repeat(np.arange(int(many.sum())), counts[many]))
    return result
