"""Do two maps belong together, or are both merely smooth? Tests whose null keeps the smoothness.

Promises an effect with its interval first and a p-value that holds on autocorrelated maps. Explains nothing: a difference
between places is not what being such a place does.
"""

from analysis.association.correlation import Correlation, correlate
from analysis.association.difference import DRAWS, MIN_GROUP, Association, associate, associate_all, associations_frame
from analysis.association.judging import ALPHA, Finding, judge
from analysis.association.regression import SpatialError, spatial_error
from analysis.association.spectrum import MAX_AREAS, Spectrum, moran_spectrum, surrogates

__all__ = [
    "ALPHA",
    "DRAWS",
    "MAX_AREAS",
    "MIN_GROUP",
    "Association",
    "Correlation",
    "Finding",
    "SpatialError",
    "Spectrum",
    "associate",
    "associate_all",
    "associations_frame",
    "correlate",
    "judge",
    "moran_spectrum",
    "spatial_error",
    "surrogates",
]
