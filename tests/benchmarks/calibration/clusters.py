"""Are kinds of place called over-represented in clusters where clusters have nothing to do with them? One time in twenty, no more."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.clusters.types import PERMUTATIONS, kinds_in_clusters, smooth_maps
from analysis.moran import local_moran
from tests.benchmarks.calibration._families import drawn
from tests.benchmarks.calibration.kinds import ground

if TYPE_CHECKING:
    from collections.abc import Sequence

FAMILIES = ("independent", "sar:0.9", "exponential:50", "exponential:150", "lognormal:150:1")
ALPHA = 0.05


def sizes(areas: str, family: str, *, maps: int, seed: int, smooth: int = 99) -> dict[tuple[str, str], tuple[int, int]]:
    """Return by direction and kind how many maps had clusters at all, and on how many of all p was at most 5 %."""
    _, lands, members = ground(areas)
    y = drawn(family, lands.places, maps, np.random.default_rng([seed, 3]))
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    weights = lands.places.weights
    if weights is None:
        raise ValueError("clusters need neighbours")
    for at, column in enumerate(y.T):
        values = pd.Series(column, index=lands.codes)
        real = local_moran(values, weights, permutations=PERMUTATIONS, seed=seed + at, correction="fdr_bh", alpha=ALPHA)
        against = smooth_maps(values, weights, lands, maps=smooth, seed=seed + at)
        for one in kinds_in_clusters(real, members, against):
            count = counts[one.direction, f"{one.type}-{one.definition}"]
            count[0] += one.clustered > 0
            count[1] += one.p <= ALPHA
    return {key: (count[0], count[1]) for key, count in counts.items()}


def main(
    maps: int,
    seed: int,
    *,
    families: Sequence[str] = FAMILIES,
    areas: Sequence[str] = ("smc-203",),
    smooth: int = 99,
) -> None:
    """Print how often each kind is called over-represented on maps of each family, each against ``smooth`` others."""
    started = time.perf_counter()
    print(f"seed {seed}; {maps} maps; Monte-Carlo error of 5 %: ±{196 * np.sqrt(0.05 * 0.95 / maps):.1f} points")
    print(f"{'areas':<10} {'maps':<20} {'in':<5} {'kind':<30} with clusters   called")
    for place in areas:
        for family in families:
            for (direction, kind), (clustered, called) in sizes(
                place, family, maps=maps, seed=seed, smooth=smooth
            ).items():
                share = 100 * called / maps
                print(f"{place:<10} {family:<20} {direction:<5} {kind:<30} {clustered:13d}  {share:5.1f} %", flush=True)
    print(f"\n{time.perf_counter() - started:.0f} s")
