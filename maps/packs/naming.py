"""What places are called in packs: a combined authority told from the region of the same name, in titles and file names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from boundaries.places.names import normalised
from boundaries.register import load_register, spells_of
from maps.packs.contents import RegionInfo
from maps.slugs import slug
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maps.packs.contents import Tier

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


@cache
def _tiers_by_name() -> Mapping[str, frozenset[Tier]]:
    """Return the tiers of the larger places that have had a name, by the name as it is compared."""
    found: dict[str, set[Tier]] = {}
    for code, spells in spells_of(load_register()).items():
        for spell in spells if tier_of(code) != "council" else ():
            found.setdefault(normalised(spell.name), set()).add(tier_of(code))
    return {name: frozenset(tiers) for name, tiers in found.items()}
