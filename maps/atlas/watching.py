"""The part of the front page that says what gets worse and what gets better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.outcomes.periods import label
from maps.site import Watched, WatchedRow
from maps.words import Topic, format_difference, listed_names, say
from maps.words.findings.overview import watched_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.change.flags import Flag
    from maps.atlas.whole import Atlas

SHOWN = 20
"""Changes of each list that are shown; the file has all."""


def watched_on(atlas: Atlas) -> Watched:
    """Return what moves beyond the error of two periods, with the number expected to be false; nothing where no outcome is followed."""
    found = atlas.watched
    if found is None:
        return Watched()
    sentences = [
        watched_sentence("worse", found.warnings, found.false_warnings),
        watched_sentence("better", found.progress, found.false_progress),
    ]
    if found.unjudged:
        titles = [Topic.of(atlas.study(one.outcome).joined).heading for one in found.unjudged]
        sentences.append(say("watched.unjudged", outcomes=listed_names(titles)))
    return Watched(tuple(sentences), _rows(atlas, found.warnings), _rows(atlas, found.progress))


def _rows(atlas: Atlas, flags: Sequence[Flag]) -> tuple[WatchedRow, ...]:
    changes = {} if atlas.watched is None else {one.outcome: one for one in atlas.watched.changes}
    own = [flag for flag in flags if not flag.common]
    rows = []
    for flag in own[:SHOWN]:
        topic, change = Topic.of(atlas.study(flag.outcome).joined), changes[flag.outcome]
        amount = format_difference(flag.change, change.unit, decimals=topic.decimals)
        lower, upper = (topic.bare_amount(value) for value in (flag.lower, flag.upper))
        by = say("watched.by", amount=amount, lower=lower, upper=upper)
        told = say("watched.against", by=by) if change.base == "relative" else by
        rows.append(WatchedRow(flag.name, topic.heading, told, label(flag.since)))
    return tuple(rows)
