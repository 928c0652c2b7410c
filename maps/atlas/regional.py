"""Nations, English regions and other places that a pack may be of, and the areas that lie in each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from boundaries.bundled.layers import NATION_LINES, sources
from boundaries.register import load_register, name_of, welsh_name_of
from boundaries.vocabulary import COUNTRY_CODES, NATIONS, phrase
from geo.errors import CodeError, listed
from maps.packs import RegionInfo
from maps.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source

SHAPES_OF = (("EW", "geometry_ew"), ("S", "geometry_scotland"), ("N", "geometry_ni"))
"""Nations, and the bundled source of their shapes."""

FRAME_MARGIN = 0.25
"""A regional map shows land round its areas: no farther than this share of their longer side."""


def part_of(whole: BoundarySet, codes: Iterable[str]) -> BoundarySet:
    """Return the areas of a set that are named, with their members, atoms, approximate shapes and sources.

    The sources of nations that a map of these areas does not show, not even as grey land around them, are left out; of the
    sources of residents and codes, the lines of nations that none of the areas lies in.
    """
    wanted = set(codes)
    frame = whole.frame[whole.frame["code"].isin(wanted)].reset_index(drop=True)
    west, south, east, north = frame.total_bounds
    margin = FRAME_MARGIN * max(east - west, north - south)
    shown = set(whole.frame.cx[west - margin : east + margin, south - margin : north + margin]["nation"])
    bundled = sources()
    drawn = {bundled[name].title for _, name in SHAPES_OF}
    unseen = {bundled[name].title for nations, name in SHAPES_OF if not shown & set(nations)}
    own = set(frame["nation"])
    said = (source if source.title in drawn else _said_in(own, source) for source in whole.sources)
    return replace(
        whole,
        frame=frame,
        sources=tuple(source for source in said if source is not None and source.title not in unseen),
        approximate={code: why for code, why in whole.approximate.items() if code in wanted},
        members=_rows_of(whole.members, wanted),
        atoms=_rows_of(whole.atoms, wanted),
        districts=_rows_of(whole.districts, wanted),
    )


def _said_in(nations: set[str], source: Source) -> Source | None:
    """Return a source with the lines that its data of some nations ask for; None where all its lines are of others."""
    foreign = {line for nation, own in NATION_LINES.items() if nation not in nations for line in own}
    lines = tuple(line for line in source.attribution if line.rstrip(".") not in foreign)
    return replace(source, attribution=lines) if lines or not source.attribution else None


def _rows_of(table: pd.DataFrame | None, codes: set[str]) -> pd.DataFrame | None:
    return None if table is None else table[table["code"].isin(codes)].reset_index(drop=True)


def regions_of(boundaries: BoundarySet, tiers: Sequence[str]) -> list[tuple[RegionInfo, list[str]]]:
    """Return the nations and English regions that the areas lie in, each with its areas' codes.

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
            info = RegionInfo(code, name, slug(name), str(nation), welsh)
            found.append((info, list(group["code"])))
    if "region" in tiers:
        english = frame[frame["region_code"].str.startswith("E12")]
        for (code, name), group in english.groupby(["region_code", "region_name"], sort=True):
            found.append((RegionInfo(str(code), str(name), slug(str(name)), "E"), list(group["code"])))
    return found


def region_named(code: str, boundaries: BoundarySet) -> tuple[RegionInfo, list[str]]:
    """Return a nation, region, county or combined authority with the codes of its areas.

    Raises
    ------
    CodeError
        The code holds no area of the set on its date.
    """
    for info, codes in regions_of(boundaries, ("nation", "region")):
        if info.code == code:
            return info, codes
    register = load_register()
    inside = {
        link.child
        for link in register.hierarchy
        if link.parent == code and link.start <= boundaries.date and (link.end is None or boundaries.date <= link.end)
    }
    codes = [area for area in boundaries.frame["code"] if area in inside]
    if not codes:
        raise CodeError(
            f"{code} holds none of {boundaries.in_words}",
            ["expected the code of a nation, region, county or combined authority alive on that date"],
        )
    name = name_of(register, code, boundaries.date)
    nation = str(boundaries.frame.set_index("code").loc[codes[0], "nation"])
    return RegionInfo(code, name, slug(name), nation, welsh_name_of(register, code, boundaries.date)), codes


def check_codes(codes: Sequence[str]) -> None:
    """Refuse what cannot be the code of a region.

    Raises
    ------
    CodeError
        Naming every such code.
    """
    wrong = [code for code in codes if not re.fullmatch(r"[EWSNK]\d{8}", code)]
    if wrong:
        raise CodeError(f"{listed(wrong)}: expected codes such as E12000001", ["a letter and eight digits"])
