"""Tell the user when a file of theirs hides one of our four import names.

Our packages are imported as ``geo``, ``boundaries``, ``analysis`` and ``maps``: plain words that a user's own file may
carry too. This module imports nothing of ours, because at the moment it is needed ours may be the hidden ones.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("geo", "boundaries", "analysis", "maps")


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
