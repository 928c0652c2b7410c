"""What became of manufacturing, from a published table of value added: the indicators of post-industrial by measurement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from analysis.covariates import manufacturing_decline
from analysis.statistics import AreaColumns, Covariate, Meaning
from analysis.typology.membership import pieces_of
from analysis.typology.own_types import date_of
from boundaries.register.codes import parse_code, repaired
from boundaries.sources.reading import read_cells
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet

LAYER = "manufacturing"
"""Name of the covariate; its columns are ``manufacturing_share_then`` and ``manufacturing_fall``."""

DEFINITION = "post-industrial-measured"
"""The built-in definition that needs it."""

_SOURCE = "Regional gross value added (balanced) by industry"
_MOST = 0.5
_ROLES = {"year": ("year", "period"), "manufacturing": ("manufacturing",), "all": ("all", "total")}


@dataclass(frozen=True, slots=True)
class ValueAdded:
    """How a table of value added is read.

    Parameters
    ----------
    columns : role to column, for the roles code, year, manufacturing (amount) and all (amount); found by their names where not
        stated. then, now : first and last year of the two spans that are averaged.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    then: tuple[int, int] = (1998, 2000)
    now: tuple[int, int] = (2021, 2023)


def manufacturing_covariate(path: Path, how: ValueAdded | None = None) -> Covariate:
    """Return the covariate that ``post-industrial-measured`` needs, from a table of value added by industry.

    Parameters
    ----------
    path : a row an area and year, with the amounts of manufacturing and of all industries; codes of local authority districts.
    how : what its columns are called, where that cannot be seen, and the years that are compared.

    Raises
    ------
    TableError
        Columns that are not found, amounts that are no numbers. CodeError, DateError: codes of no one date.

    Notes
    -----
    Areas of another date than the table's take the amounts of the districts they are made of, by residents: what was merged is
    added up, and a part of a district has its district's share.
    """
    how = how or ValueAdded()
    table, date = _table(path, how)
    source = Source(title=f"{_SOURCE} ({path.name})", sha256=sha256_of(path), licence="Open Government Licence v3.0")

    def measure(boundaries: BoundarySet) -> AreaColumns:
        pieces = pieces_of(boundaries, date)
        part = pieces["population"] / pieces.groupby("base")["population"].transform("sum")
        amounts = pieces.assign(part=part).merge(table, left_on="base", right_on="code", suffixes=("", "_of_base"))
        wide = amounts.assign(
            manufacturing=amounts["manufacturing"] * amounts["part"], all=amounts["all"] * amounts["part"]
        )
        added = wide.groupby(["code", "year"])[["manufacturing", "all"]].sum(min_count=1).reset_index()
        added["share"] = 100 * added["manufacturing"] / added["all"].where(added["all"] > 0)
        found = manufacturing_decline(added, code="code", year="year", share="share", then=how.then, now=how.now)
        frame = found.reindex(boundaries.frame["code"]).set_axis(["share_then", "fall"], axis=1)
        spans = "-".join(map(str, how.then)), "-".join(map(str, how.now))
        return AreaColumns(
            frame,
            {
                "share_then": Meaning(f"Manufacturing's share of value added, mean of {spans[0]}", "%", source),
                "fall": Meaning(f"By how much that share was lower in {spans[1]}", "percentage points", source),
            },
        )

    return Covariate(LAYER, measure)


def _table(path: Path, how: ValueAdded) -> tuple[pd.DataFrame, dt.date]:
    """Return ``code year manufacturing all`` and the date of the codes."""
    cells = read_cells(path).frame
    columns = dict(how.columns)
    for column in cells.columns:
        name = str(column).strip().casefold()
        for role, words in _ROLES.items():
            # A share of manufacturing is no amount of it, and manufacturing of metals no whole.
            if role not in columns and not name.endswith(("pct", "%", "share")) and set(words) & set(name.split("_")):
                columns[role] = str(column)
    columns.setdefault("code", next((str(one) for one in cells if _coded(cells[one])), ""))
    absent = [role for role in ("code", *_ROLES) if columns.get(role) not in cells.columns]
    if absent:
        raise TableError(
            f"{path.name} is no table of value added by industry",
            [f"no column is found for {', '.join(absent)}", f"found {listed(cells.columns)}", "name it in columns"],
        )
    codes, _ = repaired(cells[columns["code"]])
    numbers = {
        role: pd.to_numeric(cells[columns[role]].astype(str).str.replace(",", ""), errors="coerce") for role in _ROLES
    }
    if numbers["year"].isna().any():
        raise TableError(
            f"{path.name}: years are no numbers", [f"found {listed(cells[columns['year']][numbers['year'].isna()])}"]
        )
    table = pd.DataFrame({"code": codes, **numbers}).astype({"year": int})
    table = table[table["code"].map(lambda text: parse_code(text).scheme == "gss")]
    return table, date_of(sorted(table["code"].unique()), path.name)


def _coded(column: pd.Series) -> bool:
    """Say whether most cells are codes."""
    return float((column.astype(str).map(lambda text: parse_code(text).scheme) == "gss").mean()) > _MOST
