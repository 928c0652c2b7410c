"""From indicators on scales of their own to one scale: z-scores, min-max, ranks, the exponential of the Indices of Deprivation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import rankdata

from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.indices.definition import Normalisation

Floats = np.ndarray[Any, np.dtype[np.float64]]

STRETCH = 23.0
"""Constant of the exponential: a tenth of the areas, those with the highest scores, take half of the scale."""


def normalised(
    values: Floats,
    method: Normalisation,
    *,
    scale: tuple[float, float] = (1.0, 100.0),
    goalposts: tuple[float, float] | None = None,
) -> Floats:
    """Put one indicator on the common scale; high stays high.

    Parameters
    ----------
    values : shape (..., areas), no NaN; each row is normalised by itself.
    method : ``"z"`` (mean 0, standard deviation 1 with divisor n − 1), ``"min-max"`` (lowest and highest value, or the
        goalposts, become the ends of the scale; what lies beyond a goalpost is put on it), ``"rank"`` (rank from the lowest
        over the number of areas, times the upper end of the scale; equal values share a rank), ``"exponential"`` (0 to 100).
    scale : ends of min-max. goalposts : fixed ends in the unit of the values.

    Returns
    -------
    Shape of ``values``.

    Raises
    ------
    StatisticsError
        A row that does not vary.

    Notes
    -----
    X = −23 ln(1 − R (1 − e^(−100/23))) with R = rank / n, R = 1 the highest: Noble et al. (2019), The English Indices of
    Deprivation 2019: technical report, chapter 3.

    Examples
    --------
    >>> import numpy as np
    >>> normalised(np.array([2.0, 4.0, 6.0]), "min-max", scale=(0, 100)).tolist()
    [0.0, 50.0, 100.0]
    """
    if method in {"rank", "exponential"}:
        share = rankdata(values, method="average", axis=-1) / values.shape[-1]
        return exponential(share) if method == "exponential" else np.asarray(share * scale[1])
    if method == "min-max" and goalposts is not None:
        low, high = np.asarray(goalposts[0]), np.asarray(goalposts[1])
    elif method == "min-max":
        low, high = values.min(axis=-1, keepdims=True), values.max(axis=-1, keepdims=True)
    else:
        low = values.mean(axis=-1, keepdims=True)
        high = low + values.std(axis=-1, ddof=1, keepdims=True)
    if not np.all(high > low):
        raise StatisticsError("an indicator that is the same everywhere cannot be normalised")
    share = (values - low) / (high - low)
    if method == "z":
        return np.asarray(share)
    return np.asarray(scale[0] + (scale[1] - scale[0]) * np.clip(share, 0.0, 1.0))


def exponential(share: Floats) -> Floats:
    """Return the exponential transform of ranks over the number of areas, 0 to 100.

    Examples
    --------
    >>> exponential(np.array([0.5, 0.9, 1.0])).round(4).tolist()
    [15.6468, 50.4267, 100.0]
    """
    result: Floats = -STRETCH * np.log(1.0 - share * (1.0 - np.exp(-100.0 / STRETCH)))
    return result
