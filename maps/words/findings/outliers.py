"""Places unlike their neighbours in words, and low places beside hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words.lists import counted, listed_words
from maps.words.phrases import say

if TYPE_CHECKING:
    from maps.findings.outliers import BesideFinding, OutliersFinding
    from maps.words.topics import Topic

MOST = 3
"""Names of each kind in a title."""


def outliers_title(found: OutliersFinding, topic: Topic) -> str:
    """Return how many areas are unlike their neighbours, and which; the unfavourable first."""
    groups = {"high-low": found.high_low, "low-high": found.low_high}
    order = ("high-low", "low-high") if topic.favourable == "low" else ("low-high", "high-low")
    parts = [
        say(f"hubs.{key}", n=len(groups[key]), names=topic.listed(groups[key], most=MOST))
        for key in order
        if groups[key]
    ]
    if not parts:
        return say("hubs.none", outcome=topic.heading, whole=counted(len(found.tested)))
    return say("hubs.title", outcome=topic.heading, parts=listed_words(parts))


def beside_title(found: BesideFinding, first: Topic, second: Topic) -> str:
    """Return how many areas at the poor end of one outcome touch a hub of another."""
    whole = counted(len(found.low))
    return say("hubs.pair-title", n=len(found.beside), whole=whole, **pair_fields(first, second))


def pair_fields(first: Topic, second: Topic) -> dict[str, str]:
    """Return what two outcomes are called where one is poor beside the other that is good, and which end that is of each."""
    return {
        "first": first.noun,
        "second": second.noun,
        "poor": say(f"hubs.end-{first.first}"),
        "good": say(f"hubs.end-{second.ends[1]}"),
    }
