"""Many areas: covariance fitted on a spread sample, then one exact solve; in blocks where that is too much as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import cho_solve, cholesky
from scipy.linalg.blas import dtrmm
from scipy.spatial import cKDTree

from analysis.covariance import Places
from analysis.covariance.structures import correlation
from analysis.levels.posterior import Posterior, candidates_on, draw_truth, look, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.covariance import Candidate

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Singles = np.ndarray[Any, np.dtype[np.float32]]

EXACT = 1_000
"""Up to this many areas every candidate is solved exactly and all are averaged."""

SAMPLE = 1_000
"""Areas on which the covariance is fitted beyond that: half spread out, half the nearest neighbour of one of them."""

BLOCK = 7_500
"""Areas that are solved together; beyond, the map is cut in blocks of near areas that do not inform each other."""

BATCH = 500
"""Draws made at once, so that memory is of the order of one matrix."""


def posterior_of(
    places: Places, y: Floats, known: Floats, *, draws: int, seed: int, block: int = BLOCK, exact: int = EXACT
) -> Posterior:
    """Draw the truth behind estimates with known errors, by the best means that the number of areas allows.

    Parameters
    ----------
    places : n areas. y, known : shape (n,), estimates and error variances on one scale. draws, seed : of the posterior.
    block, exact : sizes at which the map is cut, and up to which all candidates are averaged.

    Notes
    -----
    Up to 1,000 areas: exact. Beyond, the likeliest candidate of a spread sample, at its mean standard deviation, is solved
    exactly for all areas by conditional simulation. What the single candidate changes is measured on the sample, and stated
    under ``approximation``: the mean and largest difference of posterior means, in standard deviations of the truth.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 11]))
    n = len(y)
    x = np.ones((n, 1))
    error_sd = float(np.sqrt(known.mean()))
    if n <= exact:
        made = draw_truth(look(candidates_on(places, known), x, y), x, y, draws=draws, rng=rng)
        return Posterior(made.draws, {**made.parameters, "error_sd": error_sd, "approximation": None})
    chosen = spread_sample(places.centres, SAMPLE, rng)
    some = Places(places.centres[chosen])
    looked = look(candidates_on(some, known[chosen]), x[chosen], y[chosen])
    first = looked[0]
    sd = float(first.weight @ first.profile.sd / first.weight.sum())
    found = summary(looked)
    averaged = draw_truth(looked, x[chosen], y[chosen], draws=draws, rng=rng).draws.mean(axis=0, dtype=np.float64)
    single = _conditioned(some, first.candidate, sd, y[chosen], known[chosen], draws=draws, rng=rng)[0]
    apart = np.abs(single.mean(axis=0, dtype=np.float64) - averaged) / max(found["truth_sd"], 1e-300)
    made_draws, blocks = _conditioned(places, first.candidate, sd, y, known, draws=draws, rng=rng, block=block)
    approximation = {
        "sample": len(chosen),
        "weight_of_candidate": float(first.weight.sum()),
        "mean_difference": float(apart.mean()),
        "largest_difference": float(apart.max()),
        "blocks": blocks,
    }
    return Posterior(made_draws, {**found, "error_sd": error_sd, "approximation": approximation})


def spread_sample(centres: Floats, size: int, rng: np.random.Generator) -> Ints:
    """Return positions of areas spread over a map, and of the nearest neighbour of each, ``size`` at most, sorted.

    Notes
    -----
    Each area of the first half is the farthest from those before it. The second half holds the short distances, without
    which the independent share could not be told from a short range.
    """
    n = len(centres)
    if n <= size:
        return np.arange(n)
    spread = np.empty(size // 2, dtype=np.int64)
    spread[0] = rng.integers(n)
    nearest = np.full(n, np.inf)
    for at in range(1, len(spread)):
        nearest = np.minimum(nearest, ((centres - centres[spread[at - 1]]) ** 2).sum(axis=1))
        spread[at] = nearest.argmax()
    _, beside = cKDTree(centres).query(centres[spread], k=2)
    return np.unique(np.concatenate([spread, beside[:, 1]]))


def blocks_of(centres: Floats, size: int) -> Iterator[Ints]:
    """Cut a map in blocks of at most ``size`` near areas, halving the longer side again and again."""
    waiting = [np.arange(len(centres))]
    while waiting:
        here = waiting.pop()
        if len(here) <= size:
            yield here
            continue
        side = int(np.ptp(centres[here], axis=0).argmax())
        order = here[np.argsort(centres[here, side], kind="stable")]
        waiting += [order[len(order) // 2 :], order[: len(order) // 2]]


def _conditioned(
    places: Places,
    candidate: Candidate,
    sd: float,
    y: Floats,
    known: Floats,
    *,
    draws: int,
    rng: np.random.Generator,
    block: int = BLOCK,
) -> tuple[Singles, int]:
    """Draw the truth under one candidate and standard deviation by conditional simulation; also return the number of blocks.

    With y* = u* + e* simulated and r = y − y*, truth = y − e* − D·Σ⁻¹(r − β̂(r)): exact, the mean not taken for known. The
    mean is common to all blocks.
    """
    n = len(y)
    truth = np.empty((draws, n), dtype=np.float32)
    pull = np.empty(n)
    inside, along = 0.0, np.zeros(draws)
    parts = list(blocks_of(places.centres, block))
    for here in parts:
        root, whole = _factors(places.centres[here], candidate, sd, known[here])
        toward = np.ones(len(here)) / whole if root is None else cho_solve((whole, True), np.ones(len(here)))
        inside += float(toward.sum())
        pull[here] = known[here] * toward
        for start in range(0, draws, BATCH):
            batch = slice(start, min(start + BATCH, draws))
            size = (len(here), batch.stop - start)
            u, e = sd * rng.normal(size=size), np.sqrt(known[here])[:, None] * rng.normal(size=size)
            if root is not None:
                u = dtrmm(1.0, root, u, lower=True)
            rest = y[here, None] - u - e
            along[batch] += toward @ rest
            solved = rest / whole[:, None] if root is None else cho_solve((whole, True), rest, check_finite=False)
            truth[batch, here] = (y[here, None] - e - known[here, None] * solved).T
    for start in range(0, draws, BATCH):
        truth[start : start + BATCH] += (along[start : start + BATCH, None] / inside * pull).astype(np.float32)
    return truth, len(parts)


def _factors(centres: Floats, candidate: Candidate, sd: float, known: Floats) -> tuple[Floats | None, Floats]:
    """Return the Cholesky factors of V and of σ²V + D; of independent areas None and the diagonal itself."""
    if candidate.family == "independent":
        return None, sd**2 + known
    alike = correlation(candidate, Places(centres).distances())
    np.fill_diagonal(alike, 1.0)
    whole = sd**2 * alike
    whole[np.diag_indices_from(whole)] += known
    root = cholesky(alike, lower=True, overwrite_a=True, check_finite=False)
    return root, cholesky(whole, lower=True, overwrite_a=True, check_finite=False)
