"""Pattern in words, worded as pattern: areas lie in clusters of low or of high values; that is not a level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.vocabulary import p_words
from maps.words.lists import counted, counted_of, listed_words, sentence
from maps.words.numbers import format_count, format_number
from maps.words.phrases import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.findings import AlikeFinding, ClustersFinding, Group, LargerFinding, PatternFinding, RobustnessFinding
    from maps.words.topics import Topic

NAMED_ALONE = 3
"""A title names so many areas that are alone before it only counts the rest."""


def pattern_title(pattern: PatternFinding, topic: Topic) -> str:
    """Return the finding as a title: how many areas lie in clusters of the unfavourable end, and of the other."""
    members = {"low": pattern.low, "high": pattern.high}
    first, second = topic.ends
    if pattern.statistic == "gi":
        spots = [say(f"spots.{end}", n=len(members[end])) for end in topic.ends]
        return say("spots.title", outcome=topic.heading, first=spots[0], second=spots[1], whole=counted(pattern.tested))
    if not members[first] and not members[second]:
        return say("pattern.title-none", outcome=topic.heading, whole=counted(pattern.tested))
    if not members[first]:
        some = counted_of(len(members[second]), pattern.tested)
        return say(f"pattern.title-only-{second}", n=len(members[second]), outcome=topic.heading, some=some)
    return say(
        f"pattern.title-{first}",
        n=len(members[first]),
        outcome=topic.heading,
        some=counted_of(len(members[first]), pattern.tested),
        other=_some(len(members[second])),
    )


def pattern_sentences(pattern: PatternFinding, topic: Topic, *, named: bool = False) -> list[str]:
    """Say who lies in clusters, how firmly, and what could not be tested.

    Parameters
    ----------
    named : whether the areas are named, as in a region; else they are counted.
    """
    members = {"low": pattern.low, "high": pattern.high}
    said = []
    if pattern.tested:
        parts = [_part(f"pattern.{end}", members[end], topic, named=named) for end in topic.ends if members[end]]
        if parts:
            said.append(
                say(
                    "pattern.sentence",
                    whole=counted(pattern.tested),
                    parts=say("list.then", first=parts[0], second=parts[1]) if parts[1:] else parts[0],
                )
            )
        else:
            said.append(say("pattern.none", n=pattern.tested))
    said += _firmness(pattern, topic)
    outliers = {"low-among-high": pattern.low_among_high, "high-among-low": pattern.high_among_low}
    if told := [_part(f"pattern.{key}", codes, topic, named=named) for key, codes in outliers.items() if codes]:
        said.append(sentence(say("pattern.outliers", parts=listed_words(told))))
    if pattern.not_testable:
        said.append(say("pattern.not-testable", n=len(pattern.not_testable), names=topic.listed(pattern.not_testable)))
    return said


def robustness_title(robust: RobustnessFinding, topic: Topic) -> str:
    """Return how many areas are in clusters however neighbours are counted, and how many only by some ways."""
    depends = len(robust.probable) + len(robust.contested)
    if not robust.core and not depends:
        return say(f"robustness.nothing-{robust.end}", outcome=topic.heading)
    if not robust.core:
        return say(f"robustness.none-{robust.end}", outcome=topic.heading, some=say("count.area", n=depends))
    some = counted_of(len(robust.core), robust.tested)
    title = say(f"robustness.core-{robust.end}", n=len(robust.core), outcome=topic.heading, some=some)
    return say("robustness.more", title=title, more=format_count(depends)) if depends else title


def larger_title(found: LargerFinding, topic: Topic) -> str:
    """Return how many areas are in clusters on every scale tried, and for how many it depends on the scale."""
    depends = len(found.own) + len(found.larger)
    if not found.every and not depends:
        return say(f"larger.nothing-{found.end}", outcome=topic.heading)
    if not found.every:
        return say(f"larger.none-{found.end}", outcome=topic.heading, some=say("count.area", n=depends))
    some = counted_of(len(found.every), found.tested)
    title = say(f"larger.every-{found.end}", n=len(found.every), outcome=topic.heading, some=some)
    return say("larger.more", title=title, more=format_count(depends)) if depends else title


def clusters_title(clusters: ClustersFinding, topic: Topic) -> str:
    """Return the title of a map of named groups: clusters are counted, areas alone apart from them."""
    first, second = topic.ends
    bad, good = clusters.of(first), clusters.of(second)
    outcome = topic.heading
    if not bad and not good:
        return say("clusters.none", outcome=outcome, whole=counted(clusters.tested))
    if not bad:
        return say(f"clusters.none-{first}", outcome=outcome, other=_groups(good, second))
    groups, alone = [one for one in bad if not one.single], [one for one in bad if one.single]
    if not groups:
        return say("clusters.alone", outcome=outcome, some=_groups(bad, first), names=_names(bad))
    largest = groups[0].name
    if len(groups) == 1:
        title = say(f"clusters.one-{first}", outcome=outcome, name=largest)
    else:
        title = say(f"clusters.many-{first}", outcome=outcome, count=format_count(len(groups)), name=largest)
    if not alone:
        return title
    if len(alone) == 1:
        return say("clusters.and-one-alone", title=title, name=alone[0].name)
    return say("clusters.and-alone", title=title, count=format_count(len(alone)))


def alike_sentence(alike: AlikeFinding) -> str:
    """Say in plain words whether neighbours are more alike than chance would make them."""
    return say(f"alike.{_alike(alike)}")


def alike_title(alike: AlikeFinding, topic: Topic) -> str:
    """Return the same as a title, with the figures that a statistician looks for."""
    return say(
        "alike.title", outcome=topic.heading, found=say(f"alike.short-{_alike(alike)}"), figures=alike_details(alike)
    )


def alike_details(alike: AlikeFinding) -> str:
    """Return the figures behind it: ``Moran's I 0.54, p < 0.001, 354 areas``."""
    statistic = format_number(alike.statistic, decimals=2)
    return say("alike.details", statistic=statistic, p=p_words(alike.p), whole=counted(alike.n))


