"""Conditional permutation of a weighted neighbour sum: how many draws lie as far out as the sum observed, on either side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import sparse

from analysis.permutation.draws import Block, blocks, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.permutation.draws import Ids

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

TIE = 1e-11
"""Sums nearer than this, relative to the largest that can occur, count as equal: the order of summation must not decide."""

CHUNK = 120_000
"""Sums held at once: about a megabyte, so that they stay in the second-level cache while they are sorted and compared."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A graph as the engine needs it: compressed rows over positions 0 … n−1, no isolates.

    ``indptr`` shape (n + 1,), ``indices`` shape (links,), ``data`` shape (links,).
    """

    indptr: Ints
    indices: Ints
    data: Floats

    @property
    def degrees(self) -> Ints:
        """Neighbours of each area, shape (n,)."""
        return np.diff(self.indptr)

    def sparse(self) -> sparse.csr_array:
        """Return the rows as a sparse matrix, shape (n, n)."""
        n = len(self.indptr) - 1
        return sparse.csr_array((self.data, self.indices, self.indptr), shape=(n, n))

    def sums(self) -> tuple[float, float, float]:
        """Return S0 = Σ w_ij, S1 = Σ (w_ij + w_ji)² / 2 and S2 = Σ_i (Σ_j w_ij + Σ_j w_ji)²."""
        matrix = self.sparse()
        both = matrix + matrix.T
        total = np.asarray(matrix.sum(axis=0)) + np.asarray(matrix.sum(axis=1))
        return float(self.data.sum()), float((both.data**2).sum()) / 2, float((total**2).sum())

    @property
    def even(self) -> bool:
        """Whether every area gives all its neighbours the same weight."""
        first = np.repeat(self.data[self.indptr[:-1]], self.degrees)
        return bool((self.data == first).all())


@dataclass(frozen=True, slots=True)
class Tails:
    """For each outcome and area, how many draws are at least as high, and how many at least as low, as what was observed.

    ``upper`` and ``lower`` shape (outcomes, n), ties counted in both.
    """

    upper: Ints
    lower: Ints
    permutations: int


def neighbour_sums(values: Floats, rows: Rows) -> Floats:
    """Return Σ_j w_ij x_j of each area; ``values`` and the result shape (outcomes, n)."""
    weighted = values[:, rows.indices] * rows.data
    sums: Floats = np.add.reduceat(weighted, rows.indptr[:-1], axis=1)
    return sums


def neighbour_tails(
    values: Floats,
    rows: Rows,
    *,
    permutations: int,
    seed: int,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Tails:
    """Count draws beyond the neighbour sum of every area, each area's own value held in its place.

    Parameters
    ----------
    values : shape (outcomes, n), finite.
    rows : the graph; every area has at least one neighbour and fewer than n − 1 others are needed for a test to say much.
    permutations : draws.
    seed : of the random draws; the answer is the same for any number of workers.
    workers : threads.
    progress : called with (draws done, draws in all) after every block.

    Notes
    -----
    Null hypothesis: the other n − 1 values are exchangeable over the other places. One table of random ids is shared: for an
    area with k neighbours its draw is the first k ids of a row, without the area itself, whose place the next id takes; what
    is left is uniform over ordered selections of the others, so the test is exact. With equal weights only the sum of the
    first k values matters, and one sorted list of sums serves every area with k neighbours.
    """
    scaled = _scaled(values)
    width = int(rows.degrees.max()) + 1
    count = _even_tails if rows.even else _uneven_tails
    n = values.shape[1]
    run = _runner(scaled, rows, n, width, count)
    return _summed(run, blocks(permutations, width, seed), workers, permutations, progress)


def _summed(
    run: Callable[[Block], tuple[Ints, Ints]],
    parts: Sequence[Block],
    workers: int,
    permutations: int,
    progress: Callable[[int, int], None] | None = None,
) -> Tails:
    """Count every block, on so many threads, and add up: sums of whole numbers do not depend on order."""
    upper: Any = 0
    lower: Any = 0
    made = 0
    with ThreadPoolExecutor(workers) as pool:
        # One worker stays on this thread, where an interruption from the keyboard reaches it.
        found = pool.map(run, parts) if workers > 1 else map(run, parts)
        for part, (high, low) in zip(parts, found, strict=True):
            upper, lower = upper + high, lower + low
            made += part.rows
            if progress is not None:
                progress(made, permutations)
    return Tails(upper, lower, permutations)


def _runner(
    values: Floats, rows: Rows, n: int, width: int, count: Callable[[Floats, Rows, Ids], tuple[Ints, Ints]]
) -> Callable[[Block], tuple[Ints, Ints]]:
    """Bind what all blocks share."""

    def run(block: Block) -> tuple[Ints, Ints]:
        return count(values, rows, drawn(block, n, width))

    return run


def _scaled(values: Floats) -> Floats:
    """Centre and scale each outcome, so that tolerances are relative and no sum overflows; order of sums is kept."""
    size = np.abs(values).max(axis=1, keepdims=True)
    small = values / np.where(size > 0, size, 1.0)
    centred: Floats = small - small.mean(axis=1, keepdims=True)
    spread = np.abs(centred).max(axis=1, keepdims=True)
    return centred / np.where(spread > 0, spread, 1.0)


def _even_tails(values: Floats, rows: Rows, table: Ids) -> tuple[Ints, Ints]:
    """Count over one block when each area weighs its neighbours equally."""
    degrees = rows.degrees
    draw, own, _ = _own_draws(table, degrees)
    # Small integers are sorted by radix, many times faster than by comparison.
    own_degree = degrees[own].astype(np.int16 if table.shape[0] < 2**15 else np.int64)
    order = np.argsort(own_degree, kind="stable")
    edges = np.searchsorted(own_degree[order], np.arange(table.shape[0] + 1))
    own_draws = _OwnDraws(draw[order], own[order], edges)
    step = max(1, CHUNK // table.shape[1])
    parts = [_even_part(values[at : at + step], rows, table, own_draws) for at in range(0, len(values), step)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


@dataclass(frozen=True, slots=True)
class _OwnDraws:
    """Draws that hold the area itself: (row, area), ordered by the area's degree k, whose part starts at ``edges[k]``."""

    draw: Ints
    own: Ints
    edges: Ints


