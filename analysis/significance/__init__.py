"""Classes and corrections: which areas may be named after looking everywhere.

Promises the field's four corrections, the number of permutations each needs, and a class for every area, those without a
value or a neighbour included. Does not compute any statistic.
"""

from analysis.significance.corrections import (
    CORRECTIONS,
    DEFAULT_PERMUTATIONS,
    MAX_PERMUTATIONS,
    Correction,
    adjust,
    k_star,
    permutations_needed,
)
from analysis.significance.inference import ALTERNATIVES, METHODS, Alternative, Inference, Method, Options, p_values
from analysis.significance.naming import EACH_ERROR, MEAN_ERROR, longest_list
from analysis.significance.results import (
    GI_CLASSES,
    MORAN_CLASSES,
    GlobalResult,
    LocalResult,
    Tested,
    described,
    local_result,
)

__all__ = [
    "ALTERNATIVES",
    "CORRECTIONS",
    "DEFAULT_PERMUTATIONS",
    "EACH_ERROR",
    "GI_CLASSES",
    "MAX_PERMUTATIONS",
    "MEAN_ERROR",
    "METHODS",
    "MORAN_CLASSES",
    "Alternative",
    "Correction",
    "GlobalResult",
    "Inference",
    "LocalResult",
    "Method",
    "Options",
    "Tested",
    "adjust",
    "described",
    "k_star",
    "local_result",
    "longest_list",
    "p_values",
    "permutations_needed",
]
