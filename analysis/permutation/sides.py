"""From a neighbour sum to a p-value on the side that was asked for, by draws or by an approximation of their limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from analysis.permutation.moments import sum_moments
from analysis.permutation.saddlepoint import saddlepoint_tails
from analysis.permutation.tails import neighbour_sums, neighbour_tails
from analysis.significance import p_values

if TYPE_CHECKING:
    from analysis.permutation.tails import Rows
    from analysis.significance import Alternative, Inference

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Sided:
    """p-values of neighbour sums and whether each sum lies high among its draws; shape (outcomes, n) both."""

    p: Floats
    high: Flags


def neighbour_p(x: Floats, rows: Rows, *, inference: Inference, sign: Floats | None = None) -> Sided:
    """Return p-values of neighbour sums under conditional permutation.

    Parameters
    ----------
    x : values that are summed and shuffled, shape (outcomes, n).
    rows : weights.
    inference : how; draws, the saddlepoint approximation (equal weights only) or the normal curve.
    sign : −1 where a *low* sum makes the statistic high, 0 where the sum does not matter, else 1; shape (outcomes, n).

    Raises
    ------
    StatisticsError
        Too few draws for the correction, or a saddlepoint that cannot be found.
    """
    turn = np.ones(x.shape) if sign is None else sign
    if inference.method == "permutation":
        draws = inference.draws(x.shape[1])
        counts = neighbour_tails(
            x,
            rows,
            permutations=draws,
            seed=inference.seed,
            workers=inference.workers,
            progress=inference.progress,
        )
        above, below = _turned(counts.upper, counts.lower, turn, level=draws)
        return Sided(p_values(above, below, draws, inference.alternative), counts.upper < counts.lower)
    if inference.method == "saddlepoint":
        upper, lower = saddlepoint_tails(x, rows)
    else:
        mean, variance = sum_moments(x, rows)
        over = neighbour_sums(x, rows) - mean
        z = np.divide(over, np.sqrt(variance), out=np.zeros_like(over), where=variance > 0)
        upper, lower = ndtr(-z), ndtr(z)
    above, below = _turned(upper, lower, turn, level=1.0)
    return Sided(_limits(above, below, inference.alternative), upper < lower)


def _turned(upper: Any, lower: Any, turn: Floats, *, level: float) -> tuple[Any, Any]:
    """Let the sides change places where a low sum makes the statistic high; where the sum does not matter, all draws tie."""
    above = np.where(turn == 0, level, np.where(turn < 0, lower, upper))
    below = np.where(turn == 0, level, np.where(turn < 0, upper, lower))
    return above, below


def _limits(above: Floats, below: Floats, alternative: Alternative) -> Floats:
    """Return the p-values that draws tend to, from shares instead of counts."""
    if alternative == "greater":
        return above
    if alternative == "less":
        return below
    return np.minimum(1.0, 2.0 * np.minimum(above, below))
