"""On how many maps do areas lie in low clusters on every scale, on some, where neighbours have nothing to do with each other?"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

import placeatlas as pa
from analysis.known_columns import column_finder
from analysis.larger_areas import on_larger
from analysis.moran import local_moran
from analysis.study import StudyConfig
from tests.benchmarks.calibration._families import drawn
from tests.benchmarks.calibration.kinds import ground

FAMILIES = ("independent", "sar:0.5", "sar:0.9")
SCALES = ("UTLA", "ITL2")


def met(family: str, *, maps: int, seed: int) -> Counter[str]:
    """Return on how many maps of the districts some area is in low clusters on ``every`` scale, its ``own``, ``larger`` ones, ``any``."""
    areas = pa.areas("LAD", "2023-04-01")
    _, lands, _ = ground("districts")
    weights, options = lands.places.weights, StudyConfig().options()
    if weights is None:
        raise ValueError("clusters need neighbours")
    found: Counter[str] = Counter()
    for column in drawn(family, lands.places, maps, np.random.default_rng([seed, 5])).T:
        joined = pa.join(pd.DataFrame({"code": lands.codes, "made": column}), areas, measure="mean", favourable="high")
        find = column_finder(joined, indicators=pd.DataFrame(), memberships=pd.DataFrame())
        local = local_moran(joined.frame["value"], weights, **options)
        larger = on_larger(joined, weights, local, SCALES, find, **options)
        if larger is None:
            raise ValueError("larger areas are named")
        there = set(larger.across("low")) & {"every", "own", "larger"}
        found.update([*there, *(["any"] if there else [])])
    return found


def main(maps: int, seed: int) -> None:
    """Print the share of maps of each family."""
    print(f"districts, then {' and '.join(SCALES)}; seed {seed}; {maps} maps; corrected at 5 % on each scale")
    print(f"{'maps':<20} {'every':>8} {'own':>8} {'larger':>8} {'any':>8}")
    for family in FAMILIES:
        found = met(family, maps=maps, seed=seed)
        shares = "".join(f" {100 * found[key] / maps:6.1f} %" for key in ("every", "own", "larger", "any"))
        print(f"{family:<20}{shares}", flush=True)
