"""Charts beside the maps, in the same colours: ranked intervals, the Moran scatter, effects by type of place."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import MapError
from maps import house, palettes, typefaces
from maps.kinds import parts
from maps.kinds.choropleth import average_words, compared
from maps.kinds.classes import class_table
from maps.scene import Box, Disc, Item, Page, Shape, Text, rule
from maps.static.column import Setter
from maps.static.furniture import set_heading
from maps.static.sheet import Sheet, open_sheet
from maps.words import counted_of, format_count, format_p, format_value, in_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.significance import GlobalResult, LocalResult
    from boundaries.joined import Average, Joined
    from maps.composition import FloatArray
    from maps.house import Style

ROW = 44.0
"""Points for each type in the plot of effects."""

NAMED_ROWS = 45
"""Up to so many areas each has a row with its name; more stand in rank order and only those in the finding are named."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The mean gap of one type of place: in the outcome's unit, with limits, p and the number of areas."""

    label: str
    effect: float
    lower: float
    upper: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class ChartWords:
    """What a chart's page says round it."""

    id: str
    title: str
    subtitle: str
    foot: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale of values along a page: from ``low`` at ``start`` to ``high`` at ``end`` (points)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value stands."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, most: int = 6) -> list[float]:
        """Return round values along the axis."""
        step = _step((self.high - self.low) / most)
        first = math.ceil(self.low / step - 1e-9)
        return [round(i * step, 12) for i in range(first, math.floor(self.high / step + 1e-9) + 1)]

    def text(self, tick: float, unit: str, most: int = 6) -> str:
        """Return a tick's text, with as many decimals as the step between ticks needs."""
        step = _step((self.high - self.low) / most)
        return format_value(tick, unit, decimals=max(0, -math.floor(math.log10(step) + 1e-9)))


def caterpillar(joined: Joined, average: Average, *, style: Style = house.DEFAULT, size: str = "page") -> Page:
    """Draw areas in order of value with their published intervals, and the average as a line.

    Raises
    ------
    MapError
        No area has an interval.
    """
    told = compared(joined, average)
    if told is None:
        raise MapError(
            f"no interval is known for any value of {joined.meta.id!r}", ["a ranked chart needs lower and upper limits"]
        )
    frame = joined.frame.loc[joined.covered & joined.frame["value"].notna()].sort_values("value", kind="stable")
    below, above, neither = told
    words = ChartWords(
        f"{joined.meta.id}/caterpillar",
        f"{parts.titled(joined)}: {counted_of(neither, sum(told))} cannot be told from average, {format_count(below)} lie below and {format_count(above)} above",
        parts.subtitle(joined),
        parts.foot([joined.meta.source], joined.boundaries, method="published intervals, areas in order of value"),
        f"Ranked chart of {len(frame)} areas with intervals against {average_words(average, joined.meta.unit)}.",
    )
    sheet = open_sheet(words, words.foot, style=style, size=house.SIZES[size])
    items: list[Item] = [*sheet.items]
    body = _under_heading(words, sheet, items, style=style, size=size)
    numbers = frame[["value", "lower", "upper"]].to_numpy(dtype=np.float64)
    colours = [_side_colour(joined, lower, upper, average.value) for _, lower, upper in numbers.tolist()]
    names = [parts.short_name(str(name)) for name in frame["name"]]
    if len(frame) <= NAMED_ROWS:
        items.extend(_rows(body, names, numbers, colours, joined.meta.unit, average, style))
    else:
        items.extend(_ranked(body, names, numbers, colours, joined.meta.unit, average, style))
    return _page(words, sheet, items)


