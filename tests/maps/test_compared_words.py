"""What two builds differ in, worded from its record."""

from __future__ import annotations

import pytest

from analysis.comparing import Note
from boundaries.register import load_register
from maps.compare.wording import PARTS, change_words, note_words
from maps.words import say


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (Note("versions", ("0.2", "0.1")), "Made by different versions of the program: 0.2 and 0.1."),
        (Note("files", ("pay.csv", "jobs.csv")), "Files of the same name with other bytes: pay.csv, jobs.csv."),
        (Note("backwards"), "The old build is of a later boundary date than the new one."),
        (
            Note("followed", ("E08000016", "E08000038")),
            "1 area has another code and is followed: E08000016 to E08000038.",
        ),
        (Note("followed", ("a", "b", "c", "d")), "2 areas have another code and are followed: a to b, c to d."),
        (Note("editions", ("imd",)), "Another edition of imd: no figure of it is compared."),
    ],
)
def test_notes_in_words(note: Note, said: str) -> None:
    assert note_words(note) == said


def test_every_part_change_and_event_has_words() -> None:
    assert all(say(f"compared.part-{what}") for what in PARTS)
    assert [change_words(change) for change in ("revised", "changed", "flipped", "added", "gone")]
    kinds = {event.kind for event in load_register().events} - {"planned"}
    assert all(say(f"compared.event-{kind}") for kind in kinds)
