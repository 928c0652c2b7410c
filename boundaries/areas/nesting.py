"""In which local authority district each area of a layer lies: by a lookup, by a column of the layer, else by a point inside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from boundaries.areas.in_place import NEAR
from boundaries.bundled.layers import load_atoms
from boundaries.register import atom_codes, load_register
from boundaries.vocabulary import counted
from geo.crs import projected
from geo.errors import CRSError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from boundaries.areas.boundary_set import BoundarySet

BASES: Final = ("lookup", "layer", "point", "nearest")
"""By a lookup file; by a column of the layer; by a point inside the area; by the district nearest to that point."""


@dataclass(frozen=True, slots=True, eq=False)
class Nesting:
    """Districts and bundled units of areas, by position.

    ``districts`` has columns ``code, district, basis``, ``atoms`` columns ``code, atom``, both in the order of the areas;
    ``notes`` say by what, and name the areas that no district holds.
    """

    districts: pd.DataFrame
    atoms: pd.DataFrame
    notes: tuple[str, ...]


def nested(
    areas: gpd.GeoDataFrame, base: BoundarySet, stated: Mapping[str, str], *, basis: str = "lookup", what: str = ""
) -> Nesting:
    """Find the district of every area of a layer.

    Parameters
    ----------
    areas : columns ``code, geometry``, EPSG:27700. base : the districts of the date, of the whole United Kingdom.
    stated : code → district, where a lookup or the layer says; codes that are no district of the date count as not stated.
    basis : "lookup" or "layer", what ``stated`` comes from. what : its name, for the notes.

    Raises
    ------
    CRSError
        Most areas lie far from every district: the layer is not where the United Kingdom is.
    """
    codes, names = base.frame["code"].to_numpy(), base.frame["code"]
    points = shapely.point_on_surface(areas.geometry.to_numpy())
    place, away = _nearest(base.frame, points)
    if (away > NEAR).mean() > 0.5:
        raise CRSError(
            "the layer does not lie where the United Kingdom is",
            [
                f"{int((away > NEAR).sum())} of {len(areas)} areas are more than {NEAR / 1000:g} km from every district",
                "declare its reference system: --crs EPSG:27700",
            ],
        )
    told = pd.Index(names).get_indexer(pd.Index([stated.get(code, "") for code in areas["code"]]))
    found = np.where(told >= 0, told, place)
    by = np.where(told >= 0, basis, np.where(away > 0, "nearest", "point"))
    districts = pd.DataFrame({"code": areas["code"].to_numpy(), "district": codes[found], "basis": by})
    atoms = pd.DataFrame({"code": districts["code"], "atom": _atoms(districts["district"].to_numpy(), points, base)})
    return Nesting(districts, atoms, tuple(_notes(districts, base, what, stated=bool(stated))))


def _nearest(frame: gpd.GeoDataFrame, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the position of the shape each point lies in or is nearest to, and how far away it is, metres; the first of equals."""
    tree = shapely.STRtree(frame.geometry.to_numpy())
    (point, shape), away = tree.query_nearest(points, return_distance=True, all_matches=True)
    order = np.lexsort((shape, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    return shape[first], away[first]


def _atoms(districts: np.ndarray, points: np.ndarray, base: BoundarySet) -> np.ndarray:
    """Return the bundled unit of each area: the one its point lies in or is nearest to, of those of its district."""
    atoms = projected(load_atoms(), base.frame.crs)
    home = atom_codes(load_register(), atoms, base.date).reindex(atoms["atom"]).to_numpy()
    place, _ = _nearest(atoms, points)
    found = atoms["atom"].to_numpy()[place].astype(object)
    strayed = home[place] != districts
    for district in np.unique(districts[strayed]):
        own = atoms[home == district]
        here = np.flatnonzero(strayed & (districts == district))
        found[here] = own["atom"].to_numpy()[_nearest(own, points[here])[0]]
    return np.asarray(found)


def _notes(districts: pd.DataFrame, base: BoundarySet, what: str, *, stated: bool) -> list[str]:
    number = districts["basis"].value_counts()
    words = {
        "lookup": f"by {what}",
        "layer": f"by its column {what}",
        "point": "by a point inside the area" + (f", for {what} does not say" if stated else ""),
        "nearest": "to the nearest district, for a point inside the area lies in none",
    }
    said = "; ".join(f"{number[basis]:,} {words[basis]}" for basis in BASES if basis in number)
    notes = [f"Districts of {base.date.isoformat()} in which the areas lie: {said}."]
    lone = districts[districts["basis"] == "nearest"]
    if len(lone):
        name = base.frame.set_index("code")["name"]
        shown = listed(f"{code} to {name[home]}" for code, home in zip(lone["code"], lone["district"], strict=True))
        notes.append(f"No district holds {counted(len(lone), 'area', 'areas')}: {shown}.")
    return notes
