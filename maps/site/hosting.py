"""What a site needs to be found where it is published: the address of every page, a map of the site, a picture to show beside a link."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from geo.files import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PREVIEW = "preview.png"
"""Picture that other sites show beside a link, below the site's folder."""

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"


def write_hosting(out: Path, address: str, pages: Iterable[str]) -> list[Path]:
    """Write ``sitemap.xml`` and ``robots.txt``.

    Parameters
    ----------
    address : where the folder will lie, with its last slash. pages : relative to the folder.

    Returns
    -------
    The files.
    """
    places = "".join(f"<url><loc>{escape(address + page)}</loc></url>\n" for page in sorted(pages))
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    )
    return [
        write_text(out / SITEMAP, sitemap),
        write_text(out / ROBOTS, f"User-agent: *\nAllow: /\nSitemap: {address}{SITEMAP}\n"),
    ]
