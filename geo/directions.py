"""Marks of direction in texts of strangers: what a text opens, it closes, so that it turns round nothing beside it.

Source: Unicode Standard Annex 9, *Unicode Bidirectional Algorithm*, sections 2.1 to 2.5.
"""

from __future__ import annotations

EMBEDDINGS, END_OF_EMBEDDING = "\u202a\u202b\u202d\u202e", "\u202c"
ISOLATES, END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"


def closed(text: str) -> str:
    r"""Return a text with an end for every embedding, override and isolate that it opens and leaves open.

    Examples
    --------
    >>> closed("Caer"), ascii(closed("\u202eevil")), ascii(closed("\u2067a\u2069 b"))
    ('Caer', "'\\u202eevil\\u202c'", "'\\u2067a\\u2069 b'")
    """
    if text.isascii():
        return text
    ends: list[str] = []
    for letter in text:
        if letter in EMBEDDINGS:
            ends.append(END_OF_EMBEDDING)
        elif letter in ISOLATES:
            ends.append(END_OF_ISOLATE)
        elif letter == END_OF_EMBEDDING and ends[-1:] == [letter]:
            ends.pop()
        elif letter == END_OF_ISOLATE and letter in ends:
            # the end of an isolate ends the embeddings within it, too
            del ends[len(ends) - 1 - ends[::-1].index(letter) :]
    return text + "".join(reversed(ends))
