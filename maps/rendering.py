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

from maps.words import THIN_SPACE, format_count, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEMPLATES = Path(__file__).parent / "templates"

NARROW_NO_BREAK_SPACE = "\u202f"

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
    made.filters["number"] = format_count
    made.filters["size"] = file_size
    made.filters["sentence"] = sentence
    made.filters["p"] = small_number
    made.filters["item"] = list_item
    return made


def template_text(name: str) -> str:
    """Return a template's file as it stands (style sheets and scripts hold nothing to fill in)."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def render(template: str, **values: Any) -> str:
    """Fill in a template; in a page no line may break inside a number."""
    text = environment().get_template(template).render(**values)
    return text.replace(THIN_SPACE, NARROW_NO_BREAK_SPACE) if template.endswith(".html.j2") else text


def distinct_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """Return attribution lines each once, in order; a line that another one holds in full is not said again.

    Examples
    --------
    >>> distinct_lines(["Contains data.", "Contains data", "Contains data 2011. Contains more."])
    ('Contains data 2011. Contains more.',)
    """
    kept = list(dict.fromkeys(line.strip().removesuffix(".") for line in lines))
    return tuple(f"{line}." for line in kept if not any(line in other and line != other for other in kept))


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
