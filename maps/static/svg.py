"""A page as SVG: text stays text, areas lie on an integer grid with relative steps, one group a class."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from maps.look.hatches import HATCHES
from maps.page import typefaces
from maps.page.scene import AreaLayer, Disc, Item, Page, Shape, Text
from maps.static import grid
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maps.page.composition import IntArray
    from maps.static.grid import Gridded

_DIGIT = re.compile(r"\d")

SMALL = 512
"""Steps up to this are common: their texts are made once."""

KEPT_WIDTH = 30.0
"""Points: shorter texts cannot run far out of place."""

MANY_AREAS = 2_000
"""Above this, areas of a class share one path: a title for each would outweigh the map."""


def render(page: Page) -> str:
    """Return the page as an SVG document.

    Notes
    -----
    No style sheet and no global name: identifiers begin with the page's own, so that several maps can stand in one HTML page.
    """
    prefix = re.sub(r"[^a-z0-9]+", "-", page.id.lower()).strip("-") or "map"
    writer = _Writer(prefix)
    body = "".join(writer.item(item) for item in page.items)
    title, described, locale = f"{prefix}-title", f"{prefix}-desc", say("site.locale")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{locale}" role="img" aria-labelledby="{title} {described}" '
        f'width="{_n(page.width)}pt" height="{_n(page.height)}pt" viewBox="0 0 {_n(page.width)} {_n(page.height)}" '
        f"font-family={quoteattr(typefaces.SVG_FAMILY)}>"
        f'<title id="{title}">{escape(page.title)}</title><desc id="{described}">{escape(page.description)}</desc>'
    )
    definitions = f"<defs>{''.join(writer.definitions.values())}</defs>" if writer.definitions else ""
    return f"{head}{definitions}{body}</svg>\n"


class _Writer:
    """Collects the patterns and clips that items refer to."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.definitions: dict[str, str] = {}

    def item(self, item: Item) -> str:
        match item:
            case Text():
                return _text(item)
            case Shape():
                return self._shape(item)
            case Disc():
                title = f"<title>{escape(item.title)}</title>" if item.title else ""
                stroke = f' stroke="{item.stroke}" stroke-width="{_n(item.stroke_width)}"' if item.stroke else ""
                role = f' class="{item.role}"' if item.role else ""
                body = f'<circle{role} cx="{_n(item.x)}" cy="{_n(item.y)}" r="{_n(item.radius)}" fill="{item.fill}"{stroke}'
                return f"{body}>{title}</circle>" if title else f"{body}/>"
            case AreaLayer():
                return self._layer(item)

    def _shape(self, shape: Shape) -> str:
        closed = "z" if shape.fill or shape.hatch else ""
        d = "".join(f"M{'L'.join(f'{_n(x)} {_n(y)}' for x, y in part)}{closed}" for part in shape.parts)
        stroke = ""
        if shape.stroke:
            dash = f' stroke-dasharray="{" ".join(_n(step) for step in shape.dash)}"' if shape.dash else ""
            stroke = f' stroke="{shape.stroke}" stroke-width="{_n(shape.stroke_width)}"{dash}'
        role = f' class="{shape.role}"' if shape.role else ""
        body = f'<path{role} d="{d}" fill="{self._paint(shape.fill, shape.hatch, shape.hatch_colour)}"{stroke}'
        return f"{body}><title>{escape(shape.title)}</title></path>" if shape.title else f"{body}/>"

    def _layer(self, layer: AreaLayer) -> str:
        box = layer.view.box
        clip = f"{self.prefix}-clip-{len([key for key in self.definitions if 'clip' in key])}"
        rect = f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"/>'
        self.definitions[clip] = f'<clipPath id="{clip}">{rect}</clipPath>'
        scale = _n(1 / grid.PER_POINT)
        parts = [
            f'<g class="{layer.role}" clip-path="url(#{clip})"><g transform="scale({scale})" stroke-linejoin="round">'
        ]
        if layer.fills:
            rings = grid.rings_on_grid(layer.shapes, layer.view)
            texts = _path_texts(rings, closed=True)
            by_area = _lines_by_owner(rings, len(layer.shapes))
            for fill in layer.fills:
                paint = self._paint(fill.colour, fill.hatch, fill.hatch_colour, scaled=True)
                parts.append(f'<g class="class-{escape(fill.key)}" fill="{paint}">')
                parts.extend(_areas(layer, fill.members, texts, by_area))
                parts.append("</g>")
        if layer.strokes:
            runs = grid.borders_on_grid(layer.shapes, layer.view)
            texts = _path_texts(runs, closed=False)
            n_runs = len(layer.shapes.borders().left)
            for stroke in layer.strokes:
                lines = runs.lines_of(stroke.runs, n_runs)
                if len(lines) == 0:
                    continue
                dash = (
                    f' stroke-dasharray="{" ".join(_n(step * grid.PER_POINT) for step in stroke.dash)}"'
                    if stroke.dash
                    else ""
                )
                d = "".join(texts[i] for i in lines.tolist())
                width = _n(stroke.width * grid.PER_POINT)
                parts.append(
                    f'<path class="{stroke.key}" d="{d}" fill="none" stroke="{stroke.colour}" stroke-width="{width}"{dash}/>'
                )
        return "".join([*parts, "</g></g>"])

    def _paint(self, fill: str, hatch: str, hatch_colour: str, *, scaled: bool = False) -> str:
        """Return the value of a fill attribute, defining a pattern when hatched."""
        if not hatch:
            return fill or "none"
        unit = grid.PER_POINT if scaled else 1
        name = f"{self.prefix}-{hatch}-{fill.lstrip('#')}-{hatch_colour.lstrip('#')}{'-s' if scaled else ''}"
        if name not in self.definitions:
            self.definitions[name] = _pattern(name, fill, hatch, hatch_colour, unit)
        return f"url(#{name})"


