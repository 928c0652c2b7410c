"""Verbs of places and time: boundaries, check, recode, fetch. Everything heavy is imported by the verb that needs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boundaries.fetched_words import progress

if TYPE_CHECKING:
    import datetime as dt

TableArgument = Annotated[Path, typer.Argument(help="A table with area codes or names.")]
OutputOption = Annotated[Path, typer.Option("-o", "--output", help=".gpkg, .geojson, .parquet or .csv (no shapes).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ScenarioOption = Annotated[str | None, typer.Option(help="Planned councils: an id (surrey-2027) or a TOML file.")]
LayerOption = Annotated[str, typer.Option(help="Shapes: bundled, official, or the path of a layer.")]
FormerLayerOption = Annotated[str | None, typer.Option("--source", hidden=True)]
LayerCodeOption = Annotated[str | None, typer.Option(help="Column of codes of the layer.")]
LayerNameOption = Annotated[str | None, typer.Option(help="Column of names of the layer.")]
LookupsOption = Annotated[
    list[str] | None, typer.Option(help="Of a layer: a table of codes and districts, or of two editions (repeatable).")
]
ToOption = Annotated[str | None, typer.Option(help="Date of the councils or, with --lookup, the edition wanted.")]
EditionsOption = Annotated[Path | None, typer.Option(help="A table of codes of two editions of small areas.")]
ToColumnOption = Annotated[str | None, typer.Option(help="Of --lookup: the column of the codes wanted, of several.")]

FAULTS_FOUND = 3
"""Exit code of ``check`` when a join would lose or double anything."""

CHECK_FLAGS = [
    "allow",
    "crs",
    "sheet",
    "geography",
    "date",
    "layer",
    "unit",
    "column",
    "value",
    "where",
    "within",
    "period-form",
]
"""Flags of ``check`` that advice may name."""

app = typer.Typer(help="What is known of places and dates.", no_args_is_help=True)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List geographies, epochs, scenarios and fetched layers.

    Example: placeatlas boundaries list
    """
    from boundaries.areas.describing import listing, listing_text

    content = listing()
    _print(content, listing_text(content), as_json=as_json)


