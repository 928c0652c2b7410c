"""Emerging hot spots: how the pattern of a series moved, in the seventeen classes of ArcGIS, as far as the number of periods allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from analysis.change.tendency import mann_kendall
from geo.errors import StatisticsError

Kind = Literal[
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
    "stays",
    "gone",
]
Reach = Literal["three-words", "short-series", "full"]
"""Under five periods only *new*, *stays* and *gone*; five to nine the full set, flagged as a short series; from ten the full set."""

KINDS: tuple[Kind, ...] = (
    "new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical",
)  # fmt: skip
CLASSES: tuple[str, ...] = (*(f"{kind}-{side}" for side in ("high", "low") for kind in KINDS), "no-pattern")
"""The seventeen classes; hot and cold are called by their value."""

FEW, SHORT = 5, 10
MOST: Final = 0.9
"""Share of periods from which a place is hot "most of the time"."""


@dataclass(frozen=True, slots=True, eq=False)
class Emerging:
    """Classes of every area, and how far the number of periods reaches.

    ``frame`` is indexed as given: ``class``, ``periods_high``, ``periods_low``, ``trend_p`` (exact Mann-Kendall of the z-scores).
    """

    frame: pd.DataFrame
    periods: int
    reach: Reach

    def __repr__(self) -> str:
        """State how many areas have a pattern, and of how many periods."""
        number = int((~self.frame["class"].isin(["no-pattern", "not-testable"])).sum())
        return f"Emerging({number} of {len(self.frame)} areas, {self.periods} periods: {self.reach})"


def emerging(hot: np.ndarray[Any, Any], z: np.ndarray[Any, Any], ids: pd.Index, *, alpha: float = 0.05) -> Emerging:
    """Class areas by when they were hot or cold, and by the trend of how much.

    Parameters
    ----------
    hot : shape (n_areas, n_periods): 1 where the area is a significant high spot in the period, −1 a low one, 0 neither;
        corrected for many areas by whoever made it.
    z : Gi* z-scores of that shape, NaN where the area could not be tested. ids : codes. alpha : of the trend.

    Raises
    ------
    StatisticsError
        Fewer than two periods, or shapes that differ.

    Notes
    -----
    Rules for *high* (for *low* the same with signs turned), n periods, share = periods high / n, in this order:
    share ≥ 90 % and the last period high: *intensifying* where the z-scores tend upwards, *diminishing* where downwards, else
    *persistent*; share ≥ 90 % and the last not: *historical*. Below 90 %, the last period high: *oscillating* where any period was
    low; *new* where it is the first; *consecutive* where one unbroken run of two or more ends the series; else *sporadic*.
    ArcGIS words *new* and *oscillating* so that both fit a place that was low and is high for the first time: here it is oscillating,
    since that says more. An area that could not be tested in a period is neither high nor low in it, and *not-testable* where it
    never could.

    References
    ----------
    Esri, How Emerging Hot Spot Analysis works (ArcGIS Pro 3).
    """
    sign, score = np.asarray(hot, dtype=np.int64), np.asarray(z, dtype=np.float64)
    if sign.shape != score.shape or sign.ndim != 2 or len(ids) != len(sign):
        raise StatisticsError(
            "classes and z-scores do not belong together", [f"shapes {sign.shape} and {score.shape}, {len(ids)} areas"]
        )
    length = sign.shape[1]
    if length < 2:
        raise StatisticsError(f"{length} period has no pattern over time", ["give at least two"])
    reach: Reach = "three-words" if length < FEW else "short-series" if length < SHORT else "full"
    rows = [_one(sign[area], score[area], alpha, few=reach == "three-words") for area in range(len(sign))]
    return Emerging(
        pd.DataFrame(rows, index=ids, columns=["class", "periods_high", "periods_low", "trend_p"]), length, reach
    )


def _one(
    sign: np.ndarray[Any, Any], z: np.ndarray[Any, Any], alpha: float, *, few: bool
) -> tuple[str, int, int, float]:
    high, low = int((sign > 0).sum()), int((sign < 0).sum())
    known = np.isfinite(z)
    trend = mann_kendall(z) if known.sum() >= 2 else None
    p = trend.p if trend else np.nan
    if not known.any():
        return "not-testable", high, low, p
    direction = 0 if trend is None or trend.p > alpha else int(np.sign(trend.s))
    for turn, side in ((1, "high"), (-1, "low")):
        kind = _few(turn * sign) if few else _kind(turn * sign, turn * direction)
        if kind:
            return f"{kind}-{side}", high, low, p
    return "no-pattern", high, low, p


def _kind(sign: np.ndarray[Any, Any], direction: int) -> Kind | None:
    hot = sign > 0
    last = bool(hot[-1])
    if hot.mean() >= MOST - 1e-12:
        trends: dict[int, Kind] = {1: "intensifying", 0: "persistent", -1: "diminishing"}
        return trends[direction] if last else "historical"
    if not last:
        return None
    if (sign < 0).any():
        return "oscillating"
    if hot.sum() == 1:
        return "new"
    run = int(np.argmin(hot[::-1]))  # below 90 % there is a period that is not hot
    return "consecutive" if run == hot.sum() else "sporadic"


def _few(sign: np.ndarray[Any, Any]) -> Kind | None:
    hot = sign > 0
    if hot[-1]:
        return "stays" if hot[:-1].any() else "new"
    return "gone" if hot[:-1].any() else None
