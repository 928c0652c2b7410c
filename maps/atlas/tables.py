"""The tables of an atlas: a row an area, a row a cluster, and what every column means."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from analysis.association import associations_frame
from analysis.clusters import clusters_frame
from analysis.weights import audit_lines
from boundaries.bundled.layers import load_atoms
from boundaries.periods import label
from boundaries.register import atom_codes, load_register
from geo.files import write_csv, write_geojson, write_geopackage, write_json, write_parquet, write_text
from maps.qgis import write_styles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd

    from analysis.study import Study
    from boundaries.boundary_set import BoundarySet
    from maps.atlas.pictures import Specs

VINTAGES = (2011, 2015, 2019, 2020, 2021, 2023, 2025)
"""Years whose local-authority codes stand beside each area (on 2 April of the year)."""

PLACE_COLUMNS = (
    ("code", "Code of the area", ""),
    ("name", "Name of the area", ""),
    ("name_cy", "Welsh name, where the area is in Wales", ""),
    ("nation", "E England, W Wales, S Scotland, N Northern Ireland", ""),
    ("region_code", "Code of the English region, or of the nation elsewhere", ""),
    ("region_name", "Name of the English region, or of the nation elsewhere", ""),
    ("geography", "Geography of the code", ""),
    ("date", "Date on which the code set is true", ""),
    ("population", "Residents at the 2011 Census; used as weights only", "people"),
    ("hectares", "Land area as drawn", "hectares"),
    ("coast_share", "Share of the boundary that is open coast", "proportion"),
    ("coast_distance_m", "Mean distance of the area's land to open coast", "metres"),
    ("residents_per_hectare", "Residents per hectare", "people per hectare"),
    ("coastal", "Coastal by the default definition", ""),
    ("rural", "Rural by the default definition", ""),
    ("post_industrial", "Post-industrial by the default definition", ""),
)

FIELDS = {
    "value": "The outcome",
    "lower": "Lower end of the published 95 % interval; empty where none is published",
    "upper": "Upper end of the published 95 % interval; empty where none is published",
    "se": "Standard error; empty where none is known",
    "quality": "How the value reached the area: exact, carried, approximate, modelled, inherited, partial, missing",
    "reason": "Why there is no value",
    "moran_i": "Local Moran's I",
    "moran_z": "Local Moran's I, standardised by its conditional permutations",
    "moran_p": "Two-sided conditional-permutation p of local Moran's I",
    "moran_q": "The same p, adjusted for having looked at every area",
    "moran_class": "Class of local Moran, in value order; empty where the outcome does not cover the area",
    "gi_z": "Gi*, standardised by its conditional permutations",
    "gi_p": "Two-sided conditional-permutation p of Gi*",
    "gi_q": "The same p, adjusted for having looked at every area",
    "gi_class": "Class of Gi*, in value order; empty where the outcome does not cover the area",
    "robustness": "Whether the class stands under other choices of neighbours and other seeds",
    "p_low_low": "Probability that the area would be low-low were the survey taken again",
    "p_high_high": "Probability that the area would be high-high were the survey taken again",
    "rank_lower": "Lower end of the 95 % interval of the area's rank (1 is the lowest value)",
    "rank_upper": "Upper end of the 95 % interval of the area's rank (1 is the lowest value)",
    "against_average": "Whether the value can be told from the average, by the published interval",
    "cluster": "Cluster the area belongs to, or the id it has as a single area; see clusters.csv",
}


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
        places[[name for name, _, _ in PLACE_COLUMNS if name in places]],
        _former_codes(boundaries),
        ground.indicators.reindex(places.index),
        ground.memberships[["coastal", "rural", "post-industrial"]].rename(
            columns={"post-industrial": "post_industrial"}
        ),
        *(_fields(study) for study in studies),
    ]
    table = pd.concat(parts, axis=1).reset_index(drop=True)
    return boundaries.frame[["geometry"]].join(table)[[*table.columns, "geometry"]]


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
    """Return what every column of ``area_table`` means: column, meaning, unit, period, source, licence, method."""
    rows: list[tuple[str, ...]] = [(name, meaning, unit, "", "", "", "") for name, meaning, unit in PLACE_COLUMNS]
    rows += [
        (f"lad_{year}", "Local-authority codes of the same land in that year", "", str(year), "", "", "")
        for year in VINTAGES
    ]
    rows += [row for study in studies for row in _study_rows(study)]
    return pd.DataFrame(rows, columns=["column", "meaning", "unit", "period", "source", "licence", "method"])


def _study_rows(study: Study) -> Iterator[tuple[str, ...]]:
    meta = study.joined.meta
    present = set(study.to_frame().columns)
    for field, meaning in FIELDS.items():
        if field not in present:
            continue
        unit = meta.unit if field in {"value", "lower", "upper", "se"} else ""
        words = f"{meta.title} ({meta.measure})" if field == "value" else meaning
        method = "" if unit else f"seed {study.config.seed}; weights {study.config.weights}"
        yield (
            column_name(study, field),
            words,
            unit,
            label(study.joined.period),
            meta.source.title,
            meta.source.licence,
            method,
        )


def write_tables(folder: Path, studies: Sequence[Study], table: gpd.GeoDataFrame, specs: Specs) -> list[Path]:
    """Write areas in four formats, clusters, associations, and the data dictionary.

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
    note = "Northern Ireland lies outside the area of use of EPSG:27700: fine for storage, not for measuring there."
    return [
        write_csv(table.drop(columns="geometry"), folder / "areas.csv"),
        _styled(write_geopackage(table, folder / "areas.gpkg", "areas", metadata={"note": note}), studies, specs),
        write_geojson(table, folder / "areas.geojson"),
        write_parquet(table, folder / "areas.parquet"),
        write_csv(clusters, folder / "clusters.csv"),
        write_csv(_associations(studies), folder / "associations.csv"),
        write_csv(dictionary(studies), folder / "data-dictionary.csv"),
    ]


