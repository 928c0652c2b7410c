"""What two builds differ in, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words import say

if TYPE_CHECKING:
    from analysis.comparing import Comparison, Note

PARTS = ("value", "band", "level", "pattern", "verdict", "outcome", "period", "edition", "area")
"""What rows are of, in the order of the page: what a place's own figures say comes before the pattern."""


def comparison_lines(found: Comparison) -> tuple[str, ...]:
    """Say in a few lines what changed."""
    head = say(
        "compared.head",
        old=found.old.folder,
        old_date=found.old.date.isoformat(),
        new=found.new.folder,
        new_date=found.new.date.isoformat(),
    )
    told = [
        say("compared.line", what=say(f"compared.part-{what}"), change=change_words(change), count=number)
        for (what, change), number in found.counts().items()
    ]
    return (head, *(told or [say("compared.same-short")]), *map(note_words, found.notes))


def change_words(change: str) -> str:
    """Return what happened to a row: revised, changed, flipped, added or gone."""
    return say(f"compared.change-{change}")


def note_words(note: Note) -> str:
    """Word one thing a reader should know."""
    if note.what == "versions":
        old, new = note.named
        return say("compared.note-versions", old=old, new=new)
    if note.what == "followed":
        pairs = [
            say("compared.followed", old=old, new=new)
            for old, new in zip(note.named[::2], note.named[1::2], strict=True)
        ]
        return say("compared.note-followed", n=len(pairs), pairs=", ".join(pairs))
    if note.what == "backwards":
        return say("compared.note-backwards")
    return say(f"compared.note-{note.what}", names=", ".join(note.named))
