"""Verbs of the third floor: analyse, index, points, warn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from analysis.one_table.levels_asked import BreaksOption, LabelsOption, ModelledOption, ReliabilityOption, levels_asked
from analysis.one_table.reading import Reading, reads_a_table

if TYPE_CHECKING:
    from analysis.change.trend import Rule
    from analysis.significance import Correction

StatisticOption = Annotated[
    list[str] | None,
    typer.Option("--statistic", help="A further statistic, such as esda:LOSH: see 'placeatlas plugins' (repeatable)."),
]
WithOption = Annotated[
    list[str] | None,
    typer.Option("--with", help="What it looks at beside: a column, another file, a covariate, a type (repeatable)."),
]
ParameterOption = Annotated[
    list[str] | None, typer.Option("--parameter", help="NAME=VALUE of the statistic, such as orders=8 (repeatable).")
]
CovariateOption = Annotated[
    list[str] | None,
    typer.Option(
        "--covariate",
        help="Further numbers of areas: a name (see 'placeatlas plugins'), or a TOML file with [[covariate]] (repeatable).",
    ),
]
LargerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--larger", help="Larger areas to test again: UTLA, ITL2, region, LAD, a lookup's column (repeatable)."
    ),
]
FormerOption = Annotated[list[str] | None, typer.Option("--extra-layer", hidden=True)]
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
    beside: WithOption = None,
    parameter: ParameterOption = None,
    covariate: CovariateOption = None,
    larger: LargerOption = None,
    extra_layer: FormerOption = None,
    breaks: BreaksOption = "",
    labels: LabelsOption = "",
    reliability: ReliabilityOption = None,
    modelled: ModelledOption = False,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results in that folder.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Study one table: statistics of every area as CSV and GeoPackage.

    Example: placeatlas analyse pay.csv --value median -o results
    """
    from analysis.layered import covariates_of
    from analysis.one_table.asking import asked_with
    from analysis.one_table.studying import study_file
    from analysis.study import StudyConfig
    from geo.remedies import Remedy

    if extra_layer:
        typer.echo("placeatlas: --extra-layer is called --covariate now; it goes in the next release", err=True)
    defaults = StudyConfig()
    config = StudyConfig(
        weights=weights,
        against=tuple(policy for policy in (defaults.weights, *defaults.against) if policy != weights),
        permutations=permutations,
        correction=cast("Correction", correction),  # an unknown one is refused with the list of those known
        alpha=alpha,
        seed=seed,
        extra=asked_with(statistic or (), beside or (), parameter or ()),
        larger=tuple(larger or ()),
        covariates=covariates_of((*(covariate or ()), *(extra_layer or ()))),
        isolates=reading.isolates,
    )
    levels = levels_asked(breaks, labels, reliability, modelled=modelled)
    result = study_file(file, output, config=config, reading=reading, levels=levels, force=force)
    if as_json:
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    for line in result["lines"]:
        typer.echo(line)
    for remedy in result["remedies"]:
        typer.echo(f"Use {Remedy(**remedy).words('flags')}.")


