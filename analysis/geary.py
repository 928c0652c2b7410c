"""Geary's C: how different neighbours are, for the whole map and for each area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from scipy.special import ndtr

from analysis.moran import standardised
from analysis.permutation import (
    Moments,
    Rows,
    difference_tails,
    field_of,
    neighbour_sums,
    row_standardised,
    scaled,
    sum_moments,
    whole_map_test,
)
from analysis.significance import GlobalResult, Inference, LocalResult, Options, Tested, local_result, p_values
from geo.errors import StatisticsError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]

GEARY_CLASSES = ("high-high", "low-low", "other-alike", "different", "not-significant", "not-testable", "no-data")
"""Alike and high, alike and low, alike across the mean, and unlike their neighbours."""


def global_geary(values: pd.Series, weights: Weights, **options: Unpack[Options]) -> GlobalResult:
    """Test whether neighbours differ less (or more) than chance makes them.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data.
    weights : the same areas; rows are standardised.
    options : as in ``analysis.moran.global_moran``; ``"less"`` is clustering, since C is small where neighbours are alike.

    Raises
    ------
    StatisticsError
        As ``analysis.moran.global_moran``.

    Notes
    -----
    C = (n − 1) Σ_ij w_ij (x_i − x_j)² / (2 S0 Σ z²), expectation 1; ``z`` is exact over all arrangements and negative under
    clustering. C reacts to differences between neighbours, I to their shared distance from the mean.

    References
    ----------
    Geary (1954), doi:10.2307/2986645; Cliff and Ord (1981), Spatial Processes.
    """
    field = field_of(values, weights)
    z = scaled(field.x)
    rows = row_standardised(field.rows)
    matrix = rows.sparse()
    around = np.asarray(matrix.sum(axis=0)) + np.asarray(matrix.sum(axis=1))
    minus = Rows(rows.indptr, rows.indices, -2 * rows.data)
    return whole_map_test(
        "geary",
        z,
        minus,
        diagonal=around,
        factor=(field.n - 1) / (2 * float(rows.data.sum()) * float((z * z).sum())),
        moments=geary_moments(z, rows),
        inference=Inference(**options),
        weights=weights,
        transform="row",
    )


def local_geary(values: pd.Series, weights: Weights, **options: Unpack[Options]) -> LocalResult:
    """Test each area: do its neighbours differ from it less, or more, than chance makes them.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data.
    weights : the same areas; rows are standardised.
    options : as in ``analysis.moran.local_moran``; ``"less"`` looks for likeness alone. The saddlepoint is not for C.

    Raises
    ------
    StatisticsError
        As ``analysis.moran.local_moran``.

    Notes
    -----
    c_i = Σ_j w_ij (z_i − z_j)², z with n − 1, as GeoDa defines it. Likeness is high-high or low-low where the area and its
    neighbours lie on one side of the mean, else "other-alike". ``expectation`` and ``z`` are exact under conditional permutation.

    References
    ----------
    Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x; Anselin (2019), doi:10.1111/gean.12164.
    """
    inference = Inference(**options)
    field = field_of(values, weights)
    rows = row_standardised(field.rows)
    z = standardised(field.x)
    around = neighbour_sums(z[None, :], rows)[0]
    observed = neighbour_sums((z * z)[None, :], rows)[0] - 2 * z * around + z * z
    expectation, variance = _difference_moments(z, rows)
    deviation = np.sqrt(variance)
    score = np.divide(observed - expectation, deviation, out=np.zeros(field.n), where=deviation > 0)
    p, alike = _judged(z, rows, score, inference)
    kind = np.select(
        [~alike, (z > 0) & (around > 0), (z < 0) & (around < 0)], ["different", "high-high", "low-low"], "other-alike"
    )
    return local_result(
        "local-geary",
        Tested(observed, expectation, score, p, kind.astype(object)),
        field=field,
        weights=weights,
        inference=inference,
        classes=GEARY_CLASSES,
        transform="row",
    )


def geary_moments(z: Floats, rows: Rows) -> Moments:
    """Return the exact mean and variance of C over all arrangements of the values (Cliff and Ord 1981)."""
    n = len(z)
    s0, s1, s2 = rows.sums()
    k = n * float((z**4).sum()) / float((z**2).sum()) ** 2
    a = (n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * k)
    b = (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * k) / 4
    c = s0 * s0 * (n * n - 3 - (n - 1) ** 2 * k)
    return Moments(1.0, (a - b + c) / (n * (n - 2) * (n - 3) * s0 * s0))


def _difference_moments(z: Floats, rows: Rows) -> tuple[Floats, Floats]:
    """Return the exact mean and variance of each c_i when the other values are shuffled.

    Σ_j w_ij (z_i − z_j)² is a neighbour sum of z_j² − 2 z_i z_j, whose mean and spread over the others follow from the power
    sums of z.
    """
    others = len(z) - 1
    m1, m2, m3, m4 = ((float((z**power).sum()) - z**power) / others for power in (1, 2, 3, 4))
    mean = m2 - 2 * z * m1
    square = m4 - 4 * z * m3 + 4 * z * z * m2
    # The spread factor of a neighbour sum does not depend on the values: take it from any outcome's exact variance.
    probe = np.arange(len(z), dtype=np.float64)
    flat = (float((probe**2).sum()) - probe**2) / others - ((probe.sum() - probe) / others) ** 2
    factor = sum_moments(probe, rows)[1] / flat
    return mean + z * z, np.maximum(square - mean * mean, 0.0) * factor


def _judged(
    z: Floats, rows: Rows, score: Floats, inference: Inference
) -> tuple[Floats, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return p of every area, and whether its neighbours differ from it less than chance makes them."""
    if inference.method == "permutation":
        draws = inference.draws(len(z))
        counts = difference_tails(
            z,
            rows,
            permutations=draws,
            seed=inference.seed,
            workers=inference.workers,
            progress=inference.progress,
        )
        p = p_values(counts.upper[0], counts.lower[0], draws, inference.alternative)
        return p, np.asarray(counts.lower[0] < counts.upper[0])
    if inference.method == "normal":
        sides = {"greater": ndtr(-score), "less": ndtr(score)}
        return sides.get(inference.alternative, np.minimum(1.0, 2 * ndtr(-np.abs(score)))), np.asarray(score < 0)
    raise StatisticsError("local Geary has no saddlepoint approximation here", ["choose permutation or normal"])
