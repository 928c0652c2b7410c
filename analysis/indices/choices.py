"""The choices behind an index, tried at random: weights, normalisation, aggregation, one indicator left out, and the errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import rankdata

from analysis.indices.aggregating import aggregated, standardised
from analysis.indices.drawing import true_indicators
from analysis.indices.normalising import normalised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.indices.definition import Aggregation, IndexDefinition, Normalisation
    from analysis.indices.preparing import Prepared

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ids = np.ndarray[Any, np.dtype[np.int64]]

_SPREAD = 250
"""Draws that are computed at once."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Draws of an index under errors and choices.

    Each set of choices stands twice, draw d beside draw d + ``sets``, with errors of its own.

    Parameters
    ----------
    ranks : shape (draws, areas), 1 the lowest. index : shape (draws, areas).
    weights : shape (sets, indicators), before one is left out. left_out : shape (sets,), −1 where none is.
    normalisation, aggregation : shape (sets,), positions in the lists that were tried.
    normalisations, aggregations : those lists.
    """

    ranks: Floats
    index: Floats
    weights: Floats
    left_out: Ids
    normalisation: Ids
    aggregation: Ids
    normalisations: tuple[Normalisation, ...]
    aggregations: tuple[Aggregation, ...]

    @property
    def sets(self) -> int:
        """Number of sets of choices."""
        return len(self.left_out)


def tried(
    definition: IndexDefinition,
    prepared: Prepared,
    weights: Floats,
    *,
    given: Mapping[str, Floats] | None = None,
) -> Tried:
    """Draw errors and choices and compute the index of every draw.

    Parameters
    ----------
    definition : the index, with what is tried. prepared : its indicators. weights : those stated, shape (indicators,).
    given : as of ``true_indicators``.

    Notes
    -----
    Each weight varies evenly by the stated share of itself; normalisation is drawn evenly from its list; aggregation evenly
    from those that the normalisation allows (no geometric mean of z-scores); of the stated share of draws one indicator, each
    as often, is left out. An index that is standardised is standardised in every draw.
    """
    how = definition.uncertainty
    rng = np.random.default_rng(how.seed)
    sets = how.draws // 2
    number = len(weights)
    varied = weights * rng.uniform(1 - how.weights_within, 1 + how.weights_within, size=(sets, number))
    varied /= varied.sum(axis=1, keepdims=True)
    weighted = np.flatnonzero(weights > 0)
    one_out = rng.uniform(size=sets) < (how.leave_one_out if len(weighted) > 2 else 0.0)
    left_out = np.where(one_out, weighted[rng.integers(len(weighted), size=sets)], -1)
    normalisation = rng.integers(len(how.normalisations), size=sets)
    signed = np.array([name == "z" for name in how.normalisations])[normalisation]
    aggregation = _drawn_aggregations(how.aggregations, signed, rng)
    truths = true_indicators(definition, prepared, 2 * sets, rng, given=given)
    counted = varied.copy()
    counted[np.flatnonzero(one_out), left_out[one_out]] = 0.0
    index = np.empty((2 * sets, prepared.figures.shape[1]))
    methods = dict.fromkeys(zip(normalisation.tolist(), aggregation.tolist(), strict=True))
    for at_n, at_a in methods:
        same = np.flatnonzero((normalisation == at_n) & (aggregation == at_a))
        for rows in np.array_split(np.concatenate([same, same + sets]), max(1, 2 * len(same) // _SPREAD)):
            index[rows] = composed(
                truths[rows], prepared, definition, counted[rows % sets], how.normalisations[at_n], _AGGREGATIONS[at_a]
            )
    ranks = rankdata(index, method="average", axis=1)
    return Tried(ranks, index, varied, left_out, normalisation, aggregation, how.normalisations, _AGGREGATIONS)


_AGGREGATIONS: tuple[Aggregation, ...] = ("arithmetic", "geometric")


def _drawn_aggregations(offered: Sequence[Aggregation], signed: np.ndarray[Any, Any], rng: np.random.Generator) -> Ids:
    """Draw aggregations from those offered; of z-scores the arithmetic mean, offered or not."""
    places = np.array([_AGGREGATIONS.index(name) for name in dict.fromkeys(offered)])
    drawn: Ids = np.where(signed, 0, places[rng.integers(len(places), size=len(signed))])
    return drawn


def composed(
    values: Floats,
    prepared: Prepared,
    definition: IndexDefinition,
    weights: Floats,
    normalisation: Normalisation,
    aggregation: Aggregation,
) -> Floats:
    """Normalise and aggregate indicators.

    Parameters
    ----------
    values : shape (..., indicators, areas), prepared. weights : shape (..., indicators) or (indicators,).

    Returns
    -------
    Shape (..., areas); standardised where the definition's own normalisation has no fixed scale.
    """
    # Ranks of an arithmetic mean do not depend on the scale; a geometric mean needs one above 0.
    low, high = definition.scale
    scale = (low, high) if aggregation == "arithmetic" or low > 0 else (1.0, max(high, 100.0))
    made = common_scale(values, prepared, normalisation, scale=scale)
    index = aggregated(made, weights, aggregation, present=prepared.present)
    return standardised(index) if is_standardised(definition) else index


def common_scale(
    values: Floats, prepared: Prepared, normalisation: Normalisation, *, scale: tuple[float, float]
) -> Floats:
    """Normalise each indicator over the areas it counts for; NaN elsewhere; shape of ``values``."""
    made = np.full(values.shape, np.nan)
    for at, present in enumerate(prepared.present):
        posts = prepared.goalposts[at] if normalisation == "min-max" else None
        made[..., at, present] = normalised(values[..., at, present], normalisation, scale=scale, goalposts=posts)
    return made


def is_standardised(definition: IndexDefinition) -> bool:
    """Tell whether the result is a z-score: where indicators are z-scores their mean is put on their scale again."""
    return definition.normalisation == "z"
