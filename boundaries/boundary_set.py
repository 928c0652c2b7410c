"""A set of boundaries of one geography on one date."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from geo.provenance import Source


@dataclass(frozen=True, slots=True)
class BoundarySet:
    """Areas of one geography on one date.

    Parameters
    ----------
    geography : "LAD", "UTLA", "RGN", "CTRY", "CAUTH", or the id of a custom one ("smc203").
    date : the date of which the code set is true.
    frame : one row an area, sorted by ``code``, RangeIndex, EPSG:27700, columns
        ``code name name_cy nation region_code region_name population hectares geometry``
        (``nation`` one of E W S N; ``region_code`` the English region or the country's code, W92000004 for Wales;
        ``population`` residents at the 2011 Census, ``hectares`` land area as drawn).
    sources : where geometry, codes and population came from.
    approximate : codes whose drawn shape differs from the true one, with the instrument that moved the land.
    members : columns ``code, member``: for custom geographies and upper tiers the LADs each area is made of
        (for LAD sets each code is its own member).
    atoms : columns ``code, atom``: the bundled units each area is made of; empty for layers from elsewhere.
    receipt : what was dropped while the set was made (a county listed beside its own districts, for example).
    """

    geography: str
    date: dt.date
    frame: gpd.GeoDataFrame
    sources: tuple[Source, ...]
    approximate: Mapping[str, str] = field(default_factory=dict)
    members: pd.DataFrame | None = None
    atoms: pd.DataFrame | None = None
    receipt: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.frame)

    def __repr__(self) -> str:
        """State geography, date, number of areas and the first source."""
        return f"BoundarySet({self.geography}@{self.date.isoformat()}: {len(self)} areas; {self.sources[0].title})"
