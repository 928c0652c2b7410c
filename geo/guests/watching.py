"""What a guest may change behind our back: functions of libraries and of ours, the working folder, settings that move numbers.

Whoever replaces ``numpy.mean`` changes every figure after it, and no figure says so. The watch notes what stands before a guest
is let in, and afterwards puts back what it finds replaced. Names that are added are nobody's loss.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIBRARIES = (
    "builtins",
    "json",
    "math",
    "random",
    "statistics",
    "numpy",
    "numpy.linalg",
    "numpy.random",
    "pandas",
    "scipy.linalg",
    "scipy.sparse",
    "scipy.sparse.csgraph",
    "scipy.spatial",
    "scipy.special",
    "scipy.stats",
    "shapely",
    "geopandas",
)
"""Modules whose functions and classes are watched."""

OURS = ("geo", "boundaries", "analysis", "maps", "placeatlas")
"""Packages of which every module that is loaded is watched."""

CLASSES = {"pandas": ("DataFrame", "Series", "Index"), "geopandas": ("GeoDataFrame", "GeoSeries")}
"""Classes of libraries whose methods are watched, too; of ours all are."""

_GONE = object()


class Watch:
    """What stands now; ``changes`` tells what does no longer, and puts it back."""

    def __init__(self) -> None:
        self._names = {(id(owner), name): (owner, label, name, value) for owner, label, name, value in _standing()}
        self._state = {label: read() for label, (read, _) in _STATE.items()}

    def changes(self) -> tuple[str, ...]:
        """Name what was replaced, removed or set since, sorted; everything stands as before when this returns."""
        found = []
        for owner, label, name, value in self._names.values():
            now = vars(owner).get(name, _GONE)
            if now is value or _is_submodule(owner, name, now):
                continue
            setattr(owner, name, value)
            found.append(f"{label}.{name}")
        for label, (read, put_back) in _STATE.items():
            if read() != self._state[label]:
                put_back(self._state[label])
                found.append(label)
        return tuple(sorted(found))


def _standing() -> Iterator[tuple[Any, str, str, Any]]:
    """Yield owner, what it is called, name and value of everything that is watched."""
    loaded: dict[str, Any] = dict(sys.modules)  # anyone may put there what is no module
    for label, module in sorted(loaded.items()):
        if not isinstance(module, ModuleType):
            continue
        ours = label.partition(".")[0] in OURS
        if not ours and label not in LIBRARIES:
            continue
        for name, value in list(vars(module).items()):
            if not _counts(name, value):
                continue
            yield module, label, name, value
            if isinstance(value, type) and (name in CLASSES.get(label, ()) or (ours and value.__module__ == label)):
                for member, function in list(vars(value).items()):
                    if callable(function) or isinstance(function, property | classmethod | staticmethod):
                        yield value, f"{label}.{name}", member, function


def _counts(name: str, value: Any) -> bool:
    """Say whether a name holds something that stays: a function, a class, or a constant."""
    if name.startswith("__"):
        return False
    return callable(value) or (name.isupper() and isinstance(value, str | int | float | tuple | frozenset))


def _is_submodule(owner: Any, name: str, now: Any) -> bool:
    """Say whether the import system itself put a module in place of a function of the same name."""
    return isinstance(now, ModuleType) and now.__name__ == f"{getattr(owner, '__name__', '')}.{name}"


def _environment(before: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(before)


def _drawing() -> dict[str, Any]:
    """Return the settings of matplotlib, where it is loaded."""
    library = sys.modules.get("matplotlib")
    settings = getattr(library, "rcParams", {})
    return dict(dict.items(settings))


def _draw_as(before: dict[str, Any]) -> None:
    settings = sys.modules["matplotlib"].rcParams
    for name, value in before.items():
        dict.__setitem__(settings, name, value)


_STATE: dict[str, tuple[Callable[[], Any], Callable[[Any], None]]] = {
    "the working folder": (os.getcwd, os.chdir),
    "the environment": (lambda: dict(os.environ), _environment),
    "numpy.seterr": (np.geterr, lambda before: np.seterr(**before) and None),
    "the settings of matplotlib": (_drawing, lambda before: _draw_as(before) if before else None),
}
