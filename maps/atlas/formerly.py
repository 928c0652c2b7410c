"""What a place was before, in sentences: what it was made of, and what it was called."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from boundaries.register import load_register, predecessors, spells_of
from maps.words import format_date, listed_names, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from boundaries.register import Event


def formerly(code: str, date: dt.date) -> Iterator[str]:
    """Yield a sentence for each thing that happened to an area up to a date; none for an area that the register does not know.

    Parameters
    ----------
    code : of the area. date : of the boundaries; what happened later is not told.
    """
    register = load_register()
    if code not in spells_of(register):
        return
    made: dict[tuple[dt.date, str], list[Event]] = {}
    for event in predecessors(register, code):
        if event.date <= date and not event.partial:
            made.setdefault((event.date, event.kind), []).append(event)
    for (when, kind), events in made.items():
        if kind == "merge":
            names = listed_names(sorted(event.old_name for event in events))
            yield say("place.made-of", names=names, date=format_date(when))
        elif kind == "recode":
            yield say("place.recoded", code=events[0].old_code, date=format_date(when))
    for earlier, later in pairwise(spells_of(register)[code]):
        if later.start <= date:
            yield say("place.called", name=earlier.name, date=format_date(later.start))
