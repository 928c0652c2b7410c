"""More small areas than can be compared: kinds of place are then compared on the districts that the areas lie in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.typology.membership import pieces_of

if TYPE_CHECKING:
    from analysis.association.gaps import Outcome
    from boundaries.areas.boundary_set import BoundarySet


def districts_of(boundaries: BoundarySet) -> pd.Series:
    """Return the district that most residents of each area live in, on the date of the areas.

    Returns
    -------
    Series of str, indexed by code; areas that lie in no district are not in it.
    """
    pieces = pieces_of(boundaries, boundaries.date)
    people = pieces.groupby(["code", "base"], sort=True)["population"].sum().reset_index()
    most = people.sort_values(["code", "population", "base"], ascending=[True, False, True], kind="stable")
    first = most.drop_duplicates("code")
    return pd.Series(first["base"].to_numpy(), index=pd.Index(first["code"], name="code"), name="unit", dtype=object)


def on_districts(outcome: Outcome, districts: pd.Series, residents: pd.Series) -> tuple[Outcome, pd.Series]:
    """Give every area the mean of its district, weighted by residents, as if it had been published for the district.

    Parameters
    ----------
    outcome : by area. districts : from ``districts_of``. residents : by area; a district with an area whose residents are not
        known, or without any, counts its areas alike.

    Returns
    -------
    The outcome on areas with a value and a district, and the district of each: what ``analysis.association.published.on_units`` takes.

    Notes
    -----
    The error of a mean is √(Σ w² SE²), errors of areas taken as independent; a district with an area without an error has none. The
    gap is then between districts: what differs within a district is lost, and with it some power. Printed against the exact answer by
    ``python -m tests.benchmarks.calibration nested``.
    """
    value = outcome.value.dropna().astype(float)
    units = districts.reindex(value.index).dropna()
    value = value.reindex(units.index)
    people = residents.reindex(units.index).astype(float)
    doubtful = people.isna().groupby(units).transform("any") | ~(people.groupby(units).transform("sum") > 0)
    weight = people.where(~doubtful, 1.0)
    share = weight / weight.groupby(units).transform("sum")
    mean = (share * value).groupby(units).transform("sum")
    if outcome.se is None:
        return replace(outcome, value=mean), units
    se = outcome.se.reindex(units.index).astype(float)
    known = se.notna().groupby(units).transform("all")
    error = np.sqrt(((share * se) ** 2).groupby(units).transform("sum")).where(known)
    return replace(outcome, value=mean, se=error if error.notna().any() else None), units
