"""Members of a kind that vary more, or less, among themselves than the others do: tried where the map asks for it.

One variance for all is what generalised least squares takes for granted. Where it is false, a kind whose members vary more is found
where there is nothing (a compact kind in the densest places in 15 of 100 maps of nothing whose variance follows density).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.covariance import Structure, fit, model_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.covariance import Candidate, Fit

Floats = np.ndarray[Any, np.dtype[np.float64]]

RATIOS = (1 / 9, 1 / 4, 4 / 9, 9 / 4, 4.0, 9.0)
"""Variance of members over that of the others, where it is not the same."""

GAIN = 1.92
"""Log-likelihood by which some ratio must beat equal variances to be considered: a likelihood ratio test at 5 %."""

KEPT = 1e-3
"""Candidates of less weight than this with equal variances are not tried with others."""

EQUAL = 0.5
"""Prior weight of equal variances, once others are considered; the ratios share the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Unequal:
    """A candidate whose standard deviation at each place is multiplied: used as a ``Structure`` is."""

    structure: Structure
    scale: Floats

    @property
    def candidate(self) -> Candidate:
        """The candidate that is scaled."""
        return self.structure.candidate

    @property
    def n(self) -> int:
        """Number of places."""
        return self.structure.n

    @property
    def log_det(self) -> float:
        """Of the scaled covariance."""
        return self.structure.log_det + 2 * float(np.log(self.scale).sum())

    def whiten(self, columns: Floats) -> Floats:
        """Return columns, shape (n,) or (n, k), made independent with one variance."""
        return self.structure.whiten(columns / self._beside(columns))

    def colour(self, columns: Floats) -> Floats:
        """Undo ``whiten``."""
        return self.structure.colour(columns) * self._beside(columns)

    def _beside(self, columns: Floats) -> Floats:
        return self.scale if columns.ndim == 1 else self.scale[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What unequal variances make of k outcomes: fits of every candidate kept, equal variances first.

    ``structures`` c of them; ``log_prior`` shape (c,); ``log_likelihood beta variance`` shape (k, c), of the gap; ``needed`` shape (k,):
    whether the map asks for it.
    """

    structures: tuple[Structure | Unequal, ...]
    log_prior: Floats
    log_likelihood: Floats
    beta: Floats
    variance: Floats
    needed: np.ndarray[Any, np.dtype[np.bool_]]

    @property
    def weights(self) -> Floats:
        """Of the candidates, prior and likelihood together, shape (k, c)."""
        return model_weights(self.log_likelihood + self.log_prior)


def spread_of(structures: Iterable[Structure], fits: Sequence[Fit], x: Floats, y: Floats) -> Spread:
    """Fit candidates with unequal variances beside those with equal ones.

    Parameters
    ----------
    structures : the candidates. fits : of them, with equal variances. x : shape (n, p), column 1 the kind. y : shape (n, k).

    Notes
    -----
    The standard deviation of an area is the root of the ratio to the power of its share of the kind. Only where the best ratio
    beats equal variances by ``GAIN`` are unequal ones averaged in: on maps of one variance nothing changes in 19 of 20.
    """
    log_likelihood = np.stack([one.log_likelihood for one in fits], axis=1)
    kept = model_weights(log_likelihood).max(axis=0) > KEPT
    own = [one for one, good in zip(structures, kept, strict=True) if good]
    tried: list[Structure | Unequal] = list(own)
    found = [one for one, good in zip(fits, kept, strict=True) if good]
    for ratio in RATIOS:
        scale = np.sqrt(ratio) ** x[:, 1]
        for structure in own:
            unequal = Unequal(structure, scale)
            tried.append(unequal)
            found.append(fit(unequal, x, y))
    prior = np.full(len(tried), np.log((1 - EQUAL) / len(RATIOS)))
    prior[: len(own)] = np.log(EQUAL)
    every = np.stack([one.log_likelihood for one in found], axis=1)
    best = every[:, len(own) :].max(axis=1) - every[:, : len(own)].max(axis=1)
    return Spread(
        tuple(tried),
        prior,
        every,
        np.stack([one.beta[:, 1] for one in found], axis=1),
        np.stack([one.covariance[:, 1, 1] for one in found], axis=1),
        best > GAIN,
    )
