"""Corrections for looking everywhere, and how many permutations each needs to mean anything."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from geo.errors import StatisticsError

if TYPE_CHECKING:
    import pandas as pd

Floats = np.ndarray[Any, np.dtype[np.float64]]

Correction = Literal["fdr_bh", "fdr_by", "bonferroni", "none"]
"""Benjamini-Hochberg, Benjamini-Yekutieli, Bonferroni, or no correction for many tests."""

CORRECTIONS: tuple[str, ...] = get_args(Correction)

DEFAULT_PERMUTATIONS = 99_999
"""At 999, ten of 205 areas changed class between seeds; at 99,999 none did."""

MAX_PERMUTATIONS = 999_999
"""What "auto" goes up to; more must be asked for by number."""

K_STAR_SHARE = 0.05
"""Benjamini-Hochberg is refused when more than this share of areas must reach the smallest p together."""


def adjust(p: pd.Series | Floats, method: Correction = "fdr_bh") -> Floats:
    """Adjust p-values for having tested many areas; NaN stays NaN and is not counted as a test.

    Parameters
    ----------
    p : shape (n,), in (0, 1] or NaN.
    method : ``"fdr_bh"`` controls the expected share of false discoveries for independent or positively dependent
        tests, ``"fdr_by"`` under any dependence, ``"bonferroni"`` the chance of even one, ``"none"`` nothing.

    Raises
    ------
    StatisticsError
        The method is unknown or a p-value lies outside [0, 1].

    References
    ----------
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x; Benjamini and Yekutieli (2001),
    doi:10.1214/aos/1013699998.

    Examples
    --------
    >>> adjust(np.array([0.01, 0.04, 0.03, float("nan")])).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    values = np.asarray(p, dtype=np.float64)
    if method not in CORRECTIONS:
        raise StatisticsError(f"correction {method!r} is not known", [f"choose one of {', '.join(CORRECTIONS)}"])
    tested = ~np.isnan(values)
    if ((values[tested] < 0) | (values[tested] > 1)).any():
        raise StatisticsError("a p-value lies outside 0 to 1", ["give p-values, not statistics"])
    result = np.full(values.shape, np.nan)
    m = int(tested.sum())
    if m == 0 or method == "none":
        result[tested] = values[tested]
        return result
    if method == "bonferroni":
        result[tested] = np.minimum(values[tested] * m, 1.0)
        return result
    factor = _harmonic(m) if method == "fdr_by" else 1.0
    kept = values[tested]
    order = np.argsort(kept, kind="stable")
    stepped = kept[order] * (m * factor) / np.arange(1, m + 1)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    result[tested] = adjusted
    return result


def k_star(m: int, alpha: float, permutations: int, *, correction: Correction = "fdr_bh", tails: int = 2) -> int:
    """Return how many areas must reach the smallest possible p together before any is significant.

    Parameters
    ----------
    m : areas tested.
    alpha : level.
    permutations : draws P; the smallest p is ``tails / (P + 1)``.
    correction : ``"none"`` and ``"bonferroni"`` look at one area alone: then 1 means possible and more means never.
    tails : 2 for a two-sided test, 1 for a one-sided one.

    Examples
    --------
    >>> k_star(361, 0.05, 999), k_star(361, 0.05, 14_439), k_star(361, 0.05, 99_999)
    (15, 1, 1)
    """
    floor = tails / (permutations + 1)
    factor = {"fdr_bh": m, "fdr_by": m * _harmonic(m), "bonferroni": m, "none": 1.0}[correction]
    # Whole numbers of p-steps compared in floating point: a hair below an integer is that integer.
    return max(1, math.ceil(factor * floor / alpha - 1e-9))


def permutations_needed(m: int, alpha: float, *, correction: Correction = "fdr_bh", tails: int = 2) -> int:
    """Return the fewest permutations with which the correction can be trusted: k* at most 5 % of m, or 1 for Bonferroni."""
    factor = {"fdr_bh": m, "fdr_by": m * _harmonic(m), "bonferroni": m, "none": 1.0}[correction]
    allowed = max(1, math.floor(K_STAR_SHARE * m)) if correction.startswith("fdr") else 1
    return math.ceil(factor * tails / (alpha * allowed) - 1e-9) - 1


def permutations_chosen(
    permutations: int | Literal["auto"] | None, *, m: int, alpha: float, correction: Correction, tails: int
) -> int:
    """Return the number of draws to make: the default, or as many more as the correction needs.

    Raises
    ------
    StatisticsError
        The number asked for is too small for the correction, or "auto" would have to exceed its limit.
    """
    needed = permutations_needed(m, alpha, correction=correction, tails=tails)
    if permutations == "auto" or permutations is None:
        chosen = max(DEFAULT_PERMUTATIONS, _round_up(needed))
        if chosen > MAX_PERMUTATIONS:
            raise StatisticsError(
                f"{correction} over {m} areas at {alpha:g} needs {needed:,} permutations, more than the {MAX_PERMUTATIONS:,} of auto",
                [f"ask for permutations={needed} by number, or choose fdr_bh"],
            )
        return chosen
    if permutations < max(needed, 1):
        smallest = k_star(m, alpha, max(permutations, 0), correction=correction, tails=tails)
        raise StatisticsError(
            f"{permutations:,} permutations are too few for {correction} over {m} areas at {alpha:g}",
            [
                f"k* = {smallest}: so many areas would have to reach the smallest possible p together",
                f"use at least permutations={needed}, or a milder correction",
            ],
        )
    return permutations


def _harmonic(m: int) -> float:
    """Return 1 + 1/2 + … + 1/m."""
    return float((1.0 / np.arange(1, m + 1)).sum())


def _round_up(permutations: int) -> int:
    """Return the next number of the form 10,000·k − 1, so that p-values have short decimals."""
    return math.ceil((permutations + 1) / 10_000) * 10_000 - 1
