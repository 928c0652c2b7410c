"""More small areas than can be compared: what the districts they lie in say, against the exact answer where it can still be had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.association import ALPHA, Landscapes, Outcome, beside
from analysis.association.nested import on_districts
from analysis.association.published import on_units
from analysis.covariance import Places
from tests.benchmarks.calibration._families import drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = np.ndarray[Any, np.dtype[np.float64]]

SMALL = (1_500, 2_500)
SHIFT = 0.5
FAMILIES = ("exponential:50", "exponential:150")


def tried(small: int, family: str, maps: int, seed: int) -> dict[str, float]:
    """Compare gaps of a kind on small areas with those on the districts (one in fifteen) that they lie in.

    Small areas lie at random over 400 by 700 kilometres; a district is the small areas nearest to one of its centres, and a fifth of the
    districts are of the kind.
    """
    generator = np.random.default_rng([seed, small])
    codes = pd.Index([f"s{i:05d}" for i in range(small)], name="code")
    centres = generator.uniform(0, [400_000, 700_000], size=(small, 2))
    seats = centres[generator.choice(small, small // 15, replace=False)]
    nearest = np.linalg.norm(centres[:, None] - seats[None], axis=2).argmin(axis=1)
    kind = generator.random(len(seats)) < 0.2
    districts = pd.Series([f"d{i:04d}" for i in nearest], index=codes, dtype=object)
    lands = Landscapes(codes, Places(centres))
    y = drawn(family, lands.places, maps, generator)
    x = np.column_stack([np.ones(small), kind[nearest]]).astype(float)
    exact = beside(lands.on(codes), [x], y)[0]
    people = pd.Series(1.0, index=codes)
    members = pd.DataFrame(
        {"own": np.where(kind[nearest], "yes", "no"), "own__list": np.where(kind[nearest], "yes", "no")}, index=codes
    )
    means = []
    for column in y.T:
        outcome, units = on_districts(Outcome("y", "", pd.Series(column, index=codes)), districts, people)
        carried, shares, whole = on_units(outcome, units, members, lands, people)
        means.append(carried.value.to_numpy())
    design = np.column_stack([np.ones(len(shares)), shares["own__list"]]).astype(float)
    coarse = beside(whole.on(whole.codes), [design], np.column_stack(means))[0]
    return {
        "n": len(shares),
        "apart": float(np.abs(coarse.estimate - exact.estimate).mean() / exact.se.mean()),
        "wider": float(coarse.se.mean() / exact.se.mean()),
        "size": float((coarse.p <= ALPHA).mean()),
        "size_exact": float((exact.p <= ALPHA).mean()),
        "power": float((np.abs(coarse.estimate + SHIFT) > coarse.reach).mean()),
        "power_exact": float((np.abs(exact.estimate + SHIFT) > exact.reach).mean()),
    }


def main(maps: int, seed: int, *, sizes: Sequence[int] = SMALL, families: Sequence[str] = FAMILIES) -> None:
    """Print how far the answer on districts lies from that on small areas, in standard errors, and what it costs."""
    print("areas  maps               on    apart   wider   size        exact      power at 0.5  exact")
    for small in sizes:
        for family in families:
            found = tried(small, family, maps, seed)
            print(
                f"{small:5d}  {family:<17} {found['n']:4.0f}   {found['apart']:5.2f}   {found['wider']:5.2f}   {100 * found['size']:5.1f} %  "
                f"{100 * found['size_exact']:5.1f} %      {found['power']:5.3f}  {found['power_exact']:5.3f}",
                flush=True,
            )
