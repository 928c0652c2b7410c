"""Several periods of one outcome on the same areas: which fit, which were converted, and which are left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.periods import in_order, label, parse_period
from geo.errors import PlaceatlasError
from maps.kinds.multiples import MOST_PANELS
from maps.words import format_date, listed_words, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from boundaries.joined import Joined

CONVERTED = ("recoded", "merged", "split", "moved")
"""Fates of rows that were published for other boundaries."""


@dataclass(frozen=True, slots=True)
class Series:
    """One outcome at several periods on the same areas.

    ``chosen`` are the periods that were wanted, ``fitting`` the joins of those that the boundaries take, in order of time,
    ``reasons`` why each of the others does not fit.
    """

    chosen: tuple[str, ...]
    fitting: tuple[Joined, ...]
    reasons: tuple[tuple[str, str], ...]

    def shown(self, most: int = MOST_PANELS) -> tuple[Joined, ...]:
        """Return the periods that are shown: all, or so many evenly spaced, the first and the last among them."""
        n = len(self.fitting)
        if not n:
            return ()
        places = np.unique(np.rint(np.linspace(0, n - 1, min(n, most))).astype(int))
        return tuple(self.fitting[i] for i in places)

    def notes(self) -> tuple[str, ...]:
        """Say which periods were converted, and which are left out and why."""
        shown = self.shown()
        if not shown:
            return ()
        notes = []
        converted = [one.period for one in shown if any(one.receipt.fates.get(fate, 0) for fate in CONVERTED)]
        date = format_date(shown[0].boundaries.date)
        if converted:
            notes.append(say("series.converted", date=date, periods=_periods(converted)))
        if self.reasons:
            why = "; ".join(dict.fromkeys(reason.split(":")[0] for _, reason in self.reasons))
            unfit = _periods([period for period, _ in self.reasons])
            notes.append(say("series.left-out", date=date, periods=unfit, why=why))
        if len(self.fitting) > len(shown):
            notes.append(say("series.spaced", shown=len(shown), whole=len(self.fitting)))
        return tuple(notes)


def series_up_to(last: str, periods: Sequence[str], join: Callable[[str], Joined], *, since: str = "") -> Series:
    """Join every period up to one.

    Parameters
    ----------
    last : the period that the others lead up to. periods : those that the table holds. since : the first; all by default.
    join : joins a period to the areas.
    """
    end = parse_period(last)
    chosen = [period for period in in_order(periods) if parse_period(period) <= end]
    if since:
        first = parse_period(since)
        chosen = [period for period in chosen if parse_period(period) >= first]
    fitting, reasons = [], []
    for period in chosen if len(chosen) > 1 else []:
        try:
            fitting.append(join(period))
        except PlaceatlasError as error:
            reasons.append((period, error.faults[0] if error.faults else error.what))
    return Series(tuple(chosen), tuple(fitting), tuple(reasons))


def _periods(periods: Sequence[str]) -> str:
    """Return periods in words: each, or the first and the last where there are many."""
    names = [label(period) for period in periods]
    if len(names) <= 3:
        return listed_words(names)
    return say("series.span", count=len(names), first=names[0], last=names[-1])
