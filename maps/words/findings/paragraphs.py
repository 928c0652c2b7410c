"""One outcome from first to last: levels, change, kinds of place, pattern; as bullets, and as a paragraph to read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words.findings.changes import change_sentence
from maps.words.findings.levels import levels_sentences
from maps.words.findings.pattern import alike_sentence, pattern_sentences
from maps.words.findings.places import type_sentence
from maps.words.findings.spread import range_sentence

if TYPE_CHECKING:
    from maps.findings import OutcomeFindings
    from maps.words.topics import Topic


def answers(found: OutcomeFindings, topic: Topic) -> dict[str, list[str]]:
    """Return the sentences of each answer: levels, change, types, pattern, in this order; empty where there is none."""
    levels = [] if found.levels is None else levels_sentences(found.levels, topic)
    if found.spread is not None:
        levels.insert(min(len(levels), 1), range_sentence(found.spread, topic))
    pattern = [] if found.pattern is None else pattern_sentences(found.pattern, topic)
    if found.alike is not None:
        pattern.insert(0, alike_sentence(found.alike))
    return {
        "levels": levels,
        "change": [] if found.change is None else [change_sentence(found.change, topic)],
        "types": [
            type_sentence(one, topic, another=one.dimension in {before.dimension for before in found.types[:place]})
            for place, one in enumerate(found.types)
        ],
        "pattern": pattern,
    }


def bullets(found: OutcomeFindings, topic: Topic) -> tuple[str, ...]:
    """Return a bullet an answer; kinds of place have one each."""
    lines: list[str] = []
    for answer, said in answers(found, topic).items():
        lines += said if answer == "types" else [" ".join(said)] if said else []
    return tuple(lines)
