"""The statistical regions (NUTS, later ITL): which districts they are made of, edition by edition, carried to any date."""

from __future__ import annotations

import csv
import datetime as dt
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from boundaries.bundled.layers import load_atoms
from boundaries.register import atom_codes, codes_alive
from geo.errors import CodeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.register import Register

_FOLDER = Path(__file__).parents[1] / "register"

EDITIONS: Final[Mapping[str, tuple[dt.date, dt.date, tuple[int, ...]]]] = {
    "NUTS 2015": (dt.date(2015, 1, 1), dt.date(2013, 12, 31), (1, 2, 3)),
    "NUTS 2018": (dt.date(2018, 1, 1), dt.date(2018, 12, 31), (1, 2, 3)),
    "ITL 2021": (dt.date(2021, 1, 1), dt.date(2020, 12, 31), (1, 2, 3)),
    "ITL 2025": (dt.date(2025, 1, 1), dt.date(2023, 12, 31), (1, 2)),
}
"""Edition of the statistical regions → first day in use, the date whose districts it is made of, levels known here."""

LEVELS: Final = ("ITL1", "ITL2", "ITL3")

SHARE_TOLERANCE: Final = 1e-6
"""How far published shares of one area may be from 1 in all: they are printed with about seven digits."""


def edition_on(level: str, date: dt.date, edition: str | None = None) -> str:
    """Return the edition of the statistical regions in use on a date, or the one asked for.

    Raises
    ------
    CodeError
        No edition or no such level is held.
    """
    chosen = edition or next((name for name in reversed(list(EDITIONS)) if EDITIONS[name][0] <= date), "")
    if chosen not in EDITIONS or LEVELS.index(level) + 1 not in EDITIONS[chosen][2]:
        held = ", ".join(f"{name} (levels {', '.join(map(str, levels))})" for name, (_, _, levels) in EDITIONS.items())
        raise CodeError(
            f"no lookup LAD → {level} of {chosen or 'an edition before 2015'} is held",
            [f"held: {held}", "name an edition"],
        )
    return chosen


def statistical_shares(register: Register, level: str, date: dt.date, edition: str) -> pd.DataFrame:
    """Return ``child, parent, weight, weight_basis``: the share of each district of a date in each region.

    Shares of districts in several regions are of residents, by small area where the district was divided when the edition
    was made, by the atoms of the 2011 Census where districts were merged across its borders since.
    """
    base, length = EDITIONS[edition][1], LEVELS.index(level) + 3
    rows = pd.DataFrame(
        [(child, code[:length], weight, basis) for child, code, weight, basis in _areas(edition)],
        columns=["child", "parent", "weight", "weight_basis"],
    )
    rows = rows.groupby(["child", "parent"]).agg({"weight": "sum", "weight_basis": "first"}).reset_index()
    whole = (rows["weight"] - 1).abs() < SHARE_TOLERANCE
    rows["weight"] = rows["weight"].where(~whole, 1.0)
    rows["weight_basis"] = rows["weight_basis"].where(~whole, "whole area")
    table = rows if codes_alive(register, "LAD", date) == set(rows["child"]) else _carried(register, rows, base, date)
    return table.sort_values(["child", "parent"], ignore_index=True)


def _carried(register: Register, rows: pd.DataFrame, base: dt.date, date: dt.date) -> pd.DataFrame:
    """Carry a lookup from the districts of one date to those of another, by residents of the atoms both are made of."""
    atoms = load_atoms()
    pieces = pd.DataFrame(
        {
            "old": atom_codes(register, atoms, base).to_numpy(),
            "child": atom_codes(register, atoms, date).to_numpy(),
            "residents": atoms["population"].to_numpy(dtype=float),
        }
    )
    pieces = pieces.groupby(["child", "old"])["residents"].sum().reset_index()
    joined = pieces.merge(rows.rename(columns={"child": "old"}), on="old")
    joined["weight"] *= (
        joined["residents"] / pieces.groupby("child")["residents"].sum().reindex(joined["child"]).to_numpy()
    )
    table = joined.groupby(["child", "parent"]).agg({"weight": "sum"}).reset_index()
    whole = (table["weight"] - 1).abs() < SHARE_TOLERANCE
    table["weight"] = table["weight"].where(~whole, 1.0)
    table["weight_basis"] = whole.map({True: "whole area", False: "residents at the 2011 Census"})
    return table


@functools.cache
def _areas(edition: str) -> tuple[tuple[str, str, float, str], ...]:
    with (_FOLDER / "itl.csv").open(newline="", encoding="utf-8") as file:
        return tuple(
            (row["child"], row["parent"], float(row["weight"]), row["weight_basis"])
            for row in csv.DictReader(file)
            if row["edition"] == edition
        )


@functools.cache
def statistical_names(edition: str) -> dict[str, str]:
    """Return code → name of the regions of an edition, all levels."""
    with (_FOLDER / "itl_areas.csv").open(newline="", encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file) if row["edition"] == edition}
