"""Where does the place stand? Value, interval, band, against the average, with a probability.

Promises probabilities of the *truth* behind published figures, drawn from an area-level model with known errors, lists whose
expected number of false ones is stated, and ranks only as intervals. Says nothing of why a place is low, and nothing where no
error is known.
"""

from analysis.levels.again import repeats, taken_again
from analysis.levels.bands import band_faults, band_probabilities, banded, labels_of
from analysis.levels.chance import GammaPrior, gamma_prior
from analysis.levels.errors import Errors, errors_of
from analysis.levels.estimating import estimate_levels, levels_of
from analysis.levels.fay_herriot import AreaModel, area_model, predict_areas
from analysis.levels.listing import Z_95, OnIntervals, apart_from, on_intervals
from analysis.levels.options import LevelOptions
from analysis.levels.rank_sets import RankSets, difference_rank_sets, interval_rank_sets, possible_best
from analysis.levels.reliability import reliability_from_windows
from analysis.levels.result import COLUMNS, LEVELS, Levels
from analysis.levels.sampling import posterior_of
from analysis.levels.scales import Scale
from analysis.levels.truth import Truth

__all__ = [
    "COLUMNS",
    "LEVELS",
    "Z_95",
    "AreaModel",
    "Errors",
    "GammaPrior",
    "LevelOptions",
    "Levels",
    "OnIntervals",
    "RankSets",
    "Scale",
    "Truth",
    "apart_from",
    "area_model",
    "band_faults",
    "band_probabilities",
    "banded",
    "difference_rank_sets",
    "errors_of",
    "estimate_levels",
    "gamma_prior",
    "interval_rank_sets",
    "labels_of",
    "levels_of",
    "on_intervals",
    "possible_best",
    "posterior_of",
    "predict_areas",
    "reliability_from_windows",
    "repeats",
    "taken_again",
]
