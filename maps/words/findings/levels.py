"""Where areas stand, in words: always with the figure that they are compared with, and with how sure that is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from boundaries.vocabulary import nation_words
from maps.words.findings.moves import FEW, RARE
from maps.words.lists import counted, counted_of, sentence
from maps.words.numbers import exact_decimals, format_count, format_number, format_value
from maps.words.phrases import say

if TYPE_CHECKING:
    from maps.findings import DoubtFinding, LevelsFinding, Reference, StandingFinding, Tally
    from maps.words.topics import Topic

MOST_PUBLISHED = 3
"""Digits after the point with which a published figure is quoted at the most."""

MOST_NAMED = 6
"""Areas of the lowest tenth are named up to so many, and else counted."""


def reference_figure(reference: Reference, topic: Topic) -> str:
    """Return the figure: a published one as it was published, one of ours rounded as the outcome's figures are."""
    decimals = topic.decimals
    if reference.kind == "published":
        decimals = exact_decimals(reference.value, topic.unit, most=MOST_PUBLISHED)
    return format_value(reference.value, topic.unit, decimals=decimals)


def reference_words(reference: Reference, topic: Topic) -> str:
    """Return what areas are compared with, inside a sentence: ``the UK figure of £642.50``."""
    figure = reference_figure(reference, topic)
    if reference.kind == "published":
        if reference.nations == "EWSN":
            return say("reference.published-uk", figure=figure)
        return say("reference.published", nations=nation_words(reference.nations), figure=figure)
    if reference.kind == "index":
        return say("reference.zero" if reference.value == 0 else "reference.middle-rank", figure=figure)
    if not reference.weighted_by:
        return say("reference.mean", figure=figure)
    key = "reference.mean-of-medians" if reference.of_medians else "reference.mean-weighted"
    return say(key, figure=figure, by=reference.weighted_by)


def levels_title(levels: LevelsFinding, topic: Topic) -> str:
    """Return the finding as a title: how many areas are below, above, and neither."""
    first, second = topic.ends
    sides = {"low": levels.low, "high": levels.high}
    bare = "-bare" if levels.basis == "value" else ""
    return say(
        "levels.title",
        outcome=topic.heading,
        first=say(
            f"levels.{first}{bare}",
            n=len(sides[first]),
            some=counted_of(len(sides[first]), levels.n),
            **_against(levels, topic),
        ),
        second=say(f"levels.also-{second}{bare}", n=len(sides[second])),
        rest=say(f"levels.rest{bare}", n=len(levels.unclear)),
    )


def doubt_title(doubt: DoubtFinding, topic: Topic) -> str:
    """Return the title of a map of doubt: how many areas cannot be distinguished from the figure."""
    levels = doubt.levels
    some = counted_of(len(levels.unclear), levels.n)
    return say("levels.unclear-title", outcome=topic.heading, some=some, **_against(levels, topic))


def levels_sentences(levels: LevelsFinding, topic: Topic) -> list[str]:
    """Say where areas stand, who is in the lowest tenth, and how many are there by chance or without a known error."""
    if not levels.n:
        return []
    said = [_sides("levels.sentence", levels, topic)]
    said += [
        say(f"levels.{end}-tenth", n=len(codes), names=_named(codes, topic))
        for end, codes in (("lowest", levels.lowest_tenth), ("highest", levels.highest_tenth))
        if codes
    ]
    return [*said, *_doubt(levels)]


def levels_sure(levels: LevelsFinding | None, reference: Reference | None, topic: Topic) -> str:
    """Return one line on how sure values are, beside a map of them."""
    if levels is not None and levels.basis != "value":
        unclear = sentence(counted_of(len(levels.unclear), levels.n))
        key = "levels.sure" if levels.unclear else "levels.sure-all"
        told = {"unclear": unclear} if levels.unclear else {}
        return " ".join([say(key, **told, **_against(levels, topic)), *_doubt(levels)])
    said = [say("levels.no-error")]
    if reference is not None:
        said.append(say("levels.compare", reference=reference_words(reference, topic)))
    return " ".join(said)


def standing_sentences(standing: StandingFinding, topic: Topic) -> list[str]:
    """Say how a region stands to the figure, and how its nation and the whole atlas do."""
    here = standing.here
    if not here.n:
        return []
    bare = "-bare" if here.basis == "value" else ""
    end = topic.first
    own = _sides("standing.here", here, topic)
    beside = [
        say("standing.beside", place=nation_words(nations), some=_side(tally, end))
        for nations, tally in ((standing.nation, standing.nation_tally), (standing.whole_nations, standing.whole_tally))
        if tally is not None
    ]
    own_sure = [*_banded(standing), *_surely(standing)]
    if not beside:
        return [own, *own_sure, *_doubt(here)]
    wider = sentence(
        say(
            f"standing.wider-{end}{bare}",
            places=say("list.then", first=beside[0], second=beside[1]) if beside[1:] else beside[0],
        )
    )
    return [own, wider, *own_sure, *_doubt(here)]


