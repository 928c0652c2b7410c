"""The one statistics pipeline: from a joined outcome to a study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from analysis.additions import further_statistics
from analysis.association import judged
from analysis.clusters import find_clusters
from analysis.getis_ord import local_g_star
from analysis.known_columns import column_finder
from analysis.larger_areas import on_larger
from analysis.levels import LevelOptions, levels_of
from analysis.moran import global_moran, local_moran, posterior_classes
from analysis.robustness import SEEDS, robustness
from analysis.significance import Inference
from analysis.study.config import StudyConfig
from analysis.study.ground import Ground, survey
from analysis.study.kinds_of_place import associations_of, noted
from analysis.study.record import Study
from boundaries.joined import average_of
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.robustness import Robustness
    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined


MIN_TESTABLE = 4
"""Fewer areas than this carry no spatial pattern that could be tested."""


def run_study(
    joined: Joined,
    config: StudyConfig | None = None,
    *,
    ground: Ground | None = None,
    beside: Mapping[str, pd.Series] | None = None,
    levels: LevelOptions | None = None,
) -> Study:
    """Run every statistic on one joined outcome.

    Parameters
    ----------
    joined : the outcome; areas it does not cover leave n, the weights and m.
    config : how. ground : from ``survey``, shared by several outcomes on one boundary set.
    beside : other columns of the areas, by name and code, that a further statistic may be asked to look at; what is known of
        the areas anyway is found by name (``analysis.known_columns``).
    levels : how levels are made of this outcome: stated bands, reliability, whether its publisher modelled it.

    Raises
    ------
    StatisticsError
        The outcome is constant, or has values for fewer than four areas.
    PluginError
        A further statistic failed, or returned what cannot be used.
    """
    config = config or StudyConfig()
    # On one thread of linear algebra, as tasks of a build: the same digits by every door, and no waiting of threads for threads.
    with threadpool_limits(limits=1):
        asked = (levels or LevelOptions()).or_stated_of(joined.meta)
        known = replace(joined, meta=replace(joined.meta, modelled=asked.modelled))
        return _studied(known, config, ground or survey(joined.boundaries, config), beside, asked)


def _studied(
    joined: Joined, config: StudyConfig, ground: Ground, beside: Mapping[str, pd.Series] | None, levels: LevelOptions
) -> Study:
    values = _varied(joined)
    weights = ground.weights.subset(values.index)
    find = column_finder(joined, indicators=ground.indicators, memberships=ground.memberships, further=beside)
    known = ground.indicators.columns
    extra = further_statistics(config.extra, joined, weights, known=known, find=find, **config.options())
    local = local_moran(values, weights, **config.options())
    average = average_of(joined)
    stands = levels_of(joined, average, replace(levels, seed=config.seed))
    doubt = posterior_classes(stands, values, weights, inference=Inference(**config.options()))
    return Study(
        joined=noted(joined),
        ground=ground,
        config=config,
        average=average,
        levels=stands,
        moran=global_moran(values, weights, permutations=config.permutations, seed=config.seed),
        local=local,
        hotspots=local_g_star(values, weights, **config.options()),
        clusters=find_clusters(
            local,
            weights,
            joined.boundaries,
            ground.memberships,
            joined.frame,
            average=average.value,
            probabilities=None if doubt is None else doubt.frame,
        ),
        robustness=_robustness(values, joined.boundaries, ground, config) if config.robust else None,
        posterior=doubt,
        associations=judged(associations_of(joined, ground, scale=config.scale, seed=config.seed)),
        extra=extra,
        larger=on_larger(joined, weights, local, config.larger, find, **config.options()),
    )


def _robustness(values: pd.Series, boundaries: BoundarySet, ground: Ground, config: StudyConfig) -> Robustness:
    """Ask whether the clusters are there whichever areas count as neighbours, and whatever the seed."""
    return robustness(
        values,
        boundaries,
        policies=tuple(ground.weights_by_policy),
        # The first run is the one reported: no area is core that the map itself does not show.
        seeds=tuple(config.seed + step for step in range(len(SEEDS))),
        correction=config.correction,
        permutations=config.permutations,
        alphas=(config.alpha,),
        built=ground.weights_by_policy,
    )


def _varied(joined: Joined) -> pd.Series[float]:
    """Return the values of the covered areas, unless there are too few, or all are the same."""
    values: pd.Series[float] = joined.frame.loc[joined.covered, "value"]
    known = values.dropna()
    faults = []
    if len(known) < MIN_TESTABLE:
        faults.append(f"{len(known)} of {len(values)} covered areas have a value; at least {MIN_TESTABLE} are needed")
    elif known.max() == known.min():
        faults.append(f"all {len(known)} values are {known.iloc[0]:g}; a constant has no pattern to test")
    if faults:
        period = f" ({joined.period})" if joined.period else ""
        raise StatisticsError(f"'{joined.meta.id}'{period} cannot be studied", faults)
    return values
