"""Local Moran over draws of the truth: with what probability an area lies in a cluster once survey error is allowed for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.moran.local import moran_tested, standardised
from analysis.permutation import field_of, row_standardised
from analysis.significance import MORAN_CLASSES, Inference, adjust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.levels import Levels
    from analysis.permutation import Field
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_DRAWS = 1_000
"""Draws that are tested: a probability of one half is then known to 1.6 points."""

PERMUTATIONS = 9_999
"""Conditional permutations of every draw; all draws share one table, so that areas change class by error alone."""

_TESTED = MORAN_CLASSES[:5]


@dataclass(frozen=True, slots=True, eq=False)
class PosteriorClasses:
    """What classes areas have over draws of the truth.

    ``frame``, by code: ``p_<class>`` for each class of local Moran that can be significant and ``p_not-significant``; NaN where
    the error of the area is not known, or the area is not testable. ``counts`` has a row a class: ``reported`` areas as
    published, ``expected``, ``lower`` and ``upper`` (95 %) over the draws.
    """

    frame: pd.DataFrame
    counts: pd.DataFrame
    parameters: Mapping[str, Any]


def posterior_classes(
    levels: Levels, values: pd.Series, weights: Weights, *, inference: Inference, draws: int = MOST_DRAWS
) -> PosteriorClasses | None:
    """Test draws of the truth as the published values are tested; None where no error is known.

    Parameters
    ----------
    levels : of the same outcome, with its draws. values : as published, by code. weights : the same areas.
    inference : of the map; its number of permutations is used for the published values alone.
    draws : tested, at most those that ``levels`` holds.

    Notes
    -----
    A draw is of the truth, not of a survey taken again: a published value holds its error already, and adding it once more
    would count it twice. An area whose error is not known keeps its value in every draw and gets no probability.
    """
    truth = levels.truth
    if not truth.known.any():
        return None
    area = field_of(values, weights)
    unit = levels.frame["unit"].reindex(values.index)
    column = pd.Index(levels.drawn).get_indexer(pd.Index(unit))
    number = min(draws, len(truth.draws))
    drawn = np.repeat(values.to_numpy(dtype=np.float64)[None, :], number, axis=0)
    known = column >= 0
    drawn[:, known] = truth.draws[:number, column[known]]
    reported = _classes(area.x[None, :], area, inference)[0]
    classes = _classes(drawn[:, area.tested], area, replace(inference, permutations=PERMUTATIONS))
    shares = {}
    for name in _TESTED:
        share = np.full(len(values), np.nan)
        share[area.tested] = (classes == name).mean(axis=0)
        shares[f"p_{name}"] = np.where(known, share, np.nan)
    each = np.array([(classes == name).sum(axis=1) for name in _TESTED])
    lower, upper = np.quantile(each, [0.025, 0.975], axis=1)
    counts = pd.DataFrame(
        {
            "reported": [int((reported == name).sum()) for name in _TESTED],
            "expected": each.mean(axis=1),
            "lower": lower,
            "upper": upper,
        },
        index=list(_TESTED),
    )
    parameters = {"draws": number, "permutations": PERMUTATIONS, "unknown": int((~known & values.notna()).sum())}
    return PosteriorClasses(pd.DataFrame(shares, index=values.index), counts, parameters)


def _classes(drawn: Floats, area: Field, inference: Inference) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return the class of each tested area in every draw, shape (draws, n); a draw in which all areas are alike has no cluster."""
    found = np.full(drawn.shape, "not-significant", dtype=object)
    varied = np.ptp(drawn, axis=1) > 0
    if varied.any():
        own = np.array([standardised(row) for row in drawn[varied]])
        tested = moran_tested(own, own, row_standardised(area.rows), inference)
        q = np.array([adjust(row, inference.correction) for row in tested.p])
        found[varied] = np.where(q <= inference.alpha, tested.kind, "not-significant")
    return found
