"""Verbs of the third floor: analyse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from analysis.one_table.reading import Reading, reads_a_table

if TYPE_CHECKING:
    from analysis.significance import Correction

StatisticOption = Annotated[
    list[str] | None, typer.Option("--statistic", help="A further statistic: see 'placeatlas plugins' (repeatable).")
]
ExtraLayerOption = Annotated[
    list[str] | None, typer.Option("--extra-layer", help="Further indicators: see 'placeatlas plugins' (repeatable).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@reads_a_table
def analyse(
    file: Annotated[Path, typer.Argument(help="A table with area codes or names.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the results.")] = Path("analysis-out"),
    reading: Reading,
    weights: Annotated[str, typer.Option(help="Neighbours that are reported.")] = "queen+sea-links",
    permutations: Annotated[int | None, typer.Option(help="Draws; by default 99,999 or more.", min=1)] = None,
    correction: Annotated[str, typer.Option(help="fdr_bh, fdr_by, bonferroni or none.")] = "fdr_bh",
    alpha: Annotated[float, typer.Option(help="Level of the tests.")] = 0.05,
    seed: Annotated[int, typer.Option(help="Of every random draw.", min=0)] = 20240911,
    statistic: StatisticOption = None,
    extra_layer: ExtraLayerOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results in that folder.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Study one table: statistics of every area as CSV and GeoPackage.

    Example: placeatlas analyse pay.csv --value median -o results
    """
    from analysis.one_table.studying import study_file
    from analysis.study import StudyConfig
    from geo.remedies import Remedy

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
    result = study_file(file, output, config=config, reading=reading, force=force)
    if as_json:
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    for line in result["lines"]:
        typer.echo(line)
    for remedy in result["remedies"]:
        typer.echo(f"Use {Remedy(**remedy).words('flags')}.")
