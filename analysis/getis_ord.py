"""Getis and Ord's G: where high values, or low values, gather."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from analysis.permutation import (
    Moments,
    binary,
    field_of,
    neighbour_p,
    neighbour_sums,
    scaled,
    sum_moments,
    whole_map_test,
)
from analysis.significance import GI_CLASSES, GlobalResult, Inference, LocalResult, Options, Tested, local_result
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    import pandas as pd

    from analysis.permutation import Rows
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]


def local_g_star(values: pd.Series, weights: Weights, **options: Unpack[Options]) -> LocalResult:
    """Test each area: is the mean of the area and its neighbours high, or low (Gi*, binary).

    Parameters
    ----------
    values : indexed by code, NaN where there is no data; any sign.
    weights : the same areas; only who neighbours whom counts, not how much.
    options : as in ``analysis.moran.local_moran``.

    Raises
    ------
    StatisticsError
        What ``analysis.permutation.field_of`` refuses, an unknown choice, or too few permutations for the correction.

    Notes
    -----
    ``statistic`` is the mean over the area and its neighbours, in the outcome's own unit, and ``expectation`` the mean of all.
    ``z`` is the textbook Gi*: (Σ_j w_ij x_j − W_i x̄) / (s √((n W_i − W_i²) / (n − 1))), j including i, s with n. ``p`` is
    by conditional permutation: the area keeps its value, its neighbours' are drawn from the others. An area is high or low
    only when ``z`` and the permutation point the same way. Gi* cannot show an area that differs from its neighbours.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    """
    return _local_g("local-g-star", values, weights, Inference(**options))


def local_g(values: pd.Series, weights: Weights, **options: Unpack[Options]) -> LocalResult:
    """Test each area: is the mean of its neighbours high, or low (Gi, binary, without the area itself).

    Parameters
    ----------
    values : indexed by code, NaN where there is no data; any sign.
    weights : the same areas; only who neighbours whom counts, not how much.
    options : as in ``analysis.moran.local_moran``.

    Raises
    ------
    StatisticsError
        As ``local_g_star``.

    Notes
    -----
    ``statistic`` is the mean of the neighbours, ``expectation`` the mean of all other areas, and ``z`` the textbook Gi, whose
    mean and variance are those of conditional permutation.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    """
    return _local_g("local-g", values, weights, Inference(**options))


def global_g(values: pd.Series, weights: Weights, **options: Unpack[Options]) -> GlobalResult:
    """Test whether high values gather, or low ones (Getis and Ord's general G, binary).

    Parameters
    ----------
    values : indexed by code, NaN where there is no data; none below zero.
    weights : the same areas; only who neighbours whom counts.
    options : as in ``analysis.moran.global_moran``.

    Raises
    ------
    StatisticsError
        As ``global_moran``, or a value below zero: products of negatives would count as high.

    Notes
    -----
    G = Σ_ij w_ij x_i x_j / Σ_{i≠j} x_i x_j; above its expectation high values gather, below it low ones do.

    References
    ----------
    Getis and Ord (1992), doi:10.1111/j.1538-4632.1992.tb00261.x.
    """
    inference = Inference(**options)
    field = field_of(values, weights)
    faults = []
    if (field.x < 0).any():
        faults.append(f"below zero: {listed(field.index[field.tested][field.x < 0])}; use Moran's I instead")
    if np.count_nonzero(field.x) < 2:
        faults.append("fewer than two values differ from zero")
    if faults:
        raise StatisticsError("the general G is a share of products of values above zero", faults)
    x = field.x / field.x.max()
    rows = binary(field.rows)
    return whole_map_test(
        "global-g",
        x,
        rows,
        factor=1 / (float(x.sum()) ** 2 - float((x * x).sum())),
        moments=g_moments(x, rows),
        inference=inference,
        weights=weights,
        transform="binary",
    )


def g_tested(x: Floats, rows: Rows, inference: Inference, *, star: bool) -> Tested:
    """Test the neighbourhood mean of every area.

    Parameters
    ----------
    x : values, shape (n,), any unit.
    rows : binary weights without the area itself.
    inference : how.
    star : is the area its own neighbour?
    """
    centred = scaled(x)
    z = textbook_g_star(centred, rows) if star else textbook_g(centred, rows)
    # Divided by the largest value first: a sum over neighbours must not overflow.
    size = max(float(np.abs(x).max()), np.finfo(float).tiny)
    part = x / size
    around = neighbour_sums(part[None, :], rows)[0] + (part if star else 0.0)
    expectation = np.full(len(x), part.mean()) if star else (part.sum() - part) / (len(x) - 1)
    sided = neighbour_p(centred[None, :], rows, inference=inference)
    kind = np.select([(z > 0) & sided.high[0], (z < 0) & ~sided.high[0]], ["high", "low"], "not-significant")
    return Tested(
        statistic=around / (rows.degrees + int(star)) * size,
        expectation=expectation * size,
        z=z,
        p=sided.p[0],
        kind=kind.astype(object),
    )


def textbook_g_star(x: Floats, rows: Rows) -> Floats:
    """Return the textbook Gi* of each area, itself among its neighbours; 0 where no arrangement can differ.

    Parameters
    ----------
    x : centred values, shape (n,).
    rows : binary weights without the area itself.
    """
    n = len(x)
    weight = rows.degrees + 1.0
    spread = np.sqrt(float((x * x).sum()) / n * (n * weight - weight**2) / (n - 1))
    over = neighbour_sums(x[None, :], rows)[0] + x
    z: Floats = np.divide(over, spread, out=np.zeros(n), where=spread > 0)
    return z


def textbook_g(x: Floats, rows: Rows) -> Floats:
    """Return the textbook Gi of each area; 0 where no arrangement can differ."""
    mean, variance = sum_moments(x, rows)
    over = neighbour_sums(x[None, :], rows)[0] - mean
    z: Floats = np.divide(over, np.sqrt(variance), out=np.zeros(len(x)), where=variance > 0)
    return z


def g_moments(x: Floats, rows: Rows) -> Moments:
    """Return the exact mean and variance of the general G over all arrangements of the values (Getis and Ord 1992)."""
    n = len(x)
    s0, s1, s2 = rows.sums()
    m1, m2, m3, m4 = (float((x**power).sum()) for power in (1, 2, 3, 4))
    b0 = (n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0
    b1 = -((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0 * s0)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0 * s0
    b4 = s1 - s2 + s0 * s0
    four = n * (n - 1) * (n - 2) * (n - 3)
    square = (b0 * m2 * m2 + b1 * m4 + b2 * m1 * m1 * m2 + b3 * m1 * m3 + b4 * m1**4) / ((m1 * m1 - m2) ** 2 * four)
    mean = s0 / (n * (n - 1))
    return Moments(mean, square - mean * mean)


def _local_g(name: str, values: pd.Series, weights: Weights, inference: Inference) -> LocalResult:
    """Compute Gi or Gi*."""
    field = field_of(values, weights)
    return local_result(
        name,
        g_tested(field.x, binary(field.rows), inference, star=name == "local-g-star"),
        field=field,
        weights=weights,
        inference=inference,
        classes=GI_CLASSES,
        transform="binary",
    )
