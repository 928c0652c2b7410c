"""Names of areas to codes: exactly, after normalisation, or by the reviewed alias table; anything nearer is only suggested."""

from __future__ import annotations

import csv
import difflib
import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from boundaries.register import codes_alive, last_life, load_register, name_of, spells_of, successors
from boundaries.register.codes import in_geography
from boundaries.register.cutting import bare_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from boundaries.register import Register

ALIASES = Path(__file__).parents[1] / "register" / "aliases.csv"
"""Reviewed names of areas beside those of the register: columns ``alias, code, kind, source``."""

_APOSTROPHES = re.compile(r"['’‘`]")
_INVERTED = re.compile(
    r"(.+?)\s*(?:,\s*|\()(?:city and county|city|county|london borough|royal borough) of(?: the)?\)?"
)
_OFFICE = re.compile(r"\s+(?:county|city|borough|district) council$|, (?:city|county) of$", re.IGNORECASE)
_PREFIXES: Final = (
    "the council of the city of ",
    "corporation of the ",
    "the ",
    "london borough of ",
    "royal borough of ",
    "metropolitan borough of ",
    "borough of ",
    "city and county of ",
    "city of ",
    "county of ",
)
_SUFFIXES: Final = (
    " metropolitan borough council",
    " metropolitan district council",
    " metropolitan borough",
    " county borough council",
    " city and borough council",
    " city and district council",
    " county council",
    " borough council",
    " district council",
    " city council",
    " council",
    " london borough",
    " london boro",
    " royal borough",
    " county borough",
    " district (b)",
    " (b)",
    " ua",
    " unitary authority",
    " city",
    " cc",
    " bc",
    " dc",
    " mbc",
)
_LANGUAGES: Final = (" - ", " – ", " — ", " | ", "/")
"""What stands between the names of one council in two languages."""

_KEPT: Final = frozenset({"city of london", "london"})
"""The City of London is not London."""

SUGGESTION_CUTOFF: Final = 0.75
"""Similarity (difflib ratio) from which a name is worth suggesting; matching never uses it."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Codes found for names.

    ``codes`` has the index of the names given, "" where nothing was found; ``ways`` counts distinct names by how they
    were matched (exact, normalised, former name, alias); ``unmatched`` gives each name without a code its suggestions.
    """

    codes: pd.Series
    ways: Mapping[str, int]
    unmatched: Mapping[str, tuple[str, ...]]


def normalised(name: str) -> str:
    """Return the name without accents, case, punctuation and words of office.

    Examples
    --------
    >>> normalised("Bristol, City of"), normalised("St. Helens"), normalised("Ynys Môn"), normalised("City of London")
    ('bristol', 'st helens', 'ynys mon', 'city of london')
    """
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() if not name.isascii() else name
    text = _APOSTROPHES.sub("", text).casefold().replace("&", " and ").replace(".", " ")
    inverted = _INVERTED.fullmatch(text.strip())
    if inverted:
        text = inverted[1]
    text = re.sub(r"[-,/]", " ", text)
    text = re.sub(r"\bsaint\b", "st", re.sub(r"\s+", " ", text).strip())
    changed = True
    while changed and text not in _KEPT:
        changed = False
        # Words of office behind come off first: "City of London Council" is the City, not London.
        for suffix in _SUFFIXES:
            rest = text.removesuffix(suffix)
            if rest != text and rest:
                text, changed = rest, True
        for prefix in _PREFIXES:
            rest = text.removeprefix(prefix)
            if rest != text and text not in _KEPT:
                text, changed = rest, True
    return text


def short_name(name: str) -> str:
    """Return a council's name as people say it: without its office, and without the style that follows a comma.

    Examples
    --------
    >>> short_name("Surrey county council"), short_name("Bristol, City of"), short_name("Armagh City, Banbridge and Craigavon")
    ('Surrey', 'Bristol', 'Armagh City, Banbridge and Craigavon')
    """
    return _OFFICE.sub("", name)


