"""What a text names, whatever the date: the areas ever called so, in any tier of the register."""

from __future__ import annotations

import csv
import functools
import re
from typing import TYPE_CHECKING

from boundaries.places.names import ALIASES, normalised
from boundaries.register import load_register, spells_of
from boundaries.register.codes import LAD_ENTITIES, UTLA_ENTITIES, entity_of
from boundaries.register.cutting import bare_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COUNCILS = LAD_ENTITIES | UTLA_ENTITIES

_WITH = re.compile(
    r"(.+?)\s*[(\[]?\b(?:including|incl?\.?|(?:together )?with|plus)\s+(?:the\s+)?(.+?)\s*[)\]]?", re.IGNORECASE
)
_AND = re.compile(r"\s*(?:,|\+|;|&|/|\band\b)\s*", re.IGNORECASE)
_LANGUAGES = re.compile(r"\s+[-–—|]\s+|\s*/\s*")


@functools.cache
def _known() -> Mapping[str, frozenset[str]]:
    """Return normalised name → every code that was ever called so."""
    found: dict[str, set[str]] = {}
    for code, spells in spells_of(load_register()).items():
        for spell in spells:
            for name in filter(None, (spell.name, spell.name_cy)):
                found.setdefault(normalised(name), set()).add(code)
    with ALIASES.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(normalised(row["alias"]), set()).add(row["code"])
    return {name: frozenset(codes) for name, codes in found.items()}


@functools.lru_cache(maxsize=65_536)
def codes_ever(name: str) -> frozenset[str]:
    """Return every code that was ever called so, of councils, counties, regions and nations; none where nothing was.

    Examples
    --------
    >>> sorted(codes_ever("Northumberland")), sorted(codes_ever("Sir Benfro - Pembrokeshire")), codes_ever("Atlantis")
    (['E06000048', 'E06000057', 'E10000022'], ['W06000009'], frozenset())
    """
    plain = bare_name(name)
    known = _known()
    found = known.get(normalised(plain), frozenset())
    if found or not plain:
        return found
    halves = [known.get(normalised(half), frozenset()) for half in _LANGUAGES.split(plain) if half]
    return frozenset.intersection(*halves) if len(halves) > 1 else frozenset()


@functools.lru_cache(maxsize=65_536)
def names_a_council(name: str) -> bool:
    """Say whether a district or county was ever called so."""
    return any(entity_of(code) in COUNCILS for code in codes_ever(name))


@functools.lru_cache(maxsize=65_536)
def areas_together(name: str) -> tuple[frozenset[str], ...]:
    """Return the areas that a name puts together, each as the codes ever called so; nothing where it is one area's name.

    Examples
    --------
    >>> [sorted(codes) for codes in areas_together("Hackney and City of London")]
    [['E09000012'], ['E09000001']]
    >>> [sorted(codes) for codes in areas_together("Cornwall (incl. Isles of Scilly)")]
    [['E06000052'], ['E06000053', 'E07000025']]
    >>> areas_together("Bath and North East Somerset"), areas_together("Hartlepool and others")
    ((), ())
    """
    plain = bare_name(name)
    both = _WITH.fullmatch(plain)
    if both is None and codes_ever(name):
        return ()
    parts = [*both.groups()] if both else [part for part in _AND.split(plain) if part]
    found = tuple(frozenset(code for code in codes_ever(part) if entity_of(code) in COUNCILS) for part in parts)
    return found if len(found) > 1 and all(found) and len(set(found)) == len(found) else ()


def share_of_councils(texts: Iterable[str]) -> float:
    """Return the share of texts that are names of councils or counties, 0 where there are none."""
    given = list(texts)
    return sum(map(names_a_council, given)) / len(given) if given else 0.0