@reads_a_table
def warn(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Tables of outcomes with several periods, or folders.")
    ] = None,
    *,
    build: Annotated[Path | None, typer.Option("--from", help="A finished build, instead of files.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Folder for the lists as CSV.")] = None,
    reading: Reading,
    since: Annotated[str, typer.Option(help="Earlier period: years, previous, first, or one as published.")] = "years",
    years: Annotated[float, typer.Option(help="How far back, with --since years.")] = 5,
    rho: Annotated[float | None, typer.Option(help="Correlation of the errors of the two periods, if known.")] = None,
    beyond: Annotated[
        float | None, typer.Option(help="How large a change must be to count; default by outcome.")
    ] = None,
    deflator: Annotated[Path | None, typer.Option(help="Prices, a CSV with period,value, for money.")] = None,
    patterns: Annotated[bool, typer.Option("--patterns", help="Also class emerging patterns, with -o.")] = False,
    rule: Annotated[
        str, typer.Option(help="Of recent trends, with -o: slope, or fingertips for its own rule.")
    ] = "slope",
    size: Annotated[
        float | None, typer.Option(help="Also say in what share of areas a change of that size would be seen.")
    ] = None,
    shown: Annotated[int, typer.Option(help="Areas printed of each list.", min=1)] = 20,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results in that folder.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what gets worse and what gets better, beyond the error of both periods.

    Example: placeatlas warn employment.csv pay.csv --source els -o watch
    """
    from analysis.change.comparing import Comparing
    from analysis.change.watching import Watching
    from analysis.watch.telling import lines_of
    from analysis.watch.warn import warn_of, write_warned

    watching = Watching(since=since, years=years, how=Comparing(rho=rho, beyond=beyond))
    warned = warn_of(files or (), build=build, reading=reading, watching=watching, deflator=deflator)
    written: list[Path] = []
    if output is not None:
        written = write_warned(
            warned, output, patterns=patterns, deflator=deflator, rule=cast("Rule", rule), force=force
        )
    if as_json:
        content = {**warned.found.to_dict(), "files": [str(path) for path in written]}
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return
    for line in lines_of(warned.found, warned.titles, shown=shown, size=size):
        typer.echo(line)
    for path in written:
        if path.parent == output:
            typer.echo(str(path))


def index(
    definition: Annotated[str, typer.Argument(metavar="INDEX", help="A TOML file, or a built-in index.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder for the results; default: index-out/<id>.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="Folder in which files are looked up (repeatable).", file_okay=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results in that folder.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Build a composite index with its uncertainty, as an outcome.

    Example: placeatlas index local-opportunity --data downloads/els
    """
    from analysis.indices import index_file

    made, path = index_file(definition, output, data=data or (), force=force)
    if as_json:
        told = {"file": str(path), "lines": list(made.lines()), **made.to_parameters()}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for line in made.lines():
        typer.echo(line)
    typer.echo(path)


def points(
    files: Annotated[
        list[Path], typer.Argument(help="Points: CSV, Parquet, GeoPackage …, or folders of Parquet files.")
    ],
    to: Annotated[str, typer.Option("--to", help="GEOGRAPHY@DATE: LAD@2024-09-11.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The counts, as CSV.")] = Path("points.csv"),
    layer: Annotated[str, typer.Option(help="Shapes: bundled, official, or the path of a layer.")] = "bundled",
    nations: Annotated[str, typer.Option(help="Nations whose areas are wanted, for example E,W.")] = "E,W,S,N",
    x: Annotated[str, typer.Option(help="Column of eastings or longitudes.")] = "",
    y: Annotated[str, typer.Option(help="Column of northings or latitudes.")] = "",
    crs: Annotated[str, typer.Option(help="Reference system of the points, where their file does not tell.")] = "",
    suppress_below: Annotated[int, typer.Option(help="Smaller counts, but 0, are withheld; 0 tells all.", min=0)] = 5,
    as_json: JsonOption = False,
) -> None:
    """Count points by the million into areas, with a receipt of those that lie in none.

    Example: placeatlas points stops.parquet --to LAD@2024-09-11 -o stops-by-district.csv
    """
    from analysis.layered import count_points
    from boundaries.areas.loading import load_boundary_set
    from geo.errors import ConfigError
    from geo.files import refuse_overwriting, write_csv
    from geo.points import PointReading

    geography, _, date = to.partition("@")
    if not date:
        raise ConfigError(f"'{to}' does not say of which date the areas are", ["give GEOGRAPHY@DATE: LAD@2024-09-11"])
    refuse_overwriting(output, files)
    wanted = nations.upper().replace(",", " ").split()
    areas = load_boundary_set(geography.upper(), date, layer=layer, nations=wanted)
    counted = count_points(files, areas, PointReading(x, y, crs), smallest=suppress_below)
    write_csv(counted.to_frame(), output)
    if as_json:
        typer.echo(json.dumps({"file": str(output), "lines": list(counted.lines())}, indent=2, ensure_ascii=False))
        return
    for line in counted.lines():
        typer.echo(f"{line}.")
    typer.echo(output)
