"""Rank sets from estimates and standard errors alone, without a model of the truth: for one unit, or for all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from scipy.special import ndtri

from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

MOST = 1_500
"""Beyond this many units the comparisons of all pairs are too many; ranks from draws of the truth have no such bound."""


class RankSets(NamedTuple):
    """Ranks between which the true rank of each unit lies, 1 the lowest value: two of shape (n,)."""

    lower: Ints
    upper: Ints


def interval_rank_sets(value: Floats, se: Floats, *, coverage: float = 0.95) -> RankSets:
    """Return rank sets that hold for all units at once, from joint intervals that do or do not overlap.

    Parameters
    ----------
    value, se : shape (n,), independent estimates and standard errors above 0. coverage : of all ranks at once.

    Raises
    ------
    StatisticsError
        Fewer than two units, missing numbers, errors that are not above 0.

    References
    ----------
    Klein, Wright and Wieczorek (2020), doi:10.1111/rssa.12561.
    """
    _check(value, se, most=None)
    reach = float(ndtri((1 + coverage ** (1 / len(value))) / 2)) * se
    lower, upper = np.sort(value - reach), np.sort(value + reach)
    # Units wholly below have their upper end below this one's lower; units wholly above the reverse.
    below = np.searchsorted(upper, value - reach, side="left")
    above = len(value) - np.searchsorted(lower, value + reach, side="right")
    return RankSets(below + 1, len(value) - above)


def difference_rank_sets(
    value: Floats,
    se: Floats,
    *,
    coverage: float = 0.95,
    simultaneous: bool = True,
    draws: int = 2_000,
    seed: int = 20240911,
) -> RankSets:
    """Return rank sets from the differences of all pairs, with step-down: narrower than from intervals.

    Parameters
    ----------
    value, se : shape (n,), independent estimates and standard errors above 0.
    coverage : of all ranks at once, or of each unit's rank by itself. simultaneous : which of the two.
    draws, seed : of the largest studentised difference.

    Raises
    ------
    StatisticsError
        As ``interval_rank_sets``; more than 1,500 units.

    References
    ----------
    Mogstad, Romano, Shaikh and Wilhelm (2024), doi:10.1093/restud/rdad006.
    """
    _check(value, se, most=MOST)
    apart = np.sqrt(se[:, None] ** 2 + se[None, :] ** 2)
    t = (value[:, None] - value[None, :]) / apart
    noise = np.random.default_rng(seed).normal(size=(draws, len(value))) * se
    np.fill_diagonal(apart, np.inf)
    if simultaneous:
        higher = _stepped(t, lambda open_: _largest(noise, apart, open_), coverage)
        return RankSets(1 + higher.sum(axis=1), len(value) - higher.sum(axis=0))
    lower, upper = np.empty(len(value), dtype=np.int64), np.empty(len(value), dtype=np.int64)
    for unit in range(len(value)):
        own = (noise[:, [unit]] - noise) / apart[unit]
        both = np.stack([t[unit], -t[unit]])

        def largest(open_: Flags, own: Floats = own) -> Floats:
            # Signed: a pair rejected in one direction is still open in the other.
            up, down = (np.where(side, way, -np.inf).max(axis=1) for side, way in zip(open_, (own, -own), strict=True))
            return np.asarray(np.maximum(up, down))

        beyond = _stepped(both, largest, coverage)
        lower[unit], upper[unit] = 1 + beyond[0].sum(), len(value) - beyond[1].sum()
    return RankSets(lower, upper)


def _stepped(t: Floats, largest: Callable[[Flags], Floats], coverage: float) -> Flags:
    """Reject differences above a quantile of their largest, again and again among those not yet rejected."""
    rejected = np.zeros(t.shape, dtype=np.bool_)
    while True:
        bound = float(np.quantile(largest(~rejected), coverage))
        more = t > bound
        if (more == rejected).all() or (more | rejected).all():
            return np.asarray(more | rejected)
        rejected |= more


def _largest(noise: Floats, apart: Floats, open_: Flags) -> Floats:
    """Return the largest studentised difference of the pairs not yet rejected in every draw."""
    wanted = np.where(open_, apart, np.inf)
    found = np.empty(len(noise))
    for at, row in enumerate(noise):
        # Signed: a pair rejected in one direction is still open in the other.
        found[at] = ((row[:, None] - row[None, :]) / wanted).max()
    return found


def _check(value: Floats, se: Floats, *, most: int | None) -> None:
    faults = []
    if value.shape != se.shape or value.ndim != 1 or len(value) < 2:
        faults.append(f"values of shape {value.shape} and errors of shape {se.shape}: give two or more of each")
    elif not (np.isfinite(value).all() and np.isfinite(se).all() and (se > 0).all()):
        faults.append("every unit needs a value and an error above 0")
    if most is not None and len(value) > most:
        faults.append(f"{len(value):,} units have too many pairs: at most {most:,}, or ranks from draws of the truth")
    if faults:
        raise StatisticsError("no rank sets can be made", faults)


Direction = Literal["lowest", "highest"]


def possible_best(value: Floats, se: Floats, size: int, *, coverage: float = 0.95, end: Direction = "highest") -> Flags:
    """Return the units that may be among the ``size`` highest, or lowest, by sets that hold for all units at once.

    Parameters
    ----------
    value, se : shape (n,). size : how many are the best. coverage : that none of the true best is left out. end : which end.
    """
    towards = value if end == "highest" else -value
    sets = difference_rank_sets(towards, se, coverage=coverage)
    return np.asarray(sets.upper > len(value) - size)