def match_names(
    names: Iterable[str],
    *,
    geography: str = "LAD",
    date: dt.date | None = None,
    aliases: Mapping[str, str] | None = None,
    suggest: bool = True,
) -> NameMatch:
    """Find the codes of names on a date; never by likeness.

    Parameters
    ----------
    names : as published; blank ones stay without a code.
    date : names and codes alive on it count (the last date known by default); former names of living codes count too.
    aliases : further reviewed name → code pairs, before those that come with placeatlas.
    suggest : whether to look for what an unmatched name may have meant, which takes longer than matching.

    Raises
    ------
    CodeError, DateError
        An unknown geography, a date outside the register.
    """
    register = load_register()
    when = register.until(geography) if date is None else date
    given = names.astype(object) if isinstance(names, pd.Series) else pd.Series(list(names), dtype=object)
    distinct = [name for name in given.unique() if isinstance(name, str) and name.strip()]
    index = _index(register, geography, when)
    own = {normalised(alias): code for alias, code in (aliases or {}).items()}
    found: dict[str, str] = {}
    ways: dict[str, int] = {}
    unmatched: dict[str, tuple[str, ...]] = {}
    for name in distinct:
        code, way = _found(name, index, own)
        if code:
            found[name] = code
            ways[way] = ways.get(way, 0) + 1
        else:
            unmatched[name] = _suggestions(name, register, geography, when) if suggest else ()
    codes = pd.Series([found.get(name, "") for name in given], index=given.index, dtype=object)
    return NameMatch(codes, ways, unmatched)


@dataclass(frozen=True, slots=True)
class _Index:
    exact: Mapping[str, str]
    plain: Mapping[str, str]
    former: Mapping[str, str]
    aliases: Mapping[str, str]
    raw_aliases: Mapping[str, str]


def _found(name: str, index: _Index, own: Mapping[str, str]) -> tuple[str, str]:
    stripped = re.sub(r"\s+", " ", bare_name(name))
    code, way = _as_written(stripped, index, own)
    if code or not any(mark in stripped for mark in _LANGUAGES):
        return code, way
    # A council under both its names is one area; of two areas nothing is taken.
    halves = [half for half in re.split(r"\s+[-–—|]\s+|\s*/\s*", stripped) if half]
    codes = {_as_written(half, index, own)[0] for half in halves}
    return (codes.pop(), "both languages") if len(halves) > 1 and len(codes) == 1 and codes != {""} else ("", "")


def _as_written(stripped: str, index: _Index, own: Mapping[str, str]) -> tuple[str, str]:
    plain, raw = normalised(stripped), _raw(stripped)
    for table, key, way in (
        (own, plain, "alias"),
        (index.exact, stripped, "exact"),
        # An alias written in full ("Durham county council") counts before the words of office are taken off.
        (index.raw_aliases, raw, "alias"),
        (index.plain, plain, "normalised"),
        (index.former, plain, "former name"),
        (index.aliases, plain, "alias"),
    ):
        if table.get(key):
            return table[key], way
    return "", ""


@functools.lru_cache(maxsize=32)
def _index(register: Register, geography: str, date: dt.date) -> _Index:
    alive = codes_alive(register, geography, date)
    exact: dict[str, str] = {}
    plain: dict[str, str] = {}
    former: dict[str, str] = {}
    for code in sorted(alive):
        now = name_of(register, code, date)
        exact[now] = "" if now in exact else code
        for spell in spells_of(register)[code]:
            # A name two areas share is no name: it is left out, so that the user sees both as suggestions.
            table = plain if spell.name == now else former
            key = normalised(spell.name)
            table[key] = code if table.get(key, code) == code else ""
            if spell.name_cy:
                table[normalised(spell.name_cy)] = code
    aliases, raw = {}, {}
    for alias, code in aliases_of():
        if code in alive:
            aliases[normalised(alias)] = code
            raw[_raw(alias)] = code
    return _Index(exact, plain, former, aliases, raw)


@functools.cache
def aliases_of() -> tuple[tuple[str, str], ...]:
    """Return the reviewed aliases, each with its code."""
    with ALIASES.open(newline="", encoding="utf-8") as file:
        return tuple((row["alias"], row["code"]) for row in csv.DictReader(file))


def _raw(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip().casefold())


def _suggestions(name: str, register: Register, geography: str, date: dt.date) -> tuple[str, ...]:
    """Return what may have been meant: an area that has ended, or names that look alike."""
    plain = normalised(name)
    ended = []
    for code, spells in spells_of(register).items():
        life = last_life(register, code)
        if life is None or life[1] is None or life[1] >= date or not in_geography(code, geography):
            continue
        if any(normalised(spell.name) == plain for spell in spells):
            now = [event.new_name for event in successors(register, code) if not event.partial]
            ended.append(f"{spells[-1].name} ({code}), which ended on {life[1].isoformat()}" + _into(now))
    if ended:
        return tuple(ended)
    names = {normalised(name_of(register, code, date)): code for code in codes_alive(register, geography, date)}
    near = difflib.get_close_matches(plain, names, n=3, cutoff=SUGGESTION_CUTOFF)
    return tuple(f"{name_of(register, names[key], date)} ({names[key]})" for key in near)


def _into(names: list[str]) -> str:
    return f" (now {', '.join(dict.fromkeys(names))})" if names else ""
