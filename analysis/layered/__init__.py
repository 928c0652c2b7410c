"""Covariates from layers: points, rasters, lines, polygons and smaller areas become numbers of areas, as a table of TOML asks for them.

Promises a number an area with its unit, source, vintage and coverage, and a count of what fell nowhere; what covers too little of an
area gives none. Does not promise that a layer is complete.
"""

from analysis.layered.as_outcome import outcome_of_covariate
from analysis.layered.asking import KINDS, CovariatePart
from analysis.layered.counting import SMALLEST, Counted, count_points, outcome_of_points
from analysis.layered.making import covariate_of, covariates_of, read_covariates

__all__ = [
    "KINDS",
    "SMALLEST",
    "Counted",
    "CovariatePart",
    "count_points",
    "covariate_of",
    "covariates_of",
    "outcome_of_covariate",
    "outcome_of_points",
    "read_covariates",
]
