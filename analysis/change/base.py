"""Whether what happened everywhere can show in a change: a fixed base, a relative one, or nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from boundaries.outcomes.table import OutcomeMeta
    from boundaries.series import Base, Series

Floats = np.ndarray[Any, np.dtype[np.float64]]

BaseReason = Literal["stated", "measure", "same-moments", "one-period", "moments-differ"]
"""What the base rests on: somebody states it; the measure is an amount, rate or count; mean and spread are the same in every
period; there is one period; they are not the same, and nobody says why."""

MEAN_WITHIN: Final = 0.05
"""Means of two periods are the same when they differ by no more than this many standard deviations."""
SPREAD_WITHIN: Final = 0.05
"""Standard deviations are the same when they differ by no more than this share."""

_AMOUNTS = frozenset({"count", "rate", "mean", "median"})
_MANY: Final = 3
"""Periods from which one that differs from all others can be named as the odd one."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The base of a series and what it rests on.

    Parameters
    ----------
    base : fixed, relative or not known.
    reason : what it rests on.
    odd : where all periods but one share mean and spread, that one: no change to or from it means anything.
    """

    base: Base
    reason: BaseReason
    odd: tuple[str, ...] = ()


def base_of(series: Series) -> Basis:
    """Return the base of a series by one rule.

    *Relative* when stated, or when the unit is a z-score or the measure an index, and mean (within 0.05 standard deviations) and
    standard deviation (within 5 %) are the same in every period over the areas common to all. With one period *not known*.
    *Fixed* only when stated, or when the measure is an amount, rate or count.
    """
    return base_from(series.meta, series.base, series.value, series.periods)


def base_from(meta: OutcomeMeta, stated: Base | Literal[""], values: Floats, periods: tuple[str, ...]) -> Basis:
    """Return the base of values, shape (areas, periods), by the rule of ``base_of``."""
    if stated:
        return Basis(stated, "stated")
    standardised = meta.measure == "index" or meta.unit == "z"
    if not standardised:
        return Basis("fixed", "measure") if meta.measure in _AMOUNTS else Basis("not-known", "moments-differ")
    if len(periods) < 2:
        return Basis("not-known", "one-period")
    same = _same_moments(values)
    if same.all():
        return Basis("relative", "same-moments")
    return Basis("not-known", "moments-differ", _odd(periods, same))


def _same_moments(values: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say of every pair of periods whether mean and spread are the same over the areas common to all, shape (P, P)."""
    common = values[np.isfinite(values).all(axis=1)]
    length = values.shape[1]
    if len(common) < 2:
        return np.eye(length, dtype=np.bool_)
    means, spreads = common.mean(axis=0), common.std(axis=0)
    smaller, larger = np.minimum.outer(spreads, spreads), np.maximum.outer(spreads, spreads)
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.abs(np.subtract.outer(means, means)) <= MEAN_WITHIN * smaller
        alike = larger - smaller <= SPREAD_WITHIN * smaller
    return np.asarray((smaller > 0) & near & alike, dtype=np.bool_)


def _odd(periods: tuple[str, ...], same: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[str, ...]:
    """Return the one period without which all others are alike."""
    if len(periods) < _MANY:
        return ()
    for place, period in enumerate(periods):
        others = np.delete(np.delete(same, place, 0), place, 1)
        if others.all():
            return (period,)
    return ()
