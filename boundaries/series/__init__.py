"""An outcome through time: all its periods on the areas of one date, each converted by its own epoch; what breaks the series."""

from boundaries.series.deflators import Deflator, read_deflator
from boundaries.series.making import chained, series_of
from boundaries.series.result import Base, Break, Series
from boundaries.series.storing import read_series, write_series
from boundaries.series.windows import apart, read_together, shared

__all__ = [
    "Base",
    "Break",
    "Deflator",
    "Series",
    "apart",
    "chained",
    "read_deflator",
    "read_series",
    "read_together",
    "series_of",
    "shared",
    "write_series",
]
