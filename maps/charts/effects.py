"""Gaps by type of place: as they are on the map, and what is left of them beside places nearby."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import MapError
from maps.charts.axes import Axis, ChartWords, page, spread, ticks_down, under_heading
from maps.charts.glyphs import mark
from maps.feet import chart_foot
from maps.kind_words import gap_words
from maps.kinds import captions
from maps.kinds.gaps import tested_gaps
from maps.look import palettes, styles
from maps.page import typefaces
from maps.page.scene import Disc, Item, Page, Text, rule
from maps.static.sheet import open_sheet
from maps.words import POINTS, Topic, difference_unit, format_count, in_sentence, say, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.association import Association
    from boundaries.joined import Joined
    from maps.kinds.subject import Subject
    from maps.look.styles import Style

NARROW = 360.0
"""Points: on a narrower page figures stand under the dots, not beside them."""

ROW = 60.0
"""Points for each type in the plot of effects."""

_APART = 9.0
"""Points between the two gaps of a type and the middle of its row."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Both gaps of one type of place: ``label`` is what it is called, ``found`` what was found of it."""

    label: str
    found: Association


def gaps(subject: Subject, *, style: Style = styles.DEFAULT, size: str = "page") -> Page:
    """Draw the gap of each kind of place by its default definition."""
    effects = [Effect(sentence(kind), one) for kind, one in tested_gaps(subject.studied).items()]
    return effect_plot(subject.joined, effects, style=style, size=size)


def effect_plot(
    joined: Joined,
    effects: Sequence[Effect],
    *,
    style: Style = styles.DEFAULT,
    size: str = "page",
) -> Page:
    """Draw the gap of types of place on the map and beside places nearby, with intervals.

    Parameters
    ----------
    effects : one a type, drawn in the order given; on the scale of the outcome's own unit.

    Raises
    ------
    MapError
        No effect, one without limits, or one on another scale.
    """
    loose = [one.label for one in effects if not _drawable(one.found)]
    if loose or not effects:
        raise MapError(
            "effects cannot be drawn",
            [f"without limits in the outcome's unit: {', '.join(loose)}" if loose else "none was given"],
        )
    topic, unit = Topic.of(joined), difference_unit(joined.meta.unit)
    words = ChartWords(
        f"{joined.meta.id}/effects",
        say("effects.title", outcome=topic.heading, others=_compared(joined, effects), found=_found(effects)),
        captions.subtitle(joined, what=captions.with_unit(say("effects.measure", noun=topic.noun), unit)),
        chart_foot([joined.meta.source], joined.boundaries.sources, method=say("effects.method")),
        "; ".join(f"{one.label}: {gap_words(one.found, joined.meta.unit)}" for one in effects),
    )
    room = styles.SIZES[size]
    room = replace(room, height=34 + ROW * len(effects)) if room.grows else room
    sheet = open_sheet(words, words.foot, style=style, size=room)
    items: list[Item] = [*sheet.items]
    body = under_heading(words, sheet, items, style=style, size=size)
    numbers = np.array([_numbers(one.found) for one in effects])
    left = body.x + 8 + max(typefaces.width(one.label, style.text, bold=True) for one in effects)
    under = body.width < NARROW
    axis = Axis(*spread(np.append(numbers.ravel(), 0.0)), left + 10, body.right - (8 if under else 160))
    step = min(ROW, (body.height - 40) / len(effects))
    bottom = body.y + 14 + step * len(effects)
    items.extend(ticks_down(axis, body.y + 8, bottom, _tick_unit(unit), style))
    items.append(rule(axis.at(0), body.y + 8, axis.at(0), bottom, colour=style.ink, width=0.9, role="no-gap"))
    for i, one in enumerate(effects):
        y = body.y + 14 + (i + 0.5) * step
        items.append(Text(body.x, y + 3, one.label, style.text, bold=True, colour=style.ink, role="row-name"))
        items.extend(_marks(one, axis, y - (6 if under else 0), joined))
        items.extend(_figures(one, y, body.x if under else body.right, joined, style, under=under))
    return page(words, sheet, items)


