"""Where areas stand on a studied outcome: bands and probabilities of its levels, where it has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.profiles.standing import CUTS, NUMBER_LOW, Standing, low_labels, standing_of

if TYPE_CHECKING:
    from analysis.levels import Levels
    from boundaries.joined import Joined


def standing_with_levels(joined: Joined, levels: Levels, *, number_low: int = NUMBER_LOW) -> Standing:
    """Return where the areas stand, with the probability that each truly lies in a low band.

    Parameters
    ----------
    joined : the outcome. levels : of it. number_low : as of ``standing_of``.

    Returns
    -------
    Standing
        In stated bands where the levels have some, else in the publisher's, else in bands of standard deviations. ``p_low`` is
        counted from draws of the truth for stated bands and for those of standard deviations; None where no error is known, and
        for a publisher's bands, whose limits are not known.

    Raises
    ------
    StatisticsError
        As ``standing_of``.
    """
    index = joined.frame.index
    stated = tuple(str(name) for name in levels.p_bands.columns)
    if stated:
        meta = joined.meta
        low = low_labels(stated, meta.favourable, number_low)
        bands = levels.frame["band"].reindex(index).fillna("").astype("str")
        chances = levels.p_bands[list(low)].sum(axis=1, min_count=1).reindex(index)
        p_low = chances if chances.notna().any() else None
        return Standing(
            meta.id, meta.title, joined.period, meta.favourable, bands, stated, low, joined.frame["name"], p_low
        )
    published = joined.extras is not None and "band" in joined.extras and joined.extras["band"].ne("").any()
    return standing_of(
        joined, number_low=number_low, p_low=None if published else _beyond_cut(joined, levels, number_low)
    )


def _beyond_cut(joined: Joined, levels: Levels, number_low: int) -> pd.Series | None:
    """Return the probability that the truth lies beyond the limit of the low bands of standard deviations, by code."""
    favourable = joined.meta.favourable
    if favourable == "none" or not len(levels.drawn):
        return None
    values = joined.frame["value"]
    at = CUTS[number_low - 1] if favourable == "high" else CUTS[len(CUTS) - number_low]
    cut = float(values.mean() + at * values.std(ddof=1))
    beyond = levels.truth.draws < cut if favourable == "high" else levels.truth.draws >= cut
    by_unit = pd.Series(np.asarray(beyond.mean(axis=0), dtype=np.float64), index=levels.drawn)
    return levels.frame["unit"].map(by_unit).reindex(joined.frame.index)
