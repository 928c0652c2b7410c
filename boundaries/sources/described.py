"""What a table of one's own says of itself: a TOML file beside it, or the CSVW description of tabular data on the web.

``pay.toml`` or ``pay.csv-metadata.json`` beside ``pay.csv`` state title, credit, licence and what else no cell can say; whatever
is stated in a command or a configuration counts before it.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from geo.documents import json_of, toml_of
from geo.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEYS = (
    "title", "credit", "licence", "attribution", "note", "edition", "basis", "base", "favourable",
    "measure", "unit", "columns", "period_form", "subtitle", "band", "breaks", "labels", "modelled",
)  # fmt: skip
"""What a description may state: the words of a configuration."""

CITED = ("credit", "licence", "attribution")
"""What is stated of the source."""

_BASIS = "place_basis"
_LISTS: Mapping[str, tuple[type, ...]] = {"attribution": (str,), "labels": (str,), "breaks": (int, float)}
"""What is a list, and of what."""
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
_GROUPS = f"{_OWN}groups"


def described_by(path: Path) -> Path | None:
    """Return the file beside a table that describes it, None where there is none."""
    csvw = path.with_name(f"{path.name}-metadata.json")
    if csvw.is_file():
        return csvw
    beside = path.with_suffix(".toml")
    return beside if beside.is_file() and not _CONFIGURATION & set(toml_of(beside, error=TableError)) else None


def description_of(path: Path, *, value: str = "", where: Mapping[str, str] | None = None) -> dict[str, object]:
    """Return what the file beside a table states, as options of reading; nothing where there is no such file.

    Parameters
    ----------
    path : of the table. value, where : the column of values and the groups that are asked for: what is stated of these counts
        before what is stated of the whole table.

    Raises
    ------
    TableError
        It cannot be read, or states what nobody knows.
    """
    beside = described_by(path)
    if beside is None:
        return {}
    stated = toml_of(beside, error=TableError) if beside.suffix == ".toml" else _csvw(beside, value, where or {})
    faults = [fault for key, said in stated.items() if (fault := _fault(key, said))]
    if faults:
        raise TableError(f"{beside.name}, which describes {path.name}, cannot be used", faults)
    return options_of(stated)


def _fault(key: str, said: object) -> str:
    """Say what is wrong with one thing stated, "" where nothing is."""
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, n=1)
        return f"{key}: " + (f"did you mean '{near[0]}'?" if near else f"known: {', '.join(KEYS)}")
    if key == "columns":
        return "" if isinstance(said, dict) else "columns: expected a table of role = column"
    if key in _LISTS:
        parts = said if isinstance(said, list) else [said]
        right = all(isinstance(part, _LISTS[key]) and not isinstance(part, bool) for part in parts)
        what = "numbers" if key == "breaks" else "a line or a list of lines"
        return "" if right else f"{key}: expected {what}, found {said!r:.40}"
    if key == "modelled":
        return "" if isinstance(said, bool) else f"modelled: expected true or false, found {said!r:.40}"
    return "" if isinstance(said, str) else f"{key}: expected text, found {said!r:.40}"


def options_of(stated: Mapping[str, Any]) -> dict[str, object]:
    """Return the words of a configuration as options of reading: ``basis`` is the place basis, one line of attribution a list."""
    options = {
        _BASIS if key == "basis" else key: said for key, said in stated.items() if said not in (None, "", (), [])
    }
    for key in _LISTS:
        lines = options.get(key)
        if lines is not None:
            options[key] = tuple(lines) if isinstance(lines, list | tuple) else (lines,)
    if (band := options.pop("band", None)) is not None:
        options["columns"] = {**(options.get("columns") or {}), "band": band}
    return options


def csvw_of(
    path: Path,
    stated: Mapping[str, Any],
    columns: Mapping[str, Mapping[str, Any]] | None = None,
    groups: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
) -> dict[str, Any]:
    """Return the CSVW description of a table, as ``description_of`` reads it.

    Parameters
    ----------
    path : of the table. stated : the words of a configuration. columns : likewise, of single columns of values, by name.
    groups : likewise, of rows: column → what stands in it → words.
    """
    content = {"@context": "http://www.w3.org/ns/csvw", "url": path.name, **_written(stated)}
    if columns:
        described = [{"name": name, "titles": name, **_written(said)} for name, said in columns.items()]
        content["tableSchema"] = {"columns": described}
    if groups:
        content[_GROUPS] = {
            column: {name: _written(said) for name, said in of_one.items()} for column, of_one in groups.items()
        }
    return content


def _written(stated: Mapping[str, Any]) -> dict[str, Any]:
    names = {ours: theirs for theirs, ours in _CSVW.items()}
    said = {key: stated[key] for key in KEYS if stated.get(key)}
    return {
        names.get(key, f"{_OWN}{key}"): list(part) if isinstance(part, tuple) else part for key, part in said.items()
    }


def _csvw(path: Path, value: str, where: Mapping[str, str]) -> dict[str, Any]:
    content = json_of(path, error=TableError)
    if not isinstance(content, dict):
        raise TableError(f"{path.name} is no CSVW description", ["expected an object with url and dc:title"])
    # What else CSVW says of columns and dialects is left aside: the reader finds both out by itself.
    schema = content.get("tableSchema")
    columns = schema.get("columns", []) if isinstance(schema, dict) else []
    own = [one for one in columns if isinstance(one, dict) and value and one.get("name") == value]
    groups = content.pop(_GROUPS, {})
    own += [groups[column][name] for column, name in where.items() if name in groups.get(column, {})]
    return {key: said for part in (content, *own) for key, said in _stated(part).items()}


def _stated(content: Mapping[str, Any]) -> dict[str, Any]:
    ours = {key.removeprefix(_OWN): said for key, said in content.items() if key.startswith(_OWN)}
    return {_CSVW[key]: _text(said) for key, said in content.items() if key in _CSVW} | ours


def _text(said: object) -> object:
    """Return the text of a value that may be given by language or as an object."""
    if isinstance(said, dict):
        return said.get("@value") or said.get("@id") or next(iter(said.values()), "")
    return said
