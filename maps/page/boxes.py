"""Rectangles of a page in points, and the way from metres to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge."""
        return self.y + self.height

    def overlaps(self, other: Box, *, margin: float = 0.0) -> bool:
        """Say whether two boxes share more than an edge, or come closer than ``margin``."""
        return (
            self.x < other.right + margin
            and other.x < self.right + margin
            and self.y < other.bottom + margin
            and other.y < self.bottom + margin
        )

    def holds(self, other: Box, *, tolerance: float = 0.01) -> bool:
        """Say whether another box lies inside this one."""
        return (
            self.x <= other.x + tolerance
            and self.y <= other.y + tolerance
            and other.right <= self.right + tolerance
            and other.bottom <= self.bottom + tolerance
        )

    def moved(self, dx: float, dy: float) -> Box:
        """Return the box elsewhere: to the right by dx, down by dy."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def inset(self, by: float) -> Box:
        """Return the box smaller by a margin on every side."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True, slots=True)
class View:
    """From metres to points: x = scale · east + dx, y = dy − scale · north; only what lies in ``box`` is shown."""

    scale: float
    dx: float
    dy: float
    box: Box

    def point(self, east: float, north: float) -> tuple[float, float]:
        """Return a place on the page."""
        return self.scale * east + self.dx, self.dy - self.scale * north
