"""Join counts: whether areas of one kind stand together, for the whole map and for each area of that kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from analysis.permutation import Moments, Rows, binary, field_of, neighbour_sums, whole_map_test
from analysis.significance import GlobalResult, Inference, LocalResult, Options, Tested, local_result
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]

JOIN_CLASSES = ("together", "apart", "not-significant", "not-testable", "no-data")
"""More neighbours of the same kind than chance gives, or fewer; areas not of the kind are not testable."""


@dataclass(frozen=True, slots=True)
class JoinCounts:
    """The three global counts of joins: both of the kind, neither, one of each; every pair of neighbours counted once."""

    both: GlobalResult
    neither: GlobalResult
    mixed: GlobalResult

    def to_frame(self) -> pd.DataFrame:
        """Return a row a count: ``statistic expectation z p n``."""
        return pd.concat([self.both.to_frame(), self.neither.to_frame(), self.mixed.to_frame()])


def join_counts(kind: pd.Series, weights: Weights, **options: Unpack[Options]) -> JoinCounts:
    """Count joins between areas of a kind, and test the counts.

    Parameters
    ----------
    kind : 1 or True for areas of the kind, 0 or False for the others, missing where not known; indexed by code.
    weights : the same areas, mutual; only who neighbours whom counts.
    options : as in ``analysis.moran.global_moran``.

    Raises
    ------
    StatisticsError
        Other values than 0 and 1, weights that are not mutual, or what ``analysis.moran.global_moran`` refuses.

    Notes
    -----
    Null hypothesis: the same number of areas of the kind, in any arrangement (sampling without replacement); ``expectation``
    and ``z`` are exact under it.

    References
    ----------
    Cliff and Ord (1981), Spatial Processes.
    """
    inference = Inference(**options)
    field = field_of(_ones(kind), weights)
    rows = binary(field.rows)
    _check_mutual(rows, field.index[field.tested])
    x = field.x
    degrees = rows.degrees.astype(np.float64)
    half = Rows(rows.indptr, rows.indices, rows.data / 2)
    minus = Rows(rows.indptr, rows.indices, -rows.data)
    other = 1 - x
    return JoinCounts(
        both=whole_map_test(
            "joins-both", x, half, factor=1.0, moments=_joins(x, rows, "both"), inference=inference, weights=weights
        ),
        neither=whole_map_test(
            "joins-neither",
            other,
            half,
            factor=1.0,
            moments=_joins(other, rows, "both"),
            inference=inference,
            weights=weights,
        ),
        # A pair is mixed when (x_i − x_j)² = 1: Σ over ordered pairs / 2 = Σ degree x² − Σ w x x.
        mixed=whole_map_test(
            "joins-mixed",
            x,
            minus,
            diagonal=degrees,
            factor=1.0,
            moments=_joins(x, rows, "mixed"),
            inference=inference,
            weights=weights,
        ),
    )


def local_join_count(kind: pd.Series, weights: Weights, **options: Unpack[Options]) -> LocalResult:
    """Test each area of a kind: has it more neighbours of the kind, or fewer, than chance gives.

    Parameters
    ----------
    kind : 1 or True for areas of the kind, 0 or False for the others, missing where not known; indexed by code.
    weights : the same areas; only who neighbours whom counts.
    options : as in ``analysis.moran.local_moran``; p is exact, so permutations, seed, workers and method change nothing.

    Raises
    ------
    StatisticsError
        Other values than 0 and 1, or what ``analysis.moran.local_moran`` refuses.

    Notes
    -----
    Shuffling the others, the count of an area with k neighbours is hypergeometric: its tail needs no draws. Areas that are not
    of the kind have no count to test and stand outside m.

    References
    ----------
    Anselin and Li (2019), doi:10.1007/s10109-019-00299-x.
    """
    given: dict[str, Any] = {**options, "method": "normal"}
    inference = Inference(**given)
    everyone = field_of(_ones(kind), weights)
    rows = binary(everyone.rows)
    chosen = everyone.x == 1
    n, k, found = everyone.n, rows.degrees[chosen], neighbour_sums(everyone.x[None, :], rows)[0][chosen]
    others = int(chosen.sum()) - 1
    chance = hypergeom(n - 1, others, k)
    upper, lower = chance.sf(found - 1), chance.cdf(found)
    p = {"greater": upper, "less": lower}.get(inference.alternative, np.minimum(1.0, 2 * np.minimum(upper, lower)))
    expectation, deviation = chance.mean(), chance.std()
    tested = everyone.tested.copy()
    tested[tested] = chosen
    kinds = np.where(upper < lower, "together", "apart").astype(object)
    score = np.divide(found - expectation, deviation, out=np.zeros(len(found)), where=deviation > 0)
    part = type(everyone)(everyone.index, everyone.has_value, tested, everyone.x[chosen], everyone.rows)
    result = local_result(
        "local-join-count",
        Tested(found, expectation, score, p, kinds),
        field=part,
        weights=weights,
        inference=inference,
        classes=JOIN_CLASSES,
        transform="binary",
    )
    return LocalResult(result.name, result.frame, {**result.parameters, "method": "exact", "n": n})


def _ones(kind: pd.Series) -> pd.Series:
    """Return the kind as 0.0 and 1.0 with NaN for not known."""
    plain = kind.astype("Float64") if isinstance(kind.dtype, pd.BooleanDtype) or kind.dtype == bool else kind
    known = plain.dropna()
    strange = known[~known.isin([0, 1])]
    if len(strange):
        raise StatisticsError(
            "join counts need areas that are of a kind (1) or not (0)",
            [f"found {listed(sorted(set(strange), key=str))}"],
        )
    return plain.astype(np.float64) if plain.dtype != object else plain


def _check_mutual(rows: Rows, codes: pd.Index) -> None:
    """Refuse links that go one way."""
    matrix = rows.sparse()
    one_way = (abs(matrix - matrix.T)).tocoo()
    lone = one_way.data > 0
    if lone.any():
        pairs = [f"{codes[a]}-{codes[b]}" for a, b in zip(one_way.row[lone], one_way.col[lone], strict=True) if a < b]
        raise StatisticsError("joins need links that go both ways", [f"one way only: {listed(pairs)}"])


def _joins(x: Floats, rows: Rows, what: str) -> Moments:
    """Return the exact mean and variance of a count of joins over all arrangements of so many areas of the kind."""
    n, ones = len(x), float(x.sum())
    degrees = rows.degrees.astype(np.float64)
    joins = float(degrees.sum()) / 2
    # Ordered pairs of different joins that share an area, and that share none.
    touching = float((degrees * (degrees - 1)).sum())
    apart = joins * (joins - 1) - touching

    def chance(of_kind: int, of_others: int) -> float:
        """Return the chance that given places hold so many of the kind and so many of the others."""
        taken, zeros = 1.0, n - ones
        for step in range(of_kind):
            taken *= (ones - step) / (n - step)
        for step in range(of_others):
            taken *= (zeros - step) / (n - of_kind - step)
        return max(taken, 0.0)

    if what == "both":
        mean = joins * chance(2, 0)
        square = mean + touching * chance(3, 0) + apart * chance(4, 0)
    else:
        mean = 2 * joins * chance(1, 1)
        # Two joins at one area are both mixed when its two other ends are alike and unlike it.
        square = mean + touching * (chance(1, 2) + chance(2, 1)) + apart * 4 * chance(2, 2)
    return Moments(mean, square - mean * mean)
