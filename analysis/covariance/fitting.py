"""Generalised least squares under one candidate without known errors: all in closed form, for many outcomes at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.linalg import qr, solve_triangular

from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.covariance.candidates import Candidate
    from analysis.covariance.structures import Whitener

Floats = np.ndarray[Any, np.dtype[np.float64]]

Method = Literal["reml", "ml"]
"""Restricted likelihood, which does not take the mean for known; or likelihood."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Outcomes fitted under one candidate: k outcomes, p coefficients.

    ``log_likelihood`` shape (k,), restricted or not as asked, of that candidate at its best variance; ``beta`` (k, p);
    ``covariance`` of beta (k, p, p), at that variance; ``variance`` (k,), that of the candidate (without known errors);
    ``df`` = n − p.
    """

    candidate: Candidate
    log_likelihood: Floats
    beta: Floats
    covariance: Floats
    variance: Floats
    df: int
    method: Method = "reml"


def fit(structure: Whitener, x: Floats, y: Floats, *, method: Method = "reml") -> Fit:
    """Fit y = xβ + u, u with the candidate's covariance times an unknown variance.

    Parameters
    ----------
    structure : the candidate on the map, from ``structure_of``.
    x : shape (n, p). y : shape (n,) or (n, k), one column an outcome; nothing missing.
    method : ``"reml"`` or ``"ml"``.

    Raises
    ------
    StatisticsError
        Shapes that do not fit, missing values, columns of x that say the same, no more places than columns, or an outcome
        that x fits without a rest.

    Notes
    -----
    With T·V·Tᵀ = I the variance is s² = RSS of (Ty on Tx) / ν, ν = n − p (REML) or n (ML). The restricted log-likelihood is
    −½[ν log 2π + ν log s² + ν + log|V| + log|xᵀV⁻¹x|], as in nlme (no term log|xᵀx|).

    References
    ----------
    Harville (1977), doi:10.1080/01621459.1977.10480998. Pinheiro and Bates (2000), *Mixed-Effects Models in S and S-PLUS*.
    """
    outcomes = y[:, None] if y.ndim == 1 else y
    check_columns(structure.n, x, outcomes)
    n, p = x.shape
    design, wanted = structure.whiten(x), structure.whiten(outcomes)
    q, r = orthogonal(design)
    beta = solve_triangular(r, q.T @ wanted)
    rest = ((wanted - design @ beta) ** 2).sum(axis=0)
    flat = rest <= 1e-22 * (wanted**2).sum(axis=0)
    if flat.any():
        raise StatisticsError(
            f"{int(flat.sum())} of {len(flat)} outcomes have no variance left to be fitted",
            ["their values are constant, or a straight sum of the columns"],
        )
    degrees = n - p if method == "reml" else n
    variance = rest / degrees
    log_likelihood = -0.5 * (degrees * (np.log(2 * np.pi) + np.log(variance) + 1) + structure.log_det)
    if method == "reml":
        log_likelihood -= np.log(np.abs(np.diag(r))).sum()
    half = solve_triangular(r, np.eye(p))
    return Fit(
        candidate=structure.candidate,
        log_likelihood=log_likelihood,
        beta=beta.T,
        covariance=variance[:, None, None] * (half @ half.T),
        variance=variance,
        df=n - p,
        method=method,
    )


def orthogonal(design: Floats) -> tuple[Floats, Floats]:
    """Return the thin QR factors of a design.

    Raises
    ------
    StatisticsError
        Columns that say the same.
    """
    q, r = qr(design, mode="economic", check_finite=False)
    size = np.linalg.norm(design, axis=0)
    alike = np.abs(np.diag(r)) <= 1e-10 * size
    if alike.any():
        columns = ", ".join(str(at + 1) for at in np.flatnonzero(alike))
        raise StatisticsError(
            "columns of the design say the same", [f"column {columns} is a sum of those before it", "leave it out"]
        )
    return q, r


def check_columns(n: int, x: Floats, y: Floats) -> None:
    """Refuse a design and outcomes that cannot be fitted; every fault at once.

    Raises
    ------
    StatisticsError
        See ``fit``.
    """
    faults = []
    if x.ndim != 2 or len(x) != n:
        faults.append(f"a design of shape {x.shape} for {n} places")
    elif x.shape[1] >= n:
        faults.append(f"{x.shape[1]} columns for {n} places: fewer columns than places are needed")
    if len(y) != n:
        faults.append(f"outcomes of shape {y.shape} for {n} places")
    missing = int((~np.isfinite(x)).sum()) + int((~np.isfinite(y)).sum())
    if missing:
        faults.append(f"{missing} numbers missing: leave out the places that lack one")
    if faults:
        raise StatisticsError("generalised least squares cannot be fitted", faults)
