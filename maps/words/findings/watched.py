"""What gets worse and what gets better, in words: counts with the number expected to be false, areas by name, what could be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from analysis.change.power import ONE_IN_FIVE
from boundaries.outcomes.periods import label
from maps.words.findings.moves import FEW, RARE, bare_move, move_size, move_words
from maps.words.lists import listed_names, sentence
from maps.words.numbers import format_count, format_number
from maps.words.phrases import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.change.flags import Flag
    from maps.findings.watched import Compared, WatchedChanges
    from maps.words.topics import Topic

NAMED = 4
"""Figures of each list that a summary names before it counts the rest."""

SURE = 0.995
"""A probability from here on is said to be above 0.99: nothing is certain."""


def watched_sentences(found: WatchedChanges, topics: Mapping[str, Topic]) -> tuple[str, ...]:
    """Return how many figures get worse and better, how many of them are expected to be false, and what is not judged."""
    if not found:
        return ()
    said = [watched_sentence("worse", found.worse), watched_sentence("better", found.better)]
    if found.unjudged:
        titles = [topics[outcome].heading for outcome in found.unjudged]
        said.append(say("watched.unjudged", outcomes=listed_names(titles)))
    return tuple(said)


def watched_sentence(direction: Literal["worse", "better"], flags: Sequence[Flag]) -> str:
    """Return how many changes of how many areas are beyond error, how many moved with all, and how many are expected to be false."""
    if not flags:
        return say(f"watched.none-{direction}")
    own = [flag for flag in flags if not flag.common]
    areas = say("count.area", n=len({flag.code for flag in own}))
    said = [say(f"watched.{direction}", n=len(own), areas=areas)]
    if common := len(flags) - len(own):
        said.append(say("watched.common", n=common))
    said.append(false_words(sum(1 - flag.p for flag in flags), len(flags)))
    return " ".join(said)


def false_words(expected: float, n: int) -> str:
    """Return how many of some figures are expected to be false; of one, with which probability."""
    if expected < (RARE if n == 1 else FEW):
        return say("watched.false-few", n=n)
    return say("watched.false", expected=format_number(expected, decimals=2 if n == 1 else 1), n=n)


def named_sentences(found: WatchedChanges, topics: Mapping[str, Topic]) -> tuple[str, ...]:
    """Return the most pressing figures of each list by name, a sentence a list; none where nothing moved."""
    bases = {one.outcome: one for one in found.compared}
    said = []
    for direction, flags in (("worse", found.worse), ("better", found.better)):
        own = [flag for flag in flags if not flag.common]
        named = [
            say(
                "watched.named",
                area=topics[flag.outcome].name(flag.code),
                outcome=topics[flag.outcome].noun,
                amount=_of_what(
                    move_words(flag.change, bases[flag.outcome].unit, topics[flag.outcome]), bases[flag.outcome]
                ),
                since=label(flag.since),
            )
            for flag in own[:NAMED]
        ]
        if named:
            more = [say("watched.rest", more=format_count(len(own) - NAMED))] if len(own) > NAMED else []
            said.append(say(f"watched.named-{direction}", names="; ".join([*named, *more])))
    return tuple(said)


def power_sentences(found: WatchedChanges, topics: Mapping[str, Topic], *, one: bool = False) -> tuple[str, ...]:
    """Return how large a change would have been seen in one of five of the areas, outcome by outcome.

    Parameters
    ----------
    one : a single area is spoken of.
    """
    said = []
    for each in found.compared:
        if each.thresholds is None or not each.thresholds.codes:
            continue
        topic, size = topics[each.outcome], each.thresholds.size(ONE_IN_FIVE)
        if size is None:
            said.append(say("watched.power-none", outcome=topic.heading))
            continue
        amount = move_size(size, each.unit, topic)
        said.append(say("watched.power-one" if one else "watched.power", outcome=topic.heading, size=amount))
    return tuple(said)


def change_words(flag: Flag, compared: Compared, topic: Topic) -> str:
    """Return the change of a flag with its interval; and against what, where what happened everywhere cannot show."""
    amount = move_words(flag.change, compared.unit, topic)
    lower, upper = (bare_move(value, compared.unit, topic) for value in (flag.lower, flag.upper))
    return _of_what(say("watched.by", amount=amount, lower=lower, upper=upper), compared)


def _of_what(by: str, compared: Compared) -> str:
    """Return a change with what it is measured against: money against the national figure, scores against the other areas."""
    if compared.against == "national":
        return say("watched.national", by=by)
    return say("watched.against", by=by) if compared.base == "relative" else by


def sure_words(p: float) -> str:
    """Return a probability of a flag; one that rounds to 1 is said to be above 0.99."""
    return say("watched.sure") if p >= SURE else f"{p:.2f}"


def row_words(flag: Flag) -> str:
    """Return over how many periods in a row the published figure moved this way; "" where over one."""
    return format_count(flag.in_a_row) if flag.in_a_row > 1 else ""


def now_words(flag: Flag) -> str:
    """Return where the area of a flag stands now; "" where nobody judged it."""
    side = _SIDES.get(flag.level)
    return "" if side is None else sentence(say(f"summary.side-{side}"))


_SIDES = {"low": "low", "high": "high", "not-clear": "unclear", "error-unknown": "unknown", "no-data": "no-data"}
