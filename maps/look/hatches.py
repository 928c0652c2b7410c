"""Hatches: every pattern a fill may carry, described once for all that draw it.

Distances are points on paper. The writers of static files read this table; the page's script (``paint.js``) holds the same
names, which a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hatch:
    """One pattern: lines (or dots, of radius ``thick``) every ``step`` points.

    ``turn`` is the lines' lean in degrees clockwise from upright; ``cross`` adds lines at right angles; ``edge`` is white on
    both sides of a stripe, so that stripe and ground are told apart where their greys are alike. ``letters`` and
    ``letter_width`` draw it with matplotlib, whose lines are counted by the inch.
    """

    step: float
    thick: float
    letters: str
    letter_width: float
    turn: float = 45.0
    cross: bool = False
    dots: bool = False
    edge: float = 0.0


HATCHES: dict[str, Hatch] = {
    # what is not known, or unlike its neighbours: said loudly
    "diagonal": Hatch(4.0, 0.7, "/////", 0.6),
    "back": Hatch(4.0, 0.7, "\\\\\\\\\\", 0.6, turn=-45.0),
    "dots": Hatch(4.0, 0.55, "....", 0.1, dots=True),
    # direction, and which of two: said quietly; at 150 dots an inch a line is one dot in five, so none is blurred
    "lines": Hatch(2.4, 0.42, "-----", 0.42, turn=90.0),
    "upright": Hatch(2.4, 0.42, "|||||", 0.42, turn=0.0),
    "slant": Hatch(2.4, 0.4, "\\\\\\\\\\\\\\", 0.4, turn=-45.0),
    "stipple": Hatch(3.2, 0.75, "....", 0.9, dots=True),
    "grid": Hatch(3.0, 0.4, "++++", 0.4, turn=0.0, cross=True),
    # two at once: both colours count
    "stripes": Hatch(6.0, 2.6, "///", 2.6, edge=0.35),
    "stripes-back": Hatch(6.0, 2.6, "\\\\\\", 2.6, turn=-45.0, edge=0.35),
    "stripes-upright": Hatch(6.0, 2.6, "||", 2.6, turn=0.0, edge=0.35),
}
"""By the name that ``LegendClass.hatch`` carries."""
