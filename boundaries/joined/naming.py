"""Rows that carry a name and no code: the code is found by name, exactly or after normalisation, and said in the receipt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from boundaries.places.groupings import grouping_named
from boundaries.places.names import match_names, normalised
from boundaries.places.search import suggestions as similar
from boundaries.register.codes import GEOGRAPHIES
from boundaries.vocabulary import wider_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeTable


def with_codes(
    table: OutcomeTable, boundaries: BoundarySet
) -> tuple[OutcomeTable, dict[str, str], dict[str, tuple[str, ...]]]:
    """Give rows without a code the code of their name.

    Returns
    -------
    table : the outcome with codes where a name was found. found : name → code. unmatched : name → what may have been meant.
    """
    without = table.frame["code"] == ""
    if not without.any():
        return table, {}, {}
    names = [name for name in table.frame.loc[without, "name"].unique() if name.strip()]
    if not names:
        return table, {}, {}
    found, unmatched = _found(names, boundaries)
    codes = table.frame["code"].copy()
    codes[without] = [found.get(name, "") for name in table.frame.loc[without, "name"]]
    return replace(table, frame=table.frame.assign(code=codes)), found, unmatched


def _found(names: list[str], boundaries: BoundarySet) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    base = boundaries.geography.partition("+")[0]
    own = _own_names(boundaries)
    found = {name: own[normalised(name)] for name in names if own.get(normalised(name))}
    wider = wider_names()
    found |= {name: wider[normalised(name)] for name in names if normalised(name) in wider}
    found |= {
        name: code for name in names if name not in found and base in {"LAD", "UTLA"} and (code := grouping_named(name))
    }
    left = [name for name in names if name not in found]
    suggestions: dict[str, tuple[str, ...]] = dict.fromkeys(left, ())
    # The set's own geography first: "Dorset" is a district of today before it is a county of the past.
    for geography in dict.fromkeys([*([base] if base in GEOGRAPHIES else []), "CTRY", "RGN", "UTLA"]):
        if base not in GEOGRAPHIES and geography == "UTLA":
            continue
        match = match_names(left, geography=geography, date=boundaries.date)
        found |= {name: code for name, code in zip(left, match.codes, strict=True) if code}
        for name, near in match.unmatched.items():
            suggestions[name] = suggestions[name] or near
        left = [name for name in left if name not in found]
    return found, {name: suggestions[name] or similar(name) for name in left}


def _own_names(boundaries: BoundarySet) -> Mapping[str, str]:
    """Return the areas of the set by normalised name; a name that two areas share is no name."""
    index: dict[str, str] = {}
    for code, name in zip(boundaries.frame["code"], boundaries.frame["name"], strict=True):
        key = normalised(name)
        index[key] = "" if key in index else str(code)
    return index
