"""Tables that say which areas a custom geography is made of: normalised, counties dropped, gaps and overlaps found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.register import load_register, name_of, parents
from boundaries.register.codes import entity_of, repaired
from geo.errors import CodeError, TableError, listed

if TYPE_CHECKING:
    from boundaries.areas.boundary_set import BoundarySet

_COLUMNS = ["code", "name", "member"]


def membership_table(
    membership: pd.DataFrame, *, scheme: str, base: BoundarySet
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return a sound membership table and a receipt of what was dropped or mended.

    Returns
    -------
    table : columns ``code, name, member``; every area of the base stands in exactly one row.
    receipt : ``county rows dropped`` (a county beside its own districts), ``counties expanded`` (one that stood for
        them), and repairs of codes.

    Raises
    ------
    TableError
        A missing column.
    CodeError
        Members unknown to the base, in several areas or in none, areas of two names; all faults at once.
    """
    if absent := [column for column in _COLUMNS if column not in membership.columns]:
        raise TableError(
            f"the membership table of {scheme} lacks columns: {', '.join(absent)}",
            [f"found {listed(membership.columns)}; wanted code, name, member, one row a member"],
        )
    members, receipt = repaired(membership["member"])
    codes = membership["code"].astype(str).str.strip()
    table = pd.DataFrame(
        {
            "code": codes.where(codes.str.startswith(f"{scheme}:"), scheme + ":" + codes),
            "name": membership["name"].astype(str).str.strip(),
            "member": members,
        }
    ).reset_index(drop=True)
    table, counties = _counties_resolved(table, base)
    _check(table, base, scheme)
    return table.sort_values(["code", "member"], ignore_index=True), {**receipt, **counties}


def _counties_resolved(table: pd.DataFrame, base: BoundarySet) -> tuple[pd.DataFrame, dict[str, int]]:
    """Drop a county whose districts stand in the same area; let one that stands alone stand for its districts."""
    present = set(base.frame["code"])
    county = table["member"].map(entity_of).eq("E10") & ~table["member"].isin(present)
    if not county.any():
        return table, {}
    within = pd.Series(dict(parents(load_register(), "UTLA", base.date)))
    districts = {name: set(group.index) & present for name, group in within.groupby(within)}
    area_members = table.groupby("code")["member"].agg(set)
    keep = ~county
    expanded = []
    rows = table[county]
    for code, name, member in zip(rows["code"], rows["name"], rows["member"], strict=True):
        own = districts.get(member, set())
        if own and not own & area_members.loc[code]:
            expanded += [(code, name, district) for district in sorted(own)]
        elif not own:
            keep |= (table["member"] == member) & (table["code"] == code)
    dropped = int(county.sum() - keep[county].sum())
    more = pd.DataFrame(expanded, columns=_COLUMNS)
    counted = {
        "county rows dropped": dropped - len({(code, name) for code, name, _ in expanded}),
        "counties expanded": len({(code, name) for code, name, _ in expanded}),
    }
    return pd.concat([table[keep], more], ignore_index=True), {what: n for what, n in counted.items() if n}


def _check(table: pd.DataFrame, base: BoundarySet, scheme: str) -> None:
    register = load_register()
    present = set(base.frame["code"])
    where = base.frame.set_index("code")["name"]

    def named(codes: list[str]) -> str:
        return listed(f"{code} {where.get(code) or name_of(register, code) or '(unknown)'}" for code in codes)

    faults = []
    if unknown := sorted(set(table["member"]) - present):
        faults.append(f"not an area of {base.geography}@{base.date.isoformat()}: {named(unknown)}")
    if twice := sorted(table.loc[table["member"].duplicated(), "member"].unique()):
        faults.append(f"in more than one area: {named(twice)}")
    if missing := sorted(present - set(table["member"])):
        faults.append(f"in no area: {named(missing)}")
    names = table.groupby("code")["name"].nunique()
    if two_names := sorted(names.index[names > 1]):
        faults.append(f"areas with two names: {listed(two_names)}")
    if faults:
        raise CodeError(
            f"the membership table of {scheme} does not fit {base.geography}@{base.date.isoformat()}", faults
        )
