"""The third answer of a study: kinds of place in an outcome, on the units it was published for, judged over a whole atlas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.association import MAX_AREAS, Landscapes, associate, judged, landscapes_of
from analysis.association.nested import districts_of, on_districts
from analysis.association.published import on_units, outcome_of, published_units
from analysis.association.surrogates import LEAST
from analysis.clusters.standing import clusters_standing
from analysis.clusters.types import MAPS, adjusted, kinds_in_clusters, smooth_maps

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from analysis.association import Association, Scale
    from analysis.clusters.types import KindInClusters
    from analysis.study.ground import Ground
    from analysis.study.record import Study
    from boundaries.joined import Joined


def associations_of(
    joined: Joined,
    ground: Ground,
    *,
    scale: Scale = "value",
    seed: int = 20240911,
    only: Collection[str] | None = None,
) -> tuple[Association, ...]:
    """Compare an outcome between areas of each kind of place and the others, by every definition.

    Parameters
    ----------
    joined : the outcome. ground : of its areas. scale, seed, only : as in ``analysis.association.associate``.

    Returns
    -------
    tuple of Association
        Not yet judged. Values that districts inherit from a county count once, on the county: areas are then of a kind in part.
        More than ``MAX_AREAS`` small areas are compared by the means of the districts they lie in.
    """
    outcome, members, lands = outcome_of(joined), ground.memberships, lands_of(ground)
    residents = ground.boundaries.frame.set_index("code")["population"].astype(float)
    if int(outcome.value.notna().sum()) > MAX_AREAS:
        outcome, units = on_districts(outcome, districts_of(ground.boundaries), residents)
    else:
        units = published_units(joined)
    if (units != units.index).any():
        outcome, members, lands = on_units(outcome, units, members, lands, residents)
    return associate([outcome], members, lands, scale=scale, seed=seed, only=only)


def noted(joined: Joined) -> Joined:
    """Return an outcome that says so where its kinds of place are compared between districts, for its areas are too many."""
    if _valued(joined) <= MAX_AREAS or joined.boundaries.districts is None:
        return joined
    said = (
        f"Kinds of place are compared between the districts in which the {_valued(joined):,} areas lie, each with the mean of its "
        f"areas and the share of its residents in areas of the kind: at most {MAX_AREAS:,} areas can be compared one by one."
    )
    return replace(joined, notes=(*joined.notes, said))


def _valued(joined: Joined) -> int:
    """Return the number of areas with a value."""
    return int((joined.covered & joined.frame["value"].notna()).sum())


def lands_of(ground: Ground) -> Landscapes:
    """Return the map of a ground with its candidates of covariance, kept with it where it was surveyed."""
    return ground.lands if ground.lands is not None else landscapes_of(ground.boundaries, ground.weights)


def judged_together(studies: Sequence[Study]) -> tuple[Study, ...]:
    """Adjust the p of all kinds of place in all studies of an atlas for each other, and reach the verdicts anew.

    Parameters
    ----------
    studies : of one atlas, each outcome and period once.
    """
    verdicts = iter(judged([one for study in studies for one in study.associations]))
    return tuple(replace(study, associations=tuple(next(verdicts) for _ in study.associations)) for study in studies)


def clusters_by_kind(study: Study, *, maps: int = MAPS) -> tuple[KindInClusters, ...]:
    """Ask of every kind of place whether it is over-represented in the clusters of a study, against maps as smooth.

    Parameters
    ----------
    study : whose local Moran found the clusters. maps : as smooth, to be drawn.

    Returns
    -------
    tuple of KindInClusters
        q over the kinds, definitions and directions of this study; of several studies ``clusters_by_kind_together``. None without
        clusters, or with too few or too many areas for maps as smooth.
    """
    joined = study.joined
    if not study.clusters or not LEAST <= _valued(joined) <= MAX_AREAS:
        return ()
    values = joined.frame.loc[joined.covered, "value"].astype(float)
    smooth = smooth_maps(
        values,
        study.ground.weights.subset(values.index),
        lands_of(study.ground),
        maps=maps,
        alpha=study.config.alpha,
        seed=study.config.seed,
    )
    return kinds_in_clusters(study.local, study.ground.memberships.loc[values.index], smooth)


def clusters_by_kind_together(asked: Sequence[Sequence[KindInClusters]]) -> tuple[tuple[KindInClusters, ...], ...]:
    """Return what was asked of every study of an atlas with q over all of them; an entry a study, in order.

    Parameters
    ----------
    asked : what ``clusters_by_kind`` returned of each.
    """
    judged_all = iter(adjusted([one for found in asked for one in found]))
    return tuple(tuple(next(judged_all) for _ in found) for found in asked)


def clusters_of_study(study: Study, tested: Sequence[KindInClusters] = ()) -> pd.DataFrame:
    """Return a row a cluster of a study with outcome and period in front: ``clusters.csv``.

    Parameters
    ----------
    study : with its clusters. tested : of ``clusters_by_kind_together``, of this study.
    """
    meta, ground = study.joined.meta, study.ground
    table = clusters_standing(
        study.clusters,
        study.levels.frame,
        None if study.robustness is None else study.robustness.frame,
        ground.memberships,
        ground.boundaries.frame.set_index("code")["population"],
        tested,
    )
    table.insert(0, "outcome", meta.id)
    table.insert(1, "period", study.joined.period)
    return table
