"""What the front page of an atlas says before it goes outcome by outcome: from records, in the order of the four answers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.claims import read_claim
from analysis.typology.membership import dimensions_of
from boundaries.vocabulary import share_words
from maps.atlas.columns import worst_bands
from maps.atlas.watching import watched_on
from maps.findings import outcome_findings
from maps.findings.claimed import claimed_kinds
from maps.site import MixingRow, Overview, OverviewRow
from maps.words import Topic, kind_of_place, listed_names, say, sentence
from maps.words.findings import finding_title
from maps.words.findings.overview import (
    change_cell,
    claimed_sentence,
    clusters_cell,
    kinds_cell,
    levels_cell,
    over_represented,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.study import Study
    from maps.atlas.whole import Atlas
    from maps.findings import OutcomeFindings

SENTENCES = 3
"""As many stand above the search, where no claim is answered."""

OVER = 0.05
"""A kind of place is said to be over-represented in clusters up to this q."""

SEVERAL = 2
"""Places are named that are low on so many outcomes or more."""

NAMED = 12
"""Of places low on several outcomes so many are named, and the rest counted."""


def overview_of(atlas: Atlas) -> Overview:
    """Return what the front page says first: what matters most, a row an outcome, clusters against kinds, places low on several."""
    return Overview(
        sentences=_claimed(atlas) if atlas.config.claim else _lead(atlas),
        claim=atlas.config.claim,
        rows=tuple(_row(atlas, study) for study in atlas.studies),
        mixing=over_represented(
            [
                (Topic.of(study.joined).heading, one.direction, f"{kind_of_place(one.type)} ({one.definition})")
                for study in atlas.studies
                for one in atlas.kinds_in_clusters[study.joined.meta.id]
                if one.q <= OVER
            ]
        ),
        mixed=tuple(_mixed(atlas)),
        several=tuple(_several(atlas)),
        watched=watched_on(atlas),
    )


def _claimed(atlas: Atlas) -> tuple[str, ...]:
    """Return what the outcomes of an atlas say to its claim, a sentence a kind of place.

    Raises
    ------
    ConfigError
        The claim speaks of no outcome or kind of place of the atlas.
    """
    metas = [study.joined.meta for study in atlas.studies]
    favourable = {meta.id: meta.favourable for meta in metas}
    types = dict.fromkeys(kind for ground in atlas.grounds.values() for kind in dimensions_of(ground.memberships))
    claim = read_claim(
        atlas.config.claim, outcomes={meta.id: meta.title for meta in metas}, favourable=favourable, types=list(types)
    )
    found = [one for study in atlas.studies for one in study.associations]
    return tuple(claimed_sentence(kind) for kind in claimed_kinds(claim, found, favourable))


def _lead(atlas: Atlas) -> tuple[str, ...]:
    """Return a title an outcome; of one outcome alone, its levels, kinds of place and pattern."""
    if len(atlas.studies) > 1:
        return tuple(_titles(study)[0] for study in atlas.studies[:SENTENCES])
    levels, pattern = _titles(atlas.studies[0])
    kinds = kinds_cell(outcome_findings(atlas.studies[0]).types)
    return (levels, *([say("overview.kinds", kinds="; ".join(kinds))] if kinds else []), pattern)


def _titles(study: Study) -> tuple[str, str]:
    found, topic = outcome_findings(study), Topic.of(study.joined)
    levels, pattern = ("" if one is None else f"{finding_title(one, topic)}." for one in (found.levels, found.pattern))
    return levels, pattern


def _row(atlas: Atlas, study: Study) -> OverviewRow:
    found, topic = atlas.findings(study.joined.meta.id), Topic.of(study.joined)
    return OverviewRow(
        id=study.joined.meta.id,
        title=topic.dated,
        levels=() if found.levels is None else levels_cell(found.levels, topic, _low_bands(study)),
        change=change_cell(found.change),
        kinds=kinds_cell(found.types),
        clusters=() if found.pattern is None else clusters_cell(found.pattern, topic),
        order=_order(found, topic),
    )


def _order(found: OutcomeFindings, topic: Topic) -> tuple[int, int, int, int]:
    """Return a number for each answer: how many areas are on the unfavourable side, moved there, differ by kind, cluster there."""
    low = topic.first == "low"
    levels, change, pattern = found.levels, found.change, found.pattern
    return (
        0 if levels is None else len(levels.low if low else levels.high),
        0 if change is None else len(change.fell if low else change.rose),
        sum(one.verdict.endswith("beside-nearby") for one in found.types),
        0 if pattern is None else len(pattern.low if low else pattern.high),
    )


def _low_bands(study: Study) -> dict[str, int]:
    """Return how many areas are in each published or stated band of the unfavourable end; nothing without such bands."""
    counts = study.levels.frame["band"].fillna("").value_counts()
    return {label: int(counts.get(label, 0)) for label in worst_bands(study)}


def _mixed(atlas: Atlas) -> Iterator[MixingRow]:
    for study in atlas.studies:
        topic = Topic.of(study.joined)
        for one in atlas.kinds_in_clusters[study.joined.meta.id]:
            if one.clustered:
                yield MixingRow(
                    topic.heading,
                    say(f"mixing.{one.direction}"),
                    sentence(kind_of_place(one.type)),
                    one.definition,
                    say("mixing.of", members=one.members, clustered=one.clustered),
                    share_words(round(one.overall, 2)),
                    "" if math.isnan(one.expected) else share_words(round(one.expected, 2)),
                    "" if math.isnan(one.q) else f"{one.q:.2f}",
                )


def _several(atlas: Atlas) -> Iterator[str]:
    """Yield, for each geography, the places that are low on the most outcomes, if on several."""
    for geography in atlas.grounds:
        table = atlas.profiles(geography)
        if table is None or not len(table) or table["low_on"].max() < SEVERAL:
            continue
        for low_on in range(int(table["low_on"].max()), SEVERAL - 1, -1):
            if names := table.loc[table["low_on"] == low_on, "name"].tolist():
                named = listed_names(names, most=NAMED)
                yield say("index.low-on", k=low_on, of=int(table["of"].max()), names=named)
