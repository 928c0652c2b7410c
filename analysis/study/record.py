"""One outcome studied: everything a map or a page says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.clusters import true_clusters
from analysis.larger_areas import CLUSTERS
from boundaries.outcomes.periods import label
from geo.cards import card

if TYPE_CHECKING:
    import geopandas as gpd

    from analysis.association import Association
    from analysis.clusters import Cluster
    from analysis.larger_areas import OnLarger
    from analysis.levels import Levels
    from analysis.moran import PosteriorClasses
    from analysis.robustness import Robustness
    from analysis.significance import GlobalResult, LocalResult
    from analysis.statistics import Addition
    from analysis.study.config import StudyConfig
    from analysis.study.ground import Ground
    from boundaries.joined import Average, Joined


LEVEL_NUMBERS = (
    *("mean", "mean_lower", "mean_upper", "p_below", "p_low_tenth", "p_high_tenth"),
    *("rank_lower", "rank_upper"),
)
"""Columns of levels that stand in the table of areas where errors are known."""


@dataclass(frozen=True, slots=True)
class Study:
    """One outcome studied: global and local statistics, classes, clusters, and how far to trust them.

    ``robustness`` is None when the grid was not asked for; ``posterior`` is None when the publisher gives neither intervals
    nor standard errors. ``associations`` has an entry a definition of a type, alone and together with the other types, judged over
    this study alone until ``analysis.study.kinds_of_place.judged_together`` has seen the whole atlas.
    ``extra`` has what each further statistic added, in the order asked for. ``larger`` is None when no larger areas were named.
    """

    joined: Joined
    ground: Ground
    config: StudyConfig
    average: Average
    levels: Levels
    moran: GlobalResult
    local: LocalResult
    hotspots: LocalResult
    clusters: tuple[Cluster, ...]
    robustness: Robustness | None
    posterior: PosteriorClasses | None
    associations: tuple[Association, ...]
    extra: tuple[Addition, ...] = ()
    larger: OnLarger | None = None

    def __repr__(self) -> str:
        """State outcome, areas, global Moran's I and the number of clusters."""
        return (
            f"Study({self.joined.meta.id} {self.joined.period}: {self.moran.n} areas, "
            f"I = {self.moran.statistic:.3f}, p = {self.moran.p:.2g}, {len(true_clusters(self.clusters))} clusters)"
        )

    def _repr_html_(self) -> str:
        """Show the study in a notebook."""
        counts = ", ".join(f"{number} {name}" for name, number in self.local.counts().items() if number)
        return card(
            f"{self.joined.meta.title}, {label(self.joined.period)}" if self.joined.period else self.joined.meta.title,
            [
                ("areas tested", self.moran.n),
                ("average", f"{self.average.value:,.4g} ({self.average.label})"),
                ("Moran's I", f"{self.moran.statistic:.3f}, p {self.moran.p:.2g}"),
                ("classes", counts),
                ("clusters", len(true_clusters(self.clusters))),
                ("further statistics", " ".join(added.line() for added in self.extra)),
            ],
        )

    def to_geo(self) -> gpd.GeoDataFrame:
        """Return ``to_frame`` with names and shapes, in the CRS of the boundary set."""
        return self.joined.boundaries.to_geo()[["name", "geometry"]].join(self.to_frame())

    @property
    def untested(self) -> dict[str, str]:
        """Column of memberships to the reason why it could not be tested."""
        return {one.column: one.reason for one in self.associations if one.reason and one.estimated == "alone"}

    def to_frame(self) -> pd.DataFrame:
        """Return one row an area, indexed by code, in the columns written to files.

        Returns
        -------
        DataFrame
            ``value lower upper se quality reason``, where errors are known ``mean mean_lower mean_upper p_below p_low_tenth
            p_high_tenth rank_lower rank_upper``, ``band`` where there are bands, ``level``, ``moran_i moran_z moran_p moran_q moran_class gi_z gi_p gi_q gi_class
            robustness robustness_direction cluster``, and ``<name>_<column>`` of every further statistic; NaN (or an empty text) where a statistic is
            not defined or the area not covered.
        """
        frame = self.joined.frame[["value", "lower", "upper", "se", "quality", "reason"]].copy()
        stands = self.levels.frame.reindex(frame.index)
        if stands["p_below"].notna().any():
            frame[list(LEVEL_NUMBERS)] = stands[list(LEVEL_NUMBERS)]
        if (stands["band"].fillna("") != "").any():
            frame["band"] = stands["band"].fillna("")
        frame["level"] = stands["level"].fillna("")
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
        if self.posterior is not None:
            doubt = self.posterior.frame.reindex(frame.index)
            for column in ("p_low-low", "p_high-high"):
                frame[column.replace("-", "_")] = doubt[column]
        if self.larger is not None:
            for end in CLUSTERS:
                frame[f"{end}_scales"] = self.larger.scales(end).reindex(frame.index, fill_value="")
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
            "covariates": {added.name: added.to_parameters() for added in self.ground.covariates},
        }
