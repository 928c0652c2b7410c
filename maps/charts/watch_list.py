"""Small lines: the areas whose change is beyond error, period by period with their intervals, beside the median area."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.periods import label
from geo.errors import MapError
from maps.charts.axes import Axis, ChartWords, page, spread, under_heading
from maps.charts.glyphs import mark
from maps.feet import chart_foot
from maps.findings import change_of
from maps.kinds import captions
from maps.kinds.warning import moved, pressing
from maps.look import palettes, styles
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.scene import Item, Page, Shape, Text, rule
from maps.static.sheet import open_sheet
from maps.words import Topic, say
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.change import Change, Followed
    from analysis.change.flags import Flag
    from boundaries.joined import Joined
    from boundaries.series import Series
    from maps.kinds.subject import Subject
    from maps.look.styles import Style
    from maps.page.composition import FloatArray

MOST_SHOWN = 12
"""Areas on one page; the files name all."""
PANEL = (140.0, 104.0)
"""Least width and the height of one area's panel, in points."""
GAP = 14.0
LEFT = 40.0
"""Room for the figures of the axis, left of the first column."""
MEDIAN = "#a9a9a3"

COLOURS = {
    "regressing": palettes.DIVERGING_5[0],
    "falling": palettes.DIVERGING_5[0],
    "improving": palettes.DIVERGING_5[-1],
    "rising": palettes.DIVERGING_5[-1],
}


@dataclass(frozen=True, slots=True)
class _Lines:
    """What every panel shares: when the periods were, the median area in each, the axis of values."""

    when: FloatArray
    median: FloatArray
    low: float
    high: float
    topic: Topic
    change: Change


def watch_list(subject: Subject, *, style: Style = styles.DEFAULT, size: str = "page") -> Page:
    """Draw the areas that moved beyond error, the most pressing first.

    Raises
    ------
    ValueError
        The outcome is not followed: the kind does not say that it needs that.
    """
    if subject.followed is None:
        raise ValueError("a kind that takes this must need 'followed'")
    return small_lines(subject.joined, subject.followed, style=style, size=size)


