"""Crossings that people really use where no land border joins two places: a register, and its mapping to any set."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Literal

from geo.errors import ConfigError, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from boundaries.areas.boundary_set import BoundarySet

KINDS = ("bridge", "tunnel", "ferry")

ISLANDS = {
    "E06000046": "Isle of Wight",
    "E06000053": "Isles of Scilly",
    "W06000001": "Isle of Anglesey",
    "S12000013": "Na h-Eileanan Siar",
    "S12000023": "Orkney Islands",
    "S12000027": "Shetland Islands",
}
"""Atoms that touch no other: an area made only of these has no land border."""


@dataclass(frozen=True, slots=True)
class SeaLink:
    """One crossing between two atoms (district codes alive on 2011-04-01; Northern Ireland ``old-new``)."""

    from_atom: str
    to_atom: str
    kind: Literal["bridge", "tunnel", "ferry"]
    name: str
    reason: str
    default: bool


@functools.cache
def register() -> tuple[SeaLink, ...]:
    """Read the register of crossings.

    Raises
    ------
    ConfigError
        A row whose kind is unknown, that joins an atom to itself, or that repeats a pair.
    """
    text = (resources.files("analysis") / "sea_links.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    faults = [
        f"{row['name']}: {row['kind']!r} is none of {', '.join(KINDS)}" for row in rows if row["kind"] not in KINDS
    ]
    faults += [
        f"{row['name']} joins {row['from_atom']} to itself" for row in rows if row["from_atom"] == row["to_atom"]
    ]
    pairs = [frozenset((row["from_atom"], row["to_atom"])) for row in rows]
    faults += [f"{row['name']} repeats a pair" for at, row in enumerate(rows) if pairs[at] in pairs[:at]]
    if faults:
        raise ConfigError("sea_links.csv is not a register of crossings", faults)
    return tuple(
        SeaLink(row["from_atom"], row["to_atom"], _kind(row["kind"]), row["name"], row["reason"], row["default"] == "1")
        for row in rows
    )


def chosen(*, on: Collection[str] = (), off: Collection[str] = ()) -> tuple[SeaLink, ...]:
    """Return the crossings in use: the defaults, and those switched ``on``, without those switched ``off`` (by name).

    Raises
    ------
    ConfigError
        A name that the register does not hold.
    """
    known = {link.name for link in register()}
    unknown = [name for name in (*on, *off) if name not in known]
    if unknown:
        raise ConfigError(
            f"no crossing is called {listed(unknown)}", [f"the register of sea links holds {listed(sorted(known))}"]
        )
    return tuple(link for link in register() if (link.default or link.name in on) and link.name not in off)


def placed(
    links: Iterable[SeaLink], boundaries: BoundarySet
) -> tuple[tuple[tuple[str, str, SeaLink], ...], tuple[SeaLink, ...]]:
    """Map crossings to the areas of a set: (code, code, crossing) between two different areas, and those without a place.

    A crossing inside one area joins nothing and is dropped; it has a place all the same.
    """
    area_of = atoms_of(boundaries)
    joins: list[tuple[str, str, SeaLink]] = []
    homeless: list[SeaLink] = []
    for link in links:
        ends = area_of.get(link.from_atom), area_of.get(link.to_atom)
        if ends[0] is None or ends[1] is None:
            homeless.append(link)
        elif ends[0] != ends[1]:
            joins.append((ends[0], ends[1], link))
    return tuple(joins), tuple(homeless)


def atoms_of(boundaries: BoundarySet) -> Mapping[str, str]:
    """Return atom → area code.

    A layer from elsewhere has no atoms: its members, or its own codes, stand in wherever they are codes of 2011.
    """
    if boundaries.atoms is not None and len(boundaries.atoms):
        return dict(zip(boundaries.atoms["atom"], boundaries.atoms["code"], strict=True))
    area_of = {code: code for code in boundaries.frame["code"]}
    if boundaries.members is not None:
        area_of |= dict(zip(boundaries.members["member"], boundaries.members["code"], strict=True))
    return area_of


def expected_isolates(boundaries: BoundarySet) -> frozenset[str]:
    """Return the areas that no land border joins to another: those made of islands alone, and a nation of one area across the sea."""
    parts: dict[str, set[str]] = {}
    for atom, code in atoms_of(boundaries).items():
        parts.setdefault(code, set()).add(atom)
    islands = {code for code, atoms in parts.items() if atoms <= ISLANDS.keys()}
    frame = boundaries.frame
    across = set(frame.loc[frame["nation"] == "N", "code"]) if "nation" in frame.columns else set()
    return frozenset(islands | (across if len(across) == 1 else set()))


def _kind(word: str) -> Literal["bridge", "tunnel", "ferry"]:
    """Narrow a word to a kind that was already checked."""
    return "bridge" if word == "bridge" else "tunnel" if word == "tunnel" else "ferry"
