"""Verbs of the ground floor."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from geo.plugins import extensions


def plugins(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the extensions that are installed: commands, layers, sources, statistics.

    Example: placeatlas plugins
    """
    found = extensions()
    if as_json:
        typer.echo(json.dumps([asdict(extension) for extension in found], indent=2))
        return
    for extension in found:
        typer.echo(f"{extension.group:24} {extension.name:18} {extension.target:36} {extension.origin}")
