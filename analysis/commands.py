"""Verbs of the third floor: analyse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def analyse(
    file: Annotated[Path, typer.Argument(help="A table with area codes or names.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the results.")] = Path("analysis-out"),
    source: Annotated[str, typer.Option(help="Adapter that reads the file.")] = "table",
    value: Annotated[str | None, typer.Option(help="Column to analyse.")] = None,
    code: Annotated[str | None, typer.Option(help="Column of codes.")] = None,
    period: Annotated[str, typer.Option(help="Period to analyse.")] = "latest",
    measure: Annotated[str | None, typer.Option(help="count, rate, mean, median, index or category.")] = None,
    date: Annotated[str | None, typer.Option(help="Boundary date, YYYY-MM-DD.")] = None,
    seed: Annotated[int, typer.Option(help="Of every random draw.", min=0)] = 20240911,
    as_json: JsonOption = False,
) -> None:
    """Study one table: statistics of every area as CSV and GeoPackage.

    Example: placeatlas analyse pay.csv --value median -o results
    """
    from analysis.single import study_file

    columns = {role: name for role, name in (("value", value), ("code", code)) if name}
    result = study_file(
        file, output, source=source, columns=columns, period=period, measure=measure, date=date, seed=seed
    )
    if as_json:
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    for line in result["lines"]:
        typer.echo(line)
