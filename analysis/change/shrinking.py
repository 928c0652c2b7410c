"""What true figures are likely to be behind figures with known error: an area-level model, its doubt about its own spread kept.

figure = truth + known error, truth = centre + independent part, in which a few areas may lie far from all others. How far truths lie
apart is not estimated once and then believed, but averaged over a grid by its restricted likelihood, so that few areas or large
errors widen what follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy.special import ndtr, ndtri

from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]

MIN_AREAS: Final = 5
"""Below this many areas nothing can be learnt of how far their truths lie apart."""
_COARSE, _FINE = 64, 24
"""Spreads tried to find where the likelihood lies, and then across that range: twice as many move no probability by a millionth."""
_NEGLIGIBLE: Final = 12.0
"""Log-likelihoods below the best by more than this weigh less than a hundred-thousandth."""
_FAR_SHARES: Final = (0.0, 0.01, 0.03, 0.1, 0.2)
"""Shares of areas that may lie far from the others: with none, a few that moved would make all seem to have moved."""
_FAR_REACHES: Final = (2.0, 4.0, 8.0)
"""How far those lie, in typical errors."""
_NONE_FAR: Final = 0.5
"""Prior probability that no area lies apart; the rest is shared out equally."""
_ROUNDS: Final = 4
"""Steps towards the centre of a mixture: twelve move no probability by a millionth."""
_HALVINGS: Final = 40
_TINY: Final = 1e-300
"""Keeps a spread of nothing divisible: a truth that is the common mean lies apart from it with probability 0."""


@dataclass(frozen=True, eq=False)
class Prior:
    """How truths may be spread: possibilities, each a mixture of a near and a far part round a centre.

    Parameters
    ----------
    weights : of the possibilities, shape (n_possible,), sum 1. centres, centre_variance : shape (n_possible,).
    shares, spreads, shifts : of the near and the far part, shape (n_possible, 2): how many, how far apart, how far off the centre.
    support : restricted log-likelihood of the likeliest possibility, up to a constant that all priors of the same figures share.
    """

    weights: Floats
    centres: Floats
    centre_variance: Floats
    shares: Floats
    spreads: Floats
    shifts: Floats
    support: float

    @property
    def centre(self) -> float:
        """Posterior mean of the truths' common mean, those far from it left aside."""
        return float(self.centres @ self.weights)

    @property
    def spread(self) -> float:
        """Posterior mean of the truths' standard deviation."""
        off = (self.shares * self.shifts).sum(axis=1)
        squares = (self.shares * (self.spreads**2 + self.shifts**2)).sum(axis=1)
        return float(np.sqrt(squares - off**2) @ self.weights)

    def common(self, limit: float) -> tuple[float, float]:
        """Return the probabilities that the common mean lies above a limit, and below its negative."""
        sd = np.sqrt(self.centre_variance)
        above, below = (float(ndtr((side * self.centres - limit) / sd) @ self.weights) for side in (1, -1))
        return above, below

    def about(self, centre: float) -> Prior:
        """Return the prior with another common mean, the spreads as they are."""
        return replace(self, centres=np.full_like(self.centres, centre))


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is known of each truth: a mixture of normals over the possibilities of the prior.

    Parameters
    ----------
    prior : as fitted. figures, errors : shape (n_areas,).
    rivals : what is known under other priors that the figures do not rule out (``analysis.change.rivals``); ``rises``, ``falls`` and
        ``apart`` take the most cautious of all.
    """

    prior: Prior
    figures: Floats
    errors: Floats
    rivals: tuple[Posterior, ...] = ()

    @cached_property
    def _parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Weights, distances from the centre, variances given the centre, shares kept; shape (n_areas, 2 · n_possible)."""
        prior = self.prior
        centres, shifts = np.repeat(prior.centres, 2), prior.shifts.ravel()
        spreads, shares = prior.spreads.ravel(), prior.shares.ravel()
        variance = spreads**2 + self.errors[:, None] ** 2
        distance = self.figures[:, None] - centres - shifts
        likely = shares * np.exp(-0.5 * distance**2 / variance) / np.sqrt(variance)
        of_possible = likely.reshape(len(self.figures), -1, 2)
        total = of_possible.sum(axis=2, keepdims=True)
        # A figure so far out that no part could give it belongs to the far one.
        farthest = np.broadcast_to([0.0, 1.0], of_possible.shape)
        inside = np.divide(of_possible, total, out=farthest.copy(), where=total > 0)
        weights = (inside * prior.weights[:, None]).reshape(len(self.figures), -1)
        kept = spreads**2 / variance
        return weights, shifts + kept * distance, kept * self.errors[:, None] ** 2, kept

    @cached_property
    def _normals(self) -> tuple[Floats, Floats, Floats]:
        """Weights, means and standard deviations of the normals of the mixture."""
        weights, distance, variance, kept = self._parts
        centres, doubt = np.repeat(self.prior.centres, 2), np.repeat(self.prior.centre_variance, 2)
        return weights, centres + distance, np.sqrt(np.maximum(variance + (1 - kept) ** 2 * doubt, _TINY))

    @property
    def centre(self) -> float:
        """Posterior mean of the truths' common mean."""
        return self.prior.centre

    @property
    def spread(self) -> float:
        """Posterior mean of the truths' standard deviation."""
        return self.prior.spread

    @property
    def reliability(self) -> float:
        """Mean share of a figure's distance from the centre that is no error."""
        weights, _, _, kept = self._parts
        return float((weights * kept).sum(axis=1).mean())

    @property
    def mean(self) -> Floats:
        """Posterior mean of each truth, shape (n_areas,)."""
        weights, means, _ = self._normals
        return np.asarray((weights * means).sum(axis=1))

    @property
    def sd(self) -> Floats:
        """Posterior standard deviation of each truth, shape (n_areas,)."""
        weights, means, sds = self._normals
        squares = (weights * (means**2 + sds**2)).sum(axis=1)
        return np.asarray(np.sqrt(np.maximum(squares - self.mean**2, 0.0)))

    def had(self, figures: Floats) -> Posterior:
        """Return the posterior other figures would have had under the same priors."""
        return replace(self, figures=figures, rivals=tuple(one.had(figures) for one in self.rivals))

    def about(self, centre: float) -> Posterior:
        """Return the posterior under priors with another common mean."""
        return replace(self, prior=self.prior.about(centre), rivals=tuple(one.about(centre) for one in self.rivals))

    def rises(self, limit: float) -> Floats:
        """Return the probability that each truth lies above a limit, of all priors the least, shape (n_areas,)."""
        return np.asarray(np.minimum.reduce([1 - one.below(limit) for one in (self, *self.rivals)]))

    def falls(self, limit: float) -> Floats:
        """Return the probability that each truth lies below the negative of a limit, of all priors the least, shape (n_areas,)."""
        return np.asarray(np.minimum.reduce([one.below(-limit) for one in (self, *self.rivals)]))

    def below(self, limit: float | Floats) -> Floats:
        """Return the probability that each truth lies below a limit, shape (n_areas,)."""
        weights, means, sds = self._normals
        limits = np.asarray(limit, dtype=np.float64)
        column = limits[:, None] if limits.ndim else limits
        # Weights add up to 1 but for rounding.
        return np.asarray(np.clip((weights * ndtr((column - means) / sds)).sum(axis=1), 0.0, 1.0))

    def apart(self, limit: float) -> tuple[Floats, Floats]:
        """Return the probabilities that each truth lies above and below the common mean by more than a limit, shape (n_areas,).

        What happened to all areas alike is no part of it. Of all priors the least.
        """
        weights, distance, variance, kept = self._parts
        sd = np.sqrt(np.maximum(variance + kept**2 * np.repeat(self.prior.centre_variance, 2), _TINY))
        above, below = ((weights * ndtr((side * distance - limit) / sd)).sum(axis=1) for side in (1, -1))
        for one in self.rivals:
            above, below = (np.minimum(*pair) for pair in zip((above, below), one.apart(limit), strict=True))
        return np.clip(above, 0.0, 1.0), np.clip(below, 0.0, 1.0)

    def quantile(self, share: float) -> Floats:
        """Return the value below which each truth lies with a probability, shape (n_areas,)."""
        _, means, sds = self._normals
        reach = abs(ndtri(share)) + 1.0
        low, high = (means - reach * sds).min(axis=1), (means + reach * sds).max(axis=1)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            under = self.below(middle) < share
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2)


