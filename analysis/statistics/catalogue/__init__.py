"""esda's own statistics and shape measures, by the names that esda gives them.

Promises that areas without a value or a neighbour stay out, that p is of the sides asked for, that the draws are seeded, that an
area stands in its own row, and that what cannot be called says why. The numbers are esda's.
"""

from analysis.statistics.catalogue.naming import ESDA_STATISTICS, SHAPES, public_names
from analysis.statistics.catalogue.outlines import MEASURES, SHAPE_MEASURES, shape_functions
from analysis.statistics.catalogue.refused import REFUSED, REFUSED_SHAPES

__all__ = [
    "ESDA_STATISTICS",
    "MEASURES",
    "REFUSED",
    "REFUSED_SHAPES",
    "SHAPES",
    "SHAPE_MEASURES",
    "public_names",
    "shape_functions",
]
