"""Titles, units and directions of outcomes as they stand inside sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words.numbers import POINTS
from maps.words.phrases import say, spoken

if TYPE_CHECKING:
    from boundaries.outcomes.measures import Favourable


def in_sentence(title: str) -> str:
    """Return an outcome's title as it stands inside a sentence: ``Median pay`` → ``median pay``, ``GCSEs`` unchanged.

    Examples
    --------
    >>> in_sentence("Gross median pay"), in_sentence("GCSE results"), in_sentence("UK income")
    ('gross median pay', 'GCSE results', 'UK income')

    A title in capitals throughout is one of the publisher's style, not of names:

    >>> in_sentence("Innovation and Growth"), in_sentence("Earnings in Wales")
    ('innovation and growth', 'earnings in Wales')
    """
    words = title.split(" ")
    weighty = [word for word in words if word not in spoken().rules["small-words"]]
    if len(weighty) > 1 and all(word[:1].isupper() for word in weighty):
        return " ".join(word.lower() if _is_ordinary(word) else word for word in words)
    first, *rest = words
    return " ".join([first.lower() if _is_ordinary(first) else first, *rest])


def denies(title: str) -> bool:
    """Whether an outcome's title is itself a denial: "low no qualifications" says nothing."""
    return in_sentence(title).split(" ")[0] in spoken().rules["denials"]


def noun_of(title: str) -> str:
    """Return an outcome's title as a noun inside a sentence; a title that is itself a denial is quoted.

    Examples
    --------
    >>> noun_of("Median pay"), noun_of("No qualifications")
    ('median pay', '“No qualifications”')
    """
    return say("title.quoted", title=title) if denies(title) else in_sentence(title)


def unit_words(unit: str) -> str:
    """Return a unit as the subtitle says it: ``z`` → ``z-score``; of our own making also percentage points; others as they are."""
    if unit == POINTS:
        return say("unit.points")
    return say("unit.z") if unit == "z" else unit


def direction_words(favourable: Favourable) -> str:
    """Return what a reader must know of the outcome's direction."""
    return say(f"direction.{favourable}")


def _is_ordinary(word: str) -> bool:
    """Whether a word is a capital followed by small letters, and no name."""
    return (
        word[:1].isupper()
        and word[1:] == word[1:].lower()
        and word.replace("-", "")[1:].isalpha()
        and word not in spoken().rules["names"]
    )


def kind_of_place(dimension: str) -> str:
    """Return what a kind of place is called inside a sentence; one of the user's own by its own name.

    Examples
    --------
    >>> kind_of_place("post-industrial"), kind_of_place("ten-places")
    ('post-industrial', 'ten-places')
    """
    built_in = spoken().phrases.get(f"dimension.{dimension}")
    return built_in.forms["other"] if built_in is not None else dimension
