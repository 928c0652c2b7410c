"""The tables of an atlas: a row an area, a row a cluster, and what every column means."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from analysis.association import claims_table
from analysis.clusters import clusters_frame
from analysis.definitions import DEFAULT_DEFINITIONS, DIMENSIONS, load_typology
from analysis.dictionary import (
    AREAS,
    claim_rows,
    cluster_rows,
    dictionary_frame,
    layer_rows,
    place_rows,
    study_rows,
)
from analysis.fields import PLACE_FIELDS
from analysis.own_types import definitions_named
from analysis.typology import dimensions_of
from analysis.weights import audit_lines
from boundaries.bundled.layers import load_atoms
from boundaries.periods import label
from boundaries.register import atom_codes, load_register
from geo.files import write_csv, write_geojson, write_json, write_parquet, write_text
from maps.atlas.layers import write_areas
from maps.words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from analysis.definitions import Typology
    from analysis.study import Study
    from boundaries.boundary_set import BoundarySet
    from maps.atlas.pictures import Specs

VINTAGES = (2011, 2015, 2019, 2020, 2021, 2023, 2025)
"""Years whose local-authority codes stand beside each area (on 2 April of the year)."""


def column_name(study: Study, field: str) -> str:
    """Return ``<outcome>__<period>__<field>``; a period that is more than digits and hyphens is written in words."""
    period = study.joined.period
    if not re.fullmatch(r"[\d-]+", period):
        period = re.sub(r"[^0-9A-Za-z]+", "-", label(period)).strip("-").lower()
    return "__".join(part for part in (study.joined.meta.id, period, field) if part)


def area_table(studies: Sequence[Study]) -> gpd.GeoDataFrame:
    """Return a row an area with what is known of the place and every field of every study.

    Parameters
    ----------
    studies : on one boundary set.

    Returns
    -------
    GeoDataFrame
        In the order and CRS of the boundary set; columns as in ``dictionary``.
    """
    ground = studies[0].ground
    boundaries = ground.boundaries
    places = boundaries.frame.drop(columns="geometry").set_index("code", drop=False)
    places["geography"] = boundaries.geography
    places["date"] = boundaries.date.isoformat()
    parts = [
        places[[name for name, _, _ in PLACE_FIELDS if name in places]],
        _former_codes(boundaries),
        ground.indicators.reindex(places.index),
        ground.memberships[list(dimensions_of(ground.memberships))].rename(columns=_safe),
        ground.memberships[[rule.column for rule in _further_rules(studies)]].rename(columns=_safe),
        *(_fields(study) for study in studies),
    ]
    table = pd.concat(parts, axis=1).reset_index(drop=True)
    return boundaries.frame[["geometry"]].join(table)[[*table.columns, "geometry"]]


def _further_rules(studies: Sequence[Study]) -> list[Typology]:
    """Return the definitions of kinds of place that were asked for beyond those that every atlas has."""
    known = {load_typology(name).column for name in DEFAULT_DEFINITIONS}
    return [rule for rule in definitions_named(studies[0].config.typologies) if rule.column not in known]


def _safe(column: str) -> str:
    return column.replace("-", "_")


def _former_codes(boundaries: BoundarySet) -> pd.DataFrame:
    """Return, for each area, the local-authority codes of its land at other dates, joined by a bar."""
    index = pd.Index(boundaries.frame["code"], name="code")
    if boundaries.atoms is None:
        return pd.DataFrame(index=index)
    register, bundled = load_register(), load_atoms()
    atoms = boundaries.atoms.set_index("atom")["code"]
    columns = {}
    for year in VINTAGES:
        codes = atom_codes(register, bundled, dt.date(year, 4, 2)).reindex(atoms.index)
        columns[f"lad_{year}"] = codes.groupby(atoms).agg(_barred)
    return pd.DataFrame(columns).reindex(index)


def _fields(study: Study) -> pd.DataFrame:
    frame = study.to_frame()
    return frame.set_axis([column_name(study, str(field)) for field in frame.columns], axis=1)


def _barred(codes: pd.Series[str]) -> str:
    return "|".join(sorted(set(codes)))


def dictionary(studies: Sequence[Study]) -> pd.DataFrame:
    """Return what every column of ``areas``, ``clusters.csv`` and ``claims.csv`` means (``analysis.dictionary``)."""
    rows = [*place_rows(studies[0].ground.boundaries)]
    rows += [
        (AREAS, f"lad_{year}", "Local-authority codes of the same land in that year", "", str(year), "", "", "")
        for year in VINTAGES
    ]
    rows += [row for layer in studies[0].ground.layers for row in layer_rows(layer)]
    rows += [
        (AREAS, _safe(kind), f"{sentence(kind)} by the default definition", "", "", "", "", "")
        for kind in dimensions_of(studies[0].ground.memberships)
        if kind not in DIMENSIONS
    ]
    rows += [
        (
            AREAS,
            _safe(rule.column),
            f"{rule.dimension.capitalize()} by the definition '{rule.id}'; {rule.title}",
            "",
            "",
            source.title,
            source.licence,
            "",
        )
        for rule in _further_rules(studies)
        for source in [rule.source]
    ]
    rows += [row for study in studies for row in study_rows(study, called=partial(column_name, study))]
    return dictionary_frame([*rows, *cluster_rows(), *claim_rows()])


def write_tables(folder: Path, studies: Sequence[Study], table: gpd.GeoDataFrame, specs: Specs) -> list[Path]:
    """Write areas in four formats, clusters, kinds of place, and the data dictionary.

    The GeoPackage carries the colours of the maps that ``specs`` describe, so that QGIS opens it as it was drawn.
    """
    clusters = pd.concat(
        [
            clusters_frame(study.clusters).assign(outcome=study.joined.meta.id, period=study.joined.period)
            for study in studies
        ],
        ignore_index=True,
    )
    front = ["outcome", "period"]
    clusters = clusters[[*front, *(column for column in clusters.columns if column not in front)]]
    meanings = dictionary(studies)
    drawn = [spec for study in studies for spec in specs[study.joined.meta.id]]
    return [
        write_csv(table.drop(columns="geometry"), folder / "areas.csv"),
        write_areas(table, folder / "areas.gpkg", studies, drawn, meanings),
        write_geojson(table, folder / "areas.geojson"),
        write_parquet(table, folder / "areas.parquet"),
        write_csv(clusters, folder / "clusters.csv"),
        write_csv(claims_table([one for study in studies for one in study.associations]), folder / "claims.csv"),
        write_csv(meanings, folder / "data-dictionary.csv"),
    ]


def write_receipts(folder: Path, studies: Sequence[Study]) -> list[Path]:
    """Write the receipt of every join as JSON and as text, and the audit of the neighbour graph."""
    written = []
    for study in studies:
        receipt = study.joined.receipt
        written.append(write_json(folder / f"{receipt.outcome}.json", receipt.to_dict()))
        written.append(write_text(folder / f"{receipt.outcome}.txt", receipt.to_text()))
    weights = studies[0].ground.weights
    audit = {"policy": weights.policy, "lines": audit_lines(weights), **asdict(weights.audit)}
    written.append(write_json(folder / "neighbours.json", audit))
    return written
