"""Numbers of an outcome as a page holds them: whole, in units of the last digit, every period of every area."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from maps.leaflet.shapes import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.spec import LegendClass

    Floats = np.ndarray[Any, np.dtype[np.float64]]

LEAST_STEPS = 10_000
"""Figures whose publisher states no decimals are held finely enough that the greatest is so many steps."""

MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A figure that areas are compared with, at every period.

    ``label`` says what it is ("the published figure for the United Kingdom"), ``place`` whose ("United Kingdom", "North East");
    ``code`` is of a nation or region, "" for the whole; ``values`` shape (n_periods,), NaN where not known.
    """

    code: str
    place: str
    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RegionScale:
    """The classes of values within one nation or region: inner breaks, ascending, and legend entries from high to low."""

    code: str
    breaks: tuple[float, ...]
    classes: tuple[LegendClass, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Every number of an outcome that a page shows.

    Parameters
    ----------
    unit, favourable : of the outcome. decimals : with which figures are printed; by size when None.
    periods : in words, ascending. at : the place among them of the period that the layers show.
    value, lower, upper : shape (n_areas, n_periods), in the order of the areas; NaN where not known.
    below : shape (n_areas,), the probability that an area is truly below the average; NaN where not known.
    bands : a stated or published band an area, "" where there is none.
    benchmarks : the whole first. regional : scales within nations and regions.
    breaks : inner breaks of the layer of values, ascending; () where its classes are not ranges of values.
    """

    unit: str
    favourable: str
    decimals: int | None
    periods: tuple[str, ...]
    at: int
    value: Floats
    lower: Floats
    upper: Floats
    below: Floats | None = None
    bands: tuple[str, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    regional: tuple[RegionScale, ...] = field(default=())
    breaks: tuple[float, ...] = ()


def held_decimals(figures: Figures) -> int:
    """Return the digits after the point with which a page holds figures: no area changes class by them."""
    known = figures.value[np.isfinite(figures.value)]
    places = figures.decimals or 0
    if figures.decimals is None:
        greatest = float(np.abs(known).max()) if len(known) else 0.0
        while greatest * 10**places < LEAST_STEPS and places < MOST_DECIMALS:
            places += 1
    places = max([places, *(_shown(number) for one in figures.benchmarks for number in one.values)])
    scales = [figures.breaks, *(one.breaks for one in figures.regional)]
    while places < MOST_DECIMALS and not all(_agree(known, breaks, places) for breaks in scales):
        places += 1
    return places


def figures_content(figures: Figures, classes: Any) -> dict[str, Any]:
    """Return the figures as a page's script reads them.

    Parameters
    ----------
    classes : takes a legend entry and returns it as the script reads it.

    Notes
    -----
    A column is the text of ``number_text``: of the first period the figures themselves, of every later one the difference from
    the period before; limits are differences from the value.
    """
    places = held_decimals(figures)
    value, lower, upper = (np.rint(part * 10**places) for part in (figures.value, figures.lower, figures.upper))
    limits = bool(np.isfinite(lower).any() and np.isfinite(upper).any())
    return {
        "unit": figures.unit,
        "good": figures.favourable,
        "decimals": figures.decimals,
        "held": places,
        "periods": list(figures.periods),
        "at": figures.at,
        "value": _columns(_steps(value)),
        "lower": _columns(value - lower) if limits else [],
        "upper": _columns(upper - value) if limits else [],
        "below": "" if figures.below is None else number_text(np.rint(1000 * figures.below).tolist()),
        "bands": list(figures.bands),
        "benchmarks": [
            {
                "code": one.code,
                "place": one.place,
                "label": one.label,
                "values": number_text([number * 10**places for number in one.values]),
            }
            for one in figures.benchmarks
        ],
        "breaks": whole_breaks(figures.breaks, places),
        "regional": {
            one.code: {
                "breaks": whole_breaks(one.breaks, places),
                "classes": [classes(entry) for entry in one.classes],
            }
            for one in figures.regional
        },
    }


def whole_breaks(breaks: Sequence[float], places: int) -> list[int]:
    """Return breaks in units of the last digit: a whole number is at or above one of them when its figure is.

    Examples
    --------
    >>> whole_breaks([612.25, 640.0], 1)
    [6123, 6400]
    """
    return [int(np.ceil(round(value * 10**places, 6))) for value in breaks]


def _shown(value: float) -> int:
    """Return the digits after the point of a figure that was published; none of one that was computed, and has many."""
    return next((places for places in range(3) if round(value, places) == value), 0)


def _agree(known: Floats, breaks: Sequence[float], places: int) -> bool:
    """Whether figures in whole units fall into the same classes as they do in full."""
    full = np.searchsorted(np.asarray(breaks, dtype=np.float64), known, side="right")
    whole = np.searchsorted(np.asarray(whole_breaks(breaks, places)), np.rint(known * 10**places), side="right")
    return bool((full == whole).all())


def _steps(value: Floats) -> Floats:
    """Return every period less the one before; in full where the one before is not known."""
    before = np.column_stack([np.zeros(len(value)), value[:, :-1]])
    return value - np.where(np.isfinite(before), before, 0.0)


def _columns(table: Floats) -> list[str]:
    return [number_text(column) for column in table.T.tolist()]
