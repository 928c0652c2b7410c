"""Places alike: the nearest in the space of chosen indicators, with how near they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence


def places_alike(indicators: pd.DataFrame, *, k: int = 5, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the ``k`` nearest places of each.

    Parameters
    ----------
    indicators : indexed by code, a column an indicator of structure (density, age, industry), not of what is compared.
    k : how many. columns : those that count; all by default.

    Returns
    -------
    ``code like rank distance`` (rank 1 the nearest), then ``<column>_gap``: the other's value less the place's, in standard
    deviations. Places without every indicator are left out.

    Raises
    ------
    StatisticsError
        Columns that are not there or do not vary, or too few places.

    Notes
    -----
    Distance is the root of the mean square gap over indicators, each in standard deviations: 1 is a whole standard deviation
    apart on average. How near the nearest is, differs: London boroughs have near ones, islands have none.
    """
    wanted = list(indicators.columns if columns is None else columns)
    if absent := [column for column in wanted if column not in indicators]:
        raise StatisticsError(f"there is no indicator {listed(absent)}", [f"indicators: {listed(indicators.columns)}"])
    whole = indicators[wanted].dropna().astype("float64")
    flat = [column for column in wanted if not whole[column].std(ddof=1) > 0]
    faults = [f"the same everywhere: {listed(flat)}"] if flat or not wanted else []
    if not 1 <= k < len(whole):
        faults.append(f"{k} alike of {len(whole)} places with every indicator")
    if faults:
        raise StatisticsError("places alike cannot be told", faults)
    z = ((whole - whole.mean()) / whole.std(ddof=1)).to_numpy()
    apart = cdist(z, z) / len(wanted) ** 0.5
    np.fill_diagonal(apart, np.inf)
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :k]
    own = np.repeat(np.arange(len(whole)), k)
    other = nearest.ravel()
    codes = whole.index.to_numpy()
    found = pd.DataFrame(
        {
            "code": codes[own],
            "like": codes[other],
            "rank": np.tile(np.arange(1, k + 1), len(whole)),
            "distance": apart[own, other],
        }
    )
    gaps = pd.DataFrame(z[other] - z[own], columns=[f"{column}_gap" for column in wanted])
    return pd.concat([found, gaps], axis=1)


def agreement(ours: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return how far places alike agree with a published list.

    Parameters
    ----------
    ours : of ``places_alike``. published : ``code like rank``, from other indicators.

    Returns
    -------
    A row a place in both: ``code shared of expected``: how many of ours are published, of how many of ours, and how many lists
    drawn at random would share.
    """
    places = ours["code"].nunique()
    lists = published[published["code"].isin(ours["code"]) & published["like"].isin(ours["code"])]
    theirs = lists.groupby("code")["like"].agg(set)
    rows = [
        (code, len(set(group) & theirs[code]), len(group), len(group) * len(theirs[code]) / (places - 1))
        for code, group in ours.groupby("code", sort=False)["like"]
        if code in theirs.index
    ]
    return pd.DataFrame(rows, columns=["code", "shared", "of", "expected"])
