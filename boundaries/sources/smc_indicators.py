"""The Commission's single indicators ("measure_code" files): up to four pairs of split type and value, areas often by name only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.codes import nation_of
from boundaries.intervals import with_standard_errors
from boundaries.outcomes import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.cells import marker_status, read_numbers
from boundaries.sources.options import overrule, text_map
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boundaries.measures import Favourable, Measure, PlaceBasis

_SPLITS = ("primary", "secondary", "tertiary", "fourth")
_AREA_TYPES = re.compile(r"itl|nuts|local authority|lad|region", re.IGNORECASE)
_NAME_SPLITS = re.compile(r"area_name|.*_geo$", re.IGNORECASE)
_GREW_UP = re.compile(r"adolescent|origin|age_?14", re.IGNORECASE)
_BANDS = re.compile(r"quintile|quartile|decile|band|group", re.IGNORECASE)
_YEARS = re.compile(r"year|time_period", re.IGNORECASE)
_UNITS = {
    "percent": "%",
    "percentage": "%",
    "pound sterling": "£",
    "millions of £": "£ million",
    "billions of £": "£ billion",
}
_BAD = re.compile(r"poverty|unemploy|absence|disadvantage", re.IGNORECASE)
_ROLES = {"value": "value", "lower": "lci", "upper": "uci", "sample_size": "sample_size"}
_EFFECT = re.compile(r"random effect", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of areas taken apart: name, groups by breakdown, band, and on which place they stand."""

    raw: pd.DataFrame
    name: list[str]
    groups: dict[str, list[str]]
    bands: list[str]
    basis: PlaceBasis


def read_indicator(path: Path, raw: pd.DataFrame, options: Mapping[str, object], *, edition: str) -> OutcomeTable:
    """Turn the rows of areas of a single-indicator file into an OutcomeTable.

    The name of an area stands in ``area_name`` or in the split value whose type names a geography; the publisher's fifth is
    kept as ``band``; every other split that varies is a breakdown. National figures in the same unit and for the same time
    stand beside the areas.

    Raises
    ------
    TableError
        If the file holds national figures only, or values that are not numbers.
    """
    local = raw[raw["area_type"].str.contains(_AREA_TYPES)].reset_index(drop=True)
    title = raw["measure_title"].iloc[0].strip()
    if local.empty:
        places = raw["area_name"].unique()
        raise TableError(f"{path.name} has figures of nations only: {title}", [f"areas: {listed(places)}"])
    rows = _taken_apart(local)
    national = _national(raw, local, rows)
    both = pd.concat([local, national.raw], ignore_index=True)
    numbers = {role: read_numbers(both[column]) for role, column in _ROLES.items() if column in both.columns}
    bad = [f"{_ROLES[role]}, '{text}'" for role, cells in numbers.items() for text in cells.bad]
    if bad:
        raise TableError(f"{path.name} has cells that are not numbers", [listed(bad)])
    breakdowns = tuple(rows.groups)
    codes = ["" if marker_status(code) is not None else code for code in both["area_code"]]
    frame = outcome_frame(
        {
            "code": codes,
            "name": [*rows.name, *national.name],
            "period": [local["time_period"].iloc[0]] * len(both),
            **{name: [*values, *national.groups[name]] for name, values in rows.groups.items()},
            "band": [*rows.bands, *national.bands],
            **{role: cells.numbers for role, cells in numbers.items()},
            "status": numbers["value"].status,
        },
        extra=(*breakdowns, "band"),
    )
    frame = _kept(path, frame, text_map(options, "where"), breakdowns)
    _refuse_doubles(path, frame, breakdowns)
    meta = overrule(_meta(path, local, title, frame, rows.basis, edition), options)
    return OutcomeTable(
        meta,
        with_standard_errors(frame, meta),
        breakdowns,
        extras=("band",),
        roles={"value": "value", "name": "area_name"},
    )


def _taken_apart(local: pd.DataFrame) -> _Rows:
    """Sort the pairs of splits of every row into name, band, year and breakdowns."""
    records = local.to_dict("records")
    names, bands, cells = [], [], []
    basis: PlaceBasis = "lives in"
    for record in records:
        name, band, groups = str(record["area_name"]), "", {}
        for split in _SPLITS:
            kind, value = str(record[f"{split}_split_type"]), str(record[f"{split}_split_value"])
            if marker_status(kind) is not None or _YEARS.fullmatch(kind):
                continue
            if _NAME_SPLITS.fullmatch(kind):
                # One file puts "United Kingdom" into area_name and the area here.
                name = value
                basis = "grew up in" if _GREW_UP.search(kind) else basis
            elif _BANDS.search(kind):
                band = value
            else:
                groups[kind] = value
        names.append(name)
        bands.append("" if marker_status(band) is not None else band)
        cells.append(groups)
    kinds = list(dict.fromkeys(kind for groups in cells for kind in groups))
    found = {kind: [groups.get(kind, "") for groups in cells] for kind in kinds}
    varying = {kind: values for kind, values in found.items() if len(set(values)) > 1}
    return _Rows(local, names, varying, bands, basis)


