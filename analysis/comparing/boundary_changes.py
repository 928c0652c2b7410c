"""What the register says happened to the areas of two builds between their dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.register import load_register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.comparing.builds import Build

_FOLLOWED = frozenset({"recode", "boundary_move"})
"""Kinds of event by which an area keeps its people under another code."""

COLUMNS = ("date", "kind", "old_code", "old_name", "new_code", "new_name", "instrument")


def changes_between(old: Build, new: Build) -> pd.DataFrame:
    """Return the events of the register that touch an area of either build, after the earlier date and up to the later.

    Returns
    -------
    Columns of ``COLUMNS``, dates as text, in order of date and code. None are told of areas that are not official.
    """
    first, last = sorted((old.date, new.date))
    codes = {*old.names, *new.names}
    rows = [
        (event.date.isoformat(), *(getattr(event, name) for name in COLUMNS[1:]))
        for event in load_register().events
        if first < event.date <= last and event.kind != "planned" and codes & {event.old_code, event.new_code}
    ]
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    return made.sort_values(["date", "old_code", "new_code"], kind="stable").reset_index(drop=True)


def followed_codes(old: Build, new: Build) -> Mapping[str, str]:
    """Return, for areas of the old build that have another code in the new one, that code; only where the area is the same.

    A merge or a split makes other areas: they are gone and new, and no value is compared across them.
    """
    events = changes_between(old, new)
    same = events[events["kind"].isin(_FOLLOWED)]
    forward = old.date <= new.date
    pairs = zip(same["old_code" if forward else "new_code"], same["new_code" if forward else "old_code"], strict=True)
    return {
        start: end
        for start, end in pairs
        if start in old.names and start not in new.names and end in new.names and end not in old.names
    }
