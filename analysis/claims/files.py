"""Files of claims: sentences or their parts, a row or a table each; in TOML also the outcomes and kinds they are about."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.claims.sentences import Claim, Towards, kind_named, outcome_named, read_claim
from analysis.one_table.reading import Reading
from analysis.typology.own_types import Stated
from analysis.typology.stated_types import TypeRead
from boundaries.sources.reading import decode, read_cells
from geo.documents import toml_of
from geo.errors import ConfigError, TableError, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from boundaries.outcomes.measures import Favourable

_DIRECTIONS: tuple[Towards, ...] = ("lower", "higher", "worse", "better")
_COLUMNS = ("claim", "types", "direction", "outcome", "definition")
_TOP = ("schema", "claim", "outcome", "type")
_CLAIM = ("text", "types", "direction", "outcome", "outcomes", "definition")
_READING = (
    "source",
    "period",
    "date",
    "geography",
    "layer",
    "members",
    "layer_code",
    "nations",
    "within",
    "lookup",
    "allow",
)
_OPTIONS = ("title", "measure", "unit", "favourable", "indicator", "sheet", "where", "columns")
_OUTCOME = ("id", "file", *_READING, *_OPTIONS)
_TYPE = ("dimension", "members", "file", "id", "title", "date", "nations", "credit", "licence")


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim of a file, as written: a sentence, or its parts. ``where`` it stands, for errors."""

    where: str
    text: str = ""
    types: tuple[str, ...] = ()
    direction: str = ""
    outcomes: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeRead:
    """An outcome that a file of claims names: its id, its file, and how it is read and joined."""

    id: str
    file: str
    reading: Reading
    title: str = ""


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """Claims, and what they are about where the file says so."""

    claims: tuple[Entry, ...]
    outcomes: tuple[OutcomeRead, ...] = ()
    types: tuple[TypeRead, ...] = ()


@dataclass(slots=True)
class _Faults:
    """Faults of one file, gathered."""

    found: list[str] = field(default_factory=list)

    def unknown(self, where: str, data: Mapping[str, Any], allowed: Sequence[str]) -> None:
        for key in data:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1, cutoff=0.0)
                self.found.append(f"{where}: unknown key {key}; the nearest is {near[0]}")

    def text(self, where: str, data: Mapping[str, Any], key: str) -> str:
        value = data.get(key, "")
        if isinstance(value, dt.date):
            return value.isoformat()
        if not isinstance(value, str):
            self.found.append(f"{where}: {key} is {value!r}; a text is needed")
            return ""
        return value

    def texts(self, where: str, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = data.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.found.append(f"{where}: {key} is {value!r}; a list of texts is needed")
            return ()
        return tuple(value)

    def pairs(self, where: str, data: Mapping[str, Any], key: str) -> dict[str, str] | None:
        value = data.get(key)
        if value is None:
            return None
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            self.found.append(f"{where}: {key} is {value!r}; a table of texts is needed")
            return None
        return value or None


def read_claims_file(path: Path) -> ClaimsFile:
    """Read a file of claims.

    Parameters
    ----------
    path : TOML with tables ``[[claim]]`` (``text``, or ``types``, ``direction``, ``outcomes``, ``definition``), and where
        wanted ``[[outcome]]`` (``id``, ``file``, and the keys of a table to be joined) and ``[[type]]`` (``dimension``, ``members``);
        or a table with a column ``claim``, or columns ``types`` (separated by semicolons), ``direction``, ``outcome``,
        ``definition``.

    Raises
    ------
    ConfigError
        Not TOML, or tables with faults, all at once. TableError: a table that cannot be read, or without such columns.
    """
    if path.suffix.lower() != ".toml":
        return ClaimsFile(_rows(path))
    data = toml_of(path)
    faults = _Faults()
    faults.unknown(path.name, data, _TOP)
    tables = {}
    for key in ("claim", "outcome", "type"):
        tables[key] = data.get(key, [])
        if not isinstance(tables[key], list) or not all(isinstance(one, dict) for one in tables[key]):
            faults.found.append(f"{key} is written as tables [[{key}]]")
            tables[key] = []
    entries = tuple(_entry(f"claim {number}", one, faults) for number, one in enumerate(tables["claim"], start=1))
    outcomes = tuple(
        _outcome(f"outcome {number}", one, faults) for number, one in enumerate(tables["outcome"], start=1)
    )
    types = tuple(_type(f"type {number}", one, faults) for number, one in enumerate(tables["type"], start=1))
    if not entries:
        faults.found.append("there is no [[claim]]")
    ids = [one.id for one in outcomes]
    faults.found += [f"two outcomes are called {one!r}" for one in dict.fromkeys(ids) if ids.count(one) > 1]
    if faults.found:
        raise ConfigError(f"{path.name} is no file of claims", faults.found)
    return ClaimsFile(entries, outcomes, types)


def claims_of(
    entries: Sequence[Entry],
    *,
    outcomes: Mapping[str, str],
    favourable: Mapping[str, Favourable],
    types: Collection[str],
) -> tuple[Claim, ...]:
    """Make claims of what a file says, once outcomes and kinds are known.

    Parameters
    ----------
    entries : from ``read_claims_file``. outcomes, favourable, types : as in ``read_claim``.

    Raises
    ------
    ConfigError
        With every fault of every claim, and where it stands.
    """
    found, faults = [], []
    for entry in entries:
        own: list[str] = []
        try:
            found.append(
                read_claim(entry.text, outcomes=outcomes, favourable=favourable, types=types)
                if entry.text
                else _made(entry, outcomes, types, own)
            )
        except ConfigError as error:
            own += list(error.faults)
        faults += [f"{entry.where}: {fault}" for fault in own]
    if faults:
        raise ConfigError("claims that cannot be read", faults)
    return tuple(
        Claim(claim.types, claim.direction, claim.outcomes, entry.definition, claim.text)
        for claim, entry in zip(found, entries, strict=True)
    )


def _made(entry: Entry, outcomes: Mapping[str, str], types: Collection[str], faults: list[str]) -> Claim:
    kinds = {name: kind_named(name, types) for name in entry.types}
    faults += [
        f"{name!r} is not a kind of place; it is one of {', '.join(types)}" for name, kind in kinds.items() if not kind
    ]
    named = tuple(outcome_named(one, outcomes, faults) for one in entry.outcomes) or tuple(outcomes)
    direction = next((one for one in _DIRECTIONS if one == entry.direction.lower()), None)
    if direction is None:
        faults.append(f"direction is {entry.direction!r}; it is one of {', '.join(_DIRECTIONS)}")
    return Claim(tuple(dict.fromkeys(kinds.values())), direction or "lower", named)


def _rows(path: Path) -> tuple[Entry, ...]:
    cells, first = _table(path)
    if "claim" not in cells and not {"types", "direction"} <= set(cells.columns):
        raise TableError(
            f"{path.name} is no table of claims",
            [
                f"it has the columns {', '.join(map(str, cells.columns))}",
                f"wanted: claim, or {', '.join(_COLUMNS[1:])}",
            ],
        )
    entries = []
    for number, row in enumerate(cells.to_dict("records"), start=first):
        part = {column: str(row.get(column, "")).strip() for column in _COLUMNS}
        if any(part.values()):
            entries.append(
                Entry(
                    where=f"{path.name}, row {number}",
                    text=part["claim"],
                    types=_split(part["types"]),
                    direction=part["direction"],
                    outcomes=_split(part["outcome"]),
                    definition=part["definition"],
                )
            )
    if not entries:
        raise TableError(f"{path.name} holds no claims", ["every row is empty"])
    return tuple(entries)


def _records(path: Path, text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ","))
    except csv.Error as error:
        raise TableError(f"{path.name} cannot be read as a table of claims", [str(error)]) from error