def small_lines(joined: Joined, followed: Followed, *, style: Style = styles.DEFAULT, size: str = "page") -> Page:
    """Draw a small line an area, with the published 95 % interval of every period.

    Parameters
    ----------
    joined : the outcome at its latest period. followed : the same in all its periods.

    Raises
    ------
    MapError
        No area moved beyond error.
    """
    series, change = followed.series, followed.change
    flags = [one for one in pressing(followed.flags) if one.code in joined.frame.index]
    if change is None or not flags:
        raise MapError(f"no area of {joined.meta.id!r} moved beyond the error of both periods")
    own = [flag for flag in flags if not flag.common] or flags
    shown, topic = own[:MOST_SHOWN], Topic.of(joined)
    if len(shown) == len(own):
        what = say("warning.series")
    else:
        what = say("warning.series-chosen", shown=str(len(shown)), n=len(own))
    words = ChartWords(
        f"{joined.meta.id}/watch-list",
        finding_title(change_of(change).within({str(code) for code in joined.frame.index}), topic),
        captions.subtitle(joined, what=what),
        chart_foot([joined.meta.source], joined.boundaries.sources, method=say("warning.interval")),
        say("warning.series-description", names=topic.listed([flag.code for flag in shown])),
    )
    room = styles.SIZES[size]
    columns = max(2, int((room.width - 2 * style.margin - LEFT + GAP) // (PANEL[0] * 0.78 + GAP)))
    columns = min(columns, len(shown))
    rows = -(-len(shown) // columns)
    room = replace(room, height=PANEL[1] * rows + 16) if room.grows else room
    sheet = open_sheet(words, words.foot, style=style, size=room)
    items: list[Item] = [*sheet.items]
    body = under_heading(words, sheet, items, style=style, size=size)
    lines = _shared(series, [flag.code for flag in shown], topic, change)
    wide = (body.width - LEFT - GAP * (columns - 1)) / columns
    tall = min(PANEL[1], (body.height - 8) / rows)
    for place, flag in enumerate(shown):
        row, column = divmod(place, columns)
        box = Box(body.x + LEFT + column * (wide + GAP), body.y + 4 + row * tall, wide, tall - 8)
        items.extend(_panel(box, flag, series, lines, style, figures=column == 0))
    return page(words, sheet, items)


def _shared(series: Series, codes: Sequence[str], topic: Topic, change: Change) -> _Lines:
    known = [window for window in series.windows if window is not None]
    whole = len(known) == len(series.periods)
    days = [(one.start.toordinal() + one.end.toordinal()) / 2 for one in known] if whole else range(len(series.periods))
    # an area that nobody covers has no figure in any period; a period without figures has no median
    columns = [column[np.isfinite(column)] for column in series.value.T]
    median = np.array([np.median(column) if len(column) else math.nan for column in columns])
    at = [_row(series, code) for code in codes]
    drawn = np.concatenate([_limits(series, place).ravel() for place in at] + [median])
    low, high = spread(drawn)
    return _Lines(np.asarray(list(days), dtype=np.float64), median, low, high, topic, change)


def _row(series: Series, code: str) -> int:
    return [str(one) for one in series.areas.index].index(code)


def _limits(series: Series, place: int) -> FloatArray:
    """Return value, lower and upper limit of an area in every period, shape (3, n_periods)."""
    return np.array([series.figures[name][place] for name in ("value", "lower", "upper")], dtype=np.float64)


def _panel(box: Box, flag: Flag, series: Series, lines: _Lines, style: Style, *, figures: bool) -> list[Item]:
    """Return one area: its name, its change, its line with intervals, the median area's line behind it."""
    topic, change = lines.topic, lines.change
    size = style.text
    told = say("warning.panel", change=moved(flag.change, change, topic), since=_year(change.since))
    name = fitting(topic.name(flag.code), box.width, size)
    plot = Box(box.x, box.y + 2.6 * size + 4, box.width, box.height - 2.6 * size - 4 - 14)
    across = Axis(float(lines.when[0]), float(lines.when[-1]), plot.x + 3, plot.right - 3)
    up = Axis(lines.low, lines.high, plot.bottom, plot.y)
    items: list[Item] = [
        Text(box.x, box.y + size, name, size, bold=True, colour=style.ink, role="panel-name"),
        Text(box.x, box.y + 2.2 * size, told, size - 1, colour=style.ink_soft, role="panel-change"),
    ]
    for tick in up.ticks(3):
        items.append(rule(plot.x, up.at(tick), plot.right, up.at(tick), colour=style.rule, width=0.3))
        if figures:
            text = up.text(tick, topic.unit, 3)
            at = (plot.x - 5, up.at(tick) + 3)
            items.append(Text(*at, text, size - 1, colour=style.ink_soft, anchor="end", role="tick"))
    items += _line(across, up, lines.when, lines.median, MEDIAN, 0.9, "median")
    ends = (series.periods[0], series.periods[-1])
    for period, x, anchor in ((ends[0], plot.x, "start"), (ends[1], plot.right, "end")):
        text = _year(period)
        items.append(
            Text(x, plot.bottom + 10, text, size - 1.5, colour=style.ink_soft, anchor=anchor, role="tick")  # type: ignore[arg-type]  # "start" or "end"
        )
    return [*items, *_area(flag, series, lines, across, up)]


def _area(flag: Flag, series: Series, lines: _Lines, across: Axis, up: Axis) -> list[Item]:
    """Return the line of an area with its intervals; the two periods that were compared are marked."""
    colour = COLOURS[flag.direction]
    value, lower, upper = _limits(series, _row(series, flag.code))
    items = [
        rule(across.at(x), up.at(a), across.at(x), up.at(b), colour=colour, width=0.7, role="interval")
        for x, a, b in zip(lines.when.tolist(), lower.tolist(), upper.tolist(), strict=True)
        if math.isfinite(a) and math.isfinite(b)
    ]
    items += _line(across, up, lines.when, value, colour, 1.2, "series")
    marks: list[Item] = []
    for period in (lines.change.since, lines.change.period):
        place = series.at(period)
        said = f"{flag.name}, {label(period)}: {lines.topic.figure(float(value[place]))}"
        at = (across.at(float(lines.when[place])), up.at(float(value[place])))
        bad = flag.direction in ("regressing", "falling")
        marks.append(mark(*at, 2.4, colour, unfavourable=bad, role="dot", title=said))
    return [*items, *marks]


def _line(
    across: Axis, up: Axis, when: FloatArray, values: FloatArray, colour: str, width: float, role: str
) -> list[Shape]:
    """Return straight lines through the known values; a period without one is a gap."""
    known = np.isfinite(values)
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y, there in zip(when.tolist(), values.tolist(), known.tolist(), strict=True):
        if there:
            runs[-1].append((across.at(x), up.at(y)))
        elif runs[-1]:
            runs.append([])
    parts = tuple(tuple(run) for run in runs if len(run) > 1)
    return [Shape(parts, stroke=colour, stroke_width=width, role=role)] if parts else []


def _year(period: str) -> str:
    """Return a period as short as a corner takes: its last year where it is written with dates."""
    words = label(period)
    return words if len(words) <= 9 else words.split()[-1]


def fitting(text: str, width: float, size: float) -> str:
    """Return a name that fits its panel, cut at a word where it does not.

    Examples
    --------
    >>> fitting("Dover", 200.0, 8.0)
    'Dover'
    """
    words = text.split()
    while len(words) > 1 and typefaces.width(" ".join(words), size, bold=True) > width:
        words.pop()
    short = " ".join(words).rstrip(",")
    return short if short == text else f"{short} …"
