"""The profile of one place: every outcome with its level, band and change, and what is missing said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED = ("outcome", "code", "value")
OFFERED = (
    *("title", "period", "unit", "lower", "upper", "band", "level", "p_below"),
    *("since", "change", "change_lower", "change_upper", "direction", "reason"),
)
"""Columns a profile takes over where they are given, in this order after ``value``."""


def place_profile(facts: pd.DataFrame, code: str, *, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a row an outcome for one place.

    Parameters
    ----------
    facts : a row an outcome and area, with at least the columns of ``NEEDED``; levels, bands and changes beside them.
    code : of the place. outcomes : those wanted, in that order; by default all, in order of first appearance.

    Returns
    -------
    ``outcome value`` and whichever of ``OFFERED`` are given. An outcome without a row for the place keeps one, empty, whose
    ``reason`` says so.

    Raises
    ------
    StatisticsError
        A missing column, a place or outcomes that are not there, or two rows for one outcome.
    """
    if absent := [column for column in NEEDED if column not in facts]:
        raise StatisticsError(f"facts lack {listed(absent)}", [f"found {listed(facts.columns)}"])
    own = facts[facts["code"] == code]
    known = [str(name) for name in facts["outcome"].unique()]
    wanted = list(known if outcomes is None else outcomes)
    faults = []
    if own.empty:
        faults.append(f"no fact is of {code}")
    if unknown := [name for name in wanted if name not in known]:
        faults.append(f"no such outcomes: {listed(unknown)}")
    if twice := own.loc[own["outcome"].duplicated(), "outcome"].unique().tolist():
        faults.append(f"several rows of {code}, choose one period of each: {listed(twice)}")
    if faults:
        raise StatisticsError("the profile cannot be made", faults)
    columns = ["outcome", "value", *(column for column in OFFERED if column in facts)]
    laid = own.set_index("outcome")[columns[1:]].reindex(wanted).rename_axis("outcome").reset_index()
    here = laid["outcome"].isin(own["outcome"])
    reason = laid["reason"].fillna("") if "reason" in laid else pd.Series([""] * len(laid), dtype="str")
    silent = laid["value"].isna() & (reason == "")
    reason = reason.mask(silent, "no figure").mask(~here, "no row for this place")
    return laid.drop(columns="reason", errors="ignore").assign(reason=reason)
