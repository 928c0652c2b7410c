"""What a text turns round, it turns back."""

from __future__ import annotations

import pytest

from boundaries.outcomes.table import OutcomeMeta
from geo.directions import END_OF_EMBEDDING, END_OF_ISOLATE, closed


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Caer", ""),
        ("Ynys M\u00f4n", ""),
        ("\u202eevil", END_OF_EMBEDDING),
        ("\u202eevil\u202c", ""),
        ("\u2067a\u2069 b", ""),
        ("\u2067a \u202eb", END_OF_EMBEDDING + END_OF_ISOLATE),
        ("\u2067a \u202eb\u2069 c", ""),
        ("\u202c\u2069 a", ""),
        ("\u202e\u2068\u202c", END_OF_ISOLATE + END_OF_EMBEDDING),
    ],
)
def test_whatever_is_left_open_is_closed_from_within(text: str, ends: str) -> None:
    assert closed(text) == text + ends
    assert closed(closed(text)) == closed(text)


def test_words_of_a_publisher_are_closed() -> None:
    meta = OutcomeMeta(id="x", title="\u202ePay", measure="mean", unit="\u2067u", favourable="high")
    assert (meta.title, meta.unit) == ("\u202ePay\u202c", "\u2067u\u2069")
