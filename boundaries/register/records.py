"""The register's three tables as plain records, and reading them."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from boundaries.register.codes import entity_of
from geo.errors import TableError, listed
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

KINDS = ("merge", "recode", "rename", "boundary_move", "reorganisation", "creation", "planned")
"""Kinds of event. A creation has no old code (combined authorities only); a planned event has no GSS code yet."""

Record = TypeVar("Record")

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Event:
    """One old → new pair of an event.

    ``weight`` is the share of the old area that the new one takes (1 = all of it); it is None for a ``partial`` pair,
    which only notes that a little land moved and never carries values. ``direction`` says who gave land to whom.
    """

    event_id: str
    date: dt.date
    kind: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    weight: float | None
    weight_basis: str
    direction: str
    partial: bool
    instrument: str
    source: str


@dataclass(frozen=True, slots=True)
class Spell:
    """A code under one name between two dates, both included; ``end`` None while it lives.

    A start of 2009-01-01 means "on or before".
    """

    code: str
    name: str
    name_cy: str
    start: dt.date
    end: dt.date | None
    source: str


@dataclass(frozen=True, slots=True)
class Link:
    """A child within a parent between two dates, both included; ``kind`` is the parent's geography."""

    child: str
    parent: str
    kind: str
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """The whole register. Compared and hashed by identity, so that what is derived from it can be remembered."""

    events: tuple[Event, ...]
    spells: tuple[Spell, ...]
    hierarchy: tuple[Link, ...]
    known_from: dt.date
    known_to: dt.date
    known_to_by: Mapping[str, dt.date] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    def until(self, geography: str) -> dt.date:
        """Return the last date on which the geography's code set is known."""
        return self.known_to_by.get(geography, self.known_to)

    def changes(self, entities: frozenset[str]) -> Iterator[Event]:
        """Yield the events between codes of these entities that change codes, in order of date; no names, no plans."""
        for event in self.events:
            if (
                event.kind not in {"rename", "planned"}
                and entity_of(event.new_code) in entities
                and (not event.old_code or entity_of(event.old_code) in entities)
            ):
                yield event

    def __repr__(self) -> str:
        """State the size and the period known."""
        return (
            f"Register({len(self.events)} event rows, {len(self.spells)} name spells, "
            f"{self.known_from.isoformat()} to {self.known_to.isoformat()})"
        )


@functools.cache
def load_register(folder: Path = _FOLDER) -> Register:
    """Read a register's tables from a folder; the one that comes with placeatlas by default.

    The bundled register is proved sound by the tests (``boundaries.register.validity.faults_of``); reading one from
    another folder checks its form only.

    Raises
    ------
    TableError
        A missing file or column, a date that is not ISO 8601, an unknown kind.
    """
    about = tomllib.loads((folder / "register.toml").read_text(encoding="utf-8"))
    faults: list[str] = []
    events = tuple(_parsed(folder / "events.csv", _event, faults))
    spells = tuple(_parsed(folder / "spells.csv", _spell, faults))
    hierarchy = tuple(_parsed(folder / "hierarchy.csv", _link, faults))
    unknown = sorted({event.kind for event in events} - set(KINDS))
    if unknown:
        faults.append(f"events.csv: unknown kinds {listed(unknown)}; known are {', '.join(KINDS)}")
    if faults:
        raise TableError(f"the change register in {folder.name}/ cannot be read", faults)
    return Register(
        events=tuple(sorted(events, key=lambda event: event.date)),
        spells=spells,
        hierarchy=hierarchy,
        known_from=about["known_from"],
        known_to=about["known_to"],
        known_to_by=about.get("known_to_by", {}),
        sources=tuple(
            Source(
                title=f"{entry['title']} ({entry['publisher']})",
                licence=entry["licence"],
                attribution=tuple(entry["attribution"]),
            )
            for entry in about["sources"]
        ),
    )


def _parsed(path: Path, make: Callable[[dict[str, str]], Record], faults: list[str]) -> Iterator[Record]:
    try:
        file = path.open(newline="", encoding="utf-8")
    except OSError as error:
        faults.append(f"{path.name}: {error.strerror}")
        return
    with file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                yield make(row)
            except (KeyError, ValueError, TypeError) as error:
                faults.append(f"{path.name} line {number}: {error}")


def _event(row: dict[str, str]) -> Event:
    return Event(
        event_id=row["event_id"],
        date=dt.date.fromisoformat(row["date"]),
        kind=row["kind"],
        old_code=row["old_code"],
        old_name=row["old_name"],
        new_code=row["new_code"],
        new_name=row["new_name"],
        weight=float(row["weight"]) if row["weight"] else None,
        weight_basis=row["weight_basis"],
        direction=row["direction"],
        partial=row["partial"] == "yes",
        instrument=row["instrument"],
        source=row["source"],
    )


def _spell(row: dict[str, str]) -> Spell:
    return Spell(row["code"], row["name"], row["name_cy"], *_dates(row), source=row["source"])


def _link(row: dict[str, str]) -> Link:
    return Link(row["child"], row["parent"], row["kind"], *_dates(row))


def _dates(row: dict[str, str]) -> tuple[dt.date, dt.date | None]:
    return dt.date.fromisoformat(row["start"]), dt.date.fromisoformat(row["end"]) if row["end"] else None
