"""The tables of an atlas as files: a row an area, an outcome and area, a kind of place, a cluster; and what every column means."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from analysis.weights import audit_lines
from analysis.whole_map import whole_map_frame
from boundaries.series import write_series
from geo.files import write_csv, write_geojson, write_json, write_parquet, write_text
from geo.raster import write_geotiff
from maps.atlas.across import write_across
from maps.atlas.columns import WARNINGS, areas_file
from maps.atlas.cut_tables import outcome_tables
from maps.atlas.described import write_described
from maps.atlas.gis_layers import write_areas
from maps.packs.kept import DICTIONARY, STEM, kit_file, write_kit
from maps.words import say, speaking

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.whole import Atlas


def write_data(atlas: Atlas, folder: Path) -> list[Path]:
    """Write everything below ``data/``: tables and what each says of itself, receipts, a raster, and what packs are made of."""
    data = folder / "data"
    tables = write_tables(atlas, data)
    written = [*tables, *write_described(atlas, tables), *write_receipts(atlas, data / "receipts")]
    for geography, ground in atlas.grounds.items():
        if ground.coast_distance is not None:
            path = data / f"{areas_file(geography, atlas.grounds, stem='distance-to-coast')}.tif"
            write_geotiff(ground.coast_distance, path, title=say("download.coast-title"), unit="m")
            written.append(path)
    for code in atlas.config.outputs.languages:
        with speaking(code):
            for geography, kit in atlas.told(code).kits.items():
                written.append(write_kit(kit, data / kit_file(areas_file(geography, atlas.grounds, stem=STEM))))
    return written


def write_tables(atlas: Atlas, folder: Path) -> list[Path]:
    """Write areas in four formats, levels, profiles, kinds of place, clusters, and the data dictionary.

    The GeoPackage carries the colours of the atlas's maps, so that QGIS opens it as it was drawn. Outcomes of several
    geographies have a table of areas each.
    """
    written = []
    for geography in atlas.grounds:
        table, stem = atlas.table(geography), areas_file(geography, atlas.grounds)
        written += [
            write_csv(table.drop(columns="geometry"), folder / f"{stem}.csv"),
            write_areas(atlas, geography, folder / f"{stem}.gpkg"),
            write_geojson(table, folder / f"{stem}.geojson"),
            write_parquet(table, folder / f"{stem}.parquet"),
        ]
        profiles = atlas.profiles(geography)
        if profiles is not None:
            written.append(write_csv(profiles, folder / f"{areas_file(geography, atlas.grounds, stem='profiles')}.csv"))
    return [
        *written,
        *(write_csv(table, folder / file) for file, table in outcome_tables(atlas).items()),
        *([write_csv(whole, folder / "whole-map.csv")] if len(whole := whole_map_frame(atlas.studies)) else []),
        *_write_periods(atlas, folder),
        *write_across(atlas, folder),
        _write_dictionary(atlas, folder),
    ]


def _write_dictionary(atlas: Atlas, folder: Path) -> Path:
    """Write what the columns of the tables mean that are there: some are written only where there is something to say."""
    told = atlas.dictionary
    there = told["file"].map(lambda name: (folder / name).is_file())
    return write_csv(told[there], folder / DICTIONARY)


def _write_periods(atlas: Atlas, folder: Path) -> list[Path]:
    """Write the series of the outcomes that are followed, and what of them is beyond error; nothing where none is."""
    if atlas.watched is None:
        return []
    # the receipts of a build are one an outcome, of the period shown; those of all periods stand beside them
    bare = [replace(one, receipts=()) for one in atlas.series]
    return [
        *write_series(bare, folder),
        *(
            write_json(
                folder / "receipts" / f"{one.meta.id}-periods.json", [receipt.to_dict() for receipt in one.receipts]
            )
            for one in atlas.series
        ),
        write_csv(atlas.watched.to_frame(), folder / WARNINGS),
    ]


def write_receipts(atlas: Atlas, folder: Path) -> list[Path]:
    """Write the receipt of every join as JSON and as text, and the audit of each neighbour graph."""
    written = []
    for study in atlas.studies:
        receipt = study.joined.receipt
        written.append(write_json(folder / f"{receipt.outcome}.json", receipt.to_dict()))
        written.append(write_text(folder / f"{receipt.outcome}.txt", receipt.to_text()))
    for geography, ground in atlas.grounds.items():
        weights = ground.weights
        audit = {"policy": weights.policy, "lines": audit_lines(weights), **asdict(weights.audit)}
        written.append(write_json(folder / f"{areas_file(geography, atlas.grounds, stem='neighbours')}.json", audit))
    return written
