"""Places and dates in words: what is known, what a set holds, what happened to a code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from boundaries.areas.planned import load_scenario, scenario_files
from boundaries.places.groupings import groupings
from boundaries.places.names import match_names, normalised
from boundaries.places.search import suggestions
from boundaries.register import (
    epoch_of,
    epochs,
    last_life,
    load_register,
    name_of,
    predecessors,
    spells_of,
    successors,
)
from boundaries.register.codes import GEOGRAPHIES, geography_of, parse_code
from boundaries.vocabulary import NATIONS, geography_words
from geo.cards import card
from geo.errors import CodeError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.places.groupings import Grouping
    from boundaries.register import Event, Register

_WRITTEN = (".gpkg", ".geojson", ".json", ".parquet", ".csv")


def listing() -> dict[str, Any]:
    """Return geographies with their epochs, scenarios, and the layers and lookups in the cache."""
    from boundaries.official import cached_layers, cached_lookups  # noqa: PLC0415 - the network's floor is loaded only when asked for

    register = load_register()
    return {
        "known_from": register.known_from.isoformat(),
        "known_to": register.known_to.isoformat(),
        "geographies": [
            {
                "geography": name,
                "what": geography_words(name),
                "known_to": register.until(name).isoformat(),
                "epochs": [
                    {
                        "from": epoch.start.isoformat(),
                        "to": epoch.end.isoformat(),
                        "areas": len(epoch.codes),
                        "instruments": _instruments(register, name, epoch.start),
                    }
                    for epoch in epochs(register, name)
                ],
            }
            for name in GEOGRAPHIES
        ],
        "scenarios": [
            {"id": name, "title": scenario.title, "date": scenario.date.isoformat(), "areas": len(scenario.areas)}
            for name, scenario in ((name, load_scenario(name, register)) for name in scenario_files())
        ],
        "fetched": [
            {
                "geography": layer.geography,
                "date": layer.date.isoformat(),
                "resolution": layer.resolution,
                "areas": layer.count,
                "title": layer.source.title,
                "path": str(layer.path),
            }
            for layer in cached_layers()
        ],
        "lookups": [
            {
                "child": table.child,
                "parent": table.parent,
                "date": table.date.isoformat(),
                "rows": table.count,
                "title": table.source.title,
                "path": str(table.path),
            }
            for table in cached_lookups()
        ],
    }


def listing_text(content: dict[str, Any]) -> str:
    """Return the listing as text."""
    lines = [f"bundled shapes for every date from {content['known_from']} to {content['known_to']}", ""]
    for entry in content["geographies"]:
        lines.append(f"{entry['geography']}  {entry['what']}, known to {entry['known_to']}")
        lines += [
            f"  {epoch['from']} to {epoch['to']}  {epoch['areas']:>3} areas  {_first(epoch['instruments'])}".rstrip()
            for epoch in entry["epochs"]
        ]
    lines.append(
        "ITL1 ITL2 ITL3  statistical regions of the edition in use on a date (NUTS 2015, 2018; ITL 2021, 2025)"
    )
    lines += ["", "scenarios"]
    lines += [f"  {entry['id']}  {entry['title']}" for entry in content["scenarios"]]
    lines += ["", "fetched official layers and lookups"]
    lines += [
        f"  {entry['geography']}@{entry['date']}  {entry['resolution']}  {entry['areas']} areas  {entry['title']}"
        for entry in content["fetched"]
    ] or ["  none (placeatlas fetch LAD@2023-12-31 gets one)"]
    lines += [
        f"  {entry['child']}:{entry['parent']}@{entry['date']}  {entry['rows']} rows  {entry['title']}"
        for entry in content["lookups"]
    ]
    return "\n".join(lines)


def set_summary(made: BoundarySet) -> dict[str, Any]:
    """Return what a boundary set holds."""
    register = load_register()
    name = made.geography.partition("+")[0]
    known = name in GEOGRAPHIES and made.date <= register.until(name)
    epoch = epoch_of(register, name, made.date) if known else None
    nations = made.frame["nation"].value_counts()
    names = made.frame.set_index("code")["name"]
    return {
        "geography": made.geography,
        "what": geography_words(made.geography, nations=nations.index),
        "date": made.date.isoformat(),
        "areas": len(made),
        "epoch": None if epoch is None else {"from": epoch.start.isoformat(), "to": epoch.end.isoformat()},
        "nations": {NATIONS[nation]: int(nations[nation]) for nation in NATIONS if nation in nations},
        "residents_2011": int(made.frame["population"].sum()),
        "hectares": round(float(made.frame["hectares"].sum())),
        "shapes": made.shapes,
        "approximate": [
            {"code": code, "name": str(names[code]), "because": "; ".join(why)}
            for code, why in made.approximate.items()
        ],
        "receipt": dict(made.receipt),
        "sources": [source.to_dict() for source in made.sources],
    }


def set_text(summary: dict[str, Any]) -> str:
    """Return the summary of a set as text."""
    epoch = summary["epoch"]
    lines = [
        f"{summary['geography']}@{summary['date']}: {summary['areas']} {summary['what']}",
        *([f"  the same codes from {epoch['from']} to {epoch['to']}"] if epoch else []),
        "  " + ", ".join(f"{nation} {number}" for nation, number in summary["nations"].items()),
        f"  {summary['residents_2011']:,} residents at the 2011 Census on {summary['hectares']:,} hectares as drawn",
        *(f"  {what}: {number}" for what, number in summary["receipt"].items()),
    ]
    if summary["approximate"]:
        lines.append(f"  drawn without land that moved: {len(summary['approximate'])} areas")
        by_reason: dict[str, list[str]] = {}
        for entry in summary["approximate"]:
            by_reason.setdefault(entry["because"], []).append(entry["name"])
        lines += [f"    {', '.join(names)}: {why}" for why, names in by_reason.items()]
    lines.append("  sources")
    lines += [f"    {source['title']} ({source['licence']})" for source in summary["sources"]]
    return "\n".join(lines)


def export_set(made: BoundarySet, path: Path) -> None:
    """Write a set: GeoJSON in WGS 84, GeoPackage and Parquet in British National Grid, CSV without shapes.

    Raises
    ------
    OutputError
        A kind of file that is not written.
    """
    from geo.files import write_csv, write_geojson, write_geopackage, write_parquet  # noqa: PLC0415 - only when writing

    kind = path.suffix.lower()
    if kind not in _WRITTEN:
        raise OutputError(
            f"{path.name}: boundaries are not written as {kind or 'files without suffix'}",
            [f"write {', '.join(_WRITTEN)}"],
        )
    flags = ["; ".join(made.approximate.get(code, ())) for code in made.frame["code"]]
    frame = made.frame.assign(date=made.date.isoformat(), approximate=flags)
    if kind == ".csv":
        write_csv(frame.drop(columns="geometry"), path)
    elif kind == ".gpkg":
        write_geopackage(frame, path, layer=made.geography)
    elif kind == ".parquet":
        write_parquet(frame, path)
    else:
        write_geojson(frame, path)


@dataclass(frozen=True, slots=True)
class History:
    """What became of a code: its names in turn, what it was made of and what it became, as data and in sentences."""

    code: str
    kind: str
    geography: str | None
    spells: tuple[Mapping[str, str | None], ...]
    before: tuple[Mapping[str, Any], ...]
    after: tuple[Mapping[str, Any], ...]
    words: tuple[str, ...]

    def __repr__(self) -> str:
        """Return the history as text."""
        return "\n".join([f"{self.code}, {self.kind}", *(f"  {line}" for line in self.words)])

    def _repr_html_(self) -> str:
        """Show the history in a notebook."""
        return card(f"{self.code}, {self.kind}", [("", line) for line in self.words])

    def to_dict(self) -> dict[str, Any]:
        """Return the history as JSON-able data."""
        return asdict(self)


def history_of(text: str) -> History:
    """Return the history of a code, or of the code that a name belongs to.

    Raises
    ------
    CodeError
        No code of the register, no name of a council.
    """
    register = load_register()
    code = text.strip().upper()
    if group := groupings().get(code):
        return _history_of_group(group)
    if code not in spells_of(register):
        found = match_names([text]).codes.iloc[0] or _ended(register, text)
        if not found:
            known = parse_code(code)
            near = match_names([text]).unmatched.get(text, ()) or suggestions(text)
            raise CodeError(
                f"{text!r} is not in the register",
                [f"it has the form of: {known.kind}" if known.scheme != "unknown" else _near(near)],
            )
        code = found
    life = last_life(register, code)
    if life is None:
        raise CodeError(f"{code} has no spell in the register")
    spells = spells_of(register)[code]
    return History(
        code=code,
        kind=parse_code(code).kind,
        geography=geography_of(code),
        spells=tuple(
            {"name": spell.name, "from": spell.start.isoformat(), "to": spell.end.isoformat() if spell.end else None}
            for spell in spells
        ),
        before=tuple(_event(event, past=True) for event in predecessors(register, code)),
        after=tuple(_event(event, past=False) for event in successors(register, code)),
        words=tuple(_words(register, code)),
    )


def _history_of_group(group: Grouping) -> History:
    """Tell of which councils a published grouping is, since when it is published, and how we know."""
    members = _and(f"{name_of(load_register(), code)} {code}" for code in group.members)
    until = "" if group.end is None else f" to {group.end.isoformat()}"
    seen = f"Code and members as in {group.seen}." if group.seen else "No file at hand states its code and dates."
    words = (
        f"Published as one, from {group.start.isoformat()}{until}: {members}.",
        f"Published by: {group.source}.",
        seen,
    )
    end = None if group.end is None else group.end.isoformat()
    spell = {"name": group.name, "from": group.start.isoformat(), "to": end}
    return History(group.code, "published grouping of councils", None, (spell,), (), (), words)


def _ended(register: Register, name: str) -> str:
    """Return the code of the one council that bore a name in the past; empty where there is none, or where there are several."""
    wanted = normalised(name)
    bearers = {
        code
        for code, spells in spells_of(register).items()
        if any(normalised(spell.name) == wanted for spell in spells)
    }
    return bearers.pop() if len(bearers) == 1 else ""


def _words(register: Register, code: str) -> Iterable[str]:
    spells = spells_of(register)[code]
    first, last = spells[0], spells[-1]
    before = predecessors(register, code)
    yield from _told(before, into=True)
    if not before:
        since = "on or before " if first.start.isoformat() <= "2009-01-01" else ""
        yield f"{first.name} has had this code since {since}{first.start.isoformat()}."
    for earlier, later in pairwise(spells):
        yield f"On {later.start.isoformat()} {earlier.name} was renamed {later.name}; the code stayed."
    after = [event for event in successors(register, code) if event.kind != "planned"]
    yield from _told(after, into=False)
    if last.end is None:
        yield f"Alive on {register.until(geography_of(code) or 'LAD').isoformat()} as {last.name}."
    for event in successors(register, code):
        if event.kind == "planned":
            yield f"Planned: on {event.date.isoformat()} it becomes part of {event.new_name} ({event.instrument})."


def _told(events: Sequence[Event], *, into: bool) -> Iterable[str]:
    """Tell events one sentence each date and kind."""
    groups: dict[tuple[str, str, str, bool], list[Event]] = {}
    for event in events:
        groups.setdefault((event.date.isoformat(), event.kind, event.instrument, event.partial), []).append(event)
    for (date, kind, instrument, partial), rows in groups.items():
        by = f" ({instrument})" if instrument else ""
        others = _and(f"{row.old_name} {row.old_code}" if into else f"{row.new_name} {row.new_code}" for row in rows)
        if partial:
            what = _and(row.weight_basis for row in rows)
            yield f"On {date} a little land moved {'from' if into else 'to'} {others}: {what}{by}; values are not moved."
        elif kind == "creation":
            yield f"Created on {date}{by}."
        elif kind == "boundary_move":
            moved = "the code changed because a boundary moved"
            yield f"On {date} it {'took over from' if into else 'became'} {others}: {moved}{by}."
        elif kind == "recode":
            yield f"On {date} it {'took over from' if into else 'became'} {others}, the same land{by}."
        elif kind == "merge":
            yield f"Made on {date} of {others}{by}." if into else f"On {date} it became part of {others}{by}."
        else:
            if not any(row.weight for row in rows):
                # The shares of before the first epoch are not known: the parts are named all the same.
                yield (
                    f"Made on {date} of part of {others}{by}."
                    if into
                    else f"On {date} it was shared out among {others}{by}."
                )
                continue
            shares = _and(
                f"{row.weight:.1%} "
                + (f"of {row.old_name} {row.old_code}" if into else f"to {row.new_name} {row.new_code}")
                for row in rows
                if row.weight
            )
            yield f"{'Made' if into else 'Shared out'} on {date}: {shares}{by}."


def _and(items: Iterable[str]) -> str:
    words = list(dict.fromkeys(items))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _event(event: Event, *, past: bool) -> dict[str, Any]:
    return {
        "date": event.date.isoformat(),
        "kind": event.kind,
        "code": event.old_code if past else event.new_code,
        "name": event.old_name if past else event.new_name,
        "share": event.weight,
        "partial": event.partial,
        "direction": event.direction,
        "instrument": event.instrument,
    }


def _near(near: Sequence[str]) -> str:
    return f"did you mean {near[0]}?" if near else "give a nine-character code, or the name of a council"


def _instruments(register: Register, geography: str, start: Any) -> list[str]:
    found = (event.instrument for event in register.changes(GEOGRAPHIES[geography]) if event.date == start)
    return list(dict.fromkeys(instrument for instrument in found if instrument))


def _first(instruments: Sequence[str]) -> str:
    return instruments[0] + (f" and {len(instruments) - 1} more" if len(instruments) > 1 else "") if instruments else ""
