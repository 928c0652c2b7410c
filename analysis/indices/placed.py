"""Draws of the true indicators of an index by the model of levels: what lies near is alike, and errors stay with their area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.covariance import Places, places_of
from analysis.levels import posterior_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.indices.definition import IndexDefinition
    from analysis.indices.preparing import Prepared
    from boundaries.joined import Joined

Floats = np.ndarray[Any, np.dtype[np.float64]]

FEWEST = 10
"""Known errors below which there is no telling how the truth is spread over the map."""


def placed_draws(definition: IndexDefinition, joined: Sequence[Joined], prepared: Prepared) -> dict[str, Floats]:
    """Draw the truth of every indicator whose error is published, on its prepared scale.

    Parameters
    ----------
    definition : the index. joined : its indicators, on one boundary set. prepared : the same in one table.

    Returns
    -------
    Indicator → draws, shape (draws, areas that are kept), as ``compose_index`` takes them; values that are filled or not known stand
    as they are. An indicator with fewer than ten known errors has none, and the model without places draws it.

    Notes
    -----
    The model is that of levels (``analysis.levels``): truth = mean + smooth map + independent part, with the published errors known.
    A truth drawn without regard to place is drawn towards the mean of the country; with it, towards places nearby.
    """
    boundaries = joined[0].boundaries
    rows = pd.Index(boundaries.frame["code"].astype(str)).get_indexer(pd.Index(prepared.codes))
    points = places_of(boundaries).centres[rows]
    draws = 2 * (definition.uncertainty.draws // 2)
    found = {}
    for at, part in enumerate(definition.indicator):
        survey = (prepared.errors[at] > 0) & ~prepared.imputed[at] & prepared.present[at]
        if part.error != "published" or survey.sum() < FEWEST:
            continue
        seed = definition.uncertainty.seed + 100 + at
        made = posterior_of(
            Places(points[survey]),
            prepared.figures[at, survey],
            prepared.errors[at, survey] ** 2,
            draws=draws,
            seed=seed,
        )
        whole = np.tile(prepared.figures[at], (draws, 1))
        # draws come in groups of one candidate each: in any order, pairs of them are of all
        whole[:, survey] = made.draws[np.random.default_rng(seed).permutation(draws)]
        found[part.id] = whole
    return found
