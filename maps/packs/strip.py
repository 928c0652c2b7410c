"""A place on the range of the whole: every area a mark on one line, the place's own areas as dots, and its span as a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from maps.charts.axes import Axis
from maps.look import palettes
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.scene import Disc, Item, Page, Shape, Text, rectangle, rule
from maps.words import say
from maps.words.findings.levels import reference_figure

if TYPE_CHECKING:
    from maps.packs.contents import PackOutcome, Region

WIDTH, HEIGHT = 440.0, 74.0
MARGIN = 8.0
SIZE = 8.0
LINE = 40.0
"""Where the line of values stands, in points from the top."""


def range_page(outcome: PackOutcome, region: Region) -> Page | None:
    """Lay out where a place's areas stand on the range of all areas; None where fewer than two values differ, or none is its own.

    Parameters
    ----------
    outcome : cut to the region; its numbers are those of the whole.
    """
    every = outcome.numbers.dropna().astype("float64")
    own = every.reindex(list(region.codes)).dropna()
    if every.nunique() < 2 or own.empty:
        return None
    axis = Axis(float(every.min()), float(every.max()), MARGIN, WIDTH - MARGIN)
    topic = outcome.topic
    items: list[Item] = [rectangle(Box(0, 0, WIDTH, HEIGHT), fill=palettes.PAPER, role="paper")]
    ticks = tuple(((axis.at(value), LINE - 6), (axis.at(value), LINE + 6)) for value in sorted(set(every)))
    items.append(Shape(ticks, stroke="#b9b9b3", stroke_width=0.5, role="whole"))
    low, high = axis.at(float(own.min())), axis.at(float(own.max()))
    if high > low:
        items.append(rectangle(Box(low, LINE - 2, high - low, 4), fill="#78b9b4", role="span"))
    items += _interval(outcome, region, axis)
    items += [
        Disc(axis.at(value), LINE, 3.2, "#0b4f5c", palettes.PAPER, 0.8, role="own", title=topic.name(str(code)))
        for code, value in own.items()
    ]
    items += _reference(outcome, axis)
    items += _ends(outcome, axis)
    title = say("pack.strip-title", outcome=topic.heading)
    return Page(f"{outcome.id}/range", WIDTH, HEIGHT, tuple(items), title, range_words(outcome, region))


def range_words(outcome: PackOutcome, region: Region) -> str:
    """Return the same in words."""
    every = outcome.numbers.dropna().astype("float64")
    own = every.reindex(list(region.codes)).dropna()
    topic = outcome.topic
    ends = {"lowest": topic.figure(float(every.min())), "highest": topic.figure(float(every.max()))}
    if len(own) == 1:
        return say("pack.strip-one", place=topic.place, figure=topic.figure(float(own.iloc[0])), **ends)
    low, high = topic.figure(float(own.min())), topic.figure(float(own.max()))
    return say("pack.strip-many", n=len(own), place=topic.place, low=low, high=high, **ends)


def _interval(outcome: PackOutcome, region: Region, axis: Axis) -> list[Item]:
    """Return the interval of a single area, where one is published."""
    if len(region.codes) > 1 or outcome.lower is None or outcome.upper is None:
        return []
    ends = np.array(
        [outcome.lower.get(region.codes[0], np.nan), outcome.upper.get(region.codes[0], np.nan)], dtype=float
    )
    if not np.isfinite(ends).all():
        return []
    left, right = (axis.at(float(end)) for end in np.clip(ends, axis.low, axis.high))
    return [rule(left, LINE, right, LINE, colour="#0b4f5c", width=1.6, role="interval")]


def _reference(outcome: PackOutcome, axis: Axis) -> list[Item]:
    """Return the figure that areas are compared with, and its label above the line."""
    if outcome.levels is None or not axis.low <= outcome.levels.reference.value <= axis.high:
        return []
    x = axis.at(outcome.levels.reference.value)
    words = say("pack.strip-reference", figure=reference_figure(outcome.levels.reference, outcome.topic))
    half = typefaces.width(words, SIZE) / 2
    middle = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
    return [
        rule(x, LINE - 14, x, LINE + 9, colour=palettes.INK, width=1.2, role="reference"),
        Text(middle, LINE - 18, words, SIZE, colour=palettes.INK, anchor="middle", role="reference"),
    ]


def _ends(outcome: PackOutcome, axis: Axis) -> list[Item]:
    """Return the lowest and the highest figure of the whole, below the line."""
    left = say("pack.strip-lowest", figure=outcome.topic.figure(axis.low))
    right = say("pack.strip-highest", figure=outcome.topic.figure(axis.high))
    y = LINE + 20
    return [
        Text(MARGIN, y, left, SIZE, colour="#4a4a46", role="tick"),
        Text(WIDTH - MARGIN, y, right, SIZE, colour="#4a4a46", anchor="end", role="tick"),
    ]
