"""The one place where our packages look at themselves: is one of them hidden by a file of the user, and which rooms has each.

Our packages are imported as ``geo``, ``boundaries``, ``analysis`` and ``maps``: plain words that a user's own file may
carry too. This module imports nothing of ours, because at the moment it is needed ours may be the hidden ones.
"""

from __future__ import annotations

import importlib
import pkgutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGES = ("geo", "boundaries", "analysis", "maps")


def rooms_of(
    package: str, folder: Path, *, checked: bool = True
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of one of our packages: its rooms, loaded when they are asked for.

    Parameters
    ----------
    package : its name. folder : where it stands. checked : look first whether a file of the user hides one of ours.

    Raises
    ------
    ImportError
        As ``check``.
    """
    if checked:
        check(folder.parent)
    rooms = sorted(found.name for found in pkgutil.iter_modules([str(folder)]) if not found.name.startswith("_"))

    def load(name: str) -> Any:
        if name not in rooms:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return importlib.import_module(f"{package}.{name}")

    return load, lambda: [*rooms], rooms


def check(home: Path) -> None:
    """Raise if any of our packages would be imported from elsewhere than ``home``.

    Raises
    ------
    ImportError
        Naming each file that hides a package, and what to do.
    """
    hidden = []
    for name in PACKAGES:
        spec = find_spec(name)
        origin = spec.origin if spec is not None else None
        if origin is None or Path(origin).resolve() != (home / name / "__init__.py").resolve():
            hidden.append(f"  '{name}' is found at {origin or 'a folder without __init__.py, or nowhere'}")
    if hidden:
        message = "\n".join(
            [
                "a file or folder hides a package of placeatlas",
                *hidden,
                f"  placeatlas is installed in {home}",
                "  rename your file or folder, or run from another folder",
            ]
        )
        raise ImportError(message)
