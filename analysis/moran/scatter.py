"""Numbers behind two pictures: the Moran scatter, and Moran's I at growing distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np
import pandas as pd

from analysis.moran.local import quadrants, standardised
from analysis.moran.whole import global_moran
from analysis.permutation import field_of, neighbour_sums, row_standardised
from analysis.weights import higher_order
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.significance import GlobalResult, Options
    from analysis.weights import Weights


def moran_scatter(values: pd.Series, weights: Weights) -> pd.DataFrame:
    """Return each area's value against the mean of its neighbours.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data.
    weights : the same areas; rows are standardised.

    Returns
    -------
    DataFrame
        On the index of the values: ``z`` (standardised, n − 1), ``lag`` (mean z of the neighbours), ``quadrant`` (a class of
        local Moran whatever its significance, "" where not testable). The slope of ``lag`` on ``z`` is global I.

    Raises
    ------
    StatisticsError
        What ``analysis.permutation.field_of`` refuses.
    """
    field = field_of(values, weights)
    z = standardised(field.x)
    lag = neighbour_sums(z[None, :], row_standardised(field.rows))[0]
    frame = pd.DataFrame({"z": np.nan, "lag": np.nan, "quadrant": ""}, index=field.index)
    frame.loc[field.tested, "z"] = z
    frame.loc[field.tested, "lag"] = lag
    sides = quadrants(z, lag)
    frame.loc[field.tested, "quadrant"] = np.where(sides == "not-significant", "", sides)
    return frame


def ring_results(
    values: pd.Series, weights: Weights, *, orders: int = 6, **options: Unpack[Options]
) -> dict[int, tuple[GlobalResult, int]]:
    """Return global Moran's I among areas exactly 1, 2, … steps apart, and the directed links it is of.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data. weights : the same areas: what one step is.
    orders : the largest number of steps; it ends early where no areas are so far apart. options : as in ``global_moran``.

    Raises
    ------
    StatisticsError
        What ``global_moran`` refuses, or fewer than one order.

    Notes
    -----
    A gradient across the country shows as a slow fall through zero to negative I at long distance; patches show as a quick fall
    to zero. The orders are not independent tests.
    """
    if orders < 1:
        raise StatisticsError(f"a correlogram of {orders} orders shows nothing", ["give one order or more"])
    found: dict[int, tuple[GlobalResult, int]] = {}
    for order in range(1, orders + 1):
        ring = higher_order(weights, order=order, lower=False)
        if ring.audit.links == 0:
            break
        found[order] = (global_moran(values, ring, **options), ring.audit.links)
    return found