def _even_part(values: Floats, rows: Rows, table: Ids, own_draws: _OwnDraws) -> tuple[Ints, Ints]:
    """Count over one block for as many outcomes as fit the cache."""
    m, n = values.shape
    degrees = rows.degrees
    ones = Rows(rows.indptr, rows.indices, np.ones_like(rows.data))
    observed = neighbour_sums(values, ones)
    tie = TIE * degrees
    high, low = observed - tie, observed + tie
    upper = np.zeros((m, n), dtype=np.int64)
    lower = np.zeros((m, n), dtype=np.int64)
    total = table.shape[1]
    sums = np.zeros((m, total))
    # Rows end in infinities up to a power of two: the search then needs no check of bounds, and the room is used again.
    room = np.full((m, 1 << total.bit_length()), np.inf)
    for k in range(1, table.shape[0]):
        sums += np.take(values, table[k - 1], axis=1)
        areas = np.flatnonzero(degrees == k)
        if not len(areas):
            continue
        room[:, :total] = sums
        room[:, :total].sort(axis=1)
        below, upto = _places(room, high[:, areas], low[:, areas])
        upper[:, areas] = total - below
        lower[:, areas] = upto
        part = slice(own_draws.edges[k], own_draws.edges[k + 1])
        draw, focal = own_draws.draw[part], own_draws.own[part]
        if len(focal):
            before = np.take(sums, draw, axis=1)
            after = before - np.take(values, focal, axis=1) + np.take(values, table[k, draw], axis=1)
            _amend(upper, lower, before, after, high[:, focal], low[:, focal], focal)
    return upper, lower


def _places(ranked: Floats, high: Floats, low: Floats) -> tuple[Ints, Ints]:
    """Count, in each row of sorted sums, those below ``high`` and those up to ``low``, a hair above; shape (m, areas) all."""
    below = _found(ranked, high, "left")
    tied = np.take_along_axis(ranked, below, axis=1) <= low
    # Without a tie nothing lies between the two, and one search serves both.
    return below, _found(ranked, low, "right") if tied.any() else below


def _found(ranked: Floats, keys: Floats, side: Literal["left", "right"]) -> Ints:
    """Search each row of sorted sums, padded with infinity to a power of two, for its own keys; result (m, areas)."""
    m, size = ranked.shape
    if m == 1:
        # Keys in order first: neighbouring keys then touch the same memory.
        order = np.argsort(keys[0])
        places = np.empty(keys.shape, dtype=np.int64)
        places[0, order] = np.searchsorted(ranked[0], keys[0, order], side=side)
        return places
    flat = ranked.ravel()
    found = np.repeat(np.arange(m, dtype=np.int64)[:, None] * size, keys.shape[1], axis=1)
    step = size >> 1
    while step:  # the largest place such that everything before it lies below the key, bit by bit
        probed = np.take(flat, found + (step - 1))
        found += step * (probed < keys if side == "left" else probed <= keys)
        step >>= 1
    inside: Ints = found & (size - 1)
    return inside


def _amend(upper: Ints, lower: Ints, before: Floats, after: Floats, high: Floats, low: Floats, focal: Ints) -> None:
    """Take back draws that held the area itself and count what stands in their place; ``before`` (m, draws)."""
    up = (after >= high).view(np.int8) - (before >= high).view(np.int8)
    down = (after <= low).view(np.int8) - (before <= low).view(np.int8)
    change = _tally(up, focal, upper.shape)
    upper += change
    # Without a tie whatever leaves one side joins the other.
    lower += -change if np.array_equal(up, -down) else _tally(down, focal, lower.shape)


