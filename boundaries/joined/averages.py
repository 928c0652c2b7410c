"""The figure every area is compared with: the published one where there is one, else a stated weighted mean.

A published figure that would give a suppressed area away is none (``boundaries.joined.disclosure``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from boundaries.outcomes.measures import is_rank
from boundaries.outcomes.units import is_centred
from boundaries.vocabulary import place_name, whole_of
from geo.errors import JoinError

if TYPE_CHECKING:
    from boundaries.joined.result import Joined

AverageKind = Literal["published", "index", "denominator-weighted", "population-weighted", "unweighted"]


@dataclass(frozen=True, slots=True)
class Average:
    """What "average" means on a map: the figure, the words for it, and how it was come by.

    ``value`` is on the outcome's own scale; ``label`` completes the sentence "compared with …".
    """

    value: float
    label: str
    kind: AverageKind


def average_of(joined: Joined) -> Average:
    """Return the figure areas are compared with.

    The published figure of the area that is exactly the covered nations, where the source has it for this period; for
    z-scores 0, for ranks the middle one; else the mean of the areas weighted by denominator, or by residents where no denominator is known. Counts are
    compared with the plain mean of the areas.

    Raises
    ------
    JoinError
        If the outcome is a category, or no area has a value.
    """
    meta = joined.meta
    if meta.measure == "category":
        raise JoinError(f"'{meta.id}' is a category: it has no average")
    code = whole_of(joined.frame.loc[joined.covered, "nation"])
    # The figure a source has for a nation is, of a count, the total: no area is compared with that.
    if meta.measure != "count" and code in meta.averages and np.isfinite(meta.averages[code]):
        return Average(float(meta.averages[code]), f"the published figure for {place_name(code)}", "published")
    if meta.measure == "index" and is_centred(meta.unit):
        return Average(0.0, "0, the average of all areas", "index")
    valued = joined.frame["value"].notna()
    values = joined.frame.loc[valued, "value"].to_numpy()
    if not len(values):
        raise JoinError(f"'{meta.id}' has no value in any area: there is no average")
    if is_rank(meta.measure, meta.unit):
        return Average(float(np.median(values)), "the middle rank", "index")
    if meta.measure == "count":
        return Average(float(values.mean()), "the mean of the areas", "unweighted")
    denominators = joined.frame.loc[valued, "denominator"].to_numpy()
    if np.isfinite(denominators).all() and denominators.sum() > 0:
        by = meta.denominator or "denominator"
        return Average(
            _weighted(values, denominators), f"the mean of the areas, weighted by {by}", "denominator-weighted"
        )
    residents = joined.boundaries.frame["population"].to_numpy(dtype="float64")[valued.to_numpy()]
    if np.isfinite(residents).all() and residents.sum() > 0:
        of = " of the areas' medians" if meta.measure == "median" else " of the areas"
        return Average(_weighted(values, residents), f"the mean{of}, weighted by residents", "population-weighted")
    return Average(float(values.mean()), "the mean of the areas, unweighted", "unweighted")


def _weighted(values: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(values, weights=weights))
