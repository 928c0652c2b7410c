"""One nation, English region, county or combined authority: its areas, and the outcome of them alone."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from boundaries.areas.boundary_set import only
from boundaries.joined.matching import join
from boundaries.places.names import normalised
from boundaries.places.search import suggestions
from boundaries.register import codes_alive, load_register, name_of, parents
from boundaries.register.codes import GEOGRAPHIES
from boundaries.vocabulary import counted
from geo.errors import CodeError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined.result import Joined
    from boundaries.outcomes.table import OutcomeTable

_TIERS = ("CTRY", "RGN", "CAUTH", "UTLA")
"""Where one name is that of several tiers (North East: a region and a combined authority), the first is meant."""


def within(boundaries: BoundarySet, place: str) -> BoundarySet:
    """Return the areas of a set all of whose districts lie in one place.

    Parameters
    ----------
    boundaries : areas that know which districts they are made of.
    place : code or name of a nation, English region, combined authority or county on the date of the set; of a layer of smaller
        areas also of a district.

    Raises
    ------
    CodeError
        No such place on that date, or one that holds no whole area of the set.

    Examples
    --------
    >>> import datetime as dt
    >>> from boundaries.areas.loading import load_boundary_set
    >>> len(within(load_boundary_set("LAD", dt.date(2023, 4, 1)), "North East"))
    12
    """
    smaller = boundaries.districts is not None
    districts = _districts_of(place, boundaries.date, tiers=(*_TIERS, "LAD") if smaller else _TIERS)
    codes = boundaries.frame["code"]
    if boundaries.districts is not None:
        home = boundaries.districts.set_index("code")["district"]
        inside = codes[codes.map(home).isin(districts)]
    elif boundaries.members is None:
        inside = codes[codes.isin(districts)]
    else:
        whole = boundaries.members["member"].isin(districts).groupby(boundaries.members["code"]).all()
        inside = codes[codes.map(whole).fillna(value=False).astype(bool)]
    if inside.empty:
        raise CodeError(
            f"no area of {boundaries.geography} lies whole in {place} on {boundaries.date.isoformat()}",
            ["name a larger place, or smaller areas"],
        )
    return only(boundaries, inside)


def join_within(
    table: OutcomeTable,
    areas: BoundarySet,
    *,
    place: str | None = None,
    **how: Any,
) -> Joined:
    """Join an outcome to the areas of one place, rows of areas elsewhere left aside and counted; without a place, to all.

    Parameters
    ----------
    table : the outcome. areas : the set, whole or limited to the place already. place : as of ``within``.
    how : period, where and allow, as of ``join``.

    Notes
    -----
    Where no place is named and every figure lies in one region, the receipt says so, and carries the option that leaves the others out.

    Raises
    ------
    CodeError
        As ``within``.
    JoinError
        As ``join``.
    """
    if not place:
        joined = join(table, areas, **how)
        lone = lone_region_of(joined)
        return joined if lone is None else _saying(joined, [lone.words], [lone.remedy])
    inside = within(areas, place)
    named = dict(zip(areas.frame["code"], areas.frame["name"], strict=True)) | _alive(areas)
    own = set(inside.frame["code"])
    codes = (named.keys() | _former_elsewhere(areas, own)) - own
    names = {normalised(named[code]) for code in codes if code in named} - {
        normalised(name) for name in inside.frame["name"]
    }
    frame = table.frame
    aside = {
        (code, name)
        for code, name in frame[["code", "name"]].drop_duplicates().itertuples(index=False)
        if code in codes or (not code and normalised(name) in names)
    }
    kept = [pair not in aside for pair in zip(frame["code"], frame["name"], strict=True)]
    joined = join(replace(table, frame=frame[kept].reset_index(drop=True)), inside, **how)
    what = f"Limited to {place}: {len(inside)} areas; {len(aside)} of the table lie elsewhere."
    return _saying(joined, [what])


def _former_elsewhere(areas: BoundarySet, own: set[str]) -> set[str]:
    """Return codes of other editions none of whose areas is among those of a place."""
    if areas.earlier is None:
        return set()
    inside = areas.earlier["code"].isin(own).groupby(areas.earlier["old"]).any()
    return set(inside.index[~inside])


def _alive(areas: BoundarySet) -> dict[str, str]:
    """Return every code of the set's geography on its date with its name, those that were left out of the set too."""
    if areas.geography not in GEOGRAPHIES:
        return {}
    register = load_register()
    codes = codes_alive(register, areas.geography, areas.date)
    return {code: name_of(register, code, areas.date) for code in codes}


def _saying(joined: Joined, said: list[str], remedies: Sequence[Remedy] = ()) -> Joined:
    receipt = joined.receipt
    told = replace(receipt, statements=(*receipt.statements, *said), remedies=(*receipt.remedies, *remedies))
    return replace(joined, receipt=told)


@dataclass(frozen=True, slots=True)
class LoneRegion:
    """The one region in which all figures lie, and how many areas elsewhere count as without data."""

    code: str
    name: str
    others: int

    @property
    def words(self) -> str:
        """Say so in a sentence."""
        return (
            f"All figures lie in {self.name}: {counted(self.others, 'area', 'areas')} elsewhere count as without data."
        )

    @property
    def remedy(self) -> Remedy:
        """The option that leaves the other areas out."""
        return Remedy("within", self.code, purpose="to leave them out")


def lone_region_of(joined: Joined) -> LoneRegion | None:
    """Return the one region all figures lie in, where other regions of a nation that is covered have none; else nothing."""
    regions = joined.boundaries.frame.set_index("code")[["region_code", "region_name"]]
    covered = regions[joined.covered.reindex(regions.index)]
    valued = joined.frame["value"].notna()
    held = regions[valued.reindex(regions.index)].drop_duplicates()
    if len(held) != 1 or covered["region_code"].nunique() == 1:
        return None
    code, name = held.iloc[0]
    others = int((covered["region_code"] != code).sum())
    return LoneRegion(str(code), str(name), others)


def _districts_of(place: str, date: dt.date, *, tiers: Sequence[str] = _TIERS) -> frozenset[str]:
    register = load_register()
    names: dict[str, str] = {}
    for tier in tiers:
        # Combined authorities are known until an earlier day than councils: those of that day count after it.
        above = parents(register, tier, min(date, register.until(tier)))
        for code in sorted(set(above.values())):
            name = name_of(register, code, min(date, register.until(tier)))
            names.setdefault(name, code)
            if place.strip() == code or normalised(place) == normalised(name):
                return frozenset(child for child, parent in above.items() if parent == code)
    near = difflib.get_close_matches(place, names, n=3)
    similar = () if near else suggestions(place)
    hint = listed(f"{names[name]} {name}" for name in near)
    raise CodeError(
        f"'{place}' is no place on {date.isoformat()}",
        [
            "expected the code or name of a nation, English region, county or combined authority",
            *([f"did you mean {hint or listed(similar)}?"] if near or similar else []),
        ],
    )
