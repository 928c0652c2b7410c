"""How much of a pattern is the places, and how much our choices: the same test under a declared grid of choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

import numpy as np
import pandas as pd

from analysis.getis_ord import local_g_star
from analysis.moran import local_moran
from analysis.significance import GI_CLASSES, MORAN_CLASSES
from analysis.weights import W1, W2, W3, build_weights
from boundaries.vocabulary import policy_words
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.significance import Correction, LocalResult
    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet

ROBUSTNESS_CLASSES = ("core", "probable", "contested", "none", "not-testable", "no-data")
"""In every run; in more than half of them; in some; in none; without a neighbour in the run reported; without a value."""

SEEDS = (1, 2, 3)
"""Three seeds: with 99,999 draws they agree almost everywhere, and the table shows it."""


class Shared(TypedDict, total=False):
    """What every run of a grid has in common."""

    correction: Correction
    permutations: int | None


DIRECTIONS = {
    "high-high": "high",
    "low-low": "low",
    "high-low": "high-low",
    "low-high": "low-high",
    "high": "high",
    "low": "low",
}
"""Significant class → direction, in value order; outliers keep their own names."""


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """How each area fares under every choice of the grid.

    ``frame`` is indexed by code: ``class`` (one of ``ROBUSTNESS_CLASSES``), ``direction`` ("low", "high", "high-low",
    "low-high" or ""), ``share`` of the runs in which the area could be tested and had that direction, ``runs`` in which it
    could be tested, ``reported`` its class in the first run. ``table`` has a row a run: ``policy seed alpha`` and the number
    of areas in each class.
    """

    frame: pd.DataFrame
    table: pd.DataFrame
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """State the runs and the areas in each class in one line."""
        found = self.frame["class"].value_counts()
        counts = ", ".join(f"{found[name]} {name}" for name in ROBUSTNESS_CLASSES if name in found)
        return f"Robustness({len(self.table)} runs: {counts})"

    def codes(self, robustness_class: str, direction: str) -> tuple[str, ...]:
        """Return the areas of one class and direction, in the order of the frame."""
        chosen = (self.frame["class"] == robustness_class) & (self.frame["direction"] == direction)
        return tuple(self.frame.index[chosen])

    def lines(self) -> list[str]:
        """Say in plain sentences how the number of areas in clusters depends on the choice."""
        low, high = ("low-low", "high-high") if "low-low" in self.table.columns else ("low", "high")
        by_policy = self.table.groupby("policy", sort=False)
        lines = []
        for direction, column in (("low", low), ("high", high)):
            spans = [f"{_span(runs[column])} by {policy_words(str(policy))}" for policy, runs in by_policy]
            counts = {name: len(self.codes(name, direction)) for name in ("core", "probable", "contested")}
            words = ", ".join(f"{count} {name}" for name, count in counts.items())
            lines.append(f"Areas in {direction} clusters: {', '.join(spans)}; {words}.")
        return lines


def robustness(
    values: pd.Series,
    boundaries: BoundarySet,
    *,
    statistic: Literal["moran", "g-star"] = "moran",
    policies: Sequence[str] = (W1, W2, W3),
    seeds: Sequence[int] = SEEDS,
    alphas: Sequence[float] = (0.05,),
    built: Mapping[str, Weights] | None = None,
    **shared: Unpack[Shared],
) -> Robustness:
    """Run one local statistic under every choice of weights, seed and level.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data; areas of ``boundaries`` not in the index are left out.
    boundaries : the areas.
    statistic : local Moran or Gi*.
    policies : neighbour policies; the first is the one reported.
    seeds, alphas : of the draws; levels.
    built : weights that exist already, by policy; the others are built.
    shared : ``correction`` (fdr_bh) and ``permutations`` (99,999, and more where the correction asks) of every run.

    Raises
    ------
    StatisticsError
        An unknown statistic, an empty list of choices, or what the statistic refuses.
    """
    faults = [
        f"no {name} given"
        for name, given in (("policies", policies), ("seeds", seeds), ("alphas", alphas))
        if not len(given)
    ]
    if statistic not in ("moran", "g-star"):
        faults.append(f"statistic {statistic!r} is not known: choose moran or g-star")
    if faults:
        raise StatisticsError("a grid of choices needs a statistic, policies, seeds and levels", faults)
    ready = dict(built or {})
    test = local_moran if statistic == "moran" else local_g_star
    results: dict[tuple[str, int, float], LocalResult] = {}
    for policy in policies:
        whole = ready.get(policy) or build_weights(boundaries, policy=policy)
        weights = whole.subset(values.index)
        for seed, alpha in product(seeds, alphas):
            results[policy, seed, alpha] = test(values, weights, seed=seed, alpha=alpha, **shared)
    return agreement(
        results,
        classes=MORAN_CLASSES if statistic == "moran" else GI_CLASSES,
        parameters={
            "statistic": statistic,
            "policies": tuple(policies),
            "seeds": tuple(seeds),
            "alphas": tuple(alphas),
            "correction": shared.get("correction", "fdr_bh"),
        },
    )


def agreement(
    results: Mapping[tuple[str, int, float], LocalResult], *, classes: Sequence[str], parameters: Mapping[str, Any]
) -> Robustness:
    """Compare runs of one statistic over the same areas.

    Parameters
    ----------
    results : (policy, seed, alpha) → result; the first is the one reported.
    classes : of the statistic, in order.
    parameters : what the comparison records.
    """
    runs = pd.DataFrame({at: result.frame["class"] for at, result in enumerate(results.values())})
    testable = ~runs.isin(["not-testable", "no-data"])
    tested = testable.sum(axis=1)
    counts = pd.DataFrame(
        {name: (runs == name).sum(axis=1) for name in classes if name in DIRECTIONS}, index=runs.index
    )
    most = counts.max(axis=1)
    # Equal counts: the class of the earlier column; such an area is contested at best.
    direction = counts.idxmax(axis=1).map(DIRECTIONS).where(most > 0, "")
    share = (most / tested.where(tested > 0)).astype(float)
    label = np.select(
        [runs[0] == "no-data", runs[0] == "not-testable", most == 0, share == 1, share > 0.5],
        ["no-data", "not-testable", "none", "core", "probable"],
        "contested",
    )
    frame = pd.DataFrame(
        {"class": label.astype(str), "direction": direction, "share": share, "runs": tested, "reported": runs[0]},
        index=runs.index,
    )
    rows = [
        {"policy": policy, "seed": seed, "alpha": alpha, **{name: int((runs[at] == name).sum()) for name in classes}}
        for at, (policy, seed, alpha) in enumerate(results)
    ]
    return Robustness(frame, pd.DataFrame(rows), dict(parameters))


def scale_agreement(fine: LocalResult, coarse: LocalResult, members: pd.DataFrame) -> pd.DataFrame:
    """Cross the classes of areas with those of the larger areas they belong to.

    Parameters
    ----------
    fine, coarse : one statistic at two scales.
    members : columns ``code`` (larger area) and ``member`` (smaller area).

    Returns
    -------
    DataFrame
        Rows: class of the smaller area; columns: class of the larger; cells: number of smaller areas.

    Raises
    ------
    StatisticsError
        A smaller area of ``fine`` has no larger area, or several.
    """
    home = members.set_index("member")["code"]
    codes = fine.frame.index
    doubled = home.index[home.index.duplicated()].intersection(codes)
    missing = codes.difference(home.index)
    if len(doubled) or len(missing):
        faults = [f"in several larger areas: {listed(doubled)}"] if len(doubled) else []
        faults += [f"in no larger area: {listed(missing)}"] if len(missing) else []
        raise StatisticsError("scales can be compared only where each area lies in one larger area", faults)
    larger = coarse.frame["class"].reindex(home.loc[codes].to_numpy()).fillna("no-data").to_numpy()
    return pd.crosstab(fine.frame["class"].to_numpy(), larger, rownames=["smaller"], colnames=["larger"])


def _span(counts: pd.Series[int]) -> str:
    """Say one number, or the range of several."""
    return f"{counts.min()}" if counts.min() == counts.max() else f"{counts.min()} to {counts.max()}"


def codes_by_class(result: Robustness, classes: Collection[str] = ("core", "contested")) -> dict[str, tuple[str, ...]]:
    """Return ``<class> <direction>`` → codes, for the lists that a report prints."""
    return {
        f"{name} {direction}": result.codes(name, direction)
        for name in classes
        for direction in ("low", "high")
        if result.codes(name, direction)
    }
