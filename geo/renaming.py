"""Names that changed: the old one is accepted for one release, with a line on stderr that says the new one."""

from __future__ import annotations

import sys

_SAID: set[tuple[str, str]] = set()


def tell_renamed(old: str, new: str) -> None:
    """Say once that a key, option or group has another name now.

    Parameters
    ----------
    old : as the user wrote it, in the words of where it stands: ``[boundaries] source``, ``--extra-layer``.
    new : what it is called now.
    """
    if (old, new) not in _SAID:
        _SAID.add((old, new))
        sys.stderr.write(f"placeatlas: {old} is called {new} now; the old name is accepted until the next release\n")
