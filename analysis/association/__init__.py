"""What sort of places are low? The gap as it is on the map, and the gap that is left beside places nearby.

Promises, for every kind of place, definition and outcome, two numbers: a fact of the map with its survey error, and what is left
once the broad pattern of the map is allowed for, with an interval, p and q that hold on maps of any smoothness
(``tests/benchmarks/calibration``). Explains nothing: a difference between places is not what being such a place does.
"""

from analysis.association.beside import Beside, beside
from analysis.association.gaps import MIN_UNITS, Outcome, associate
from analysis.association.judging import ALPHA, MATERIAL, Verdict, judge
from analysis.association.landscapes import MAX_AREAS, Landscape, Landscapes, landscapes_of
from analysis.association.records import CLAIMS, Association, claims_table, judged
from analysis.association.scales import SCALES, Scale, scale_named, scaled
from analysis.association.simulated import DRAWS, Simulated, simulated
from analysis.association.surrogates import surrogates

__all__ = [
    "ALPHA",
    "CLAIMS",
    "DRAWS",
    "MATERIAL",
    "MAX_AREAS",
    "MIN_UNITS",
    "SCALES",
    "Association",
    "Beside",
    "Landscape",
    "Landscapes",
    "Outcome",
    "Scale",
    "Simulated",
    "Verdict",
    "associate",
    "beside",
    "claims_table",
    "judge",
    "judged",
    "landscapes_of",
    "scale_named",
    "scaled",
    "simulated",
    "surrogates",
]
