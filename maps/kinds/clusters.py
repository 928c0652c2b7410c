"""A map of contiguous groups with their names: who belongs together, and what the places are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.clusters import single_areas, true_clusters
from maps import palettes
from maps.kinds import parts
from maps.kinds.classes import ENDS, Statistic, hedge, spec_classes
from maps.spec import MapSpec, Outline
from maps.words import counted, directed, format_count, format_value, listed_words, sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.clusters import Cluster
    from analysis.significance import LocalResult
    from boundaries.joined import Joined

MOST_NAMED = 8
"""More names than this crowd a page; the largest groups are named, all are outlined."""

MOST_LISTED = 5
"""Rows of each small table."""

NAMED_ALONE = 3
"""A title names so many areas that stand out alone before it only counts the rest."""


def spec_clusters(
    joined: Joined,
    result: LocalResult,
    clusters: Sequence[Cluster],
    *,
    statistic: Statistic = "moran",
    settled: Collection[str] = ENDS,
) -> MapSpec:
    """Describe a map of classes with every group outlined and the largest named.

    Groups of two areas or more are the clusters that the title counts; areas that stand out alone are told apart from them.
    ``settled`` as for ``spec_classes``.
    """
    base = spec_classes(joined, result, statistic=statistic)
    ranked = _largest_first(clusters)
    named = {one.id for one in ranked[:MOST_NAMED]}
    outlines = tuple(
        Outline(one.id, one.name if one.id in named else "", one.codes, palettes.INK)
        for one in sorted(ranked, key=lambda one: one.id)
    )
    title = _title(joined, clusters, settled=settled)
    return replace(
        base,
        id=f"{joined.meta.id}/labels",
        kind="labels",
        title=title,
        outlines=outlines,
        tables=_tables(ranked, joined),
        notes=base.notes[1:],
        alt=f"Map of clusters, outlined and named: {title}.",
        description=f"{base.description} {' '.join(_described(one, joined) for one in ranked)}".strip(),
    )


def _title(joined: Joined, clusters: Sequence[Cluster], *, settled: Collection[str]) -> str:
    noun = joined.meta.title
    first, second = ("high", "low") if joined.meta.favourable == "low" else ENDS
    doubt = hedge(first, settled)
    tested = int(parts.valued(joined).notna().sum())
    bad = _largest_first([one for one in clusters if one.direction == first])
    good = _largest_first([one for one in clusters if one.direction == second])
    if not bad and not good:
        return f"No cluster of {directed('low or high', noun)} stands out among {format_count(tested)} areas"
    if not bad:
        return f"No cluster of {directed(first, noun)}; {_counted(good, second, noun)}{hedge(second, settled)}"
    groups = true_clusters(bad)
    if not groups:
        return f"{sentence(_counted(bad, first, noun))}{doubt}: {_named(bad)}"
    alone = single_areas(bad)
    stands = "stands out on its own" if len(alone) == 1 else "stand out on their own"
    rest = f"; {counted(len(alone), 'area')} {stands}{f' ({alone[0].name})' if len(alone) == 1 else ''}"
    apart = rest if alone else ""
    largest, what = groups[0].name, directed(first, noun)
    if len(groups) == 1:
        return f"One cluster of {what}{doubt}: {largest}{apart}"
    return f"{format_count(len(groups))} clusters of {what}{doubt}; the largest is {largest}{apart}"


def _named(groups: Sequence[Cluster]) -> str:
    """Name the first few groups and count the rest."""
    more = len(groups) - NAMED_ALONE
    names = [one.name for one in groups[:NAMED_ALONE]]
    return f"{', '.join(names)} and {more} more" if more > 0 else listed_words(names)


def _counted(groups: Sequence[Cluster], direction: str, noun: str) -> str:
    """Count the clusters of one direction, or, where there is none, the areas that stand out alone."""
    clusters = len(true_clusters(groups))
    if clusters:
        return f"{counted(clusters, 'cluster')} of {directed(direction, noun)}"
    if len(groups) == 1:
        return f"one area of {directed(direction, noun)} stands out alone"
    return f"{counted(len(groups), 'area')} of {directed(direction, noun)} stand out, none beside another"


def _largest_first(groups: Sequence[Cluster]) -> list[Cluster]:
    return sorted(groups, key=lambda one: (-len(one.codes), one.id))


def _tables(ranked: Sequence[Cluster], joined: Joined) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the largest clusters of each direction with their mean, the unfavourable first, then areas that stand out alone."""
    order = ("high", "low") if joined.meta.favourable == "low" else ("low", "high")
    found = []
    for direction in order:
        own = [one for one in ranked if one.direction == direction]
        groups, alone = true_clusters(own), single_areas(own)
        heading = (
            f"{sentence(direction)} cluster, and its mean"
            if len(groups) == 1
            else f"Largest {direction} clusters, and their mean"
        )
        found.append(
            (
                heading,
                [
                    (f"{one.name} ({counted(len(one.codes), 'area')}{_mostly(one)}{_across(one)})", one.mean_value)
                    for one in groups
                ],
            )
        )
        heading = (
            f"{sentence(direction)} area on its own" if len(alone) == 1 else f"{sentence(direction)} areas on their own"
        )
        found.append((heading, [(f"{one.name}{_across(one, ' ({})')}", one.mean_value) for one in alone]))
    return tuple(
        (heading, tuple((words, format_value(value, joined.meta.unit)) for words, value in rows[:MOST_LISTED]))
        for heading, rows in found
        if rows
    )


def _mostly(group: Cluster) -> str:
    """Say the kind of place that at least half of the residents live in; "" where there is none."""
    return "" if group.dominant_type.startswith(("mixed", "no")) else f", mostly {group.dominant_type}"


def _across(group: Cluster, form: str = ", {}") -> str:
    """Say that members lie on the other side of the median; "" where none does."""
    if not group.across_median:
        return ""
    side = "above the median" if group.direction == "low" else "below the median"
    return form.format(side if group.single else f"{len(group.across_median)} {side}")


def _described(group: Cluster, joined: Joined) -> str:
    size = "a single area" if group.single else counted(len(group.codes), "area")
    return f"{group.name}: {size}, mean {format_value(group.mean_value, joined.meta.unit)}, {group.dominant_type}{_across(group)}."
