"""Verbs of the top floor: build, claim, compare, map, pack, replay, schema, serve."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.one_table.levels_asked import BreaksOption, LabelsOption, ModelledOption, ReliabilityOption, levels_asked
from analysis.one_table.reading import Reading, reads_a_table
from maps.kinds.table import kind_names
from maps.progress import Progress

if TYPE_CHECKING:
    from boundaries.joined.extent import LoneRegion

DataOption = Annotated[
    list[Path] | None,
    typer.Option("--data", help="Folder in which relative file names are looked up (repeatable).", file_okay=False),
]
LargerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--larger", help="Of larger: areas to test again: UTLA, ITL2, region, LAD, a lookup's column (repeatable)."
    ),
]
CovariateOption = Annotated[
    list[str] | None,
    typer.Option(
        "--covariate",
        help="Numbers of areas: a name, or a TOML file with [[covariate]]; a rule or --against names them.",
    ),
]
TypesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--type", help="A kind of place: a CSV of codes or names, a TOML file, post-industrial-measured=TABLE."
    ),
]
WorkersOption = Annotated[
    str | None,
    typer.Option(help="Processes that do the work, or a dask scheduler: tcp://host:8786. The result is the same."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KINDS_HELP = f"{', '.join(kind_names('map'))}."
DIFFERS = 3
"""Exit code of compare where the builds differ: neither success nor an error, as of check."""
FromOption = Annotated[Path | None, typer.Option("--from", help="A build; default: the newest in atlas-out/.")]


def build(
    atlas: Annotated[str | None, typer.Argument(help="A built-in atlas or a TOML file; default: starter.")] = None,
    data: DataOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; default: atlas-out/<slug>.")] = None,
    seed: Annotated[int | None, typer.Option(help="Overrule the configuration's seed.", min=0)] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier atlas in that folder.")] = False,
    sign: Annotated[
        Path | None,
        typer.Option(help="Ed25519 private key (PEM, OpenSSH or minisign, no password) to sign the manifest with."),
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch what the configuration names and the cache does not hold.")
    ] = False,
    workers: WorkersOption = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Do everything anew, also what an interrupted build has finished.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Build an atlas: join, study, maps, pages, packs, manifest.

    Example: placeatlas build social-mobility --data downloads/smc
    """
    from geo.work import workers_of
    from maps.atlas.jobs import How
    from maps.atlas.run import build_atlas

    progress = Progress.on_a_terminal(silent=as_json)
    how = How(None if workers is None else workers_of(workers), not fresh, progress.say, progress.count)
    with progress:
        built = build_atlas(atlas, data=data or (), out=out, seed=seed, force=force, key=sign, fetch=fetch, how=how)
    if as_json:
        typer.echo(json.dumps(built.to_dict(), indent=2, ensure_ascii=False))
        return
    for line in built.summary:
        typer.echo(line)
    typer.echo(built.out / "index.html")


@reads_a_table
def map_(
    file: Annotated[Path, typer.Argument(help="A table with area codes or names.", exists=False)],
    *,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="PNG, SVG or PDF; default: FILE.png.")] = None,
    reading: Reading,
    kind: Annotated[str, typer.Option(help=KINDS_HELP)] = "choropleth",
    since: Annotated[str, typer.Option(help="Of change: the earlier period; of multiples: the first.")] = "",
    against: Annotated[
        str,
        typer.Option(help="Another column, or another file: of bivariate the second outcome, of symbols their colour."),
    ] = "",
    against_unit: Annotated[str, typer.Option(help="Unit of --against: £, %, per 1,000 …")] = "",
    breaks: BreaksOption = "",
    labels: LabelsOption = "",
    reliability: ReliabilityOption = None,
    modelled: ModelledOption = False,
    types: TypesOption = None,
    covariate: CovariateOption = None,
    larger: LargerOption = None,
    layout: Annotated[str, typer.Option(help="Of hex: a published layout, HexJSON or a GeoPackage of hexagons.")] = "",
    style: Annotated[str, typer.Option(help="House style: govuk, ons, smc, greyscale, or a TOML file.")] = "",
    size: Annotated[str, typer.Option(help="page, a4, slide, social or phone.")] = "page",
    dpi: Annotated[int, typer.Option(help="Dots an inch of a PNG.", min=30, max=1200)] = 150,
) -> None:
    """Draw one map or chart from one table.

    Example: placeatlas map pay.csv --value median --unit £ --kind clusters -o pay.svg
    """
    from maps.one.picture import Picture, draw_one

    picture = Picture(
        kind=kind,
        since=since,
        against=against,
        against_unit=against_unit,
        layout=layout,
        levels=levels_asked(breaks, labels, reliability, modelled=modelled),
        style=style,
        size=size,
        dpi=dpi,
        types=tuple(types or ()),
        covariates=tuple(covariate or ()),
        larger=tuple(larger or ()),
    )

    def say(lone: LoneRegion) -> None:
        typer.echo(f"{lone.words} Use {lone.remedy.words('flags')}.", err=True)

    typer.echo(draw_one(file, output, reading=reading, picture=picture, say=say, warn=partial(typer.echo, err=True)))