def _pattern(name: str, fill: str, hatch: str, colour: str, unit: float) -> str:
    kind = HATCHES[hatch]
    step, thick = kind.step * unit, kind.thick * unit
    size = f'width="{_n(step)}" height="{_n(step)}"'
    ground = f'<rect {size} fill="{fill}"/>' if fill else ""
    turn = f' patternTransform="rotate({_n(kind.turn)})"' if kind.turn and not kind.dots else ""
    if kind.dots:
        marks = f'<circle cx="{_n(step / 2)}" cy="{_n(step / 2)}" r="{_n(thick)}" fill="{colour}"/>'
    else:
        marks = _bar(step, thick + 2 * kind.edge * unit, "#ffffff") if kind.edge else ""
        marks += _bar(step, thick, colour)
        if kind.cross:
            marks += f'<rect y="{_n((step - thick) / 2)}" width="{_n(step)}" height="{_n(thick)}" fill="{colour}"/>'
    return f'<pattern id="{name}" patternUnits="userSpaceOnUse" {size}{turn}>{ground}{marks}</pattern>'


def _bar(step: float, thick: float, colour: str) -> str:
    """Return an upright line in the middle of a pattern's tile."""
    return f'<rect x="{_n((step - thick) / 2)}" width="{_n(thick)}" height="{_n(step)}" fill="{colour}"/>'


def _text(text: Text) -> str:
    weight = ' font-weight="700"' if text.bold else ""
    anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
    edge = "#fff" if text.halo_colour == "#ffffff" else text.halo_colour
    halo = f' paint-order="stroke" stroke="{edge}" stroke-width="2" stroke-linejoin="round"' if text.halo else ""
    # where a reader's machine lacks the typeface, another is set as wide, so that lines keep to their places
    wide = typefaces.width(text.text, text.size, bold=text.bold, tabular=text.tabular)
    length = f' textLength="{wide:.0f}" lengthAdjust="spacingAndGlyphs"' if wide >= KEPT_WIDTH else ""
    figures = ' style="font-variant-numeric:tabular-nums"' if text.tabular and _DIGIT.search(text.text) else ""
    where = f'x="{_n(text.x)}" y="{_n(text.y)}" font-size="{_n(text.size)}"'
    return f'<text class="{text.role}" {where}{weight}{anchor}{length} fill="{text.colour}"{halo}{figures}>{escape(text.text)}</text>'


def _areas(layer: AreaLayer, members: IntArray, texts: list[str], by_area: list[list[int]]) -> Iterable[str]:
    paths = ["".join(texts[i] for i in by_area[area]) for area in members.tolist()]
    if len(layer.shapes) > MANY_AREAS:
        yield f'<path d="{"".join(paths)}"/>'
        return
    for area, d in zip(members.tolist(), paths, strict=True):
        name = layer.titles.get(area, "")
        identity = f'<path data-code="{escape(layer.shapes.codes[area])}" d="{d}"'
        yield f"{identity}><title>{escape(name)}</title></path>" if name else f"{identity}/>"


def _lines_by_owner(gridded: Gridded, n_owners: int) -> list[list[int]]:
    if "by_owner" not in gridded.kept:
        found: list[list[int]] = [[] for _ in range(n_owners)]
        for line, owner in enumerate(gridded.owner.tolist()):
            found[owner].append(line)
        gridded.kept["by_owner"] = found
    kept: list[list[int]] = gridded.kept["by_owner"]
    return kept


def _path_texts(gridded: Gridded, *, closed: bool) -> list[str]:
    """Return ``M10 20l1 2-3 4z`` for each line."""
    if "texts" not in gridded.kept:
        steps = np.diff(gridded.xy, axis=0, prepend=0)
        steps[gridded.start[:-1]] = gridded.xy[gridded.start[:-1]]
        words = _words(steps.ravel())
        bounds = (2 * gridded.start).tolist()
        end = "z" if closed else ""
        gridded.kept["texts"] = [
            f"M{words[a]} {words[a + 1]}l{' '.join(words[a + 2 : b])}{end}".replace(" -", "-")
            for a, b in pairwise(bounds)
        ]
    kept: list[str] = gridded.kept["texts"]
    return kept


def _words(numbers: IntArray) -> list[str]:
    """Return whole numbers as text; the small ones, nearly all, from a table."""
    small = np.abs(numbers) <= SMALL
    table = np.array([str(number) for number in range(-SMALL, SMALL + 1)], dtype=object)
    words = table[np.where(small, numbers, 0) + SMALL]
    words[~small] = [str(number) for number in numbers[~small].tolist()]
    found: list[str] = words.tolist()
    return found


def _n(value: float) -> str:
    """Return a number with at most two decimals and no useless zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text
