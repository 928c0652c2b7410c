"""What is alive when, under which name, and what became of what."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boundaries.register.codes import GEOGRAPHIES, entity_of
from geo.errors import CodeError, DateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.register.records import Event, Register, Spell

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Epoch:
    """An interval (both days included) during which the code set of a geography did not change.

    The last epoch ends on the last date known, not on the last day of the code set.
    """

    number: int
    geography: str
    start: dt.date
    end: dt.date
    codes: frozenset[str]

    def __str__(self) -> str:
        """Say the epoch in words."""
        return f"{self.start.isoformat()} to {self.end.isoformat()}"


def check_date(register: Register, date: dt.date, *, geography: str = "LAD", scenario: str | None = None) -> None:
    """Refuse a date that the register does not cover.

    Raises
    ------
    DateError
        Before ``known_from``, or after the last date known for the geography when no scenario is named.
    """
    last = register.until(geography)
    if date < register.known_from:
        raise DateError(
            f"{date.isoformat()} is before the change register begins",
            [f"known from {register.known_from.isoformat()} to {last.isoformat()}"],
        )
    if date > last and scenario is None:
        planned = sorted({event.new_code.split(":")[0] for event in register.events if event.kind == "planned"})
        raise DateError(
            f"{date.isoformat()} is after the last date the change register knows",
            [
                f"known from {register.known_from.isoformat()} to {last.isoformat()}",
                f"name a scenario for planned councils: {', '.join(planned)}",
            ],
        )


def codes_alive(register: Register, geography: str, date: dt.date, *, scenario: str | None = None) -> frozenset[str]:
    """Return the codes of a geography alive on a date.

    Raises
    ------
    DateError
        A date outside the register.
    CodeError
        An unknown geography.
    """
    if geography not in GEOGRAPHIES:
        raise CodeError(f"{geography!r} is not a geography of the register", [f"known: {', '.join(GEOGRAPHIES)}"])
    check_date(register, date, geography=geography, scenario=scenario)
    return epoch_of(register, geography, min(date, register.until(geography))).codes


@functools.cache
def epochs(register: Register, geography: str) -> tuple[Epoch, ...]:
    """Return the intervals of constant code set, in order, from ``known_from`` to the last date known."""
    entities = GEOGRAPHIES[geography]
    last = register.until(geography)
    spells = [spell for spell in register.spells if entity_of(spell.code) in entities and spell.start <= last]
    breaks = {register.known_from}
    breaks |= {spell.start for spell in spells if spell.start > register.known_from}
    breaks |= {
        spell.end + _DAY for spell in spells if spell.end is not None and register.known_from <= spell.end < last
    }
    starts = sorted(breaks)
    found: list[tuple[dt.date, frozenset[str]]] = []
    for start in starts:
        codes = frozenset(spell.code for spell in spells if _alive(spell, start))
        if not found or found[-1][1] != codes:
            found.append((start, codes))
    ends = [start - _DAY for start, _ in found[1:]] + [last]
    return tuple(
        Epoch(number, geography, start, end, codes)
        for number, ((start, codes), end) in enumerate(zip(found, ends, strict=True), start=1)
    )


def epoch_of(register: Register, geography: str, date: dt.date) -> Epoch:
    """Return the epoch a date lies in.

    Raises
    ------
    DateError
        A date outside the register.
    """
    check_date(register, date, geography=geography)
    return next(epoch for epoch in reversed(epochs(register, geography)) if epoch.start <= date)


@functools.cache
def spells_of(register: Register) -> Mapping[str, tuple[Spell, ...]]:
    """Return the name spells of each code in order of date."""
    found: dict[str, list[Spell]] = {}
    for spell in sorted(register.spells, key=lambda spell: spell.start):
        found.setdefault(spell.code, []).append(spell)
    return {code: tuple(spells) for code, spells in found.items()}


def last_life(register: Register, code: str) -> tuple[dt.date, dt.date | None] | None:
    """Return the first and the last day of a code (None while it lives), or None for a code not in the register."""
    spells = spells_of(register).get(code)
    return None if spells is None else (spells[0].start, spells[-1].end)


def name_of(register: Register, code: str, date: dt.date | None = None) -> str:
    """Return the name of a code on a date, its last name without one, "" for an unknown code."""
    spell = _spell_on(register, code, date)
    return "" if spell is None else spell.name


def welsh_name_of(register: Register, code: str, date: dt.date | None = None) -> str:
    """Return the Welsh name of a Welsh area, "" elsewhere."""
    spell = _spell_on(register, code, date)
    return "" if spell is None else spell.name_cy


def successors(register: Register, code: str) -> tuple[Event, ...]:
    """Return the event rows by which a code became others; partial notes and plans included, renames not."""
    return _by_code(register)[0].get(code, ())


def predecessors(register: Register, code: str) -> tuple[Event, ...]:
    """Return the event rows by which a code came to be; partial notes and plans included, renames not."""
    return _by_code(register)[1].get(code, ())


@functools.cache
def _by_code(register: Register) -> tuple[dict[str, tuple[Event, ...]], dict[str, tuple[Event, ...]]]:
    by_old: dict[str, tuple[Event, ...]] = {}
    by_new: dict[str, tuple[Event, ...]] = {}
    for event in register.events:
        if event.kind != "rename":
            by_old[event.old_code] = (*by_old.get(event.old_code, ()), event)
            by_new[event.new_code] = (*by_new.get(event.new_code, ()), event)
    return by_old, by_new


@functools.cache
def later_codes(register: Register, code: str) -> frozenset[str]:
    """Return every code that came to hold land of this one, by whole pairs; partial transfers and plans do not count."""
    found: set[str] = set()
    for event in successors(register, code):
        if not event.partial and event.kind != "planned":
            found |= {event.new_code} | later_codes(register, event.new_code)
    return frozenset(found)


def _alive(spell: Spell, date: dt.date) -> bool:
    return spell.start <= date and (spell.end is None or date <= spell.end)


def _spell_on(register: Register, code: str, date: dt.date | None) -> Spell | None:
    spells = spells_of(register).get(code)
    if spells is None:
        return None
    if date is None:
        return spells[-1]
    return next((spell for spell in spells if _alive(spell, date)), spells[0] if date < spells[0].start else spells[-1])
