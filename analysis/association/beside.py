"""The gap that is left beside places nearby: generalised least squares, averaged over candidates of covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from analysis.association.unequal import spread_of
from analysis.covariance import Structure, averaged, fit, fit_known, with_known_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.association.landscapes import Landscape
    from analysis.covariance import Fit

Floats = np.ndarray[Any, np.dtype[np.float64]]

LEAST_DF = 3.0
"""Fewer degrees of freedom than this are not taken: the interval would be endless."""


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """The gap of one kind of place in k outcomes, once the broad pattern of the map is allowed for.

    ``estimate se df p`` shape (k,), the gap of a share of 0 against 1 in the unit of the outcome; ``weights`` (k, c), of the
    candidates, in the order of the landscape.
    """

    estimate: Floats
    se: Floats
    df: Floats
    p: Floats
    weights: Floats

    @property
    def reach(self) -> Floats:
        """Half the width of the 95 % interval."""
        return np.asarray(stats.t.ppf(0.975, self.df) * self.se)


def beside(
    land: Landscape,
    designs: Sequence[Floats],
    y: Floats,
    known: Floats | None = None,
    *,
    spread: np.ndarray[Any, np.dtype[np.bool_]] | None = None,
) -> list[Beside]:
    """Estimate the gap of several designs on the same areas and outcomes.

    Parameters
    ----------
    land : the areas. designs : each shape (n, p): a constant, the kind of place that is asked for, other columns.
    y : shape (n, k); with known errors (n, 1). known : shape (n,), variances of the errors of y.
    spread : shape (k,), for which outcomes members may vary unlike the others; all by default.

    Returns
    -------
    list of Beside, one a design.

    Notes
    -----
    Every candidate is fitted by restricted likelihood, and the estimates are averaged by it; the variance of the average is
    that within the candidates and that between them (Buckland, Burnham and Augustin 1997). The degrees of freedom are
    those of Satterthwaite (1946), 2V² / Var(V): Var(V) is that of the candidates' variances about their mean, and of each
    by its own n − p. Without known errors, members that vary more or less among themselves than the others are allowed for where the
    map asks for it (``analysis.association.unequal``), on up to 1,000 areas; known errors say themselves how far each figure varies.
    """
    fits: list[list[Fit]] = [[] for _ in designs]
    for structure in land.structures(known=known is not None):
        if known is None:
            # The outcomes are made independent once for all designs; what is left is ordinary least squares.
            plain = Structure(structure.candidate, structure.n, None, structure.log_det)
            white = structure.whiten(y)
            for x, found in zip(designs, fits, strict=True):
                found.append(fit(plain, structure.whiten(x), white))
        else:
            errors = with_known_errors(structure, known)
            for x, found in zip(designs, fits, strict=True):
                found.append(fit_known(errors, x, y[:, 0]))
    results = [_averaged(found) for found in fits]
    # factors of larger maps are not held: every candidate would be made once more
    if known is not None or not land.held:
        return results
    asked = np.ones(y.shape[1], dtype=np.bool_) if spread is None else spread
    return [_spread(land, one, found, x, y, asked) for one, found, x in zip(results, fits, designs, strict=True)]


def combined(weights: Floats, beta: Floats, variance: Floats, nu: int) -> tuple[Floats, Floats, Floats]:
    """Return estimate, standard error and degrees of freedom of an average over candidates.

    Parameters
    ----------
    weights, beta, variance : shape (k, c). nu : n − p.

    Examples
    --------
    >>> one = np.array([[1.0]])
    >>> [float(x[0]) for x in combined(one, one * 2.0, one * 9.0, 20)]
    [2.0, 3.0, 20.0]
    """
    estimate = (weights * beta).sum(axis=1)
    within = (weights * variance).sum(axis=1)
    total = within + (weights * (beta - estimate[:, None]) ** 2).sum(axis=1)
    wobble = (weights * (variance - within[:, None]) ** 2).sum(axis=1) + (weights * 2 * variance**2 / nu).sum(axis=1)
    df = np.clip(2 * total**2 / wobble, LEAST_DF, max(nu, LEAST_DF))
    return estimate, np.sqrt(total), df


def _averaged(fits: Sequence[Fit]) -> Beside:
    weights = averaged(fits).weights
    beta = np.stack([one.beta[:, 1] for one in fits], axis=1)
    variance = np.stack([one.covariance[:, 1, 1] for one in fits], axis=1)
    estimate, se, df = combined(weights, beta, variance, fits[0].df)
    p = 2 * stats.t.sf(np.abs(estimate) / se, df)
    return Beside(estimate, se, df, np.asarray(p), weights)


def _spread(
    land: Landscape,
    equal: Beside,
    fits: Sequence[Fit],
    x: Floats,
    y: Floats,
    asked: np.ndarray[Any, np.dtype[np.bool_]],
) -> Beside:
    """Return the estimate with unequal variances averaged in, for the outcomes that ask for it."""
    if not asked.any():
        return equal
    spread = spread_of(land.structures(), fits, x, y)
    needed = spread.needed & asked
    if not needed.any():
        return equal
    found = combined(spread.weights, spread.beta, spread.variance, fits[0].df)
    estimate, se, df = (
        np.where(needed, new, old) for new, old in zip(found, (equal.estimate, equal.se, equal.df), strict=True)
    )
    return Beside(estimate, se, df, np.asarray(2 * stats.t.sf(np.abs(estimate) / se, df)), equal.weights)
