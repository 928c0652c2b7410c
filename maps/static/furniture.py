"""What stands round a map: heading, foot, the London box, the scale bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps import palettes, typefaces
from maps.scene import Box, Item, Text, rectangle, rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.house import Style
    from maps.scene import View
    from maps.static.column import Setter
    from maps.static.sheet import Worded


LEAST_NAMED = 60.0
"""Points: a narrower London box has no room for its name; the foot says what is enlarged."""


def set_heading(worded: Worded, setter: Setter, *, title_size: float) -> None:
    """Set the finding, and under it what is shown."""
    setter.paragraph(worded.title, size=title_size, bold=True, role="title", balanced=True)
    setter.gap(2)
    setter.paragraph(worded.subtitle, size=10.5, colour=setter.style.ink_soft, role="subtitle")


def foot_lines(foot: Sequence[str], style: Style, width: float, scale: float) -> list[str]:
    """Return the lines of the foot: each paragraph on its own line, and the house's credit."""
    paragraphs = [*foot, style.credit]
    return [line for text in paragraphs if text for line in typefaces.wrapped(text, style.foot * scale, within=width)]


def london_box(box: Box, place: Box, style: Style) -> list[Item]:
    """Return the frame of the London box, its name, and a hairline from the place it enlarges."""
    named = [Text(box.x + 3, box.y + 8.5, "London", 7.5, bold=True, colour=style.ink_soft, role="london-name")]
    return [
        rectangle(place.inset(-1.2), stroke=style.ink_soft, stroke_width=0.4, role="london-place"),
        rule(
            place.x + place.width / 2,
            place.bottom + 1.2,
            box.x + box.width / 2,
            box.y,
            colour=style.ink_soft,
            width=0.4,
            role="leader",
        ),
        rectangle(box, fill=palettes.PAPER, stroke=style.ink_soft, stroke_width=0.4, role="london-frame"),
        *(named if box.width > LEAST_NAMED else []),
    ]


def shetland_box(bounds: tuple[float, float, float, float], view: View, style: Style) -> list[Item]:
    """Return the frame round a Shetland that is not in its true place."""
    west, south, east, north = bounds
    (left, top), (right, bottom) = view.point(west, north), view.point(east, south)
    box = Box(left - 3, top - 3, right - left + 6, bottom - top + 6)
    return [rectangle(box, fill=palettes.PAPER, stroke=style.ink_soft, stroke_width=0.4, role="shetland-frame")]


def scale_bar(view: View, box: Box, style: Style) -> list[Item]:
    """Return a bar of a round number of kilometres, about a fifth of the map wide, at its lower left.

    Drawn on regional maps only: over the whole UK the scale changes across an equal-area map.
    """
    aim = box.width / 5 / view.scale / 1000
    lengths = [step * 10**power for power in range(4) for step in (1, 2, 5)]
    kilometres = max((length for length in lengths if length <= aim), default=1)
    length = kilometres * 1000 * view.scale
    x, y = box.x + 2, box.bottom - 6
    line = [rule(x, y, x + length, y, colour=style.ink_soft, width=1.2, role="scale-bar")]
    ticks = [rule(at, y - 3, at, y, colour=style.ink_soft, width=0.8, role="scale-bar") for at in (x, x + length)]
    return [*line, *ticks, Text(x, y - 5, f"{kilometres} km", 7.0, colour=style.ink_soft, role="scale-text", halo=True)]
