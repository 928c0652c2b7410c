"""Extensions of other distributions, found by entry point; a broken one is a named warning, a clash an error."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from geo.errors import PluginError

GROUPS = ("placeatlas.commands", "placeatlas.layers", "placeatlas.sources", "placeatlas.statistics")
"""Entry-point groups that placeatlas reads."""


@dataclass(frozen=True, slots=True)
class Extension:
    """One entry point: its group, name, the object it names, and the distribution that brings it."""

    group: str
    name: str
    target: str
    distribution: str


class PluginWarning(UserWarning):
    """An extension that could not be loaded; everything else goes on without it."""


@cache
def _found(group: str) -> tuple[EntryPoint, ...]:
    points = {(point.name, point.value, _distribution(point)): point for point in entry_points(group=group)}
    ordered = tuple(points[key] for key in sorted(points))
    names: dict[str, list[EntryPoint]] = {}
    for point in ordered:
        names.setdefault(point.name, []).append(point)
    clashes = [
        f"'{name}' is brought by {' and by '.join(_distribution(point) for point in same)}"
        for name, same in names.items()
        if len(same) > 1
    ]
    if clashes:
        raise PluginError(f"extensions of the group {group} share a name", [*clashes, "uninstall one of them"])
    return ordered


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unnamed distribution"


def extensions() -> tuple[Extension, ...]:
    """List every extension that is installed, without importing any.

    Raises
    ------
    PluginError
        Two distributions bring the same name in one group.
    """
    return tuple(
        Extension(group, point.name, point.value, _distribution(point)) for group in GROUPS for point in _found(group)
    )


def entry_point(group: str, name: str) -> EntryPoint | None:
    """Return the entry point of that name, unloaded, or None when there is none."""
    return next((point for point in _found(group) if point.name == name), None)


def load_group(group: str) -> dict[str, Any]:
    """Load every extension of a group; one that fails to import is a named warning and is left out."""
    loaded: dict[str, Any] = {}
    for point in _found(group):
        try:
            loaded[point.name] = point.load()
        except Exception as error:  # noqa: BLE001  # whatever a stranger's module does must not stop the run
            message = f"extension '{point.name}' of {_distribution(point)} could not be loaded: {error}"
            warnings.warn(message, PluginWarning, stacklevel=2)
    return loaded
