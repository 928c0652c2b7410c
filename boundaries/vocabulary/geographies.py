"""Geographies and kinds of place in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.vocabulary.nations import WHOLES, place_name
from boundaries.vocabulary.phrases import has_phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable


def geography_words(
    geography: str, *, count: int = 2, nations: Iterable[str] = (), named: bool = True, language: str = ""
) -> str:
    """Return what the areas of a geography are called.

    Parameters
    ----------
    geography : LAD, UTLA, RGN, CTRY, CAUTH, ITL1 to ITL3, the id of areas of a publisher or of the user, or "" for none. A
        scenario's set (``LAD+surrey-2027``) is called like the geography it changes.
    count : 1 for one area.
    nations : initials of the nations the areas lie in; of one nation alone, that nation's own word: principal areas of Wales,
        council areas of Scotland.
    named : whether areas of the user's own are told by their id ("areas of mine"), or are areas and no more.

    Examples
    --------
    >>> geography_words("LAD"), geography_words("LAD", nations="W"), geography_words("CAUTH", count=1)
    ('local authority districts', 'principal areas', 'combined authority')
    >>> geography_words("mine"), geography_words("mine", named=False)
    ('areas of mine', 'areas')
    """
    form = "one" if count == 1 else "many"
    base = geography.partition("+")[0]
    if not base:
        return phrase("geography.none", form, language=language)
    alone = f"geography.{base}.{next(iter(only))}" if len(only := set(nations)) == 1 else ""
    for key in (alone, f"geography.{base}"):
        if has_phrase(key, form, language=language):
            return phrase(key, form, language=language)
    if not named:
        return phrase("geography.bare", form, language=language)
    return phrase("geography.own", form, language=language, name=geography)


def kind_words(kind: str, *, count: int = 1, language: str = "") -> str:
    """Return a kind of place of the Register of Geographic Codes, one or several.

    Examples
    --------
    >>> kind_words("county", count=2), kind_words("part of London", count=3), kind_words("K02000001", count=2)
    ('counties', 'parts of London', 'United Kingdom')
    """
    if kind in WHOLES:
        return place_name(kind, "name", language=language)
    return phrase(f"kind.{kind}", "one" if count == 1 else "many", language=language)
