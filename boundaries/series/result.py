"""The noun: an outcome in all its periods on the areas of one date, errors kept, with a receipt a period."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from boundaries.outcomes.periods import parse_period, readable
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Receipt
    from boundaries.outcomes.periods import Period
    from boundaries.outcomes.table import OutcomeMeta

Floats = np.ndarray[Any, np.dtype[np.float64]]
Texts = np.ndarray[Any, np.dtype[np.object_]]

BreakKind = Literal["status", "definition", "edition", "length"]
"""Why two periods may not be compared: said by the publisher, another definition, another edition, windows of other length."""

Base = Literal["fixed", "relative", "not-known"]
"""Whether what happens everywhere can show in a change: yes, no, or nobody knows."""

FIGURES = ("value", "lower", "upper", "se")
COLUMNS = ("outcome", "period", "code", "name", "value", "lower", "upper", "se", "band", "quality")
"""Columns of ``series.csv``, in this order."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first period that may not be compared with those before it, and why."""

    period: str
    kind: BreakKind
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """An outcome in all its periods.

    Parameters
    ----------
    meta : what it means.
    geography, date : of the areas.
    areas : indexed by ``code``, columns ``name nation``.
    periods : as published, from the earliest to the latest. windows : their dates, None where the table states no period.
    figures : ``value lower upper se`` → float64 of shape (n_areas, n_periods), NaN where not known.
    status, quality, band : str of that shape; words of ``boundaries.outcomes.measures.STATUSES`` and ``QUALITIES``; the publisher's band.
    averages : a period, published figures of wider areas by code.
    receipts : a period, what happened to every row; empty where the series was read from a file of ours.
    breaks : in order of time.
    base : fixed or relative where the publisher or the user states it; empty where nobody does.
    boundaries : the areas with their shapes; None where the series was read from a file of ours.
    """

    meta: OutcomeMeta
    geography: str
    date: dt.date
    areas: pd.DataFrame
    periods: tuple[str, ...]
    windows: tuple[Period | None, ...]
    figures: Mapping[str, Floats]
    status: Texts
    quality: Texts
    band: Texts
    averages: tuple[Mapping[str, float], ...]
    receipts: tuple[Receipt, ...] = ()
    breaks: tuple[Break, ...] = ()
    base: Base | Literal[""] = field(default="")
    boundaries: BoundarySet | None = None

    def __repr__(self) -> str:
        """State outcome, periods, areas and breaks."""
        known = int(np.isfinite(self.value).any(axis=1).sum())
        breaks = f", {len(self.breaks)} breaks" if self.breaks else ""
        return (
            f"Series({self.meta.id}: {len(self.periods)} periods, {self.periods[0]} to {self.periods[-1]}; "
            f"{known} of {len(self.areas)} areas of {self.geography}@{self.date.isoformat()} have a value{breaks})"
        )

    @property
    def value(self) -> Floats:
        """Values, shape (n_areas, n_periods)."""
        return self.figures["value"]

    @property
    def se(self) -> Floats:
        """Standard errors, shape (n_areas, n_periods); NaN where not known."""
        return self.figures["se"]

    @property
    def covered(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether each area is covered in any period, shape (n_areas,)."""
        return np.asarray((self.status != "not_covered").any(axis=1), dtype=np.bool_)

    def at(self, period: str) -> int:
        """Return the position of a period: as published, or the only one that lies in the dates named (``2024``).

        Raises
        ------
        StatisticsError
            The series has no such period, or several.
        """
        if period in self.periods:
            return self.periods.index(period)
        whole = parse_period(period) if readable(period) else None
        inside = [
            place
            for place, window in enumerate(self.windows)
            if whole and window and whole.start <= window.start and window.end <= whole.end
        ]
        if len(inside) != 1:
            what = f"has {len(inside)} periods in" if inside else "has no period"
            raise StatisticsError(f"'{self.meta.id}' {what} '{period}'", [f"periods: {listed(reversed(self.periods))}"])
        return inside[0]

    def taking(self, places: Sequence[int]) -> Series:
        """Return the periods at some positions alone, without receipts and breaks."""
        chosen = list(places)
        return replace(
            self,
            periods=tuple(self.periods[place] for place in chosen),
            windows=tuple(self.windows[place] for place in chosen),
            figures={name: array[:, chosen] for name, array in self.figures.items()},
            status=self.status[:, chosen],
            quality=self.quality[:, chosen],
            band=self.band[:, chosen],
            averages=tuple(self.averages[place] for place in chosen),
            receipts=(),
            breaks=(),
        )

    def break_between(self, since: str, period: str) -> Break | None:
        """Return the first break that stands between two periods; None where they may be compared."""
        first, last = sorted((self.at(since), self.at(period)))
        return next((found for found in self.breaks if first < self.at(found.period) <= last), None)

    def comparable_with(self, period: str) -> tuple[str, ...]:
        """Return the periods that no break parts from one, itself included, in order of time."""
        return tuple(other for other in self.periods if self.break_between(other, period) is None)

    def to_frame(self) -> pd.DataFrame:
        """Return a row an area and period, columns of ``COLUMNS``; areas of nations that are not covered are left out."""
        kept = np.flatnonzero(self.covered)
        areas = self.areas.iloc[kept]
        count, length = len(kept), len(self.periods)
        columns: dict[str, Any] = {
            "outcome": self.meta.id,
            "period": np.repeat(np.array(self.periods, dtype=object), count),
            "code": np.tile(areas.index.to_numpy(dtype=object), length),
            "name": np.tile(areas["name"].to_numpy(dtype=object), length),
        }
        columns |= {name: self.figures[name][kept].T.ravel() for name in FIGURES}
        columns |= {"band": self.band[kept].T.ravel(), "quality": self.quality[kept].T.ravel()}
        return pd.DataFrame(columns)[list(COLUMNS)]
