"""Exact moments under permutation: what chance gives, without a draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from analysis.permutation.tails import Rows

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and variance of a statistic under its null hypothesis.

    ``by_curve``: of a large map a curve may stand for shuffles; the statistic is a quadratic form of values of mean 0, without a
    diagonal.
    """

    mean: float
    variance: float
    by_curve: bool = False


def sum_moments(x: Floats, rows: Rows) -> tuple[Floats, Floats]:
    """Return the exact mean and variance of each area's weighted neighbour sum when the other values are shuffled.

    Parameters
    ----------
    x : values, shape (n,) or (outcomes, n); the result has the same shape.
    rows : weights w. The variance is s² ((n − 1) Σ w² − (Σ w)²) / (n − 2), s² that of the other n − 1 values.
    """
    others = x.shape[-1] - 1
    first = np.add.reduceat(rows.data, rows.indptr[:-1])
    second = np.add.reduceat(rows.data**2, rows.indptr[:-1])
    mean = (x.sum(axis=-1, keepdims=True) - x) / others
    squares = x * x
    variance = np.maximum((squares.sum(axis=-1, keepdims=True) - squares) / others - mean * mean, 0.0)
    spread = np.maximum(others * second - first * first, 0.0) / (others - 1)
    # What rounding leaves of a spread that is zero (an area whose neighbours are all the others) is zero.
    spread[spread < 1e-12 * first * first] = 0.0
    return first * mean, variance * spread
