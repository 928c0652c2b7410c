"""Natural process limits of a series (XmR): between which values it moves without anything having happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from geo.errors import StatisticsError

_LIMIT: Final = 2.66
"""3 / 1.128: three sigma, sigma taken from the mean moving range of two (d₂ = 1.128)."""


@dataclass(frozen=True, slots=True)
class NaturalLimits:
    """Centre line and natural process limits, and the positions of values beyond them."""

    centre: float
    lower: float
    upper: float
    beyond: tuple[int, ...]


def natural_limits(values: np.ndarray[Any, np.dtype[np.float64]]) -> NaturalLimits:
    """Return mean ± 2.66 × mean moving range; moving ranges are not screened for outliers.

    Parameters
    ----------
    values : shape (n_periods,), in order of time; NaN is left out, and the range across it too.

    Raises
    ------
    StatisticsError
        Fewer than two values that follow each other.

    References
    ----------
    Wheeler and Chambers (1992), Understanding Statistical Process Control.

    Examples
    --------
    >>> natural_limits(np.array([1.0, 2.0, 1.0, 2.0])).upper
    4.16
    """
    y = np.asarray(values, dtype=np.float64)
    ranges = np.abs(np.diff(y))
    ranges = ranges[np.isfinite(ranges)]
    if not len(ranges):
        raise StatisticsError("a series without two values in a row has no natural limits", [f"{len(y)} periods given"])
    centre, reach = float(np.nanmean(y)), _LIMIT * float(ranges.mean())
    outside = np.flatnonzero((y < centre - reach) | (y > centre + reach))
    return NaturalLimits(centre, centre - reach, centre + reach, tuple(int(place) for place in outside))
