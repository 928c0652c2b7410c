"""Change between two periods in words: beyond the error of both, or not clear."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maps.words.findings.moves import false_words
from maps.words.lists import counted_of, sentence
from maps.words.numbers import format_count
from maps.words.phrases import say

if TYPE_CHECKING:
    from maps.findings import ChangeFinding
    from maps.words.topics import Topic


def change_title(change: ChangeFinding, topic: Topic) -> str:
    """Return how many areas rose and fell; against the median area, who gained and lost most."""
    outcome, since = topic.heading, change.since
    rose, fell, same = len(change.rose), len(change.fell), len(change.unclear)
    if change.base == "relative" and change.clear:
        return say(
            "change.against",
            outcome=outcome,
            since=since,
            rose=counted_of(rose, change.n),
            fell=_some(fell),
            unclear=_some(same),
        )
    if change.base == "relative":
        return say("change.title-relative", outcome=outcome, since=since)
    if change.clear:
        return say(
            "change.title-clear",
            outcome=outcome,
            since=since,
            rose=counted_of(rose, change.n),
            fell=_some(fell),
            unclear=_some(same),
        )
    if not rose or not fell:
        key = "change.title-rose" if rose else "change.title-fell" if fell else "change.title-none"
        return say(key, outcome=outcome, since=since, some=counted_of(rose + fell, change.n))
    title = say("change.title", outcome=outcome, since=since, rose=counted_of(rose, change.n), fell=_some(fell))
    return say("change.and-same", title=title, same=format_count(same)) if same else title


def change_sentence(change: ChangeFinding, topic: Topic) -> str:
    """Return the same as a sentence."""
    return f"{change_title(change, topic)}."


def change_sure(change: ChangeFinding) -> str:
    """Return one line on how sure changes are."""
    if not change.clear:
        return say("change.sure")
    said = [say("change.sure-clear", unclear=sentence(counted_of(len(change.unclear), change.n)))]
    named = len(change.rose) + len(change.fell)
    if named and math.isfinite(change.false):
        said.append(false_words(change.false, named))
    if change.unknown:
        said.append(say("change.unknown", n=len(change.unknown)))
    return " ".join(said)


def _some(count: int) -> str:
    return format_count(count) if count else say("count.none")
