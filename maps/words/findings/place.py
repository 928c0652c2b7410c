"""One place in words: where it stands on an outcome, how it moved, which cluster it lies in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maps.words.findings.levels import reference_words
from maps.words.findings.moves import bare_move, move_words
from maps.words.lists import sentence
from maps.words.numbers import format_count, format_value
from maps.words.phrases import say

if TYPE_CHECKING:
    from maps.findings.place import Lies, PlaceChange, PlaceLevel
    from maps.words.topics import Topic

ALMOST = 0.99
"""From here on a probability is told as more than this one: draws cannot tell it from certainty."""

TENTH_TOLD = 0.5
"""A place is said to be in the lowest or the highest tenth where that is more likely than not."""


def chance(probability: float) -> str:
    """Return a probability as a reader is told it: whole per cents, never 0 or 100.

    Examples
    --------
    >>> chance(0.834), chance(0.9999), chance(0.0004)
    ('83%', 'more than 99%', 'less than 1%')
    """
    if probability > ALMOST:
        return say("place.more-than", share=format_value(100 * ALMOST, "%", decimals=0))
    if probability < 1 - ALMOST:
        return say("place.less-than", share=format_value(100 * (1 - ALMOST), "%", decimals=0))
    return format_value(100 * probability, "%", decimals=0)


def place_standing(level: PlaceLevel, topic: Topic) -> tuple[str, ...]:
    """Say where a place stands: against the figure, in which band, in which tenth, between which ranks."""
    if not math.isfinite(level.value):
        return ()
    reference = reference_words(level.reference, topic)
    said = [say("place.band", band=level.band)] if level.band else []
    if level.level in {"low", "high"} and math.isfinite(level.p_below):
        sure = level.p_below if level.level == "low" else 1 - level.p_below
        said.append(say(f"place.{level.level}", reference=reference, chance=chance(sure)))
    elif level.level == "not-clear" and math.isfinite(level.p_below):
        said.append(say("place.not-clear", reference=reference, chance=chance(level.p_below)))
    else:
        side = (
            "below" if level.value < level.reference.value else "above" if level.value > level.reference.value else "at"
        )
        said.append(say(f"place.{side}", reference=reference))
    for end, share in (("low", level.p_low_tenth), ("high", level.p_high_tenth)):
        if math.isfinite(share) and share >= TENTH_TOLD:
            said.append(say(f"place.{end}-tenth", chance=chance(share)))
    if math.isfinite(level.rank_lower) and math.isfinite(level.rank_upper):
        ranks = {"first": format_count(round(level.rank_lower)), "last": format_count(round(level.rank_upper))}
        said.append(say("place.ranks", of=format_count(level.n), **ranks))
    return tuple(sentence(line) for line in said)


def place_moved(change: PlaceChange, topic: Topic) -> tuple[str, ...]:
    """Say how a place moved since an earlier period, and whether beyond the error of both; nothing where there is no change."""
    if not change.verdict or not math.isfinite(change.amount):
        return ()
    amount = move_words(change.amount, change.unit, topic)
    if math.isfinite(change.lower):
        ends = {
            "lower": bare_move(change.lower, change.unit, topic),
            "upper": bare_move(change.upper, change.unit, topic),
        }
        amount = say("place.by", amount=amount, **ends)
    line = say(f"place.moved-{change.verdict}", since=change.since, amount=amount)
    return (line, say("place.relative")) if change.relative else (line,)


def place_lies(lies: Lies, cluster: str, areas: int, *, firm: bool) -> str:
    """Say which cluster a place lies in, or that it is unlike its neighbours; "" where neither.

    Parameters
    ----------
    cluster : its name. areas : how many are in it. firm : it is there whichever areas are counted as neighbours.
    """
    if not lies:
        return ""
    if lies in {"low-among-high", "high-among-low"}:
        return say(f"place.{lies}")
    said = say(f"place.cluster-{lies}", n=areas, name=cluster)
    return said if firm else say("place.depends", said=said)
