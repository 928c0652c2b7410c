"""The record of a change between two periods: what moved, by how much, how sure, on which base."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.change.base import BaseReason
    from analysis.change.shrinking import Posterior
    from analysis.change.yardstick import Against
    from boundaries.outcomes.measures import Favourable
    from boundaries.series import Base

Verdict = Literal[
    "regressing",
    "improving",
    "rising",
    "falling",
    "not-clear",
    "error-unknown",
    "not-comparable",
    "no-data",
    "not-covered",
]
"""What may be said of an area's change. *Rising* and *falling* where neither end is good; *not-comparable*: two areas' medians or
scores were merged between the periods, or the figure is another area's."""

RhoBasis = Literal["stated", "windows", "independent"]
"""Where the correlation of the two errors comes from: the user, the days that both windows share, nobody (then 0 is assumed, and bracketed)."""

BeyondBasis = Literal["stated", "tenth-of-spread"]

MOVED: tuple[Verdict, ...] = ("regressing", "improving", "rising", "falling")
"""Verdicts beyond error."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many areas moved, by one rule and another.

    Parameters
    ----------
    compared : areas with a change and an error.
    up, down : areas named by Bayesian FDR; false_up, false_down : how many of them are expected not to have moved so.
    clear_up, clear_down : areas whose change is larger than 1.96 errors, one at a time, uncorrected.
    by_chance : how many of those chance alone would give. corrected : how many survive Benjamini-Hochberg at 5 %.
    """

    compared: int
    up: int
    down: int
    false_up: float
    false_down: float
    clear_up: int
    clear_down: int
    by_chance: float
    corrected: int


@dataclass(frozen=True, slots=True)
class Bracketed:
    """How many areas would be named up and down if the errors of the two periods were correlated so.

    ``false`` of those that are named are then expected not to have moved so.
    """

    rho: float
    up: int
    down: int
    false: float


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Change of one outcome between two periods.

    Parameters
    ----------
    outcome, since, period : which. favourable : which end is good. unit : of every figure below.
    base, base_reason : can what happened everywhere show? against, whole : the yardstick, as of ``Figures``.
    rho, rho_basis : correlation of the errors of the two periods. bracket : the same at other correlations, where
        nobody knows it; where one is stated, were the errors independent.
    beyond, beyond_basis : how large a change must be to count (δ).
    counts : over all areas.
    posterior : of the changes that have an error, in the order of ``frame``; None where no error is published.
    frame : indexed by code, columns ``name value_since se_since value change se mean lower upper p_rise p_fall verdict``: the change as
        published and its error, the shrunken change with its 95 % interval, P(change > δ), P(change < −δ).
    modelled : the publisher modelled the figures.
    """

    outcome: str
    since: str
    period: str
    favourable: Favourable
    unit: str
    base: Base
    base_reason: BaseReason
    against: Against
    whole: str
    rho: float
    rho_basis: RhoBasis
    bracket: tuple[Bracketed, ...]
    beyond: float
    beyond_basis: BeyondBasis
    counts: Counts
    posterior: Posterior | None
    frame: pd.DataFrame
    modelled: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """State outcome, periods, base, and how many moved up and down."""
        return (
            f"Change({self.outcome} {self.since} to {self.period}, base {self.base}: {self.counts.up} up, {self.counts.down} down "
            f"of {self.counts.compared}; {self.counts.false_up + self.counts.false_down:.1f} expected false)"
        )

    def named(self, *verdicts: Verdict) -> pd.DataFrame:
        """Return the rows of areas with one of these verdicts, the surest first."""
        rows = self.frame[self.frame["verdict"].isin(verdicts)]
        sure = rows[["p_rise", "p_fall"]].max(axis=1)
        return rows.loc[sure.sort_values(ascending=False, kind="stable").index]

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the rows as JSON-able data."""
        return {
            "outcome": self.outcome,
            "since": self.since,
            "period": self.period,
            "favourable": self.favourable,
            "unit": self.unit,
            "base": self.base,
            "base_reason": self.base_reason,
            "against": self.against,
            "whole": self.whole,
            "rho": self.rho,
            "rho_basis": self.rho_basis,
            "bracket": [{"rho": one.rho, "up": one.up, "down": one.down, "false": one.false} for one in self.bracket],
            "beyond": self.beyond,
            "beyond_basis": self.beyond_basis,
            "modelled": self.modelled,
            "counts": {name: getattr(self.counts, name) for name in Counts.__slots__},
            **self.parameters,
        }
