"""Further statistics and covariates of a study: each computed in turn, none under a name that is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from analysis.columns import PLACE_FIELDS, STUDY_FIELDS
from analysis.statistics import compute, covariates_named, measure, statistics_named
from geo.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    import pandas as pd

    from analysis.significance import Options
    from analysis.statistics import Addition, Covariate, Statistic
    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined


def further_statistics(
    asked: Iterable[str | Mapping[str, Any] | Statistic],
    joined: Joined,
    weights: Weights,
    *,
    known: Iterable[str],
    find: Callable[[str], pd.Series],
    **options: Unpack[Options],
) -> tuple[Addition, ...]:
    """Compute every further statistic of an outcome.

    Parameters
    ----------
    asked : as ``analysis.statistics.statistics_named`` takes them. joined : the outcome.
    weights : of the areas that it covers. known : columns that there are already. find : returns another column by name.
    options : of every test.

    Raises
    ------
    PluginError
        One failed, or returned what cannot be used; the outcome is named.
    """
    taken = {*_taken(joined.boundaries), *known}
    values = joined.frame.loc[joined.covered, "value"]
    found: list[Addition] = []
    for statistic in statistics_named(asked):
        try:
            found.append(compute(statistic, values, weights, find=find, taken=taken, **options))
        except PluginError as refused:
            outcome = f"of the outcome '{joined.meta.id}'" + (f" in {joined.period}" if joined.period else "")
            raise PluginError(refused.what, [*refused.faults, outcome]) from refused
        taken |= set(found[-1].frame.columns)
    return tuple(found)


def further_covariates(
    asked: Iterable[str | Covariate], boundaries: BoundarySet, *, known: Iterable[str]
) -> tuple[Addition, ...]:
    """Measure every further covariate of a boundary set; ``known`` are columns that there are already.

    Raises
    ------
    PluginError
        One failed, or returned what cannot be used.
    """
    taken = {*_taken(boundaries), *known}
    found: list[Addition] = []
    for covariate in covariates_named(asked):
        found.append(measure(covariate, boundaries, taken=taken))
        taken |= set(found[-1].frame.columns)
    return tuple(found)


def _taken(boundaries: BoundarySet) -> set[str]:
    """Return names of columns that no extension may take."""
    return {*(name for name, _, _ in PLACE_FIELDS), *STUDY_FIELDS, *boundaries.frame.columns, "period"}
