"""The recent trend of every area of a series, in the five words a reader knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from analysis.change.base import base_of
from analysis.change.fingertips import fingertips_trend
from analysis.change.straight_lines import LEAST, slopes
from analysis.change.tendency import least_p, mann_kendall
from analysis.change.yardstick import comparable_figures
from analysis.significance import adjust
from boundaries.series import apart
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.change.straight_lines import Slopes
    from analysis.change.yardstick import Against, Figures
    from boundaries.outcomes.measures import Favourable
    from boundaries.series import Base, Deflator, Series

Rule = Literal["slope", "fingertips"]
"""The generalised least squares slope corrected for many areas, or the Fingertips rule."""
Word = Literal[
    "getting-better",
    "getting-worse",
    "rising",
    "falling",
    "no-clear-change",
    "too-few-periods",
    "not-comparable",
    "not-covered",
]
"""What a reader is told; *rising* and *falling* stand for the first two where neither end is good. Areas that are not covered get no word."""

MOST: Final = 10
"""Periods that are recent, at most."""
_DAYS: Final = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Recent trend of one outcome.

    Parameters
    ----------
    outcome : its id. periods : those used, none of which share a day. unit : of the slope, a year. base, against : as of ``Change``.
    rule : by which the words were given. serial, movement : as of ``Slopes``. least_p : the smallest p that Mann-Kendall could give.
    frame : indexed by code, columns ``name slope se lower upper p q periods mann_kendall_p mann_kendall_s word``.
    reason : why no area could be compared; empty where some could.
    """

    outcome: str
    periods: tuple[str, ...]
    favourable: Favourable
    unit: str
    base: Base
    against: Against
    rule: Rule
    serial: float
    movement: float
    least_p: float
    frame: pd.DataFrame
    reason: str = ""

    def __repr__(self) -> str:
        """State outcome, periods used, and areas by word."""
        words = ", ".join(f"{number} {word}" for word, number in self.frame["word"].value_counts().items())
        return f"Trend({self.outcome}, {len(self.periods)} periods: {words})"

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the rows as JSON-able data."""
        return {
            "outcome": self.outcome,
            "periods": list(self.periods),
            "unit": self.unit,
            "base": self.base,
            "against": self.against,
            "rule": self.rule,
            "serial": self.serial,
            "movement": None if np.isnan(self.movement) else self.movement,
            "least_p": self.least_p,
            "words": {str(word): int(number) for word, number in self.frame["word"].value_counts().items()},
            "reason": self.reason,
        }


def trend_of(
    series: Series, *, rule: Rule = "slope", most: int = MOST, alpha: float = 0.05, deflator: Deflator | None = None
) -> Trend:
    """Return the recent trend of every area.

    Parameters
    ----------
    series : the outcome. Of windows that share days every one that overlaps a later one is left out, so that rolling means are
        never trended as if independent; periods before the last break are left out too.
    rule : how the words are given. most : periods used, the latest ones.
    alpha : of the slope, after Benjamini-Hochberg over the areas. deflator : prices, for an outcome in money.

    Raises
    ------
    StatisticsError
        A category, an unknown rule, fewer periods wanted than a slope needs, the Fingertips rule without published errors, or
        money without a yardstick.
    TableError
        A deflator that lacks prices.

    Notes
    -----
    With a relative base a slope is movement against the other areas. Mann-Kendall stands beside the slope as a second opinion that
    uses neither errors nor distances; with five periods it cannot fall below 0.017. Where all periods but one were standardised
    alike, no trend across it means anything: *not-comparable*.
    """
    _refuse(series, rule, most)
    chosen = _recent(series, most)
    recent = series.taking(chosen)
    basis = base_of(series)
    figures = comparable_figures(recent, deflator=deflator)
    odd = [period for period in basis.odd if period in recent.periods]
    own = ~np.isin(recent.quality.astype(str), ["inherited"]).any(axis=1)
    usable = own & series.covered & (not odd)
    value = np.where(usable[:, None], figures.value, np.nan)
    errors = figures.se if np.isfinite(figures.se).any() else None
    if rule == "fingertips" and errors is None:
        raise StatisticsError(
            f"'{series.meta.id}' has no published error", ["the Fingertips rule needs one: use the slope"]
        )
    fitted = slopes(_years(recent), value, errors)
    frame = _tested(series, fitted, value)
    frame["word"] = _words(frame, series, value, figures, rule, alpha)
    frame.loc[~own | bool(odd), "word"] = "not-comparable"
    frame.loc[~series.covered, "word"] = "not-covered"
    return Trend(
        outcome=series.meta.id,
        periods=recent.periods,
        favourable=series.meta.favourable,
        unit=f"{figures.unit} a year",
        base="relative" if figures.against == "national" else basis.base,
        against=figures.against,
        rule=rule,
        serial=fitted.serial,
        movement=fitted.movement,
        least_p=least_p(len(recent.periods)),
        frame=frame,
        reason=f"standardised on another base: {odd[0]}" if odd else "",
    )


def _refuse(series: Series, rule: Rule, most: int) -> None:
    faults = []
    if series.meta.measure == "category":
        faults.append("it is a category")
    if rule not in ("slope", "fingertips"):
        faults.append(f"rule {rule!r} is not known: choose slope or fingertips")
    if most < LEAST:
        faults.append(f"{most} periods are too few for a slope: use at least {LEAST}")
    if faults:
        raise StatisticsError(f"'{series.meta.id}' has no trend", faults)


def _recent(series: Series, most: int) -> list[int]:
    """Return the positions of the latest periods that are comparable with the last and share no day."""
    segment = [series.at(period) for period in series.comparable_with(series.periods[-1])]
    windows = [window for place in segment if (window := series.windows[place]) is not None]
    if len(windows) < len(segment):
        return segment[-most:]
    return [segment[place] for place in apart(windows)][-most:]


def _years(series: Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the middle of each period in years."""
    middles = [
        float(place) * _DAYS if window is None else (window.start.toordinal() + window.end.toordinal()) / 2
        for place, window in enumerate(series.windows)
    ]
    return (np.array(middles) - middles[0]) / _DAYS


