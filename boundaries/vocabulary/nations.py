"""The nations of the United Kingdom, their codes, and the wholes that are exactly some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from boundaries.vocabulary.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WHOLES: Final[Mapping[str, str]] = {
    "K02000001": "EWSN",
    "K03000001": "EWS",
    "K04000001": "EW",
    "E92000001": "E",
    "W92000004": "W",
    "S92000003": "S",
    "N92000002": "N",
}
"""Code of every area that is exactly a set of nations → their initials, in the order they are always listed."""

COUNTRY_CODES: Final[Mapping[str, str]] = {nations: code for code, nations in WHOLES.items() if len(nations) == 1}
"""Initial of a nation → its code."""

NATIONS: Final[Mapping[str, str]] = {
    initial: phrase(f"place.{code}", "name") for initial, code in COUNTRY_CODES.items()
}
"""Initial of a nation → its English name."""

EXTENTS: Final[Mapping[str, str]] = {"UK": "EWSN", "GB": "EWS", "EW": "EW", "EN": "E"}
"""How publishers abbreviate the nations a file shows → their initials."""

WIDER: Final = tuple(code for code, nations in WHOLES.items() if len(nations) > 1)
"""Codes of the areas that hold several nations: they are of no geography of the register."""


def whole_of(nations: Iterable[str]) -> str:
    """Return the code of the area that is exactly these nations, or "".

    Examples
    --------
    >>> whole_of("WE"), whole_of("SN")
    ('K04000001', '')
    """
    wanted = set(nations)
    return next((code for code, held in WHOLES.items() if set(held) == wanted), "")


def place_name(code: str, form: str = "sentence", *, language: str = "") -> str:
    """Return the name of a nation or of an area of several; ``form`` "name" is without its article.

    Examples
    --------
    >>> place_name("K02000001"), place_name("K02000001", "name")
    ('the United Kingdom', 'United Kingdom')
    """
    return phrase(f"place.{code}", form, language=language)


def nation_words(initials: Iterable[str], *, language: str = "") -> str:
    """Name nations inside a sentence: the area that is exactly those, else one after the other.

    Examples
    --------
    >>> nation_words("EWSN"), nation_words(["W", "E"]), nation_words("SN"), nation_words("ESN")
    ('the United Kingdom', 'England and Wales', 'Scotland and Northern Ireland', 'England, Scotland and Northern Ireland')
    """
    present = [initial for initial in NATIONS if initial in set(initials)]
    code = whole_of(present)
    if code:
        return place_name(code, language=language)
    names = [place_name(COUNTRY_CODES[initial], language=language) for initial in present]
    *most, last = names or [""]
    return phrase("list.and", most=", ".join(most), last=last, language=language) if most else last


def wider_names() -> Mapping[str, str]:
    """Return the names, in small letters, under which tables list areas of several nations → their codes."""
    names = {place_name(code, "name").casefold(): code for code in WIDER}
    return {**names, "uk": WIDER[0], "gb": WIDER[1]}