def posterior_of(figures: Floats, errors: Floats) -> Posterior:
    """Fit the area-level model by restricted likelihood, averaged over how the truths are spread.

    Parameters
    ----------
    figures : shape (n_areas,), finite. errors : their standard errors, shape (n_areas,), above 0.

    Raises
    ------
    StatisticsError
        Fewer than five areas, figures that are not finite, errors that are not above 0.

    Notes
    -----
    Truths are N(μ, τ²) in all areas but a share ε, and N(μ, τ² + (c·s̃)²) in those, s̃ the median error. Given τ, ε and c, each
    truth is a mixture of two normals with means μ + k(d − μ) and variances k·s² + (1 − k)²·var(μ), k = ω²/(ω² + s²). τ, ε and c are
    averaged by their restricted likelihood, flat in τ, half the prior on ε = 0. A spread of nothing stays possible: where figures vary
    no more than their errors, all truths are drawn onto the centre. With ε = 0 this is the model of Fay and Herriot.

    References
    ----------
    Fay and Herriot (1979), doi:10.1080/01621459.1979.10482505; Datta and Lahiri (1995), doi:10.1006/jmva.1995.1058 (outliers);
    Gelman (2006), doi:10.1214/06-BA117A (flat in τ).
    """
    d, s = np.asarray(figures, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    _check(d, s)
    return Posterior(_prior(d, s), d, s)


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


def _prior(d: Floats, s: Floats) -> Prior:
    """Return the possibilities that count: a coarse grid of spreads finds the range, a fine one covers it, for every share far out."""
    typical = float(np.median(s))
    scale = max(float(np.std(d)), typical)
    coarse = np.concatenate([[0.0], np.geomspace(scale * 1e-3, scale * 5.0, _COARSE)])
    found = []
    for share in _FAR_SHARES:
        for reach in _FAR_REACHES if share else (0.0,):
            prior = _NONE_FAR if not share else (1 - _NONE_FAR) / ((len(_FAR_SHARES) - 1) * len(_FAR_REACHES))
            likely = restricted(d, s, coarse, share, reach * typical)[0]
            counts = np.flatnonzero(likely > likely.max() - _NEGLIGIBLE)
            first, last = max(counts[0] - 1, 0), min(counts[-1] + 1, len(coarse) - 1)
            spreads = np.linspace(coarse[first], coarse[last], _FINE)
            step = np.full(_FINE, spreads[1] - spreads[0])
            step[[0, -1]] /= 2  # trapezia
            fine, centres, doubt = restricted(d, s, spreads, share, reach * typical)
            parts = np.column_stack([spreads, np.hypot(spreads, reach * typical)])
            shares = np.tile([1 - share, share], (_FINE, 1))
            found.append((fine + np.log(step * prior), fine, centres, doubt, shares, parts, np.zeros_like(parts)))
    return prior_of(*(np.concatenate(column) for column in zip(*found, strict=True)))


def prior_of(
    logs: Floats, likely: Floats, centres: Floats, doubt: Floats, shares: Floats, spreads: Floats, shifts: Floats
) -> Prior:
    """Return a prior of its possibilities, those that count for nothing left out.

    Parameters
    ----------
    logs : log-weights up to a constant. likely : restricted log-likelihoods. The rest as of ``Prior``.
    """
    kept = logs > logs.max() - _NEGLIGIBLE
    weights = np.exp(logs[kept] - logs.max())
    return Prior(
        weights / weights.sum(),
        centres[kept],
        doubt[kept],
        shares[kept],
        spreads[kept],
        shifts[kept],
        support=float(likely.max()),
    )


def restricted(
    d: Floats, s: Floats, spreads: Floats, share: float, far: float, shift: float = 0.0
) -> tuple[Floats, Floats, Floats]:
    """Return the restricted log-likelihood of each spread up to a constant, the centre under it, and the centre's variance.

    Parameters
    ----------
    d, s : figures and errors, shape (n_areas,). spreads : of the near part, shape (n,).
    share, far, shift : of the far part: how many areas, what spread it has beside that of the near one, how far off the centre it lies.
    """
    near = spreads**2 + s[:, None] ** 2
    if not share:
        w = 1 / near
        total = w.sum(axis=0)
        centre = (w * d[:, None]).sum(axis=0) / total
        misfit = (w * (d[:, None] - centre) ** 2).sum(axis=0)
        return 0.5 * (np.log(w).sum(axis=0) - np.log(total) - misfit), centre, 1 / total
    wide = near + far**2
    centre = np.full(len(spreads), float(np.median(d)))
    for _ in range(_ROUNDS):
        off = d[:, None] - centre
        logs = (
            np.log1p(-share) - 0.5 * (np.log(near) + off**2 / near),
            np.log(share) - 0.5 * (np.log(wide) + (off - shift) ** 2 / wide),
        )
        both = np.logaddexp(*logs)
        inside, outside = np.exp(logs[0] - both) / near, np.exp(logs[1] - both) / wide
        total = (inside + outside).sum(axis=0)
        centre = ((inside + outside) * d[:, None] - outside * shift).sum(axis=0) / total
    return both.sum(axis=0) - 0.5 * np.log(total), centre, 1 / total
