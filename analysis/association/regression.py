"""Effect sizes that allow for alike neighbours: regression with spatially autocorrelated errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import minimize_scalar

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]

MAX_AREAS = 5_000
"""Above this the eigenvalues of the graph are out of reach of a dense solver."""


@dataclass(frozen=True, slots=True)
class SpatialError:
    """A fitted regression with spatially autocorrelated errors.

    Parameters
    ----------
    frame : by column of the design (and ``constant``): ``estimate se lower upper``, the interval at 95 %.
    rho : autocorrelation of the errors; 0 is ordinary least squares.
    sigma : standard deviation of what is left, in the outcome's unit.
    log_likelihood : at the maximum.
    n : areas.
    weights : policy of the graph.
    """

    frame: pd.DataFrame
    rho: float
    sigma: float
    log_likelihood: float
    n: int
    weights: str


def spatial_error(values: pd.Series, design: pd.DataFrame, weights: Weights) -> SpatialError:
    """Fit an outcome on columns, its errors alike among neighbours, by maximum likelihood.

    Parameters
    ----------
    values : by code, float; areas missing here or in the design are left out.
    design : by code, numeric columns (1 and 0 for a type); a constant is added.
    weights : a graph that holds at least these areas.

    Raises
    ------
    StatisticsError
        Areas the graph lacks, columns that are constant or depend on each other, too few areas.

    Notes
    -----
    y = Xb + u, u = rho W u + e, e independent and normal; W is (A + A')/2 with rows made to add up to one (an area
    without a neighbour keeps a row of zeros). The likelihood is profiled over rho; standard errors are those of b at
    the fitted rho, the uncertainty of rho itself left out.

    References
    ----------
    Ord, K. (1975). Estimation methods for models of spatial interaction. doi:10.1080/01621459.1975.10480272
    """
    complete = pd.concat([values.rename("__value__"), design], axis=1, join="inner").dropna().astype(float)
    y = complete["__value__"].to_numpy()
    x = np.column_stack([np.ones(len(y)), complete[design.columns].to_numpy()])
    _check(complete.index, weights, x, y)
    graph = weights if weights.ids.equals(complete.index) else weights.subset(complete.index)
    matrix, eigenvalues = _row_standardised(graph)
    # Every value of rho needs only small cross-products; the outcome is centred first so that none of them is large.
    centre = float(y.mean())
    columns = np.column_stack([y - centre, x])
    lagged = matrix @ columns
    products = columns.T @ columns, columns.T @ lagged, lagged.T @ lagged
    n = len(y)

    def cost(rho: float) -> float:
        _, variance, _ = _fit(products, rho, n)
        return float(n / 2 * (np.log(2 * np.pi * variance) + 1) - np.log1p(-rho * eigenvalues).sum())

    # Beyond the reciprocals of the extreme eigenvalues the errors have no distribution.
    low = 1 / eigenvalues.min() if eigenvalues.min() < 0 else -1.0
    rho = float(minimize_scalar(cost, bounds=(low + 1e-6, 1 - 1e-6), method="bounded", options={"xatol": 1e-10}).x)
    estimate, variance, inverse = _fit(products, rho, n)
    estimate[0] += centre
    errors = np.sqrt(variance * np.diag(inverse))
    frame = pd.DataFrame({"estimate": estimate, "se": errors}, index=["constant", *map(str, design.columns)])
    frame["lower"], frame["upper"] = (frame["estimate"] + side * 1.959964 * frame["se"] for side in (-1, 1))
    return SpatialError(frame, rho, float(np.sqrt(variance)), -cost(rho), n, weights.policy)


def _check(codes: pd.Index, weights: Weights, x: Floats, y: Floats) -> None:
    faults = []
    absent = codes.difference(weights.ids, sort=False)
    if len(absent):
        faults.append(f"the graph does not hold {listed(absent)}")
    if not x.shape[1] + 3 <= len(y) <= MAX_AREAS:
        faults.append(f"found {len(y)} complete areas; between {x.shape[1] + 3} and {MAX_AREAS} are needed")
    elif np.linalg.matrix_rank(x) < x.shape[1]:
        faults.append("a column is constant or follows from the others")
    if len(y) and np.ptp(y) == 0:
        faults.append("the outcome is constant")
    if faults:
        raise StatisticsError("the regression cannot be fitted", faults)


@lru_cache(maxsize=4)
def _row_standardised(weights: Weights) -> tuple[sparse.csr_array, Floats]:
    raw = weights.sparse()
    symmetric = (raw + raw.T) / 2
    total = symmetric.sum(axis=1)
    scale = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    # D⁻¹S has the eigenvalues of the symmetric D^-½ S D^-½, which a symmetric solver finds exactly real.
    half = sparse.diags_array(np.sqrt(scale))
    eigenvalues = np.linalg.eigvalsh((half @ symmetric @ half).toarray())
    return sparse.csr_array(sparse.diags_array(scale) @ symmetric), eigenvalues


def _fit(products: tuple[Floats, Floats, Floats], rho: float, n: int) -> tuple[Floats, float, Floats]:
    """Return the estimate, the variance of what is left and the inverse of x'x, all of the filtered columns."""
    plain, crossed, lagged = products
    filtered = plain - rho * (crossed + crossed.T) + rho**2 * lagged
    inverse = np.asarray(np.linalg.inv(filtered[1:, 1:]), dtype=np.float64)
    estimate = np.asarray(inverse @ filtered[1:, 0], dtype=np.float64)
    return estimate, float(filtered[0, 0] - filtered[0, 1:] @ estimate) / n, inverse
