"""The p of a quadratic form of a large map without draws: its exact mean and variance, its skewness, a Pearson curve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.special import gammainc, gammaincc, ndtr

if TYPE_CHECKING:
    from analysis.permutation.tails import Rows

Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_DRAWN: Final = 5_000
"""Areas up to which a whole map is shuffled when nobody says how often; 99,999 shuffles of more take minutes."""

_STRAIGHT: Final = 1e-4
"""With less skewness than this the curve is the normal one to six digits."""


def skewness_of(x: Floats, rows: Rows, variance: float) -> float:
    """Return the skewness of Σ_ij w_ij x_i x_j over all arrangements of the values, to the order 1/n.

    Parameters
    ----------
    x : values, shape (n,), mean 0. rows : w, without a diagonal. variance : exact, of the same form.

    Notes
    -----
    With a = (w + wᵀ)/2 the third cumulant is 8 tr(a³), from triangles of neighbours, and 4 m₃² Σ a_ij³, from pairs, m₃ the third
    moment of the values; that values are drawn without replacement changes it by a share of about 1/n.
    """
    matrix = rows.sparse()
    folded = ((matrix + matrix.T) / 2).tocsr()
    triangles = float((folded @ folded).multiply(folded).sum())
    pairs = float(folded.power(3).sum())
    third = 8 * float((x**2).mean()) ** 3 * triangles + 4 * float((x**3).mean()) ** 2 * pairs
    return third / variance**1.5 if variance > 0 else 0.0


def tails_of(z: float, skewness: float) -> tuple[float, float]:
    """Return P(Z ≥ z) and P(Z ≤ z) of the Pearson curve (type III) of mean 0, variance 1 and a skewness.

    References
    ----------
    Mielke, Berry and Johnson (1976), doi:10.1080/03610927608827451: the curve for permutation tests.

    Examples
    --------
    >>> [round(p, 4) for p in tails_of(1.959964, 0.0)]
    [0.025, 0.975]
    """
    if abs(skewness) < _STRAIGHT:
        return float(ndtr(-z)), float(ndtr(z))
    shape = 4 / skewness**2
    along = shape + math.copysign(1.0, skewness) * z * math.sqrt(shape)
    if along <= 0:  # beyond the end of the curve
        above, below = 1.0, 0.0
    else:
        above, below = float(gammaincc(shape, along)), float(gammainc(shape, along))
    return (above, below) if skewness > 0 else (below, above)
