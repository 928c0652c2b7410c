"""Local Moran's I: which areas make the map cluster, and which are unlike their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from analysis.permutation import field_of, neighbour_p, neighbour_sums, row_standardised, scaled, sum_moments
from analysis.significance import MORAN_CLASSES, Inference, LocalResult, Options, Tested, local_result

if TYPE_CHECKING:
    import pandas as pd

    from analysis.permutation import Field, Rows
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]


_SIDES = np.array(["low-low", "", "low-high", "", "", "", "high-low", "", "high-high"], dtype=object)
"""Class by 3 × (own side + 1) + (neighbours' side + 1), sides −1, 0 and 1."""
_SIDES[_SIDES == ""] = "not-significant"


def local_moran(values: pd.Series, weights: Weights, **options: Unpack[Options]) -> LocalResult:
    """Test each area: is its neighbourhood more like it, or less, than chance makes it.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data.
    weights : the same areas; rows are standardised.
    options : ``seed`` (required), ``permutations``, ``alternative``, ``correction``, ``alpha``, ``workers``, ``method``: see
        ``analysis.significance.Inference``. ``"greater"`` counts likeness alone, ``"less"`` outliers alone.

    Raises
    ------
    StatisticsError
        What ``analysis.permutation.field_of`` refuses, an unknown choice, or too few permutations for the correction.

    Notes
    -----
    I_i = (z_i / m) Σ_j w_ij z_j with m = Σ z² / (n − 1), as esda and GeoDa define it (spdep divides by n). ``expectation``
    and ``z`` are exact under conditional permutation: the area keeps its value, the others are shuffled. Areas without a
    value or without a neighbour that has one are outside n, the mean, the pool and the correction. Low is below that mean,
    recorded as ``threshold`` with the share of the areas tested that lie ``below`` it: where a few values are far above the
    others, most areas are low, some of them above the median. A cluster is where likeness
    is not chance; its edge is where the test stops being sure, not where places change.

    References
    ----------
    Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x; Sokal, Oden and Thomson (1998),
    doi:10.1111/j.1538-4632.1998.tb00406.x.
    """
    field = field_of(values, weights)
    return _local("local-moran", field, field.x, weights, Inference(**options))


def local_moran_bivariate(
    values: pd.Series, around: pd.Series, weights: Weights, **options: Unpack[Options]
) -> LocalResult:
    """Test each area: does its own value go with another outcome among its neighbours.

    Parameters
    ----------
    values : the area's own outcome, indexed by code.
    around : the outcome looked at among its neighbours, on the same codes.
    weights, options : as in ``local_moran``.

    Raises
    ------
    StatisticsError
        As ``local_moran``, for either outcome.

    Notes
    -----
    I_i = (x_i / s_x) Σ_j w_ij y_j / s_y, both centred, s with n − 1. The neighbours' outcome is shuffled among the other
    areas. It does not show that the two go together in one area: that is their correlation.
    """
    inference = Inference(**options)
    for one in (values, around):
        field_of(one, weights)  # refuses what is wrong with either outcome by itself
    aligned = around.reindex(values.index)
    field = field_of(values.where(aligned.notna()), weights)
    other = field_of(aligned.where(values.notna()), weights)
    return _local("local-moran-bivariate", field, other.x, weights, inference)


def local_moran_many(values: pd.DataFrame, weights: Weights, **options: Unpack[Options]) -> dict[str, LocalResult]:
    """Run ``local_moran`` on every column; columns without a value for the same areas share their draws.

    Parameters
    ----------
    values : a column an outcome, indexed by code, NaN where there is no data.
    weights, options : as in ``local_moran``.

    Returns
    -------
    dict
        Column → what ``local_moran`` gives for it alone.

    Raises
    ------
    StatisticsError
        As ``local_moran``, for any column.
    """
    inference = Inference(**options)
    fields = {str(name): field_of(column, weights) for name, column in values.items()}
    alike: dict[bytes, list[str]] = {}
    for name, field in fields.items():
        alike.setdefault(field.tested.tobytes(), []).append(name)
    found: dict[str, LocalResult] = {}
    for names in alike.values():
        own = np.array([standardised(fields[name].x) for name in names])
        tested = moran_tested(own, own, row_standardised(fields[names[0]].rows), inference)
        for at, name in enumerate(names):
            found[name] = _laid_out("local-moran", tested.row(at), fields[name], weights, inference)
    return {name: found[name] for name in fields}


def standardised(values: Floats) -> Floats:
    """Centre values and divide by their standard deviation (n − 1)."""
    z = scaled(values)
    result: Floats = z / np.sqrt((z * z).sum() / (len(z) - 1))
    return result


def moran_tested(own: Floats, around: Floats, rows: Rows, inference: Inference) -> Tested:
    """Test own × neighbour sum in every area.

    Parameters
    ----------
    own : each area's own standardised value, shape (outcomes, n).
    around : the standardised values that are summed over neighbours and shuffled, shape (outcomes, n).
    rows : row-standardised weights.
    inference : how.
    """
    sums = neighbour_sums(around, rows)
    mean, variance = sum_moments(around, rows)
    deviation = np.abs(own) * np.sqrt(variance)
    statistic, expectation = own * sums, own * mean
    return Tested(
        statistic=statistic,
        expectation=expectation,
        z=np.divide(statistic - expectation, deviation, out=np.zeros(own.shape), where=deviation > 0),
        p=neighbour_p(around, rows, inference=inference, sign=np.sign(own)).p,
        kind=quadrants(own, sums),
    )


def quadrants(own: Floats, around: Floats) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Name each area by the sides of the mean on which it and its neighbours lie; on the mean it has no side."""
    sides = 3 * (np.sign(own).astype(np.int8) + 1) + np.sign(around).astype(np.int8) + 1
    return _SIDES[sides]


def _local(name: str, field: Field, around: Floats, weights: Weights, inference: Inference) -> LocalResult:
    """Compute both forms: an area's own outcome against the sum of an outcome among its neighbours."""
    own = standardised(field.x)[None, :]
    lagged = own if around is field.x else standardised(around)[None, :]
    tested = moran_tested(own, lagged, row_standardised(field.rows), inference)
    return _laid_out(name, tested.row(0), field, weights, inference)


def _laid_out(name: str, tested: Tested, field: Field, weights: Weights, inference: Inference) -> LocalResult:
    """Put one outcome's result on the full index; record what low and high mean."""
    mean = float(field.x.mean())
    return local_result(
        name,
        tested,
        field=field,
        weights=weights,
        inference=inference,
        classes=MORAN_CLASSES,
        transform="row",
        threshold=mean,
        below=float((field.x < mean).mean()),
    )
