"""Where like lies beside like: classes of local statistics, how far they move with our choices, the whole map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from maps.findings.cutting import Codes, codes_where, kept

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from analysis.significance import GlobalResult

Statistic = Literal["moran", "gi"]

NOT_SIGNIFICANT, NOT_TESTABLE, NO_DATA = "not-significant", "not-testable", "no-data"

LEVELS = ("core", "probable", "contested")
"""How many of the choices that were tried put an area in a cluster: all, most, some."""


@dataclass(frozen=True, slots=True)
class PatternFinding:
    """Codes of areas by class of local Moran, or of Gi*.

    Parameters
    ----------
    statistic : which.
    low, high : in a cluster of low or high values (Gi*: cold and hot spots), in value order.
    low_among_high, high_among_low : outliers of local Moran. plain : tested, and not significant.
    not_testable : without a neighbour that has a value. no_data : without a value.
    alone : of ``low`` and ``high``, those that no neighbour of the same class touches.
    firm : of ``low`` and ``high``, those that are there under every choice of neighbours; None where no other was tried.
    """

    statistic: Statistic
    low: Codes
    high: Codes
    low_among_high: Codes
    high_among_low: Codes
    plain: Codes
    not_testable: Codes
    no_data: Codes
    alone: Codes = ()
    firm: Codes | None = None

    @property
    def tested(self) -> int:
        """How many areas were tested."""
        return sum(map(len, (self.low, self.high, self.low_among_high, self.high_among_low, self.plain)))

    def firm_of(self, codes: Codes) -> int | None:
        """Return how many of ``low`` or ``high`` are there under every choice; None where no other was tried."""
        return None if self.firm is None else len(set(codes) & set(self.firm))

    def within(self, codes: Collection[str]) -> PatternFinding:
        """Return the finding of some of the areas; classes are those of the whole map."""
        return replace(
            self,
            low=kept(self.low, codes),
            high=kept(self.high, codes),
            low_among_high=kept(self.low_among_high, codes),
            high_among_low=kept(self.high_among_low, codes),
            plain=kept(self.plain, codes),
            not_testable=kept(self.not_testable, codes),
            no_data=kept(self.no_data, codes),
            alone=kept(self.alone, codes),
            firm=None if self.firm is None else kept(self.firm, codes),
        )


@dataclass(frozen=True, slots=True)
class RobustnessFinding:
    """Codes of areas by how many of the choices that were tried put them in a cluster of one end (low or high)."""

    end: Literal["low", "high"]
    core: Codes
    probable: Codes
    contested: Codes
    none: Codes

    @property
    def tested(self) -> int:
        """How many areas were tested."""
        return sum(map(len, (self.core, self.probable, self.contested, self.none)))

    def within(self, codes: Collection[str]) -> RobustnessFinding:
        """Return the finding of some of the areas."""
        return replace(
            self,
            core=kept(self.core, codes),
            probable=kept(self.probable, codes),
            contested=kept(self.contested, codes),
            none=kept(self.none, codes),
        )


@dataclass(frozen=True, slots=True)
class AlikeFinding:
    """Whether neighbours are more alike than chance would make them: global Moran's I over ``n`` areas."""

    statistic: float
    expectation: float
    p: float
    n: int
    alpha: float

    @classmethod
    def of(cls, result: GlobalResult, *, alpha: float) -> AlikeFinding:
        """Return the record of a result."""
        return cls(float(result.statistic), float(result.expectation), float(result.p), int(result.n), alpha)


def pattern_of(
    classes: pd.Series,
    statistic: Statistic = "moran",
    *,
    alone: Collection[str] = (),
    firm: Collection[str] | None = None,
) -> PatternFinding:
    """Return the record of classes by code; ``alone`` and ``firm`` as the record has them."""
    low, high = ("low-low", "high-high") if statistic == "moran" else ("low", "high")

    def of(key: str) -> Codes:
        return codes_where(classes == key)

    ends = {*of(low), *of(high)}
    return PatternFinding(
        statistic,
        of(low),
        of(high),
        of("low-high"),
        of("high-low"),
        of(NOT_SIGNIFICANT),
        of(NOT_TESTABLE),
        of(NO_DATA),
        kept(alone, ends),
        None if firm is None else kept(firm, ends),
    )


def robustness_of(levels: pd.Series, end: Literal["low", "high"]) -> RobustnessFinding:
    """Return the record of levels by code (core, probable, contested, none; others are left out)."""
    return RobustnessFinding(end, *(codes_where(levels == level) for level in (*LEVELS, "none")))
