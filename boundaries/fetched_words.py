"""What the verb fetch says of what it is doing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable


def progress(*, silent: bool) -> Callable[[int, int], None] | None:
    """Return what overwrites one line of a terminal with the rows held; nothing where errors are piped."""
    if silent or not sys.stderr.isatty():
        return None

    def show(held: int, expected: int) -> None:
        typer.echo(f"\r{held:,} of {expected:,} rows", err=True, nl=held >= expected)

    return show
