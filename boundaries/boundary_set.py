"""A set of boundaries of one geography on one date: what it is, and how the bundled or any other shapes become one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from boundaries.bundled.layers import load_atoms
from boundaries.bundled.layers import sources as layer_sources
from boundaries.codes import GEOGRAPHIES, GEOGRAPHY_NAMES, NATIONS, nation_of
from boundaries.layer_files import read_layer, read_official
from boundaries.membership import membership_table
from boundaries.merging import merged
from boundaries.planned import load_scenario
from boundaries.register import (
    atom_codes,
    check_date,
    load_register,
    moved_land,
    name_of,
    parents,
    region_of,
    welsh_name_of,
)
from boundaries.statistical import LEVELS, edition_on, statistical_names, statistical_shares
from geo.errors import CodeError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from boundaries.layer_files import Layer
    from boundaries.planned import Scenario
    from boundaries.register import Register
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
    shapes : "bundled", or the title of the layer the geometry came from.
    """

    geography: str
    date: dt.date
    frame: gpd.GeoDataFrame
    sources: tuple[Source, ...]
    approximate: Mapping[str, str] = field(default_factory=dict)
    members: pd.DataFrame | None = None
    atoms: pd.DataFrame | None = None
    receipt: Mapping[str, int] = field(default_factory=dict)
    shapes: str = ""

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.frame)

    @property
    def in_words(self) -> str:
        """Name the areas for a reader: "the 361 local authority districts of 2023-04-01"."""
        kind = GEOGRAPHY_NAMES.get(self.geography, f"areas of {self.geography}")
        return f"the {len(self)} {kind} of {self.date.isoformat()}"

    def __repr__(self) -> str:
        """State geography, date, number of areas and the first source."""
        return f"BoundarySet({self.geography}@{self.date.isoformat()}: {len(self)} areas; {self.sources[0].title})"


def load_boundary_set(
    geography: str,
    date: dt.date,
    *,
    source: str = "bundled",
    nations: Sequence[str] = ("E", "W", "S", "N"),
    scenario: str | Path | None = None,
) -> BoundarySet:
    """Return the areas of a geography on a date.

    Parameters
    ----------
    geography : LAD, UTLA, CAUTH, RGN, CTRY, or ITL1, ITL2, ITL3 of the edition in use on the date (NUTS before 2021). The
        bundled shapes draw a district that lies in two statistical regions whole in the larger part, and say so.
    date : from 2009-04-01 to the last date known; with a ``scenario``, the scenario's date or later.
    source : "bundled" (the atoms that come with placeatlas, dissolved), "official" (the fetched release with the codes of
        that date, the nearest if there are several; never the bundled shapes in its stead), or the path of a file with a
        code column and polygons, whose codes in the nations wanted must be those of the date.
    nations : initials of the nations wanted; a layer need show no other (one of Great Britain serves E, W and S).
    scenario : id of planned councils (``surrey-2027``), or the path of a TOML file; LAD and bundled shapes only.

    Raises
    ------
    DateError
        A date outside the register and no scenario named.
    CodeError
        An unknown geography or nation, a layer whose codes are not those of the date.
    FetchError
        "official" and the layer was never fetched (the error names the command), or no release shows all nations wanted.
    CRSError, GeometryError
        A file without coordinates in a declared system, or without polygons.

    Examples
    --------
    >>> import datetime as dt
    >>> len(load_boundary_set("LAD", dt.date(2012, 1, 1)))
    406
    """
    register = load_register()
    planned = None if scenario is None else load_scenario(scenario, register)
    _check_request(geography, date, nations, planned, source)
    named = geography if geography in GEOGRAPHIES else "LAD"
    check_date(register, date, geography=named, scenario=None if planned is None else planned.id)
    if geography in LEVELS:
        made = _statistical(register, geography, date, drawn=source == "bundled")
    else:
        made = _bundled(register, geography, date, planned)
    if set(nations) != set(NATIONS):
        made = only(made, made.frame.loc[made.frame["nation"].isin(nations), "code"])
    if source != "bundled":
        layer = read_official(geography, date, nations=nations) if source == "official" else read_layer(Path(source))
        made = _with_shapes_of(made, layer, nations)
    return made


