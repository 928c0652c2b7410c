"""Statistics and layers of other distributions: a function registered under an entry point, asked for by name.

Promises that what comes back has a number for every area asked about, under a name of its own and with its meaning, or that one
error names the extension. Does not promise that the numbers are right: that is the extension's.
"""

from analysis.statistics.columns import SAME_UNIT, Addition, AreaColumns, Meaning
from analysis.statistics.registry import (
    LAYERS,
    STATISTICS,
    Layer,
    Statistic,
    compute,
    layers_named,
    measure,
    statistics_named,
)

__all__ = [
    "LAYERS",
    "SAME_UNIT",
    "STATISTICS",
    "Addition",
    "AreaColumns",
    "Layer",
    "Meaning",
    "Statistic",
    "compute",
    "layers_named",
    "measure",
    "statistics_named",
]
