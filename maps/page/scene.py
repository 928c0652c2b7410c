"""What stands on a page, in points from its top left corner: the one thing both writers of static files draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from maps.page.boxes import Box, View
    from maps.page.composition import IntArray, Shapes

Anchor = Literal["start", "middle", "end"]

TABULAR = frozenset(
    {"legend-label", "legend-note", "legend-count", "table-figure", "tick", "row-figure", "row-p", "key-name"}
)
"""Roles of text whose figures have one width, so that they stand under each other."""


class Worded(Protocol):
    """What a page says round its picture; a ``MapSpec`` or a ``ChartSpec``."""

    @property
    def title(self) -> str:
        """The finding."""

    @property
    def subtitle(self) -> str:
        """What is shown."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text on its baseline. ``role`` says what it is (title, label …); ``halo`` gives it an edge, of paper or of its ground."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    colour: str = "#1d1d1b"
    anchor: Anchor = "start"
    role: str = "label"
    halo: bool = False
    halo_colour: str = "#ffffff"

    @property
    def tabular(self) -> bool:
        """Say whether figures have one width, as in legends and tables."""
        return self.role in TABULAR


@dataclass(frozen=True, slots=True)
class Shape:
    """Straight lines through points, closed when filled; several parts of one colour may share a shape. ``title`` names a mark."""

    parts: tuple[tuple[tuple[float, float], ...], ...]
    fill: str = ""
    stroke: str = ""
    stroke_width: float = 0.0
    hatch: str = ""
    hatch_colour: str = ""
    dash: tuple[float, ...] = ()
    role: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str = ""
    stroke_width: float = 0.0
    role: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """Areas of one class: their places in the layer, and how they are filled."""

    key: str
    members: IntArray
    colour: str
    hatch: str = ""
    hatch_colour: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """Borders of one look: which runs of the layer's borders."""

    key: str
    runs: IntArray
    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaLayer:
    """Areas and borders of one layer of shapes seen through one view. ``titles`` name areas by their place in the layer."""

    shapes: Shapes
    view: View
    fills: tuple[Fill, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    titles: dict[int, str] = field(default_factory=dict)
    role: str = "areas"


Item = Text | Shape | Disc | AreaLayer


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a given size in points; items are drawn in order. ``places`` are the boxes that text must keep to."""

    id: str
    width: float
    height: float
    items: tuple[Item, ...]
    title: str
    description: str = ""
    bookmarks: tuple[str, ...] = ()

    def texts(self) -> tuple[Text, ...]:
        """Return every text on the page."""
        return tuple(item for item in self.items if isinstance(item, Text))


def rectangle(
    box: Box,
    *,
    fill: str = "",
    stroke: str = "",
    stroke_width: float = 0.0,
    hatch: str = "",
    hatch_colour: str = "",
    role: str = "",
) -> Shape:
    """Return a box as a shape."""
    corners = ((box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom), (box.x, box.y))
    return Shape(
        (corners,),
        fill=fill,
        stroke=stroke,
        stroke_width=stroke_width,
        hatch=hatch,
        hatch_colour=hatch_colour,
        role=role,
    )


def rule(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    colour: str,
    width: float,
    dash: tuple[float, ...] = (),
    role: str = "rule",
) -> Shape:
    """Return a straight line."""
    return Shape((((x1, y1), (x2, y2)),), stroke=colour, stroke_width=width, dash=dash, role=role)
