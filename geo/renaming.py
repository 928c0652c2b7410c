"""Names that have changed: the former one is accepted for one release, and whoever uses it is told of the new."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class RenamedWarning(FutureWarning):
    """A name that is accepted for one release more; nothing else changes."""


def renamed(former: str, name: str) -> None:
    """Say once that a name has changed."""
    words = f"{former} is now called {name}; the former name is accepted for one release more"
    warnings.warn(words, RenamedWarning, stacklevel=3)


def under_new_names(given: Any, names: Mapping[str, str], *, where: str = "") -> Any:
    """Return a table with its former keys under their new names; anything but a table as it is.

    Parameters
    ----------
    names : former key → key. where : the table's own name, for the words.

    Raises
    ------
    ValueError
        A key under both names.

    Examples
    --------
    >>> under_new_names({"layer": "bundled"}, {"source": "layer"}, where="boundaries")
    {'layer': 'bundled'}
    """
    if not isinstance(given, dict):
        return given
    if both := [f"{former} and {name}" for former, name in names.items() if former in given and name in given]:
        raise ValueError(f"two names of one thing: {'; '.join(both)}")
    for former in names.keys() & given.keys():
        renamed(f"{where}.{former}".strip("."), f"{where}.{names[former]}".strip("."))
    return {names.get(key, key): value for key, value in given.items()}