def _national(raw: pd.DataFrame, local: pd.DataFrame, rows: _Rows) -> _Rows:
    """Return national rows of the same unit, time and groups as the areas, with their true codes."""
    period, units = str(local["time_period"].iloc[0]), set(local["unit"])
    wide = raw[~raw.index.isin(raw.index[raw["area_type"].str.contains(_AREA_TYPES)])]
    wide = wide[
        (wide["chart_type"] == "trend") & wide["unit"].isin(units) & wide["area_code"].str.fullmatch(r"[KEWSN]\d{8}")
    ]
    # K02000001 stands beside the name "England" in one file: code and name must agree.
    agreeing = wide["area_name"].isin(["United Kingdom", "UK"]) == wide["area_code"].str.startswith("K02")
    wide = wide[agreeing].reset_index(drop=True)
    if wide.empty:
        return _Rows(wide, [], {name: [] for name in rows.groups}, [], "lives in")
    same = []
    for record in wide.to_dict("records"):
        pairs = {str(record[f"{split}_split_type"]): str(record[f"{split}_split_value"]) for split in _SPLITS}
        of_year = [value for kind, value in pairs.items() if _YEARS.fullmatch(kind)]
        same.append(of_year == [period] and all(kind in pairs for kind in rows.groups))
    chosen = (
        _taken_apart(wide[same].reset_index(drop=True)) if any(same) else _Rows(wide.iloc[:0], [], {}, [], "lives in")
    )
    groups = {name: chosen.groups.get(name, [""] * len(chosen.raw)) for name in rows.groups}
    return _Rows(chosen.raw, chosen.name, groups, chosen.bands, "lives in")


def _kept(path: Path, frame: pd.DataFrame, where: Mapping[str, str], breakdowns: tuple[str, ...]) -> pd.DataFrame:
    """Keep the groups the caller asks for."""
    faults = []
    for name, group in where.items():
        if name not in breakdowns:
            faults.append(f"where {name}: breakdowns are {listed(breakdowns) or 'none'}")
        elif not (frame[name] == group).any():
            faults.append(f"where {name} = '{group}': groups are {listed(frame[name].unique())}")
        else:
            frame = frame[frame[name] == group].reset_index(drop=True)
    if faults:
        raise TableError(f"{path.name} has no such groups", faults)
    return frame


def _refuse_doubles(path: Path, frame: pd.DataFrame, breakdowns: tuple[str, ...]) -> None:
    doubled = frame.duplicated(subset=["code", "name", "period", *breakdowns])
    if doubled.any():
        raise TableError(
            f"{path.name} has several rows for one area and group", [listed(frame.loc[doubled, "name"].unique())]
        )


def _meta(
    path: Path, local: pd.DataFrame, title: str, frame: pd.DataFrame, basis: PlaceBasis, edition: str
) -> OutcomeMeta:
    unit = local["unit"].iloc[0].strip()
    effect = local["value_note"].str.contains(_EFFECT).any()
    favourable: Favourable = "low" if _BAD.search(title) else "high"
    measure: Measure = (
        "index" if effect else "mean" if unit.startswith(("£", "Pound")) else "count" if "of £" in unit else "rate"
    )
    scale = _UNITS.get(unit.lower(), unit)
    nations = {nation_of(code) for code in frame["code"] if code}
    who = "people who grew up in the area" if basis == "grew up in" else "people who live in the area"
    return OutcomeMeta(
        id=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"),
        title=title,
        measure=measure,
        unit=f"{'percentage points' if scale == '%' else scale} from the average" if effect else scale,
        favourable=favourable,
        place_basis=basis,
        index_version=edition,
        nations=tuple(nation for nation in "EWSN" if nation in nations) if len(nations) > 1 else ("E", "W", "S", "N"),
        geography="ITL2" if local["area_type"].iloc[0].upper() == "ITL2" else "",
        source=Source(
            title=f"Social Mobility Commission, State of the Nation {edition}: {title}".replace(" :", ":"),
            url="https://social-mobility.data.gov.uk/",
            sha256=sha256_of(path),
            licence="Open Government Licence v3.0",
            attribution=(
                "Social Mobility Commission, State of the Nation data explorer, © Crown copyright, Open Government Licence v3.0.",
            ),
        ),
        description=f"{title}, {who}."
        + (" Deviation from the average of all areas after a mixed-effects model." if effect else ""),
        decimals=1,
    )
