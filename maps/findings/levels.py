"""Where areas stand: against the figure they are compared with, and how a region stands to nation and whole."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.levels import apart_from
from maps.findings.cutting import Codes, codes_where, kept

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from analysis.study import Study
    from boundaries.joined import Average, Joined
    from boundaries.joined.averages import AverageKind

Basis = Literal["posterior", "interval", "value"]
"""What a level rests on: probabilities of a model of the published error; published intervals, corrected for looking at every area
(Benjamini-Hochberg); the bare value."""

LEAST_TENTH = 0.9
"""Probability from which an area is said to lie in the lowest or the highest tenth."""

MISSED = 0.05
"""Share of intervals that miss the true figure by chance; and of the areas named, at most so many wrongly on average."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The figure that areas are compared with.

    ``nations`` are the initials of those that it covers ("EWSN"), ``weighted_by`` what a mean of ours is weighted by;
    ``of_medians`` whether that is a mean of medians.
    """

    kind: AverageKind
    value: float
    nations: str
    weighted_by: str = ""
    of_medians: bool = False


@dataclass(frozen=True, slots=True)
class LevelsFinding:
    """Codes of areas by where they stand against a figure.

    Parameters
    ----------
    reference : the figure. basis : what the sides rest on.
    low, high : below and above it, with ``posterior`` and ``interval`` beyond the error. unclear : neither.
    unknown : with a value, but without an error. no_data : without a value.
    lowest_tenth, highest_tenth : in that tenth of the areas with a probability of ``LEAST_TENTH`` or more.
    expected_false : how many of ``low`` and ``high`` together are expected to be there wrongly; None where not known.
    single : how many areas their own intervals alone would set below and above, uncorrected; None where nothing was corrected.
    """

    reference: Reference
    basis: Basis
    low: Codes
    high: Codes
    unclear: Codes
    unknown: Codes = ()
    no_data: Codes = ()
    lowest_tenth: Codes = ()
    highest_tenth: Codes = ()
    expected_false: float | None = None
    single: tuple[int, int] | None = None

    @property
    def n(self) -> int:
        """How many areas were compared."""
        return len(self.low) + len(self.high) + len(self.unclear)

    @property
    def by_chance(self) -> float:
        """How many areas single intervals would set apart though none differed."""
        return MISSED * self.n

    def within(self, codes: Collection[str]) -> LevelsFinding:
        """Return the finding of some of the areas, against the same figure."""
        return replace(
            self,
            low=kept(self.low, codes),
            high=kept(self.high, codes),
            unclear=kept(self.unclear, codes),
            unknown=kept(self.unknown, codes),
            no_data=kept(self.no_data, codes),
            lowest_tenth=kept(self.lowest_tenth, codes),
            highest_tenth=kept(self.highest_tenth, codes),
            expected_false=None,  # a mean over the whole list says nothing of a part
            single=None,  # what was corrected is the whole list
        )


@dataclass(frozen=True, slots=True)
class DoubtFinding:
    """The same levels where doubt is what is shown: how many areas cannot be distinguished from the figure."""

    levels: LevelsFinding

    def within(self, codes: Collection[str]) -> DoubtFinding:
        """Return the finding of some of the areas."""
        return DoubtFinding(self.levels.within(codes))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of ``n`` areas are low and high."""

    low: int
    high: int
    n: int


@dataclass(frozen=True, slots=True)
class BandTally:
    """How many areas are in the one or two bands of the unfavourable end: of a region (``own``), its nation, the whole; each with how many have a band."""

    bands: tuple[str, ...]
    end: Literal["low", "high"]
    own: tuple[int, int]
    nation: tuple[int, int] | None
    whole: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class StandingFinding:
    """How a region stands: its own levels, and those of its nation and of the whole atlas beside them.

    ``nation`` is the initial of its nation; ``nation_tally`` is None where the region is the nation, or the atlas holds no more.
    ``least_low`` and ``least_high`` are the smallest probabilities of being below (above) among the areas of the region that are
    said to be; NaN where there is none or probabilities are not known. ``banded`` is None where no bands are published or stated.
    """

    here: LevelsFinding
    nation: str
    nation_tally: Tally | None
    whole_nations: str
    whole_tally: Tally | None
    least_low: float = math.nan
    least_high: float = math.nan
    banded: BandTally | None = None


def reference_of(joined: Joined, average: Average) -> Reference:
    """Return the record of the figure that an outcome is compared with."""
    covered = set(joined.frame.loc[joined.covered, "nation"])
    by = {"denominator-weighted": joined.meta.denominator or "denominator", "population-weighted": "residents"}
    return Reference(
        average.kind,
        average.value,
        "".join(nation for nation in "EWSN" if nation in covered),
        by.get(average.kind, ""),
        average.kind == "population-weighted" and joined.meta.measure == "median",
    )


