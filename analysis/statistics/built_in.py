"""Our statistics that look at other columns, or say several things, in the form in which the registry calls every statistic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np
import pandas as pd

from analysis.join_count import join_counts, local_join_count
from analysis.moran import (
    global_moran_rates,
    local_moran,
    local_moran_bivariate,
    local_moran_many,
    local_moran_rates,
    moran_scatter,
    residuals,
    ring_results,
)
from analysis.statistics.columns import SAME_UNIT, AreaColumns, Meaning
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.significance import GlobalResult, LocalResult, Options
    from analysis.statistics.beside import Beside
    from analysis.weights import Weights

OUTCOME = "outcome"
"""What the outcome itself is called among several columns."""


def bivariate_moran(values: pd.Series, weights: Weights, *, beside: Beside, **options: Unpack[Options]) -> LocalResult:
    """Test each area: does its value go with another column among its neighbours (bivariate local Moran)."""
    (around,) = beside.numbers(least=1).items()
    return local_moran_bivariate(values, around[1], weights, **options)


def many_moran(
    values: pd.Series, weights: Weights, *, beside: Beside, **options: Unpack[Options]
) -> dict[str, LocalResult]:
    """Run local Moran on the outcome and on other columns with the same draws, so that their classes can be compared."""
    others = beside.numbers(least=1, most=99)
    return local_moran_many(pd.concat([values.rename(OUTCOME), others], axis=1), weights, **options)


def moran_of_rates(values: pd.Series, weights: Weights, *, beside: Beside, **options: Unpack[Options]) -> LocalResult:
    """Run local Moran on the empirical Bayes index of counts over their denominators (Assunção and Reis 1999)."""
    return local_moran_rates(values, _denominators(beside), weights, **options)


def whole_moran_of_rates(
    values: pd.Series, weights: Weights, *, beside: Beside, **options: Unpack[Options]
) -> GlobalResult:
    """Run global Moran on the empirical Bayes index of counts over their denominators (Assunção and Reis 1999)."""
    return global_moran_rates(values, _denominators(beside), weights, **options)


def moran_of_residuals(
    values: pd.Series, weights: Weights, *, beside: Beside, **options: Unpack[Options]
) -> LocalResult:
    """Run local Moran on what is left once the mean of the region, or of another group, is taken away."""
    return local_moran(_less_means(values, beside), weights, **options)


def residual(values: pd.Series, _weights: Weights, *, beside: Beside, **_options: Unpack[Options]) -> AreaColumns:
    """Take from every value the mean of its region, or of another group."""
    left = _less_means(values, beside)
    meaning = Meaning("Value less the mean of the areas of its group", SAME_UNIT)
    return AreaColumns(left.to_frame("residual"), {"residual": meaning})


def scatter(values: pd.Series, weights: Weights, **_options: Unpack[Options]) -> AreaColumns:
    """Set each area's standardised value against the mean of its neighbours (the Moran scatter)."""
    meanings = {
        "z": Meaning("Value, standardised over the areas tested", "standard deviations"),
        "lag": Meaning("Mean of the standardised values of the neighbours", "standard deviations"),
    }
    return AreaColumns(moran_scatter(values, weights)[list(meanings)], meanings)


def rings(
    values: pd.Series, weights: Weights, *, orders: int = 6, **options: Unpack[Options]
) -> dict[str, GlobalResult]:
    """Compute global Moran's I among areas exactly 1, 2, … steps apart (the correlogram)."""
    found = ring_results(values, weights, orders=orders, **options)
    if not found:
        raise StatisticsError("no two areas are neighbours", ["a correlogram needs at least one step"])
    return {f"{order} step{'s' if order > 1 else ''}": result for order, (result, _) in found.items()}


def whole_join_counts(
    values: pd.Series, weights: Weights, *, beside: Beside, **options: Unpack[Options]
) -> dict[str, GlobalResult]:
    """Count neighbours that are both of a kind, both not, or one of each, and test the counts."""
    found = join_counts(_kind(values, beside), weights, **options)
    return {"both": found.both, "neither": found.neither, "mixed": found.mixed}


def join_count(values: pd.Series, weights: Weights, *, beside: Beside, **options: Unpack[Options]) -> LocalResult:
    """Test each area of a kind: has it more neighbours of the kind, or fewer, than chance gives (local join count)."""
    return local_join_count(_kind(values, beside), weights, **options)


def _denominators(beside: Beside) -> pd.Series:
    return beside.numbers(least=1, default=("denominator",)).iloc[:, 0]


def _less_means(values: pd.Series, beside: Beside) -> pd.Series:
    groups = beside.columns(least=1, default=("region",)).iloc[:, 0]
    return residuals(values, groups)


def _kind(values: pd.Series, beside: Beside) -> pd.Series:
    """Return the column that says which areas are of the kind; the outcome itself where no other was asked for.

    An area that the outcome has no value for is left out of either.
    """
    named = beside.numbers(least=0, most=1)
    kind = values if named.empty else named.iloc[:, 0].where(values.notna())
    strange = kind.dropna()[~kind.dropna().isin([0, 1])]
    if len(strange) and named.empty:
        raise StatisticsError(
            "join counts need areas that are of a kind (1) or not (0), and the outcome is neither",
            [
                f"found {np.round(float(strange.iloc[0]), 6):g}",
                'name a column that says which: with = ["coastal"], or --with coastal',
            ],
        )
    return kind