@app.command()
def show(
    what: Annotated[str, typer.Argument(help="GEOGRAPHY@DATE, for example LAD@2021-07-01.")],
    layer: LayerOption = "bundled",
    source: FormerLayerOption = None,
    scenario: ScenarioOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one set of boundaries: areas, nations, epoch, approximate shapes, sources.

    Example: placeatlas boundaries show LAD@2021-07-01
    """
    from boundaries.areas.describing import set_summary, set_text
    from boundaries.areas.loading import load_boundary_set

    geography, date = _split(what)
    summary = set_summary(load_boundary_set(geography, date, layer=_renamed_layer(layer, source), scenario=scenario))
    _print(summary, set_text(summary), as_json=as_json)


@app.command()
def export(
    what: Annotated[str, typer.Argument(help="GEOGRAPHY@DATE.")],
    output: OutputOption,
    layer: LayerOption = "bundled",
    source: FormerLayerOption = None,
    scenario: ScenarioOption = None,
) -> None:
    """Write one set of boundaries to a file (GeoJSON in WGS 84, all else in British National Grid).

    Example: placeatlas boundaries export UTLA@2023-07-01 -o utla.gpkg
    """
    from boundaries.areas.describing import export_set
    from boundaries.areas.loading import load_boundary_set
    from geo.files import refuse_overwriting

    refuse_overwriting(output, [Path(source or layer)])
    geography, date = _split(what)
    made = load_boundary_set(geography, date, layer=_renamed_layer(layer, source), scenario=scenario)
    export_set(made, output)
    typer.echo(f"{len(made)} areas of {what} written to {output}")


@app.command()
def history(
    code: Annotated[str, typer.Argument(help="A code, or the name of a council.")], as_json: JsonOption = False
) -> None:
    """Tell the history of a code in words.

    Example: placeatlas boundaries history E06000058
    """
    from boundaries.areas.describing import history_of

    found = history_of(code)
    _print(found.to_dict(), repr(found), as_json=as_json)


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="A name, however written, or a code.")],
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Find a place by any of its names: current, former, Welsh, colloquial or misspelt.

    Example: placeatlas boundaries find Shepway
    """
    from boundaries.places.search import find_places
    from geo.errors import CodeError

    found = find_places(text, limit=limit)
    if not found:
        raise CodeError(f"no place has a name like {text!r}", ["try another spelling, or a part of the name"])
    _print({"found": [place.to_dict() for place in found]}, "\n".join(map(str, found)), as_json=as_json)


@app.command()
def lookup(
    what: Annotated[str, typer.Argument(help="PARENT@DATE: UTLA, CAUTH, RGN, CTRY, ITL1, ITL2 or ITL3.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="CSV to write; default: standard output.")
    ] = None,
    edition: Annotated[str | None, typer.Option(help="Of the statistical regions; default: the one in use.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say which local authority district lies in which larger area on a date.

    Example: placeatlas boundaries lookup RGN@2023-04-01
    """
    from boundaries.areas.lookup import load_lookup
    from geo.files import refuse_overwriting, write_csv

    parent, date = _split(what)
    found = load_lookup("LAD", parent, date, edition=edition)
    table = found.to_frame()
    if output is not None:
        refuse_overwriting(output, [])
        write_csv(table, output)
    rows = table.to_dict("records")
    text = table.to_csv(index=False, lineterminator="\n") if output is None else f"{len(rows)} rows written to {output}"
    _print(
        {"parent": parent, "date": date.isoformat(), "source": found.source.to_dict(), "rows": rows},
        text,
        as_json=as_json,
    )


def check(
    file: TableArgument,
    code: Annotated[str | None, typer.Option(help="Column of codes, where the guess is wrong.")] = None,
    name: Annotated[str | None, typer.Option(help="Column of names.")] = None,
    period: Annotated[str | None, typer.Option(help="Column of periods.")] = None,
    value: Annotated[str | None, typer.Option(help="Column of values.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="ROLE=COLUMN (repeatable).")] = None,
    where: Annotated[list[str] | None, typer.Option(help="COLUMN=GROUP to keep (repeatable).")] = None,
    gap: Annotated[str | None, typer.Option(help="COLUMN=OF,AGAINST: the gap between two groups.")] = None,
    measure: Annotated[str | None, typer.Option(help="count, rate, mean, median, index or category.")] = None,
    unit: Annotated[str | None, typer.Option(help="£, %, proportion, per 1,000 …")] = None,
    period_form: Annotated[str | None, typer.Option(help="What 2010-12 means: months, or years.")] = None,
    geography: Annotated[str | None, typer.Option(help="LAD, UTLA, LSOA …, where not as inferred.")] = None,
    members: Annotated[str | None, typer.Option(help="Custom areas: smc-203, or a CSV of code,name,member.")] = None,
    layer: Annotated[str, typer.Option(help="bundled, official, or the path of a boundary layer.")] = "bundled",
    crs: Annotated[str | None, typer.Option(help="System of a layer that declares a wrong one or none.")] = None,
    layer_code: LayerCodeOption = None,
    layer_name: LayerNameOption = None,
    lookup: LookupsOption = None,
    date: Annotated[str | None, typer.Option(help="Boundary date, YYYY-MM-DD.")] = None,
    nations: Annotated[str | None, typer.Option(help="Nations whose areas are wanted, for example E,W.")] = None,
    within: Annotated[str | None, typer.Option(help="Only the areas of one place, by code or name.")] = None,
    allow: Annotated[list[str] | None, typer.Option(help="What the join may do that it refuses (repeatable).")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    source: Annotated[str, typer.Option(help="Adapter that reads the file.")] = "table",
    indicator: Annotated[str | None, typer.Option(help="Which one, of a file of several.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Try the join of a table: its codes and their date, and what would be refused, lost or doubled (exit 3).

    Example: placeatlas check downloads/gcses.csv
    """
    from boundaries.joined.checking import asking_of, check_file
    from boundaries.joined.checks import report
    from geo.pairs import pairs_of

    columns = _columns(column, code=code, name=name, period=period, value=value)
    asking = asking_of(
        allow=allow or (),
        where=pairs_of(where or (), "a group is chosen as COLUMN=GROUP", "sex=Female"),
        gap=gap,
        measure=measure,
        unit=unit,
        period_form=period_form,
        date=_date(date) if date else None,
        layer=layer,
        members=members,
        nations=tuple(nations.upper().replace(",", " ").split()) if nations else None,
        within=within,
        crs=crs,
        layer_code=layer_code,
        layer_name=layer_name,
        lookup=lookup or (),
    )
    found = check_file(
        file, columns=columns, geography=geography, sheet=sheet, source=source, indicator=indicator, asking=asking
    )
    _print(found.to_dict(), "\n".join(report(found)), as_json=as_json)
    if not found.sound:
        raise typer.Exit(FAULTS_FOUND)


def _columns(column: list[str] | None, **roles: str | None) -> dict[str, str]:
    """Return the columns that were named: as ROLE=COLUMN, and by options of their own."""
    from geo.pairs import pairs_of

    named = pairs_of(column or (), "a column is named as ROLE=COLUMN", "period=Year") or {}
    return {**named, **{role: said for role, said in roles.items() if said}}


def recode(
    file: TableArgument,
    measure: Annotated[str, typer.Option(help="count, rate, mean, median, index or category.")],
    to: ToOption = None,
    lookup: EditionsOption = None,
    to_column: ToColumnOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="CSV to write; default: standard output.")
    ] = None,
    value: Annotated[
        list[str] | None, typer.Option(help="Column to convert (repeatable); default: all numbers.")
    ] = None,
    code: Annotated[str | None, typer.Option(help="Column of codes.")] = None,
    period: Annotated[str | None, typer.Option(help="Column of periods.")] = None,
    denominator: Annotated[str | None, typer.Option(help="Column of the base of rates and means.")] = None,
    weights: Annotated[
        str | None, typer.Option(help="For former areas: residents-2011, or a CSV of code, weight.")
    ] = None,
    geography: Annotated[str, typer.Option(help="LAD, UTLA or CAUTH.")] = "LAD",
    allow: Annotated[
        list[str] | None, typer.Option(help="What to allow (repeatable): partial, bound, missing, …")
    ] = None,
    scenario: ScenarioOption = None,
    receipt: Annotated[Path | None, typer.Option(help="JSON to write the receipt to.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Convert a table to the councils of another date, refusing what would be false.

    Example: placeatlas recode births.csv --to 2023-04-01 --measure count -o births-2023.csv
    """
    from boundaries.conversion.recoding_files import recode_file
    from boundaries.sources.sidecars import write_sidecar
    from geo.errors import OutputError
    from geo.files import refuse_overwriting, write_csv, write_json

    for written in filter(None, (output, receipt)):
        refuse_overwriting(written, [file, *([Path(weights)] if weights else []), *([lookup] if lookup else [])])
    if output is not None and receipt is not None and output.resolve() == receipt.resolve():
        raise OutputError(f"{output} would be table and receipt in one", ["name another file for one of them"])
    done = recode_file(
        file,
        to=_date(to) if to else None,
        measure=measure,
        lookup=lookup,
        to_column=to_column,
        values=value or (),
        columns=_columns(None, code=code, period=period, denominator=denominator),
        weights=weights,
        geography=geography,
        allow=allow or (),
        scenario=scenario,
    )
    if receipt is not None:
        write_json(receipt, done.to_dict())
    if output is None:
        _print(done.to_dict(), done.to_csv(), as_json=as_json)
        return
    write_csv(done.to_frame(), output)
    write_sidecar(output, done.stated(), columns=done.stated_columns())
    _print(done.to_dict(), "\n".join([*done.statements, f"written to {output}"]), as_json=as_json)


def fetch(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="GEOGRAPHY[@DATE]; a lookup LAD:UTLA[@DATE]; an outcome els:ID, fingertips:NUMBER, "
            "nomis:DATASET?geography=…, dfe:RELEASE#TABLE.csv, smc: or file: with an address. Default: LAD."
        ),
    ] = None,
    resolution: Annotated[str, typer.Option(help="BUC, BSC, BGC, BFC or BFE.")] = "BGC",
    base_url: Annotated[str | None, typer.Option(help="Another server of the same interface.")] = None,
    from_file: Annotated[Path | None, typer.Option(help="A file carried in by hand instead of the network.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask for outcomes anew that the cache holds.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Say which outcomes in the cache have a newer release (exit 3); keep them.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch official boundaries, lookups and outcomes into the cache, whole and hash-checked.

    Example: placeatlas fetch LAD@2023-12-31 els:gross-median-weekly-pay
    """
    from boundaries.getting import fetch_one, newer_releases
    from boundaries.transport import remove_leftovers
    from geo.errors import ConfigError

    if check:
        known = newer_releases(what or (), base_url=base_url)
        lines = [str(one) for one in known] or ["no outcome is held in the cache"]
        _print([one.to_dict() for one in known], "\n".join(lines), as_json=as_json)
        if any(one.newer for one in known):
            raise typer.Exit(FAULTS_FOUND)
        return
    wanted = what or ["LAD"]
    if from_file is not None and len(wanted) > 1:
        raise ConfigError("a file carried in by hand is one thing", [f"found {', '.join(wanted)}"])
    cleared = [str(path) for path in remove_leftovers()]
    if cleared and not as_json:
        typer.echo(f"cleared what a run that was ended left half-written: {', '.join(cleared)}", err=True)
    say = progress(silent=as_json)
    found = [
        fetch_one(one, resolution=resolution, base_url=base_url, from_file=from_file, again=again, progress=say)
        for one in wanted
    ]
    contents = [{**one.content, "cleared": cleared} for one in found]
    _print(contents[0] if len(contents) == 1 else contents, "\n".join(one.text for one in found), as_json=as_json)


def _split(what: str) -> tuple[str, Any]:
    from boundaries.getting import split

    return split(what)


def _date(text: str) -> dt.date:
    from geo.arguments import date_of

    return date_of(text, "date")


def _renamed_layer(layer: str, source: str | None) -> str:
    """Return the layer asked for, under its former name too."""
    from geo.renaming import renamed

    if source is None:
        return layer
    renamed("--source", "--layer")
    return source


def _print(content: dict[str, Any] | list[dict[str, Any]], text: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False) if as_json else text.rstrip("\n"))
