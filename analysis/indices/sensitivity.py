"""Which choice moves the ranks: the share of the variance of ranks that each causes by itself, with an interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata, spearmanr

from analysis.indices.choices import composed
from analysis.indices.definition import FEW_DRAWS
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.indices.choices import Tried
    from analysis.indices.definition import IndexDefinition
    from analysis.indices.preparing import Prepared

Floats = np.ndarray[Any, np.dtype[np.float64]]

BLOCKS, REPEATS = 100, 500
"""Blocks that the sets of choices are cut in, and how often blocks are drawn again for the intervals."""

METHOD = (
    "Share of the variance of ranks, over all areas, that lies between the mean ranks of a choice (linear in the weights), less "
    "what chance would make; errors: one less the likeness of two draws of the same choices. Intervals: 1.96 standard errors by drawing blocks again (bootstrap)."
)


def rank_shares(outcome: Tried, *, seed: int) -> pd.DataFrame:
    """Return a row a choice: ``choice share lower upper`` and the rest, which is choices acting together.

    Parameters
    ----------
    outcome : of ``analysis.indices.choices.tried``. seed : of the intervals.

    Raises
    ------
    StatisticsError
        Fewer than 1,000 draws: shares of so few span zero (as Sobol's do).

    Notes
    -----
    For a choice f with p columns, V_f = [SS_f − p (SS − SS_f) / (n − 1 − p)] / n of the mean rank of two draws, summed over
    areas, over the variance of single draws: ε² of a one-way analysis. Aggregations are compared within normalisations that
    allow both. "errors" holds also how errors act together with choices; the others do not.
    """
    if len(outcome.ranks) < FEW_DRAWS:
        raise StatisticsError(
            f"{len(outcome.ranks)} draws do not tell which choice moves the ranks",
            [f"their shares would span zero: give uncertainty.draws = {FEW_DRAWS} or more"],
        )
    sets = outcome.sets
    first, second = outcome.ranks[:sets], outcome.ranks[sets:]
    designs = _designs(outcome)
    blocks = np.array_split(np.arange(sets), min(BLOCKS, sets))
    sums = _Sums.of(first, second, designs, blocks)
    whole = sums.shares(np.ones(len(blocks)))
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=REPEATS).astype(np.float64)
    again = np.array([sums.shares(row) for row in times])
    half = 1.96 * again.std(axis=0, ddof=1)
    names = [*designs, "errors", "choices together"]
    return pd.DataFrame({"choice": names, "share": whole, "lower": whole - half, "upper": whole + half})


def _designs(outcome: Tried) -> dict[str, Floats]:
    """Return the columns of each choice that was varied, shape (sets, p)."""
    designs = {}
    weights = outcome.weights[:, :-1]
    if np.ptp(weights, axis=0).max() > 0:
        designs["weights"] = weights
    normalisation = _dummies(outcome.normalisation)
    if normalisation.shape[1]:
        designs["normalisation"] = normalisation
    within = outcome.aggregation.astype(np.float64)
    for name in np.unique(outcome.normalisation):
        here = outcome.normalisation == name
        within[here] -= within[here].mean()
    if np.ptp(within) > 0:
        designs["aggregation"] = within[:, None]
    left_out = _dummies(outcome.left_out)
    if left_out.shape[1]:
        designs["leave one out"] = left_out
    return designs


def _dummies(levels: np.ndarray[Any, Any]) -> Floats:
    return np.array([levels == level for level in np.unique(levels)[1:]], dtype=np.float64).reshape(-1, len(levels)).T


class _Sums:
    """Sums over blocks from which shares follow, so that drawing blocks again costs a product of small matrices."""

    def __init__(self, count: Floats, squares: Floats, products: Floats, totals: Floats, designs: list[Any]) -> None:
        self.count, self.squares, self.products, self.totals, self.designs = count, squares, products, totals, designs

    @classmethod
    def of(cls, first: Floats, second: Floats, designs: Mapping[str, Floats], blocks: list[Any]) -> _Sums:
        pair = (first + second) / 2
        centre = pair.mean(axis=0)
        first, second, pair = first - centre, second - centre, pair - centre
        parts = []
        for design in designs.values():
            columns = np.column_stack([np.ones(len(design)), design - design.mean(axis=0)])
            inner = np.array([columns[rows].T @ columns[rows] for rows in blocks])
            outer = np.array([columns[rows].T @ pair[rows] for rows in blocks])
            parts.append((inner, outer))
        return cls(
            np.array([float(len(rows)) for rows in blocks]),
            np.array([(first[rows] ** 2 + second[rows] ** 2).sum(axis=0) / 2 for rows in blocks]),
            np.array([(first[rows] * second[rows]).sum(axis=0) for rows in blocks]),
            np.array([pair[rows].sum(axis=0) for rows in blocks]),
            parts,
        )

    def shares(self, times: Floats) -> Floats:
        number = times @ self.count
        mean = (times @ self.totals) / number
        variance = (times @ self.squares) / number - mean**2
        alike = (times @ self.products) / number - mean**2
        pairs = number * (variance + alike) / 2  # the mean of two draws has (variance + covariance) / 2
        found = []
        for inner, outer in self.designs:
            gram = np.tensordot(times, inner, axes=1)
            cross = np.tensordot(times, outer, axes=1)
            fitted = (cross * np.linalg.lstsq(gram, cross, rcond=None)[0]).sum(axis=0) - number * mean**2
            free = inner.shape[1] - 1
            chance = free * (pairs - fitted) / (number - 1 - free)
            found.append(((fitted - chance) / number).sum())
        whole = variance.sum()
        if not whole > 0:  # no draw moves a rank: nothing has a share
            return np.zeros(len(found) + 2)
        shares = np.array([*found, (variance - alike).sum()]) / whole
        return np.append(shares, 1.0 - shares.sum())


def rank_intervals(outcome: Tried, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the lowest and highest rank of each area over the draws, without the outer 5 % of them; shape (areas,) each."""
    tail = (1 - level) / 2
    # Ranks are averages where areas are level: the interval is of whole places.
    low, high = np.quantile(outcome.ranks, [tail, 1 - tail], axis=0, method="nearest")
    return np.floor(low), np.ceil(high)


def leave_one_out(
    definition: IndexDefinition,
    prepared: Prepared,
    weights: Floats,
    index: Floats,
    banded: Callable[[Floats], np.ndarray[Any, Any]] | None,
) -> pd.DataFrame:
    """Return what the index is without each of its indicators, errors and all other choices as stated.

    Parameters
    ----------
    index : shape (areas,), with all. banded : gives the place of the band of each value; None where there are no bands.

    Returns
    -------
    ``without rank_correlation mean_shift largest_shift largest_code band_changes``; ranks from 1, the lowest.
    """
    ranks, rows = rankdata(index), []
    for at, part in enumerate(definition.indicator):
        rest = np.where(np.arange(len(weights)) == at, 0.0, weights)
        if np.count_nonzero(rest) < 2:
            continue  # of two indicators, one is no index
        other = composed(prepared.figures, prepared, definition, rest, definition.normalisation, definition.aggregation)
        shift = rankdata(other) - ranks
        most = int(np.abs(shift).argmax())
        moved = 0 if banded is None else int((banded(other) != banded(index)).sum())
        same = float(spearmanr(index, other).statistic)
        rows.append((part.id, same, float(np.abs(shift).mean()), float(shift[most]), prepared.codes[most], moved))
    columns = ["without", "rank_correlation", "mean_shift", "largest_shift", "largest_code", "band_changes"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.drop(columns="band_changes") if banded is None else frame
