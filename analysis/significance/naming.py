"""Which areas may be named: the longest list whose mean error and whose every error stay small."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from geo.errors import StatisticsError

MEAN_ERROR: Final = 0.05
"""Mean probability of being wrong that a list may have."""
EACH_ERROR: Final = 0.10
"""Probability of being wrong that each of its members may have; without it the last named are wrong with probability 0.11-0.22."""


def longest_list(
    errors: np.ndarray[Any, np.dtype[np.float64]], *, mean: float = MEAN_ERROR, each: float = EACH_ERROR
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return the longest list whose mean error is at most ``mean`` and whose every error is at most ``each``.

    Parameters
    ----------
    errors : probability that naming an area would be wrong, shape (n_areas,); NaN is never named.

    Returns
    -------
    Whether each area is named, shape (n_areas,). Areas of equal probability are named together or not at all.

    Raises
    ------
    StatisticsError
        An error outside 0 to 1, or limits that are not between 0 and 1.

    Notes
    -----
    The mean over the list is the expected share of false ones, their sum the expected number (Bayesian false discovery rate).

    References
    ----------
    Newton, Noueiry, Sarkar and Ahlquist (2004), doi:10.1093/biostatistics/5.2.155.

    Examples
    --------
    >>> longest_list(np.array([0.001, 0.09, 0.2, 0.04, float("nan")])).tolist()
    [True, True, False, True, False]
    """
    known = np.isfinite(errors)
    faults = []
    if ((errors[known] < 0) | (errors[known] > 1)).any():
        faults.append("an error is a probability: it lies between 0 and 1")
    faults += [
        f"{name} {limit!r} must lie between 0 and 1"
        for name, limit in (("mean", mean), ("each", each))
        if not 0 < limit < 1
    ]
    if faults:
        raise StatisticsError("areas cannot be named so", faults)
    order = np.argsort(np.where(known, errors, 2.0), kind="stable")
    ranked = errors[order][: int(known.sum())]
    # Sums of a few hundred terms: a mean of exactly the limit stays inside it.
    within = (np.cumsum(ranked) <= mean * np.arange(1, len(ranked) + 1) + 1e-12) & (ranked <= each)
    if not within.any():
        return np.zeros(len(errors), dtype=np.bool_)
    end = int(np.flatnonzero(within)[-1])
    # Those equal to the next one would be named by the accident of their place in the table.
    if end + 1 < len(ranked) and ranked[end] == ranked[end + 1]:
        return np.asarray(known & (errors < ranked[end]))
    return np.asarray(known & (errors <= ranked[end]))
