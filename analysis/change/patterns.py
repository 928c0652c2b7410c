"""Emerging patterns of a series: Gi* in every period, then how it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.change.emerging_classes import emerging
from analysis.getis_ord import local_g_star
from boundaries.series import apart
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.change.emerging_classes import Emerging
    from analysis.weights import Weights
    from boundaries.series import Series

_SIGNS: Final = {"high": 1, "low": -1}
LEAST_AREAS: Final = 4
"""Fewer areas than this carry no spatial pattern that could be tested."""


def pattern_of(
    series: Series, weights: Weights, *, seed: int, permutations: int | None = None, alpha: float = 0.05
) -> Emerging:
    """Test every period for where high and low values gather (Gi*, corrected for many areas), and class what became of it.

    Parameters
    ----------
    series : the outcome; of windows that share days the overlapping ones are left out, and periods before the last break too.
    weights : neighbours of all its areas. seed, permutations, alpha : of Gi*, the same in every period; ``alpha`` also of the trend.

    Raises
    ------
    StatisticsError
        A category, fewer than two periods that can be tested (four areas with a value, not all alike).

    Notes
    -----
    A period in which every area has the same value is left out. Areas without a value in a period are neither high nor low in it.
    """
    if series.meta.measure == "category":
        raise StatisticsError(f"'{series.meta.id}' is a category", ["a pattern over time needs figures"])
    segment = [series.at(period) for period in series.comparable_with(series.periods[-1])]
    windows = [window for place in segment if (window := series.windows[place]) is not None]
    chosen = [segment[place] for place in apart(windows)] if len(windows) == len(segment) else segment
    places = [place for place in chosen if _testable(series.value[:, place])]
    if len(places) < 2:
        raise StatisticsError(
            f"'{series.meta.id}' has {len(places)} periods whose pattern could be tested", ["give at least two"]
        )
    signs = np.zeros((len(series.areas), len(places)), dtype=np.int64)
    scores = np.full(signs.shape, np.nan)
    for column, place in enumerate(places):
        frame = _tested(series, place, weights, seed=seed, permutations=permutations, alpha=alpha)
        signs[:, column] = frame["class"].map(_SIGNS).fillna(0).to_numpy(dtype=np.int64)
        scores[:, column] = frame["z"].to_numpy()
    return emerging(signs, scores, series.areas.index, alpha=alpha)


def _testable(values: np.ndarray[Any, np.dtype[np.float64]]) -> bool:
    known = values[np.isfinite(values)]
    return len(known) >= LEAST_AREAS and bool(known.max() > known.min())


def _tested(
    series: Series, place: int, weights: Weights, *, seed: int, permutations: int | None, alpha: float
) -> pd.DataFrame:
    """Return class and z of every area in one period, aligned with the areas."""
    values = pd.Series(series.value[:, place], index=series.areas.index)
    covered = values[series.status[:, place] != "not_covered"]
    found = local_g_star(covered, weights.subset(covered.index), seed=seed, permutations=permutations, alpha=alpha)
    return found.frame.reindex(series.areas.index)
