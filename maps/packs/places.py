"""Which place is meant by a code, a name or a list: nations, regions, combined authorities, counties, single areas.

Every place is looked up before any work begins, and every fault is told at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boundaries.places.names import normalised
from boundaries.places.search import find_places, suggestions
from boundaries.register import (
    last_life,
    load_register,
    name_of,
    parents,
    spells_of,
    successors,
    welsh_name_of,
)
from boundaries.vocabulary import COUNTRY_CODES, NATIONS, phrase
from geo.errors import CodeError, listed
from maps.packs.contents import Region
from maps.packs.lists import is_list, read_list
from maps.packs.naming import named, tier_of, tier_words
from maps.words import format_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.register import Register
    from maps.packs.contents import RegionInfo, Tier
    from maps.packs.lists import OwnList

TIERS: tuple[Tier, ...] = ("nation", "region", "combined-authority", "county", "council")
"""What may be named; a list is a file."""

_CODE = re.compile(r"[EWSNK]\d{8}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The areas of one geography of a build, and those that lie beside each.

    ``adjacent`` : code → codes of the neighbours that the build's statistics count.
    """

    boundaries: BoundarySet
    adjacent: Mapping[str, tuple[str, ...]]


def regions_of(boundaries: BoundarySet, tiers: Sequence[str]) -> list[Region]:
    """Return the nations and English regions that the areas lie in.

    Parameters
    ----------
    tiers : "nation" (England, Wales, Scotland, Northern Ireland) and "region" (the nine of England).
    """
    frame = boundaries.frame
    found = []
    if "nation" in tiers:
        for nation, group in frame.groupby("nation", sort=True):
            code, name = COUNTRY_CODES[str(nation)], NATIONS[str(nation)]
            welsh = phrase(f"place.{code}", "welsh") if nation == "W" else ""
            info = named(code, name, str(nation), tier="nation", welsh=welsh)
            found.append(Region(info, boundaries.geography, tuple(group["code"])))
    if "region" in tiers:
        english = frame[frame["region_code"].str.startswith("E12")]
        for (code, name), group in english.groupby(["region_code", "region_name"], sort=True):
            info = named(str(code), str(name), "E", tier="region")
            found.append(Region(info, boundaries.geography, tuple(group["code"])))
    return found


def find_regions(places: Sequence[str], layouts: Mapping[str, Layout]) -> list[Region]:
    """Return what is meant by each place.

    Parameters
    ----------
    places : codes, names ("North East (region)" where a combined authority has the same), or files of one's own lists.
    layouts : geography → its areas; a place is looked for in the first, then in the others.

    Raises
    ------
    CodeError
        Places that are unknown, that several may be meant by, that did not exist on the date of the areas, or that hold none of
        them: all of them, each with what may have been meant.
    ConfigError, TableError
        A list that cannot be read.
    """
    found: list[Region] = []
    faults: list[str] = []
    for place in places:
        wanted = read_list(place) if is_list(place) else place
        told: list[str] = []
        for layout in layouts.values():
            gazetteer = Gazetteer.of(layout)
            region, told_here = gazetteer.list_of(wanted) if not isinstance(wanted, str) else gazetteer.region(wanted)
            if region is not None:
                found.append(region)
                break
            told = told or told_here
        else:
            faults += told
    if faults:
        boundaries = next(iter(layouts.values())).boundaries
        raise CodeError(f"not every place can be packed from {boundaries.in_words}", faults)
    return list({region.info.folder_name: region for region in found}.values())