def moran_scatter(
    joined: Joined,
    local: LocalResult,
    lag: pd.Series,
    overall: GlobalResult,
    *,
    style: Style = house.DEFAULT,
    size: str = "page",
) -> Page:
    """Draw each area's value against the mean of its neighbours; the slope of the line is global Moran's I.

    Parameters
    ----------
    local : classes, for the colours. lag : mean value of the neighbours by code, in the outcome's unit.
    overall : global Moran's I.

    Raises
    ------
    MapError
        Fewer than two areas with both numbers.
    """
    frame = pd.DataFrame({"own": parts.valued(joined), "around": lag.astype("float64"), "class": local.frame["class"]})
    frame = frame.dropna(subset=["own", "around"])
    if len(frame) < 2 or frame["own"].nunique() < 2:
        raise MapError(f"{joined.meta.id!r} has too few areas with neighbours for a scatter", [f"found {len(frame)}"])
    alike = "more alike" if overall.statistic > overall.expectation else "less alike"
    sure = "than chance would make them" if overall.p < 0.05 else "but chance alone could do that"
    words = ChartWords(
        f"{joined.meta.id}/scatter",
        f"Neighbouring areas are {alike} in {in_sentence(joined.meta.title)} {sure}: Moran's I is {format_value(overall.statistic, '', decimals=2)} ({format_p(overall.p)})",
        f"{parts.subtitle(joined)}; each dot an area",
        parts.foot(
            [joined.meta.source],
            joined.boundaries,
            method=f"global Moran's I over {format_count(overall.n)} areas; the line's slope is I",
        ),
        f"Scatter of {len(frame)} areas: own value against the mean of neighbours.",
    )
    sheet = open_sheet(words, words.foot, style=style, size=house.SIZES[size])
    items: list[Item] = [*sheet.items]
    body = _under_heading(words, sheet, items, style=style, size=size)
    plot = Box(body.x + 44, body.y + 16, min(body.width - 60, 1.15 * body.height), body.height - 52)
    across = Axis(*_spread(frame["own"].to_numpy()), plot.x, plot.right)
    up = Axis(*_spread(frame["around"].to_numpy()), plot.bottom, plot.y)
    unit = joined.meta.unit
    items.extend(_grid(across, up, plot, unit, style))
    items.append(
        Text(
            plot.x,
            plot.y - 6,
            f"Mean of neighbours{f' ({unit})' if unit else ''}",
            style.text,
            bold=True,
            role="axis-name",
        )
    )
    items.append(
        Text(
            plot.right,
            plot.bottom + 26,
            f"Own value{f' ({unit})' if unit else ''}",
            style.text,
            bold=True,
            anchor="end",
            role="axis-name",
        )
    )
    middle, centre = float(frame["own"].mean()), float(frame["around"].mean())
    items.append(rule(across.at(middle), plot.y, across.at(middle), plot.bottom, colour=style.ink_soft, width=0.6))
    items.append(rule(plot.x, up.at(middle), plot.right, up.at(middle), colour=style.ink_soft, width=0.6))
    ends = [(x, centre + overall.statistic * (x - middle)) for x in (across.low, across.high)]
    items.append(_clipped_line(ends, across, up, style))
    table = class_table(joined.meta.favourable, "moran")
    order = frame["class"].isin(table)
    ordered = pd.concat([frame[~order], frame[order]])
    names = joined.frame["name"].reindex(ordered.index).astype(str).tolist()
    for name, own, around, kind in zip(
        names, ordered["own"].tolist(), ordered["around"].tolist(), ordered["class"].tolist(), strict=True
    ):
        colour = table[kind][1] if kind in table else "#c9c9c3"
        said = f"{name}: {format_value(own, unit)}"
        items.append(Disc(across.at(own), up.at(around), 2.3, colour, "#ffffff", 0.4, role="dot", title=said))
    items.extend(_direct_labels(frame, joined, table, across, up, plot, style))
    return _page(words, sheet, items)


