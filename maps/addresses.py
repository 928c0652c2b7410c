"""Pages of one site in several languages: they lie side by side, ``index.html`` and ``index.cy.html``."""

from __future__ import annotations

from dataclasses import dataclass

from maps.words import language, spoken

FIRST = "en"
"""Pages of this language have no language in their names."""

PAGE = "atlas.html"
"""The interactive page of a site."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same page in another language: its code, what speakers call it, and the page."""

    code: str
    name: str
    page: str


def in_language(page: str, code: str = "") -> str:
    """Return the name of a page in a language, by default the one that is spoken now.

    Examples
    --------
    >>> in_language("areas/W06000023.html", "cy"), in_language("index.html", "en")
    ('areas/W06000023.cy.html', 'index.html')
    """
    code = code or spoken().code
    return page if code == FIRST else f"{page.removesuffix('.html')}.{code}.html"


def elsewhere(page: str, languages: tuple[str, ...]) -> tuple[Elsewhere, ...]:
    """Return a page in every other language of the site.

    Parameters
    ----------
    page : its name in the first language. languages : codes of all of the site.
    """
    here = spoken().code
    return tuple(
        Elsewhere(code, language(code).say("site.language", {}), in_language(page, code))
        for code in languages
        if code != here
    )