def regions_asked(asked: Sequence[str], layouts: Mapping[str, Layout]) -> list[Region]:
    """Return what a configuration wants packs of: every place of a tier on each geography, and places by code or name.

    Raises
    ------
    CodeError
        As ``find_regions``.
    """
    tiers = [text for text in asked if text in TIERS]
    plain = all(tier in TIERS[:2] for tier in tiers)
    found: list[Region] = []
    for layout in layouts.values():
        if plain:
            found += regions_of(layout.boundaries, tiers)
        else:
            every = Gazetteer.of(layout).regions.values()
            found += [region for tier in TIERS for region in every if tier in tiers and region.info.tier == tier]
    found += find_regions([text for text in asked if text not in TIERS], layouts)
    return list({(region.geography, region.info.folder_name): region for region in found}.values())


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every place that can be packed from the areas of one geography, by code."""

    layout: Layout
    regions: Mapping[str, Region]

    @classmethod
    def of(cls, layout: Layout) -> Gazetteer:
        """Return the places that hold areas of a geography on its date: larger ones first, then the areas themselves."""
        boundaries = layout.boundaries
        regions = {region.info.code: region for region in regions_of(boundaries, ("nation", "region"))}
        for region in _wider(boundaries):
            regions.setdefault(region.info.code, region)
        welsh = (
            boundaries.frame["name_cy"] if "name_cy" in boundaries.frame else boundaries.frame["name"].map(lambda _: "")
        )
        rows = zip(boundaries.frame["code"], boundaries.frame["name"], boundaries.frame["nation"], welsh, strict=True)
        for code, name, nation, other in rows:
            info = named(
                str(code), str(name), str(nation), tier="council", welsh=other if isinstance(other, str) else ""
            )
            context = layout.adjacent.get(str(code), ())
            regions.setdefault(str(code), Region(info, boundaries.geography, (str(code),), context))
        return cls(layout, regions)

    def region(self, text: str) -> tuple[Region | None, list[str]]:
        """Return the place that a text means, or why there is none."""
        said = text.strip()
        if said in self.regions:
            return self.regions[said], []
        if said.upper() in self.regions:
            return self.regions[said.upper()], []
        if _CODE.fullmatch(said.upper()):
            return None, [self._why_not(said.upper())]
        candidates = self._named(said)
        if len(candidates) == 1:
            return candidates[0], []
        if candidates:
            choices = ", ".join(f'"{_full(one.info)}" ({one.info.code})' for one in candidates)
            return None, [f"'{text}' may be {choices}: write one of these, or its code"]
        return self._formerly(text)

    def list_of(self, wanted: OwnList) -> tuple[Region | None, list[str]]:
        """Return the place that a list of one's own makes, or what of it is no place."""
        codes: dict[str, None] = {}
        faults: list[str] = []
        for text in wanted.places:
            region, told = self.region(text)
            faults += [f"{wanted.file}: {line}" for line in told]
            codes |= dict.fromkeys(region.codes if region is not None else ())
        if faults:
            return None, faults
        ordered = tuple(code for code in self.layout.boundaries.frame["code"] if code in codes)
        nations = set(self.layout.boundaries.frame.set_index("code").loc[list(ordered), "nation"])
        nation = nations.pop() if len(nations) == 1 else ""
        info = named("", wanted.name, str(nation), tier="list")
        return Region(info, self.layout.boundaries.geography, ordered), []

    def _named(self, text: str) -> list[Region]:
        """Return the places of a name; what stands in brackets behind it says which tier is meant."""
        name, tier = _with_tier(text)
        plain = normalised(name)
        found = [
            region
            for region in self.regions.values()
            if plain in {normalised(_bare(region.info)), normalised(region.info.welsh), normalised(region.info.name)}
            and (not tier or region.info.tier == tier)
        ]
        # a county that is one area of the build is the same place twice
        return list({region.codes: region for region in found}.values())

    def _formerly(self, text: str) -> tuple[Region | None, list[str]]:
        """Return the place that a former or other name means, or what the name may have meant."""
        name, tier = _with_tier(text)
        exact = [place.code for place in find_places(name) if place.likeness == 1.0]
        exact = [code for code in exact if not tier or tier_of(code) == tier]
        here = [self.regions[code] for code in exact if code in self.regions]
        if len(here) == 1:
            return here[0], []
        if exact:
            return None, [f"'{text}': {self._why_not(code)}" for code in exact]
        near = suggestions(name)
        return None, [f"'{text}' is no place that is known" + (f": did you mean {' or '.join(near)}?" if near else "")]

    def _why_not(self, code: str) -> str:
        """Say why a code of the register, or one that is in none, cannot be packed."""
        register, date = load_register(), self.layout.boundaries.date
        life = last_life(register, code)
        if life is None:
            return f"{code} is no code of the register"
        what = f"{name_of(register, code) or spells_of(register)[code][-1].name} ({code})"
        start, end = min(spell.start for spell in spells_of(register)[code]), life[1]
        if start > date:
            return f"{what} did not exist on {format_date(date)}; began {format_date(start)}"
        if end is not None and end < date:
            now = [f"{event.new_name} ({event.new_code})" for event in successors(register, code) if not event.partial]
            became = f", now {', '.join(dict.fromkeys(now))}" if now else ""
            return f"{what} ended on {format_date(end)}{became}"
        if partly := _parts(self.layout.boundaries).get(code, ()):
            return f"{what} holds no whole area of the build; in it lie parts of {listed(partly)}"
        wider = [region.info for region in self.regions.values() if self._holds(register, region, code)]
        inside = f"; it lies in {wider[-1].name} ({wider[-1].code})" if wider else ""
        return f"{what} holds none of {self.layout.boundaries.in_words}{inside}"

    def _holds(self, register: Register, region: Region, code: str) -> bool:
        members = self.layout.boundaries.members
        if members is None or len(region.codes) > 1:
            return False
        return code in set(members.loc[members["code"].isin(region.codes), "member"]) and code in spells_of(register)


