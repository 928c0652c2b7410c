"""The part of a page that says what gets worse and what gets better, of the whole map or of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.outcomes.periods import label
from maps.site.contents import Watched, WatchedRow
from maps.words import say
from maps.words.findings.watched import (
    change_words,
    now_words,
    power_sentences,
    row_words,
    sure_words,
    watched_sentences,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.change.flags import Flag
    from maps.findings import WatchedChanges
    from maps.words import Topic

SHOWN = 20
"""Changes of each list that are shown; the file has all."""


def watched_told(found: WatchedChanges, topics: Mapping[str, Topic], *, one: bool = False) -> Watched:
    """Return the section in texts, empty where no outcome is followed.

    Parameters
    ----------
    found : of the areas that are spoken of. topics : outcome → what it is called. one : a single area is spoken of.
    """
    if not found:
        return Watched()
    said = watched_sentences(found, topics)
    moved = found.worse or found.better
    return Watched(
        (*said, say("watched.middle")) if moved else said,
        _rows(found.worse, found, topics),
        _rows(found.better, found, topics),
        power_sentences(found, topics, one=one),
    )


def _rows(flags: Sequence[Flag], found: WatchedChanges, topics: Mapping[str, Topic]) -> tuple[WatchedRow, ...]:
    compared = {each.outcome: each for each in found.compared}
    return tuple(
        WatchedRow(
            topics[flag.outcome].name(flag.code),
            topics[flag.outcome].heading,
            change_words(flag, compared[flag.outcome], topics[flag.outcome]),
            label(flag.since),
            sure_words(flag.p),
            row_words(flag),
            now_words(flag),
        )
        for flag in [flag for flag in flags if not flag.common][:SHOWN]
    )
