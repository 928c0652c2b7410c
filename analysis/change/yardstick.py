"""Figures that may be set against each other over time: money never bare, everything else as published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from boundaries.outcomes.periods import label
from boundaries.vocabulary import whole_of
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from boundaries.outcomes.periods import Period
    from boundaries.series import Deflator, Series

Floats = np.ndarray[Any, np.dtype[np.float64]]

Against = Literal["published", "national", "deflated"]
"""As published; per cent of the publisher's national figure in the same period; in prices of the latest period."""

_CURRENCIES = ("£", "€", "$", "gbp", "eur", "usd")


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Values and standard errors on a yardstick that holds in every period.

    Parameters
    ----------
    value, se : shape (n_areas, n_periods). unit : of both.
    against : the yardstick. whole : code of the wider area whose figure is the yardstick, or name of the price index; else empty.
    """

    value: Floats
    se: Floats
    unit: str
    against: Against
    whole: str = ""


def is_money(unit: str) -> bool:
    """Say whether a unit is one of money.

    Examples
    --------
    >>> is_money("£ million"), is_money("minutes")
    (True, False)
    """
    return unit.strip().lower().startswith(_CURRENCIES)


def comparable_figures(series: Series, *, deflator: Deflator | None = None) -> Figures:
    """Return a series on a yardstick that holds over time.

    Parameters
    ----------
    series : the outcome. deflator : prices, for an outcome in money; without it money is set against the publisher's figure for
        the nations covered, else for the United Kingdom.

    Raises
    ------
    StatisticsError
        Money for which the publisher gives no national figure in every period, and no deflator is named.
    TableError
        A deflator that lacks prices for a period.

    Notes
    -----
    The national figure and the price index count as known exactly: their errors are small beside those of an area, and common to all.
    """
    value, se = series.value, series.se
    if not is_money(series.meta.unit):
        return Figures(value, se, series.meta.unit, "published")
    if deflator is not None:
        windows = _dated(series)
        levels = deflator.level_in(windows)
        factor = levels[-1] / levels
        return Figures(value * factor, se * factor, series.meta.unit, "deflated", deflator.name)
    code, national = _national(series)
    factor = 100.0 / national
    return Figures(value * factor, se * factor, "% of the national figure", "national", code)


def _dated(series: Series) -> list[Period]:
    windows = [window for window in series.windows if window is not None]
    if len(windows) < len(series.windows):
        raise StatisticsError(
            f"'{series.meta.id}' states no period: it cannot be deflated", ["name the column of periods"]
        )
    return windows


def _national(series: Series) -> tuple[str, Floats]:
    """Return code and published figures, a period, of the area that is exactly the nations covered, else of the United Kingdom."""
    covered = whole_of(series.areas["nation"][series.covered])
    candidates = dict.fromkeys(code for code in (covered, "K02000001") if code)
    for code in candidates:
        figures = np.array([averages.get(code, np.nan) for averages in series.averages], dtype=np.float64)
        if np.isfinite(figures).all() and (figures > 0).all():
            return code, figures
    lacking = [
        label(period)
        for period, averages in zip(series.periods, series.averages, strict=True)
        if not any(averages.get(code, 0) > 0 for code in candidates)
    ]
    raise StatisticsError(
        f"'{series.meta.id}' is money ({series.meta.unit}), and no national figure is published in every period",
        [
            f"looked for {listed(candidates)}" + (f"; none in {listed(lacking)}" if lacking else ""),
            'name a price index of your own: deflator = "cpih.csv", columns period,value',
        ],
    )