def _wider(boundaries: BoundarySet) -> list[Region]:
    """Return the counties and combined authorities of the areas' date that hold areas whole: their members decide."""
    register, date = load_register(), boundaries.date
    area_of = _area_of(boundaries)
    members = _members(area_of)
    frame = boundaries.frame.set_index("code")
    found = []
    for geography in ("CAUTH", "UTLA"):
        inside = _children(register, geography, boundaries)
        for parent, districts in sorted(inside.items()):
            if tier_of(parent) not in {"combined-authority", "county"}:
                continue
            whole = tuple(code for code in frame.index if code in members and members[code] <= districts)
            if not whole:
                continue
            partly = [
                code for code in frame.index if code in members and members[code] & districts and code not in whole
            ]
            info = named(
                parent,
                name_of(register, parent, date),
                str(frame.loc[whole[0], "nation"]),
                tier=tier_of(parent),
                welsh=welsh_name_of(register, parent, date),
            )
            names = tuple(str(frame.loc[code, "name"]) for code in partly)
            found.append(Region(info, boundaries.geography, whole, partly=names))
    return found


def _parts(boundaries: BoundarySet) -> dict[str, tuple[str, ...]]:
    """Return the names of the areas that lie in part in each county and combined authority that holds none whole."""
    members, names = (
        _members(_area_of(boundaries)),
        dict(zip(boundaries.frame["code"], boundaries.frame["name"], strict=True)),
    )
    found = {}
    for geography in ("CAUTH", "UTLA"):
        for parent, districts in _children(load_register(), geography, boundaries).items():
            if tier_of(parent) != "council":
                partly = [code for code, own in members.items() if own & districts and not own <= districts]
                found[parent] = tuple(str(names[code]) for code in partly)
    return found


def _children(register: Register, geography: str, boundaries: BoundarySet) -> dict[str, set[str]]:
    """Return the districts of every upper area of a geography on the areas' date; nothing after the register's last date."""
    if boundaries.date > register.until(geography) or boundaries.date < register.known_from:
        return {}
    found: dict[str, set[str]] = {}
    for district, parent in parents(register, geography, boundaries.date).items():
        found.setdefault(parent, set()).add(district)
    return found


def _area_of(boundaries: BoundarySet) -> list[tuple[str, str]]:
    """Return pairs of area and district; areas that are made of nothing known are their own."""
    if boundaries.members is None:
        return [(str(code), str(code)) for code in boundaries.frame["code"]]
    return [(str(a), str(b)) for a, b in zip(boundaries.members["code"], boundaries.members["member"], strict=True)]


def _members(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for area, district in pairs:
        found.setdefault(area, set()).add(district)
    return found


def _with_tier(text: str) -> tuple[str, Tier | None]:
    """Return a name and the tier that stands behind it, in brackets or not."""
    said = text.strip()
    for tier in TIERS:
        bare = re.sub(rf"[\s(]+{re.escape(tier_words(tier))}\)?$", "", said, flags=re.IGNORECASE)
        if bare and bare != said:
            return bare, tier
    return said, None


def _bare(info: RegionInfo) -> str:
    """Return a place's name without the tier that its title may say."""
    return _with_tier(info.name)[0] if info.name.endswith(f"({tier_words(info.tier)})") else info.name


def _full(info: RegionInfo) -> str:
    return f"{_bare(info)} ({tier_words(info.tier)})"
