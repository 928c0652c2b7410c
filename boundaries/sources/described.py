"""What a table of one's own says of itself: a TOML file beside it, or the CSVW description of tabular data on the web.

``pay.toml`` or ``pay.csv-metadata.json`` beside ``pay.csv`` state title, credit, licence and what else no cell can say; whatever
is stated in a command or a configuration counts before it.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from typing import TYPE_CHECKING, Any

from geo.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEYS = (
    "title", "credit", "licence", "attribution", "note", "edition", "basis", "base", "favourable",
    "measure", "unit", "columns", "period_form",
)  # fmt: skip
"""What a description may state: the words of a configuration."""

CITED = ("credit", "licence", "attribution")
"""What is stated of the source."""

_BASIS = "place_basis"
_CONFIGURATION = frozenset({"schema", "outcome", "slug"})
"""Keys by which an atlas is told from a description of a table."""
_CSVW = {
    "dc:title": "title",
    "dc:license": "licence",
    "dc:rights": "attribution",
    "dc:source": "credit",
    "dc:description": "note",
}
_OWN = "placeatlas:"


def described_by(path: Path) -> Path | None:
    """Return the file beside a table that describes it, None where there is none."""
    csvw = path.with_name(f"{path.name}-metadata.json")
    if csvw.is_file():
        return csvw
    beside = path.with_suffix(".toml")
    return beside if beside.is_file() and not _CONFIGURATION & set(_toml(beside)) else None


def description_of(path: Path) -> dict[str, object]:
    """Return what the file beside a table states, as options of reading; nothing where there is no such file.

    Raises
    ------
    TableError
        It cannot be read, or states what nobody knows.
    """
    beside = described_by(path)
    if beside is None:
        return {}
    stated = _toml(beside) if beside.suffix == ".toml" else _csvw(beside)
    faults = []
    for key, said in stated.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            faults.append(f"{key}: " + (f"did you mean '{near[0]}'?" if near else f"known: {', '.join(KEYS)}"))
        elif key == "columns" and not isinstance(said, dict):
            faults.append("columns: expected a table of role = column")
        elif key == "attribution" and not isinstance(said, str | list):
            faults.append("attribution: expected a line or a list of lines")
        elif key not in {"columns", "attribution"} and not isinstance(said, str):
            faults.append(f"{key}: expected text, found {said!r:.40}")
    if faults:
        raise TableError(f"{beside.name}, which describes {path.name}, cannot be used", faults)
    return options_of(stated)


def options_of(stated: Mapping[str, Any]) -> dict[str, object]:
    """Return the words of a configuration as options of reading: ``basis`` is the place basis, one line of attribution a list."""
    options = {
        _BASIS if key == "basis" else key: said for key, said in stated.items() if said not in (None, "", (), [])
    }
    lines = options.get("attribution")
    if lines is not None:
        options["attribution"] = (lines,) if isinstance(lines, str) else tuple(map(str, lines))
    return options


def csvw_of(path: Path, stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the CSVW description of a table, as ``description_of`` reads it.

    Parameters
    ----------
    path : of the table. stated : the words of a configuration.
    """
    names = {ours: theirs for theirs, ours in _CSVW.items()}
    said = {names.get(key, f"{_OWN}{key}"): stated[key] for key in KEYS if stated.get(key)}
    return {"@context": "http://www.w3.org/ns/csvw", "url": path.name, **said}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise TableError(f"{path.name} is not readable TOML", [str(error)]) from error


def _csvw(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise TableError(f"{path.name} is not readable JSON", [str(error)]) from error
    if not isinstance(content, dict):
        raise TableError(f"{path.name} is no CSVW description", ["expected an object with url and dc:title"])
    # What CSVW says of columns and dialects is left aside: the reader finds both out by itself.
    ours = {key.removeprefix(_OWN): said for key, said in content.items() if key.startswith(_OWN)}
    return {_CSVW[key]: _text(said) for key, said in content.items() if key in _CSVW} | ours


def _text(said: object) -> object:
    """Return the text of a value that may be given by language or as an object."""
    if isinstance(said, dict):
        return said.get("@value") or said.get("@id") or next(iter(said.values()), "")
    return said
