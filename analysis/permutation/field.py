"""What can be tested: values and weights brought together, checked, and cut to the areas with a value and a neighbour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.permutation.tails import Rows
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

MIN_TESTABLE = 4
"""With three areas there are two others to permute: no arrangement can be rare."""

CONSTANT = 1e-14
"""A spread below this share of the largest value is the rounding of one constant."""

ON_THE_MEAN = 1e-12
"""A value nearer to the mean than this share of the largest distance from it lies on the mean."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The areas that can be tested, and where they stand among all.

    ``index`` codes of all areas, shape (n_all,); ``has_value`` has it a value? shape (n_all,); ``tested`` shape (n_all,);
    ``x`` values of the tested areas, shape (n,), raw; ``rows`` their graph.
    """

    index: pd.Index
    has_value: Flags
    tested: Flags
    x: Floats
    rows: Rows

    @property
    def n(self) -> int:
        """Number of areas tested."""
        return len(self.x)


def field_of(values: pd.Series, weights: Weights, *, varied: bool = True) -> Field:
    """Bring values and weights together and cut both to the areas with a value and at least one neighbour that has one.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data; any order, the result follows it.
    weights : the same areas.
    varied : refuse values that are all the same.

    Raises
    ------
    StatisticsError
        Values that are not numbers or not finite, areas on one side only, weights that are zero, negative or not finite,
        fewer than four testable areas, values that do not vary. Every fault at once.
    """
    numbers, faults = _numbers(values)
    faults += _index_faults(values.index, weights) + _weight_faults(weights)
    if faults:
        raise StatisticsError("values and weights do not make a test", faults)
    aligned = weights if weights.ids.equals(values.index) else weights.subset(values.index)
    state = ~np.isnan(numbers)
    rows, tested = _cut(Rows(aligned.indptr, aligned.indices, aligned.data), state)
    chosen = numbers[tested]
    if len(chosen) < MIN_TESTABLE:
        raise StatisticsError(
            f"{len(chosen)} areas can be tested and at least {MIN_TESTABLE} are needed",
            [
                f"{len(numbers)} areas given, {int(state.sum())} with a value, {len(chosen)} with a neighbour that has one"
            ],
        )
    if varied and np.ptp(chosen / max(np.abs(chosen).max(), np.finfo(float).tiny)) <= CONSTANT:
        raise StatisticsError(
            f"all {len(chosen)} values are {chosen[0]:g}",
            ["a constant has no pattern in space: there is nothing to test"],
        )
    return Field(values.index, state, tested, chosen, rows)


def scaled(values: Floats) -> Floats:
    """Centre values and divide them by the largest distance from the mean: no square overflows or vanishes; shape kept."""
    small = values / max(np.abs(values).max(), np.finfo(float).tiny)
    centred: Floats = small - small.mean()
    largest = np.abs(centred).max()
    if largest == 0:
        return centred
    result: Floats = centred / largest
    # What rounding leaves of a value on the mean is no side of it.
    result[np.abs(result) < ON_THE_MEAN] = 0.0
    return result


def row_standardised(rows: Rows) -> Rows:
    """Divide each area's weights by their sum."""
    sums = np.add.reduceat(rows.data, rows.indptr[:-1])
    return Rows(rows.indptr, rows.indices, rows.data / np.repeat(sums, rows.degrees))


def binary(rows: Rows) -> Rows:
    """Give every link the weight 1."""
    return Rows(rows.indptr, rows.indices, np.ones_like(rows.data))


def _cut(rows: Rows, state: Flags) -> tuple[Rows, Flags]:
    """Cut the graph to areas with a value and a neighbour that has one, and tell which those are."""
    if state.all() and (rows.degrees > 0).all():
        return rows, state
    n = len(state)
    focal = np.repeat(np.arange(n), rows.degrees)
    tested = state
    # An area without neighbours is nobody's neighbour under mutual weights; under directed ones it may be chosen by
    # others, and then it leaves the graph with its value: cut until every area left has a neighbour left.
    while True:
        links = tested[focal] & tested[rows.indices]
        degrees = np.bincount(focal[links], minlength=n)
        left = tested & (degrees > 0)
        if np.array_equal(left, tested):
            break
        tested = left
    place = np.cumsum(tested) - 1
    indptr = np.concatenate([[0], np.cumsum(degrees[tested])]).astype(np.int64)
    return Rows(indptr, place[rows.indices[links]].astype(np.int64), rows.data[links]), tested


def _numbers(values: pd.Series) -> tuple[Floats, list[str]]:
    """Return the values as float64 with NaN for missing, and what is wrong with them."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        words = [value for value in values if not (value is None or isinstance(value, (int, float)))]
        example = f", for example {listed(repr(word) for word in words)}" if words else ""
        return np.full(len(values), np.nan), [f"values are not numbers but {values.dtype}{example}"]
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    infinite = np.isinf(numbers)
    return numbers, [f"values that are infinite: {listed(values.index[infinite])}"] if infinite.any() else []


def _index_faults(index: pd.Index, weights: Weights) -> list[str]:
    """List codes that are doubled, or on one side only."""
    if weights.ids.equals(index) and not index.has_duplicates:
        return []
    faults = []
    if index.has_duplicates:
        faults.append(f"values given more than once: {listed(index[index.duplicated()].unique())}")
    without_weights = index.difference(weights.ids)
    without_values = weights.ids.difference(index)
    if len(without_weights):
        faults.append(f"values for areas that the weights lack: {listed(without_weights)}")
    if len(without_values):
        faults.append(f"areas of the weights without a row of values: {listed(without_values)} (use NaN for no data)")
    return faults


def _weight_faults(weights: Weights) -> list[str]:
    """List areas whose weights cannot be used."""
    faults = []
    for what, bad in (
        ("not finite", ~np.isfinite(weights.data)),
        ("negative", weights.data < 0),
        ("zero", weights.data == 0),
    ):
        if bad.any():
            focal = np.repeat(np.arange(len(weights)), weights.degrees)[bad]
            faults.append(f"areas with weights that are {what}: {listed(weights.ids[focal].unique())}")
    return faults
