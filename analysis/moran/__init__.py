"""Moran's I, for the whole map and for each area.

Promises exact expectations, permutation p-values, and an honest class for every area; forms for two outcomes, for rates with
unequal denominators, for growing distance, and for what a trend leaves over. Does not explain why places are alike.
"""

from analysis.moran.local import (
    local_moran,
    local_moran_bivariate,
    local_moran_many,
    moran_tested,
    quadrants,
    standardised,
)
from analysis.moran.posterior import PosteriorClasses, posterior_classes
from analysis.moran.rates import empirical_bayes_index, global_moran_rates, local_moran_rates
from analysis.moran.scatter import moran_scatter, ring_results
from analysis.moran.trend import residuals
from analysis.moran.whole import global_moran, moran_moments

__all__ = [
    "PosteriorClasses",
    "empirical_bayes_index",
    "global_moran",
    "global_moran_rates",
    "local_moran",
    "local_moran_bivariate",
    "local_moran_many",
    "local_moran_rates",
    "moran_moments",
    "moran_scatter",
    "moran_tested",
    "posterior_classes",
    "quadrants",
    "residuals",
    "ring_results",
    "standardised",
]
