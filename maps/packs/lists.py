"""A list of one's own: a CSV or TOML of codes or names that together make a place."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from geo.documents import toml_from
from geo.errors import ConfigError, TableError

COLUMNS = ("code", "name", "place")
"""The column of a CSV that is read, the first of these; without any of them, the first column."""


@dataclass(frozen=True, slots=True)
class OwnList:
    """A list as it was read: the file's name for messages, what the list is called, and the places on it."""

    file: str
    name: str
    places: tuple[str, ...]


def is_list(place: str) -> bool:
    """Say whether a text names a file of places, and no place."""
    return place.lower().endswith((".csv", ".toml"))


def read_list(place: str) -> OwnList:
    """Read a list.

    Parameters
    ----------
    place : path of a CSV (a column ``code``, ``name`` or ``place``; its file name is the list's) or of a TOML with ``places`` and,
        if wanted, ``name``.

    Raises
    ------
    TableError, ConfigError
        No such file; one that is no such list, or an empty one.
    """
    path = Path(place)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TableError(f"there is no list {path}", ["name a CSV or TOML of codes or names of places"]) from error
    except UnicodeDecodeError as error:
        raise TableError(f"{path.name} is not UTF-8", ["save the list as CSV UTF-8"]) from error
    found = _of_toml(path, text) if path.suffix.lower() == ".toml" else _of_csv(path, text)
    if not found.places:
        raise TableError(f"{path.name} names no place", ["expected a code or a name in every row"])
    return found


def _of_toml(path: Path, text: str) -> OwnList:
    told = toml_from(text, path.name)
    places, name = told.get("places"), told.get("name", _called(path))
    faults = [f"unknown key '{key}': keys here: name, places" for key in sorted(told.keys() - {"name", "places"})]
    if not isinstance(places, list) or not all(isinstance(one, str) for one in places):
        faults.append('places must be a list of texts: places = ["Cornwall", "E06000059"]')
    if not isinstance(name, str) or not name.strip():
        faults.append("name must be a text")
    if faults:
        raise ConfigError(f"{path.name} is no list of places", faults)
    return OwnList(path.name, str(name).strip(), tuple(one.strip() for one in places or () if one.strip()))


def _of_csv(path: Path, text: str) -> OwnList:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ConfigError(f"{path.name} is no list of places", [str(error)]) from error
    if not rows:
        return OwnList(path.name, _called(path), ())
    heading = [cell.strip().casefold() for cell in rows[0]]
    known = [name for name in COLUMNS if name in heading]
    at = heading.index(known[0]) if known else 0
    cells = [row[at].strip() for row in (rows[1:] if known else rows) if len(row) > at]
    return OwnList(path.name, _called(path), tuple(cell for cell in cells if cell))


def _called(path: Path) -> str:
    """Return a file's name as words: ``ten-coastal-places.csv`` is "Ten coastal places"."""
    words = path.stem.replace("-", " ").replace("_", " ").strip() or path.stem
    return words[:1].upper() + words[1:]