def effect_plot(
    joined: Joined,
    effects: Sequence[Effect],
    *,
    comparison: str = "all other areas",
    style: Style = house.DEFAULT,
    size: str = "page",
) -> Page:
    """Draw the mean gap of types of place with intervals, the effect first and p second.

    Parameters
    ----------
    effects : one a type, drawn in the order given. comparison : what the gap is against.

    Raises
    ------
    MapError
        No effect, or one without finite limits.
    """
    loose = [one.label for one in effects if not all(map(math.isfinite, (one.effect, one.lower, one.upper)))]
    if loose or not effects:
        raise MapError(
            "effects cannot be drawn", [f"without limits: {', '.join(loose)}" if loose else "none was given"]
        )
    unit = joined.meta.unit
    clear = [one for one in effects if one.lower > 0 or one.upper < 0]
    told = [f"{in_sentence(one.label)} {'above' if one.effect > 0 else 'below'}" for one in clear]
    found = ", ".join(told) if told else "none can be told from no gap"
    words = ChartWords(
        f"{joined.meta.id}/effects",
        f"{parts.titled(joined)} by type of place, against {comparison}: {found}",
        parts.subtitle(joined, what=f"Gap in {in_sentence(joined.meta.title)}{f' ({unit})' if unit else ''}"),
        parts.foot(
            [joined.meta.source], joined.boundaries, method="mean gap and interval; p from a spatial null where stated"
        ),
        "; ".join(f"{one.label}: {format_value(one.effect, unit)}" for one in effects),
    )
    page = house.SIZES[size]
    page = replace(page, height=34 + ROW * len(effects)) if page.grows else page
    sheet = open_sheet(words, words.foot, style=style, size=page)
    items: list[Item] = [*sheet.items]
    body = _under_heading(words, sheet, items, style=style, size=size)
    numbers = np.array([(one.effect, one.lower, one.upper) for one in effects])
    left = body.x + 8 + max(typefaces.width(one.label, style.text, bold=True) for one in effects)
    axis = Axis(*_spread(np.append(numbers.ravel(), 0.0)), left + 10, body.right - 150)
    step = min(ROW, (body.height - 40) / len(effects))
    bottom = body.y + 14 + step * len(effects)
    items.extend(_ticks_down(axis, body.y + 8, bottom, joined.meta.unit, style))
    items.append(rule(axis.at(0), body.y + 8, axis.at(0), bottom, colour=style.ink, width=0.9, role="no-gap"))
    good = joined.meta.favourable != "low"
    for i, one in enumerate(effects):
        y = body.y + 14 + (i + 0.5) * step
        colour = palettes.DIVERGING_5[-1 if (one.effect > 0) == good else 0]
        items.append(Text(body.x, y + 3, one.label, style.text, bold=True, colour=style.ink, role="row-name"))
        items.append(rule(axis.at(one.lower), y, axis.at(one.upper), y, colour=colour, width=2.0, role="interval"))
        items.append(Disc(axis.at(one.effect), y, 4.0, colour, "#ffffff", 0.8, role="dot", title=one.label))
        places = 2 if abs(one.effect) < 10 else 0
        texts = [format_value(number, unit, decimals=places) for number in (one.effect, one.lower, one.upper)]
        figure = f"{texts[0]} ({texts[1]} to {texts[2]})"
        items.append(Text(body.right, y, figure, style.text, anchor="end", colour=style.ink, role="row-figure"))
        items.append(
            Text(
                body.right,
                y + 11,
                f"{format_p(one.p)}, {format_count(one.n)} areas",
                style.text - 1,
                anchor="end",
                colour=style.ink_soft,
                role="row-p",
            )
        )
    return _page(words, sheet, items)


def _page(words: ChartWords, sheet: Sheet, items: Sequence[Item]) -> Page:
    return Page(words.id, sheet.width, sheet.height, tuple(items), words.title, words.description, (words.title,))


def _under_heading(words: ChartWords, sheet: Sheet, items: list[Item], *, style: Style, size: str) -> Box:
    """Set the heading where the sheet has not (wide pages), and return what is left."""
    if not house.SIZES[size].wide:
        return sheet.body
    setter = Setter(sheet.body.x, sheet.body.width, sheet.body.y - 4, style)
    set_heading(words, setter, title_size=house.SIZES[size].title * style.title_scale)
    items.extend(setter.items)
    return Box(sheet.body.x, setter.y + 12, sheet.body.width, sheet.body.bottom - setter.y - 12)


