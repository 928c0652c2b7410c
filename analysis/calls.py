"""What an analyst calls of this floor: study, weights.

A wrong argument is one of our errors, and a ValueError or TypeError too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from analysis.significance import CORRECTIONS
from boundaries.areas.boundary_set import BoundarySet
from boundaries.joined import Joined
from boundaries.vocabulary import ISOLATES, POLICIES, parse_policy
from geo.arguments import one_of, result_of, texts_of
from geo.errors import ArgumentError, ArgumentTypeError, ConfigError, PluginError, StatisticsError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from analysis.levels import LevelOptions
    from analysis.significance import Correction
    from analysis.statistics import Covariate, Statistic
    from analysis.study import Study, StudyConfig
    from analysis.weights import Weights
    from boundaries.vocabulary import Isolates

    Asked = str | Mapping[str, Any] | Statistic
    Measured = str | Mapping[str, Any] | Covariate

_HOW_JOINED = "join first: join(table, areas)"


def study(
    joined: Joined,
    *,
    weights: str = "queen+sea-links",
    against: str | Sequence[str] | None = None,
    permutations: int | None = None,
    correction: Correction = "fdr_bh",
    alpha: float = 0.05,
    seed: int = 20240911,
    robust: bool = True,
    extra: Asked | Sequence[Asked] = (),
    covariates: Measured | Sequence[Measured] = (),
    types: str | Path | Sequence[str | Path] = (),
    beside: pd.DataFrame | None = None,
    breaks: Sequence[float] = (),
    labels: Sequence[str] = (),
    reliability: float | None = None,
    modelled: bool = False,
    isolates: Isolates | None = None,
    larger: str | Sequence[str] = (),
) -> Study:
    """Run every statistic on one joined outcome.

    Parameters
    ----------
    joined : what ``join`` gives.
    weights : neighbours that are reported: ``queen+sea-links``, ``knn6``, ``distance:50000`` … against : those they are tried
        against, by default the others of the declared set.
    permutations : draws; by default 99,999, and more where the correction needs more. correction, alpha : for many areas.
    seed : of every random draw. robust : try other neighbours, seeds and levels (most of the time it takes).
    extra : further statistics: names, tables ``{"name": …, "with": […]}``, or ``analysis.statistics.Statistic``.
    covariates : numbers of areas: names, TOML files or tables ``[[covariate]]``. types : kinds of place, TOML files or names.
    beside : other columns of the areas, by code, for statistics that look at more than the outcome.
    breaks, labels : limits of bands, rising, and their names, one more. reliability : share of the spread of values that is truth,
        where no error is published. modelled : the publisher modelled the figures already.
    isolates : areas without a neighbour: ``"refuse"``, ``"keep"`` or ``"nearest"``; by default those of a layer are kept.
    larger : areas to test again on: ``"UTLA"``, ``"ITL2"``, ``"region"``, ``"LAD"``, a column of a lookup.

    Returns
    -------
    Study
        ``.moran``, ``.local``, ``.hotspots``, ``.clusters``, ``.robustness``, ``.associations``; ``.to_frame()``, ``.to_geo()``.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        A choice that there is none of, a statistic that is not to be had, anything but a join.
    StatisticsError
        The outcome is constant, or has values for fewer than four areas.
    """
    from analysis.study import StudyConfig, run_study, survey
    from boundaries.bundled.layers import load_neighbours

    outcome = result_of(joined, Joined, "joined", how=_HOW_JOINED)
    one_of(correction, CORRECTIONS, "correction")
    _policy(weights)
    defaults = StudyConfig()
    others = texts_of(against, "against") if against is not None else (defaults.weights, *defaults.against)
    for policy in others:
        _policy(policy)
    config = _config(
        weights=weights,
        against=tuple(policy for policy in others if policy != weights),
        permutations=permutations,
        correction=correction,
        alpha=alpha,
        seed=seed,
        robust=robust,
        extra=_several(extra),
        **_kinds(types, _covariates(covariates)),
        isolates=isolates,
        larger=texts_of(larger, "larger"),
    )
    levels = _levels(breaks, labels, reliability, modelled=modelled)
    columns = None
    if beside is not None:
        frame = result_of(beside, pd.DataFrame, "beside", how="give a DataFrame indexed by the codes of the areas")
        columns = {str(name): frame[name] for name in frame.columns}
    ground = survey(outcome.boundaries, config, neighbours=load_neighbours())
    return run_study(outcome, config, ground=ground, beside=columns, levels=levels)


def weights(
    areas: BoundarySet | pd.DataFrame | Any,
    policy: str = "queen+sea-links",
    *,
    sea_links_on: str | Sequence[str] | None = None,
    sea_links_off: str | Sequence[str] | None = None,
    isolates: Collection[str] | str = (),
) -> Weights:
    """Return who is whose neighbour: ``.lag(values)``, ``.to_frame()``, ``.to_geo(areas)``, ``.to_graph()``.

    Parameters
    ----------
    areas : what ``areas`` gives; a ``libpysal.graph.Graph``; or a table of links with columns ``from``, ``to``, ``weight``.
    policy : ``queen``, ``rook``, ``queen+sea-links``, ``queen-order-2``, ``knn6``, ``distance:50000``, ``file:links.csv``; of a
        Graph or a table only its name.
    sea_links_on, sea_links_off : crossings to switch on or off. isolates : areas that may stand alone; ``"any"`` or ``"keep"`` for
        all, ``"nearest"`` to join each to the area nearest to it.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        A policy that there is none of; what is no set of areas.
    StatisticsError
        An area without a neighbour that nobody expected.
    """
    from analysis.weights import build_weights, from_edges, from_graph, is_graph

    if is_graph(areas):
        return from_graph(areas, policy="graph" if policy == "queen+sea-links" else policy)
    if isinstance(areas, pd.DataFrame) and {"from", "to"} <= set(areas.columns):
        return from_edges(areas)
    boundaries = result_of(areas, BoundarySet, "areas", how='make one: areas("LAD", "2023-04-01")')
    _policy(policy)
    how: Isolates | None = None
    if isinstance(isolates, str) and isolates in (*ISOLATES, "any"):
        how, isolates = cast("Isolates", "keep" if isolates == "any" else isolates), ()
    return build_weights(
        boundaries,
        policy=policy,
        sea_links_on=texts_of(sea_links_on, "sea_links_on"),
        sea_links_off=texts_of(sea_links_off, "sea_links_off"),
        declared_isolates=texts_of(isolates, "isolates"),
        isolates=how,
    )


def _policy(name: object) -> None:
    """Refuse a policy of neighbours that there is none of."""
    if not isinstance(name, str):
        raise ArgumentTypeError("a policy of neighbours is named in text", [f"found {type(name).__name__}"])
    if parse_policy(name) is None:
        raise ArgumentError(f"no weights are called '{name}'", [f"choose one of {', '.join(POLICIES)}"])


def _config(**choices: Any) -> StudyConfig:
    """Return the choices of a study; what cannot be meant is a wrong argument."""
    from analysis.study import StudyConfig

    try:
        return StudyConfig(**choices)
    except (ConfigError, PluginError, StatisticsError) as error:
        raise ArgumentError(error.what, error.faults) from error


def _covariates(given: Any) -> tuple[str | Covariate, ...]:
    """Return covariates; what cannot be meant is a wrong argument."""
    from analysis.layered import covariates_of

    try:
        return covariates_of(_several(given))
    except ConfigError as error:
        raise ArgumentError(error.what, error.faults) from error


def _levels(
    breaks: Sequence[float], labels: Sequence[str], reliability: float | None, *, modelled: bool
) -> LevelOptions:
    """Return how levels are made; what cannot be meant is a wrong argument."""
    from analysis.levels import LevelOptions

    try:
        return LevelOptions(breaks=tuple(breaks), labels=tuple(labels), reliability=reliability, modelled=modelled)
    except StatisticsError as error:
        raise ArgumentError(error.what, error.faults) from error


def _kinds(types: Any, covariates: Any) -> dict[str, Any]:
    """Return kinds of place as read, and covariates with those that the kinds need."""
    from analysis.typology.stated_types import typed, types_read

    rules, needed = types_read([typed(str(one)) for one in _several(types)])
    return {"covariates": (*_several(covariates), *needed), "typologies": rules}


def _several(given: Any) -> tuple[Any, ...]:
    """Return one thing, or several, as a tuple."""
    return tuple(given) if isinstance(given, list | tuple) else (given,)


def alike(
    indicators: pd.DataFrame,
    *,
    k: int = 5,
    columns: str | Sequence[str] | None = None,
    published: str | Path | None = None,
) -> pd.DataFrame:
    """Return the places most alike to each, by indicators of structure.

    Parameters
    ----------
    indicators : by code, a column an indicator (density, age, industry), not what is compared. k : how many of each place.
    columns : those that count; all by default.
    published : a published list, as the Office for National Statistics publishes its statistical neighbours.

    Returns
    -------
    ``code like rank distance`` and a gap an indicator, in standard deviations. With ``published`` beside it ``shared expected``: how
    many of the place's are in the published list, and how many of as many drawn at random would be.

    Raises
    ------
    StatisticsError
        Columns that are not there or do not vary, or too few places.
    TableError
        A list that is none.
    """
    from pathlib import Path

    from analysis.profiles import agreement, places_alike, read_neighbours

    if not isinstance(indicators, pd.DataFrame):
        raise ArgumentTypeError("indicators are a data frame by code", [f"found {type(indicators).__name__}"])
    wanted = None if columns is None else texts_of(columns, "columns")
    found = places_alike(indicators, k=k, columns=wanted)
    if published is None:
        return found
    shared = agreement(found, read_neighbours(Path(published)))
    return found.merge(shared[["code", "shared", "expected"]], on="code", how="left")
