"""The tables of a pack: slim CSVs, the layer in two formats, and the build's other tables cut to the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.sources.sidecars import WITHOUT_PERIOD, stated_by, write_sidecar
from geo.files import write_csv, write_geojson, write_geopackage
from maps.feet import licence_lines
from maps.qgis import write_names, write_styles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from maps.packs.contents import Kit, PackOutcome, Region

PLACE = (
    "code",
    "name",
    "name_cy",
    "nation",
    "region_name",
    "population",
    "coastal",
    "rural",
    "post_industrial",
    "note",
)
"""What is said of a place in the slim tables, where the build knows it."""

FIGURES = ("value", "lower", "upper", "band", "level", "moran_class")
"""Fields of an outcome in the slim table of areas."""

ROLE, OWN, BESIDE = "role", "own", "beside"
"""A column that tells the areas of a place from those shown beside it."""


def full_table(kit: Kit, region: Region) -> pd.DataFrame:
    """Return every column of the atlas's table for the areas of a place, those beside it last."""
    shown = list(region.shown)
    table = pd.DataFrame(kit.table.drop(columns="geometry", errors="ignore")).set_index("code").loc[shown].reset_index()
    if region.context:
        table.insert(2, ROLE, [OWN if code in region.codes else BESIDE for code in shown])
    return table


def slim_table(table: pd.DataFrame, outcomes: Sequence[PackOutcome]) -> pd.DataFrame:
    """Return what is known of the places, and of each outcome its figure, interval, band, level and class of cluster.

    Notes
    -----
    Columns that hold nothing for any area (a Welsh name in England, an interval that is not published) are left out.
    """
    places = [name for name in (*PLACE[:2], ROLE, *PLACE[2:]) if name in table]
    figures = [f"{one.prefix}__{field}" for one in outcomes for field in FIGURES if f"{one.prefix}__{field}" in table]
    return table[[*places, *(name for name in figures if not _bare(table[name]))]].drop(
        columns=[name for name in ("name_cy",) if name in table and _bare(table[name])]
    )


def outcome_table(table: pd.DataFrame, outcome: PackOutcome) -> pd.DataFrame:
    """Return every field of one outcome, under its own name (``value``, ``lower``), beside code and name."""
    front = f"{outcome.prefix}__"
    fields = {name: name.removeprefix(front) for name in table.columns if name.startswith(front)}
    places = [name for name in ("code", "name", ROLE) if name in table]
    return table[[*places, *fields]].rename(columns=fields)


def write_tables(
    folder: Path,
    region: Region,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    kit: Kit,
    sources: Sequence[Source],
    further: Sequence[str],
) -> None:
    """Write the tables of areas and of outcomes, and what the columns of these and of ``further`` tables mean."""
    table = full_table(kit, region)
    slim = slim_table(table, outcomes)
    held = {str(name): kit.note.described[name] for name in slim.columns if name in kit.note.described}
    about = {"title": f"{kit.note.atlas}: {region.info.name}", **stated_by(sources), **WITHOUT_PERIOD}
    write_sidecar(write_csv(slim, folder / "areas.csv", excel=True), about, columns=held)
    for outcome in outcomes:
        if outcome.prefix:
            write_csv(outcome_table(table, outcome), folder / "data" / f"{outcome.id}.csv", excel=True)
    _write_layers(folder, region, boundaries, outcomes, table, kit, sources)
    if kit.note.dictionary is not None:
        write_csv(_told(kit.note.dictionary, further), folder / "data-dictionary.csv", excel=True)


def _told(dictionary: pd.DataFrame, written: Sequence[str]) -> pd.DataFrame:
    """Return what is said of the columns of the files that are in the pack."""
    if "file" not in dictionary:
        return dictionary
    return dictionary[dictionary["file"].isin({"areas.csv", *written})]


def _write_layers(
    folder: Path,
    region: Region,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    table: pd.DataFrame,
    kit: Kit,
    sources: Sequence[Source],
) -> None:
    """Write areas with shapes: everything as GeoPackage in the colours of the maps, the slim table as GeoJSON."""
    layer = layer_name(region)
    about = {
        "IDENTIFIER": f"{kit.note.atlas}: {region.info.name}",
        "DESCRIPTION": " ".join(licence_lines(sources)),
    }
    shapes = boundaries.frame[["code", "geometry"]]
    shaped = shapes.merge(table, on="code")[[*table.columns, "geometry"]]
    geopackage = write_geopackage(shaped, folder / "areas.gpkg", layer, metadata=about)
    write_names(geopackage, layer, kit.note.names)
    if drawn := [spec for outcome in outcomes for spec in outcome.specs if spec.assignment]:
        write_styles(geopackage, layer, drawn)
    slim = slim_table(table, outcomes)
    write_geojson(shapes.merge(slim, on="code")[[*slim.columns, "geometry"]], folder / "areas.geojson")


def layer_name(region: Region) -> str:
    """Return what the layer is called: the name of the pack's folder without its code, in small letters and underscores."""
    return region.info.slug.replace("-", "_")


def _bare(column: pd.Series) -> bool:
    """Say whether a column holds nothing."""
    return bool((column.isna() | (column.astype(str) == "")).all())
