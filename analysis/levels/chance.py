"""Rates of counts with denominators: chance is Poisson's, the rates behind it gamma-distributed (empirical Bayes)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import gamma

from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]

LEAST_SPREAD = 1e-6
"""Squared coefficient of variation of the rates below which they do not differ: at 1,000 expected a thousandth of chance."""


@dataclass(frozen=True, slots=True)
class GammaPrior:
    """How relative rates are spread: gamma with a shape and a rate, mean shape / rate."""

    shape: float
    rate: float

    @property
    def spread(self) -> float:
        """The squared coefficient of variation of the relative rates."""
        return 1 / self.shape

    def posterior(self, observed: Floats, expected: Floats) -> tuple[Floats, Floats]:
        """Return shape and rate of each area's posterior: a + O and b + E."""
        return self.shape + observed, self.rate + expected

    def p_above(self, observed: Floats, expected: Floats, relative: float = 1.0) -> Floats:
        """Return the probability that each relative rate lies above a figure.

        Examples
        --------
        >>> round(float(GammaPrior(2, 2).p_above(np.array([9.0]), np.array([1.4]))[0]), 8)
        0.99918983
        """
        shape, rate = self.posterior(observed, expected)
        return np.asarray(gamma.sf(relative, shape, scale=1 / rate))

    def draw(self, observed: Floats, expected: Floats, *, draws: int, seed: int) -> Floats:
        """Draw relative rates from their posterior, shape (draws, n)."""
        shape, rate = self.posterior(observed, expected)
        rng = np.random.default_rng(np.random.SeedSequence([seed, 13]))
        return rng.gamma(shape, 1 / rate, size=(draws, len(shape)))


def gamma_prior(observed: Floats, expected: Floats) -> GammaPrior:
    """Fit the prior to counts by marginal likelihood (negative binomial).

    Parameters
    ----------
    observed : shape (n,), counts. expected : shape (n,), counts at the overall rate, above 0.

    Raises
    ------
    StatisticsError
        Counts that are negative or missing, expectations not above 0, no count at all, or fewer than three areas.

    References
    ----------
    Clayton and Kaldor (1987), doi:10.2307/2532003.
    """
    faults = []
    if len(observed) < 3:
        faults.append(f"{len(observed)} areas do not tell how rates are spread: give three or more")
    bad = int((~np.isfinite(observed) | (observed < 0)).sum())
    if bad:
        faults.append(f"{bad} counts are missing or below zero")
    bad = int((~np.isfinite(expected) | (expected <= 0)).sum())
    if bad:
        faults.append(f"{bad} areas have no expectation above 0: leave out those without a denominator")
    if not faults and observed.sum() == 0:
        faults.append("nothing was counted in any area")
    if faults:
        raise StatisticsError("empirical Bayes cannot be fitted", faults)
    mean = float(observed.sum() / expected.sum())

    def minus(at: Floats) -> float:
        centre, shape = np.exp(at[0]), np.exp(-at[1])
        rate = shape / centre
        return -float(
            (
                gammaln(observed + shape)
                - gammaln(shape)
                + shape * np.log(rate / (rate + expected))
                + observed * np.log(expected / (rate + expected))
            ).sum()
        )

    lowest = float(np.log(LEAST_SPREAD))
    found = minimize(
        minus,
        np.array([np.log(mean), np.log(0.05)]),
        bounds=[(np.log(mean) - 5, np.log(mean) + 5), (lowest, 5.0)],
        method="L-BFGS-B",
    )
    shape = float(np.exp(-found.x[1]))
    return GammaPrior(shape, shape / float(np.exp(found.x[0])))
