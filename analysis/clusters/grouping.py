"""Which significant areas touch each other, and a profile of each group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analysis.clusters.naming import cluster_name
from analysis.typology.membership import DIMENSIONS, dimensions_of
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.significance import LocalResult
    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet

Direction = Literal["low", "high"]

CLASSES: dict[Direction, tuple[str, ...]] = {"low": ("low-low", "low"), "high": ("high-high", "high")}
"""Classes of local Moran and of Gi* that make an area part of a cluster, by direction in value order."""

_DOMINANT = 0.5
"""A type names a cluster when at least this share of its residents live in areas of the type."""


@dataclass(frozen=True, slots=True)
class TypeShare:
    """How much of a cluster is of one type.

    Parameters
    ----------
    areas : how many members are of the type.
    classified : how many members the definition classifies at all.
    population : share of the residents of classified members who live in members of the type; NaN when unknown.
    """

    areas: int
    classified: int
    population: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """One contiguous group of significant areas; a group of one is a single area, and no cluster.

    Parameters
    ----------
    id : ``low-1``, ``low-2``, …, ``high-1``, …: the largest first.
    direction : low or high, in value order; which of them is good is the outcome's business.
    codes : members, most residents first.
    names : names of the members, in the same order.
    name : what it is called everywhere; see ``analysis.clusters.naming``.
    regions : codes of the regions (or nations) the members lie in, most residents first.
    dominant_type : types that at least half of the residents live in, joined by "and"; ``mixed``; ``none of the
        three``; ``not coastal or rural`` where other kinds classify no member; ``not classified``.
    types : the mix, by dimension; the types overlap, so shares do not add up to one.
    population : residents; NaN when that of a member is not known.
    mean_value : mean over members, weighted by residents where all are known.
    lowest, highest : range of the members' values.
    gap : ``mean_value`` less the average; NaN when there is no average.
    weakest_q : largest adjusted p among the members.
    probability : mean over members of the probability of their class under the outcome's published uncertainty; NaN when
        that is not known.
    across_median : names of members on the other side of the median of the areas tested: low ones above it, high ones below
        it. Low and high are told by the mean, from which the median of a skewed outcome lies far.
    """

    id: str
    direction: Direction
    codes: tuple[str, ...]
    names: tuple[str, ...]
    name: str
    regions: tuple[str, ...]
    dominant_type: str
    types: Mapping[str, TypeShare]
    population: float
    mean_value: float
    lowest: float
    highest: float
    gap: float
    weakest_q: float
    probability: float = np.nan
    across_median: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.codes)

    @property
    def single(self) -> bool:
        """Whether it is one area by itself: headlines count clusters of two areas or more."""
        return len(self.codes) == 1


def find_clusters(
    result: LocalResult,
    weights: Weights,
    boundaries: BoundarySet,
    memberships: pd.DataFrame,
    values: pd.DataFrame,
    *,
    average: float | None = None,
    probabilities: pd.DataFrame | None = None,
) -> tuple[Cluster, ...]:
    """Group the areas significant in one direction that touch each other in the graph.

    Parameters
    ----------
    result : local Moran or Gi*; the classes of ``CLASSES`` count, spatial outliers (high-low, low-high) do not.
    weights : the graph the statistic was computed on; a sea link joins as a border does.
    boundaries : names, regions and residents.
    memberships : what ``analysis.typology.membership.memberships`` returned.
    values : by code, a column ``value`` (the frame of a ``Joined``).
    average : what gaps are measured against (a published figure, or the population-weighted mean).
    probabilities : by code, ``p_<class>`` for each class (the frame of ``analysis.moran.PosteriorClasses``), where it is known.

    Returns
    -------
    tuple of Cluster
        Low ones first, then high ones; in each direction those with most members first, then most residents. Every
        significant area is in exactly one, alone if none of its neighbours is significant in its direction.

    Raises
    ------
    StatisticsError
        Areas of the result that the graph, the boundaries, the memberships or the values do not hold.

    Notes
    -----
    A local statistic marks the *centre* of a cluster: the neighbours that made it significant may be outside the group.
    A group is a description of which significant areas touch, and carries no p-value of its own.
    """
    _check(result, weights, boundaries, memberships, values)
    areas = boundaries.frame.set_index("code")
    neighbours = _graph(weights)
    tested = ~result.frame["class"].isin(["not-testable", "no-data"])
    median = float(values["value"].reindex(result.frame.index[tested]).median())
    found = []
    for direction, classes in CLASSES.items():
        marked = result.frame["class"].reindex(weights.ids).isin(classes).to_numpy()
        places = np.flatnonzero(marked)
        _, group = connected_components(neighbours[places][:, places], directed=False)
        own = [
            _profile(weights.ids[places[group == number]], direction, result, areas, memberships, values, average)
            for number in np.unique(group)
        ]
        own = [_with_median(cluster, values["value"], median) for cluster in own]
        if probabilities is not None:
            own = [_with_probability(cluster, probabilities, classes) for cluster in own]
        own.sort(key=lambda cluster: (-len(cluster), -np.nan_to_num(cluster.population), min(cluster.codes)))
        found += [_numbered(cluster, rank) for rank, cluster in enumerate(own, start=1)]
    return tuple(found)


def true_clusters(groups: Sequence[Cluster]) -> tuple[Cluster, ...]:
    """Return the groups of two areas or more, which headlines count."""
    return tuple(group for group in groups if not group.single)


def single_areas(groups: Sequence[Cluster]) -> tuple[Cluster, ...]:
    """Return the areas of a class that no neighbour shares."""
    return tuple(group for group in groups if group.single)


def clusters_frame(clusters: Sequence[Cluster]) -> pd.DataFrame:
    """Return one row a group, for ``clusters.csv``; ``kind`` is "cluster" or, for a group of one, "single area".

    Columns ``id direction kind name areas codes names regions dominant_type population mean_value lowest highest gap
    weakest_q probability across_median`` and, by dimension, ``<dimension>_areas <dimension>_classified <dimension>_population_share``. Codes, names and
    regions are joined by ``"; "``.
    """
    rows = []
    for cluster in clusters:
        row: dict[str, object] = {
            "id": cluster.id,
            "direction": cluster.direction,
            "kind": "single area" if cluster.single else "cluster",
            "name": cluster.name,
            "areas": len(cluster),
            "codes": "; ".join(cluster.codes),
            "names": "; ".join(cluster.names),
            "regions": "; ".join(cluster.regions),
            "dominant_type": cluster.dominant_type,
            "population": cluster.population,
            "mean_value": cluster.mean_value,
            "lowest": cluster.lowest,
            "highest": cluster.highest,
            "gap": cluster.gap,
            "weakest_q": cluster.weakest_q,
            "probability": cluster.probability,
            "across_median": "; ".join(cluster.across_median),
        }
        for dimension, share in cluster.types.items():
            row[f"{dimension}_areas"] = share.areas
            row[f"{dimension}_classified"] = share.classified
            row[f"{dimension}_population_share"] = share.population
        rows.append(row)
    columns = [
        *("id", "direction", "kind", "name", "areas", "codes", "names", "regions", "dominant_type"),
        *("population", "mean_value", "lowest", "highest", "gap", "weakest_q", "probability", "across_median"),
    ]
    others = [dimension for cluster in clusters for dimension in cluster.types if dimension not in DIMENSIONS]
    for dimension in dict.fromkeys((*DIMENSIONS, *others)):
        columns += [f"{dimension}_{field}" for field in ("areas", "classified", "population_share")]
    return pd.DataFrame(rows).reindex(columns=columns)


def _check(
    result: LocalResult, weights: Weights, boundaries: BoundarySet, memberships: pd.DataFrame, values: pd.DataFrame
) -> None:
    holders = {
        "the areas of the graph": weights.ids,
        "the boundaries": pd.Index(boundaries.frame["code"]),
        "the memberships": memberships.index,
        "the values": values.index,
    }
    faults = []
    for holder, index in holders.items():
        absent = result.frame.index.difference(index, sort=False)
        if len(absent):
            faults.append(f"{holder} do not hold {listed(absent)}")
    if faults:
        raise StatisticsError("clusters need the same areas everywhere", faults)


def _graph(weights: Weights) -> csr_array:
    n = len(weights.ids)
    linked = csr_array((weights.data, weights.indices, weights.indptr), shape=(n, n), copy=True)
    linked.eliminate_zeros()
    return linked


def _profile(
    members: pd.Index,
    direction: Direction,
    result: LocalResult,
    areas: pd.DataFrame,
    memberships: pd.DataFrame,
    values: pd.DataFrame,
    average: float | None,
) -> Cluster:
    people = areas["population"].reindex(members).astype(float)
    order = sorted(members, key=lambda code: (-np.nan_to_num(people[code]), code))
    people = people.reindex(order)
    value = values["value"].reindex(order).astype(float)
    weight = people if people.notna().all() and people.sum() > 0 else pd.Series(1.0, index=order)
    mean = float(np.average(value, weights=weight))
    types = {
        dimension: _share(memberships[dimension].reindex(order), people) for dimension in dimensions_of(memberships)
    }
    names = tuple(areas["name"].reindex(order).astype(str))
    regions = areas["region_code"].reindex(order).astype(str)
    return Cluster(
        id="",
        direction=direction,
        codes=tuple(order),
        names=names,
        name=cluster_name(areas.loc[order].reset_index()),
        regions=tuple(weight.groupby(regions).sum().sort_index().sort_values(ascending=False, kind="stable").index),
        dominant_type=_dominant(types),
        types=types,
        population=float(people.sum(skipna=False)),
        mean_value=mean,
        lowest=float(value.min()),
        highest=float(value.max()),
        gap=np.nan if average is None else mean - average,
        weakest_q=float(result.frame["q"].reindex(order).max()),
    )


def _share(member: pd.Series, people: pd.Series) -> TypeShare:
    known, yes = member != "not classified", member == "yes"
    total = float(people[known].sum(skipna=False))
    return TypeShare(
        areas=int(yes.sum()),
        classified=int(known.sum()),
        population=float(people[yes].sum(skipna=False)) / total if known.any() and total > 0 else np.nan,
    )


def _dominant(types: Mapping[str, TypeShare]) -> str:
    shares = {
        # Without residents the count of areas decides: a cluster is never left without a type for lack of a census.
        dimension: share.areas / share.classified if np.isnan(share.population) else share.population
        for dimension, share in types.items()
        if share.classified
    }
    if not shares:
        return "not classified"
    leading = [dimension for dimension, share in shares.items() if share >= _DOMINANT]
    if leading:
        return " and ".join(leading)
    if any(share > 0 for share in shares.values()):
        return "mixed"
    # A kind that classifies no member is no "no".
    if len(shares) < len(types):
        return f"not {' or '.join(shares)}"
    return "none of the three" if set(types) == set(DIMENSIONS) else f"not {' or '.join(types)}"


def _with_probability(cluster: Cluster, probabilities: pd.DataFrame, classes: tuple[str, ...]) -> Cluster:
    known = [f"p_{name}" for name in classes if f"p_{name}" in probabilities]
    own = probabilities.reindex(list(cluster.codes))[known].sum(axis=1, min_count=1)
    return replace(cluster, probability=float(own.mean(skipna=False)))


def _with_median(cluster: Cluster, values: pd.Series, median: float) -> Cluster:
    own = values.reindex(list(cluster.codes)).to_numpy(dtype=float)
    across = own > median if cluster.direction == "low" else own < median
    return replace(cluster, across_median=tuple(np.array(cluster.names)[across].tolist()))


def _numbered(cluster: Cluster, rank: int) -> Cluster:
    return replace(cluster, id=f"{cluster.direction}-{rank}")