def _tally(change: np.ndarray[Any, np.dtype[np.int8]], focal: Ints, shape: tuple[int, ...]) -> Ints:
    """Add up changes of −1, 0 and 1 by outcome and area."""
    outcome, at = np.nonzero(change)
    added = np.bincount(outcome * shape[1] + focal[at], weights=change[outcome, at], minlength=shape[0] * shape[1])
    return added.astype(np.int64).reshape(shape)


def difference_tails(
    x: Floats,
    rows: Rows,
    *,
    permutations: int,
    seed: int,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Tails:
    """Count draws beyond Σ_j w_ij (x_i − x_j)² of every area, each area's own value held in its place.

    Parameters
    ----------
    x : values of one outcome, shape (n,), scaled.
    rows : weights.
    permutations, seed, workers, progress : as in ``neighbour_tails``, whose draws these are.
    """
    width = int(rows.degrees.max()) + 1
    n = len(x)
    run = _runner(x[None, :], rows, n, width, _difference_tails)
    return _summed(run, blocks(permutations, width, seed), workers, permutations, progress)


def _difference_tails(values: Floats, rows: Rows, table: Ids) -> tuple[Ints, Ints]:
    """Count over one block: the difference is a sum of x_j² and one of x_j, put together with the area's own value."""
    return _gathered(values, rows, table, squares=True)


def _uneven_tails(values: Floats, rows: Rows, table: Ids) -> tuple[Ints, Ints]:
    """Count over one block with any weights: sums of drawn values under each area's own weights."""
    return _gathered(values, rows, table, squares=False)


def _gathered(values: Floats, rows: Rows, table: Ids, *, squares: bool) -> tuple[Ints, Ints]:
    """Sum drawn values under each area's own weights; with ``squares``, x_j² − 2 x_i x_j instead of x_j."""
    m, n = values.shape
    degrees = rows.degrees
    width, total = table.shape
    draw, own, place = _own_draws(table, degrees)
    order = np.argsort(own, kind="stable")
    draw, own, place = draw[order], own[order], place[order]
    reach = np.add.reduceat(rows.data, rows.indptr[:-1])
    upper = np.zeros((m, n), dtype=np.int64)
    lower = np.zeros((m, n), dtype=np.int64)
    padded = _padded(rows, width - 1)
    by_degree = np.argsort(degrees, kind="stable")
    step = min(n, max(1, CHUNK // total))
    # One room for all sums: memory asked for anew at every step would have to be mapped anew.
    room, marks = np.empty((step, total)), np.empty((step, total), dtype=bool)
    for outcome in range(m):
        x = values[outcome]
        drawn_values = x[table]
        drawn_squares = drawn_values**2 if squares else drawn_values
        observed = neighbour_sums(x[None, :], rows)[0]
        if squares:
            observed = neighbour_sums((x * x)[None, :], rows)[0] - 2 * x * observed
        tie = TIE * reach * max(1.0, float(np.abs(x).max())) ** (2 if squares else 1)
        high, low = observed - tie, observed + tie
        for start in range(0, n, step):
            areas = by_degree[start : start + step]
            k = int(degrees[areas[-1]])
            sums = np.matmul(padded[areas, :k], drawn_values[:k], out=room[: len(areas)])
            if squares:
                sums *= -2 * x[areas, None]
                sums += padded[areas, :k] @ drawn_squares[:k]
            flags = np.greater_equal(sums, high[areas, None], out=marks[: len(areas)])
            upper[outcome, areas] = np.count_nonzero(flags, axis=1)
            flags = np.less_equal(sums, low[areas, None], out=marks[: len(areas)])
            lower[outcome, areas] = np.count_nonzero(flags, axis=1)
        for start in range(0, len(own), max(1, CHUNK // width)):
            part = slice(start, start + max(1, CHUNK // width))
            focal, row = own[part], draw[part]
            weight = padded[focal]
            taken = drawn_values[:-1, row].T
            spare, given = drawn_values[degrees[focal], row], x[focal]
            if squares:
                taken = taken**2 - 2 * given[:, None] * taken
                spare, given = spare**2 - 2 * given * spare, given**2 - 2 * given * given
            before = np.einsum("ij,ij->i", weight, taken)
            after = before + weight[np.arange(len(focal)), place[part]] * (spare - given)
            ours = slice(outcome, outcome + 1)
            _amend(upper[ours], lower[ours], before[None], after[None], high[None, focal], low[None, focal], focal)
    return upper, lower


def _padded(rows: Rows, width: int) -> Floats:
    """Return each area's weights as a row, zeros behind, shape (n, width)."""
    n = len(rows.degrees)
    dense = np.zeros((n, width))
    focal = np.repeat(np.arange(n), rows.degrees)
    dense[focal, np.arange(len(rows.data)) - rows.indptr[focal]] = rows.data
    return dense


def _own_draws(table: Ids, degrees: Ints) -> tuple[Ints, Ints, Ints]:
    """Find the draws that hold the area itself among its own first k ids: (row, area, place) of each."""
    place, draw = np.nonzero(np.arange(table.shape[0])[:, None] < degrees[table])
    return draw, table[place, draw].astype(np.int64), place