def _marks(one: Effect, axis: Axis, y: float, joined: Joined) -> list[Item]:
    """Draw both gaps of a type with their intervals, that on the map above."""
    found = one.found
    # Colour and shape say a direction: they are kept for gaps that are left beside places nearby.
    clear = found.verdict.endswith("beside-nearby")
    bad = clear and (found.beside > 0) == (joined.meta.favourable == "low")
    colour = palettes.DIVERGING_5[0 if bad else -1] if clear else palettes.COAST
    above, below = y - _APART, y + _APART
    items: list[Item] = []
    if math.isfinite(found.gap_lower):
        items.append(
            rule(
                axis.at(found.gap_lower),
                above,
                axis.at(found.gap_upper),
                above,
                colour=palettes.COAST,
                width=1.2,
                role="map-interval",
            )
        )
    items.append(
        Disc(axis.at(found.gap), above, 3.0, palettes.PAPER, palettes.COAST, 1.4, role="map-dot", title=one.label)
    )
    items.append(
        rule(
            axis.at(found.beside_lower),
            below,
            axis.at(found.beside_upper),
            below,
            colour=colour,
            width=2.0,
            role="interval",
        )
    )
    edge = (palettes.PAPER, 0.8)
    items.append(
        mark(axis.at(found.beside), below, 4.0, colour, unfavourable=bad, edge=edge, role="dot", title=one.label)
    )
    return items


def _figures(one: Effect, y: float, x: float, joined: Joined, style: Style, *, under: bool) -> list[Item]:
    """Write both gaps beside the dots, or under them where there is no room."""
    found = one.found
    on_map = say("effects.on-map", gap=gap_words(found, joined.meta.unit))
    nearby = say("effects.nearby", gap=gap_words(found, joined.meta.unit, beside=True))
    counted = say(
        "effects.sizes", members=format_count(round(found.members)), others=format_count(round(found.n - found.members))
    )
    ink, soft, small = style.ink, style.ink_soft, style.text - 1
    if under:
        return [
            Text(x, y + 15, on_map, small, colour=soft, halo=True, role="row-map"),
            Text(x, y + 24, nearby, small, colour=ink, halo=True, role="row-figure"),
        ]
    return [
        Text(x, y - _APART, on_map, small, anchor="end", colour=soft, role="row-map"),
        Text(x, y + 2, nearby, small, anchor="end", colour=ink, role="row-figure"),
        Text(x, y + 13, counted, small, anchor="end", colour=soft, role="row-count"),
    ]


def _drawable(found: Association) -> bool:
    figures = (found.gap, found.beside, found.beside_lower, found.beside_upper)
    return found.scale == "value" and all(map(math.isfinite, figures))


def _numbers(found: Association) -> tuple[float, ...]:
    """Return all that must fit on the axis."""
    figures = (found.gap, found.gap_lower, found.gap_upper, found.beside, found.beside_lower, found.beside_upper)
    return tuple(found.gap if math.isnan(figure) else figure for figure in figures)


def _found(effects: Sequence[Effect]) -> str:
    """Say of which types there is more to say than that there is no clear gap."""
    told = [
        say(f"effects.{one.found.verdict}", kind=in_sentence(one.label))
        for one in effects
        if one.found.verdict not in ("no-clear-gap", "not-testable")
    ]
    return "; ".join(told) or say("effects.none")


def _compared(joined: Joined, effects: Sequence[Effect]) -> str:
    """Say what the types are compared with: a rule that does not reach a nation leaves its areas out."""
    known = int(captions.valued(joined).notna().sum())
    if all(one.found.n == known for one in effects):
        return say("effects.all-others")
    counts = {round(one.found.n - one.found.members) for one in effects}
    return say("effects.others-counted", n=counts.pop()) if len(counts) == 1 else say("effects.others")


def _tick_unit(unit: str) -> str:
    """Return the unit that ticks show: percentage points stand in the subtitle, not at every tick."""
    return "" if unit == POINTS else unit