def _rows(
    body: Box,
    names: Sequence[str],
    numbers: FloatArray,
    colours: Sequence[str],
    unit: str,
    average: Average,
    style: Style,
) -> list[Item]:
    """Return a named row an area, highest first."""
    left = body.x + 8 + max(typefaces.width(name, style.text) for name in names)
    axis = Axis(*_spread(np.append(numbers.ravel(), average.value)), left + 8, body.right - 8)
    step = (body.height - 40) / len(names)
    top, bottom = body.y + 22, body.y + 22 + step * len(names)
    size = min(style.text, step * 0.95)
    items = [*_ticks_down(axis, top, bottom, unit, style), *_average_down(axis, average, unit, top, bottom, style)]
    for i, (name, (value, lower, upper), colour) in enumerate(
        zip(reversed(names), numbers[::-1].tolist(), reversed(colours), strict=True)
    ):
        y = top + (i + 0.5) * step
        items.append(Text(left, y + size * 0.35, name, size, anchor="end", colour=style.ink, role="row-name"))
        if math.isfinite(lower) and math.isfinite(upper):
            items.append(rule(axis.at(lower), y, axis.at(upper), y, colour=colour, width=1.4, role="interval"))
        items.append(
            Disc(
                axis.at(value),
                y,
                min(2.6, step * 0.35),
                colour,
                role="dot",
                title=f"{name}: {format_value(value, unit)}",
            )
        )
    return items


def _ranked(
    body: Box,
    names: Sequence[str],
    numbers: FloatArray,
    colours: Sequence[str],
    unit: str,
    average: Average,
    style: Style,
) -> list[Item]:
    """Return areas in rank order, the five lowest and highest named."""
    plot = Box(body.x + 44, body.y + 20, body.width - 44 - 130, body.height - 50)
    up = Axis(*_spread(np.append(numbers.ravel(), average.value)), plot.bottom, plot.y)
    items: list[Item] = []
    for tick in up.ticks():
        items.append(rule(plot.x, up.at(tick), plot.right, up.at(tick), colour=style.rule, width=0.4))
        items.append(
            Text(
                plot.x - 5,
                up.at(tick) + 3,
                up.text(tick, unit),
                style.text - 1,
                colour=style.ink_soft,
                anchor="end",
                role="tick",
            )
        )
    step = plot.width / len(names)
    for i, ((value, lower, upper), colour, name) in enumerate(zip(numbers.tolist(), colours, names, strict=True)):
        x = plot.x + (i + 0.5) * step
        if math.isfinite(lower) and math.isfinite(upper):
            items.append(
                rule(x, up.at(lower), x, up.at(upper), colour=colour, width=min(0.9, step * 0.6), role="interval")
            )
        items.append(
            Disc(
                x,
                up.at(value),
                min(1.6, max(0.9, step * 0.6)),
                palettes.INK,
                role="dot",
                title=f"{name}: {format_value(value, unit)}",
            )
        )
    level = up.at(average.value)
    items.append(rule(plot.x, level, plot.right, level, colour=style.ink, width=0.9, role="average"))
    items.append(
        Text(
            plot.x + 3,
            plot.y - 8,
            f"Line: {average_words(average, unit)}",
            style.text,
            colour=style.ink,
            role="average-name",
        )
    )
    items.append(
        Text(
            plot.x,
            plot.bottom + 14,
            f"{format_count(len(names))} areas, lowest to highest",
            style.text,
            colour=style.ink_soft,
            role="axis-name",
        )
    )
    for chosen in (range(len(names) - 5, len(names)), range(5)):
        picked = list(chosen)
        wanted = [(up.at(float(numbers[i, 0])), names[i], plot.x + (i + 0.5) * step) for i in picked]
        items.extend(_names_at_right(wanted, numbers[picked, 0].tolist(), plot, unit, style))
    return items


def _names_at_right(
    wanted: Sequence[tuple[float, str, float]], values: Sequence[float], plot: Box, unit: str, style: Style
) -> list[Item]:
    """Return names beside the plot, spread so that none meets another, as near to their level as that allows."""
    size = style.text - 0.5
    gap = size * 1.2
    order = sorted(range(len(wanted)), key=lambda i: wanted[i][0])
    levels = [wanted[i][0] for i in order]
    for i in range(1, len(levels)):
        levels[i] = max(levels[i], levels[i - 1] + gap)
    levels = [level - max(0.0, levels[-1] - plot.bottom) for level in levels]
    return [
        Text(
            plot.right + 8,
            level + size * 0.35,
            f"{wanted[i][1]} {format_value(values[i], unit)}",
            size,
            colour=style.ink,
            role="name",
        )
        for level, i in zip(levels, order, strict=True)
    ]


