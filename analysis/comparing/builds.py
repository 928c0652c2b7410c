"""A finished build read back from its folder: what it says of every area, and its verdicts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.documents import formed, json_of, rows_of
from geo.errors import OutputError, listed
from geo.staging import MANIFEST, TOOL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NUMBERS = ("value", "lower", "upper", "se")
"""Fields of an outcome that are figures of its publisher."""

STATUSES: Mapping[str, str] = {
    "band": "band",
    "level": "level",
    "against_average": "level",
    "moran_class": "pattern",
}
"""Fields of an outcome that say where an area stands → what the answer is called; builds differ in which they have."""

CHANCE = "p_below"
"""Field with the probability behind a level."""

_VERDICTS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "claims.csv": ("verdict", ("type", "definition", "estimated"), "q"),
    "associations.csv": ("finding", ("kind",), "q"),
}
"""File → column of the verdict, columns that tell tests apart, column of its error rate."""


@dataclass(frozen=True, slots=True)
class Build:
    """What a build says.

    Parameters
    ----------
    folder : its name, for messages. version : of the program. geography, date : of its areas.
    names : code → name.
    facts : ``outcome period code field value``: figures as numbers in text as they were written, statuses as words.
    verdicts : ``outcome period test verdict q``. titles : outcome → title, where the manifest says one.
    editions : outcome → edition, where one is stated. inputs : name → hash of what was read.
    """

    folder: str
    version: str
    geography: str
    date: dt.date
    names: Mapping[str, str]
    facts: pd.DataFrame
    verdicts: pd.DataFrame
    editions: Mapping[str, str]
    inputs: Mapping[str, str]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Ids of the outcomes, in order of first appearance."""
        return tuple(str(name) for name in self.facts["outcome"].unique())

    def periods(self, outcome: str) -> tuple[str, ...]:
        """Return the periods of an outcome, in order of first appearance."""
        return tuple(str(name) for name in self.facts.loc[self.facts["outcome"] == outcome, "period"].unique())


def read_build(folder: Path) -> Build:
    """Read a build back.

    Parameters
    ----------
    folder : that ``placeatlas build`` wrote, of this version or an earlier one.

    Raises
    ------
    OutputError
        No build, or one whose tables are not whole.
    """
    manifest = _manifest(folder)
    path = folder / "data" / "areas.csv"
    if not path.is_file():
        raise OutputError(f"{folder} has no table of areas", [f"looked for {path}", "build it again"])
    areas = rows_of(path, error=OutputError)
    if absent := [column for column in ("code", "name") if column not in areas]:
        raise OutputError(f"{path} is not a table of areas", [f"it has no column {listed(absent)}"])
    with formed(str(folder / MANIFEST)):
        return _build(folder, manifest, areas)


def _build(folder: Path, manifest: dict[str, Any], areas: pd.DataFrame) -> Build:
    if not manifest.get("boundaries"):
        raise OutputError(f"{folder / MANIFEST} does not say which areas it has", ["build it again"])
    geography, boundaries = next(iter(manifest["boundaries"].items()))
    date = dt.date.fromisoformat(boundaries["date"])
    parts = manifest.get("config", {}).get("outcome", [])
    return Build(
        folder=str(folder),
        version=str(manifest.get("version", "")),
        geography=geography,
        date=date,
        names=dict(zip(areas["code"], areas["name"], strict=True)),
        facts=_facts(areas),
        verdicts=_verdicts(folder / "data"),
        editions={part["id"]: part["edition"] for part in parts if part.get("edition")},
        inputs={str(name): str(found) for name, found in manifest.get("inputs", {}).items()},
    )


def _manifest(folder: Path) -> dict[str, Any]:
    # Read as plain JSON: the manifest of another version has other keys.
    if not (folder / MANIFEST).is_file():
        raise OutputError(f"{folder} is not a build", ["name a folder that 'placeatlas build' wrote"])
    held = json_of(folder / MANIFEST, error=OutputError)
    if not isinstance(held, dict) or held.get("tool") != TOOL:
        raise OutputError(f"{folder / MANIFEST} is not a manifest of {TOOL}", ["name a folder that it built"])
    return held


def _facts(areas: pd.DataFrame) -> pd.DataFrame:
    """Lay the columns ``<outcome>__<period>__<field>`` out as rows; a period may be absent."""
    parts = []
    for column in areas.columns:
        prefix, _, field = str(column).rpartition("__")
        if field not in {*NUMBERS, *STATUSES, CHANCE} or f"{prefix}__value" not in areas:
            continue
        outcome, _, period = prefix.partition("__")
        parts.append(
            pd.DataFrame(
                {"outcome": outcome, "period": period, "code": areas["code"], "field": field, "value": areas[column]}
            )
        )
    columns = ["outcome", "period", "code", "field", "value"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns, dtype="str")


def _verdicts(folder: Path) -> pd.DataFrame:
    """Read the verdicts of the first file of claims that is there."""
    columns = ["outcome", "period", "test", "verdict", "q"]
    for name, (verdict, keys, error_rate) in _VERDICTS.items():
        path = folder / name
        if not path.is_file():
            continue
        table = rows_of(path, error=OutputError)
        needed = ["outcome", "period", verdict]
        if absent := [column for column in needed if column not in table]:
            raise OutputError(f"{path} is not a table of verdicts", [f"it has no column {listed(absent)}"])
        told = [column for column in keys if column in table]
        rows = table[told].to_numpy().tolist()
        tests = [" ".join(part for part in row if part) for row in rows]
        rates = table.get(error_rate, "")
        made = pd.DataFrame({"outcome": table["outcome"], "period": table["period"], "test": tests})
        return made.assign(verdict=table[verdict], q=rates)[columns]
    return pd.DataFrame(columns=columns, dtype="str")