def _tested(series: Series, fitted: Slopes, value: np.ndarray[Any, np.dtype[np.float64]]) -> pd.DataFrame:
    """Return slope and Mann-Kendall of every area, by code."""
    frame = pd.DataFrame({"name": series.areas["name"].to_numpy()}, index=series.areas.index).assign(
        slope=fitted.slope,
        se=fitted.se,
        lower=fitted.lower,
        upper=fitted.upper,
        p=fitted.p,
        q=adjust(fitted.p),
        periods=fitted.used,
    )
    tested = [mann_kendall(row) if np.isfinite(row).sum() >= LEAST else None for row in value]
    frame["mann_kendall_p"] = [np.nan if one is None else one.p for one in tested]
    frame["mann_kendall_s"] = [np.nan if one is None else float(one.s) for one in tested]
    return frame


def _words(
    frame: pd.DataFrame,
    series: Series,
    value: np.ndarray[Any, np.dtype[np.float64]],
    figures: Figures,
    rule: Rule,
    alpha: float,
) -> np.ndarray[Any, np.dtype[np.object_]]:
    up, down = {
        "high": ("getting-better", "getting-worse"),
        "low": ("getting-worse", "getting-better"),
        "none": ("rising", "falling"),
    }[series.meta.favourable]
    word = np.full(len(frame), "no-clear-change", dtype=object)
    if rule == "fingertips":
        found = [fingertips_trend(row, se).trend for row, se in zip(value, figures.se, strict=True)]
        named = {
            "increasing": up,
            "decreasing": down,
            "no-change": "no-clear-change",
            "too-few-periods": "too-few-periods",
        }
        return np.array([named[one] for one in found], dtype=object)
    clear = frame["q"].to_numpy() <= alpha
    slope = frame["slope"].to_numpy()
    word[clear & (slope > 0)], word[clear & (slope < 0)] = up, down
    word[np.isnan(slope)] = "too-few-periods"
    return word
