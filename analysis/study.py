"""The one statistics pipeline: from a joined outcome to everything a map or a page says about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.association import associate_all
from analysis.clusters import find_clusters, true_clusters
from analysis.columns import PLACE_FIELDS, STUDY_FIELDS
from analysis.covariates import measured
from analysis.getis_ord import local_g_star
from analysis.moran import global_moran, local_moran
from analysis.robustness import SEEDS, robustness
from analysis.significance import Inference
from analysis.statistics import compute, layers_named, measure, statistics_named
from analysis.typology.membership import DEFAULT_DEFINITIONS, load_typology, memberships
from analysis.uncertainty import Drawing, uncertainty
from analysis.weights import build_weights
from boundaries.joined import Joined, average_of
from geo.arguments import expect
from geo.errors import PluginError, StatisticsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from analysis.association import Association
    from analysis.clusters import Cluster
    from analysis.robustness import Robustness
    from analysis.significance import Correction, GlobalResult, LocalResult, Options
    from analysis.statistics import Addition, Layer, Statistic
    from analysis.uncertainty import Scale, Uncertainty
    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Average
    from boundaries.outcomes.table import OutcomeMeta
    from geo.provenance import Source
    from geo.raster import Grid

MIN_TESTABLE = 4
"""Fewer areas than this carry no spatial pattern that could be tested."""


@dataclass(frozen=True, slots=True)
class StudyConfig:
    """How the statistics are computed; the defaults are those of the method page.

    Parameters
    ----------
    weights : neighbour policy that is reported.
    against : the other policies of the declared robustness grid.
    permutations : conditional permutations; ``None`` takes 99,999, and more where the correction asks for it.
    correction : multiple-testing correction. alpha : its level.
    seed : of every random draw. robust : whether the robustness grid is run.
    extra : further statistics, by the name of an installed extension or as an ``analysis.statistics.Statistic``.
    layers : further indicators of the areas, by name or as an ``analysis.statistics.Layer``.
    typologies : further definitions of kinds of place, built-in names or TOML files; a rule may name a column of a layer.

    Raises
    ------
    StatisticsError
        A choice that is unknown or out of range; every fault at once.
    ConfigError
        A typology that cannot be read.
    PluginError
        Extensions that are not installed or cannot be loaded.
    """

    weights: str = "queen+sea-links"
    against: tuple[str, ...] = ("knn6", "queen-order-2")
    permutations: int | None = None
    correction: Correction = "fdr_bh"
    alpha: float = 0.05
    seed: int = 20240911
    robust: bool = True
    extra: tuple[str | Statistic, ...] = ()
    layers: tuple[str | Layer, ...] = ()
    typologies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be meant before anything is computed."""
        Inference(**self.options())
        statistics_named(self.extra)
        layers_named(self.layers)
        for name in self.typologies:
            load_typology(name)

    def options(self) -> Options:
        """Return the keywords that every statistic takes."""
        return {
            "seed": self.seed,
            "permutations": self.permutations,
            "correction": self.correction,
            "alpha": self.alpha,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the choices as JSON-able data, extensions and typologies by name."""
        return {
            **asdict(replace(self, extra=(), layers=(), typologies=())),
            **{name: [_name_of(one) for one in getattr(self, name)] for name in ("extra", "layers")},
            "typologies": [Path(name).name for name in self.typologies],
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """What is true of a boundary set whatever the outcome: neighbours, indicators, memberships, distance to coast.

    ``indicators`` holds those of ``analysis.covariates`` and of every layer that was asked for; ``layers`` says what the latter
    mean.
    """

    boundaries: BoundarySet
    weights_by_policy: Mapping[str, Weights]
    indicators: pd.DataFrame
    memberships: pd.DataFrame
    coast_distance: Grid | None = None
    layers: tuple[Addition, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Publications that the layers come from, each once; those of the shapes are the boundary set's."""
        return tuple(dict.fromkeys(source for layer in self.layers for source in layer.sources))

    @property
    def weights(self) -> Weights:
        """The neighbours that are reported: those of the first policy."""
        return next(iter(self.weights_by_policy.values()))


@dataclass(frozen=True, slots=True)
class Study:
    """One outcome studied: global and local statistics, classes, clusters, and how far to trust them.

    ``robustness`` is None when the grid was not asked for; ``uncertainty`` is None when the publisher gives neither intervals
    nor standard errors. ``associations`` has an entry a definition of a type; ``untested`` says why the others could not be.
    ``extra`` has what each further statistic added, in the order asked for.
    """

    joined: Joined
    ground: Ground
    config: StudyConfig
    average: Average
    moran: GlobalResult
    local: LocalResult
    hotspots: LocalResult
    clusters: tuple[Cluster, ...]
    robustness: Robustness | None
    uncertainty: Uncertainty | None
    associations: tuple[Association, ...]
    untested: Mapping[str, str]
    extra: tuple[Addition, ...] = ()

    def __repr__(self) -> str:
        """State outcome, areas, global Moran's I and the number of clusters."""
        return (
            f"Study({self.joined.meta.id} {self.joined.period}: {self.moran.n} areas, "
            f"I = {self.moran.statistic:.3f}, p = {self.moran.p:.2g}, {len(true_clusters(self.clusters))} clusters)"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row an area, indexed by code, in the columns written to files.

        Returns
        -------
        DataFrame
            ``value lower upper se quality reason moran_i moran_z moran_p moran_q moran_class gi_z gi_p gi_q gi_class
            robustness robustness_direction cluster``, and ``<name>_<column>`` of every further statistic; NaN (or an empty text) where a statistic is
            not defined or the area not covered.
        """
        frame = self.joined.frame[["value", "lower", "upper", "se", "quality", "reason"]].copy()
        local = self.local.frame.reindex(frame.index)
        hotspots = self.hotspots.frame.reindex(frame.index)
        for column, origin in (("i", "statistic"), ("z", "z"), ("p", "p"), ("q", "q")):
            frame[f"moran_{column}"] = local[origin]
        frame["moran_class"] = local["class"].fillna("")
        for column in ("z", "p", "q"):
            frame[f"gi_{column}"] = hotspots[column]
        frame["gi_class"] = hotspots["class"].fillna("")
        if self.robustness is not None:
            grid = self.robustness.frame.reindex(frame.index)
            frame["robustness"] = grid["class"].fillna("")
            named = grid["class"].isin(["core", "probable", "contested"])
            frame["robustness_direction"] = grid["direction"].where(named, "").fillna("")
        if self.uncertainty is not None:
            doubt = self.uncertainty.frame.reindex(frame.index)
            for column in ("p_low-low", "p_high-high", "rank_lower", "rank_upper"):
                frame[column.replace("-", "_")] = doubt[column]
            frame["against_average"] = doubt["against_average"].fillna("")
        frame["cluster"] = pd.Series(
            {code: cluster.id for cluster in self.clusters for code in cluster.codes}, dtype="object"
        ).reindex(frame.index, fill_value="")
        for added in self.extra:
            rows = added.frame.reindex(frame.index)
            for column in rows.columns:
                frame[column] = rows[column] if rows[column].dtype.kind == "f" else rows[column].fillna("")
        return frame

    def to_parameters(self) -> dict[str, Any]:
        """Return every parameter that the results depend on, JSON-able."""
        return {
            "config": self.config.to_dict(),
            "global_moran": dict(self.moran.parameters),
            "local_moran": dict(self.local.parameters),
            "gi_star": dict(self.hotspots.parameters),
            "extra": {added.name: added.to_parameters() for added in self.extra},
            "layers": {added.name: added.to_parameters() for added in self.ground.layers},
        }


def survey(
    boundaries: BoundarySet, config: StudyConfig | None = None, *, neighbours: gpd.GeoDataFrame | None = None
) -> Ground:
    """Compute what holds for a boundary set whatever the outcome.

    Parameters
    ----------
    boundaries : the set. config : its policies of weights, ``layers`` and ``typologies`` are used.
    neighbours : land beyond the set, so that a land border is not taken for coast.

    Raises
    ------
    PluginError
        A layer failed, or returned what cannot be used.
    """
    config = config or StudyConfig()
    found = measured(boundaries, neighbours=neighbours)
    layers = _layers(boundaries, config, found.frame.columns)
    indicators = pd.concat([found.frame, *(layer.frame for layer in layers)], axis=1)
    policies = (config.weights, *config.against) if config.robust else (config.weights,)
    return Ground(
        boundaries=boundaries,
        weights_by_policy={policy: build_weights(boundaries, policy=policy) for policy in policies},
        indicators=indicators,
        memberships=memberships(
            boundaries,
            indicators=indicators,
            typologies=tuple(dict.fromkeys((*DEFAULT_DEFINITIONS, *config.typologies))),
        ),
        coast_distance=found.grid,
        layers=layers,
    )


def run_study(joined: Joined, config: StudyConfig | None = None, *, ground: Ground | None = None) -> Study:
    """Run every statistic on one joined outcome.

    Parameters
    ----------
    joined : the outcome; areas it does not cover leave n, the weights and m.
    config : how. ground : from ``survey``, shared by several outcomes on one boundary set.

    Raises
    ------
    StatisticsError
        The outcome is constant, or has values for fewer than four areas.
    PluginError
        A further statistic failed, or returned what cannot be used.
    """
    expect(joined, Joined, name="joined", made_by="join makes one of an outcome and areas")
    config = config or StudyConfig()
    ground = ground or survey(joined.boundaries, config)
    values = joined.frame.loc[joined.covered, "value"]
    _refuse_flat(joined, values)
    weights = ground.weights.subset(values.index)
    extra = _extra(joined, values, weights, ground, config)
    local = local_moran(values, weights, **config.options())
    average = average_of(joined)
    doubt = _uncertainty(joined, weights, config, average)
    associations, untested = associate_all(
        values,
        ground.memberships.loc[values.index],
        weights,
        against=[graph.subset(values.index) for graph in list(ground.weights_by_policy.values())[1:]],
        seed=config.seed,
    )
    return Study(
        joined=joined,
        ground=ground,
        config=config,
        average=average,
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
        robustness=robustness(
            values,
            joined.boundaries,
            policies=tuple(ground.weights_by_policy),
            # The first run is the one reported: no area is core that the map itself does not show.
            seeds=tuple(config.seed + step for step in range(len(SEEDS))),
            correction=config.correction,
            permutations=config.permutations,
            alphas=(config.alpha,),
            built=ground.weights_by_policy,
        )
        if config.robust
        else None,
        uncertainty=doubt,
        associations=associations,
        untested=untested,
        extra=extra,
    )


def _extra(
    joined: Joined, values: pd.Series[float], weights: Weights, ground: Ground, config: StudyConfig
) -> tuple[Addition, ...]:
    """Compute every further statistic."""
    taken = {*_taken(ground.boundaries), *ground.indicators.columns}
    found: list[Addition] = []
    for statistic in statistics_named(config.extra):
        try:
            found.append(compute(statistic, values, weights, taken=taken, **config.options()))
        except PluginError as refused:
            outcome = f"of the outcome '{joined.meta.id}'" + (f" in {joined.period}" if joined.period else "")
            raise PluginError(refused.what, [*refused.faults, outcome]) from refused
        taken |= set(found[-1].frame.columns)
    return tuple(found)


def _layers(boundaries: BoundarySet, config: StudyConfig, known: Iterable[str]) -> tuple[Addition, ...]:
    """Measure every further layer."""
    taken = {*_taken(boundaries), *known}
    found: list[Addition] = []
    for layer in layers_named(config.layers):
        found.append(measure(layer, boundaries, taken=taken))
        taken |= set(found[-1].frame.columns)
    return tuple(found)


def _taken(boundaries: BoundarySet) -> set[str]:
    """Return names of columns that no extension may take."""
    return {*(name for name, _, _ in PLACE_FIELDS), *STUDY_FIELDS, *boundaries.frame.columns, "period"}


def _name_of(asked: str | Statistic | Layer) -> str:
    return asked if isinstance(asked, str) else asked.name


def _uncertainty(joined: Joined, weights: Weights, config: StudyConfig, average: Average) -> Uncertainty | None:
    """Carry published error into the classes; None where none is published."""
    estimates = joined.frame.loc[joined.covered, ["value", "lower", "upper", "se"]]
    known = estimates["se"].notna() | (estimates["lower"].notna() & estimates["upper"].notna())
    if not known.any():
        return None
    drawing = Drawing(
        seed=config.seed,
        scale=_scale_of(joined.meta),
        correction=config.correction,
        alpha=config.alpha,
    )
    return uncertainty(estimates, weights, drawing, average=average.value)


def _scale_of(meta: OutcomeMeta) -> Scale:
    """Return where errors are drawn: where the source's own intervals are symmetric."""
    if meta.interval == "logit":
        return "logit-percent" if meta.unit == "%" else "logit"
    return "log" if meta.interval == "log" else "identity"


def _refuse_flat(joined: Joined, values: pd.Series[float]) -> None:
    known = values.dropna()
    faults = []
    if len(known) < MIN_TESTABLE:
        faults.append(f"{len(known)} of {len(values)} covered areas have a value; at least {MIN_TESTABLE} are needed")
    elif known.max() == known.min():
        faults.append(f"all {len(known)} values are {known.iloc[0]:g}; a constant has no pattern to test")
    if faults:
        period = f" ({joined.period})" if joined.period else ""
        raise StatisticsError(f"'{joined.meta.id}'{period} cannot be studied", faults)
