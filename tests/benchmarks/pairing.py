"""Time two things in turn, so that a drift of the machine meets both alike."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians of both sides in seconds, and the median of the ratios ours / theirs, pair by pair."""

    ours: float
    theirs: float
    ratio: float
    runs: int

    def __str__(self) -> str:
        """Say the medians and the ratio."""
        return f"ours {self.ours:8.3f} s   theirs {self.theirs:8.3f} s   ours/theirs {self.ratio:.3f}   ({self.runs} pairs)"


def paired(ours: Callable[[], object], theirs: Callable[[], object], *, runs: int = 5, warm: int = 1) -> Pair:
    """Run both in turn, A B A B …, after ``warm`` runs of each that are not counted."""
    for _ in range(warm):
        ours()
        theirs()
    seconds = [(_timed(ours), _timed(theirs)) for _ in range(runs)]
    return Pair(
        ours=statistics.median(mine for mine, _ in seconds),
        theirs=statistics.median(other for _, other in seconds),
        ratio=statistics.median(mine / other for mine, other in seconds),
        runs=runs,
    )


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    before = time.perf_counter()
    work()
    return time.perf_counter() - before
