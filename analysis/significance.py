"""Classes and corrections: which areas stand out after looking everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

MORAN_CLASSES = ("high-high", "low-low", "high-low", "low-high", "not-significant", "not-testable", "no-data")
"""Classes of local Moran, exactly."""

GI_CLASSES = ("high", "low", "not-significant", "not-testable", "no-data")
"""Classes of Gi*, exactly."""


@dataclass(frozen=True, slots=True)
class GlobalResult:
    """One number for the whole map: ``statistic, expectation, z, p``, n areas, parameters (permutations, alternative, seed, weights)."""

    name: str
    statistic: float
    expectation: float
    z: float
    p: float
    n: int
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LocalResult:
    """One row an area, on the full index of the values given.

    ``frame`` is indexed by code, columns ``statistic expectation z p q class testable``: float64 with NaN where not
    testable or no data, ``q`` the adjusted p, ``class`` one of the statistic's classes, ``testable`` bool.
    ``parameters`` records permutations, alternative, correction, alpha, cut-off, seed, weights, n, m, k_star.
    """

    name: str
    frame: pd.DataFrame
    parameters: Mapping[str, Any] = field(default_factory=dict)
