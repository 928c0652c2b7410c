"""Where people live: points with residents, which lie in areas, and of which a share is near, inside or exposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import TableError
from geo.points import areas_of_points, read_points

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Residents:
    """Points with residents, and the area that each lies in.

    Parameters
    ----------
    xy : shape (n, 2), British National Grid. people : of each point. area : position of its area, -1 where none.
    codes : of the points, where a column was asked for.
    """

    xy: NDArray[np.float64]
    people: NDArray[np.float64]
    area: NDArray[np.int64]
    codes: NDArray[np.object_]

    def share(self, held: NDArray[np.bool_], areas: int) -> NDArray[np.float64]:
        """Return the share of each area's residents of whom something holds, in per cent; NaN where nobody lives."""
        return 100 * self.mean(held.astype(np.float64), areas)[0]

    def mean(self, values: NDArray[np.float64], areas: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the mean over each area's residents of a number, and the share of residents for whom it is known."""
        known = np.isfinite(values)
        everyone = self.total(np.ones(len(values)), areas)
        counted = self.total(known.astype(np.float64), areas)
        sums = self.total(np.where(known, values, 0.0), areas)
        nothing = np.full(areas, np.nan)
        return (
            np.divide(sums, counted, out=nothing.copy(), where=counted > 0),
            np.divide(counted, everyone, out=np.zeros(areas), where=everyone > 0),
        )

    def total(self, values: NDArray[np.float64], areas: int) -> NDArray[np.float64]:
        """Return the sum over each area's residents of a number."""
        here = self.area >= 0
        return np.bincount(self.area[here], weights=(values * self.people)[here], minlength=areas).astype(np.float64)

    @property
    def nowhere(self) -> float:
        """How many residents live in none of the areas."""
        return float(self.people[self.area < 0].sum())


def read_residents(path: Path, column: str, areas: gpd.GeoDataFrame, *, code: str = "", home: str = "") -> Residents:
    """Read points with residents and place them in areas.

    Parameters
    ----------
    path : a table or a layer. column : of residents. areas : in British National Grid. code : column of codes that is wanted.
    home : column of the codes of the areas that they live in; without it points lie in areas by their place.

    Raises
    ------
    TableError
        There are no such columns, or residents that are no number, or fewer than none.
    """
    layer = read_points(path, columns=list(dict.fromkeys(filter(None, (column, code, home)))))
    people = pd.to_numeric(layer.frame[column], errors="coerce").to_numpy(dtype=np.float64)
    wrong = ~(people >= 0)
    if wrong.any():
        raise TableError(
            f"{path.name}: {column} is not a number of residents everywhere",
            [f"{int(wrong.sum()):,} of {len(wrong):,} rows"],
        )
    if home:
        area = pd.Index(areas["code"]).get_indexer(layer.frame[home].astype("str")).astype(np.int64)
    else:
        area = areas_of_points(areas.geometry.to_numpy(), layer.xy).area
    codes = layer.frame[code].astype("str").to_numpy(dtype=object) if code else np.empty(0, dtype=object)
    return Residents(layer.xy, people, area, codes)
