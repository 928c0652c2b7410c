"""Verbs of the ground floor."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from geo.plugins import extensions, summary_of


def plugins(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the extensions that are installed: commands, kinds of map, layers, sources, statistics.

    Example: placeatlas plugins
    """
    found = extensions()
    if as_json:
        rows = [asdict(extension) | {"summary": summary_of(extension)} for extension in found]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for extension in found:
        typer.echo(f"{extension.group:22} {extension.name:17} {extension.origin:17} {summary_of(extension)}")
