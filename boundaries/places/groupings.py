"""Areas that publishers put together because one of them is too small to publish alone: E67000002 is Cornwall with the Isles of Scilly."""

from __future__ import annotations

import csv
import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from boundaries.places.known import areas_together
from boundaries.places.names import normalised
from boundaries.register.cutting import bare_name

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).parents[1] / "register" / "groupings.csv"


@dataclass(frozen=True, slots=True)
class Grouping:
    """One published grouping: its code, name, the councils in it, since when and until when (None while it is in use), and who publishes it.

    ``seen`` is the published file in which code and members were read; empty where they stand in none that was at hand.
    """

    code: str
    name: str
    members: tuple[str, ...]
    start: dt.date
    end: dt.date | None
    source: str
    seen: str = ""


@functools.cache
def groupings() -> Mapping[str, Grouping]:
    """Return every grouping of the register by code.

    Examples
    --------
    >>> groupings()["E67000002"].members
    ('E06000052', 'E06000053')
    """
    rows: dict[str, list[dict[str, str]]] = {}
    with _FILE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["code"], []).append(row)
    return {
        code: Grouping(
            code,
            same[0]["name"],
            tuple(row["member"] for row in same),
            dt.date.fromisoformat(same[0]["start"]),
            dt.date.fromisoformat(same[0]["end"]) if same[0]["end"] else None,
            same[0]["source"],
            same[0]["seen"],
        )
        for code, same in rows.items()
    }


@functools.lru_cache(maxsize=65_536)
def grouping_named(name: str) -> str:
    """Return the code of the grouping that a name is of, in whatever order it names the members; "" where there is none.

    Examples
    --------
    >>> grouping_named("Isles of Scilly, Cornwall"), grouping_named("City of London and Hackney"), grouping_named("Hackney")
    ('E67000002', 'E67000001', '')
    """
    plain = normalised(bare_name(name))
    for code, known in groupings().items():
        if plain == normalised(known.name):
            return code
    parts = areas_together(name)
    for code, known in groupings().items():
        if len(parts) == len(known.members) and all(any(member in part for part in parts) for member in known.members):
            return code
    return ""
