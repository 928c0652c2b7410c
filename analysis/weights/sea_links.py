"""Crossings that people really use where no land border joins two places: a register, and its mapping to any set."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from geo.errors import ConfigError, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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

    A crossing inside one area joins nothing and is dropped; it has a place all the same. Where the areas are smaller than the
    atoms a crossing joins the two that are nearest to each other, one in each atom.
    """
    areas_of = _areas_by_atom(boundaries)
    joins: list[tuple[str, str, SeaLink]] = []
    homeless: list[SeaLink] = []
    for link in links:
        starts, ends = areas_of.get(link.from_atom, ()), areas_of.get(link.to_atom, ())
        if not starts or not ends:
            homeless.append(link)
            continue
        one, other = _nearest_pair(boundaries, starts, ends)
        if one != other:
            joins.append((one, other, link))
    return tuple(joins), tuple(homeless)


def _areas_by_atom(boundaries: BoundarySet) -> Mapping[str, Sequence[str]]:
    """Return atom → the areas made of it, or, of areas smaller than atoms, those that lie in it."""
    if boundaries.districts is None or boundaries.atoms is None:
        return {atom: (code,) for atom, code in atoms_of(boundaries).items()}
    return {str(atom): tuple(group) for atom, group in boundaries.atoms.groupby("atom")["code"]}


def _nearest_pair(boundaries: BoundarySet, starts: Sequence[str], ends: Sequence[str]) -> tuple[str, str]:
    """Return the two areas nearest to each other, one of each list; the first by code of equals."""
    if len(starts) == len(ends) == 1:
        return starts[0], ends[0]
    shapes = boundaries.frame.set_index("code").geometry
    here, there = shapes.loc[list(starts)].to_numpy(), shapes.loc[list(ends)].to_numpy()
    (one, other), away = shapely.STRtree(there).query_nearest(here, return_distance=True)
    best = np.lexsort((other, one, away))[0]
    return starts[one[best]], ends[other[best]]


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
    if boundaries.districts is not None:
        return frozenset()  # of smaller areas nothing says which of them are islands
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
