"""Where areas stand on a studied outcome: bands and probabilities of its levels, where it has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.profiles.standing import CUTS, LABELS, NUMBER_LOW, Standing, low_labels, standing_of

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
        counted from draws of the truth; the limit of a publisher's low bands is taken midway between the last value in them and the
        first beyond. None where no error is known.

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
    standing = standing_of(joined, number_low=number_low)
    return replace(standing, p_low=_beyond_limit(standing, joined, levels))


def _beyond_limit(standing: Standing, joined: Joined, levels: Levels) -> pd.Series | None:
    """Return the probability that the truth lies in a low band, by code; None where no truth was drawn or no band is low."""
    values = joined.frame["value"]
    low, other = values[standing.is_low], values[~standing.is_low & (standing.bands != "")]
    if not standing.low or not len(levels.drawn) or low.empty or other.empty:
        return None
    high_is_good = standing.favourable == "high"
    if standing.order == LABELS:
        at = CUTS[len(standing.low) - 1] if high_is_good else CUTS[len(CUTS) - len(standing.low)]
        limit = float(values.mean() + at * values.std(ddof=1))
    else:
        limit = float(low.max() + other.min()) / 2 if high_is_good else float(low.min() + other.max()) / 2
    beyond = levels.truth.draws < limit if high_is_good else levels.truth.draws >= limit
    by_unit = pd.Series(np.asarray(beyond.mean(axis=0), dtype=np.float64), index=levels.drawn)
    return levels.frame["unit"].map(by_unit).reindex(joined.frame.index)
