"""The part of the front page that says what gets worse and what gets better."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.change import power_of, warnings_frame
from boundaries.outcomes.periods import label
from maps.site import Watched, WatchedRow
from maps.words import Topic, difference_unit, format_difference, format_value, listed_names, say
from maps.words.findings.overview import watched_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from analysis.change import WatchList
    from analysis.change.flags import Flag
    from maps.atlas.whole import Atlas

SHOWN = 20
"""Changes of each list that are shown; the file has all."""


def watched_on(atlas: Atlas) -> Watched:
    """Return what moves beyond the error of two periods, with the number expected to be false; nothing where no outcome is followed."""
    return _told(atlas, atlas.watched)


def watched_among(atlas: Atlas, codes: Collection[str]) -> tuple[Watched, pd.DataFrame]:
    """Return the same of some areas alone, a region's or one, for its pack or page; and its rows of ``warnings.csv``.

    Parameters
    ----------
    codes : of the areas. They were compared, and drawn towards the common change, with all areas; flags, the number of them
        expected to be false and what could have been seen are of these.

    Returns
    -------
    What is said, empty where no outcome is followed; and the table, whose columns are those of ``warnings.csv``.
    """
    found = None if atlas.watched is None else atlas.watched.only(set(codes))
    told = _told(atlas, found)
    frame = warnings_frame(()) if found is None else found.to_frame()
    if found is None:
        return told, frame
    return replace(told, sentences=(*told.sentences, *_power(atlas, found, codes))), frame


def _told(atlas: Atlas, found: WatchList | None) -> Watched:
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


def _power(atlas: Atlas, found: WatchList, codes: Collection[str]) -> list[str]:
    """Say how large a change would have been seen in one of five of these areas, outcome by outcome."""
    said = []
    for change in found.changes:
        seen = power_of(change, codes=codes)
        if seen is None:
            continue
        topic = Topic.of(atlas.study(change.outcome).joined)
        if seen.size is None:
            said.append(say("watched.power-none", outcome=topic.heading))
        else:
            size = format_value(seen.size, difference_unit(change.unit), decimals=topic.decimals)
            said.append(say("watched.power", outcome=topic.heading, size=size))
    return said


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
