"""What the front page says in a few words: an outcome in four cells, a claim with its verdicts, kinds of place in clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words.findings.levels import reference_words
from maps.words.lists import listed_words, sentence
from maps.words.numbers import format_count
from maps.words.phrases import say
from maps.words.titles import kind_of_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from maps.findings import ChangeFinding, LevelsFinding, PatternFinding, TypeFinding
    from maps.findings.claimed import ClaimedKind
    from maps.words.topics import Topic


def levels_cell(levels: LevelsFinding, topic: Topic, bands: Mapping[str, int]) -> tuple[str, ...]:
    """Return how many areas are below and above, against what; and, of bands, how many areas are in the lowest of them.

    Parameters
    ----------
    bands : label → number of areas, of the bands at the unfavourable end; empty where there are none.
    """
    lines = [_against(levels, topic)]
    if levels.unclear and levels.basis != "value":
        lines.append(say("overview.unclear", n=len(levels.unclear)))
    if bands:
        parts = [say("overview.band", n=count, band=band) for band, count in bands.items()]
        lines.insert(0, sentence(listed_words(parts)))
    if levels.basis == "value":
        lines.append(say("overview.no-error"))
    return tuple(sentence(line) for line in lines)


def region_stands(levels: LevelsFinding, topic: Topic) -> str:
    """Return how many areas of a region are below and above, in one line that names the outcome; "" where none has a figure."""
    return say("region.stands", outcome=topic.heading, stands=_against(levels, topic)) if levels.n else ""


def _against(levels: LevelsFinding, topic: Topic) -> str:
    members = {"low": levels.low, "high": levels.high}
    bare = "-bare" if levels.basis == "value" else ""
    first, second = (say(f"levels.also-{end}{bare}", n=len(members[end])) for end in topic.ends)
    return say("overview.levels", first=first, second=second, reference=reference_words(levels.reference, topic))


def change_cell(change: ChangeFinding | None) -> tuple[str, ...]:
    """Return how many areas rose and fell since when; nothing where no two periods were compared."""
    if change is None:
        return ()
    against = change.against
    if change.clear and not change.rose and not change.fell:
        return (say(f"overview.still-{change.base}" if against else "overview.still", since=change.since),)
    how = change.base if against else "clear" if change.clear else "bare"
    rose, fell = (format_count(len(codes)) if codes else say("count.none") for codes in (change.rose, change.fell))
    return (sentence(say(f"overview.change-{how}", rose=rose, fell=fell, since=change.since)),)


def kinds_cell(types: Iterable[TypeFinding]) -> tuple[str, ...]:
    """Return a line a kind of place: its verdict, or its verdicts where definitions disagree."""
    by_kind: dict[str, list[str]] = {}
    for one in types:
        by_kind.setdefault(one.dimension, []).append(say(f"overview.verdict-{one.verdict}"))
    return tuple(
        say("overview.kind", kind=sentence(kind_of_place(kind)), verdict=verdicts[0])
        if len(verdicts) == 1
        else say("overview.kind-differs", kind=sentence(kind_of_place(kind)), verdicts=_either(verdicts))
        for kind, verdicts in by_kind.items()
    )


def _either(verdicts: Sequence[str]) -> str:
    return say("list.or", most=", ".join(verdicts[:-1]), last=verdicts[-1])


def clusters_cell(pattern: PatternFinding, topic: Topic) -> tuple[str, ...]:
    """Return how many areas lie in clusters of each end."""
    members = {"low": pattern.low, "high": pattern.high}
    return tuple(say(f"overview.clusters-{end}", n=len(members[end])) for end in topic.ends)


def over_represented(kinds: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """Return a sentence a kind of place that is in clusters more often than smoothness alone puts it there, or one that none is.

    Parameters
    ----------
    kinds : outcome, direction (low, high) and kind of place.
    """
    if not kinds:
        return (say("mixing.none"),)
    return tuple(
        say(f"mixing.over-{direction}", outcome=sentence(outcome), kind=kind) for outcome, direction, kind in kinds
    )


def claimed_sentence(kind: ClaimedKind) -> str:
    """Return what became of one kind of place of a claim: ``Rural areas: lower beside places nearby in 2 of 4 outcomes; …``."""
    way = say(f"claimed.way-{kind.way}")
    parts, whole = [], say("count.outcome", n=kind.outcomes)
    counts = dict(kind.counts)
    lead = counts.get("beside", 0)
    parts.append(
        say("claimed.beside", n=lead, way=way, whole=whole)
        if lead
        else say("claimed.beside-none", way=way, whole=whole)
    )
    for answer, count in kind.counts:
        if answer in ("beside-some", "map-only"):
            parts.append(say(f"claimed.part-{answer}", n=count, way=way))
        elif answer != "beside":
            parts.append(say(f"claimed.rest-{answer}", n=count))
    return say("claimed.sentence", kind=sentence(kind.dimension), parts="; ".join(parts))
