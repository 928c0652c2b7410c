"""Effects by type of place: the gap and its interval first, p second."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from boundaries.vocabulary import p_words
from geo.errors import MapError
from maps.charts.axes import Axis, ChartWords, page, spread, ticks_down, under_heading
from maps.charts.glyphs import mark
from maps.feet import chart_foot
from maps.kinds import captions
from maps.kinds.gaps import tested_gaps
from maps.look import palettes, styles
from maps.page import typefaces
from maps.page.scene import Item, Page, Text, rule
from maps.static.sheet import open_sheet
from maps.words import (
    POINTS,
    Topic,
    counted,
    difference_unit,
    format_count,
    in_sentence,
    listed_words,
    say,
    sentence,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.association import Finding
    from boundaries.joined import Joined
    from maps.kinds.subject import Subject
    from maps.look.styles import Style
    from maps.page.boxes import Box

CLEAR = frozenset({"below", "above"})
"""Findings that hold under every choice of neighbours."""

NARROW = 360.0
"""Points: on a narrower page figures stand under the dots, not beside them."""

ROW = 44.0
"""Points for each type in the plot of effects."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The mean gap of one type of place.

    Parameters
    ----------
    label : the type. effect, lower, upper : the gap with its limits, in the outcome's unit.
    p : under every choice of neighbours that was tried, the reported one first.
    n, others : areas of the type, and areas that it is compared with.
    finding : what may be said of the gap (``analysis.association.judge``).
    """

    label: str
    effect: float
    lower: float
    upper: float
    p: tuple[float, ...]
    n: int
    others: int
    finding: Finding


def gaps(subject: Subject, *, style: Style = styles.DEFAULT, size: str = "page") -> Page:
    """Draw the gap of each kind of place by its default definition."""
    effects = [
        Effect(
            sentence(dimension),
            one.difference,
            one.lower,
            one.upper,
            p=one.all_p,
            n=one.members,
            others=one.n - one.members,
            finding=one.finding,
        )
        for dimension, one in tested_gaps(subject.studied).items()
    ]
    return effect_plot(subject.joined, effects, style=style, size=size)


def effect_plot(
    joined: Joined,
    effects: Sequence[Effect],
    *,
    style: Style = styles.DEFAULT,
    size: str = "page",
) -> Page:
    """Draw the mean gap of types of place with intervals, the effect first and p second.

    Parameters
    ----------
    effects : one a type, drawn in the order given.

    Raises
    ------
    MapError
        No effect, or one without finite limits.
    """
    _check(effects)
    topic, unit = Topic.of(joined), difference_unit(joined.meta.unit)
    words = ChartWords(
        f"{joined.meta.id}/effects",
        say("effects.title", outcome=topic.heading, others=_compared(joined, effects), found=_found(effects)),
        captions.subtitle(joined, what=captions.with_unit(say("effects.measure", noun=topic.noun), unit)),
        chart_foot([joined.meta.source], joined.boundaries.sources, method=say("effects.method")),
        "; ".join(f"{one.label}: {topic.amount(one.effect)}" for one in effects),
    )
    room = styles.SIZES[size]
    room = replace(room, height=34 + ROW * len(effects)) if room.grows else room
    sheet = open_sheet(words, words.foot, style=style, size=room)
    items: list[Item] = [*sheet.items]
    body = under_heading(words, sheet, items, style=style, size=size)
    numbers = np.array([(one.effect, one.lower, one.upper) for one in effects])
    left = body.x + 8 + max(typefaces.width(one.label, style.text, bold=True) for one in effects)
    under = body.width < NARROW
    axis = Axis(*spread(np.append(numbers.ravel(), 0.0)), left + 10, body.right - (8 if under else 150))
    step = min(ROW, (body.height - 40) / len(effects))
    bottom = body.y + 14 + step * len(effects)
    items.extend(ticks_down(axis, body.y + 8, bottom, _tick_unit(unit), style))
    items.append(rule(axis.at(0), body.y + 8, axis.at(0), bottom, colour=style.ink, width=0.9, role="no-gap"))
    good = joined.meta.favourable != "low"
    for i, one in enumerate(effects):
        y = body.y + 14 + (i + 0.5) * step
        items.append(Text(body.x, y + 3, one.label, style.text, bold=True, colour=style.ink, role="row-name"))
        items.extend(_gap_marks(one, axis, y, good=good))
        items.extend(_gap_figures(one, topic, body, y, style, under=under))
    return page(words, sheet, items)


def _check(effects: Sequence[Effect]) -> None:
    loose = [one.label for one in effects if not all(map(math.isfinite, (one.effect, one.lower, one.upper)))]
    if loose or not effects:
        fault = f"without limits: {', '.join(loose)}" if loose else "none was given"
        raise MapError("effects cannot be drawn", [fault])


def _gap_marks(one: Effect, axis: Axis, y: float, *, good: bool) -> list[Item]:
    """Return the dot and its interval; colour and shape say a direction, and are kept for gaps that every choice of neighbours shows."""
    clear = one.finding in CLEAR
    bad = clear and (one.effect > 0) != good
    colour = palettes.DIVERGING_5[0 if bad else -1] if clear else palettes.COAST
    edge = (palettes.PAPER, 0.8)
    return [
        rule(axis.at(one.lower), y, axis.at(one.upper), y, colour=colour, width=2.0, role="interval"),
        mark(axis.at(one.effect), y, 4.0, colour, unfavourable=bad, edge=edge, role="dot", title=one.label),
    ]


def _gap_figures(one: Effect, topic: Topic, body: Box, y: float, style: Style, *, under: bool) -> list[Item]:
    """Return gap, interval, p and numbers of areas: at the right, or ``under`` the dots where there is no room beside them."""
    texts = [topic.bare_amount(number) for number in (one.effect, one.lower, one.upper)]
    figure = say("value.interval", figure=texts[0], lower=texts[1], upper=texts[2])
    sizes = say("effects.sizes", members=format_count(one.n), others=counted(one.others))
    said = f"{_largest_p(one.p)}; {sizes}"
    ink, soft = style.ink, style.ink_soft
    if under:
        line = f"{figure}; {said}"
        return [Text(body.x, y + 16, line, style.text - 1, colour=soft, halo=True, role="row-figure")]
    return [
        Text(body.right, y, figure, style.text, anchor="end", colour=ink, role="row-figure"),
        Text(body.right, y + 11, said, style.text - 1, anchor="end", colour=soft, role="row-p"),
    ]


def _found(effects: Sequence[Effect]) -> str:
    """Say which types have a clear gap, and which only by some choices of neighbours."""
    told = [say(f"effects.{one.finding}", kind=in_sentence(one.label)) for one in effects if one.finding in CLEAR]
    unsure = [in_sentence(one.label) for one in effects if one.finding == "depends on the neighbours"]
    if unsure:
        told.append(say("effects.depends", n=len(unsure), kinds=listed_words(unsure)))
    return ", ".join(told) or say("effects.none")


def _compared(joined: Joined, effects: Sequence[Effect]) -> str:
    """Say what the types are compared with: a rule that does not reach a nation leaves its areas out."""
    known = int(captions.valued(joined).notna().sum())
    if all(one.n + one.others == known for one in effects):
        return say("effects.all-others")
    counts = {one.others for one in effects}
    return say("effects.others-counted", n=counts.pop()) if len(counts) == 1 else say("effects.others")


def _largest_p(p: Sequence[float]) -> str:
    """Return ``p up to 0.21``: the largest counts."""
    low, high = p_words(min(p)), p_words(max(p))
    return high if low == high else say("effects.largest-p", p=high)


def _tick_unit(unit: str) -> str:
    """Return the unit that ticks show: percentage points stand in the subtitle, not at every tick."""
    return "" if unit == POINTS else unit
