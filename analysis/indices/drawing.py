"""What the true indicators may be, given what was published: draws from a posterior, and repeats of the survey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.indices.definition import IndexDefinition
    from analysis.indices.preparing import Prepared

Floats = np.ndarray[Any, np.dtype[np.float64]]

_GRID = 60
"""Values of the variance of the truth that are weighed."""


def posterior_draws(values: Floats, errors: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Draw the truth behind estimates of known error: an area-level model with one mean and one variance.

    Parameters
    ----------
    values, errors : shape (areas,), errors above 0. draws : how many. rng : of the draws.

    Returns
    -------
    Shape (draws, areas).

    Notes
    -----
    value = truth + e, e ~ N(0, error²); truth ~ N(μ, τ²), areas apart (Fay and Herriot 1979). τ² is drawn from its restricted
    likelihood on a grid from 0 to four times the variance of the values, μ and the truth from their normals. A published value
    holds its error already: adding the error to it again would draw a map rougher than the truth.
    """
    squared = errors**2
    grid = np.linspace(0.0, 4.0 * values.var(ddof=1), _GRID)
    precision = 1.0 / (grid[:, None] + squared[None, :])
    whole = precision.sum(axis=1)
    means = (precision * values).sum(axis=1) / whole
    rest = (precision * (values[None, :] - means[:, None]) ** 2).sum(axis=1)
    likelihood = 0.5 * (np.log(precision).sum(axis=1) - np.log(whole) - rest)
    chance = np.exp(likelihood - likelihood.max())
    chosen = rng.choice(_GRID, size=draws, p=chance / chance.sum())
    centre = rng.normal(means[chosen], 1.0 / np.sqrt(whole[chosen]))
    # A truth without spread is the mean; elsewhere it lies between the mean and the value, by their precisions.
    share = grid[:, None] * precision
    spread = np.sqrt(share * squared[None, :])
    drawn = rng.standard_normal((draws, len(values)))
    drawn *= spread[chosen]
    drawn += centre[:, None] + share[chosen] * (values[None, :] - centre[:, None])
    return drawn


def true_indicators(
    definition: IndexDefinition,
    prepared: Prepared,
    draws: int,
    rng: np.random.Generator,
    *,
    given: Mapping[str, Floats] | None = None,
) -> Floats:
    """Draw every indicator: its posterior, or what is counted as it is; what is filled from the spread of its neighbours.

    Parameters
    ----------
    given : indicator → draws on its prepared scale, shape (at least ``draws``, areas), in place of the model here.

    Returns
    -------
    Shape (draws, indicators, areas).
    """
    made = np.empty((draws, *prepared.figures.shape))
    for at, part in enumerate(definition.indicator):
        values, errors = prepared.figures[at], prepared.errors[at]
        survey = (errors > 0) & ~prepared.imputed[at] & prepared.present[at]
        made[:, at] = values
        if given is not None and part.id in given:
            made[:, at] = given[part.id][:draws]
        elif part.error == "published" and survey.sum() > 1:
            made[:, at, survey] = posterior_draws(values[survey], errors[survey], draws, rng)
        elif survey.any():
            made[:, at, survey] += errors[survey] * rng.standard_normal((draws, int(survey.sum())))
        filled = prepared.imputed[at] & prepared.present[at]
        if filled.any():
            made[:, at, filled] = values[filled] + errors[filled] * rng.standard_normal((draws, int(filled.sum())))
        low, high = prepared.bounds[at]
        if np.isfinite(low):
            np.clip(made[:, at], low, high, out=made[:, at])
    return made


def repeated(prepared: Prepared, draws: int, rng: np.random.Generator) -> Floats:
    """Draw what would be published were the surveys taken again around what was published; shape (draws, indicators, areas)."""
    made: Floats = prepared.figures + np.where(prepared.present, prepared.errors, 0.0) * rng.standard_normal(
        (draws, *prepared.figures.shape)
    )
    return np.clip(made, prepared.bounds[:, :1], prepared.bounds[:, 1:])
