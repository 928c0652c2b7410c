"""Areas of a custom geography: a membership table by name or from a file, and the date its members lived."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.areas.custom_sets import custom_boundary_set
from boundaries.areas.loading import load_boundary_set
from boundaries.areas.statistical import LEVELS
from boundaries.places.names import normalised
from boundaries.register import epochs, load_register
from boundaries.register.codes import GEOGRAPHIES, in_geography, nation_of
from boundaries.sources.written import written_table
from boundaries.vocabulary import NATIONS
from geo.errors import CodeError, DateError, JoinError, TableError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeTable

MEMBERSHIPS = Path(__file__).parents[1] / "memberships"
"""Membership tables that are called by name."""

COLUMNS = ("code", "name", "member")


def custom_areas(
    members: str,
    *,
    date: dt.date | None = None,
    nations: Sequence[str] | None = None,
    folders: Sequence[Path] = (Path(),),
    scheme: str = "",
    **shapes: Any,
) -> BoundarySet:
    """Return the areas of a membership table, made of local authorities.

    Parameters
    ----------
    members : name of a bundled table (``smc-203``), or the path of a CSV file with columns ``code, name, member``.
    date : on which the members lived; by default the last day of the latest epoch in which all of them did.
    nations : those wanted, all by default; of them, those that no member lies in need not be covered.
    folders : where a relative file name is looked up, in order.
    scheme : name of the geography where the codes of the table bear none; by default that of the file.
    shapes : layer and scenario, as of ``load_boundary_set``.

    Raises
    ------
    TableError, CodeError
        No such table, a missing column, members that do not make areas, or codes of another scheme than the one named.
    DateError
        No date on which all members lived, or none in the register.
    """
    table = membership_of(members, folders=folders)
    named = _scheme(table, members, scheme)
    there = nations_of(table)
    wanted = tuple(nation for nation in nations or NATIONS if nation in there) or tuple(nations or NATIONS)
    base = load_boundary_set("LAD", date or last_date_of(table), nations=wanted, **shapes)
    return custom_boundary_set(table, scheme=named, base=base)


def membership_of(members: str, *, folders: Sequence[Path] = (Path(),)) -> pd.DataFrame:
    """Read a membership table by name or path.

    Parameters
    ----------
    members : name of a bundled table, or a file.
    folders : where a relative file name is looked up, in order.

    Raises
    ------
    TableError
        No such table, or a missing column.
    """
    built_in = MEMBERSHIPS / f"{members}.csv"
    places = [built_in, *(folder / members for folder in folders)]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        known = sorted(entry.stem for entry in MEMBERSHIPS.glob("*.csv"))
        raise TableError(f"there is no membership table '{members}'", [f"a CSV file, or one of: {', '.join(known)}"])
    return written_table(path, COLUMNS, what="a membership table")


def last_date_of(table: pd.DataFrame) -> dt.date:
    """Return the last day of the latest epoch in which every member that was ever a local authority is one.

    Raises
    ------
    DateError
        There is no such epoch.
    """
    known = epochs(load_register(), "LAD")
    members = frozenset(table["member"]) & frozenset().union(*(epoch.codes for epoch in known))
    for epoch in reversed(known):
        if members and members <= epoch.codes:
            return epoch.end
    raise DateError(
        "no date is one on which all members of the areas lived",
        [f"{len(members)} of {table['member'].nunique()} members are local authorities of some date"],
        [Remedy("date")],
    )


def nations_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the nations that the members of a table lie in: areas of one nation need not say where the others belong.

    A table no member of which tells its nation is taken for one of all four, whose gaps are then named.
    """
    found = {nation_of(code) for code in table["member"].str.strip()}
    return tuple(nation for nation in NATIONS if nation in found) or tuple(NATIONS)


def refuse_foreign_ids(table: OutcomeTable, areas: BoundarySet) -> None:
    """Refuse an outcome none of whose codes or names is one of a custom geography, saying which form its codes have.

    Rows of local authorities are left to the join, which brings them together on request.

    Raises
    ------
    JoinError
        No row of the outcome names an area of the set.
    """
    scheme = areas.geography
    if scheme.partition("+")[0] in {*GEOGRAPHIES, *LEVELS}:
        return
    codes = [str(code) for code in table.frame["code"].unique() if code]
    names = {normalised(name) for name in areas.frame["name"]}
    own = any(code.startswith(f"{scheme}:") or (":" not in code and in_geography(code, "LAD")) for code in codes)
    if own or any(normalised(str(name)) in names for name in table.frame["name"].unique()):
        return
    ids = {str(code).partition(":")[2] for code in areas.frame["code"]}
    bare = [code for code in codes if code in ids]
    example = areas.frame["code"].iloc[0]
    what = (
        f"the codes of '{table.meta.id}' are not of the form {scheme}:ID that these areas have, for example {example}"
    )
    found = f"found {listed(codes)}" if codes else "it has no codes, and no name is one of these areas"
    remedy = (
        f"{len(bare)} of them are ids without it: write '{scheme}:' in front of each"
        if bare
        else f"write the codes as in the membership table, with '{scheme}:' in front"
    )
    raise JoinError(what, [found, remedy])


def _scheme(table: pd.DataFrame, members: str, stated: str) -> str:
    """Return the name in front of the colon where all codes share one, else the one that is stated, else that of the table."""
    before = {code.partition(":")[0] for code in table["code"] if ":" in code}
    shared = before.pop() if len(before) == 1 and table["code"].str.contains(":").all() else ""
    if shared and stated and shared != stated:
        raise CodeError(
            f"the codes of '{members}' are of '{shared}', not of '{stated}'",
            [f'write geography = "{shared}", or leave it out'],
        )
    return shared or stated or Path(members).stem
