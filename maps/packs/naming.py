"""What places are called in packs: a combined authority told from the region of the same name, in titles and file names."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from boundaries.places.names import normalised
from boundaries.register import load_register, spells_of
from maps.addresses import FIRST
from maps.packs.contents import RegionInfo
from maps.slugs import slug
from maps.words import language, names_spoken, say, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from maps.packs.contents import Region, Tier

TIER_OF: Mapping[str, Tier] = {
    "E12": "region",
    "E47": "combined-authority",
    "E10": "county",
    "E92": "nation",
    "W92": "nation",
    "S92": "nation",
    "N92": "nation",
}
"""First letters of a code → what it is of; everything else is a council."""


def tier_of(code: str) -> Tier:
    """Return what the code of the register is of."""
    return TIER_OF.get(code[:3], "council")


def tier_words(tier: Tier) -> str:
    """Return what a reader calls places of a tier: ``combined authority``."""
    return say(f"pack.tier-{tier}")


def named(code: str, name: str, nation: str, *, tier: Tier, welsh: str = "") -> RegionInfo:
    """Return what a place is called; where larger places of several tiers share its name, at any date, the tier stands behind it.

    Examples
    --------
    >>> named("E12000001", "North East", "E", tier="region").folder_name
    'E12000001-north-east-region'
    >>> named("E12000002", "North West", "E", tier="region").name
    'North West'
    """
    larger = tier not in {"council", "list"}
    shared = larger and len(_tiers_by_name().get(normalised(name), frozenset()) | {tier}) > 1
    title = say("pack.named", name=name, tier=tier_words(tier)) if shared else name
    return RegionInfo(code, title, slug(title) or "place", nation, welsh, tier)


def speaks(code: str, region: Region) -> bool:
    """Say whether packs of a place are made in a language unasked: in English always, in Welsh where the place lies in Wales."""
    nations = language(code).rules.get("nations")
    return nations is None or region.info.nation in nations


def told_in(region: Region, code: str, areas: pd.DataFrame) -> Region:
    """Return a place as a language calls it, in a folder of its own; in English it is returned as it is.

    Parameters
    ----------
    code : of the language. areas : of the build, with their names.
    """
    if code == FIRST:
        return region
    info = region.info
    with speaking(FIRST):
        bare = info.name.removesuffix(f" ({tier_words(info.tier)})")
    with speaking(code):
        own = info.welsh if code == "cy" and info.welsh else ""
        spoken = own or (bare if info.tier == "list" else named(info.code, bare, info.nation, tier=info.tier).name)
        names = dict(zip(areas["name"], areas["code"], strict=True))
        called = names_spoken(areas)
    told = replace(info, name=spoken, slug=f"{slug(spoken) or 'place'}-{code}", language=code, english=info.name)
    return replace(region, info=told, partly=tuple(called.get(names.get(name, ""), name) for name in region.partly))


@cache
def _tiers_by_name() -> Mapping[str, frozenset[Tier]]:
    """Return the tiers of the larger places that have had a name, by the name as it is compared."""
    found: dict[str, set[Tier]] = {}
    for code, spells in spells_of(load_register()).items():
        for spell in spells if tier_of(code) != "council" else ():
            found.setdefault(normalised(spell.name), set()).add(tier_of(code))
    return {name: frozenset(tiers) for name, tiers in found.items()}
