"""Verbs of the third floor: analyse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from analysis.significance import Correction

GeographyOption = Annotated[
    str | None, typer.Option(help="LAD, UTLA, ITL2 …; default: what the publisher states, else LAD.")
]
LayerOption = Annotated[str, typer.Option(help="Shapes: bundled, official, or the path of a boundary layer.")]
WhereOption = Annotated[list[str] | None, typer.Option(help="COLUMN=GROUP to keep, of a table of groups (repeatable).")]
SheetOption = Annotated[str | None, typer.Option(help="Sheet of a workbook.")]
IndicatorOption = Annotated[str | None, typer.Option(help="Which one, of a file of several.")]
StatisticOption = Annotated[
    list[str] | None, typer.Option("--statistic", help="A further statistic: see 'placeatlas plugins' (repeatable).")
]
ExtraLayerOption = Annotated[
    list[str] | None, typer.Option("--extra-layer", help="Further indicators: see 'placeatlas plugins' (repeatable).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def analyse(
    file: Annotated[Path, typer.Argument(help="A table with area codes or names.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the results.")] = Path("analysis-out"),
    source: Annotated[str, typer.Option(help="Adapter that reads the file.")] = "table",
    value: Annotated[str | None, typer.Option(help="Column to analyse.")] = None,
    code: Annotated[str | None, typer.Option(help="Column of codes.")] = None,
    period: Annotated[str, typer.Option(help="Period to analyse.")] = "latest",
    measure: Annotated[str | None, typer.Option(help="count, rate, mean, median, index or category.")] = None,
    where: WhereOption = None,
    indicator: IndicatorOption = None,
    sheet: SheetOption = None,
    geography: GeographyOption = None,
    layer: LayerOption = "bundled",
    date: Annotated[str | None, typer.Option(help="Boundary date, YYYY-MM-DD.")] = None,
    members: Annotated[str | None, typer.Option(help="Custom areas: smc-203, or a CSV with code,name,member.")] = None,
    weights: Annotated[str, typer.Option(help="Neighbours that are reported.")] = "queen+sea-links",
    permutations: Annotated[int | None, typer.Option(help="Draws; by default 99,999 or more.", min=1)] = None,
    correction: Annotated[str, typer.Option(help="fdr_bh, fdr_by, bonferroni or none.")] = "fdr_bh",
    alpha: Annotated[float, typer.Option(help="Level of the tests.")] = 0.05,
    seed: Annotated[int, typer.Option(help="Of every random draw.", min=0)] = 20240911,
    statistic: StatisticOption = None,
    extra_layer: ExtraLayerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Study one table: statistics of every area as CSV and GeoPackage.

    Example: placeatlas analyse pay.csv --value median -o results
    """
    from analysis.single import groups_of, study_file
    from analysis.study import StudyConfig

    columns = {role: name for role, name in (("value", value), ("code", code)) if name}
    defaults = StudyConfig()
    config = StudyConfig(
        weights=weights,
        against=tuple(policy for policy in (defaults.weights, *defaults.against) if policy != weights),
        permutations=permutations,
        correction=cast("Correction", correction),  # an unknown one is refused with the list of those known
        alpha=alpha,
        seed=seed,
        extra=tuple(statistic or ()),
        layers=tuple(extra_layer or ()),
    )
    result = study_file(
        file,
        output,
        config=config,
        source=source,
        options={
            "columns": columns or None,
            "measure": measure,
            "where": groups_of(where or ()),
            "indicator": indicator,
            "sheet": sheet,
        },
        period=period,
        date=date,
        geography=geography,
        layer=layer,
        members=members,
    )
    if as_json:
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    for line in result["lines"]:
        typer.echo(line)
