"""The reading column: legend with counts, how sure, notes; set line by line so that nothing can overlap."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from maps.kinds.symbols import legend_sizes
from maps.look import palettes
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.scene import Disc, Item, Shape, Text, rectangle, rule
from maps.words import format_count, format_value, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.look.styles import Style
    from maps.spec import LegendClass, MapSpec

SWATCH_WIDTH, SWATCH_HEIGHT = 18.0, 11.0
LEADING = 1.32
WIDEST = 340.0
"""Points: a longer line of small text is hard to follow."""

CELL = 30.0
"""Side of a cell of the square legend of two outcomes."""


@dataclass(slots=True)
class Setter:
    """A column being set downwards: items so far, and the top of what comes next."""

    x: float
    width: float
    y: float
    style: Style
    scale: float = 1.0
    items: list[Item] = field(default_factory=list)

    def gap(self, points: float) -> None:
        """Leave white space."""
        self.y += points * self.scale

    def paragraph(
        self,
        text: str,
        *,
        size: float,
        bold: bool = False,
        colour: str = "",
        role: str = "note",
        balanced: bool = False,
    ) -> None:
        """Set a paragraph over the width of the column; ``balanced`` makes its lines of like length."""
        points = size * self.scale
        wrap = typefaces.balanced if balanced else typefaces.wrapped
        for line in wrap(text, points, within=self.width, bold=bold):
            self.y += points * LEADING
            baseline = self.y - points * (LEADING - 1)
            self.items.append(Text(self.x, baseline, line, points, bold, colour or self.style.ink, role=role))

    def divider(self) -> None:
        """Draw a hairline across the column."""
        self.items.append(rule(self.x, self.y, self.x + self.width, self.y, colour=self.style.rule, width=0.5))


def set_column(spec: MapSpec, setter: Setter, *, beside: Setter | None = None) -> None:
    """Set the whole reading column of a map; what is not a legend goes into a column beside it where there is one."""
    set_legends(spec, setter)
    if beside is not None:
        setter = beside
    size = setter.style.text
    top = setter.y if beside is not None else -1.0
    for title, rows in spec.tables:
        _part(setter, 9, top=top)
        set_table(title, rows, setter)
    if spec.sure:
        _part(setter, 12, top=top, ruled=True)
        setter.paragraph(say("column.sure"), size=size, bold=True, role="heading")
        setter.paragraph(spec.sure, size=size, role="sure")
    for i, note in enumerate(spec.paragraphs):
        _part(setter, 8 if i == 0 else 4, top=top, ruled=i == 0)
        setter.paragraph(note, size=size - 0.5, colour=setter.style.ink_soft)


def set_key(names: Sequence[str], setter: Setter) -> None:
    """Set what numbers on the map stand for, in as many columns as the width has room for."""
    size = (setter.style.text - 1) * setter.scale
    figures = typefaces.width("000 ", size, tabular=True)
    widest = max(typefaces.width(name, size) for name in names) + figures + 8
    columns = max(1, int(setter.width // widest))
    rows = -(-len(names) // columns)
    setter.gap(12)
    setter.divider()
    setter.gap(4)
    setter.paragraph(say("column.key"), size=setter.style.text, bold=True, role="heading")
    top = setter.y
    for at, name in enumerate(names):
        x = setter.x + (at // rows) * setter.width / columns
        baseline = top + (at % rows + 1) * size * LEADING - size * (LEADING - 1)
        number = Text(x + figures - 4, baseline, str(at + 1), size, anchor="end", role="table-figure")
        setter.items.append(replace(number, colour=setter.style.ink))
        setter.items.append(Text(x + figures, baseline, name, size, colour=setter.style.ink, role="area-keyed"))
    setter.y = top + rows * size * LEADING


def _part(setter: Setter, points: float, *, top: float, ruled: bool = False) -> None:
    """Leave white space before a part, with a hairline where it is ruled off; neither at the top of a column."""
    if setter.y == top:
        return
    setter.gap(points)
    if ruled:
        setter.divider()
        setter.gap(4)


def set_legends(spec: MapSpec, setter: Setter) -> None:
    """Set every legend of a map."""
    if spec.symbols:
        # the discs are what the map is about: their sizes and colours first, the ground last
        set_symbol_sizes(spec, setter)
        setter.gap(9)
        for title, entries in spec.extra_legends:
            set_legend(title, entries, setter)
            setter.gap(9)
        set_legend(spec.legend_title, spec.classes, setter)
    else:
        if spec.square[0]:
            set_square(spec, setter)
        else:
            set_legend(spec.legend_title, spec.classes, setter)
        for title, entries in spec.extra_legends:
            setter.gap(9)
            set_legend(title, entries, setter)


def set_legend(title: str, classes: Sequence[LegendClass], setter: Setter) -> None:
    """Set a legend: a swatch, words, the statistical name beside them, and the number of areas."""
    size = setter.style.text * setter.scale
    count_width = max(
        typefaces.width(say("column.areas"), size - 1),
        *(typefaces.width(format_count(entry.count), size, tabular=True) for entry in classes),
        0.0,
    )
    indent = (SWATCH_WIDTH + 6) * setter.scale
    room = setter.width - indent - count_width - 10
    set_lines = [_entry_lines(entry, size, room) for entry in classes]
    widest = max((width for lines in set_lines for *_, width in lines), default=0.0)
    heading = min(setter.width, max(120.0, indent + widest + 14 + count_width))
    count_x = setter.x + heading
    for line in typefaces.wrapped(title, size, within=heading - count_width - 8, bold=True):
        setter.y += size * LEADING
        setter.items.append(Text(setter.x, setter.y - size * (LEADING - 1), line, size, bold=True, role="legend-title"))
    if title:
        baseline = setter.y - size * (LEADING - 1)
        words, soft = say("column.areas"), setter.style.ink_soft
        head = Text(count_x, baseline, words, size - 1, colour=soft, anchor="end", role="legend-heading")
        setter.items.append(head)
    setter.y += 4 * setter.scale
    for entry, lines in zip(classes, set_lines, strict=True):
        top = setter.y
        height = SWATCH_HEIGHT * setter.scale
        box = Box(setter.x, top + 1.5, SWATCH_WIDTH * setter.scale, height)
        setter.items.append(swatch(entry, box, setter.style))
        for number, (words, note, offset, _) in enumerate(lines):
            baseline = top + 1.5 + height / 2 + size * 0.36 + number * size * 1.2
            setter.items.append(
                Text(setter.x + indent, baseline, words, size, colour=setter.style.ink, role="legend-label")
            )
            if note:
                setter.items.append(
                    Text(
                        setter.x + indent + offset,
                        baseline,
                        note,
                        size - 0.5,
                        colour=setter.style.ink_soft,
                        role="legend-note",
                    )
                )
            if number == 0:
                setter.items.append(
                    Text(
                        count_x,
                        baseline,
                        format_count(entry.count),
                        size,
                        colour=setter.style.ink,
                        anchor="end",
                        role="legend-count",
                    )
                )
        setter.y = top + max(height + 4.5, len(lines) * size * 1.2 + 4)


def set_square(spec: MapSpec, setter: Setter) -> None:
    """Set the three by three legend of two outcomes: the first rises upwards, the second to the right; counts in the cells."""
    size = setter.style.text * setter.scale
    cell = CELL * setter.scale
    by_key = {entry.key: entry for entry in spec.classes}
    setter.paragraph(spec.legend_title, size=setter.style.text, bold=True, role="legend-title")
    setter.gap(3)
    setter.paragraph(say("column.upwards", outcome=spec.square[0]), size=setter.style.text, role="legend-label")
    setter.gap(3)
    for row in (2, 1, 0):
        for at in range(3):
            entry = by_key[f"{row}-{at}"]
            box = Box(setter.x + at * cell, setter.y, cell, cell)
            setter.items.append(replace(swatch(entry, box, setter.style), stroke=palettes.PAPER, stroke_width=0.8))
            middle, baseline = box.x + cell / 2, box.y + cell / 2 + size * 0.36
            if entry.hatch:  # a figure is read on plain ground
                half = typefaces.width(format_count(entry.count), size, tabular=True) / 2 + 2
                plate = Box(middle - half, baseline - size * 0.92, 2 * half, size * 1.15)
                setter.items.append(rectangle(plate, fill=entry.colour, role="plate"))
            ink = palettes.ink_on(entry.colour)
            setter.items.append(
                Text(
                    middle, baseline, format_count(entry.count), size, colour=ink, anchor="middle", role="legend-count"
                )
            )
        setter.y += cell
    setter.gap(2)
    setter.paragraph(say("column.right", outcome=spec.square[1]), size=setter.style.text, role="legend-label")
    setter.gap(5)
    rest = [entry for entry in spec.classes if entry.key not in {f"{row}-{at}" for row in range(3) for at in range(3)}]
    if rest:
        set_legend("", rest, setter)


def set_symbol_sizes(spec: MapSpec, setter: Setter) -> None:
    """Set three discs of round amounts, each beside its amount."""
    size = setter.style.text * setter.scale
    greatest = max(symbol.size for symbol in spec.symbols)
    colours = {symbol.colour for symbol in spec.symbols}
    # where colours mean something, the size alone has none
    fill = colours.pop() if len(colours) == 1 else palettes.PAPER
    setter.paragraph(say("column.discs"), size=setter.style.text, bold=True, role="legend-title")
    for amount in legend_sizes(greatest, whole=all(symbol.size.is_integer() for symbol in spec.symbols)):
        radius = max(spec.symbol_radius * (amount / greatest) ** 0.5, 0.6)
        height = max(2 * radius + 2, size * LEADING)
        middle = setter.y + height / 2
        edge = palettes.border_colour(fill, fill)
        setter.items.append(Disc(setter.x + spec.symbol_radius, middle, radius, fill, edge, 0.5, role="swatch-disc"))
        words = format_value(amount, spec.symbol_unit)
        left = setter.x + 2 * spec.symbol_radius + 8
        setter.items.append(Text(left, middle + size * 0.36, words, size, colour=setter.style.ink, role="legend-label"))
        setter.y += height


def set_table(title: str, rows: Sequence[tuple[str, str]], setter: Setter) -> None:
    """Set a heading and rows of words and a figure, the figures right-aligned near the words."""
    size = setter.style.text * setter.scale
    figure_width = max((typefaces.width(figure, size, tabular=True) for _, figure in rows), default=0.0)
    room = setter.width - figure_width - 12
    words = [typefaces.wrapped(text, size, within=room) or [""] for text, _ in rows]
    widest = max((typefaces.width(line, size) for lines in words for line in lines), default=0.0)
    figure_x = setter.x + min(setter.width, widest + 12 + figure_width)
    setter.paragraph(title, size=setter.style.text, bold=True, role="heading")
    for lines, (_, figure) in zip(words, rows, strict=True):
        for number, line in enumerate(lines):
            setter.y += size * LEADING
            baseline = setter.y - size * (LEADING - 1)
            setter.items.append(Text(setter.x, baseline, line, size, colour=setter.style.ink, role="table"))
            if number == 0:
                setter.items.append(
                    Text(figure_x, baseline, figure, size, colour=setter.style.ink, anchor="end", role="table-figure")
                )


def swatch(entry: LegendClass, box: Box, style: Style) -> Shape:
    """Return the sample of a class."""
    return rectangle(
        box,
        fill=entry.colour,
        hatch=entry.hatch,
        hatch_colour=hatch_colour(entry),
        stroke=style.coast,
        stroke_width=0.4,
        role=f"swatch {entry.key}",
    )


def hatch_colour(entry: LegendClass) -> str:
    """Return the colour of a class's hatch: its own, else the one its kind has everywhere."""
    if entry.hatch_colour:
        return entry.hatch_colour
    return palettes.NOT_TESTABLE_DOTS if entry.hatch == "dots" else palettes.NO_DATA_HATCH


def _entry_lines(entry: LegendClass, size: float, room: float) -> list[tuple[str, str, float, float]]:
    """Return lines of (words, note, where the note starts, width): the note beside the words when it fits, else below."""
    lines = typefaces.wrapped(entry.label, size, within=room, tabular=True) or [""]
    widths = [typefaces.width(line, size, tabular=True) for line in lines]
    found = [(line, "", 0.0, width) for line, width in zip(lines, widths, strict=True)]
    if entry.note:
        note_width = typefaces.width(entry.note, size - 0.5, tabular=True)
        if widths[-1] + 5 + note_width <= room:
            found[-1] = (lines[-1], entry.note, widths[-1] + 5, widths[-1] + 5 + note_width)
        else:
            found.append(("", entry.note, 0.0, note_width))
    return found
