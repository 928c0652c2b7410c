"""Global Moran's I: whether neighbours are more alike than chance makes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from analysis.permutation import Moments, Rows, field_of, row_standardised, scaled, whole_map_test
from analysis.significance import GlobalResult, Inference, Options

if TYPE_CHECKING:
    import pandas as pd

    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]


def global_moran(values: pd.Series, weights: Weights, **options: Unpack[Options]) -> GlobalResult:
    """Test whether neighbours are more alike (or less) than chance makes them.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data.
    weights : the same areas; rows are standardised.
    options : ``seed`` (required), ``permutations`` (99,999), ``alternative``, ``workers``, ``method``: see
        ``analysis.significance.Inference``. ``"greater"`` is clustering, ``"less"`` a chequerboard.

    Raises
    ------
    StatisticsError
        What ``analysis.permutation.field_of`` refuses, or an unknown choice.

    Notes
    -----
    I = (n / S0) Σ_ij w_ij z_i z_j / Σ_i z_i². ``z`` uses the exact mean −1/(n−1) and variance of I over all arrangements
    of these values (randomisation); ``p`` counts shuffles, or, of more than 5,000 areas with no number of permutations stated, is that of
    the Pearson curve of these moments and the skewness. A strong trend across the country gives a high I by itself: I says
    that the map is not random, not where it clusters or why.

    References
    ----------
    Cliff and Ord (1981), Spatial Processes.
    """
    inference = Inference(**options)
    field = field_of(values, weights)
    z = scaled(field.x)
    rows = row_standardised(field.rows)
    return whole_map_test(
        "moran",
        z,
        rows,
        factor=field.n / (float(rows.data.sum()) * float((z * z).sum())),
        moments=replace(moran_moments(z, rows), by_curve=True),
        inference=inference,
        weights=weights,
        transform="row",
    )


def moran_moments(z: Floats, rows: Rows) -> Moments:
    """Return the exact mean and variance of I over all arrangements of the values.

    Parameters
    ----------
    z : centred values, shape (n,).
    rows : the weights that I uses.
    """
    n = len(z)
    s0, s1, s2 = rows.sums()
    kurtosis = n * float((z**4).sum()) / float((z**2).sum()) ** 2
    mean = -1 / (n - 1)
    first = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0)
    second = kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)
    return Moments(mean, (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - mean * mean)
