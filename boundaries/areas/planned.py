"""Planned councils as scenarios: TOML files of members, with provisional identifiers and no GSS codes."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.register import Event, codes_alive, name_of
from geo.documents import toml_of
from geo.errors import CodeError, ConfigError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.register import Register

_FOLDER = Path(__file__).parents[1] / "scenarios"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class PlannedArea:
    """A planned council: ``code`` is provisional (``surrey-2027:east-surrey``), ``members`` are codes of today."""

    code: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Councils that do not exist yet, drawn on the code set of ``base``."""

    id: str
    title: str
    date: dt.date
    base: dt.date
    instrument: str
    source: str
    areas: tuple[PlannedArea, ...]

    def events(self, register: Register) -> tuple[Event, ...]:
        """Return the scenario as planned event rows."""
        return tuple(
            Event(
                event_id=f"{self.date.isoformat()}-{self.id}",
                date=self.date,
                kind="planned",
                old_code=member,
                old_name=name_of(register, member, self.base),
                new_code=area.code,
                new_name=area.name,
                weight=1.0,
                weight_basis="whole area",
                direction="",
                partial=False,
                instrument=self.instrument,
                source=self.source,
            )
            for area in self.areas
            for member in area.members
        )


def scenario_files(folders: Sequence[Path] = ()) -> dict[str, Path]:
    """Return every scenario by id: those that come with placeatlas, and those of further folders."""
    files = {path.stem: path for path in sorted(_FOLDER.glob("*.toml"))}
    for folder in folders:
        files |= {path.stem: path for path in sorted(folder.glob("*.toml"))}
    return files


def load_scenario(name: str | Path, register: Register, *, folders: Sequence[Path] = ()) -> Scenario:
    """Read a scenario by id, or from a TOML file of the user.

    Raises
    ------
    ConfigError
        An unknown id, a file that is not a scenario.
    CodeError
        Members that are not alive on the base date, or that lie in two areas; all of them at once.
    """
    known = scenario_files(folders)
    path = name if isinstance(name, Path) else known.get(name, Path(name))
    if not path.is_file():
        near = difflib.get_close_matches(str(name), known, n=1)
        raise ConfigError(
            f"there is no scenario {name}",
            [f"did you mean {near[0]}?"] if near else [f"known: {', '.join(known)}; or the path of a TOML file"],
        )
    try:
        scenario = _scenario(toml_of(path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"{path.name} is not a scenario",
            [f"{type(error).__name__}: {error}", "wanted: id, title, date, base and [[area]] id, name, members"],
        ) from error
    _check(scenario, register, path.name)
    return scenario


def _scenario(content: dict[str, Any]) -> Scenario:
    if not isinstance(content["date"], dt.date) or not isinstance(content["base"], dt.date):
        raise TypeError("date and base are dates like 2027-04-01, without quotes")
    for identifier in (content["id"], *(area["id"] for area in content["area"])):
        if not _ID.fullmatch(identifier):
            raise ValueError(f"id {identifier!r}: lower case, digits and hyphens")
    _check_texts(content)
    return Scenario(
        id=content["id"],
        title=content["title"],
        date=content["date"],
        base=content["base"],
        instrument=content.get("instrument", "planned"),
        source=content.get("source", ""),
        areas=tuple(
            PlannedArea(f"{content['id']}:{area['id']}", area["name"], tuple(area["members"]))
            for area in content["area"]
        ),
    )


def _check_texts(content: dict[str, Any]) -> None:
    """Refuse what is no text where text is wanted: TOML has seven kinds of values, and any may stand anywhere."""
    texts = {name: content.get(name, "") for name in ("title", "instrument", "source")}
    for area in content["area"]:
        texts[f"the name of {area['id']}"] = area["name"]
        if not isinstance(area["members"], list):
            raise TypeError(f"the members of {area['id']} are a list of codes, not {str(area['members'])[:40]!r}")
        texts |= {f"member {place} of {area['id']}": code for place, code in enumerate(area["members"], start=1)}
    if wrong := [f"{name} is {str(value)[:40]}" for name, value in texts.items() if not isinstance(value, str)]:
        raise TypeError(f"{listed(wrong)}; text is needed")


def _check(scenario: Scenario, register: Register, what: str) -> None:
    members = [member for area in scenario.areas for member in area.members]
    alive = codes_alive(register, "LAD", scenario.base)
    faults = []
    if unknown := sorted(set(members) - alive):
        faults.append(f"not alive on {scenario.base.isoformat()}: {listed(unknown)}")
    if twice := sorted({member for member in members if members.count(member) > 1}):
        faults.append(f"in more than one area: {listed(twice)}")
    if empty := [area.name for area in scenario.areas if not area.members]:
        faults.append(f"areas without members: {listed(empty)}")
    if scenario.date <= register.known_to:
        faults.append(f"its date {scenario.date.isoformat()} is not after {register.known_to.isoformat()}")
    if faults:
        raise CodeError(f"{what} cannot be drawn", faults)