@reads_a_table
def claim(
    words: Annotated[str, typer.Argument(help='For example "coastal areas have lower pay"; or a file of claims.')],
    file: Annotated[Path | None, typer.Argument(help="A table with area codes; or name a build with --from.")] = None,
    *,
    build_folder: FromOption = None,
    data: DataOption = None,
    reading: Reading,
    definition: Annotated[
        str, typer.Option(help="The one definition that counts, by id, or a TOML or CSV file; default: all.")
    ] = "",
    types: TypesOption = None,
    covariate: CovariateOption = None,
    scale: Annotated[str | None, typer.Option(help="value, log, rank or normal-scores.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Also write the table, as CSV.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of every random draw; default: the build's.", min=0)] = None,
    as_json: JsonOption = False,
) -> None:
    """Put claims about kinds of place to the data: the gap on the map, and the gap beside places nearby.

    Example: placeatlas claim "rural and coastal areas have lower income" --from atlas-out/starter
    """
    from analysis.association import scale_named
    from geo.files import write_csv
    from maps.one.claiming import Asking, answer_from_build, answer_from_file, names_outcomes

    asking = Asking(
        definition,
        tuple(types or ()),
        tuple(data or ()),
        None if scale is None else scale_named(scale),
        seed,
        tuple(covariate or ()),
    )
    if file is None and not names_outcomes(words, asking.data):
        found = answer_from_build(words, build_folder, asking)
    else:
        found = answer_from_file(words, file, reading=reading, asking=asking)
    if output is not None:
        write_csv(found.table(), output)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
        return
    for line in found.lines():
        typer.echo(line)


def compare(
    old: Annotated[Path, typer.Argument(help="Folder of the earlier build.")],
    new: Annotated[Path, typer.Argument(help="Folder of the later build.")],
    output: Annotated[Path, typer.Option("-o", "--out", help="Folder for page and CSV.")] = Path("compare-out"),
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier comparison in that folder.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what changed between two builds: exit code 0 where nothing did, 3 where something did.

    Example: placeatlas compare atlas-out/2024 atlas-out/2025 -o what-changed
    """
    from maps.compare import compare_folders, comparison_lines

    found = compare_folders(old, new, output, force=force)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
    else:
        for line in comparison_lines(found):
            typer.echo(line)
        typer.echo(output / "index.html")
    if not found.same:
        raise typer.Exit(DIFFERS)


def pack(
    places: Annotated[
        list[str],
        typer.Argument(
            help="Codes or names of nations, English regions, combined authorities, counties and single areas; "
            "or a CSV or TOML with a list of one's own."
        ),
    ],
    build_folder: FromOption = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            help="Of the packs, repeatable: en, cy. Default: English, and Welsh in Wales where the build has it."
        ),
    ] = None,
    workers: WorkersOption = None,
    html_only: Annotated[
        bool, typer.Option("--html-only", help="Summaries as HTML only: PDF and DOCX need the extra 'packs'.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write download packs of places, from a finished build alone.

    Example: placeatlas pack "North East (region)" Cornwall W92000004
    """
    from geo.work import workers_of
    from maps.atlas.repacking import packs_from_build

    progress, warn = Progress.on_a_terminal(silent=as_json), partial(typer.echo, err=True)
    with progress:
        zips = packs_from_build(
            places,
            build_folder,
            languages=language or (),
            workers=workers_of(workers or 1),
            documents=not html_only,
            say=progress.say,
            count=progress.count,
            warn=warn,
        )
    if as_json:
        typer.echo(json.dumps([str(path) for path in zips], indent=2, ensure_ascii=False))
        return
    for path in zips:
        typer.echo(path)


def replay(
    manifest: Annotated[Path, typer.Argument(help="manifest.json of a build, or its folder.")],
    data: DataOption = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Also draw every picture, page and pack again; as long as a build.")
    ] = False,
    public_key: Annotated[
        Path | None,
        typer.Option(help="Ed25519 public key (PEM, OpenSSH or minisign) by which the manifest must be signed."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Prove a build: every file on disk as it was written, every table and field of the manifest the same again.

    Example: placeatlas replay atlas-out/starter
    """
    from geo.errors import OutputError
    from maps.atlas.replaying import replay_build

    found = replay_build(manifest, data=data or (), whole=whole, public_key=public_key)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
    else:
        for name, equal in found.computed.items():
            typer.echo(f"{'equal    ' if equal else 'DIFFERENT'} {name}")
        typer.echo(f"{found.unchanged} files on disk are as they were written")
        if public_key is not None and found.signature is None:
            typer.echo(f"signed by {public_key.name}")
    if found.faults:
        raise OutputError(f"{manifest} is not what was built", found.faults)


def schema(name: Annotated[str, typer.Argument(help="config, manifest or receipt.")]) -> None:
    """Print the JSON schema of a file that placeatlas reads or writes.

    Example: placeatlas schema config
    """
    from maps.atlas.schemas import schema_of

    typer.echo(json.dumps(schema_of(name), indent=2))


def serve(
    folder: Annotated[Path | None, typer.Argument(help="A build; default: the newest in atlas-out/.")] = None,
    port: Annotated[int, typer.Option(help="Port on the loopback address; 0 picks a free one.", min=0, max=65535)] = 0,
) -> None:
    """Look at a build in a browser, on the loopback address only.

    Example: placeatlas serve atlas-out/starter --port 8000
    """
    from maps.atlas.builds import build_or_newest
    from maps.atlas.serving import open_server

    with open_server(build_or_newest(folder), port) as server:
        typer.echo(f"http://127.0.0.1:{server.server_address[1]}/index.html (Ctrl-C ends it)")
        server.serve_forever()
