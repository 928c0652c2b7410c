"""The four answers for a place, in sentences: levels against nation and whole, change, kinds of place, pattern."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maps.packs.regional import council_level
from maps.words import counted, kind_of_place, listed_words, say, sentence
from maps.words.findings import pattern_sentences, type_sentence
from maps.words.findings.changes import change_sentence
from maps.words.findings.levels import standing_sentences
from maps.words.findings.spread import ends_sentence, range_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.findings import KindsFinding
    from maps.packs.contents import PackOutcome, Region

ANSWERS = ("levels", "change", "types", "pattern")
"""In the order in which they are always said."""

MOST_NEIGHBOURS = 8
"""Neighbours of a council are told with their figures up to so many."""


def region_answers(outcome: PackOutcome, region: Region, kinds: KindsFinding) -> dict[str, list[str]]:
    """Return the sentences of each answer for an outcome that was cut to a place; empty where there is nothing to say.

    Parameters
    ----------
    kinds : who belongs to which kind of place, over the whole map.
    """
    one = len(region.codes) == 1
    return {
        "levels": _council_levels(outcome, region) if one else _levels(outcome),
        "change": _change(outcome, region),
        "types": _types(outcome, region, kinds),
        "pattern": _pattern(outcome, one=one),
    }


def _levels(outcome: PackOutcome) -> list[str]:
    found, topic = outcome.findings, outcome.topic
    if found is None:
        return []
    said = [] if found.standing is None else standing_sentences(found.standing, topic)
    said.append(range_sentence(found.spread, topic))
    bare = found.standing is not None and found.standing.here.basis == "value"
    if (told := ends_sentence(found.ends, topic)) and not bare:
        said.append(told)
    if found.spread.absent and found.spread.n:
        said.append(say("region.absent", names=topic.listed(found.spread.absent)))
    return said


def _council_levels(outcome: PackOutcome, region: Region) -> list[str]:
    """Return the level of a single area, of its nation and the whole, and the figures of the areas beside it."""
    found, topic = outcome.findings, outcome.topic
    said = [f"{council_level(outcome, region.codes[0])}."]
    if found is not None and found.standing is not None and found.standing.here.n:
        # the first sentence counts areas, and there is but one
        said += standing_sentences(found.standing, topic)[1:]
    beside = [
        say("pack.beside-figure", name=topic.name(code), figure=topic.figure(float(outcome.numbers[code])))
        for code in sorted(region.context, key=topic.name)
        if math.isfinite(float(outcome.numbers.get(code, math.nan)))
    ]
    if 0 < len(beside) <= MOST_NEIGHBOURS:
        said.append(say("pack.beside", names=listed_words(beside)))
    return said


def _change(outcome: PackOutcome, region: Region) -> list[str]:
    change = outcome.whole.change if outcome.whole is not None else None
    if change is None:
        return []
    cut = change.within(set(region.codes))
    if not cut.n + len(cut.unknown):
        return []
    if len(region.codes) > 1:
        # who leads against the median is not told of a part: its leaders are those of the whole map; the place is in the heading
        return [change_sentence(cut, outcome.topic.within(""))] if cut.n and (cut.clear or not cut.against) else []
    side = next(side for side in ("rose", "fell", "unclear", "unknown") if getattr(cut, side))
    clear = "clear" if cut.clear else "bare"
    return [say(f"pack.change-{side}-{clear}", outcome=outcome.topic.heading, since=cut.since)]


def kinds_sentence(region: Region, kinds: KindsFinding) -> str:
    """Return how many of a place's areas are of each kind; "" where no kind is known."""
    present = _present(region, kinds)
    if not kinds.dimensions:
        return ""
    if not present:
        return say("pack.kinds-none", n=len(region.codes))
    if len(region.codes) == 1:
        return say("pack.kinds-one", kinds=listed_words([kind_of_place(kind) for kind in present]))
    parts = [say("kinds.part", count=f"{count:,}", kind=kind_of_place(kind)) for kind, count in present.items()]
    return say("pack.kinds", whole=counted(len(region.codes)), parts=listed_words(parts))


def _present(region: Region, kinds: KindsFinding) -> dict[str, int]:
    here = kinds.within(set(region.codes))
    return {kind: len(codes) for kind, codes in zip(here.dimensions, here.members, strict=True) if codes}


def _types(outcome: PackOutcome, region: Region, kinds: KindsFinding) -> list[str]:
    """Return what the whole map shows of the kinds that the place has."""
    present = _present(region, kinds)
    findings = outcome.whole.types if outcome.whole is not None else ()
    first = {one.dimension: one for one in reversed(findings)}
    topic = outcome.topic.within("")
    told = [type_sentence(first[kind], topic) for kind in present if kind in first]
    return [say("pack.over-the-map"), *told] if told else []


def _pattern(outcome: PackOutcome, *, one: bool) -> list[str]:
    pattern = outcome.findings.pattern if outcome.findings is not None else None
    if pattern is None:
        return []
    if not one:
        return pattern_sentences(pattern, outcome.topic, named=True)
    sides = ("low", "high", "low_among_high", "high_among_low", "plain", "not_testable", "no_data")
    side = next(side for side in sides if getattr(pattern, side))
    said = [say(f"pack.pattern-{side.replace('_', '-')}")]
    if side in {"low", "high"} and pattern.firm is not None:
        firm = bool(pattern.firm_of(getattr(pattern, side)))
        said.append(say("pack.pattern-firm" if firm else "pack.pattern-moves"))
    return said


def said_by(answers: dict[str, list[str]]) -> list[tuple[str, Sequence[str], Sequence[str]]]:
    """Return each answer that has something to say: its heading, what is said in one paragraph, and what is listed below it.

    Of every kind of place much is said: that is a list, each kind a point.
    """
    found: list[tuple[str, Sequence[str], Sequence[str]]] = []
    for name in ANSWERS:
        if said := answers[name]:
            listed = said[1:] if name == "types" else []
            found.append((sentence(say(f"pack.answer-{name}")), said[: len(said) - len(listed)], listed))
    return found