def _table(path: Path) -> tuple[pd.DataFrame, int]:
    """Return a table of texts, headings in small letters, and the number of its first row.

    A text is read as it is: in a table of figures a last line with one filled cell is a note, here it is a claim.
    """
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        read = read_cells(path)
        frame, first = read.frame.astype(str), read.first_row
    else:
        text, _ = decode(path.read_bytes(), path.name)
        rows = _records(path, text)
        if not rows:
            raise TableError(f"{path.name} is empty", ["it holds no lines"])
        names, first = rows[0], 2
        if ragged := [number for number, row in enumerate(rows[1:], start=2) if len(row) > len(names)]:
            raise TableError(
                f"{path.name} cannot be read as a table of claims",
                [
                    f"more cells than headings in row {listed(map(str, ragged))}",
                    "put a sentence with commas in quotation marks",
                ],
            )
        frame = pd.DataFrame([[*row, *[""] * (len(names) - len(row))] for row in rows[1:]], columns=names, dtype=object)
    return frame.set_axis([str(column).strip().lower() for column in frame.columns], axis=1), first


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _entry(where: str, data: Mapping[str, Any], faults: _Faults) -> Entry:
    faults.unknown(where, data, _CLAIM)
    text = faults.text(where, data, "text")
    types = faults.texts(where, data, "types")
    if not text and not types:
        faults.found.append(f"{where}: give text, a sentence, or types and direction")
    return Entry(
        where=where,
        text=text,
        types=types,
        direction=faults.text(where, data, "direction"),
        outcomes=(*faults.texts(where, data, "outcome"), *faults.texts(where, data, "outcomes")),
        definition=faults.text(where, data, "definition"),
    )


def _outcome(where: str, data: Mapping[str, Any], faults: _Faults) -> OutcomeRead:
    faults.unknown(where, data, _OUTCOME)
    words = {key: faults.text(where, data, key) for key in ("id", "file", "title", *_READING[:7], "within")}
    for key in ("id", "file"):
        if not words[key]:
            faults.found.append(f"{where}: {key} is missing")
    options: dict[str, object] = {
        key: faults.text(where, data, key) or None for key in _OPTIONS if key not in ("where", "columns")
    }
    options |= {key: faults.pairs(where, data, key) for key in ("where", "columns")}
    reading = Reading(
        source=words["source"] or "table",
        options={key: value for key, value in options.items() if key != "title"},
        period=words["period"] or "latest",
        date=words["date"] or None,
        geography=words["geography"] or None,
        layer=words["layer"] or "bundled",
        members=words["members"] or None,
        nations=faults.texts(where, data, "nations") or None,
        place=words["within"] or None,
        allow=faults.texts(where, data, "allow"),
        layer_code=words["layer_code"] or None,
        lookup=faults.texts(where, data, "lookup"),
    )
    return OutcomeRead(words["id"], words["file"], reading, words["title"])


def _type(where: str, data: Mapping[str, Any], faults: _Faults) -> TypeRead:
    faults.unknown(where, data, _TYPE)
    members = faults.text(where, data, "members")
    if not members:
        faults.found.append(f"{where}: members is missing; name a list of areas, or a definition")
    date = data.get("date")
    if date is not None and not isinstance(date, dt.date):
        faults.found.append(f"{where}: date is {date!r}; write a day, for example 2021-07-01")
        date = None
    known = {key: faults.text(where, data, key) for key in ("dimension", "id", "title", "credit", "licence")}
    stated = Stated(date=date, nations=faults.texts(where, data, "nations"), **{k: v for k, v in known.items() if v})
    return TypeRead(members, stated, faults.text(where, data, "file"))