def levels_of(joined: Joined, average: Average) -> LevelsFinding:
    """Compare areas with a figure by their published intervals, corrected for their number; by their values where there are none."""
    frame = joined.frame.loc[joined.covered]
    value, lower, upper = (frame[name].to_numpy(dtype=np.float64) for name in ("value", "lower", "upper"))
    valued = np.isfinite(value)
    known = valued & np.isfinite(lower) & np.isfinite(upper)
    basis: Basis = "interval" if known.any() else "value"
    compared = known if basis == "interval" else valued
    low, high = compared & (value < average.value), compared & (value > average.value)
    single = None
    if basis == "interval":
        below, above = known & (upper < average.value), known & (lower > average.value)
        single = (int(below.sum()), int(above.sum()))
        clear = apart_from(value, lower, upper, average.value)
        low, high = low & clear, high & clear

    def codes(chosen: np.ndarray) -> Codes:
        return tuple(str(code) for code in frame.index[chosen])

    return LevelsFinding(
        reference_of(joined, average),
        basis,
        codes(low),
        codes(high),
        codes(compared & ~low & ~high),
        codes(valued & ~compared),
        codes(~valued),
        single=single,
    )


def study_levels(study: Study) -> LevelsFinding:
    """Return the levels of a study: by the probabilities that were computed, else by intervals, else by the bare values."""
    levels, joined = study.levels, study.joined
    if not levels.frame["p_below"].notna().any():
        return levels_of(joined, study.average)
    false = levels.counts["false_low"] + levels.counts["false_high"]
    return levels_from_frame(levels.frame, reference_of(joined, study.average), expected_false=float(false))


def levels_from_frame(frame: pd.DataFrame, reference: Reference, *, expected_false: float | None) -> LevelsFinding:
    """Return the record of levels that probabilities were computed for.

    Parameters
    ----------
    frame : by code, ``level`` (low, high, not-clear, error-unknown, no-data), ``p_low_tenth`` and ``p_high_tenth``.
    """

    def of(level: str) -> Codes:
        return codes_where(frame["level"] == level)

    return LevelsFinding(
        reference,
        "posterior",
        of("low"),
        of("high"),
        of("not-clear"),
        of("error-unknown"),
        of("no-data"),
        codes_where(frame["p_low_tenth"] >= LEAST_TENTH),
        codes_where(frame["p_high_tenth"] >= LEAST_TENTH),
        expected_false,
    )


def standing_of(
    whole: LevelsFinding,
    codes: Collection[str],
    nations: Mapping[str, str],
    *,
    p_below: pd.Series | None = None,
    bands: pd.Series | None = None,
    worst: tuple[str, ...] = (),
    end: Literal["low", "high"] = "low",
) -> StandingFinding:
    """Set the levels of a region beside those of its nation and of the whole.

    Parameters
    ----------
    whole : of every area. codes : of the region. nations : initial of the nation, by code of every area.
    p_below : by code, the probability of being below the figure. bands : by code, published or stated; empty where there is none.
    worst : the one or two bands of the unfavourable end, the outermost first. end : where that lies.
    """
    own = {nations[code] for code in codes}
    nation = next(iter(own)) if len(own) == 1 else ""
    inside = {code for code, initial in nations.items() if initial == nation}
    compared = {*whole.low, *whole.high, *whole.unclear}
    whole_nations = "".join(initial for initial in "EWSN" if initial in {nations[code] for code in compared})
    part = compared & set(codes)
    of_nation = compared & inside
    return StandingFinding(
        whole.within(codes),
        nation,
        _tally(whole.within(inside)) if nation and of_nation - part and compared - of_nation else None,
        whole_nations,
        _tally(whole) if compared - part else None,
        _least(p_below, kept(whole.low, codes)),
        _least(None if p_below is None else 1 - p_below, kept(whole.high, codes)),
        _banded(bands, worst, end, [set(codes), inside, set(nations)]) if bands is not None and worst else None,
    )


def _least(probability: pd.Series | None, codes: Codes) -> float:
    if probability is None or not codes:
        return math.nan
    return float(probability.reindex(list(codes)).min(skipna=False))


def _banded(
    bands: pd.Series, worst: tuple[str, ...], end: Literal["low", "high"], parts: list[set[str]]
) -> BandTally | None:
    """Count the areas in bands of a region, its nation and the whole; None where no area of the region has a band."""
    known = bands[bands.fillna("") != ""]
    sets = [frozenset(known.index[known.index.isin(part)]) for part in parts]
    own, nation, whole = ((int(known.loc[list(part)].isin(worst).sum()), len(part)) for part in sets)
    if not own[1]:
        return None
    return BandTally(
        worst,
        end,
        own,
        nation if sets[0] != sets[1] != sets[2] else None,
        whole if sets[0] != sets[2] else None,
    )


def _tally(levels: LevelsFinding) -> Tally:
    return Tally(len(levels.low), len(levels.high), levels.n)