def custom_boundary_set(membership: pd.DataFrame, *, scheme: str, base: BoundarySet) -> BoundarySet:
    """Return areas made of others by a membership table.

    A county row is dropped when districts of that county are listed in the same area, and counted in the receipt; one
    that stands alone stands for its districts. The areas' nation and region are those of most of their residents.

    Parameters
    ----------
    membership : columns ``code, name, member``, one row a member; members are codes of ``base`` or their counties.
    scheme : name of the custom geography; codes without it are written ``<scheme>:<code>``.
    base : every one of its areas must be in exactly one custom area.

    Raises
    ------
    TableError, CodeError
        A missing column; members unknown to the base, in several areas or in none, areas of two names; all at once.
    """
    table, receipt = membership_table(membership, scheme=scheme, base=base)
    area_of = dict(zip(table["member"], table["code"], strict=True))
    names = {code: (name, "") for code, name in zip(table["code"], table["name"], strict=True)}
    frame = merged(base.frame, area_of, names, coverage=base.shapes == "bundled")
    return BoundarySet(
        geography=scheme,
        date=base.date,
        frame=frame,
        sources=base.sources,
        approximate=_of_areas(base.approximate, area_of),
        members=_members(base, area_of),
        atoms=_atoms(base, area_of),
        receipt=receipt,
        shapes=base.shapes,
    )


def only(made: BoundarySet, codes: Iterable[str]) -> BoundarySet:
    """Return some of the areas of a set, with what is known of them and the sources they need."""
    wanted = set(codes)
    frame = made.frame[made.frame["code"].isin(wanted)].reset_index(drop=True)
    gone = set(_sources_of(made.frame["nation"])) - set(_sources_of(frame["nation"]))
    return replace(
        made,
        frame=frame,
        sources=tuple(source for source in made.sources if source not in gone),
        approximate={code: why for code, why in made.approximate.items() if code in wanted},
        members=None if made.members is None else _rows_of(made.members, wanted),
        atoms=None if made.atoms is None else _rows_of(made.atoms, wanted),
    )


def _check_request(
    geography: str, date: dt.date, nations: Sequence[str], planned: Scenario | None, source: str
) -> None:
    faults = []
    if geography not in (*GEOGRAPHIES, *LEVELS):
        known = ", ".join((*GEOGRAPHIES, *LEVELS))
        faults.append(f"geography {geography!r}; known: {known}, or a membership table")
    if unknown := [nation for nation in nations if nation not in NATIONS]:
        faults.append(f"nations {listed(unknown)}; known: {', '.join(NATIONS)}")
    if planned is not None and (geography != "LAD" or source != "bundled"):
        faults.append("a scenario draws planned councils: geography LAD and source bundled only")
    if planned is not None and date < planned.date:
        faults.append(f"{planned.id} begins on {planned.date.isoformat()}, after {date.isoformat()}")
    if faults:
        raise CodeError(f"no boundaries {geography}@{date.isoformat()}", faults)


def _bundled(register: Register, geography: str, date: dt.date, planned: Scenario | None) -> BoundarySet:
    known = date if planned is None else min(date, planned.base)
    atoms = load_atoms()
    districts = atom_codes(register, atoms, known)
    regions = region_of(register, known)
    units = gpd.GeoDataFrame(
        {
            "code": districts.to_numpy(),
            "nation": [nation_of(code) for code in districts],
            "region_code": [regions[code] for code in districts],
            "population": atoms["population"].to_numpy(),
        },
        geometry=atoms.geometry.to_numpy(),
        crs=atoms.crs,
    )
    area_of = dict(parents(register, geography, known))
    names = {code: (name_of(register, code, known), welsh_name_of(register, code, known)) for code in area_of.values()}
    if planned is not None:
        names |= {area.code: (area.name, "") for area in planned.areas}
        area_of |= {member: area.code for area in planned.areas for member in area.members}
    owner = districts.map(area_of).dropna()
    pieces = pd.DataFrame({"code": owner.to_numpy(dtype=object), "atom": owner.index.to_numpy(dtype=object)})
    members = pd.DataFrame({"code": list(area_of.values()), "member": list(area_of)}, dtype=object)
    frame = merged(units, area_of, names, coverage=True)
    return BoundarySet(
        geography=geography if planned is None else f"{geography}+{planned.id}",
        date=date,
        frame=frame,
        sources=(*_sources_of(frame["nation"]), *register.sources),
        approximate=_of_areas(moved_land(register, atoms, known), area_of),
        members=members.sort_values(["code", "member"], ignore_index=True),
        atoms=pieces.sort_values(["code", "atom"], ignore_index=True),
        shapes="bundled",
    )


