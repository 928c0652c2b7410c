"""Mann-Kendall: does a series tend to rise or to fall? Exact for any length, ties included."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class MannKendall:
    """Result of the test.

    Parameters
    ----------
    n : periods with a value. s : concordant less discordant pairs. p : two-sided, exact. least_p : the smallest p these
        values could have given in any order: 2/n! without ties.
    """

    n: int
    s: int
    p: float
    least_p: float


def mann_kendall(values: Floats) -> MannKendall:
    """Test one series for a tendency, by the exact distribution over all its orders.

    Parameters
    ----------
    values : shape (n_periods,), in order of time; NaN is left out.

    Returns
    -------
    p is the share of orders in which S is at least as far from 0, over all distinct orders of the values, tied ones alike. Null: every order is as likely; serial
    correlation makes it false. Windows that overlap are no independent values: thin them out first (``boundaries.series.apart``).

    Raises
    ------
    StatisticsError
        Fewer than two values.

    References
    ----------
    Mann (1945), doi:10.2307/1907187; Kendall (1975). The distribution is the Gaussian multinomial (MacMahon 1913).

    Examples
    --------
    >>> found = mann_kendall(np.array([1.0, 2.0, 4.0, 7.0]))
    >>> found.s, round(found.p, 4), round(found.least_p, 4)
    (6, 0.0833, 0.0833)
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if len(known) < 2:
        raise StatisticsError(f"{len(known)} values have no tendency", ["give at least two periods with a value"])
    later = np.triu_indices(len(known), k=1)
    s = int(np.sign(known[later[1]] - known[later[0]]).sum())
    ties = tuple(sorted(Counter(known.tolist()).values()))
    ways = _inversions(ties)
    pairs = len(ways) - 1  # pairs of unlike values: s = pairs − 2 · inversions
    total = sum(ways)
    extreme = sum(number for inversions, number in enumerate(ways) if abs(pairs - 2 * inversions) >= abs(s))
    least = total if pairs == 0 else ways[0] + ways[-1]
    return MannKendall(len(known), s, extreme / total, least / total)


def least_p(n: int) -> float:
    """Return the smallest two-sided p that ``n`` unlike values can give.

    Examples
    --------
    >>> [round(least_p(n), 5) for n in (3, 4, 5, 6, 7)]
    [0.33333, 0.08333, 0.01667, 0.00278, 0.0004]
    """
    return min(1.0, 2 / math.factorial(n))


@lru_cache(maxsize=4096)
def _inversions(ties: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many orders of a multiset have 0, 1, 2 … inversions: the coefficients of its Gaussian multinomial."""
    ways, placed = [1], 0
    for number in ties:
        placed += number
        ways = _times(ways, _binomial(placed, number))
    return tuple(ways)


@lru_cache(maxsize=4096)
def _binomial(n: int, k: int) -> tuple[int, ...]:
    """Return the coefficients of the Gaussian binomial, by Pascal's rule [n, k] = [n−1, k−1] + q^k [n−1, k]."""
    if k in (0, n):
        return (1,)
    made = [0] * (k * (n - k) + 1)
    for power, number in enumerate(_binomial(n - 1, k - 1)):
        made[power] += number
    for power, number in enumerate(_binomial(n - 1, k)):
        made[power + k] += number
    return tuple(made)


def _times(first: list[int], second: tuple[int, ...]) -> list[int]:
    made = [0] * (len(first) + len(second) - 1)
    for i, one in enumerate(first):
        for j, other in enumerate(second):
            made[i + j] += one * other
    return made
