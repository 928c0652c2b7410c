"""The ends of an outcome in words; ties are counted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maps.words.lists import counted
from maps.words.phrases import say

if TYPE_CHECKING:
    from maps.findings import EndsFinding, Figure, RangeFinding
    from maps.words.topics import Topic

MOST_TIED = 3
"""Areas that share an end are named up to so many, and else counted."""

MOST_OVERLAPPING = 3
"""Areas that cannot be distinguished from an end are named up to so many, and else counted."""


def range_title(spread: RangeFinding, topic: Topic) -> str:
    """Return the range as a title."""
    if spread.lowest is None or spread.highest is None:
        return say("range.title-none", outcome=topic.heading, whole=counted(len(spread.absent)))
    low, high = (topic.figure(one.value) for one in (spread.lowest, spread.highest))
    if spread.lowest.value == spread.highest.value:
        where = say("range.everywhere") if spread.n > 1 else topic.name(spread.lowest_at[0])
        return say("range.title-same", outcome=topic.heading, figure=low, where=where)
    return say(
        "range.title",
        outcome=topic.heading,
        low=low,
        low_at=_tied(spread.lowest_at, topic),
        high=high,
        high_at=_tied(spread.highest_at, topic),
    )


def range_sentence(spread: RangeFinding, topic: Topic) -> str:
    """Say which areas have the highest and the lowest published figure."""
    total = spread.n + len(spread.absent)
    if spread.lowest is None or spread.highest is None:
        return say("range.none", n=total, whole=counted(total))
    low, high = (with_interval(one, topic) for one in (spread.lowest, spread.highest))
    if spread.n == 1:
        name = topic.name(spread.lowest_at[0])
        return say("range.only" if total > 1 else "range.one", name=name, figure=low)
    if spread.lowest.value == spread.highest.value:
        return say("range.same", figure=low)
    return say(
        "range.sentence",
        high=high,
        high_at=_tied(spread.highest_at, topic),
        low=low,
        low_at=_tied(spread.lowest_at, topic),
    )


def ends_sentence(ends: EndsFinding | None, topic: Topic) -> str:
    """Say which areas, or how many, cannot be distinguished from the highest and from the lowest."""
    if ends is None:
        return ""
    if ends.intervals != "all":
        return say(f"ends.{ends.intervals}")
    return say(
        "ends.sentence",
        high=_end("highest", ends.highest, ends.beside_highest, topic),
        low=_end("lowest", ends.lowest, ends.beside_lowest, topic),
    )


def with_interval(figure: Figure, topic: Topic) -> str:
    """Return ``£700 (£609 to £790)``; without an interval, the figure alone."""
    text = topic.figure(figure.value)
    if not (math.isfinite(figure.lower) and math.isfinite(figure.upper)):
        return text
    return say("value.interval", figure=text, lower=topic.figure(figure.lower), upper=topic.figure(figure.upper))


def _end(end: str, code: str, beside: tuple[str, ...], topic: Topic) -> str:
    name = topic.name(code)
    if not beside:
        return say(f"ends.{end}-apart", name=name)
    few = len(beside) <= MOST_OVERLAPPING
    return say(
        f"ends.{end}-beside", name=name, others=topic.listed(beside) if few else say("count.other-area", n=len(beside))
    )


def _tied(codes: tuple[str, ...], topic: Topic) -> str:
    return topic.listed(codes) if len(codes) <= MOST_TIED else counted(len(codes))
