"""Kinds of place in words: two numbers for every gap, the one on the map and the one beside places nearby."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from maps.words.lists import counted, counted_of, listed_words, sentence
from maps.words.numbers import difference_unit, format_count, format_value
from maps.words.phrases import say
from maps.words.titles import kind_of_place

if TYPE_CHECKING:
    from maps.findings import KindsFinding, PairFinding, SeriesFinding, ShareFinding, TypeFinding, WidthFinding
    from maps.words.topics import Topic


def kinds_title(kinds: KindsFinding, topic: Topic) -> str:
    """Return how many areas are of each kind, and how many of more than one; of areas in clusters how many of them are."""
    if kinds.direction:
        return _clustered_title(kinds, topic)
    parts = [
        say("kinds.part", count=format_count(len(codes)), kind=kind_of_place(kind))
        for kind, codes in zip(kinds.dimensions, kinds.members, strict=True)
    ]
    title = say("kinds.title", parts=listed_words(parts))
    title = say("kinds.several", n=kinds.several, title=title) if kinds.several else title
    return say("kinds.in-place", place=topic.place, title=title) if topic.place else title


def _clustered_title(kinds: KindsFinding, topic: Topic) -> str:
    """Return how many areas in clusters are of which kinds; kinds that none of them is of are not named."""
    told = [
        say("kinds.part", count=format_count(len(codes)), kind=kind_of_place(kind))
        for kind, codes in zip(kinds.dimensions, kinds.members, strict=True)
        if codes
    ]
    parts = listed_words(told) if told else say("kinds.clustered-none")
    title = say(f"kinds.clustered-{kinds.direction}", outcome=topic.heading, n=len(kinds.among), parts=parts)
    return say("kinds.several", n=kinds.several, title=title) if kinds.several else title


TOLD = {
    "lower-beside-nearby": "beside",
    "higher-beside-nearby": "beside",
    "lower-on-map-only": "map-only",
    "higher-on-map-only": "map-only",
    "no-clear-gap": "no-clear-gap",
}
"""Verdict → its phrase, below ``types``; what is left beside places nearby may go the other way, and is then told apart."""


def type_sentence(found: TypeFinding, topic: Topic, *, another: bool = False) -> str:
    """Say one verdict with its two numbers: the gap on the map, and what of it is left beside places nearby.

    Parameters
    ----------
    another : the kind was spoken of before, by another definition.
    """
    named = kind_of_place(found.dimension)
    kind = sentence(
        say("types.another-definition", kind=named) if another else say("types.plain-definition", kind=named)
    )
    if found.verdict == "not-testable":
        return say("types.not-testable", kind=kind, members=counted(found.members))
    down = found.gap < 0
    largest = max(abs(number) for number in (found.gap, found.beside, found.beside_lower, found.beside_upper))
    amount, bare = partial(topic.amount, largest=largest), partial(topic.bare_amount, largest=largest)
    told = TOLD[found.verdict]
    if (found.beside < 0) != down:
        # what is left goes the other way: it is no part of the gap on the map
        under = found.beside < 0
        ends = (-found.beside_upper, -found.beside_lower) if under else (found.beside_lower, found.beside_upper)
        return say(
            f"types.{told}-apart",
            kind=kind,
            gap=say("types.lower" if down else "types.higher", amount=amount(abs(found.gap))),
            noun=topic.noun,
            beside=say("types.lower" if under else "types.higher", amount=amount(abs(found.beside))),
            lower=bare(ends[0]),
            upper=bare(ends[1]),
        )
    # what is left beside places nearby is told in the direction of the gap: of £59 lower, £16 (−£2 to £34)
    limits = (-found.beside_upper, -found.beside_lower) if down else (found.beside_lower, found.beside_upper)
    return say(
        f"types.{told}",
        kind=kind,
        gap=say("types.lower" if down else "types.higher", amount=amount(abs(found.gap))),
        noun=topic.noun,
        beside=amount(-found.beside if down else found.beside),
        lower=bare(limits[0]),
        upper=bare(limits[1]),
    )


def pair_title(pair: PairFinding, first: Topic, second: Topic) -> str:
    """Return how many areas are in the unfavourable third of both outcomes."""
    some = sentence(counted_of(len(pair.both), len(pair.known)))
    return say(
        "pair.title",
        n=len(pair.both),
        some=some,
        first=say(f"pair.{pair.first_end}", noun=first.noun),
        second=say(f"pair.{pair.second_end}", noun=second.noun),
    )


def share_title(share: ShareFinding, topic: Topic) -> str:
    """Return what share the largest areas hold; of few areas, who has most."""
    most, name = topic.figure(share.most), topic.name(share.largest[0])
    if share.n == 1:
        return say("range.title-same", outcome=topic.heading, figure=most, where=name)
    if share.same:
        return say("range.title-same", outcome=topic.heading, figure=most, where=say("range.everywhere"))
    if not math.isfinite(share.share):
        return say("share.most", outcome=topic.heading, name=name, figure=most)
    return say(
        "share.title",
        outcome=topic.heading,
        largest=counted(len(share.largest)),
        share=format_value(100 * share.share, "%", decimals=0),
    )


def series_title(series: SeriesFinding, topic: Topic) -> str:
    """Return how the median area moved between the first and the last period, or where several outcomes are lowest."""
    if series.outcomes > 1:
        names = listed_words(list(dict.fromkeys(topic.name(code) for code in series.lowest)))
        return say("series.outcomes", outcomes=sentence(say("count.outcome", n=series.outcomes)), names=names)
    first, last = topic.figure(series.median_first), topic.figure(series.median_last)
    # figures that print alike did not move, whatever lies behind their decimals
    if first == last:
        return say("series.stayed", outcome=topic.heading, figure=first, first=series.first, last=series.last)
    key = "series.rose" if series.median_last > series.median_first else "series.fell"
    return say(key, outcome=topic.heading, low=first, high=last, first=series.first, last=series.last)


def width_title(width: WidthFinding, topic: Topic) -> str:
    """Return the typical width of an interval, and the greatest."""
    unit = difference_unit(topic.unit)
    typical, widest = (format_value(value, unit, decimals=topic.decimals) for value in (width.typical, width.widest))
    return say(
        "width.title",
        outcome=topic.heading,
        typical=typical,
        widest=widest,
        names=topic.listed(width.widest_at, most=3),
    )
