"""A set of boundaries of one geography on one date: what it is, how it is narrowed, and what its makers carry from members."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.bundled.layers import sources as layer_sources
from boundaries.vocabulary import NATIONS, geography_words
from geo.cards import card
from geo.directions import closed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

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
    approximate : codes whose drawn shape differs from the true one, with the instruments that moved the land, or why else.
    members : columns ``code, member``: for custom geographies and upper tiers the LADs each area is made of
        (for LAD sets each code is its own member).
    atoms : columns ``code, atom``: the bundled units each area is made of; empty for layers from elsewhere.
    receipt : what was dropped while the set was made (a county listed beside its own districts, for example).
    shapes : "bundled", or the title of the layer the geometry came from.
    districts : of a layer of smaller areas, in which local authority district each lies: columns ``code, district, basis``
        (one of ``boundaries.areas.nesting.BASES``); None where districts are its members, or the areas themselves.
    earlier : of a layer, codes of other editions: columns ``old, code, weight`` (NaN where nothing tells the share); None where
        no lookup was given. groups : of a layer, larger areas that a lookup or the layer itself names: indexed by code, a column
        each, "" where an area lies in none; None where nothing names any. notes : what must be said of the areas wherever they are used.
    """

    geography: str
    date: dt.date
    frame: gpd.GeoDataFrame
    sources: tuple[Source, ...]
    approximate: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    members: pd.DataFrame | None = None
    atoms: pd.DataFrame | None = None
    receipt: Mapping[str, int] = field(default_factory=dict)
    shapes: str = ""
    districts: pd.DataFrame | None = None
    earlier: pd.DataFrame | None = None
    groups: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Let no name of an area turn round the words that stand beside it: names are set in sentences, tables and maps."""
        names = self.frame["name"] if "name" in self.frame else pd.Series(dtype="str")
        own = [closed(name) if isinstance(name, str) else name for name in names]
        if own != names.tolist():
            object.__setattr__(self, "frame", self.frame.assign(name=own))

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.frame)

    @property
    def in_words(self) -> str:
        """Name the areas for a reader: "the 361 local authority districts of 2023-04-01"."""
        kind = geography_words(self.geography, count=len(self), nations=self.frame["nation"])
        return f"the {len(self)} {kind} of {self.date.isoformat()}"

    def __repr__(self) -> str:
        """State geography, date, number of areas and the first source."""
        return f"BoundarySet({self.geography}@{self.date.isoformat()}: {len(self)} areas; {self.sources[0].title})"

    def _repr_html_(self) -> str:
        """Show the set in a notebook."""
        nations = ", ".join(
            f"{count} {NATIONS.get(str(n), n)}" for n, count in self.frame["nation"].value_counts().items()
        )
        return card(
            self.in_words,
            [
                ("areas", f"{len(self)} ({nations})"),
                ("drawn otherwise than they are", len(self.approximate) or ""),
                ("sources", "; ".join(source.title for source in self.sources)),
            ],
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row an area, indexed by code: ``name name_cy nation region_code region_name population hectares``."""
        return pd.DataFrame(self.frame.drop(columns="geometry")).set_index("code")

    def to_geo(self) -> gpd.GeoDataFrame:
        """Return the same with the shapes, in the CRS of the set."""
        return self.frame.set_index("code")


def only(made: BoundarySet, codes: Iterable[str]) -> BoundarySet:
    """Return some of the areas of a set, with what is known of them and the sources they need."""
    wanted = set(codes)
    frame = made.frame[made.frame["code"].isin(wanted)].reset_index(drop=True)
    gone = set(sources_of(made.frame["nation"])) - set(sources_of(frame["nation"]))
    return replace(
        made,
        frame=frame,
        sources=tuple(source for source in made.sources if source not in gone),
        approximate={code: why for code, why in made.approximate.items() if code in wanted},
        members=None if made.members is None else _rows_of(made.members, wanted),
        atoms=None if made.atoms is None else _rows_of(made.atoms, wanted),
        districts=None if made.districts is None else _rows_of(made.districts, wanted),
        groups=None if made.groups is None else made.groups[made.groups.index.isin(wanted)],
    )


def sources_of(nations: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources of the bundled shapes and residents of these nations."""
    known, wanted = layer_sources(), set(nations)
    shapes = {"geometry_ew": {"E", "W"}, "geometry_scotland": {"S"}, "geometry_ni": {"N"}}
    return (*(known[name] for name, covered in shapes.items() if covered & wanted), known["population"])


def of_areas(reasons: Mapping[str, tuple[str, ...]], area_of: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Carry reasons from members to areas, except where land moved between two members of the same area."""
    found: dict[str, list[str]] = {}
    touched: dict[str, set[str]] = {}
    for code, instruments in reasons.items():
        for instrument in instruments:
            touched.setdefault(instrument, set()).add(area_of.get(code, ""))
            if code in area_of and instrument not in found.setdefault(area_of[code], []):
                found[area_of[code]].append(instrument)
    kept = {area: [why for why in instruments if len(touched[why]) > 1] for area, instruments in sorted(found.items())}
    return {area: tuple(instruments) for area, instruments in kept.items() if instruments}


def members_of(base: BoundarySet, area_of: Mapping[str, str]) -> pd.DataFrame | None:
    """Return the members of areas made of those of a set: columns ``code, member``."""
    if base.members is None:
        return None
    table = base.members.assign(code=base.members["code"].map(area_of))
    return table.sort_values(["code", "member"], ignore_index=True)


def atoms_of(base: BoundarySet, area_of: Mapping[str, str]) -> pd.DataFrame | None:
    """Return the bundled units of areas made of those of a set: columns ``code, atom``."""
    if base.atoms is None:
        return None
    table = base.atoms.assign(code=base.atoms["code"].map(area_of))
    return table.sort_values(["code", "atom"], ignore_index=True)


def _rows_of(table: pd.DataFrame, codes: set[str]) -> pd.DataFrame:
    return table[table["code"].isin(codes)].reset_index(drop=True)
