"""Classes and corrections: which areas stand out after looking everywhere.

Promises the field's four corrections, the number of permutations each needs, and a class for every area, those without a
value or a neighbour included. Does not compute any statistic.
"""

from analysis.significance.corrections import (
    CORRECTIONS,
    DEFAULT_PERMUTATIONS,
    MAX_PERMUTATIONS,
    Correction,
    adjust,
    cutoff,
    k_star,
    permutations_needed,
)
from analysis.significance.inference import ALTERNATIVES, METHODS, Alternative, Inference, Method, Options, p_values
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
    "GI_CLASSES",
    "MAX_PERMUTATIONS",
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
    "cutoff",
    "described",
    "k_star",
    "local_result",
    "p_values",
    "permutations_needed",
]