STYLED = {"choropleth": "value", "clusters": "moran_class", "hotspots": "gi_class"}
"""Kinds of map whose colours the GeoPackage carries, and the field that each is drawn from."""

TYPES_KEY = (
    "coalesce(nullif(array_to_string(array_remove_all(array(if(\"coastal\" = 'yes', 'coastal', ''), "
    "if(\"rural\" = 'yes', 'rural', ''), if(\"post_industrial\" = 'yes', 'post-industrial', '')), ''), '+'), ''), "
    "if(\"coastal\" = 'no' and \"rural\" = 'no' and \"post_industrial\" = 'no', 'none', 'not-classified'))"
)
"""The class of the map of kinds of place, as QGIS works it out from three columns."""


def _styled(path: Path, studies: Sequence[Study], specs: Specs) -> Path:
    styles = {}
    for study in studies:
        for spec in specs[study.joined.meta.id]:
            if spec.kind in STYLED:
                styles[column_name(study, STYLED[spec.kind])] = spec
            elif spec.kind == "typology":
                styles[TYPES_KEY] = spec
    return write_styles(path, "areas", styles) if styles else path


def _associations(studies: Sequence[Study]) -> pd.DataFrame:
    """Return every type against every outcome: effect, interval, p against maps as smooth; and what could not be tested."""
    parts = []
    for study in studies:
        tested = associations_frame(study.associations)
        refused = pd.DataFrame({"type": list(study.untested), "not_tested": list(study.untested.values())})
        part = pd.concat([tested, refused], ignore_index=True) if len(refused) else tested.assign(not_tested="")
        parts.append(part.assign(outcome=study.joined.meta.id, period=study.joined.period))
    table = pd.concat(parts, ignore_index=True)
    front = ["outcome", "period"]
    return table[[*front, *(column for column in table.columns if column not in front)]]


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
