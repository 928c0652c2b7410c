"""A joined outcome as it is compared: its errors, and values that many areas inherit counted once, where they were published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.association.gaps import Outcome
from analysis.association.landscapes import Landscapes
from analysis.covariance import Places
from analysis.typology.membership import shares_of_units
from analysis.weights.graph import assembled

if TYPE_CHECKING:
    from boundaries.joined import Joined

_SIDES = 2 * 1.959964
"""Standard errors from one end of a 95 % interval to the other."""


def outcome_of(joined: Joined) -> Outcome:
    """Return the values of the areas an outcome covers, with the standard errors that its publisher gives or its limits imply.

    A value that was modelled, by its publisher or on the way to its area, comes without an error.
    """
    frame = joined.frame[joined.covered]
    se = frame["se"].astype(float).where(frame["se"].notna(), (frame["upper"] - frame["lower"]) / _SIDES)
    se = se.where(frame["quality"] != "modelled")
    known = bool((se > 0).any()) and not joined.meta.modelled
    return Outcome(joined.meta.id, joined.period, frame["value"].astype(float), se.astype(float) if known else None)


def published_units(joined: Joined) -> pd.Series:
    """Return, by area with a value, the code of the area its value was published for: its own, or that of its county.

    Returns
    -------
    Series of str, indexed by code.
    """
    frame = joined.frame
    valued = frame.index[joined.covered & frame["value"].notna()]
    heirs = set(frame.index[frame["quality"] == "inherited"])
    above = {row["to"]: row["from"] for row in joined.receipt.details if row["to"] in heirs and row["from"]}
    return pd.Series([above.get(code, code) for code in valued], index=valued, name="unit", dtype=object)


def on_units(
    outcome: Outcome, units: pd.Series, memberships: pd.DataFrame, lands: Landscapes, residents: pd.Series
) -> tuple[Outcome, pd.DataFrame, Landscapes]:
    """Carry an outcome, memberships and a map to the units that were published.

    Parameters
    ----------
    outcome : by area; areas of one unit have one value. units : from ``published_units``.
    memberships : by area. lands : the map of the areas. residents : by area, as weights.

    Returns
    -------
    The value of each unit; the share of its residents who are of each kind; and the map of the units: the centre of each is
    the mean of its areas' centres weighted by residents, neighbours are units of which any areas are neighbours.
    """
    first = ~units.duplicated()
    names = pd.Index(units[first], name="code")
    carried = [
        None if series is None else pd.Series(series.reindex(units.index[first]).to_numpy(), index=names)
        for series in (outcome.value, outcome.se)
    ]
    values = carried[0] if carried[0] is not None else outcome.value
    shares = shares_of_units(memberships, units, residents).reindex(names)
    return Outcome(outcome.id, outcome.period, values, carried[1]), shares, _map_of(units, names, lands, residents)


def _map_of(units: pd.Series, names: pd.Index, lands: Landscapes, residents: pd.Series) -> Landscapes:
    own = lands.codes.isin(units.index)
    unit = names.get_indexer(pd.Index(units.reindex(lands.codes[own])))
    people = residents.reindex(lands.codes[own]).fillna(0.0).to_numpy(dtype=np.float64)
    total = np.bincount(unit, people, minlength=len(names))
    # Without residents of its own a unit lies where its areas do, each alike.
    people = np.where(total[unit] > 0, people, 1.0)
    total = np.bincount(unit, people, minlength=len(names))
    centres = np.column_stack(
        [np.bincount(unit, people * along, minlength=len(names)) / total for along in lands.places.centres[own].T]
    )
    weights = None
    if lands.places.weights is not None:
        links = lands.places.weights.subset(lands.codes[own]).sparse().tocoo()
        rows, columns = unit[links.row], unit[links.col]
        apart = rows != columns
        weights = assembled(names, rows[apart], columns[apart], policy=lands.places.weights.policy)
    return Landscapes(names, Places(centres, weights))
