"""Which areas may be named: lists by Bayesian false discovery rate, and the counts that intervals alone would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from analysis.significance import adjust

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class OnIntervals:
    """How many areas lie below and above the average by their published intervals alone.

    ``below``, ``above``: the interval does not hold the average (uncorrected); ``by_chance`` of them would be called so were
    all areas average; ``bh_below``, ``bh_above``: by Benjamini and Hochberg at the same level; ``tested`` areas.
    """

    tested: int
    below: int
    above: int
    by_chance: float
    bh_below: int
    bh_above: int

    def to_dict(self) -> Mapping[str, float]:
        """Return the counts by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def longest_list(wrong: Floats, *, false_share: float = 0.05, cap: float = 0.10) -> Flags:
    """Return the longest list of areas that may be named.

    Parameters
    ----------
    wrong : shape (n,), the probability that naming each area is wrong; NaN for those that cannot be named.
    false_share : the largest mean of these over the list. cap : the largest of any one.

    Returns
    -------
    Shape (n,). Areas of equal probability are named together or not at all.

    Notes
    -----
    The mean over the list is the expected share of false ones, their sum the expected number (Bayesian false discovery
    rate; Newton and others 2004, doi:10.1093/biostatistics/5.2.155). Without the cap the last areas named would be wrong
    with probabilities of 0.11 to 0.22.

    Examples
    --------
    >>> longest_list(np.array([0.0, 0.09, 0.2, 0.06, 0.04])).tolist()
    [True, True, False, True, True]
    """
    order = np.argsort(wrong, kind="stable")
    ranked = wrong[order]
    within = (np.cumsum(ranked) <= false_share * np.arange(1, len(ranked) + 1) + 1e-12) & (ranked <= cap)
    if not within.any():
        return np.zeros(len(wrong), dtype=np.bool_)
    end = int(np.flatnonzero(within)[-1])
    # Those equal to the next one would be named by the accident of their place in the table.
    if end + 1 < len(ranked) and ranked[end] == ranked[end + 1]:
        return np.asarray(wrong < ranked[end])
    return np.asarray(wrong <= ranked[end])


def on_intervals(centre: Floats, se: Floats, average: float, *, confidence: float = 0.95) -> OnIntervals:
    """Count areas below and above an average by their intervals, uncorrected and corrected.

    Parameters
    ----------
    centre, se : shape (n,) or (d, n), on the scale of the errors; NaN is not tested. average : on the same scale.
    confidence : of the intervals; their complement is the level of both counts.

    Raises
    ------
    StatisticsError
        As ``adjust``.
    """
    used = np.isfinite(centre) & np.isfinite(se)
    z = (centre[used] - average) / se[used]
    p = 2 * ndtr(-np.abs(z))
    level = 1 - confidence
    called = p <= level
    corrected = adjust(p) <= level
    return OnIntervals(
        tested=int(used.sum()),
        below=int((called & (z < 0)).sum()),
        above=int((called & (z > 0)).sum()),
        by_chance=level * float(used.sum()),
        bh_below=int((corrected & (z < 0)).sum()),
        bh_above=int((corrected & (z > 0)).sum()),
    )
