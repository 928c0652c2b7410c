"""Effects by type of place: the gap and its interval first, p second."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import MapError
from maps import house, palettes, typefaces
from maps.charts.axes import Axis, ChartWords, page, spread, ticks_down, under_heading
from maps.charts.marks import mark
from maps.kinds import parts
from maps.scene import Item, Page, Text, rule
from maps.static.sheet import open_sheet
from maps.words import format_count, format_p, format_value, in_sentence, unit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.joined import Joined
    from maps.house import Style


LEVEL = 0.05
"""A gap is told in the title when its interval leaves out no gap and p lies below this."""

ROW = 44.0
"""Points for each type in the plot of effects."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The mean gap of one type of place: in the outcome's unit, with limits, p and the number of areas."""

    label: str
    effect: float
    lower: float
    upper: float
    p: float
    n: int


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
    clear = [one for one in effects if (one.lower > 0 or one.upper < 0) and one.p < LEVEL]
    told = [f"{in_sentence(one.label)} {'above' if one.effect > 0 else 'below'}" for one in clear]
    found = ", ".join(told) if told else "none can be told from no gap"
    words = ChartWords(
        f"{joined.meta.id}/effects",
        f"{parts.titled(joined)} by type of place, against {comparison}: {found}",
        parts.subtitle(
            joined, what=f"Gap in {in_sentence(joined.meta.title)}{f' ({unit_words(unit)})' if unit else ''}"
        ),
        parts.foot(
            [joined.meta.source],
            joined.boundaries,
            shapes=False,
            method="gap of plain means with its 95% interval; p against maps as smooth as the real one",
        ),
        "; ".join(f"{one.label}: {format_value(one.effect, unit)}" for one in effects),
    )
    room = house.SIZES[size]
    room = replace(room, height=34 + ROW * len(effects)) if room.grows else room
    sheet = open_sheet(words, words.foot, style=style, size=room)
    items: list[Item] = [*sheet.items]
    body = under_heading(words, sheet, items, style=style, size=size)
    numbers = np.array([(one.effect, one.lower, one.upper) for one in effects])
    left = body.x + 8 + max(typefaces.width(one.label, style.text, bold=True) for one in effects)
    axis = Axis(*spread(np.append(numbers.ravel(), 0.0)), left + 10, body.right - 150)
    step = min(ROW, (body.height - 40) / len(effects))
    bottom = body.y + 14 + step * len(effects)
    items.extend(ticks_down(axis, body.y + 8, bottom, joined.meta.unit, style))
    items.append(rule(axis.at(0), body.y + 8, axis.at(0), bottom, colour=style.ink, width=0.9, role="no-gap"))
    good = joined.meta.favourable != "low"
    for i, one in enumerate(effects):
        y = body.y + 14 + (i + 0.5) * step
        bad = (one.effect > 0) != good
        colour = palettes.DIVERGING_5[0 if bad else -1]
        items.append(Text(body.x, y + 3, one.label, style.text, bold=True, colour=style.ink, role="row-name"))
        items.append(rule(axis.at(one.lower), y, axis.at(one.upper), y, colour=colour, width=2.0, role="interval"))
        edge = (palettes.PAPER, 0.8)
        items.append(
            mark(axis.at(one.effect), y, 4.0, colour, unfavourable=bad, edge=edge, role="dot", title=one.label)
        )
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
    return page(words, sheet, items)
