"""Templates: the one environment in which every page and text file of ours is filled in."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import textwrap
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup, escape

from maps.addresses import in_language
from maps.words import format_count, say, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

TEMPLATES = Path(__file__).parent / "templates"

ENTRY = 16
"""Signs for the name of a file in a list of files."""

PICTURES = {True: "img-src data: file: 'self'; ", False: "img-src data:; "}


@cache
def environment() -> jinja2.Environment:
    """Return the environment: HTML is escaped, a name that is missing is an error, numbers are grouped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(("html", "html.j2")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals["t"] = say
    made.globals["marked"] = marked
    made.globals["here"] = in_language
    made.filters["number"] = format_count
    made.filters["size"] = file_size
    made.filters["sentence"] = sentence
    made.filters["p"] = small_number
    made.filters["item"] = list_item
    made.filters["filled"] = filled
    made.filters["entry"] = file_entry
    return made


def template_text(name: str) -> str:
    """Return a template's file as it stands (style sheets and scripts hold nothing to fill in)."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def render(template: str, **values: Any) -> str:
    """Fill in a template; fixed texts are looked up by key (``t``, and ``marked`` where a phrase holds marks of HTML)."""
    return environment().get_template(template).render(**values)


def marked(key: str, /, **fields: str | int) -> Markup:
    """Return a phrase that holds marks of HTML; what is filled in is escaped."""
    escaped = {name: value if isinstance(value, int) else str(escape(value)) for name, value in fields.items()}
    return Markup(say(key, **escaped))  # noqa: S704  # the phrase is ours, the fields are escaped


def file_size(size: int) -> str:
    """Write a file's size as a person would say it.

    Examples
    --------
    >>> file_size(900), file_size(48_200), file_size(3_250_000)
    ('1 kB', '48 kB', '3.2 MB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def small_number(value: float) -> str:
    """Write a number between 0 and 1 with two significant digits and without an exponent.

    Examples
    --------
    >>> small_number(2e-5), small_number(0.05)
    ('0.00002', '0.05')
    """
    digits = max(2, 1 - math.floor(math.log10(value)))
    return f"{value:.{digits}f}".rstrip("0")


def list_item(text: str) -> str:
    """Write a sentence as an item of a plain-text list, wrapped at 76 signs.

    Examples
    --------
    >>> list_item("One finding.")
    '- One finding.'
    """
    return textwrap.fill(text, 76, initial_indent="- ", subsequent_indent="  ", break_long_words=False)


def filled(text: str) -> str:
    """Write a paragraph of a plain-text file, wrapped at 76 signs."""
    return textwrap.fill(text, 76, break_long_words=False)


def file_entry(name: str, said: str) -> str:
    """Write a file's name and what it is, in two columns; a long name has a line of its own.

    Examples
    --------
    >>> file_entry("maps/", "maps for papers")
    'maps/           maps for papers'
    """
    beside = len(name) < ENTRY
    body = textwrap.fill(
        said,
        76,
        initial_indent=name.ljust(ENTRY) if beside else " " * ENTRY,
        subsequent_indent=" " * ENTRY,
        break_long_words=False,
    )
    return body if beside else f"{name}\n{body}"


def embedded_json(data: Any) -> str:
    """Return JSON that may stand inside a script element: no character in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def content_policy(scripts: Sequence[str], *, pictures: bool = False) -> str:
    """Return a content security policy that allows these inline scripts and nothing from anywhere else.

    Parameters
    ----------
    scripts : the exact text of each inline script.
    pictures : allow pictures that lie beside the page.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    allowed = hashes or "'none'"
    # Style elements and the positions Leaflet writes are inline; nothing in them can reach another host either.
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; {PICTURES[pictures]}"
        "base-uri 'none'; form-action 'none'"
    )
