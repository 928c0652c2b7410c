"""The registry of statistics and covariates: ours, those of esda, and those of other distributions, all asked for by name.

Promises that what comes back has a number for every area asked about, under a name of its own and with its meaning, or that one
error names the extension. Does not promise that the numbers of others are right: that is theirs.
"""

from analysis.statistics.asking import Asked, Family, parameters_of, takes_columns
from analysis.statistics.beside import Beside
from analysis.statistics.columns import SAME_UNIT, WHOLE_FIELDS, Addition, AreaColumns, Meaning
from analysis.statistics.registry import (
    COVARIATES,
    STATISTICS,
    Covariate,
    Statistic,
    compute,
    covariates_named,
    measure,
    statistics_named,
)

__all__ = [
    "COVARIATES",
    "SAME_UNIT",
    "STATISTICS",
    "WHOLE_FIELDS",
    "Addition",
    "AreaColumns",
    "Asked",
    "Beside",
    "Covariate",
    "Family",
    "Meaning",
    "Statistic",
    "compute",
    "covariates_named",
    "measure",
    "parameters_of",
    "statistics_named",
    "takes_columns",
]