def _direct_labels(
    frame: pd.DataFrame,
    joined: Joined,
    table: dict[str, tuple[str, str, str]],
    across: Axis,
    up: Axis,
    plot: Box,
    style: Style,
) -> list[Item]:
    """Name outliers and the most extreme areas of each cluster where a name fits."""
    items: list[Item] = []
    taken: list[Box] = []
    for key in table:
        group = frame[frame["class"] == key].sort_values("own", ascending=key.startswith("low"), kind="stable").iloc[:3]
        names = joined.frame["name"].reindex(group.index).astype(str).tolist()
        for full, own, around in zip(names, group["own"].tolist(), group["around"].tolist(), strict=True):
            name = parts.short_name(full)
            x, y = across.at(own), up.at(around)
            width = typefaces.width(name, 7.0)
            for left, top in ((x + 4, y - 4), (x - 4 - width, y - 4), (x + 3, y + 3), (x + 3, y - 11)):
                box = Box(left, top, width, 8.4)
                if plot.holds(box) and not any(box.overlaps(other, margin=1.0) for other in taken):
                    taken.append(box)
                    items.append(Text(left, top + 6.6, name, 7.0, colour=style.ink, role="name", halo=True))
                    break
    return items


def _grid(across: Axis, up: Axis, plot: Box, unit: str, style: Style) -> list[Item]:
    items: list[Item] = []
    for tick in up.ticks():
        items.append(rule(plot.x, up.at(tick), plot.right, up.at(tick), colour=style.rule, width=0.4))
        items.append(
            Text(
                plot.x - 5,
                up.at(tick) + 3,
                up.text(tick, unit),
                style.text - 1,
                colour=style.ink_soft,
                anchor="end",
                role="tick",
            )
        )
    for tick in across.ticks():
        items.append(rule(across.at(tick), plot.y, across.at(tick), plot.bottom, colour=style.rule, width=0.4))
        items.append(
            Text(
                across.at(tick),
                plot.bottom + 12,
                across.text(tick, unit),
                style.text - 1,
                colour=style.ink_soft,
                anchor="middle",
                role="tick",
            )
        )
    return items


def _ticks_down(axis: Axis, top: float, bottom: float, unit: str, style: Style) -> list[Item]:
    items: list[Item] = []
    for tick in axis.ticks():
        items.append(rule(axis.at(tick), top, axis.at(tick), bottom, colour=style.rule, width=0.4))
        items.append(
            Text(
                axis.at(tick),
                bottom + 11,
                axis.text(tick, unit),
                style.text - 1,
                colour=style.ink_soft,
                anchor="middle",
                role="tick",
            )
        )
    return items


def _average_down(axis: Axis, average: Average, unit: str, top: float, bottom: float, style: Style) -> list[Item]:
    x = axis.at(average.value)
    text = f"Line: {average_words(average, unit)}"
    left = min(max(x - typefaces.width(text, style.text) / 2, 24.0), axis.end - typefaces.width(text, style.text))
    return [
        rule(x, top, x, bottom, colour=style.ink, width=0.9, role="average"),
        Text(left, top - 6, text, style.text, colour=style.ink, role="average-name"),
    ]


def _clipped_line(ends: Sequence[tuple[float, float]], across: Axis, up: Axis, style: Style) -> Shape:
    """Return a straight line within the plot."""
    (x1, y1), (x2, y2) = ends
    slope = (y2 - y1) / (x2 - x1)
    points = []
    for x, y in ends:
        held = min(max(y, up.low), up.high)
        points.append((across.at(x if slope == 0 or held == y else x + (held - y) / slope), up.at(held)))
    return Shape((tuple(points),), stroke=style.ink, stroke_width=1.2, role="slope")


def _side_colour(joined: Joined, lower: float, upper: float, average: float) -> str:
    """Return brown or teal where an interval lies on one side of the average, grey where it holds it."""
    if not (math.isfinite(lower) and math.isfinite(upper)) or lower <= average <= upper:
        return "#a9a9a3"
    good = (lower > average) == (joined.meta.favourable != "low")
    return palettes.DIVERGING_5[-1 if good else 0]


def _spread(numbers: FloatArray) -> tuple[float, float]:
    """Return the range of numbers with a margin of a twentieth on both sides."""
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))
