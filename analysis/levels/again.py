"""Were the survey taken again: the truth drawn from its posterior, and a fresh error upon it, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.levels.listing import on_intervals

if TYPE_CHECKING:
    from analysis.levels.truth import Truth

Floats = np.ndarray[Any, np.dtype[np.float64]]

REPEATS = 1_000
"""Repeats counted: the mean of a count is then known to a thirtieth of its spread."""

COUNTED = ("below", "above", "bh_below", "bh_above")
"""Counts by intervals, uncorrected and corrected, of ``analysis.levels.listing.OnIntervals``."""


def repeats(truth: Truth, *, seed: int, number: int = REPEATS) -> Floats:
    """Return what repeats of the survey would publish, shape (number, k), on the outcome's own scale.

    Parameters
    ----------
    truth : draws of the truth and known errors. seed : of the fresh errors. number : of repeats, at most the draws.

    Notes
    -----
    A published value already holds its error. Adding another to it would err twice; the fresh error goes upon the truth.
    """
    some = truth.draws[:number].astype(np.float64)
    return truth.scale.backward(_again(truth, some, seed))


def taken_again(truth: Truth, average: float, *, seed: int, confidence: float = 0.95) -> pd.DataFrame:
    """Count areas below and above the average in repeats of the survey, by their intervals.

    Parameters
    ----------
    truth : draws of the truth and known errors. average : on the outcome's own scale. seed : of the fresh errors.
    confidence : of the published intervals, and of the range over repeats.

    Returns
    -------
    Indexed by ``COUNTED``, columns ``reported expected lower upper``.
    """
    at = float(truth.scale.forward(np.array([average]))[0])
    reported = on_intervals(truth.centre, truth.se, at, confidence=confidence)
    drawn = _again(truth, truth.draws[:REPEATS].astype(np.float64), seed)
    each = [on_intervals(row, truth.se, at, confidence=confidence) for row in drawn]
    table = np.array([[getattr(one, name) for name in COUNTED] for one in each], dtype=np.float64)
    outside = (1 - confidence) / 2
    lower, upper = np.quantile(table, [outside, 1 - outside], axis=0)
    return pd.DataFrame(
        {
            "reported": [getattr(reported, name) for name in COUNTED],
            "expected": table.mean(axis=0),
            "lower": lower,
            "upper": upper,
        },
        index=pd.Index(COUNTED, name="count"),
    )


def _again(truth: Truth, draws: Floats, seed: int) -> Floats:
    rng = np.random.default_rng(np.random.SeedSequence([seed, 14]))
    return truth.scale.forward(draws) + truth.se * rng.normal(size=draws.shape)
