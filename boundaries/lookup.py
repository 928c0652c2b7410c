"""Which area lies in which, on a date: as a function where it is one, as a weighted table where it is not."""

from __future__ import annotations

import csv
import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from boundaries.bundled.layers import load_atoms
from boundaries.codes import GEOGRAPHIES
from boundaries.register import atom_codes, codes_alive, load_register, name_of, parents
from geo.errors import CodeError, ConversionError, TableError, listed
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.register import Register

_FOLDER = Path(__file__).parent / "register"

EDITIONS: Final[Mapping[str, tuple[dt.date, dt.date, tuple[int, ...]]]] = {
    "NUTS 2015": (dt.date(2015, 1, 1), dt.date(2013, 12, 31), (1, 2, 3)),
    "NUTS 2018": (dt.date(2018, 1, 1), dt.date(2018, 12, 31), (1, 2, 3)),
    "ITL 2021": (dt.date(2021, 1, 1), dt.date(2020, 12, 31), (1, 2, 3)),
    "ITL 2025": (dt.date(2025, 1, 1), dt.date(2023, 12, 31), (1, 2)),
}
"""Edition of the statistical regions → first day in use, the date whose districts it is made of, levels known here."""

_SHARE_TOLERANCE: Final = 1e-6
"""How far published shares of one area may be from 1 in all: they are printed with about seven digits."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Children and their parents.

    Parameters
    ----------
    child, parent : geographies. date : of which it is true.
    table : columns ``child, parent, weight, weight_basis``, sorted; the weights of a child add up to 1.
    names : parent code → name. edition : of the parents, empty for councils and countries.
    source : where it came from.
    """

    child: str
    parent: str
    date: dt.date
    table: pd.DataFrame
    names: Mapping[str, str]
    source: Source
    edition: str = ""

    def __repr__(self) -> str:
        """State what is looked up, and whether it is a function."""
        kind = "function" if not self.divided else f"{len(self.divided)} children in several parents"
        return f"Lookup({self.child} → {self.parent}@{self.date.isoformat()}: {self.table['child'].nunique()} children, {kind})"

    @property
    def divided(self) -> tuple[str, ...]:
        """Children that lie in several parents."""
        return tuple(sorted(self.table.loc[self.table["child"].duplicated(), "child"].unique()))

    def as_function(self) -> dict[str, str]:
        """Return child → parent.

        Raises
        ------
        ConversionError
            If a child lies in several parents: all of them, with their shares.
        """
        if self.divided:
            shown = []
            for code in self.divided:
                rows = self.table[self.table["child"] == code]
                parts = (
                    f"{weight:.1%} {parent}" for parent, weight in zip(rows["parent"], rows["weight"], strict=True)
                )
                shown.append(f"{code} {name_of(load_register(), code)}: {', '.join(parts)}".replace("  ", " "))
            raise ConversionError(
                f"{self.child} → {self.parent} is no function on {self.date.isoformat()}",
                [*shown[:5], f"{len(shown)} in all; use the weighted table, or the best fit where that will do"],
            )
        return dict(zip(self.table["child"], self.table["parent"], strict=True))

    def best_fit(self) -> dict[str, str]:
        """Return child → the parent with most of it (the first by code of equals). A choice, not a fact: say so."""
        order = self.table.sort_values(["child", "weight", "parent"], ascending=[True, False, True])
        first = order.drop_duplicates("child")
        return dict(zip(first["child"], first["parent"], strict=True))


def load_lookup(child: str, parent: str, date: dt.date, *, edition: str | None = None) -> Lookup:
    """Return the lookup from local authority districts to a larger geography on a date.

    Parameters
    ----------
    child : LAD. parent : UTLA, CAUTH, RGN, CTRY, or ITL1, ITL2, ITL3 (NUTS before 2021).
    edition : of the statistical regions; by default the one in use on the date.

    Raises
    ------
    CodeError
        Geographies that no lookup is known for, or an edition or level that is not held.
    DateError
        A date outside the register.
    """
    register = load_register()
    if child != "LAD" or (parent not in GEOGRAPHIES and not _level(parent)):
        known = ", ".join([*(name for name in GEOGRAPHIES if name != "LAD"), "ITL1", "ITL2", "ITL3"])
        raise CodeError(f"no lookup {child} → {parent} is held", [f"LAD → {known}; others from a table of your own"])
    if _level(parent):
        return _statistical(register, parent, date, edition)
    found = parents(register, parent, date)
    table = pd.DataFrame({"child": list(found), "parent": list(found.values())}, dtype=object).sort_values(
        "child", ignore_index=True
    )
    return Lookup(
        child=child,
        parent=parent,
        date=date,
        table=table.assign(weight=1.0, weight_basis="whole area"),
        names={code: name_of(register, code, date) for code in sorted(set(found.values()))},
        source=register.sources[0],
    )


