"""Small drawings of one place: its figure on the range of all places, and its figures through time. Coordinates only; the page draws."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 300.0, 64.0
"""Of the drawing of a history, in its own units; a strip is as wide."""

EDGE = 6.0
"""Room that is left at the ends, for marks."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A figure on the range of all places: positions along ``WIDTH``.

    Parameters
    ----------
    x : of the figure. lower, upper : of its interval; None where none is published. reference : of the figure compared with.
    words : what is drawn, for whoever does not see it. against : what the mark of the reference is called.
    """

    x: float
    lower: float | None
    upper: float | None
    reference: float | None
    words: str
    against: str


@dataclass(frozen=True, slots=True)
class History:
    """Figures through time.

    Parameters
    ----------
    lines : polylines of the figures, ``x,y x,y``; one broken line a stretch without a gap. bands : polygons of the intervals.
    dots : figures that stand alone. first, last : periods at the ends, in words. words : what is drawn.
    rows : period, figure and interval as printed.
    """

    lines: tuple[str, ...]
    bands: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    first: str
    last: str
    words: str
    rows: tuple[tuple[str, str], ...]


def strip(  # one argument a thing that is drawn or said
    value: float,
    interval: tuple[float, float],
    everywhere: tuple[float, float],
    reference: float,
    *,
    words: str,
    against: str,
) -> Strip:
    """Return where a figure stands between the lowest and the highest of all places; ends of intervals beyond are cut.

    Parameters
    ----------
    value : finite. interval : NaN where there is none. everywhere : lowest and highest figure. reference : NaN where there is none.
    words, against : as of ``Strip``.
    """
    low, high = everywhere
    span = high - low

    def place(number: float) -> float | None:
        if not math.isfinite(number):
            return None
        share = 0.5 if span == 0 else min(max((number - low) / span, 0.0), 1.0)
        return round(EDGE + share * (WIDTH - 2 * EDGE), 1)

    at = place(value)
    if at is None:
        raise ValueError("a strip shows a figure, and there is none")
    return Strip(at, place(interval[0]), place(interval[1]), place(reference), words, against)


def stretches(values: Sequence[float], breaks: Sequence[int] = ()) -> list[list[int]]:
    """Return the places of figures that follow one another without a gap or a break.

    Parameters
    ----------
    values : NaN where there is none. breaks : places before which nothing may be joined.

    Examples
    --------
    >>> stretches([1.0, 2.0, float("nan"), 3.0, 4.0], breaks=[4])
    [[0, 1], [3], [4]]
    """
    found: list[list[int]] = []
    for place, value in enumerate(values):
        if not math.isfinite(value):
            continue
        if found and found[-1][-1] == place - 1 and place not in breaks:
            found[-1].append(place)
        else:
            found.append([place])
    return found


def history(  # one keyword a thing that is drawn or said
    values: Sequence[float],
    lower: Sequence[float],
    upper: Sequence[float],
    *,
    breaks: Sequence[int] = (),
    first: str,
    last: str,
    words: str,
    rows: Sequence[tuple[str, str]],
) -> History:
    """Lay figures out from left to right, an equal step a period.

    Parameters
    ----------
    values, lower, upper : a figure a period, and the ends of its interval; NaN where there is none.
    breaks : places of periods that cannot be compared with those before. first, last, words, rows : as of ``History``.
    """
    finite = [number for row in (values, lower, upper) for number in row if math.isfinite(number)]
    low, high = min(finite), max(finite)

    def point(place: int, number: float) -> tuple[float, float]:
        across = 0.5 if len(values) == 1 else place / (len(values) - 1)
        down = 0.5 if high == low else (high - number) / (high - low)
        return round(EDGE + across * (WIDTH - 2 * EDGE), 1), round(EDGE + down * (HEIGHT - 2 * EDGE), 1)

    lines, bands, dots = [], [], []
    for places in stretches(values, breaks):
        points = [point(place, values[place]) for place in places]
        dots += points if len(points) == 1 else [points[0], points[-1]]
        if len(points) > 1:
            lines.append(_path(points))
        known = [place for place in places if math.isfinite(lower[place]) and math.isfinite(upper[place])]
        if len(known) > 1:
            above = [point(place, upper[place]) for place in known]
            below = [point(place, lower[place]) for place in reversed(known)]
            bands.append(_path([*above, *below]))
    return History(tuple(lines), tuple(bands), tuple(dots), first, last, words, tuple(rows))


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
