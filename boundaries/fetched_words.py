"""What the verb fetch says of what it kept, and of what it is doing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from boundaries.official import CachedLayer, CachedLookup


def told(kept: CachedLayer | CachedLookup) -> dict[str, list[str]]:
    """Return what was checked and what had to be survived, as data."""
    return {"checks": list(kept.checks), "notes": list(kept.notes)}


def fetched_text(kept: CachedLayer | CachedLookup) -> str:
    """Return what was fetched, what was checked, what had to be survived, and where it lies."""
    return "\n".join(
        [
            f"{kept.source.title} ({kept})",
            *(f"  checked: {check}" for check in kept.checks),
            *(f"  note: {note}" for note in kept.notes),
            str(kept.path),
        ]
    )


def progress(*, silent: bool) -> Callable[[int, int], None] | None:
    """Return what overwrites one line of a terminal with the rows held; nothing where errors are piped."""
    if silent or not sys.stderr.isatty():
        return None

    def show(held: int, expected: int) -> None:
        typer.echo(f"\r{held:,} of {expected:,} rows", err=True, nl=held >= expected)

    return show
