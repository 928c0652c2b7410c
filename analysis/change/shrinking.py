"""What true figures are likely to be behind figures with known error: an area-level model, its doubt about its own spread kept.

figure = truth + known error, truth = centre + independent part. The spread of the truths is not estimated once and then believed,
but averaged over a grid by its restricted likelihood, so that few areas or large errors widen what follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.special import ndtr, ndtri

from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]

MIN_AREAS: Final = 5
"""Below this many areas nothing can be learnt of how far their truths lie apart."""
_COARSE, _FINE = 64, 60
"""Spreads tried to find where the likelihood lies, and then across that range: the second grid moves no probability by 0.001."""
_NEGLIGIBLE: Final = 14.0
"""Log-likelihoods below the best by more than this weigh less than a millionth."""
_HALVINGS: Final = 50
_TINY: Final = 1e-300
"""Keeps a spread of nothing divisible: a truth that is the common mean lies apart from it with probability 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What is known of each truth: a mixture of normals over possible spreads of the truths.

    Parameters
    ----------
    figures : what was published, shape (n_areas,).
    kept : share of a figure's distance from the centre that is kept, shape (n_areas, n_spreads). centres : shape (n_spreads,).
    sds : shape (n_areas, n_spreads). weights : shape (n_spreads,), sum 1. centre_variance : of the centres, shape (n_spreads,).
    centre, spread : posterior means of the truths' common mean and standard deviation.
    """

    figures: Floats
    kept: Floats
    centres: Floats
    sds: Floats
    weights: Floats
    centre_variance: Floats
    centre: float
    spread: float

    @property
    def means(self) -> Floats:
        """Mean of each truth given each spread, shape (n_areas, n_spreads)."""
        return np.asarray(self.centres + self.kept * (self.figures[:, None] - self.centres))

    def had(self, figures: Floats) -> Posterior:
        """Return the posterior other figures would have had under the same spreads and centres."""
        return replace(self, figures=figures)

    @property
    def mean(self) -> Floats:
        """Posterior mean of each truth, shape (n_areas,)."""
        return np.asarray(self.means @ self.weights)

    def common(self, limit: float) -> tuple[float, float]:
        """Return the probabilities that the common mean lies above a limit, and below its negative."""
        sd = np.sqrt(self.centre_variance)
        above, below = (float(ndtr((side * self.centres - limit) / sd) @ self.weights) for side in (1, -1))
        return above, below

    def about(self, centre: float) -> Posterior:
        """Return the posterior under another common mean, the spreads as they are."""
        return replace(self, centres=np.full_like(self.centres, centre), centre=centre)

    @property
    def sd(self) -> Floats:
        """Posterior standard deviation of each truth, shape (n_areas,)."""
        squares = (self.means**2 + self.sds**2) @ self.weights
        return np.asarray(np.sqrt(np.maximum(squares - self.mean**2, 0.0)))

    def below(self, limit: float | Floats) -> Floats:
        """Return the probability that each truth lies below a limit, shape (n_areas,)."""
        limits = np.asarray(limit, dtype=np.float64)
        column = limits[:, None] if limits.ndim else limits
        # Weights add up to 1 but for rounding.
        return np.asarray(np.clip(ndtr((column - self.means) / self.sds) @ self.weights, 0.0, 1.0))

    def apart(self, limit: float) -> tuple[Floats, Floats]:
        """Return the probabilities that each truth lies above and below the common mean by more than a limit, shape (n_areas,).

        What happened to all areas alike is no part of it.
        """
        distance = self.kept * (self.figures[:, None] - self.centres)
        spread = np.sqrt(np.maximum(self.sds**2 - (1 - 2 * self.kept) * self.centre_variance, _TINY))
        above = ndtr((distance - limit) / spread) @ self.weights
        below = ndtr((-limit - distance) / spread) @ self.weights
        return np.asarray(np.clip(above, 0.0, 1.0)), np.asarray(np.clip(below, 0.0, 1.0))

    def quantile(self, share: float) -> Floats:
        """Return the value below which each truth lies with a probability, shape (n_areas,)."""
        reach = abs(ndtri(share)) + 1.0
        means = self.means
        low, high = (means - reach * self.sds).min(axis=1), (means + reach * self.sds).max(axis=1)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            under = self.below(middle) < share
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2)


def posterior_of(figures: Floats, errors: Floats) -> Posterior:
    """Fit the area-level model by restricted likelihood, averaged over the spread of the truths.

    Parameters
    ----------
    figures : shape (n_areas,), finite. errors : their standard errors, shape (n_areas,), above 0.

    Raises
    ------
    StatisticsError
        Fewer than five areas, figures that are not finite, errors that are not above 0.

    Notes
    -----
    For a spread τ, with Vᵢ = τ² + sᵢ² and wᵢ = 1/Vᵢ: centre μ = Σwᵢdᵢ / Σwᵢ, and each truth is normal with mean
    μ + (τ²/Vᵢ)(dᵢ − μ) and variance τ²sᵢ²/Vᵢ + (sᵢ²/Vᵢ)² / Σwᵢ. The weight of τ is its restricted likelihood times a prior
    that is flat in τ. A spread of nothing stays possible: where figures vary no more than their errors, all truths are drawn onto the centre.

    References
    ----------
    Fay and Herriot (1979), doi:10.1080/01621459.1979.10482505; Gelman (2006), doi:10.1214/06-BA117A.
    """
    d, s = np.asarray(figures, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    _check(d, s)
    spreads, weights = _grid(d, s)
    variance = spreads**2 + s[:, None] ** 2
    w = 1 / variance
    total = w.sum(axis=0)
    centre = (w * d[:, None]).sum(axis=0) / total
    kept = spreads**2 / variance
    sds = np.sqrt(kept * s[:, None] ** 2 + (1 - kept) ** 2 / total)
    return Posterior(d, kept, centre, sds, weights, 1 / total, float(centre @ weights), float(spreads @ weights))


def _check(d: Floats, s: Floats) -> None:
    faults = []
    if len(d) < MIN_AREAS:
        faults.append(f"{len(d)} areas are too few: at least {MIN_AREAS} must have a figure with an error")
    if not np.isfinite(d).all():
        faults.append(f"{int((~np.isfinite(d)).sum())} figures are not finite")
    if not (np.isfinite(s) & (s > 0)).all():
        faults.append(f"{int((~(np.isfinite(s) & (s > 0))).sum())} standard errors are not above 0")
    if faults:
        raise StatisticsError("truths cannot be told from errors", faults)


def _grid(d: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Return spreads and their weights: a coarse grid finds the range that counts, a fine one covers it."""
    scale = max(float(np.std(d)), float(np.median(s)))
    coarse = np.concatenate([[0.0], np.geomspace(scale * 1e-3, scale * 5.0, _COARSE)])
    likely = _restricted(d, s, coarse)
    counts = np.flatnonzero(likely > likely.max() - _NEGLIGIBLE)
    first, last = max(counts[0] - 1, 0), min(counts[-1] + 1, len(coarse) - 1)
    spreads = np.linspace(coarse[first], coarse[last], _FINE)
    fine = _restricted(d, s, spreads)
    weights = np.exp(fine - fine.max())
    weights[[0, -1]] /= 2  # trapezia
    return spreads, weights / weights.sum()


def _restricted(d: Floats, s: Floats, spreads: Floats) -> Floats:
    """Return the restricted log-likelihood of each spread, up to a constant."""
    w = 1 / (spreads**2 + s[:, None] ** 2)
    total = w.sum(axis=0)
    centre = (w * d[:, None]).sum(axis=0) / total
    misfit = (w * (d[:, None] - centre) ** 2).sum(axis=0)
    return np.asarray(0.5 * (np.log(w).sum(axis=0) - np.log(total) - misfit))
