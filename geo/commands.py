"""Verbs of the ground floor."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from geo.plugins import extensions, members_of, summary_of


def plugins(
    family: Annotated[str | None, typer.Argument(help="A family, such as esda: what it holds.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the extensions that are installed: commands, covariates, kinds of map, sources, statistics; or those of a family.

    Example: placeatlas plugins esda
    """
    if family is not None:
        rows = [asdict(member) for member in members_of(family)]
        lines = [
            f"{row['group']:22} {family}:{row['name']:32} {row['words'] if not row['why_not'] else 'no: ' + row['why_not']}"
            for row in rows
        ]
    else:
        found = extensions()
        rows = [asdict(extension) | {"summary": summary_of(extension)} for extension in found]
        lines = [f"{one.group:22} {one.name:21} {one.origin:17} {summary_of(one)}" for one in found]
    typer.echo(json.dumps(rows, indent=2, ensure_ascii=False) if as_json else "\n".join(lines))
