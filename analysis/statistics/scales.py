"""Whether an answer survives a change of scale: local Moran on the areas, and on the larger areas they lie in."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from analysis.larger_areas import carried_up, contracted
from analysis.moran import local_moran
from analysis.robustness import scale_agreement
from analysis.significance import GlobalResult, described
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.significance import LocalResult, Options
    from analysis.statistics.beside import Beside
    from analysis.weights import Weights

TESTED = ("high-high", "low-low", "high-low", "low-high", "not-significant")
CLUSTERS = ("high-high", "low-low")


def agreement_of_scales(
    values: pd.Series, weights: Weights, *, beside: Beside, **options: Unpack[Options]
) -> dict[str, GlobalResult]:
    """Say how many areas have the class of local Moran that the larger area they lie in has.

    Parameters
    ----------
    values : indexed by code. weights : of the same areas.
    beside : the larger area of each area (``region`` by default; ``UTLA``, ``ITL2`` …), and then, where wanted, a weight such
        as residents or the denominator.
    options : as in ``analysis.moran.local_moran``.

    Returns
    -------
    dict
        ``all classes`` and ``clusters``: the share of areas (of those in a cluster) whose class is that of their larger area;
        ``expectation`` is the share that the two lists of classes would give by chance. No test: z and p are NaN.

    Raises
    ------
    StatisticsError
        As ``local_moran`` at either scale: fewer than four larger areas can be tested, for example.

    Notes
    -----
    A larger area's value is the weighted mean of its parts, and two larger areas are neighbours where a part of one is a
    neighbour of a part of the other. For a median that mean is an approximation: publish the larger scale from the publisher's
    own figures. Classes at two scales are two answers, neither the true one (Openshaw 1984, The modifiable areal unit problem).
    """
    named = beside.columns(least=1, most=2, default=("region",))
    home = named.iloc[:, 0]
    home = home.where(home.notna() & (home.astype(str) != "")).dropna().astype(str)
    second = replace(beside, asked=beside.asked[1:]).numbers(least=0, most=1)
    shares = second.iloc[:, 0] if second.shape[1] else pd.Series(1.0, index=values.index)
    if (shares < 0).any():
        raise StatisticsError("weights of the parts of larger areas are not negative", [f"found {shares.min():g}"])
    coarse = local_moran(carried_up(values, shares, home), contracted(weights, home), **options)
    fine = local_moran(values, weights, **options)
    members = pd.DataFrame({"code": home.to_numpy(), "member": home.index})
    table = scale_agreement(_only(fine, home.index), coarse, members)
    record = {
        **described(weights),
        "seed": fine.parameters["seed"],
        "larger_areas": int(coarse.frame["testable"].sum()),
        "named_by": str(named.columns[0]),
        "classes": {str(row): {str(kind): int(n) for kind, n in cells.items()} for row, cells in table.iterrows()},
    }
    return {"all classes": _share(table, TESTED, record), "clusters": _share(table, CLUSTERS, record)}


def _only(result: LocalResult, codes: pd.Index) -> LocalResult:
    return type(result)(result.name, result.frame.loc[result.frame.index.isin(codes)], result.parameters)


def _share(table: pd.DataFrame, classes: tuple[str, ...], record: dict[str, Any]) -> GlobalResult:
    """Return the share on the diagonal among areas of these classes whose larger area was tested too."""
    square = table.reindex(index=classes, columns=TESTED, fill_value=0)
    n = int(square.to_numpy().sum())
    if n == 0:
        return GlobalResult("scale-agreement", math.nan, math.nan, math.nan, math.nan, 0, record)
    rows, columns = square.sum(axis=1) / n, square.sum(axis=0) / n
    counts = square.to_numpy(dtype=np.int64)
    same = int(sum(counts[row, TESTED.index(kind)] for row, kind in enumerate(classes)))
    chance = float(sum(rows[kind] * columns[kind] for kind in classes))
    return GlobalResult("scale-agreement", same / n, chance, math.nan, math.nan, n, record)
