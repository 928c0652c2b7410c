"""The tail of a neighbour sum without draws: the double saddlepoint approximation, with a check that it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import comb, expit, ndtr

from analysis.permutation.moments import sum_moments
from analysis.permutation.tails import neighbour_sums
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from analysis.permutation.tails import Rows

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

STEPS = 100
"""Newton steps; damped, they need about ten."""

FOUND = 1e-9
"""Largest error of the two saddlepoint equations, relative to the number of neighbours, that counts as solved."""

NEAR_MEAN = 1e-3
"""Closer to the mean than this (in r) the formula is 0/0; the normal curve is its limit there to about r²."""

CELLS = 2_000_000
"""Areas × values held at once."""


def saddlepoint_tails(x: Floats, rows: Rows) -> tuple[Floats, Floats]:
    """Return P(sum ≥ observed) and P(sum ≤ observed) for each area under conditional permutation, shape (outcomes, n).

    Parameters
    ----------
    x : values, shape (outcomes, n).
    rows : the graph; each area weighs its neighbours equally.

    Raises
    ------
    StatisticsError
        Weights that are not equal, or areas whose saddlepoint was not found: use draws.

    Notes
    -----
    A neighbour sum is that of k values drawn without replacement from the others: independent Bernoulli choices given that k
    were chosen, so the joint cumulant function of the number and the sum is known, and Skovgaard's formula gives the tail.
    On values that are roughly symmetric it is within a few per cent down to p = 0.001; on strongly skewed values or few
    distinct values it is not to be trusted. Sums that are the largest or smallest possible are counted exactly. The cost is
    n² a step.

    References
    ----------
    Robinson (1982), doi:10.1111/j.2517-6161.1982.tb01191.x; Skovgaard (1987), doi:10.2307/3214212.
    """
    if not rows.even:
        raise StatisticsError(
            "the saddlepoint approximation is for equal weights", ["use method permutation, which takes any weights"]
        )
    ones = type(rows)(rows.indptr, rows.indices, np.ones_like(rows.data))
    pairs = [_outcome(one, ones) for one in x]
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def _outcome(x: Floats, rows: Rows) -> tuple[Floats, Floats]:
    """Return both tails for one outcome."""
    x = (x - x.mean()) / x.std()
    n = len(x)
    sums = neighbour_sums(x[None, :], rows)[0]
    mean, variance = sum_moments(x, rows)
    upper = np.empty(n)
    lower = np.empty(n)
    lost: list[int] = []
    step = max(1, CELLS // n)
    for start in range(0, n, step):
        areas = np.arange(start, min(start + step, n))
        k = rows.degrees[areas].astype(np.float64)
        others = np.ones((len(areas), n), dtype=bool)
        others[np.arange(len(areas)), areas] = False
        u, t, solved = _solved(x, others, k, sums[areas])
        high = _tail(x, others, k, sums[areas], u, t)
        spread = np.sqrt(variance[areas])
        z = np.divide(sums[areas] - mean[areas], spread, out=np.zeros(len(areas)), where=spread > 0)
        near = np.abs(z) < NEAR_MEAN
        high = np.where(near, ndtr(-z), high)
        low = 1 - high
        for at, area in enumerate(areas):
            edge = _edge(np.delete(x, area), int(k[at]), sums[area])
            if edge is not None:
                high[at], low[at] = edge
            elif not (near[at] or (solved[at] and 0 <= high[at] <= 1)):
                lost.append(int(area))
        upper[areas], lower[areas] = high, low
    if lost:
        raise StatisticsError(
            f"no saddlepoint was found for {len(lost)} of {n} areas",
            [f"at positions {listed(lost)}", "use method permutation, which always has an answer"],
        )
    return upper, lower


def _solved(x: Floats, others: Flags, k: Floats, sums: Floats) -> tuple[Floats, Floats, Flags]:
    """Find (u, t) with Σ p = k and Σ p x = sum, p = θ e^(u+tx) / (1 − θ + θ e^(u+tx)), by damped Newton steps."""
    n_others = others.sum(axis=1)
    base = np.log(k / np.maximum(n_others - k, 0.5))
    u, t = np.zeros(len(k)), np.zeros(len(k))
    error = np.full(len(k), np.inf)
    for _ in range(STEPS):
        p = expit(base[:, None] + u[:, None] + t[:, None] * x) * others
        v = p * (1 - p)
        f, g = p.sum(axis=1) - k, p @ x - sums
        error = np.maximum(np.abs(f), np.abs(g)) / k
        if (error < FOUND).all():
            break
        a, b, c = v.sum(axis=1), v @ x, v @ (x * x)
        det = np.maximum(a * c - b * b, 1e-300)
        du, dt = (c * f - b * g) / det, (a * g - b * f) / det
        # A step longer than this overshoots into the flat of the logistic curve.
        length = np.minimum(1.0, 1.5 / np.maximum(np.hypot(du, dt), 1e-300))
        active = error >= FOUND
        u -= np.where(active, length * du, 0.0)
        t -= np.where(active, length * dt, 0.0)
    return u, t, error < FOUND


def _tail(x: Floats, others: Flags, k: Floats, sums: Floats, u: Floats, t: Floats) -> Floats:
    """Return Skovgaard's P(sum ≥ observed | k chosen)."""
    n_others = others.sum(axis=1)
    share = np.minimum(k / n_others, 1 - 1e-12)
    tilt = u[:, None] + t[:, None] * x
    cumulant = (np.log1p(share[:, None] * np.expm1(np.clip(tilt, -700, 700))) * others).sum(axis=1)
    p = expit(np.log(share / (1 - share))[:, None] + tilt) * others
    v = p * (1 - p)
    a, b, c = v.sum(axis=1), v @ x, v @ (x * x)
    r = np.sign(t) * np.sqrt(np.maximum(2 * (u * k + t * sums - cumulant), 0.0))
    q = t * np.sqrt(np.maximum(a * c - b * b, 0.0) / (n_others * share * (1 - share)))
    with np.errstate(divide="ignore", invalid="ignore"):
        tail: Floats = ndtr(-r) - np.exp(-r * r / 2) / np.sqrt(2 * np.pi) * (1 / r - 1 / q)
    return tail


def _edge(others: Floats, k: int, observed: float) -> tuple[float, float] | None:
    """Count exactly where the sum is the largest or smallest that k of the others can have; else None."""
    ordered = np.sort(others)
    if k == len(others):
        return 1.0, 1.0
    tie = 1e-9 * k
    for values, largest in ((ordered[::-1], True), (ordered, False)):
        if abs(values[:k].sum() - observed) <= tie:
            level = np.abs(values - values[k - 1]) <= 1e-12
            ways = comb(int(level.sum()), int(level[:k].sum()), exact=True)
            share = float(ways / comb(len(others), k, exact=True))
            return (share, 1.0) if largest else (1.0, share)
    return None
