"""Rows of published groupings: said of their members, and given to them on request, as one figure that they inherit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.places.contradictions import TOGETHER, contradiction
from boundaries.places.groupings import Grouping, grouping_named, groupings
from boundaries.vocabulary import counted

if TYPE_CHECKING:
    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined.rows import Matched
    from boundaries.outcomes.table import OutcomeTable

GROUPED = "grouped"
"""The allowance by which members of a grouping are given its figure."""


def with_groupings(table: OutcomeTable, allowed: frozenset[str]) -> OutcomeTable:
    """Give rows of two areas under the code of one the code of the grouping, where that is allowed."""
    if GROUPED not in allowed:
        return table
    frame = table.frame.assign(name=table.frame["name"].fillna(""))
    pairs = frame[["code", "name"]].drop_duplicates()
    meant = {
        (code, name): group
        for code, name in zip(pairs["code"], pairs["name"], strict=True)
        if (group := grouping_named(name)) and contradiction(code, name) == TOGETHER
    }
    if not meant:
        return table
    codes = [meant.get(pair, pair[0]) for pair in zip(frame["code"], frame["name"], strict=True)]
    return replace(table, frame=frame.assign(code=pd.Series(codes, index=frame.index, dtype="str")))


def groups_among(rows: pd.DataFrame) -> dict[str, tuple[Grouping, pd.DataFrame]]:
    """Return the groupings that rows are of, by code, each with its row."""
    known = groupings()
    if known.keys().isdisjoint(rows["code"].to_numpy()):
        return {}
    found = rows[rows["code"].isin(known)].drop_duplicates("code")
    return {str(code): (known[str(code)], found.loc[[place]]) for place, code in found["code"].items()}


def settle_groupings(
    table: OutcomeTable, matched: Matched, outside: pd.DataFrame, boundaries: BoundarySet, allowed: frozenset[str]
) -> Matched:
    """Say of members without a row that they are published together; on request give them the figure.

    A count of a grouping is the count of none of its members: they are told where it is, whatever is allowed.
    """
    groups = groups_among(outside)
    if not groups:
        return matched
    have, areas = set(matched.frame["code"]), set(boundaries.frame["code"])
    given: list[pd.DataFrame] = []
    told = []
    for code, (group, row) in groups.items():
        heirs = [member for member in group.members if member in areas and member not in have]
        if not heirs:
            continue
        if GROUPED not in allowed or table.meta.measure == "count":
            figure = row["value"].iloc[0]
            said = f" ({figure:,.10g})" if np.isfinite(figure) else ""
            matched.lost.update(dict.fromkeys(heirs, f"published together as {code}{said}"))
            continue
        given.append(pd.concat([row] * len(heirs), ignore_index=True).assign(code=heirs))
        have |= set(heirs)
        told.append(group)
        matched.fates["split"] = matched.fates.get("split", 0) + 1
        matched.details.extend(
            {"fate": "split", "from": code, "to": member, "note": f"published together as {code} {group.name}"}
            for member in heirs
        )
    if not given:
        return matched
    rows = pd.concat(given, ignore_index=True)
    quality = np.where(rows["value"].isna(), "missing", "inherited")
    names = ", ".join(f"{group.name} ({group.code})" for group in told)
    number = counted(len(rows), "area inherits the figure of its", "areas inherit the figure of their")
    matched.statements.append(f"{number} published grouping, one observation each: {names}.")
    return replace(
        matched,
        frame=pd.concat([matched.frame, rows], ignore_index=True),
        quality=np.concatenate([matched.quality, quality]),
        reason=np.concatenate([matched.reason, np.full(len(rows), "")]),
    )