def _banded(standing: StandingFinding) -> list[str]:
    """Say how many areas of a region are in the bands of the unfavourable end, beside its nation and the whole."""
    banded = standing.banded
    if banded is None:
        return []
    key = f"{'one' if len(banded.bands) == 1 else 'two'}{'' if banded.end == 'low' else '-high'}"
    named = (
        {"band": banded.bands[0]}
        if len(banded.bands) == 1
        else dict(zip(("first", "second"), banded.bands, strict=True))
    )
    own = say("standing.bands-here", some=_some(banded.own[0]), of=counted(banded.own[1]))
    wider = [
        say(
            "standing.beside",
            place=nation_words(nations),
            some=say("standing.share", some=_some(tally[0]), of=format_count(tally[1])),
        )
        for nations, tally in ((standing.nation, banded.nation), (standing.whole_nations, banded.whole))
        if tally is not None
    ]
    if wider:
        places = say("list.then", first=wider[0], second=wider[1]) if wider[1:] else wider[0]
        own = say("standing.bands-beside", own=own, wider=places)
    return [say("standing.bands", ends=say(f"standing.end-{key}", **named), own=own)]


def _surely(standing: StandingFinding) -> list[str]:
    """Say how sure it is of each area of a region that it is below, or above: the least of the probabilities."""
    sides = (
        ("low", len(standing.here.low), standing.least_low),
        ("high", len(standing.here.high), standing.least_high),
    )
    return [
        say(f"standing.sure-{end}", n=count, p=f"{min(math.floor(100 * least + 1e-9), 99)}%")
        for end, count, least in sides
        if count and math.isfinite(least)
    ]


def _doubt(levels: LevelsFinding) -> list[str]:
    """Say how many of those named may be there by chance, and of how many the error is not known."""
    if levels.basis == "value":
        return [say("levels.no-error")]
    said = []
    if levels.expected_false is not None:
        said += _wrongly(levels.expected_false, len(levels.low) + len(levels.high))
    elif levels.single is not None:
        below, above = (format_count(count) for count in levels.single)
        chance = _about(levels.by_chance)
        said.append(say("levels.corrected", whole=counted(levels.n), below=below, above=above, expected=chance))
    if levels.unknown:
        said.append(say("levels.unknown", n=len(levels.unknown)))
    return said


def _wrongly(expected: float, named: int) -> list[str]:
    """Say how many of those named are expected to be named wrongly; of one, with which probability; nothing where none is."""
    if not named:
        return []
    if expected < (RARE if named == 1 else FEW):
        return [say("levels.expected-false-few", n=named)]
    shown = format_number(expected, decimals=2) if named == 1 else _about(expected)
    return [say("levels.expected-false", n=named, expected=shown)]


def _sides(key: Literal["levels.sentence", "standing.here"], levels: LevelsFinding, topic: Topic) -> str:
    """Count the areas of each side, the unfavourable first, and those of neither."""
    first, second = topic.ends
    sides = {"low": len(levels.low), "high": len(levels.high)}
    bare = "-bare" if levels.basis == "value" else ""
    if alone := next((end for end, count in sides.items() if count == levels.n > 1), ""):
        all_of = "standing.here-all" if key == "standing.here" else "levels.sentence-all"
        whole = say(all_of, whole=counted(levels.n))
        return say(f"levels.all-{alone}{bare}", whole=whole, **_against(levels, topic))
    # of the others the error is not known: they are told apart
    known = key == "standing.here" and bool(levels.unknown) and levels.basis != "value"
    return say(
        "standing.here-known" if known else key,
        whole=counted(levels.n),
        first=say(f"levels.part-{first}{bare}", n=sides[first], **_against(levels, topic)),
        second=say(f"levels.also-{second}{bare}", n=sides[second]),
        rest=say(f"levels.rest{bare}", n=len(levels.unclear)),
    )


def _against(levels: LevelsFinding, topic: Topic) -> dict[str, str]:
    return {"reference": reference_words(levels.reference, topic)}


def _side(tally: Tally, end: str) -> str:
    count = tally.low if end == "low" else tally.high
    return say("standing.share", some=_some(count), of=format_count(tally.n))


def _some(count: int) -> str:
    return format_count(count) if count else say("count.none")


def _named(codes: tuple[str, ...], topic: Topic) -> str:
    return topic.listed(codes) if len(codes) <= MOST_NAMED else counted(len(codes))


def _about(expected: float) -> str:
    return format_number(expected, decimals=0 if expected >= 1 else 1)
