"""The truth behind published figures: an area-level model with spatial covariance, its posterior drawn.

value = truth + known error; truth = mean + exponential covariance in distance + independent part. Range, independent share and
standard deviation of the truth lie on a grid weighted by restricted likelihood; given them all is normal and in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.covariance import (
    exponential_candidates,
    model_weights,
    profile,
    structure_of,
    with_known_errors,
)
from analysis.covariance.known import standard_deviations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.covariance import Candidate, KnownErrors, Places, Profile

Floats = np.ndarray[Any, np.dtype[np.float64]]
Singles = np.ndarray[Any, np.dtype[np.float32]]

FAR_BELOW = 15.0
"""A candidate whose log-likelihood is this far below the best has a weight below one in a million: none of 4,000 draws."""


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws of the truth, shape (d, n), float32, on the scale of the errors, and what they rest on.

    ``parameters``: ``truth_sd`` (mean standard deviation of the truth), ``error_sd`` (root mean square of the errors),
    ``no_spread`` (is the likelihood highest where areas do not differ at all?), ``candidates``, and ``approximation`` where
    the areas are too many for an exact answer.
    """

    draws: Singles
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """One candidate looked at over a grid of standard deviations; ``weight`` shape (g,) over all candidates adds up to 1."""

    errors: KnownErrors
    profile: Profile
    weight: Floats

    @property
    def candidate(self) -> Candidate:
        """The candidate."""
        return self.errors.structure.candidate


def candidates_on(places: Places, known: Floats) -> Iterator[KnownErrors]:
    """Make every candidate ready for estimates with these error variances, one after the other.

    Parameters
    ----------
    places : n areas. known : shape (n,), error variances.
    """
    distances = places.distances()
    for candidate in exponential_candidates(places.widest()):
        yield with_known_errors(structure_of(candidate, places, distances=distances), known)


def look(candidates: Iterable[KnownErrors], x: Floats, y: Floats) -> tuple[Looked, ...]:
    """Weigh every candidate and standard deviation of the truth by restricted likelihood.

    Parameters
    ----------
    candidates : from ``candidates_on``. x : shape (n, p). y : shape (n,), estimates.

    Returns
    -------
    The candidates whose weight is not nothing, the likeliest first. The prior is flat over distinct candidates and over the
    standard deviation, from 0 on.
    """
    kept: list[tuple[KnownErrors, Profile, float]] = []
    best = -np.inf
    for errors in candidates:
        sd = standard_deviations(errors, x, y)
        seen = profile(errors, x, y, sd)
        # Standard deviations lie one step apart: the step is what a flat prior gives each.
        log_step = float(np.log(sd[-1] - sd[-2]))
        top = float(seen.log_likelihood.max()) + log_step
        best = max(best, top)
        if top > best - FAR_BELOW:
            kept = [one for one in kept if one[1].log_likelihood.max() + one[2] > best - FAR_BELOW]
            kept.append((errors, seen, log_step))
    weights = model_weights(np.concatenate([seen.log_likelihood + step for _, seen, step in kept]))
    sizes = np.cumsum([len(seen.sd) for _, seen, _ in kept])[:-1]
    looked = [
        Looked(errors, seen, weight) for (errors, seen, _), weight in zip(kept, np.split(weights, sizes), strict=True)
    ]
    return tuple(sorted(looked, key=lambda one: -float(one.weight.sum())))


def draw_truth(looked: Sequence[Looked], x: Floats, y: Floats, *, draws: int, rng: np.random.Generator) -> Posterior:
    """Draw the truth of all areas together from its posterior.

    Parameters
    ----------
    looked : from ``look``, with the same x and y. draws : how many. rng : of the draws.

    Notes
    -----
    In the basis of ``KnownErrors`` truth and error are independent: given mean and standard deviation every component is
    normal around s·y + (1 − s)·xβ with variance s·γ, s = σ² / (σ² + γ). The mean is drawn, not taken for known. Grid points
    get their draws in proportion to their weight (systematic resampling), and draws are put in random order, so that any
    first thousand are as good as all.
    """
    weight = np.concatenate([one.weight for one in looked])
    cells = np.searchsorted(np.cumsum(weight) / weight.sum(), (rng.uniform() + np.arange(draws)) / draws)
    starts = np.cumsum([0, *(len(one.weight) for one in looked)])
    made = np.empty((draws, len(y)), dtype=np.float32)
    for one, start, end in zip(looked, starts, starts[1:], strict=False):
        mine = np.flatnonzero((cells >= start) & (cells < end))
        if len(mine):
            made[mine] = _drawn(one, x, y, cells[mine] - start, rng)
    return Posterior(made[rng.permutation(draws)], summary(looked))


def summary(looked: Sequence[Looked]) -> dict[str, Any]:
    """Say what the grid found: spread of the truth and of the errors, and the weight of every candidate."""
    top = max(looked, key=lambda one: float(one.profile.log_likelihood.max()))
    return {
        "truth_sd": float(sum(one.weight @ one.profile.sd for one in looked)),
        "no_spread": bool(top.profile.log_likelihood.argmax() == 0),
        "candidates": [{**one.candidate.to_dict(), "weight": round(float(one.weight.sum()), 4)} for one in looked],
    }


def _drawn(one: Looked, x: Floats, y: Floats, at: np.ndarray[Any, Any], rng: np.random.Generator) -> Floats:
    """Draw the truth under one candidate, once for each grid point in ``at``; shape (len(at), n)."""
    n, p = x.shape
    sd = one.profile.sd[at]
    gamma = one.errors.gamma[:, None]
    root = np.linalg.cholesky(one.profile.covariance[at])
    beta = one.profile.beta[at] + np.einsum("dpq,dq->dp", root, rng.normal(size=(len(at), p)))
    mean, seen = one.errors.forward(x) @ beta.T, one.errors.forward(y)[:, None]
    held = sd**2 / (sd**2 + gamma)
    truth = mean + held * (seen - mean) + np.sqrt(held * gamma) * rng.normal(size=(n, len(at)))
    return one.errors.backward(truth).T