def lookup_from_table(
    table: pd.DataFrame, *, child: str, parent: str, date: dt.date, weight: str | None = None, source: Source
) -> Lookup:
    """Return a lookup from a table of one's own: small areas to districts, wards to areas of a plan.

    Parameters
    ----------
    table : one row a pair. child, parent : its columns of codes, which name the geographies too.
    weight : column of shares or of residents; shares are made of it. Without it every child must stand once.

    Raises
    ------
    TableError
        Missing columns, blank codes, weights that are negative, missing or all zero for a child.
    ConversionError
        A child with several parents and no weights.
    """
    wanted = [child, parent, *([weight] if weight else [])]
    if absent := [name for name in wanted if name not in table.columns]:
        raise TableError(f"the lookup has no columns {listed(absent)}", [f"found {listed(table.columns)}"])
    pairs = table[wanted].drop_duplicates().rename(columns={child: "child", parent: "parent"})
    blank = pairs["child"].isna() | pairs["parent"].isna() | (pairs["child"] == "") | (pairs["parent"] == "")
    faults = [f"{int(blank.sum())} rows without a code"] if blank.any() else []
    if weight:
        number = pd.to_numeric(pairs[weight], errors="coerce")
        bad = pairs.loc[number.isna() | (number < 0), "child"].unique()
        if len(bad):
            faults.append(f"weights that are missing or negative: {listed(bad)}")
        total = number.groupby(pairs["child"]).transform("sum")
        empty = pairs.loc[(total == 0) & number.notna(), "child"].unique()
        if len(empty):
            faults.append(f"children whose weights are all zero: {listed(empty)}")
        pairs = pairs.assign(weight=number / total, weight_basis=weight)
    else:
        twice = pairs.loc[pairs["child"].duplicated(), "child"].unique()
        if len(twice):
            raise ConversionError(
                f"{child} → {parent} is no function: several parents of {listed(twice)}",
                ["name a column of weights, for example residents"],
            )
        pairs = pairs.assign(weight=1.0, weight_basis="whole area")
    if faults:
        raise TableError(f"the lookup {child} → {parent} cannot be used", faults)
    pairs = pairs[["child", "parent", "weight", "weight_basis"]]
    return Lookup(
        child=child,
        parent=parent,
        date=date,
        table=pairs[pairs["weight"] > 0].sort_values(["child", "parent"], ignore_index=True),
        names={},
        source=source,
    )


def check_shares(table: pd.DataFrame, *, what: str) -> None:
    """Refuse shares that do not add up to one for every child.

    Raises
    ------
    ConversionError
        The children whose shares do not, with their sums.
    """
    total = table.groupby("child")["weight"].sum()
    wrong = total[(total - 1).abs() > _SHARE_TOLERANCE]
    if len(wrong):
        shown = listed(f"{code} ({share:.4f})" for code, share in wrong.items())
        raise ConversionError(f"the shares of {what} do not add up to 1", [shown])


def _level(parent: str) -> int:
    return {"ITL1": 1, "ITL2": 2, "ITL3": 3}.get(parent, 0)


def _statistical(register: Register, parent: str, date: dt.date, edition: str | None) -> Lookup:
    chosen = edition or next((name for name in reversed(list(EDITIONS)) if EDITIONS[name][0] <= date), "")
    if chosen not in EDITIONS or _level(parent) not in EDITIONS[chosen][2]:
        held = ", ".join(f"{name} (levels {', '.join(map(str, levels))})" for name, (_, _, levels) in EDITIONS.items())
        raise CodeError(
            f"no lookup LAD → {parent} of {chosen or 'an edition before 2015'} is held",
            [f"held: {held}", "name an edition"],
        )
    base, length = EDITIONS[chosen][1], _level(parent) + 2
    rows = pd.DataFrame(
        [(child, code[:length], weight, basis) for child, code, weight, basis in _areas(chosen)],
        columns=["child", "parent", "weight", "weight_basis"],
    )
    rows = rows.groupby(["child", "parent"]).agg({"weight": "sum", "weight_basis": "first"}).reset_index()
    whole = (rows["weight"] - 1).abs() < _SHARE_TOLERANCE
    rows["weight"] = rows["weight"].where(~whole, 1.0)
    rows["weight_basis"] = rows["weight_basis"].where(~whole, "whole area")
    table = rows if codes_alive(register, "LAD", date) == set(rows["child"]) else _carried(register, rows, base, date)
    check_shares(table, what=f"LAD → {parent}")
    codes = set(table["parent"])
    return Lookup(
        child="LAD",
        parent=parent,
        date=date,
        table=table.sort_values(["child", "parent"], ignore_index=True),
        names={code: name for code, name in _names(chosen).items() if code in codes},
        source=Source(
            title=f"Local authority districts to {chosen} (Office for National Statistics)",
            url="https://geoportal.statistics.gov.uk/",
            licence="Open Government Licence v3.0",
            attribution=("Source: Office for National Statistics licensed under the Open Government Licence v.3.0.",),
        ),
        edition=chosen,
    )


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
    whole = (table["weight"] - 1).abs() < _SHARE_TOLERANCE
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
def _names(edition: str) -> dict[str, str]:
    with (_FOLDER / "itl_areas.csv").open(newline="", encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file) if row["edition"] == edition}