def _statistical(register: Register, level: str, date: dt.date, *, drawn: bool) -> BoundarySet:
    """Make statistical regions of districts; when they are ``drawn``, each district whole in the region of most residents."""
    edition = edition_on(level, date)
    base = _bundled(register, "LAD", date, None)
    shares = statistical_shares(register, level, date, edition)
    order = shares.sort_values(["child", "weight", "parent"], ascending=[True, False, True])
    largest = order.drop_duplicates("child")
    area_of = dict(zip(largest["child"], largest["parent"], strict=True))
    called = statistical_names(edition)
    undrawn = sorted(set(shares["parent"]) - set(area_of.values()))
    if undrawn and drawn:
        named = listed(f"{code} {called[code]}" for code in undrawn)
        raise CodeError(
            f"the bundled shapes cannot draw {level} of {edition}: districts are larger than some of its areas",
            [named, 'use source = "official", or ITL2'],
        )
    names = {code: (called[code], "") for code in set(shares["parent"])}
    pairs = largest if drawn else shares
    units = (
        base.frame.set_index("code").loc[pairs["child"]].reset_index(drop=True).assign(code=pairs["parent"].to_numpy())
    )
    frame = merged(units, {code: code for code in names}, names, coverage=drawn)
    residents = shares["weight"] * shares["child"].map(base.frame.set_index("code")["population"])
    frame["population"] = frame["code"].map(residents.groupby(shares["parent"]).sum())
    divided = shares[shares["child"].duplicated(keep=False)]
    approximate = {
        str(
            code
        ): f"{' and '.join(sorted(name_of(register, child, date) for child in rows['child']))}: divided between areas"
        for code, rows in divided.groupby("parent")
    }
    return BoundarySet(
        geography=level,
        date=date,
        frame=frame,
        sources=base.sources,
        approximate={**_of_areas(base.approximate, area_of), **approximate},
        members=pd.DataFrame({"code": pairs["parent"].to_numpy(), "member": pairs["child"].to_numpy()}).sort_values(
            ["code", "member"], ignore_index=True
        ),
        atoms=_atoms(base, area_of),
        shapes="bundled",
    )


def _with_shapes_of(made: BoundarySet, layer: Layer, nations: Sequence[str]) -> BoundarySet:
    """Keep codes, names, residents and members; take the shapes of a layer whose codes in these nations must be the same."""
    elsewhere = set(NATIONS) - set(nations)
    expected = set(made.frame["code"])
    found = {code for code in layer.frame["code"] if nation_of(code) not in elsewhere}
    faults = []
    if missing := sorted(expected - found):
        faults.append(f"areas of {made.geography}@{made.date.isoformat()} without a shape: {listed(missing)}")
    if unknown := sorted(found - expected):
        faults.append(f"shapes that are no area of {made.geography}@{made.date.isoformat()}: {listed(unknown)}")
    if faults:
        raise CodeError(f"{layer.source.title} is not of {made.date.isoformat()}", faults)
    shapes = layer.frame.set_index("code").geometry.reindex(made.frame["code"])
    frame = made.frame.set_geometry(gpd.GeoSeries(shapes.to_numpy(), index=made.frame.index, crs=layer.frame.crs))
    frame["hectares"] = frame.geometry.area / 10_000
    return replace(
        made,
        frame=frame,
        sources=(layer.source, *made.sources),
        approximate={},
        receipt=dict(layer.repairs),
        shapes=layer.source.title,
    )


def _sources_of(nations: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources of the bundled shapes and residents of these nations."""
    known, wanted = layer_sources(), set(nations)
    shapes = {"geometry_ew": {"E", "W"}, "geometry_scotland": {"S"}, "geometry_ni": {"N"}}
    return (*(known[name] for name, covered in shapes.items() if covered & wanted), known["population"])


def _rows_of(table: pd.DataFrame, codes: set[str]) -> pd.DataFrame:
    return table[table["code"].isin(codes)].reset_index(drop=True)


def _of_areas(reasons: Mapping[str, str], area_of: Mapping[str, str]) -> dict[str, str]:
    """Carry reasons from members to areas, except where land moved between two members of the same area."""
    found: dict[str, list[str]] = {}
    touched: dict[str, set[str]] = {}
    for code, why in reasons.items():
        for instrument in why.split("; "):
            touched.setdefault(instrument, set()).add(area_of.get(code, ""))
            if code in area_of and instrument not in found.setdefault(area_of[code], []):
                found[area_of[code]].append(instrument)
    kept = {area: [why for why in instruments if len(touched[why]) > 1] for area, instruments in sorted(found.items())}
    return {area: "; ".join(instruments) for area, instruments in kept.items() if instruments}


def _members(base: BoundarySet, area_of: Mapping[str, str]) -> pd.DataFrame | None:
    if base.members is None:
        return None
    table = base.members.assign(code=base.members["code"].map(area_of))
    return table.sort_values(["code", "member"], ignore_index=True)


def _atoms(base: BoundarySet, area_of: Mapping[str, str]) -> pd.DataFrame | None:
    if base.atoms is None:
        return None
    table = base.atoms.assign(code=base.atoms["code"].map(area_of))
    return table.sort_values(["code", "atom"], ignore_index=True)
