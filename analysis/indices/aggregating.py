"""From normalised indicators and weights to one number an area, for one index or for thousands of draws at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.indices.definition import Aggregation

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


def aggregated(normalised: Floats, weights: Floats, method: Aggregation, *, present: Flags | None = None) -> Floats:
    """Aggregate indicators.

    Parameters
    ----------
    normalised : shape (..., indicators, areas).
    weights : shape (..., indicators), at or above 0; their sum does not matter.
    method : the weighted mean, or the weighted geometric mean, which a low indicator pulls further down.
    present : shape (indicators, areas); an indicator an area lacks is left out of its mean, whose weights are those of the rest.

    Returns
    -------
    Shape (..., areas); NaN where an area has no indicator of a weight above 0.

    Raises
    ------
    StatisticsError
        A geometric mean of values that are not above 0.

    Examples
    --------
    >>> aggregated(np.array([[1.0], [100.0]]), np.array([1.0, 1.0]), "geometric").round(6).tolist()
    [10.0]
    """
    there = np.ones(normalised.shape[-2:], dtype=np.bool_) if present is None else present
    held = np.where(there, normalised, 1.0)
    if method == "geometric":
        if not (held > 0).all():
            raise StatisticsError(
                "a geometric mean needs indicators above 0", ["z-scores are not; write another normalisation or scale"]
            )
        held = np.log(held)
    summed = np.einsum("...j,...jn->...n", weights, np.where(there, held, 0.0), optimize=True)
    whole = np.asarray(weights @ there.astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = summed / whole
    result: Floats = np.exp(mean) if method == "geometric" else mean
    return result


def standardised(index: Floats) -> Floats:
    """Return an index with mean 0 and standard deviation 1 (divisor n − 1) over its areas, NaN left out; shape (..., areas)."""
    centre = np.nanmean(index, axis=-1, keepdims=True)
    result: Floats = (index - centre) / np.nanstd(index, axis=-1, ddof=1, keepdims=True)
    return result
