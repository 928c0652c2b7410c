"""Are the expected false flags the ones found? Series without change, with change, with the correlation of errors right and wrong.

``python -m tests.benchmarks.calibration.change [REPEATS]`` prints a table; a short seeded form runs in the suite.

Every series has 350 areas with errors like those of a labour market survey. Uncorrected counts and Benjamini-Hochberg stand beside
the list by Bayesian false discovery rate. A flag is false when the true change does not lie beyond δ in its direction.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from analysis.change.rivals import cautious_posterior_of, sceptical_posterior_of
from analysis.significance import longest_list

AREAS = 350
SPREAD = 4.0
"""Standard deviation of the truths in the earlier period; δ is a tenth of it."""
BEYOND = SPREAD / 10
REPEATS = 400
SEED = 20240911


@dataclass(frozen=True, slots=True)
class World:
    """How true changes come about: all alike, normal, a few far out, skewed; and the correlation of errors, true and assumed."""

    name: str
    moved: float = 0.0
    far: float = 0.0
    share: float = 0.0
    common: float = 0.0
    skewed: bool = False
    rho: float = 0.0
    assumed: float = 0.0


WORLDS = (
    World("no change"),
    World("no change, rho 0.5 and said so", rho=0.5, assumed=0.5),
    World("no change, rho 0.5 taken as 0", rho=0.5),
    World("no change, rho 0 taken as 0.5", assumed=0.5),
    World("all fell by 1", common=-1.0),
    World("normal changes, sd 1", moved=1.0),
    World("normal changes, sd 2", moved=2.0),
    World("normal changes, sd 2, rho 0.5 taken as 0", moved=2.0, rho=0.5),
    World("normal changes, sd 2, rho 0 taken as 0.5", moved=2.0, assumed=0.5),
    World("5 % fell by 6", far=-6.0, share=0.05),
    World("5 % fell by 10", far=-10.0, share=0.05),
    World("20 % fell by 4", far=-4.0, share=0.2),
    World("skewed changes, sd 2", moved=2.0, skewed=True),
)


@dataclass(frozen=True, slots=True)
class Result:
    """Means over repeats: flags, false ones found and expected with the Monte-Carlo error of their difference, power, uncorrected.

    ``if_independent``: false ones expected of the same list were the errors of the two periods independent, whatever was assumed.
    """

    flags: float
    false: float
    expected: float
    error: float
    power: float
    uncorrected: float
    by_chance: float
    uncorrected_error: float
    if_independent: float


def one(world: World, rng: np.random.Generator) -> tuple[float, ...]:
    """Simulate one pair of periods; return flags, false, expected, share of true falls seen, uncorrected, expected if independent."""
    errors = rng.uniform(1.2, 3.0, size=(2, AREAS))
    shocks = rng.normal(size=(2, AREAS))
    shocks[1] = world.rho * shocks[0] + np.sqrt(1 - world.rho**2) * shocks[1]
    change = np.full(AREAS, world.common)
    if world.moved:
        drawn = rng.exponential(size=AREAS) - 1 if world.skewed else rng.normal(size=AREAS)
        change += world.moved * drawn
    change[: round(world.share * AREAS)] += world.far
    found = change + errors[1] * shocks[1] - errors[0] * shocks[0]
    se = np.sqrt(errors[0] ** 2 + errors[1] ** 2 - 2 * world.assumed * errors[0] * errors[1])
    posterior = cautious_posterior_of(found, se)
    falls, rises = posterior.falls(BEYOND), posterior.rises(BEYOND)
    down, up = longest_list(1 - falls), longest_list(1 - rises)
    false = (down & (change >= -BEYOND)).sum() + (up & (change <= BEYOND)).sum()
    expected = (1 - falls)[down].sum() + (1 - rises)[up].sum()
    apart = posterior if not world.assumed else sceptical_posterior_of(found, np.hypot(*errors))
    if_independent = (1 - apart.falls(BEYOND))[down].sum() + (1 - apart.rises(BEYOND))[up].sum()
    fell = change < -BEYOND
    seen = (down & fell).sum() / fell.sum() if fell.any() else np.nan
    return (
        float(down.sum() + up.sum()),
        float(false),
        float(expected),
        float(seen),
        float((np.abs(found / se) > 1.959964).sum()),
        float(if_independent),
    )


def run(world: World, repeats: int, seed: int = SEED) -> Result:
    """Repeat one world."""
    rng = np.random.default_rng([seed, WORLDS.index(world)])
    rows = np.array([one(world, rng) for _ in range(repeats)])
    flags, false, expected, seen, uncorrected, if_independent = rows.T
    root = np.sqrt(repeats)
    return Result(
        float(flags.mean()),
        float(false.mean()),
        float(expected.mean()),
        float((false - expected).std(ddof=1) / root),
        float(np.nanmean(seen)) if np.isfinite(seen).any() else float("nan"),
        float(uncorrected.mean()),
        0.05 * AREAS,
        float(uncorrected.std(ddof=1) / root),
        float(if_independent.mean()),
    )


def main(repeats: int = REPEATS, seed: int = SEED) -> None:
    """Print a row a world."""
    print(
        f"{AREAS} areas, errors 1.2 to 3.0, delta {BEYOND:g}, {repeats} repeats; false flags found and expected, ± Monte-Carlo error; "
        "rho 0: expected of the same list were the errors independent"
    )
    print(
        f"{'world':<44} {'flags':>6} {'found':>7} {'expected':>8} {'±':>6} {'rho 0':>8} {'power':>6}   uncorrected (17.5 by chance)"
    )
    for world in WORLDS:
        found = run(world, repeats, seed)
        print(
            f"{world.name:<44} {found.flags:6.2f} {found.false:7.3f} {found.expected:8.3f} {found.error:6.3f} {found.if_independent:8.3f} {found.power:6.3f}   "
            f"{found.uncorrected:6.1f} ± {found.uncorrected_error:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
