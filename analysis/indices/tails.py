"""Summaries of an index of small areas for the larger areas they lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    import pandas as pd


def share_in_tail(values: pd.Series, groups: pd.Series, *, tail: float = 0.1, high: bool = True) -> pd.Series:
    """Return the share of each group's small areas that lie in the highest (or lowest) tenth of all.

    Parameters
    ----------
    values : by small area, no NaN; of ranks with 1 the worst, ``high=False``.
    groups : by small area, the larger area it lies in. tail : share of all small areas. high : which end.

    Returns
    -------
    By group, 0 to 1: the summary "proportion of small areas among the most deprived tenth" of the Indices of Deprivation.

    Raises
    ------
    StatisticsError
        Small areas without a group or a value, or a tail that is no share.
    """
    faults = []
    if not 0 < tail < 1:
        faults.append(f"tail {tail!r} must lie between 0 and 1")
    if len(lost := values.index[values.isna()]):
        faults.append(f"small areas without a value: {listed(lost)}")
    placed = groups.reindex(values.index)
    if len(lost := placed.index[placed.isna()]):
        faults.append(f"small areas without a group: {listed(lost)}")
    if faults:
        raise StatisticsError("shares in the tail cannot be told", faults)
    place = values.rank(method="first", ascending=not high)
    return (place <= round(tail * len(values))).groupby(placed).mean()
