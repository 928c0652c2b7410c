"""Maps as smooth as a real one, with its values, and otherwise random: what a pattern is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.association.scales import scaled
from analysis.association.simulated import drawn, fitted_null
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.association.landscapes import Landscapes

Floats = np.ndarray[Any, np.dtype[np.float64]]

LEAST = 10
"""Fewer areas with a value than this do not tell how smooth their map is."""


def surrogates(values: pd.Series, lands: Landscapes, *, n: int = 199, seed: int = 20240911) -> pd.DataFrame:
    """Draw maps as smooth as the one given.

    Parameters
    ----------
    values : by code; areas without a value have none on the drawn maps. lands : the map. n : maps. seed : of the draws.

    Returns
    -------
    pandas.DataFrame
        Indexed by code, the areas with a value; a column a map. Each holds exactly the values of the real map, laid out anew.

    Raises
    ------
    StatisticsError
        Values that are all alike or fewer than ten; areas that are not on the map, or too many.

    Notes
    -----
    The candidates of covariance are fitted to the normal scores of the values (restricted likelihood, a constant mean); each map
    is drawn from one of them, by its weight, and the values are put in its order. A map of the same values, as smooth, on the
    same coastline, without any special place: of it a pattern says how much smoothness alone gives.
    """
    y = values[values.notna()].astype("float64")
    faults = []
    if len(y) < LEAST:
        faults.append(f"{len(y)} areas have a value; at least {LEAST} are needed")
    elif np.ptp(y.to_numpy()) == 0:
        faults.append(f"all {len(y)} values are alike")
    if faults:
        raise StatisticsError("no map as smooth as this one can be drawn", faults)
    numbers: Floats = np.asarray(y, dtype=np.float64)
    scores, _ = scaled(numbers, None, "normal-scores")
    null = fitted_null(lands.on(y.index), np.ones((len(y), 1)), scores)
    maps = drawn(null, n, np.random.default_rng([seed, 9]))
    # The drawn maps come candidate by candidate: they are shuffled, so that any part of them is as good as another.
    maps = maps[:, np.random.default_rng([seed, 10]).permutation(n)]
    laid = np.sort(numbers)[maps.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")]
    return pd.DataFrame(laid, index=y.index)
