"""How much each indicator counts: the weights it is given, and the part it plays in the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize

from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = np.ndarray[Any, np.dtype[np.float64]]

TOLERANCE = 0.02
"""How far a share of importance may stay from the one that was asked for."""


def effective_weights(normalised: Floats, index: Floats) -> Floats:
    """Return the share of each indicator in the importance of all.

    Parameters
    ----------
    normalised : shape (indicators, areas). index : shape (areas,), what they were made into.

    Notes
    -----
    Importance is the squared correlation of an indicator with the index, the linear form of the main effect by which the
    index's variance would shrink were the indicator known: Paruolo, Saisana and Saltelli (2013),
    doi:10.1111/j.1467-985X.2012.01059.x. With equal weights it differs by indicator, as some go together and some do not.
    """
    squared = np.array([np.corrcoef(row, index)[0, 1] ** 2 for row in normalised])
    result: Floats = squared / squared.sum()
    return result


def importance_weights(normalised: Floats, target: Sequence[float]) -> Floats:
    """Return weights of an arithmetic mean under which the indicators have the wanted shares of importance.

    Parameters
    ----------
    normalised : shape (indicators, areas). target : shares wanted, of any sum.

    Returns
    -------
    Shape (indicators,), sum 1.

    Raises
    ------
    StatisticsError
        No weights at or above 0 come within 0.02 of every share: the nearest that were found are told.
    """
    wanted = np.asarray(target, dtype=np.float64) / np.sum(target)

    def shares(raw: Floats) -> Floats:
        positive = np.exp(raw - raw.max())
        return effective_weights(normalised, positive @ normalised)

    start = np.log(np.maximum(wanted, 1e-6))
    found = minimize(
        lambda raw: float(((shares(raw) - wanted) ** 2).sum()),
        start,
        method="Nelder-Mead",
        options={"maxiter": 4_000 * len(wanted), "maxfev": 4_000 * len(wanted), "xatol": 1e-8, "fatol": 1e-14},
    )
    attained = shares(found.x)
    if np.abs(attained - wanted).max() > TOLERANCE:
        raise StatisticsError(
            "no weights give the indicators the importance that is asked for",
            [
                f"wanted {_listed(wanted)}; nearest {_listed(attained)}",
                'indicators that go together share their importance: leave one out, or write weights = "given"',
            ],
        )
    weights = np.exp(found.x - found.x.max())
    result: Floats = weights / weights.sum()
    return result


def _listed(shares: Floats) -> str:
    return ", ".join(f"{share:.2f}" for share in shares)