def _alike(alike: AlikeFinding) -> str:
    how = "more" if alike.statistic > alike.expectation else "less"
    return how if alike.p < alike.alpha else f"unclear-{how}"


def _part(key: str, codes: Sequence[str], topic: Topic, *, named: bool) -> str:
    part = say(key, n=len(codes))
    return say("pattern.named", part=part, names=topic.listed(codes)) if named else part


def _firmness(pattern: PatternFinding, topic: Topic) -> list[str]:
    """Say how many of those in clusters are there under every choice of neighbours: of both ends, or of each."""
    if pattern.low and pattern.high and set(pattern.firm or ()) >= {*pattern.low, *pattern.high}:
        return [say("pattern.firm-all")]
    return [firm for end in topic.ends if (firm := _firm(pattern, end))]


def _firm(pattern: PatternFinding, end: str) -> str:
    codes = pattern.low if end == "low" else pattern.high
    firm = pattern.firm_of(codes)
    if firm is None or not codes:
        return ""
    if firm == len(codes):
        return say(f"pattern.firm-all-{end}", n=firm)
    return say(f"pattern.unsure-{end}") if len(codes) == 1 else say(f"pattern.firm-{end}", n=firm)


def _groups(groups: Sequence[Group], end: str) -> str:
    """Count the clusters of one end, or, where there is none, the areas that are alone."""
    clusters = sum(not one.single for one in groups)
    return say(f"clusters.count-{end}", n=clusters) if clusters else say(f"clusters.count-alone-{end}", n=len(groups))


def _names(groups: Sequence[Group]) -> str:
    """Name the first few groups and count the rest."""
    more = len(groups) - NAMED_ALONE
    names = [one.name for one in groups[:NAMED_ALONE]]
    if more > 0:
        return say("list.and", most=", ".join(names), last=say("list.more", more=format_count(more)))
    return listed_words(names)


def _some(count: int) -> str:
    return format_count(count) if count else say("count.none")
