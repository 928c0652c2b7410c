"""What a search for a place knows: every name that the areas of a site go by or went by, and postcodes where somebody gave them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from boundaries.places.names import aliases_of, short_name
from boundaries.register import load_register, spells_of, successors
from boundaries.register.codes import in_geography
from geo.documents import rows_of
from geo.errors import TableError, listed
from maps.words import format_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.register.records import Event

OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
"""The first half of a postcode: M1, CA14, EC1A."""

REDRAWN = frozenset({"merge", "reorganisation", "recode", "boundary_move"})
"""Events that end one area and begin another."""

TIERS = ("LAD", "UTLA")
"""Geographies whose former areas are looked for."""


def search_index(
    sets: Sequence[BoundarySet], *, postcodes: Mapping[str, Sequence[str]] | None = None, whose: str = ""
) -> dict[str, Any]:
    """Return what the search of a site knows, JSON-able.

    Parameters
    ----------
    sets : the areas of every geography of the site; an area of two is found once.
    postcodes : outward code → codes of the areas it lies in. whose : whose table that is, in words.

    Returns
    -------
    dict
        ``places``: code, name, Welsh name, region, further names of each area, in alphabetical order; ``former``: name and code of an
        area that is no more, the day (written out) on which it became part of others, and their places in ``places``;
        ``postcodes``: outward code → places; ``whose``.
    """
    found: dict[str, list[Any]] = {}
    for areas in sets:
        known = further_names(str(code) for code in areas.frame["code"])
        for row in areas.frame.drop(columns="geometry").to_dict("records"):
            code, name = str(row["code"]), str(row["name"])
            welsh = row.get("name_cy")
            names = [one for one in known.get(code, ()) if one not in {name, welsh}]
            found.setdefault(
                code,
                [
                    code,
                    name,
                    welsh if isinstance(welsh, str) and welsh != name else "",
                    str(row.get("region_name") or ""),
                    names,
                ],
            )
    places = sorted(found.values(), key=lambda one: (one[1], one[0]))
    at = {one[0]: position for position, one in enumerate(places)}
    former = [
        [name, code, format_date(day), [at[heir] for heir in heirs]]
        for name, code, day, heirs in former_areas(at.keys(), max((one.date for one in sets), default=None))
    ]
    outward = {
        code: sorted({at[area] for area in areas if area in at}) for code, areas in sorted((postcodes or {}).items())
    }
    return {
        "places": places,
        "former": former,
        "postcodes": {code: there for code, there in outward.items() if there},
        "whose": whose,
    }


def further_names(codes: Iterator[str]) -> dict[str, list[str]]:
    """Return what areas are also called or were called under the same code, by code."""
    names: dict[str, list[str]] = {code: [] for code in codes}
    spells = spells_of(load_register())
    for code, given in names.items():
        own = spells.get(code, ())
        given += [text for spell in own for text in (spell.name, spell.name_cy, short_name(spell.name)) if text]
    for alias, code in aliases_of():
        if code in names:
            names[code].append(alias)
    return {code: list(dict.fromkeys(given)) for code, given in names.items()}


def former_areas(codes: Collection[str], date: dt.date | None) -> Iterator[tuple[str, str, dt.date, tuple[str, ...]]]:
    """Yield every area that ended by a date and lies in areas of today: last name, code, the day it ended, codes of those."""
    register = load_register()
    for code, spells in sorted(spells_of(register).items()):
        last = spells[-1]
        if code in codes or last.end is None or date is None or last.end >= date:
            continue
        if not any(in_geography(code, tier) for tier in TIERS):
            continue
        day, heirs = _heirs(code, codes, date)
        if day is not None and heirs:
            yield last.name, code, day, heirs


def _heirs(code: str, codes: Collection[str], date: dt.date) -> tuple[dt.date | None, tuple[str, ...]]:
    """Return the areas of today that an area went into, and the day on which its own name ended."""
    register = load_register()
    day: dt.date | None = None
    heirs: dict[str, None] = {}
    waiting, seen = [code], {code}
    while waiting:
        for event in successors(register, waiting.pop(0)):
            if not _passes(event, date) or event.new_code in seen:
                continue
            seen.add(event.new_code)
            if day is None or event.old_name == event.new_name:
                day = event.date if day is None or event.date > day else day
            if event.new_code in codes:
                heirs[event.new_code] = None
            else:
                waiting.append(event.new_code)
    return day, tuple(sorted(heirs))


def _passes(event: Event, date: dt.date) -> bool:
    return event.kind in REDRAWN and not event.partial and event.date <= date


def read_postcodes(path: Path, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Read a table of outward postcodes and the areas they lie in.

    Parameters
    ----------
    path : CSV with the columns ``outward`` and ``code``; a postcode of several areas has a row each.
    codes : of the areas of the site.

    Raises
    ------
    TableError
        No such columns, texts that are no outward postcode, codes of no area of the site; every fault at once.
    """
    table = rows_of(path)
    if missing := [name for name in ("outward", "code") if name not in table.columns]:
        raise TableError(
            f"the postcodes of {path.name} cannot be used",
            [
                f"no column {' or '.join(missing)}; found {listed(list(table.columns))}",
                "expected the columns outward and code",
            ],
        )
    outward, areas = table["outward"].str.replace(" ", "").str.upper(), table["code"].str.strip()
    wrong = sorted({text for text in outward if not OUTWARD.fullmatch(text)})
    strange = sorted(set(areas) - set(codes))
    faults = [f"no outward postcode: {listed(wrong)}; expected M1, CA14, EC1A"] if wrong else []
    faults += [f"codes of no area of this atlas: {listed(strange)}"] if strange else []
    if faults:
        raise TableError(f"the postcodes of {path.name} cannot be used", faults)
    pairs = pd.DataFrame({"outward": outward, "code": areas}).groupby("outward")["code"]
    return {str(code): tuple(sorted(set(group))) for code, group in pairs}
