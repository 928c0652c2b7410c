"""What all charts share: the words round them, axes with round ticks, and where the plot may stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maps.look import styles
from maps.page.boxes import Box
from maps.page.scene import Item, Page, Text, rule
from maps.static.column import Setter
from maps.static.furniture import set_heading
from maps.words import format_value
from maps.words.numbers import short_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.look.styles import Style
    from maps.page.composition import FloatArray
    from maps.static.sheet import Sheet


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
        """Return a tick's text, with as many decimals as the step between ticks needs; a long unit stands in the subtitle alone."""
        step = _step((self.high - self.low) / most)
        return format_value(tick, short_unit(unit), decimals=max(0, -math.floor(math.log10(step) + 1e-9)))


def page(words: ChartWords, sheet: Sheet, items: Sequence[Item]) -> Page:
    """Return the finished page of a chart."""
    return Page(words.id, sheet.width, sheet.height, tuple(items), words.title, words.description, (words.title,))


def under_heading(words: ChartWords, sheet: Sheet, items: list[Item], *, style: Style, size: str) -> Box:
    """Set the heading where the sheet has not (wide pages), and return what is left."""
    if not styles.SIZES[size].wide:
        return sheet.body
    setter = Setter(sheet.body.x, sheet.body.width, sheet.body.y - 4, style)
    set_heading(words, setter, title_size=styles.SIZES[size].title * style.title_scale)
    items.extend(setter.items)
    return Box(sheet.body.x, setter.y + 12, sheet.body.width, sheet.body.bottom - setter.y - 12)


def grid(across: Axis, up: Axis, plot: Box, unit: str, style: Style) -> list[Item]:
    """Return hairlines and figures of both axes of a plot."""
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


def ticks_down(axis: Axis, top: float, bottom: float, unit: str, style: Style) -> list[Item]:
    """Return hairlines from top to bottom, and their figures below."""
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


def spread(numbers: FloatArray) -> tuple[float, float]:
    """Return the range of numbers with a margin of a twentieth on both sides."""
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))
