"""Static pictures: a kind laid out on a page, and the files of an atlas's maps and charts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from maps.look import styles
from maps.page import composition
from maps.static import draw, greys, page_of, write_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from maps.kinds.entry import Kind
    from maps.kinds.subject import Subject
    from maps.look.styles import Style
    from maps.page.composition import Canvas
    from maps.page.scene import Page
    from maps.spec import MapSpec
    from maps.static.drawing import Format


@dataclass(frozen=True, slots=True)
class Drawn:
    """A static picture: its files are ``maps/<id>.<format>``; ``narrow`` is the id of the same for narrow screens."""

    id: str
    kind: str
    title: str
    alt: str
    narrow: str = ""


def kind_page(
    kind: Kind, subject: Subject, canvas: Canvas | None = None, *, style: Style = styles.DEFAULT, size: str = "page"
) -> Page:
    """Lay one kind of map or chart out.

    Parameters
    ----------
    subject : has what the kind needs. canvas : the areas in their true places, for kinds that show them so; hexagons are drawn
        on the subject's own.
    """
    if kind.form == "chart":
        page = kind.page(subject, style=style, size=size)
        return greys.greyed(page) if style.greyscale else page
    ground = subject.hexagons.canvas if subject.hexagons is not None else canvas
    return page_of(kind.spec(subject), ground or composition.prepare(subject.joined.boundaries), style=style, size=size)


def draw_kind(kind: Kind, subject: Subject, folder: Path, *, formats: Sequence[Format]) -> Drawn:
    """Draw what has no layer on a page: a chart, or a map whose areas do not lie where they lie."""
    if subject.hexagons is not None:
        return draw_map(kind.spec(subject), subject.hexagons.canvas, folder, formats=formats)
    page = kind_page(kind, subject)
    write_page(page, folder=folder, formats=formats)
    return Drawn(page.id, kind.name, page.title, f"{page.title}. {page.description}")


def draw_map(spec: MapSpec, canvas: Canvas, folder: Path, *, formats: Sequence[Format], narrow: bool = False) -> Drawn:
    """Draw a map as ``folder/<spec.id>.<format>``.

    Parameters
    ----------
    narrow : also as ``folder/<spec.id>-phone.png``, laid out for a narrow screen.
    """
    draw(spec, canvas, folder=folder, formats=formats)
    phone = f"{spec.id}-phone" if narrow else ""
    if phone:
        draw(replace(spec, id=phone), canvas, folder=folder, formats=("png",), size="phone")
    return Drawn(spec.id, spec.kind, spec.title, spec.alt, phone)
