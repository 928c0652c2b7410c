"""The frame of every page: heading above (or beside), foot below, and what is left between them for the body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.page.boxes import Box
from maps.page.scene import Item, Text, rectangle, rule
from maps.static import column, furniture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from maps.look.styles import Size, Style
    from maps.page.scene import Worded

GUTTER = 22.0
"""White space between the body and the reading column."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the parts of a page stand; ``items`` are its heading and foot."""

    width: float
    height: float
    body: Box
    items: tuple[Item, ...]

    def split(self, width: float) -> tuple[Box, Box]:
        """Return a body of a given width at the left and the reading column at its right."""
        left = Box(self.body.x, self.body.y, width, self.body.height)
        right = Box(left.right + GUTTER, left.y, self.body.width - width - GUTTER, left.height)
        return left, right

    def piled(self, height: float) -> tuple[Box, Box]:
        """Return a body of a given height at the top and the reading column under it."""
        upper = Box(self.body.x, self.body.y, self.body.width, height)
        under = upper.bottom + GUTTER / 2
        return upper, Box(self.body.x, under, self.body.width, self.body.bottom - under)


def open_sheet(
    worded: Worded, foot: Sequence[str], *, style: Style, size: Size, scale: float = 1.0, extra: float = 0.0
) -> Sheet:
    """Set heading and foot; on a page that grows, the body keeps the size's height (and ``extra`` below it)."""
    margin = style.margin
    inner = size.width - 2 * margin
    items: list[Item] = []
    if style.accent:
        items.append(rectangle(Box(margin, margin - 8, 36, 4), fill=style.accent, role="accent"))
    top = margin
    if not size.wide:
        heading = column.Setter(margin, inner, margin - 4, style)
        furniture.set_heading(worded, heading, title_size=size.title * style.title_scale)
        items.extend(heading.items)
        top = heading.y + 12
    set_foot, foot_height = foot_items(foot, style=style, width=inner, scale=scale)
    height = top + size.height + extra + 8 + foot_height + margin if size.grows else size.height
    foot_y = height - margin - foot_height
    items.extend(set_foot(margin, foot_y))
    return Sheet(size.width, height, Box(margin, top, inner, foot_y - (8 if foot else 0) - top), tuple(items))


def foot_items(
    foot: Sequence[str], *, style: Style, width: float, scale: float
) -> tuple[Callable[[float, float], list[Item]], float]:
    """Return what sets a foot at a place (left, top), and its height; nothing and 0 where there are no lines."""
    lines = furniture.foot_lines(foot, style, width, scale) if foot else []
    leading = style.foot * scale * 1.3

    def set_at(x: float, y: float) -> list[Item]:
        hairline = [rule(x, y, x + width, y, colour=style.rule, width=0.5)] if lines else []
        baselines = (y + 4 + (number + 1) * leading - 1 for number in range(len(lines)))
        return [
            *hairline,
            *(
                Text(x, baseline, line, style.foot * scale, colour=style.ink_soft, role="foot")
                for line, baseline in zip(lines, baselines, strict=True)
            ),
        ]

    return set_at, len(lines) * leading + 6 if lines else 0.0
