"""Random neighbours: rows of distinct areas drawn once and shared by every area, outcome and statistic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

Ids = np.ndarray[Any, np.dtype[np.int32]]

BLOCK = 16_384
"""Draws in a block: each block has its own stream of random numbers, so the split is part of the answer and never depends
on workers. 16,384 sums of one neighbour count fit the second-level cache while they are sorted and searched."""

WIDE = 4_000_000
"""Ids in a block at most: rows get shorter blocks when areas have hundreds of neighbours, which bounds memory."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of draws: how many rows, and the stream they come from."""

    rows: int
    stream: np.random.SeedSequence


def blocks(permutations: int, width: int, seed: int) -> list[Block]:
    """Split ``permutations`` rows of ``width`` ids into blocks with independent streams.

    Parameters
    ----------
    permutations : rows in all.
    width : ids in a row.
    seed : any non-negative integer.
    """
    size = min(BLOCK, max(1, WIDE // max(width, 1)))
    starts = range(0, permutations, size)
    streams = np.random.SeedSequence(seed).spawn(len(starts))
    return [Block(min(size, permutations - start), stream) for start, stream in zip(starts, streams, strict=True)]


def drawn(block: Block, n: int, width: int) -> Ids:
    """Draw rows of ``width`` distinct ids below ``n``, every ordered selection equally likely; shape (width, rows).

    Notes
    -----
    Narrow rows are drawn place by place, and an id that stands in its row already is drawn again: what is kept is uniform over
    the ids left. Wide rows take the first ``width`` steps of a Fisher-Yates shuffle of all ids.
    """
    rng = np.random.default_rng(block.stream)
    # Comparing each place with those before it costs about width² / 2 a row, a shuffle about n.
    if width * width < 8 * n:
        return _placed(rng, block.rows, n, width)
    return np.concatenate([_shuffled(rng, rows, n, width) for rows in _slices(block.rows, n)], axis=1)


def _placed(rng: np.random.Generator, rows: int, n: int, width: int) -> Ids:
    """Draw place by place, each place again in the rows where it repeats an earlier one."""
    table = rng.integers(0, n, size=(width, rows), dtype=np.int32)
    for place in range(1, width):
        again = np.flatnonzero((table[:place] == table[place]).any(axis=0))
        while len(again):
            table[place, again] = rng.integers(0, n, size=len(again), dtype=np.int32)
            again = again[(table[:place, again] == table[place, again]).any(axis=0)]
    return table


def _shuffled(rng: np.random.Generator, rows: int, n: int, width: int) -> Ids:
    """Make the first ``width`` steps of a shuffle of 0 … n−1 in every row."""
    cards = np.repeat(np.arange(n, dtype=np.int32)[:, None], rows, axis=1)
    every = np.arange(rows)
    for step in range(width):
        pick = rng.integers(step, n, size=rows)
        taken = cards[pick, every]
        cards[pick, every] = cards[step]
        cards[step] = taken
    return cards[:width].copy()


def _slices(rows: int, n: int) -> Iterator[int]:
    """Cut rows so that a full shuffle of each stays within the bound on memory."""
    size = max(1, WIDE // max(n, 1))
    for start in range(0, rows, size):
        yield min(size, rows - start)
