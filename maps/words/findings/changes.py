"""Change between two periods in words: beyond the error of both, or not clear."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maps.words.findings.moves import false_words
from maps.words.lists import counted, counted_of, sentence
from maps.words.numbers import format_count
from maps.words.phrases import say

if TYPE_CHECKING:
    from maps.findings import ChangeFinding
    from maps.words.topics import Topic


def change_title(change: ChangeFinding, topic: Topic) -> str:
    """Return how many areas rose and fell; against the median area, who gained and lost most."""
    outcome, since = topic.heading, change.since
    rose, fell, same = len(change.rose), len(change.fell), len(change.unclear)
    if change.against and not change.clear:
        return say(f"change.title-{change.base}", outcome=outcome, since=since)
    if change.clear and not rose and not fell:
        key = f"change.still-{change.base}" if change.against else "change.still"
        return say(key, outcome=outcome, since=since, whole=counted(same))
    if change.clear:
        key = f"change.against-{change.base}" if change.against else "change.title-clear"
        title = say(key, outcome=outcome, since=since, rose=counted_of(rose, change.n), fell=_some(fell))
        if not same:
            return title
        return say("change.and-within" if change.against else "change.and-unclear", title=title, unclear=_some(same))
    return say("change.bare", title=_bare(change, outcome))


def _bare(change: ChangeFinding, outcome: str) -> str:
    """Return how many areas rose and fell by the published figures alone."""
    rose, fell, same, since = len(change.rose), len(change.fell), len(change.unclear), change.since
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
        return say("change.sure-none")
    same = len(change.unclear)
    said = [
        say("change.sure-clear", unclear=sentence(counted_of(same, change.n))) if same else say("change.sure-all-clear")
    ]
    named = len(change.rose) + len(change.fell)
    if named and math.isfinite(change.false):
        said.append(false_words(change.false, named))
    if change.unknown:
        said.append(say("change.unknown", n=len(change.unknown)))
    return " ".join(said)


def _some(count: int) -> str:
    return format_count(count) if count else say("count.none")
