"""Maps drawn from the averaged covariance: the p of kinds with few members, and maps as smooth as a real one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.association.beside import combined
from analysis.association.unequal import Unequal, spread_of
from analysis.covariance import Structure, fit, fit_known, model_weights, with_known_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.association.landscapes import Landscape
    from analysis.covariance import Fit

Floats = np.ndarray[Any, np.dtype[np.float64]]

DRAWS = 1_999
"""Maps drawn for one p: the smallest is 1 in 2,000. With known errors, a quarter of them."""

ENOUGH = 0.999
"""Candidates are drawn and fitted again, the likeliest first, until they have this share of the weight."""

LEVEL = 0.05
"""Of the interval."""

STEPS = 30
"""Standard deviations among which the best is taken for a drawn map with known errors."""


@dataclass(frozen=True, slots=True, eq=False)
class Null:
    """Candidates fitted to a map without a gap: ``structures``, their ``weights``, ``variances`` and ``log_prior``, shape (c,), and the mean."""

    structures: tuple[Structure | Unequal, ...]
    weights: Floats
    variances: Floats
    mean: Floats
    log_prior: Floats


def fitted_null(land: Landscape, x: Floats, y: Floats, known: Floats | None = None) -> Null:
    """Fit a map by every candidate and keep those that matter.

    Parameters
    ----------
    land : the areas. x : shape (n, p), what the mean is allowed to follow. y : shape (n,). known : as in ``beside``.
    """
    structures = tuple(land.structures(known=known is not None))
    fits = [fit(one, x, y) if known is None else fit_known(with_known_errors(one, known), x, y) for one in structures]
    weights = model_weights(np.array([one.log_likelihood[0] for one in fits]))
    return _kept(structures, fits, weights, x, np.zeros(len(fits)))


def _kept(
    structures: Sequence[Structure | Unequal], fits: Sequence[Fit], weights: Floats, x: Floats, log_prior: Floats
) -> Null:
    """Return the candidates that have ``ENOUGH`` of the weight together."""
    order = np.argsort(-weights, kind="stable")
    kept = order[: int(np.searchsorted(np.cumsum(weights[order]), ENOUGH)) + 1]
    mean = x @ np.einsum("c,cp->p", weights, np.stack([one.beta[0] for one in fits]))
    return Null(
        tuple(structures[at] for at in kept),
        weights[kept] / weights[kept].sum(),
        np.array([fits[at].variance[0] for at in kept]),
        mean,
        log_prior[kept],
    )


def drawn(null: Null, draws: int, generator: np.random.Generator, known: Floats | None = None) -> Floats:
    """Draw maps from the candidates, each map from one of them, errors included: shape (n, draws), about a mean of 0."""
    n = len(null.mean)
    counts = generator.multinomial(draws, null.weights)
    parts = [
        np.sqrt(variance) * structure.colour(generator.standard_normal((n, count)))
        for structure, variance, count in zip(null.structures, null.variances, counts, strict=True)
        if count
    ]
    maps = np.concatenate(parts, axis=1)
    return maps if known is None else maps + np.sqrt(known)[:, None] * generator.standard_normal(maps.shape)


@dataclass(frozen=True, slots=True)
class Simulated:
    """A gap against maps drawn without any.

    ``p`` two-sided; ``critical`` the number of standard errors beyond which p is at most 5 %: half of the 95 % interval.
    """

    p: float
    critical: float


def simulated(
    land: Landscape, x: Floats, y: Floats, known: Floats | None = None, *, draws: int = DRAWS, seed: int
) -> Simulated:
    """Return p and interval of the gap of a kind with few members, against maps drawn without any.

    Parameters
    ----------
    land : the areas. x : shape (n, p), column 1 the kind. y : shape (n,). known : variances of the errors of y.

    Notes
    -----
    The statistic is the averaged gap over its standard error; the candidates are weighed anew on every drawn map. With few
    members its distribution is no t: a single member with a local high is a tenth of the kind. Where the map asks for members that
    vary more, or less, than the others, the maps that are drawn do so too.
    """
    bare = np.delete(x, 1, axis=1)
    null = (None if known is not None else _unequal_null(land, x, bare, y)) or fitted_null(land, bare, y, known)
    generator = np.random.default_rng([seed, 8])
    maps = drawn(null, draws if known is None else draws // 4, generator, known)
    found = np.abs(_statistics(null, x, np.column_stack([y, maps]), known))
    least = found[0] * (1 - 1e-12)
    rank = max(int(LEVEL * len(found)), 1)
    return Simulated(float((1 + (found[1:] >= least).sum()) / len(found)), float(np.sort(found[1:])[-rank]))


def _unequal_null(land: Landscape, x: Floats, bare: Floats, y: Floats) -> Null | None:
    """Fit a map without a gap by candidates with unequal variances; None where it does not ask for them."""
    if not land.held:
        return None
    structures = list(land.held)
    spread = spread_of(structures, [fit(one, x, y) for one in structures], x, y[:, None])
    if not spread.needed[0]:
        return None
    fits = [fit(one, bare, y) for one in spread.structures]
    weights = model_weights(np.array([one.log_likelihood[0] for one in fits]) + spread.log_prior)
    return _kept(spread.structures, fits, weights, bare, spread.log_prior)


def _statistics(null: Null, x: Floats, y: Floats, known: Floats | None) -> Floats:
    """Return the averaged gap over its standard error of every column of y."""
    if known is None:
        fits = [fit(one, x, y) for one in null.structures]
        parts = [(one.log_likelihood, one.beta[:, 1], one.covariance[:, 1, 1]) for one in fits]
    else:
        parts = [_many_known(one, x, y, known) for one in null.structures if isinstance(one, Structure)]
    log_likelihood, beta, variance = (np.stack(part, axis=1) for part in zip(*parts, strict=True))
    estimate, se, _ = combined(model_weights(log_likelihood + null.log_prior), beta, variance, x.shape[0] - x.shape[1])
    return np.asarray(estimate / se)


def _many_known(structure: Structure, x: Floats, y: Floats, known: Floats) -> tuple[Floats, Floats, Floats]:
    """Return likelihood, gap and its variance of many maps with the same errors, the standard deviation on a grid."""
    errors = with_known_errors(structure, known)
    design, wanted = errors.forward(x), errors.forward(y)
    n, p = design.shape
    top = 2 * np.sqrt(fit(structure, x, y).variance.max())
    squares, lines = wanted**2, np.arange(y.shape[1])
    found = []
    for sd in np.linspace(top / STEPS, top, STEPS):
        weight = 1 / (sd**2 + errors.gamma)
        inside = (design.T * weight) @ design
        inverse = np.linalg.inv(inside)
        beta = inverse @ ((design.T * weight) @ wanted)
        rest = weight @ squares - (beta * (inside @ beta)).sum(axis=0)
        constant = (n - p) * np.log(2 * np.pi) + structure.log_det - np.log(weight).sum() + np.linalg.slogdet(inside)[1]
        found.append((-0.5 * (constant + rest), beta[1], np.full(len(lines), inverse[1, 1])))
    log_likelihood, beta, variance = (np.stack(part) for part in zip(*found, strict=True))
    best = log_likelihood.argmax(axis=0)
    return log_likelihood[best, lines], beta[best, lines], variance[best, lines]
