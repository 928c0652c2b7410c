"""What levels are: a frozen record of where every area stands, and with what probability."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.levels.truth import Basis, Truth
    from boundaries.outcomes.measures import Favourable

Level = Literal["low", "high", "not-clear", "error-unknown", "no-data"]
"""Where an area stands against the average, in value order whatever is favourable."""

LEVELS: tuple[str, ...] = get_args(Level)

COLUMNS = (
    "outcome",
    "period",
    "code",
    "name",
    "value",
    "lower",
    "upper",
    "mean",
    "mean_lower",
    "mean_upper",
    "p_below",
    "p_low_tenth",
    "p_high_tenth",
    "band",
    "rank_lower",
    "rank_upper",
    "level",
)
"""Columns of ``levels.csv``, in this order."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Where every area stands in one outcome at one period.

    ``frame`` is indexed by code: ``name unit value lower upper se mean mean_lower mean_upper p_below p_low_tenth p_high_tenth
    band rank_lower rank_upper rank_all_lower rank_all_upper level``. ``value lower upper`` are as published, ``se`` as it was
    used, on ``truth.scale``; ``mean`` and its limits are of the truth; ``rank_lower`` to ``rank_upper`` holds the true rank
    of that area with the stated coverage (1 the lowest value, among ``counts["ranked"]`` units), ``rank_all_lower`` to
    ``rank_all_upper`` those of all areas at once: where areas are listed together, these. NaN where not known.

    ``p_bands``, by code, has a column a stated band. ``counts`` are of published units, a figure that several areas inherit
    once: ``low high not_clear error_unknown no_data units areas ranked``, ``false_low`` and ``false_high`` (expected number
    of false ones in the two lists), and, where errors are published, those of ``OnIntervals``, uncorrected and corrected.
    ``again`` is what repeats of the survey would count; None where no error is known. ``truth`` holds the draws.
    """

    frame: pd.DataFrame
    p_bands: pd.DataFrame
    average: float
    favourable: Favourable
    basis: Basis
    counts: Mapping[str, float]
    again: pd.DataFrame | None
    truth: Truth
    drawn: pd.Index
    """Codes of the units that ``truth.draws`` has columns of, in that order."""
    outcome: str = ""
    period: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """State outcome, areas, and how many are low, high and not clear in one line."""
        named = f"{self.outcome} {self.period}: ".lstrip() if self.outcome else ""
        return (
            f"Levels({named}{self.counts['units']:,.0f} units; {self.counts['low']:,.0f} low, "
            f"{self.counts['high']:,.0f} high, {self.counts['not_clear']:,.0f} not clear; errors: {self.basis})"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row an area in the columns of ``levels.csv``."""
        named = self.frame.rename_axis("code").reset_index().assign(outcome=self.outcome, period=self.period)
        return named[list(COLUMNS)]

    def to_parameters(self) -> dict[str, Any]:
        """Return every parameter and count that the record depends on, JSON-able."""
        return {
            "average": self.average,
            "favourable": self.favourable,
            "basis": self.basis,
            "counts": dict(self.counts),
            "errors": dict(self.truth.counts),
            "scale": self.truth.scale.name,
            **self.parameters,
        }
