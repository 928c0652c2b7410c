"""Which published figure each area shows: its own, or one that several areas inherit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import JoinError, listed

if TYPE_CHECKING:
    from boundaries.joined.result import Joined


def published_units(joined: Joined) -> pd.Series:
    """Return for every area the code of the unit its figure was published for.

    Parameters
    ----------
    joined : an outcome on its areas.

    Returns
    -------
    Indexed like ``joined.frame``: the code of the county, or of the former area, where the value is inherited; the area's own
    code everywhere else. A figure inherited by five districts is one observation, not five.

    Raises
    ------
    JoinError
        An inherited value whose origin the receipt does not name.
    """
    inherited = joined.frame.index[(joined.frame["quality"] == "inherited").to_numpy()]
    origin = {detail["to"]: detail["from"] for detail in joined.receipt.details if detail["fate"] == "split"}
    lost = [code for code in inherited if code not in origin]
    if lost:
        raise JoinError(
            "the units of an outcome cannot be told",
            [f"inherited values whose origin the receipt does not name: {listed(lost)}", "join the outcome again"],
        )
    units = pd.Series(joined.frame.index, index=joined.frame.index, name="unit", dtype="str")
    units.loc[inherited] = [origin[code] for code in inherited]
    return units
