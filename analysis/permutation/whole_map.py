"""Permutation of the whole map: draws of a quadratic form of all values at once."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.special import ndtr

from analysis.permutation.curve import MOST_DRAWN, skewness_of, tails_of
from analysis.significance import GlobalResult, described, p_values
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.permutation.moments import Moments
    from analysis.permutation.tails import Rows
    from analysis.significance import Inference
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]

MAPS = 1_024
"""Shuffled maps in a block; each block has its own stream, so the split is part of the answer."""

HELD = 4_000_000
"""Values held at once in a block: fewer maps a block where maps are large."""


def quadratic_form(values: Floats, rows: Rows, *, diagonal: Floats | None = None) -> float:
    """Return Σ_ij w_ij x_i x_j + Σ_i d_i x_i²; ``values`` and ``diagonal`` shape (n,)."""
    half, weight = _halved(rows, diagonal)
    return float(values @ (half @ values) + weight @ (values * values))


def quadratic_draws(
    values: Floats,
    rows: Rows,
    *,
    diagonal: Floats | None = None,
    permutations: int,
    seed: int,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Floats:
    """Return the quadratic form of ``permutations`` shuffles of the values over all places, shape (permutations,).

    Parameters
    ----------
    values : shape (n,), scaled.
    rows : the weights w.
    diagonal : d, shape (n,); none = zeros.
    permutations, seed, workers : draws, their seed, threads; the answer does not depend on threads.
    progress : called with (draws done, draws in all) after every block.

    Notes
    -----
    Null hypothesis: every arrangement of the values over the places is equally likely.
    """
    n = len(values)
    half, weight = _halved(rows, diagonal)
    size = min(MAPS, max(1, HELD // n))
    starts = range(0, permutations, size)
    streams = np.random.SeedSequence(seed).spawn(len(starts))

    def run(at: int) -> Floats:
        count = min(size, permutations - starts[at])
        rng = np.random.default_rng(streams[at])
        maps = np.ascontiguousarray(rng.permuted(np.repeat(values[None, :], count, axis=0), axis=1).T)
        draws: Floats = np.einsum("ij,ij->j", half @ maps, maps)
        return draws + weight @ (maps * maps) if diagonal is not None else draws

    done: list[Floats] = []
    with ThreadPoolExecutor(workers) as pool:
        # One worker stays on this thread, where an interruption from the keyboard reaches it.
        places = range(len(starts))
        for part in pool.map(run, places) if workers > 1 else map(run, places):
            done.append(part)
            if progress is not None:
                progress(min(len(done) * size, permutations), permutations)
    return np.concatenate(done)


def whole_map_test(
    name: str,
    x: Floats,
    rows: Rows,
    *,
    factor: float,
    moments: Moments,
    inference: Inference,
    weights: Weights,
    diagonal: Floats | None = None,
    **parameters: Any,
) -> GlobalResult:
    """Test factor × quadratic form against shuffles of the whole map, or against a curve: when asked, or where the map is large.

    Parameters
    ----------
    name : the statistic's.
    x : scaled values, shape (n,). rows, diagonal : of the form. factor : what it is multiplied with.
    moments : of the statistic over all arrangements. Where they say so, of more than ``MOST_DRAWN`` areas and with no number of
        permutations stated, p comes from the Pearson curve of the exact mean and variance and the skewness; none is then smaller
        than the usual number of shuffles could show.
    inference : how; ``"saddlepoint"`` has no meaning for a whole map.
    weights : for the record. parameters : what else the result records.

    Raises
    ------
    StatisticsError
        The method is the saddlepoint.
    """
    observed = factor * quadratic_form(x, rows, diagonal=diagonal)
    z = (observed - moments.mean) / math.sqrt(moments.variance) if moments.variance > 0 else 0.0
    draws = inference.global_draws()
    if inference.method == "saddlepoint":
        raise StatisticsError(
            "a whole map has no saddlepoint approximation here", ["choose method permutation or normal"]
        )
    if inference.method == "normal":
        tails = {"greater": ndtr(-z), "less": ndtr(z), "two-sided": min(1.0, 2 * ndtr(-abs(z)))}
        p = float(tails[inference.alternative])
    elif moments.by_curve and len(x) > MOST_DRAWN and inference.permutations in ("auto", None):
        p, skewness = _by_curve(x, rows, z, moments.variance / factor**2, inference)
        draws, parameters = 0, {**parameters, "curve": "Pearson III", "skewness": skewness}
    else:
        found = factor * quadratic_draws(
            x,
            rows,
            diagonal=diagonal,
            permutations=draws,
            seed=inference.seed,
            workers=inference.workers,
            progress=inference.progress,
        )
        upper, lower = counted(found, observed, scale=max(abs(observed), math.sqrt(max(moments.variance, 0.0))))
        p = float(p_values(np.array([upper]), np.array([lower]), draws, inference.alternative)[0])
    record = {key: value for key, value in inference.recorded().items() if key not in ("correction", "alpha")}
    told = {"permutations": draws, **record, **described(weights), **parameters}
    told |= {"method": "moments"} if "curve" in parameters else {}
    return GlobalResult(name, observed, moments.mean, z, p, len(x), told)


def _by_curve(x: Floats, rows: Rows, z: float, variance: float, inference: Inference) -> tuple[float, float]:
    """Return p from the Pearson curve, never below what the usual shuffles could show, and the skewness."""
    skewness = skewness_of(x, rows, variance)
    above, below = tails_of(z, skewness)
    sides = {"greater": above, "less": below, "two-sided": min(1.0, 2 * min(above, below))}
    return max(float(sides[inference.alternative]), inference.tails / (inference.global_draws() + 1)), skewness


def counted(draws: Floats, observed: float, *, scale: float) -> tuple[int, int]:
    """Count draws at least as high, and at least as low, as what was observed; ties within 1e-11 of ``scale``."""
    tie = 1e-11 * scale
    return int((draws >= observed - tie).sum()), int((draws <= observed + tie).sum())


def _halved(rows: Rows, diagonal: Floats | None) -> tuple[sparse.csr_array, Floats]:
    """Fold w_ij and w_ji into one entry above the diagonal: half the work, the same sum."""
    matrix = rows.sparse()
    half = sparse.csr_array(sparse.triu(matrix + matrix.T, k=1))
    return half, np.zeros(matrix.shape[0]) if diagonal is None else diagonal
