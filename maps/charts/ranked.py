"""Ranked intervals: who lies below the average, who above, and who cannot be distinguished from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from boundaries.places.names import short_name
from geo.errors import MapError
from maps.charts.axes import Axis, ChartWords, page, spread, ticks_down, under_heading
from maps.charts.glyphs import mark
from maps.feet import chart_foot
from maps.findings import levels_of, study_levels
from maps.kinds import captions
from maps.look import palettes, styles
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.scene import Item, Page, Text, rule
from maps.static.sheet import open_sheet
from maps.words import Topic, counted, decimals_for, say
from maps.words.findings import finding_title, reference_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boundaries.joined import Average, Joined
    from maps.findings import LevelsFinding, Reference
    from maps.kinds.subject import Subject
    from maps.look.styles import Style
    from maps.page.composition import FloatArray


NAMED_ROWS = 45
"""Up to so many areas each has a row with its name; more stand in rank order and only those in the finding are named."""


SIDES = {-1: palettes.DIVERGING_5[0], 0: "#a9a9a3", 1: palettes.DIVERGING_5[-1]}
"""Colour of an interval by its side of the average: unfavourable (marked by a triangle too), neither, favourable."""


def ranked(subject: Subject, *, style: Style = styles.DEFAULT, size: str = "page") -> Page:
    """Draw areas in order of value with their intervals."""
    levels = None if subject.study is None else study_levels(subject.study)
    return caterpillar(subject.joined, subject.average, levels=levels, style=style, size=size)


def caterpillar(
    joined: Joined,
    average: Average,
    *,
    levels: LevelsFinding | None = None,
    style: Style = styles.DEFAULT,
    size: str = "page",
) -> Page:
    """Draw areas in order of value with their published intervals, and the average as a line.

    Parameters
    ----------
    levels : where areas stand, of a study: gives the colours; by default what each interval says by itself.

    Raises
    ------
    MapError
        No area has an interval.
    """
    levels = levels or levels_of(joined, average)
    if levels.basis == "value":
        raise MapError(
            f"no interval is known for any value of {joined.meta.id!r}", ["a ranked chart needs lower and upper limits"]
        )
    frame = joined.frame.loc[joined.covered & joined.frame["value"].notna()].sort_values("value", kind="stable")
    topic = Topic.of(joined)
    against = reference_words(levels.reference, topic)
    words = ChartWords(
        f"{joined.meta.id}/caterpillar",
        finding_title(levels, topic),
        captions.subtitle(joined),
        chart_foot([joined.meta.source], joined.boundaries.sources, method=say("ranked.method")),
        say("ranked.description", whole=counted(len(frame)), reference=against),
    )
    sheet = open_sheet(words, words.foot, style=style, size=styles.SIZES[size])
    items: list[Item] = [*sheet.items]
    body = under_heading(words, sheet, items, style=style, size=size)
    numbers = frame[["value", "lower", "upper"]].to_numpy(dtype=np.float64)
    good = 1 if joined.meta.favourable != "low" else -1
    of_code = {**dict.fromkeys(levels.low, -good), **dict.fromkeys(levels.high, good)}
    sides = [of_code.get(str(code), 0) for code in frame.index]
    names = [short_name(str(name)) for name in frame["name"]]
    if len(frame) <= NAMED_ROWS:
        items.extend(_rows(body, names, numbers, sides, topic, levels.reference, style))
    else:
        items.extend(_ranked(body, names, numbers, sides, topic, levels.reference, style))
    return page(words, sheet, items)


def _rows(
    body: Box,
    names: Sequence[str],
    numbers: FloatArray,
    sides: Sequence[int],
    topic: Topic,
    average: Reference,
    style: Style,
) -> list[Item]:
    """Return a named row an area, highest first."""
    left = body.x + 8 + max(typefaces.width(name, style.text) for name in names)
    axis = Axis(*spread(np.append(numbers.ravel(), average.value)), left + 8, body.right - 8)
    step = (body.height - 40) / len(names)
    top, bottom = body.y + 22, body.y + 22 + step * len(names)
    size = min(style.text, step * 0.95)
    items = [
        *ticks_down(axis, top, bottom, topic.unit, style),
        *_average_down(axis, average, topic, top, bottom, style),
    ]
    for i, (name, (value, lower, upper), side) in enumerate(
        zip(reversed(names), numbers[::-1].tolist(), reversed(sides), strict=True)
    ):
        y = top + (i + 0.5) * step
        items.append(Text(left, y + size * 0.35, name, size, anchor="end", colour=style.ink, role="row-name"))
        if math.isfinite(lower) and math.isfinite(upper):
            items.append(rule(axis.at(lower), y, axis.at(upper), y, colour=SIDES[side], width=1.4, role="interval"))
        said = f"{name}: {topic.figure(value)}"
        radius = min(2.6, step * 0.35)
        items.append(mark(axis.at(value), y, radius, SIDES[side], unfavourable=side < 0, role="dot", title=said))
    return items


def _ranked(
    body: Box,
    names: Sequence[str],
    numbers: FloatArray,
    sides: Sequence[int],
    topic: Topic,
    average: Reference,
    style: Style,
) -> list[Item]:
    """Return areas in rank order, the five lowest and highest named."""
    plot = Box(body.x + 44, body.y + 20, body.width - 44 - 130, body.height - 50)
    up = Axis(*spread(np.append(numbers.ravel(), average.value)), plot.bottom, plot.y)
    items: list[Item] = []
    for tick in up.ticks():
        items.append(rule(plot.x, up.at(tick), plot.right, up.at(tick), colour=style.rule, width=0.4))
        items.append(
            Text(
                plot.x - 5,
                up.at(tick) + 3,
                up.text(tick, topic.unit),
                style.text - 1,
                colour=style.ink_soft,
                anchor="end",
                role="tick",
            )
        )
    step = plot.width / len(names)
    for i, ((value, lower, upper), side, name) in enumerate(zip(numbers.tolist(), sides, names, strict=True)):
        x = plot.x + (i + 0.5) * step
        if math.isfinite(lower) and math.isfinite(upper):
            items.append(
                rule(x, up.at(lower), x, up.at(upper), colour=SIDES[side], width=min(0.9, step * 0.6), role="interval")
            )
        said = f"{name}: {topic.figure(value)}"
        radius = min(1.6, max(0.9, step * 0.6))
        items.append(mark(x, up.at(value), radius, palettes.INK, unfavourable=side < 0, role="dot", title=said))
    level = up.at(average.value)
    items.append(rule(plot.x, level, plot.right, level, colour=style.ink, width=0.9, role="average"))
    items.append(
        Text(
            plot.x + 3,
            plot.y - 8,
            say("ranked.line", reference=reference_words(average, topic)),
            style.text,
            colour=style.ink,
            role="average-name",
        )
    )
    items.append(
        Text(
            plot.x,
            plot.bottom + 14,
            say("ranked.order", whole=counted(len(names))),
            style.text,
            colour=style.ink_soft,
            role="axis-name",
        )
    )
    items.extend(_names_at_right(_ends(names, numbers[:, 0].tolist(), up, topic), plot, style))
    return items


def _ends(names: Sequence[str], values: Sequence[float], up: Axis, topic: Topic) -> dict[str, list[tuple[float, str]]]:
    """Return the five highest and the five lowest areas: heading → where each stands, and its name and figure."""
    ends = {
        say("table.highest"): [*range(len(names) - 1, len(names) - 6, -1)],
        say("table.lowest"): [*range(4, -1, -1)],
    }
    found = decimals_for([values[i] for chosen in ends.values() for i in chosen])
    places = found if topic.decimals is None else topic.decimals
    return {
        title: [(up.at(values[i]), f"{names[i]} {topic.figure(values[i], decimals=places)}") for i in chosen]
        for title, chosen in ends.items()
    }


def _names_at_right(groups: Mapping[str, Sequence[tuple[float, str]]], plot: Box, style: Style) -> list[Item]:
    """Return names beside the plot under their group's title, as near to their level as lets none meet another."""
    size = style.text - 0.5
    gap = size * 1.2
    items: list[Item] = []
    least = plot.y - gap
    for title, entries in groups.items():
        levels = [entries[0][0] - gap, *(level for level, _ in entries)]
        levels[0] = max(levels[0], least)
        for i in range(1, len(levels)):
            levels[i] = max(levels[i], levels[i - 1] + gap)
        over = max(0.0, levels[-1] - plot.bottom)
        levels = [level - over for level in levels]
        for level, text in zip(levels, [title, *(text for _, text in entries)], strict=True):
            heading = text == title
            items.append(
                Text(
                    plot.right + 8,
                    level + size * 0.35,
                    text,
                    size,
                    bold=heading,
                    colour=style.ink,
                    role="heading" if heading else "name",
                )
            )
        least = levels[-1] + 1.6 * gap
    return items


def _average_down(axis: Axis, average: Reference, topic: Topic, top: float, bottom: float, style: Style) -> list[Item]:
    x = axis.at(average.value)
    text = say("ranked.line", reference=reference_words(average, topic))
    left = min(max(x - typefaces.width(text, style.text) / 2, 24.0), axis.end - typefaces.width(text, style.text))
    return [
        rule(x, top, x, bottom, colour=style.ink, width=0.9, role="average"),
        Text(left, top - 6, text, style.text, colour=style.ink, role="average-name"),
    ]
