"""What gets worse and what gets better over a whole atlas, for its front page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.findings import watched_changes
from maps.site.watched import watched_told
from maps.words import Topic

if TYPE_CHECKING:
    from maps.atlas.whole import Atlas
    from maps.site import Watched


def watched_on(atlas: Atlas) -> Watched:
    """Return what moves beyond the error of two periods, with the number expected to be false; nothing where no outcome is followed."""
    topics = {study.joined.meta.id: Topic.of(study.joined) for study in atlas.studies}
    return watched_told(watched_changes(atlas.watched), topics)
