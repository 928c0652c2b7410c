"""How levels are made: every choice in one place, refused together where it cannot be meant."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from analysis.levels.bands import band_faults
from analysis.levels.scales import SCALE_NAMES
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.levels.bands import OnBreak
    from analysis.levels.errors import Misses
    from analysis.levels.scales import ScaleName
    from boundaries.outcomes.table import OutcomeMeta

MIN_DRAWS = 1_000
"""Below this the probability of a tenth is not known to one point."""


@dataclass(frozen=True, slots=True)
class LevelOptions:
    """How levels are made.

    Parameters
    ----------
    seed : of every draw. draws : of the truth.
    scale : where errors are about normal; ``"auto"`` reads it off the published intervals.
    whole : what values are shares of (100 for per cents); None where they are no shares. positive : whether they are amounts
        above zero; both decide which scales are tried.
    confidence : coverage of the published intervals. interval : coverage of ours.
    false_share : the largest expected share of false ones in a list of low, or of high, areas.
    cap : the largest probability of being wrong of any area in a list.
    tail : share of areas that is the lowest, and the highest (a tenth).
    breaks, labels, on_break : stated bands, see ``analysis.levels.bands``.
    modelled : the publisher's figures are modelled already: their intervals are taken as posteriors, nothing is shrunk.
    reliability : share of the variance of published values that is truth, where no errors are published; in (0, 1).
    reliability_from : ``"stated"`` or ``"windows"``: how the reliability was come by, for the words.
    counts_per : values are rates of counts per this many of the denominator: their chance is Poisson's.
    misses : intervals that do not hold their value: refused, or their error taken for unknown and counted.

    Raises
    ------
    StatisticsError
        Every choice that cannot be meant, at once.
    """

    seed: int = 20240911
    draws: int = 4_000
    scale: ScaleName | Literal["auto"] = "auto"
    whole: float | None = None
    positive: bool = False
    confidence: float = 0.95
    interval: float = 0.95
    false_share: float = 0.05
    cap: float = 0.10
    tail: float = 0.1
    breaks: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    on_break: OnBreak = "up"
    modelled: bool = False
    reliability: float | None = None
    reliability_from: Literal["stated", "windows"] = "stated"
    counts_per: float | None = None
    misses: Misses = "refuse"

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        faults = []
        if self.draws < MIN_DRAWS:
            faults.append(f"{self.draws} draws are too few: give at least {MIN_DRAWS:,}")
        if self.scale not in ("auto", *SCALE_NAMES):
            faults.append(f"scale {self.scale!r} is not known: choose auto, {', '.join(SCALE_NAMES)}")
        faults += [
            f"{name} {given!r} must lie between 0 and 1"
            for name in ("confidence", "interval", "false_share", "cap", "tail", "reliability")
            if (given := getattr(self, name)) is not None and not 0 < given < 1
        ]
        if self.tail > 0.5:
            faults.append(f"tail {self.tail!r}: the lowest and the highest would overlap; give at most 0.5")
        faults += [
            f"{name} {given!r} must be a number above 0"
            for name in ("whole", "counts_per")
            if (given := getattr(self, name)) is not None and not (math.isfinite(given) and given > 0)
        ]
        ways = [
            name
            for name, used in (
                ("modelled", self.modelled),
                ("reliability", self.reliability is not None),
                ("counts_per", self.counts_per is not None),
            )
            if used
        ]
        if len(ways) > 1:
            faults.append(f"{' and '.join(ways)} are different ways to know the error: give one")
        faults += band_faults(self.breaks, self.labels)
        if faults:
            raise StatisticsError("levels cannot be made so", faults)

    def or_stated_of(self, meta: OutcomeMeta) -> LevelOptions:
        """Return the choices, with what an outcome states of itself where nothing is asked for: bands, and that it is modelled."""
        made = self
        if meta.breaks and not self.breaks:
            made = replace(made, breaks=meta.breaks, labels=self.labels or meta.labels)
        if meta.modelled and self.reliability is None and self.counts_per is None:
            made = replace(made, modelled=True)
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return the choices as JSON-able data."""
        return {**asdict(self), "breaks": list(self.breaks), "labels": list(self.labels)}
