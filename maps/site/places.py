"""The page of one place: every outcome with where it stands, how it moved and how sure that is; small enough to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.files import write_text
from maps.addresses import elsewhere, in_language
from maps.rendering import content_policy, render, template_text
from maps.site.strips import HEIGHT, WIDTH
from maps.words import spoken

if TYPE_CHECKING:
    from pathlib import Path

    from maps.site.strips import History, Strip


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """One outcome of a place, texts as printed.

    Parameters
    ----------
    id, title : of the outcome, with its period. value : figure and interval, or why there is none.
    stands : lines on where the place stands. moved : lines on its change. lies : the cluster that it lies in, "" where in none.
    strip, history : drawn; None where there is nothing to draw. page : its map, relative to the site's folder.
    """

    id: str
    title: str
    value: str
    stands: tuple[str, ...]
    moved: tuple[str, ...]
    lies: str
    strip: Strip | None
    history: History | None
    page: str


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A place beside or like another: its page relative to that of the other, its name, and a text an outcome."""

    page: str
    name: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What the page of one place says.

    Parameters
    ----------
    code, name : of the place. other, other_language : its name in another language, and that language's code. what : what it is and where. was : sentences on what it was before.
    sentences : what matters most. kinds : kind of place → a line a definition.
    headings : short titles of the outcomes, for tables of other places. near, alike : other places; alike as ``alike_by`` says.
    downloads : path relative to the page, and title with size.
    """

    code: str
    name: str
    other: str
    other_language: str
    what: str
    was: tuple[str, ...]
    sentences: tuple[str, ...]
    facts: tuple[PlaceFact, ...]
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    headings: tuple[str, ...]
    near: tuple[OtherPlace, ...]
    alike: tuple[OtherPlace, ...]
    alike_by: str
    downloads: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands on every page of a place alike.

    Parameters
    ----------
    atlas : its title. lines : of the licences. made : version and dates. report : whom to tell of an error.
    languages : codes of the languages in which there are pages. address : where the site will lie, "" where nobody says.
    """

    atlas: str
    lines: tuple[str, ...]
    made: str
    report: str
    languages: tuple[str, ...] = ("en",)
    address: str = ""


def write_place(path: Path, place: PlacePage, imprint: Imprint) -> Path:
    """Write the page of a place.

    Parameters
    ----------
    path : ``areas/<code>.html`` below the site's folder; the page of another language lies beside it.

    Returns
    -------
    The page that was written.
    """
    text = render(
        "area.html.j2",
        policy=content_policy([]),
        style=template_text("base.css") + template_text("area.css"),
        place=place,
        imprint=imprint,
        width=WIDTH,
        height=HEIGHT,
        elsewhere=elsewhere(path.name, imprint.languages),
        address=imprint.address,
        page=in_language(path.name),
        draft=not spoken().checked,
    )
    return write_text(path.with_name(in_language(path.name)), text)
