"""Moran's I, for the whole map and for each area.

Promises exact expectations, permutation p-values, and an honest class for every area. Does not explain why places are alike.
"""

from analysis.moran.local import (
    local_moran,
    local_moran_bivariate,
    local_moran_many,
    moran_tested,
    standardised,
)
from analysis.moran.whole import global_moran, moran_moments

__all__ = [
    "global_moran",
    "local_moran",
    "local_moran_bivariate",
    "local_moran_many",
    "moran_moments",
    "moran_tested",
    "standardised",
]
