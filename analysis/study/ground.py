"""What is true of a boundary set whatever the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.additions import further_covariates
from analysis.association import Landscapes, landscapes_of
from analysis.covariates import measured
from analysis.study.config import StudyConfig
from analysis.typology.membership import DEFAULT_DEFINITIONS, memberships
from analysis.typology.own_types import definitions_named
from analysis.weights import build_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from analysis.statistics import Addition
    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from geo.raster import Grid


@dataclass(frozen=True, slots=True)
class Ground:
    """What is true of a boundary set whatever the outcome: neighbours, indicators, memberships, distance to coast.

    ``indicators`` holds those of ``analysis.covariates`` and of every covariate that was asked for; ``covariates`` says what the
    latter mean. ``lands`` is the map with its candidates of covariance; None where nobody surveyed it.
    """

    boundaries: BoundarySet
    weights_by_policy: Mapping[str, Weights]
    indicators: pd.DataFrame
    memberships: pd.DataFrame
    coast_distance: Grid | None = None
    covariates: tuple[Addition, ...] = ()
    lands: Landscapes | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Publications that the covariates come from, each once; those of the shapes are the boundary set's."""
        return tuple(dict.fromkeys(source for added in self.covariates for source in added.sources))

    @property
    def weights(self) -> Weights:
        """The neighbours that are reported: those of the first policy."""
        return next(iter(self.weights_by_policy.values()))


def survey(
    boundaries: BoundarySet, config: StudyConfig | None = None, *, neighbours: gpd.GeoDataFrame | None = None
) -> Ground:
    """Compute what holds for a boundary set whatever the outcome.

    Parameters
    ----------
    boundaries : the set. config : its policies of weights, ``covariates`` and ``typologies`` are used.
    neighbours : land beyond the set, so that a land border is not taken for coast.

    Raises
    ------
    PluginError
        A covariate failed, or returned what cannot be used.
    """
    config = config or StudyConfig()
    found = measured(boundaries, neighbours=neighbours)
    covariates = further_covariates(config.covariates, boundaries, known=found.frame.columns)
    indicators = pd.concat([found.frame, *(added.frame for added in covariates)], axis=1)
    policies = (config.weights, *config.against) if config.robust else (config.weights,)
    graphs = {policy: build_weights(boundaries, policy=policy, isolates=config.isolates) for policy in policies}
    return Ground(
        boundaries=boundaries,
        weights_by_policy=graphs,
        indicators=indicators,
        memberships=memberships(
            boundaries,
            indicators=indicators,
            typologies=definitions_named((*DEFAULT_DEFINITIONS, *config.typologies)),
        ),
        coast_distance=found.grid,
        covariates=covariates,
        lands=landscapes_of(boundaries, graphs[config.weights]),
    )
