"""A map of contiguous groups with their names: who belongs together, and what the places are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maps.findings import clusters_of
from maps.kinds import captions
from maps.kinds.lisa import spec_classes
from maps.look import palettes
from maps.spec import MapSpec, Outline
from maps.words import Topic, counted, say
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.clusters import Cluster
    from analysis.significance import LocalResult
    from boundaries.joined import Joined
    from maps.findings import ClustersFinding, Group
    from maps.findings.pattern import Statistic

MOST_NAMED = 8
"""More names than this crowd a page; the largest groups are named, all are outlined."""

MOST_LISTED = 5
"""Rows of each small table."""


def spec_clusters(
    joined: Joined,
    result: LocalResult,
    clusters: Sequence[Cluster],
    *,
    statistic: Statistic = "moran",
    firm: Collection[str] | None = None,
) -> MapSpec:
    """Describe a map of classes with every group outlined and the largest named.

    Groups of two areas or more are the clusters that the title counts; areas by themselves are told apart from them.
    ``firm`` as for ``spec_classes``.
    """
    topic = Topic.of(joined)
    base = spec_classes(joined, result, statistic=statistic, firm=firm)
    finding = clusters_of(clusters, int(captions.valued(joined).notna().sum()))
    named = {one.id for one in finding.groups[:MOST_NAMED]}
    outlines = tuple(
        Outline(one.id, one.name if one.id in named else "", one.codes, palettes.INK)
        for one in sorted(finding.groups, key=lambda one: one.id)
    )
    title = finding_title(finding, topic)
    return replace(
        base,
        id=f"{joined.meta.id}/labels",
        kind="labels",
        title=title,
        outlines=outlines,
        tables=_tables(finding, topic),
        notes=base.notes[1:],
        finding=finding,
        alt=say("clusters.alt", title=title),
        description=" ".join([base.description, *(_described(one, topic) for one in finding.groups)]),
    )


def _tables(finding: ClustersFinding, topic: Topic) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the largest clusters of each end with their mean, the unfavourable first, then areas by themselves."""
    found = []
    for end in topic.ends:
        groups = [one for one in finding.of(end) if not one.single]
        alone = [one for one in finding.of(end) if one.single]
        rows = [(say("clusters.row", name=one.name, told="".join(_told(one))), one.mean) for one in groups]
        found.append((say(f"clusters.table-{end}", n=len(groups)), rows))
        rows = [(_alone(one), one.mean) for one in alone]
        found.append((say(f"clusters.table-alone-{end}", n=len(alone)), rows))
    return tuple(
        (heading, tuple((words, topic.figure(value)) for words, value in rows[:MOST_LISTED]))
        for heading, rows in found
        if rows
    )


def _told(group: Group) -> list[str]:
    """Return what a table says of a cluster in brackets: its size, its kind of place, members beyond the median."""
    return [
        counted(len(group.codes)),
        say("clusters.mostly", kind=group.mostly) if group.mostly else "",
        say(f"clusters.across-{group.direction}", count=str(group.across_median)) if group.across_median else "",
    ]


def _alone(group: Group) -> str:
    return say(f"clusters.alone-across-{group.direction}", name=group.name) if group.across_median else group.name


def _described(group: Group, topic: Topic) -> str:
    size = say("clusters.single") if group.single else counted(len(group.codes))
    mean = say("clusters.mean", figure=topic.figure(group.mean))
    told = [size, mean, *([group.mostly] if group.mostly else [])]
    return say("clusters.described", name=group.name, told=", ".join(told), across=_told(group)[2])
