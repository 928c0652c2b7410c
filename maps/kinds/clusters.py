"""A map of contiguous groups with their names: who belongs together, and what the places are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maps import palettes
from maps.kinds import parts
from maps.kinds.classes import Statistic, spec_classes
from maps.spec import MapSpec, Outline
from maps.words import counted, format_count, format_value, in_sentence, listed_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.clusters import Cluster
    from analysis.significance import LocalResult
    from boundaries.joined import Joined

MOST_NAMED = 8
"""More names than this crowd a page; the largest are named, all are outlined."""

SMALLEST_NAMED = 2


def spec_clusters(
    joined: Joined, result: LocalResult, clusters: Sequence[Cluster], *, statistic: Statistic = "moran"
) -> MapSpec:
    """Describe a map of classes with every cluster outlined and the largest named."""
    base = spec_classes(joined, result, statistic=statistic)
    ranked = sorted(clusters, key=lambda one: (-len(one.codes), one.id))
    named = {one.id for one in ranked if len(one.codes) >= SMALLEST_NAMED}
    named &= {one.id for one in ranked[:MOST_NAMED]}
    outlines = tuple(
        Outline(one.id, _short(one) if one.id in named else "", one.codes, palettes.INK)
        for one in sorted(ranked, key=lambda one: one.id)
    )
    title = _title(joined, clusters)
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


def _title(joined: Joined, clusters: Sequence[Cluster]) -> str:
    noun = in_sentence(joined.meta.title)
    first, second = ("high", "low") if joined.meta.favourable == "low" else ("low", "high")
    tested = int(parts.valued(joined).notna().sum())
    bad = [one for one in clusters if one.direction == first]
    good = [one for one in clusters if one.direction == second]
    if not bad and not good:
        return f"No cluster of low or high {noun} stands out among {format_count(tested)} areas"
    if not bad:
        return f"No cluster of {first} {noun}; {counted(len(good), 'cluster')} of {second} {noun}"
    top = min(bad, key=lambda one: (-len(one.codes), one.id))
    where, size = listed_words([parts.short_name(name) for name in top.names[:2]]), counted(len(top.codes), "area")
    if len(top.codes) == 1 and len(bad) > 1:
        alone = listed_words([parts.short_name(one.names[0]) for one in bad[:3]])
        more = f" and {len(bad) - 3} more" if len(bad) > 3 else ""
        return f"{format_count(len(bad))} areas of {first} {noun} stand out, none beside another: {alone}{more}"
    if len(bad) == 1:
        return f"One cluster of {first} {noun}: {size} round {where}"
    return f"{format_count(len(bad))} clusters of {first} {noun}; the largest, round {where}, has {size}"


def _tables(ranked: Sequence[Cluster], joined: Joined) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the largest clusters of each direction, the unfavourable first, with their mean."""
    order = ("high", "low") if joined.meta.favourable == "low" else ("low", "high")
    found = []
    for direction in order:
        chosen = [one for one in ranked if one.direction == direction][:5]
        rows = tuple(
            (f"{_short(one)} ({counted(len(one.codes), 'area')})", format_value(one.mean_value, joined.meta.unit))
            for one in chosen
        )
        if rows:
            found.append((f"Largest {direction} clusters, and their mean", rows))
    return tuple(found)


def _short(cluster: Cluster) -> str:
    """Return a cluster's name with its councils' names as people say them."""
    name = cluster.name
    for member in cluster.names[:2]:
        name = name.replace(member, parts.short_name(member))
    return name


def _described(cluster: Cluster, joined: Joined) -> str:
    unit = joined.meta.unit
    return f"{_short(cluster)}: {counted(len(cluster.codes), 'area')}, mean {format_value(cluster.mean_value, unit)}, {cluster.dominant_type}."
