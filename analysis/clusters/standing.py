"""Clusters with where their members stand, how firmly they lie there, and which kinds of place they are: ``clusters.csv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.clusters.grouping import clusters_frame
from analysis.typology.membership import definition_columns, dimensions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.clusters.grouping import Cluster
    from analysis.clusters.types import KindInClusters

LEVEL_COLUMNS = {
    "level_low": "low",
    "level_high": "high",
    "level_not_clear": "not-clear",
    "level_error_unknown": "error-unknown",
}
"""Column of ``clusters.csv`` to the level of the members it counts."""

ROBUST_COLUMNS = {"robust_core": "core", "robust_probable": "probable", "robust_contested": "contested"}
"""Column of ``clusters.csv`` to the robustness of the members it counts."""

TESTED = ("expected", "p", "q")
"""Fields of a kind's test that stand beside each cluster of the direction."""


def clusters_standing(
    clusters: Sequence[Cluster],
    levels: pd.DataFrame,
    robustness: pd.DataFrame | None,
    memberships: pd.DataFrame,
    residents: pd.Series,
    tested: Sequence[KindInClusters] = (),
) -> pd.DataFrame:
    """Return a row a cluster with everything that is known of it.

    Parameters
    ----------
    clusters : of one outcome. levels : by code, a column ``level`` (the frame of ``analysis.levels.Levels``).
    robustness : by code, ``class`` and ``direction`` (the frame of ``analysis.robustness.Robustness``); None where no other
        choice was tried.
    memberships : by code, what ``analysis.typology.memberships`` returned. residents : by code.
    tested : whether each kind is over-represented in all clusters of a direction together.

    Returns
    -------
    pandas.DataFrame
        The columns of ``clusters_frame``; members by level and by robustness (empty where that was not asked for);
        ``<kind>_share`` of the classified members; ``several_kinds_areas`` and their share of the residents; and
        ``<kind>_expected <kind>_p <kind>_q`` by the default definition, alike in all clusters of a direction.
    """
    kinds = dimensions_of(memberships)
    table = clusters_frame(clusters)
    for column in (f"{kind}_{field}" for kind in kinds for field in ("areas", "classified", "population_share")):
        # without any cluster nobody has told of kinds of one's own
        table[column] = table.get(column, np.nan)
    members = [list(cluster.codes) for cluster in clusters]
    for column, level in LEVEL_COLUMNS.items():
        table[column] = [int((levels["level"].reindex(codes) == level).sum()) for codes in members]
    for column, name in ROBUST_COLUMNS.items():
        table[column] = [
            pd.NA if robustness is None else _robust(robustness.reindex(list(one.codes)), one.direction, name)
            for one in clusters
        ]
    answers = {str(kind): definition_columns(memberships, str(kind))[:1] for kind in kinds}
    found = {(one.direction, f"{one.type}__{one.definition}"): one for one in tested}
    for kind in kinds:
        of = table[f"{kind}_classified"]
        table[f"{kind}_share"] = (table[f"{kind}_areas"] / of.where(of > 0)).astype(float)
        for field in TESTED:
            table[f"{kind}_{field}"] = [
                getattr(found.get((direction, column)), field, np.nan)
                for direction in table["direction"]
                for column in answers[str(kind)]
            ]
    several = (memberships[list(kinds)] == "yes").sum(axis=1) > 1
    table["several_kinds_areas"] = [int(several.reindex(codes).sum()) for codes in members]
    table["several_kinds_population_share"] = [_share_of(residents.reindex(codes), several) for codes in members]
    return table


def _robust(rows: pd.DataFrame, direction: str, name: str) -> int:
    return int(((rows["class"] == name) & (rows["direction"] == direction)).sum())


def _share_of(people: pd.Series, several: pd.Series) -> float:
    """Return the share of residents who live in members of several kinds; NaN where those of a member are not known."""
    total = float(people.astype(float).sum(skipna=False))
    return float(people[several.reindex(people.index)].sum()) / total if total > 0 else np.nan
