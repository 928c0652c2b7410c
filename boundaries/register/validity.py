"""Whether a register is sound: replay it and look."""

from __future__ import annotations

import datetime as dt
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from boundaries.register.codes import GEOGRAPHIES
from boundaries.register.timeline import epochs, spells_of
from geo.errors import listed

if TYPE_CHECKING:
    from boundaries.register.records import Register

_DAY = dt.timedelta(days=1)


def faults_of(register: Register) -> list[str]:
    """Return every fault of a register as a sentence; none for a sound one.

    Checked: the spells of a code follow each other without gap or overlap (old end + 1 day = new start); a new name
    starts where a rename says so; replaying the events from the first epoch reproduces every later code set; shares of
    one old area add up to 1; a partial pair carries no weight; a child lies in one parent of a kind at a time and only
    while it and the parent live.
    """
    return [
        *_spell_faults(register),
        *_event_faults(register),
        *(fault for geography in GEOGRAPHIES for fault in _replay_faults(register, geography)),
        *_hierarchy_faults(register),
    ]


def _spell_faults(register: Register) -> list[str]:
    faults = []
    renames = {(event.new_code, event.date) for event in register.events if event.kind == "rename"}
    for code, spells in spells_of(register).items():
        faults += [
            f"{code}: spell of {spell.name} ends {spell.end} before it starts {spell.start}"
            for spell in spells
            if spell.end is not None and spell.end < spell.start
        ]
        for before, after in pairwise(spells):
            if before.end is None or before.end + _DAY != after.start:
                faults.append(f"{code}: {before.name} ends {before.end} and {after.name} starts {after.start}")
            elif (code, after.start) not in renames:
                faults.append(f"{code}: no rename event on {after.start} for {after.name}")
    return faults


def _event_faults(register: Register) -> list[str]:
    faults = [
        f"{event.event_id}: partial pair {event.old_code} → {event.new_code} has a weight"
        for event in register.events
        if event.partial and event.weight is not None
    ]
    shares: dict[tuple[dt.date, str], list[float]] = {}
    for event in register.events:
        if event.kind not in {"rename", "creation"} and event.weight is not None:
            shares.setdefault((event.date, event.old_code), []).append(event.weight)
    faults += [
        f"{old} on {date}: shares add up to {sum(weights):.6f}, not 1"
        for (date, old), weights in shares.items()
        if abs(sum(weights) - 1) > 1e-9  # float sum of two or three shares
    ]
    return faults


def _replay_faults(register: Register, geography: str) -> list[str]:
    faults = []
    entities = GEOGRAPHIES[geography]
    expected = epochs(register, geography)
    alive = set(expected[0].codes)
    changes = [event for event in register.changes(entities) if event.date > register.known_from]
    after: dict[dt.date, frozenset[str]] = {}
    for date, rows in groupby(changes, key=lambda event: event.date):
        whole = [event for event in rows if not event.partial]
        old = {event.old_code for event in whole if event.old_code}
        new = {event.new_code for event in whole}
        if missing := old - alive:
            faults.append(f"{geography} {date}: {listed(sorted(missing))} ended but were not alive")
        if twice := (alive - old) & new:
            # A unitary authority made of a county's parts is new once: rows of one date are taken together.
            faults.append(f"{geography} {date}: {listed(sorted(twice))} began but were alive already")
        alive = (alive - old) | new
        after[date] = frozenset(alive)
    for epoch in expected[1:]:
        replayed = after.get(epoch.start)
        if replayed is None:
            faults.append(f"{geography} {epoch.start}: the code set changes without an event")
        elif replayed != epoch.codes:
            faults.append(
                f"{geography} {epoch.start}: events and spells differ in {listed(sorted(replayed ^ epoch.codes))}"
            )
    silent = sorted(set(after) - {epoch.start for epoch in expected})
    return faults + [f"{geography} {date}: an event changes no code" for date in silent]


def _hierarchy_faults(register: Register) -> list[str]:
    faults = []
    life = {code: (spells[0].start, spells[-1].end) for code, spells in spells_of(register).items()}
    by_child: dict[tuple[str, str], list[tuple[dt.date, dt.date]]] = {}
    for link in register.hierarchy:
        end = link.end or dt.date.max
        for code in (link.child, link.parent):
            start, last = life.get(code, (dt.date.max, None))
            if link.start < start or end > (last or dt.date.max):
                faults.append(f"{link.child} in {link.parent}: outside the life of {code}")
        by_child.setdefault((link.child, link.kind), []).append((link.start, end))
    for (child, kind), spans in by_child.items():
        faults += [
            f"{child}: two parents of kind {kind} on {later[0]}"
            for earlier, later in pairwise(sorted(spans))
            if later[0] <= earlier[1]
        ]
    return faults
