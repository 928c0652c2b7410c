"""A map or a chart written to files: PNG, SVG and PDF of one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from geo.errors import MapError, listed
from geo.files import write_bytes
from maps.look import styles
from maps.page import composition
from maps.page.composition import Canvas
from maps.static import figure, greys, layout, multiples, svg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from boundaries.areas.boundary_set import BoundarySet
    from maps.look.styles import Style
    from maps.page.scene import Page
    from maps.spec import MapSpec

Format = Literal["png", "svg", "pdf"]
FORMATS: tuple[Format, ...] = ("png", "svg", "pdf")


def draw(
    spec: MapSpec,
    boundaries: BoundarySet | Canvas,
    *,
    folder: Path,
    formats: Sequence[Format] = FORMATS,
    dpi: int = 150,
    neighbours: gpd.GeoDataFrame | None = None,
    style: Style = styles.DEFAULT,
    size: str = "page",
) -> list[Path]:
    """Draw a map and write it as ``folder/<spec.id>.<format>``.

    Parameters
    ----------
    boundaries : the areas of the spec, or their canvas made ready by ``maps.page.composition.prepare``: give that when drawing
        several maps of one set.
    neighbours : land of other countries, when no canvas is given.
    size : ``page``, ``a4``, ``slide``, ``social`` or ``phone``.

    Raises
    ------
    MapError
        An unknown format or size; a spec that cannot be drawn truthfully.
    OutputError
        A folder that cannot be written.
    """
    _check(formats, size)
    ready = boundaries if isinstance(boundaries, Canvas) else composition.prepare(boundaries, neighbours)
    return write_page(page_of(spec, ready, style=style, size=size), folder=folder, formats=formats, dpi=dpi)


def page_of(spec: MapSpec, canvas: Canvas, *, style: Style = styles.DEFAULT, size: str = "page") -> Page:
    """Lay a map out: one map, or small multiples where the spec has panels; in greys where the style says so."""
    lay_out = multiples.multiples_page if spec.panels else layout.map_page
    told = greys.hatched_apart(spec) if style.greyscale else spec
    page = lay_out(told, canvas, style=style, size=styles.SIZES[size])
    return greys.greyed(page) if style.greyscale else page


def write_page(page: Page, *, folder: Path, formats: Sequence[Format] = FORMATS, dpi: int = 150) -> list[Path]:
    """Write a page as ``folder/<page.id>.<format>``, each file whole or not at all."""
    _check(formats, "page")
    written = []
    for kind in formats:
        path = folder / f"{page.id}.{kind}"
        write_bytes(path, page_bytes(page, kind=kind, dpi=dpi))
        written.append(path)
    return written


def page_bytes(page: Page, *, kind: Format, dpi: int = 150) -> bytes:
    """Return a page as the bytes of a file."""
    return svg.render(page).encode("utf-8") if kind == "svg" else figure.render(page, kind=kind, dpi=dpi)


def _check(formats: Sequence[str], size: str) -> None:
    faults = [f"unknown format {kind!r}: use {', '.join(FORMATS)}" for kind in formats if kind not in FORMATS]
    if size not in styles.SIZES:
        faults.append(f"unknown size {size!r}: use {listed(styles.SIZES)}")
    if faults:
        raise MapError("the map cannot be written as asked", faults)
