"""A place by any of its names: current, former, Welsh, colloquial, misspelt; for people who look, never for a join."""

from __future__ import annotations

import difflib
import functools
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from boundaries.places.groupings import grouping_named, groupings
from boundaries.places.names import aliases_of, normalised
from boundaries.register import last_life, load_register, name_of, spells_of, successors
from boundaries.register.codes import parse_code
from boundaries.register.cutting import bare_name

if TYPE_CHECKING:
    from collections.abc import Iterator

CUTOFF = 0.72
"""Likeness (difflib ratio) from which a name is shown."""

_ORDER = ("name", "Welsh name", "other name", "former name", "published grouping", "part of the name", "similar name")
_SHORTEST = 4
"""Letters from which a part of a name is looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """One place that a search found.

    ``name`` is its name now, or its last; ``matched`` the name that was like the text, ``how`` of which sort that is (one of the
    words of this module); ``ended`` the day it ended (ISO 8601, "" while it lives); ``now`` what became of it; ``likeness`` 0 to 1.
    """

    code: str
    name: str
    kind: str
    matched: str
    how: str
    ended: str
    now: tuple[str, ...]
    likeness: float

    def __str__(self) -> str:
        """Tell the place in one line."""
        said = f"{self.code}  {self.name}, {self.kind}"
        if normalised(self.matched) != normalised(self.name):
            said += f"; {self.how} {self.matched}"
        if self.ended:
            said += f"; ended on {self.ended}" + (f", now {', '.join(self.now)}" if self.now else "")
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return the place as JSON-able data."""
        return asdict(self)


@functools.lru_cache(maxsize=4_096)
def find_places(text: str, *, limit: int = 10) -> tuple[Found, ...]:
    """Return the places whose names are, hold or are like a text, the surest first.

    Parameters
    ----------
    text : a name, however written, or a code. limit : how many at most.

    Examples
    --------
    >>> [(place.code, place.how) for place in find_places("Shepway")]
    [('E07000112', 'former name')]
    >>> find_places("Middlesborough")[0].name, find_places("Ynys Mon")[0].name
    ('Middlesbrough', 'Isle of Anglesey')
    """
    plain = normalised(bare_name(text))
    best: dict[str, Found] = {}
    group = grouping_named(text)
    if group:
        best[group] = _found(group, groupings()[group].name, "published grouping", 1.0)
    for key, sort, code, name in _entries():
        how, likeness = _likeness(plain, key, sort)
        if text.strip().upper() == code.upper() and sort in {"name", "published grouping"}:
            how, likeness = sort, 1.0
        if not how or (code in best and _rank(best[code]) <= (_ORDER.index(how), -likeness)):
            continue
        best[code] = _found(code, name, how, likeness)
    ranked = sorted(best.values(), key=lambda found: (*_rank(found), bool(found.ended), found.code))
    sure = [found for found in ranked if found.likeness == 1.0]
    return tuple((sure or ranked)[:limit])


def suggestions(text: str, *, limit: int = 3) -> tuple[str, ...]:
    """Return what a name that nobody knows may have meant, for messages: name and code, and what became of it."""
    found = find_places(text, limit=limit)
    return tuple(
        f"{place.name} ({place.code})"
        + (f", which ended on {place.ended}" if place.ended else "")
        + (f" (now {', '.join(place.now)})" if place.now else "")
        for place in found
    )


def _rank(found: Found) -> tuple[int, float]:
    return _ORDER.index(found.how), -found.likeness


def _likeness(plain: str, key: str, sort: str) -> tuple[str, float]:
    """Return of which sort a match is and how like the names are; a blank sort where they are not."""
    if plain == key:
        return sort, 1.0
    if len(plain) >= _SHORTEST and f" {plain} " in f" {key} ":
        return "part of the name", 0.99
    matcher = difflib.SequenceMatcher(None, key, plain)
    if matcher.real_quick_ratio() < CUTOFF or matcher.quick_ratio() < CUTOFF or matcher.ratio() < CUTOFF:
        return "", 0.0
    return "similar name", min(matcher.ratio(), 0.98)


@functools.cache
def _entries() -> tuple[tuple[str, str, str, str], ...]:
    """Return normalised name, sort of name, code and name as written, of every name of every place."""
    return tuple(dict.fromkeys(_names()))


def _names() -> Iterator[tuple[str, str, str, str]]:
    for code, spells in spells_of(load_register()).items():
        for spell in spells:
            sort = "name" if spell is spells[-1] else "former name"
            yield normalised(spell.name), sort, code, spell.name
            if spell.name_cy:
                yield normalised(spell.name_cy), "Welsh name", code, spell.name_cy
    for alias, code in aliases_of():
        yield normalised(alias), "other name", code, alias
    for code, known in groupings().items():
        yield normalised(known.name), "published grouping", code, known.name


def _found(code: str, name: str, how: str, likeness: float) -> Found:
    register = load_register()
    if code in groupings():
        members = tuple(f"{name_of(register, member)} {member}" for member in groupings()[code].members)
        return Found(
            code, groupings()[code].name, f"published grouping of {' and '.join(members)}", name, how, "", (), likeness
        )
    life = last_life(register, code)
    ended = life[1].isoformat() if life is not None and life[1] is not None else ""
    now = (
        [f"{event.new_name} {event.new_code}" for event in successors(register, code) if not event.partial]
        if ended
        else []
    )
    last = name_of(register, code) or spells_of(register)[code][-1].name
    return Found(code, last, parse_code(code).kind, name, how, ended, tuple(dict.fromkeys(now)), likeness)
