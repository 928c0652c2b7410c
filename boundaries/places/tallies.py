"""Which kinds of place the codes of a table name, in words: for messages that say why a table is not of a geography."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from boundaries.register.codes import GEOGRAPHIES, entity_of, in_geography, parse_code

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDER_NAMES = {
    "united kingdom": "K02000001",
    "uk": "K02000001",
    "great britain": "K03000001",
    "england and wales": "K04000001",
}
"""Wider areas that are in no register."""

_WIDER = {"K02": "the United Kingdom", "K03": "Great Britain", "K04": "England and Wales"}
_NAMES = frozenset({"United Kingdom", "Great Britain", "England and Wales", "Greater London Authority"})
"""Kinds that are one place each."""
_HEAD = re.compile(r".+?(?= of | before | as |,)")
"""What bears the plural: the words before "of"."""
_SMALL = frozenset({"E00", "W00", "S00", "N00", "E01", "W01", "S01", "E02", "W02", "S02", "N20", "N21"})
"""Entities of areas smaller than districts that census and deprivation tables use."""


def tiers_in_words(codes: Iterable[str]) -> list[str]:
    """Name the kinds of place among codes, the most frequent first.

    Examples
    --------
    >>> tiers_in_words(["E12000001", "E12000002", "E92000001", "K02000001"])
    ['2 regions', '1 country', 'the United Kingdom']
    """
    kinds: dict[str, set[str]] = {}
    for code in sorted({code for code in codes if code}):
        known = parse_code(code)
        wider = _WIDER.get(known.entity) if known.scheme == "gss" else None
        own = f"area of {code.partition(':')[0]}" if ":" in code else known.kind
        kinds.setdefault(wider or own, set()).add(code)
    ordered = sorted(kinds, key=lambda kind: (kind in _WIDER.values(), -len(kinds[kind]), kind))
    return [kind if kind in _WIDER.values() else _counted(len(kinds[kind]), kind) for kind in ordered]


def plural_of(kind: str) -> str:
    """Return the plural of a kind of place.

    Examples
    --------
    >>> plural_of("county"), plural_of("part of London"), plural_of("United Kingdom")
    ('counties', 'parts of London', 'United Kingdom')
    """
    if kind in _NAMES:
        return kind
    head = _HEAD.match(kind)
    word = head[0] if head else kind
    return (f"{word[:-1]}ies" if word.endswith("y") else f"{word}s") + kind[len(word) :]


def _counted(number: int, kind: str) -> str:
    return f"{number:,} {kind if number == 1 else plural_of(kind)}"


def advice_for(codes: Iterable[str]) -> str:
    """Say what to do with a table that is not of the geography that was asked for; empty where nothing is known to help."""
    distinct = {code for code in codes if code}
    own = {code for code in distinct if ":" in code}
    if own and 2 * len(own) >= len(distinct):
        return 'name the table that says which districts they are made of: members = "…"'
    distinct -= own
    small = {code for code in distinct if entity_of(code) in _SMALL}
    if small and 2 * len(small) >= len(distinct):
        return "areas smaller than districts are not joined: bring them together into districts first"
    shares = {name: sum(in_geography(code, name) for code in distinct) for name in GEOGRAPHIES}
    best = max(shares, key=lambda name: shares[name])
    if any(parse_code(code).scheme == "itl" for code in distinct):
        return "ask for geography ITL1, ITL2 or ITL3"
    return f"ask for geography {best}" if shares[best] else ""
