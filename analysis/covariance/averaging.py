"""Candidates averaged by their likelihood: no single one is believed, and their disagreement is part of the error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.covariance.candidates import Candidate
    from analysis.covariance.fitting import Fit

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Averaged:
    """Coefficients of k outcomes averaged over c candidates.

    ``weights`` (k, c), each row adds up to 1; ``beta`` (k, p); ``within`` (k, p, p), the mean of the candidates' covariances;
    ``between`` (k, p, p), the covariance of their estimates; ``covariance`` their sum.
    """

    candidates: tuple[Candidate, ...]
    weights: Floats
    beta: Floats
    within: Floats
    between: Floats

    @property
    def covariance(self) -> Floats:
        """Within + between, shape (k, p, p)."""
        return self.within + self.between


def model_weights(log_likelihood: Floats) -> Floats:
    """Return the posterior weight of each candidate, one prior weight a distinct candidate.

    Parameters
    ----------
    log_likelihood : shape (..., c), restricted, of c candidates with the same constant.

    Returns
    -------
    Shape (..., c), adding up to 1 along the last axis.

    Examples
    --------
    >>> model_weights(np.array([-10.0, -10.0 + np.log(3.0)])).round(12).tolist()
    [0.25, 0.75]
    """
    weight = np.exp(log_likelihood - log_likelihood.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def averaged(fits: Sequence[Fit]) -> Averaged:
    """Average the coefficients of several candidates of one map, weighted by their likelihood.

    Parameters
    ----------
    fits : of the same design and outcomes, one a candidate, each candidate once.

    Raises
    ------
    StatisticsError
        No fit; a candidate twice; fits of different methods or sizes.

    References
    ----------
    Buckland, Burnham and Augustin (1997), doi:10.2307/2533961: the variance of an average is that within and that between.
    """
    faults = []
    if not fits:
        faults.append("no candidate was fitted")
    elif len({(one.method, one.beta.shape, one.df) for one in fits}) > 1:
        faults.append("the fits are of different methods, designs or outcomes")
    if len({one.candidate for one in fits}) < len(fits):
        faults.append("a candidate is fitted twice: it would count twice")
    if faults:
        raise StatisticsError("candidates cannot be averaged", faults)
    weights = model_weights(np.stack([one.log_likelihood for one in fits], axis=-1))
    beta = np.stack([one.beta for one in fits], axis=1)
    mean = np.einsum("kc,kcp->kp", weights, beta)
    apart = beta - mean[:, None, :]
    return Averaged(
        candidates=tuple(one.candidate for one in fits),
        weights=weights,
        beta=mean,
        within=np.einsum("kc,kcpq->kpq", weights, np.stack([one.covariance for one in fits], axis=1)),
        between=np.einsum("kc,kcp,kcq->kpq", weights, apart, apart),
    )
