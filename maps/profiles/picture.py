"""The picture of profiles: the areas low on most outcomes, a row each, their bands as coloured cells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from boundaries.places.names import short_name
from maps.charts.axes import ChartWords, page, under_heading
from maps.feet import chart_foot
from maps.look import palettes, styles
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.scene import Item, Page, Text, rectangle
from maps.static.sheet import open_sheet
from maps.words import say

if TYPE_CHECKING:
    from maps.look.styles import Style
    from maps.profiles.content import ProfileColumn, Profiles

MOST_ROWS = 30
"""Areas in the picture; the page and the files hold all."""
MOST_COLUMNS = 8
"""Outcomes in the picture."""
ROW = 15.0
HEAD = 46.0
NAMES = 116.0
LOW = 40.0


def profile_picture(
    profiles: Profiles, *, name: str = "profiles", style: Style = styles.DEFAULT, size: str = "page"
) -> Page:
    """Draw the areas that are low on most outcomes.

    Parameters
    ----------
    name : of the picture's files.
    """
    columns = profiles.columns[:MOST_COLUMNS]
    rows = profiles.frame[profiles.frame["low_on"] > 0].head(MOST_ROWS)
    shown = say("profiles.shown", n=len(rows), whole=str(len(profiles.frame)))
    left_out = say("profiles.columns-shown", shown=str(len(columns)), n=len(profiles.columns))
    words = ChartWords(
        name,
        profiles.finding,
        f"{shown}{left_out if len(columns) < len(profiles.columns) else ''}; {profiles.areas}",
        chart_foot(list(profiles.sources), [], method=say("index.low-means")),
        f"{profiles.finding} {profiles.missing}",
    )
    room = styles.SIZES[size]
    room = replace(room, height=HEAD + ROW * max(len(rows), 1) + 10) if room.grows else room
    sheet = open_sheet(words, words.foot, style=style, size=room)
    items: list[Item] = [*sheet.items]
    body = under_heading(words, sheet, items, style=style, size=size)
    step = min(ROW, (body.height - HEAD) / max(len(rows), 1))
    wide = (body.width - NAMES - LOW) / max(len(columns), 1)
    text = min(style.text - 0.5, step * 0.72)
    low = say("profiles.low-on")
    items.append(Text(body.x + NAMES, body.y + HEAD - 6, low, text, bold=True, colour=style.ink, role="heading"))
    for place, column in enumerate(columns):
        items += _heading(column, Box(body.x + NAMES + LOW + place * wide, body.y, wide - 4, HEAD), text, style)
    for number, row in enumerate(rows.to_dict("records")):
        y = body.y + HEAD + number * step
        said = say("profiles.of", low=str(row["low_on"]), of=str(row["of"]))
        label = fitted(short_name(str(row["name"])), NAMES - 8, text)
        items.append(Text(body.x, y + step * 0.68, label, text, colour=style.ink, role="row-name"))
        items.append(Text(body.x + NAMES, y + step * 0.68, said, text, colour=style.ink, role="row-figure"))
        for place, column in enumerate(columns):
            box = Box(body.x + NAMES + LOW + place * wide, y + 0.75, wide - 1.5, step - 1.5)
            items += _cell(str(row[column.outcome]), column, box, text)
    return page(words, sheet, items)


def _heading(column: ProfileColumn, box: Box, size: float, style: Style) -> list[Text]:
    """Return a heading in as many lines as its column takes, three at the most."""
    lines: list[str] = [""]
    for word in column.heading.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and typefaces.width(longer, size, bold=True) > box.width:
            lines.append(word)
        else:
            lines[-1] = longer
    kept = [fitted(line, box.width, size, bold=True) for line in lines[:3]]
    if len(lines) > 3:
        kept[-1] = fitted(f"{kept[-1]} …", box.width, size, bold=True)
    top = box.bottom - 6 - (len(kept) - 1) * size * 1.15
    return [
        Text(box.x, top + place * size * 1.15, line, size, bold=True, colour=style.ink, role="heading")
        for place, line in enumerate(kept)
    ]


def _cell(band: str, column: ProfileColumn, box: Box, size: float) -> list[Item]:
    """Return a cell: the band's colour and its words; outlined where there is no figure."""
    fill, ink = column.looks.get(band, (palettes.PAPER, palettes.INK_SOFT))
    words = fitted(band or say("value.none"), box.width - 6, size)
    ground = rectangle(box, fill=fill, role="cell")
    return [ground, Text(box.x + 3, box.y + box.height * 0.7, words, size, colour=ink, role="cell-text")]


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text that fits a width, cut at a sign where it does not.

    Examples
    --------
    >>> fitted("Dover", 200.0, 8.0)
    'Dover'
    """
    if typefaces.width(text, size, bold=bold) <= width:
        return text
    short = text.removesuffix(" …")
    while short and typefaces.width(f"{short}…", size, bold=bold) > width:
        short = short[:-1]
    return f"{short.rstrip()}…"
