"""How the truth of each area is known: from published errors, a publisher's model, a reliability, chance in counts, or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analysis.covariance import Places
from analysis.levels.chance import gamma_prior
from analysis.levels.errors import errors_of
from analysis.levels.sampling import posterior_of
from analysis.levels.scales import Scale
from geo.errors import StatisticsError, TableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.levels.errors import Errors
    from analysis.levels.options import LevelOptions

Floats = np.ndarray[Any, np.dtype[np.float64]]
Singles = np.ndarray[Any, np.dtype[np.float32]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

Basis = Literal["published", "modelled", "counts", "stated reliability", "reliability from windows", "none"]
"""What the probabilities rest on."""

MIN_KNOWN = 10
"""With fewer known errors there is no telling how the truth is spread: no probability is given."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Draws of the truth of the units whose error is known.

    ``known`` shape (n,), which units; ``draws`` (d, k) of those k, on the outcome's own scale, float32; ``centre`` and ``se``
    (k,) on ``scale``, for a fresh error; ``counts`` of rules of the errors; ``parameters`` of the model.
    """

    basis: Basis
    known: Flags
    draws: Singles
    scale: Scale
    centre: Floats
    se: Floats
    counts: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


def truth_of(estimates: pd.DataFrame, centres: pd.DataFrame, options: LevelOptions) -> Truth:
    """Draw the truth of every unit whose error is known.

    Parameters
    ----------
    estimates : one row a unit, columns ``value lower upper se`` (and ``denominator`` for rates of counts).
    centres : one row a unit in the same order, columns ``x y`` in metres.
    options : how the error is known, and how many draws.

    Raises
    ------
    TableError, StatisticsError
        As ``errors_of``; a reliability where errors are published; counts without denominators.
    """
    if options.counts_per is not None:
        return _of_counts(estimates, options)
    errors = errors_of(
        estimates,
        scale=options.scale,
        whole=options.whole,
        positive=options.positive,
        confidence=options.confidence,
        misses=options.misses,
    )
    if options.reliability is not None:
        return _by_reliability(errors, centres, options)
    known = errors.known
    few = int(known.sum())
    if few < MIN_KNOWN:
        return _unknown(errors, {"known_errors": few, "needed": MIN_KNOWN} if few else {})
    if options.modelled:
        rng = np.random.default_rng(np.random.SeedSequence([options.seed, 12]))
        noise = rng.normal(size=(options.draws, few))
        return _truth("modelled", errors, known, errors.centre[known] + errors.se[known] * noise, errors.se[known], {})
    return _by_model("published", errors, known, errors.se[known], centres, options)


def _by_model(
    basis: Basis, errors: Errors, known: Flags, se: Floats, centres: pd.DataFrame, options: LevelOptions
) -> Truth:
    """Draw from the posterior of the area-level model."""
    places = Places(centres[["x", "y"]].to_numpy(dtype=np.float64)[known])
    made = posterior_of(places, errors.centre[known], se**2, draws=options.draws, seed=options.seed)
    return _truth(basis, errors, known, made.draws, se, made.parameters)


def _by_reliability(errors: Errors, centres: pd.DataFrame, options: LevelOptions) -> Truth:
    """Give every unit the error that a reliability leaves, and draw."""
    published = int(errors.known.sum())
    if published:
        raise StatisticsError(
            "a reliability is for outcomes without published errors",
            [f"errors are published for {published} areas", "leave the reliability out"],
        )
    known = np.isfinite(errors.centre)
    few = int(known.sum())
    if few < MIN_KNOWN:
        return _unknown(errors, {"known_errors": few, "needed": MIN_KNOWN})
    assert options.reliability is not None  # noqa: S101  # truth_of
    noise = float(np.sqrt((1 - options.reliability) * errors.centre[known].var(ddof=1)))
    basis: Basis = "stated reliability" if options.reliability_from == "stated" else "reliability from windows"
    return _by_model(basis, errors, known, np.full(few, noise), centres, options)


def _of_counts(estimates: pd.DataFrame, options: LevelOptions) -> Truth:
    """Draw rates whose chance is that of counts."""
    if "denominator" not in estimates.columns:
        raise TableError(
            "rates of counts need their denominators", ["add a column denominator, or leave counts_per out"]
        )
    rate, denominator = (estimates[name].to_numpy(dtype=np.float64) for name in ("value", "denominator"))
    known = np.isfinite(rate) & np.isfinite(denominator) & (denominator > 0)
    counts = {"without": int((np.isfinite(rate) & ~known).sum())}
    per = float(options.counts_per or 1.0)
    observed, size = rate[known] * denominator[known] / per, denominator[known]
    if not known.any():
        return _unknown(errors_of(estimates.assign(lower=np.nan, upper=np.nan, se=np.nan)), {})
    overall = float(observed.sum() / size.sum())
    prior = gamma_prior(observed, size * overall)
    draws = per * overall * prior.draw(observed, size * overall, draws=options.draws, seed=options.seed)
    return Truth(
        basis="counts",
        known=known,
        draws=draws.astype(np.float32),
        scale=Scale(),
        centre=rate[known],
        # The error of a count is its root; of an observed count of 0 that of the rate expected of it.
        se=per * np.sqrt(np.maximum(observed, size * overall * (observed == 0))) / size,
        counts=counts,
        parameters={
            "prior_shape": prior.shape,
            "prior_rate": prior.rate,
            "overall_rate": per * overall,
            "no_spread": bool(prior.spread < 1e-5),
        },
    )


def _truth(
    basis: Basis, errors: Errors, known: Flags, draws: np.ndarray[Any, Any], se: Floats, parameters: Mapping[str, Any]
) -> Truth:
    return Truth(
        basis=basis,
        known=known,
        draws=np.asarray(errors.scale.backward(draws), dtype=np.float32),
        scale=errors.scale,
        centre=errors.centre[known],
        se=se,
        counts=errors.counts,
        parameters=parameters,
    )


def _unknown(errors: Errors, parameters: Mapping[str, Any]) -> Truth:
    nothing = np.zeros(len(errors.centre), dtype=np.bool_)
    empty = np.empty(0)
    return Truth(
        "none", nothing, np.empty((0, 0), dtype=np.float32), errors.scale, empty, empty, errors.counts, parameters
    )
