"""The one engine of inference by permutation.

Promises exact conditional permutation for any graph, shuffles of the whole map for global statistics, the same answer for
any number of workers, and memory that does not grow with the number of draws. Decides what can be tested. Does not choose
classes or correct for many tests.
"""

from analysis.permutation.draws import BLOCK
from analysis.permutation.field import Field, binary, field_of, row_standardised, scaled
from analysis.permutation.moments import Moments, sum_moments
from analysis.permutation.sides import Sided, neighbour_p
from analysis.permutation.tails import Rows, Tails, difference_tails, neighbour_sums, neighbour_tails
from analysis.permutation.whole_map import counted, quadratic_draws, quadratic_form, whole_map_test

__all__ = [
    "BLOCK",
    "Field",
    "Moments",
    "Rows",
    "Sided",
    "Tails",
    "binary",
    "counted",
    "difference_tails",
    "field_of",
    "neighbour_p",
    "neighbour_sums",
    "neighbour_tails",
    "quadratic_draws",
    "quadratic_form",
    "row_standardised",
    "scaled",
    "sum_moments",
    "whole_map_test",
]
