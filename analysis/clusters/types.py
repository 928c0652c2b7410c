"""Clusters and kinds of place: who lives in them, and whether a kind is there more often than smoothness alone puts it there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from scipy import stats

from analysis.association.surrogates import surrogates
from analysis.clusters.grouping import CLASSES, Direction
from analysis.moran import local_moran_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.association import Landscapes
    from analysis.significance import LocalResult
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]

MAPS = 199
"""Maps as smooth as the real one: the smallest p is 1 in 200."""

PERMUTATIONS = 9_999
"""Permutations by which areas of a drawn map are called; the real map has its own."""


@dataclass(frozen=True, slots=True)
class KindInClusters:
    """How often a kind of place is in the clusters of one direction.

    Parameters
    ----------
    direction : low or high, in value order. type, definition : the kind of place.
    clustered : areas in clusters (single areas among them) that the definition classifies. members : those of the kind.
    share : of the clustered areas that are of the kind; NaN where there are none. overall : of all areas classified.
    expected : mean share on maps as smooth, over those that have clusters in the direction.
    p : share of maps as smooth, the real one among them, on which the kind is at least as much over-represented; NaN where
        nothing is clustered, or the kind is all or nothing. q : adjusted for everything asked (``adjusted``).
    maps : as smooth.
    """

    direction: Direction
    type: str
    definition: str
    clustered: int
    members: int
    share: float
    overall: float
    expected: float
    p: float
    q: float = math.nan
    maps: int = MAPS


@dataclass(frozen=True, slots=True, eq=False)
class SmoothMaps:
    """Where local Moran finds clusters on maps as smooth as a real one.

    ``codes`` of the areas tested; ``marks`` by direction, shape (areas, maps), whether an area is in a cluster there.
    """

    codes: pd.Index
    marks: dict[Direction, np.ndarray[Any, np.dtype[np.bool_]]]

    def counts(self, direction: Direction) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the number of areas in clusters of a direction on each map, shape (maps,)."""
        return np.asarray(self.marks[direction].sum(axis=0))


def smooth_maps(
    values: pd.Series,
    weights: Weights,
    lands: Landscapes,
    *,
    maps: int = MAPS,
    alpha: float = 0.05,
    seed: int = 20240911,
) -> SmoothMaps:
    """Draw maps as smooth as the real one and look for clusters on them, as on it.

    Parameters
    ----------
    values : by code, as they are analysed. weights : of the same areas. lands : the map. maps : how many. alpha, seed : as of
        the real map.

    Raises
    ------
    StatisticsError
        As ``analysis.association.surrogates``.
    """
    drawn = surrogates(values, lands, n=maps, seed=seed)
    graph = weights if weights.ids.equals(drawn.index) else weights.subset(drawn.index)
    found = local_moran_many(drawn, graph, permutations=PERMUTATIONS, seed=seed, correction="fdr_bh", alpha=alpha)
    classes = np.column_stack([result.frame["class"].to_numpy(dtype=str) for result in found.values()])
    return SmoothMaps(
        drawn.index, {direction: np.isin(classes, CLASSES[direction]) for direction in get_args(Direction)}
    )


def kinds_in_clusters(result: LocalResult, memberships: pd.DataFrame, smooth: SmoothMaps) -> tuple[KindInClusters, ...]:
    """Ask of every kind of place and direction whether it is over-represented among clustered areas.

    Parameters
    ----------
    result : local Moran of the real map. memberships : what ``analysis.typology.memberships`` returned.
    smooth : from ``smooth_maps``.

    Returns
    -------
    tuple of KindInClusters
        A direction, a type, a definition; q over all of them.

    Notes
    -----
    The measure is the share of the kind among clustered areas less its share among all, times the root of the number of
    clustered areas, which lets maps with few and with many clustered areas be compared. A map without clusters counts 0.
    """
    classes = result.frame["class"].reindex(smooth.codes)
    columns = [one for one in memberships.columns if "__" in one and not one.endswith(("__degree", "__agreed"))]
    own = memberships[columns].reindex(smooth.codes)
    return adjusted(
        [
            _kind(direction, column, own[column], classes.isin(CLASSES[direction]).to_numpy(), smooth)
            for direction in get_args(Direction)
            for column in columns
        ]
    )


def adjusted(found: Sequence[KindInClusters]) -> tuple[KindInClusters, ...]:
    """Adjust every p for all that were asked at once (Benjamini and Hochberg): of one map, or of an atlas."""
    known = [i for i, one in enumerate(found) if not math.isnan(one.p)]
    q = stats.false_discovery_control([found[i].p for i in known]) if known else []
    by_place = dict(zip(known, q, strict=True))
    return tuple(replace(one, q=float(by_place.get(i, math.nan))) for i, one in enumerate(found))


def _kind(
    direction: Direction, column: str, member: pd.Series, real: np.ndarray[Any, np.dtype[np.bool_]], smooth: SmoothMaps
) -> KindInClusters:
    known = (member != "not classified").to_numpy() & member.notna().to_numpy()
    yes = (member == "yes").to_numpy()[known].astype(float)
    overall = float(yes.mean()) if len(yes) else math.nan
    marks = np.column_stack([real, smooth.marks[direction]])[known]
    counts = marks.sum(axis=0)
    hits = yes @ marks
    with np.errstate(invalid="ignore"):
        shares = hits / np.where(counts > 0, counts, np.nan)
    excess = np.where(counts > 0, (np.nan_to_num(shares) - overall) * np.sqrt(counts), 0.0)
    testable = counts[0] > 0 and 0 < overall < 1
    elsewhere = shares[1:][counts[1:] > 0]
    kind, _, definition = column.partition("__")
    return KindInClusters(
        direction=direction,
        type=kind,
        definition=definition,
        clustered=int(counts[0]),
        members=int(hits[0]),
        share=float(shares[0]),
        overall=overall,
        expected=float(elsewhere.mean()) if len(elsewhere) else math.nan,
        p=float((excess >= excess[0] - 1e-12).mean()) if testable else math.nan,
        maps=marks.shape[1] - 1,
    )
