"""The Commission's single indicators ("measure_code" files): up to four pairs of split type and value, areas often by name only."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.outcomes.intervals import with_standard_errors
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.outcomes.units import FROM_AVERAGE
from boundaries.register.codes import nation_of
from boundaries.sources.cells import marker_status, read_numbers
from boundaries.sources.options import overrule, text_map
from boundaries.vocabulary import COUNTRY_CODES, NATIONS, whole_of, wider_names
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boundaries.outcomes.measures import Favourable, Measure, PlaceBasis

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
_OF_PEOPLE = re.compile(r"seb|sex|gender|ethnic|disab|age|fsm", re.IGNORECASE)
"""Splits into groups of people: which end is good is the same for each. Other splits cut the outcome itself into its kinds."""
_GOOD_KINDS = re.compile(r"\bprofessional|degree|managerial", re.IGNORECASE)
_BAD_KINDS = re.compile(r"unemployed|\bworking|routine|no qualification", re.IGNORECASE)
_COUNTRIES = {**wider_names(), **{name.casefold(): COUNTRY_CODES[initial] for initial, name in NATIONS.items()}}
_UK = whole_of(NATIONS)
_MONEY = {"thousands of £": 1e3, "millions of £": 1e6, "billions of £": 1e9}
_ADDS_UP = 0.1
"""How far areas may add up to another sum than the nation's figure and still be its parts: small areas are rounded."""
_BASES = {"dr52": "per 100,000 residents"}
"""What figures that are no totals are divided by, where the file does not say: the areas' figures times their residents give the
United Kingdom's expenditure (within 1 % for 2024, with residents of the 2011 Census scaled to today's)."""
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
    stand beside the areas. A file without areas is an outcome of nations.

    Raises
    ------
    TableError
        If the file holds neither areas nor nations, or values that are not numbers.
    """
    local = raw[raw["area_type"].str.contains(_AREA_TYPES)].reset_index(drop=True)
    title = raw["measure_title"].iloc[0].strip()
    of_nations = local.empty
    if of_nations:
        local = _nations_only(path, raw, title)
    rows = _taken_apart(local)
    national = _Rows(local.iloc[:0], [], {name: [] for name in rows.groups}, [], "lives in")
    national = national if of_nations else _national(raw, local, rows)
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
            "period": [*local["time_period"], *([local["time_period"].iloc[0]] * len(national.raw))],
            **{name: [*values, *national.groups[name]] for name, values in rows.groups.items()},
            "band": [*rows.bands, *national.bands],
            **{role: cells.numbers for role, cells in numbers.items()},
            "status": numbers["value"].status,
        },
        extra=(*breakdowns, "band"),
    )
    frame = _kept(path, frame, text_map(options, "where"), breakdowns)
    _refuse_doubles(path, frame, breakdowns)
    meta = _meta(path, local, title, rows.basis, edition)
    meta = replace(
        meta,
        nations=_covered(raw),
        geography="CTRY" if of_nations else meta.geography,
        favourable=_favourable(meta.favourable, frame, breakdowns),
    )
    meta = overrule(meta if of_nations else _no_total(meta, raw, local), options)
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


def _nations_only(path: Path, raw: pd.DataFrame, title: str) -> pd.DataFrame:
    """Return the rows of a file that holds nations alone, with the codes of their names: one file stamps all with the UK's."""
    wide = raw[raw["chart_type"].str.startswith("trend")].reset_index(drop=True)
    codes = wide["area_name"].str.strip().str.casefold().map(_COUNTRIES)
    if wide.empty or codes.isna().any():
        found = listed(wide.loc[codes.isna(), "area_name"].unique() if len(wide) else raw["area_type"].unique())
        raise TableError(
            f"{path.name} holds neither areas nor nations: {title}",
            [f"expected rows of ITL, NUTS, local authority or region, or of a nation; found {found}"],
        )
    return wide.assign(area_code=codes.astype("str"))


def _national(raw: pd.DataFrame, local: pd.DataFrame, rows: _Rows) -> _Rows:
    """Return national rows of the same unit, time and groups as the areas, with their true codes."""
    period, units = str(local["time_period"].iloc[0]), set(local["unit"])
    wide = raw[~raw.index.isin(raw.index[raw["area_type"].str.contains(_AREA_TYPES)])]
    wide = wide[
        (wide["chart_type"] == "trend") & wide["unit"].isin(units) & wide["area_code"].str.fullmatch(r"[KEWSN]\d{8}")
    ]
    # K02000001 stands beside the name "England" in one file: code and name must agree.
    agreeing = (wide["area_name"].str.casefold().map(_COUNTRIES) == _UK) == (wide["area_code"] == _UK)
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


def _covered(raw: pd.DataFrame) -> tuple[str, ...]:
    """Return the nations a file is about: those it gives figures of, all when it gives the United Kingdom's or none."""
    named = {_COUNTRIES.get(name.strip().casefold(), "") for name in raw["area_name"].unique()}
    nations = {nation_of(code) for code in named if code} | {nation_of(code) for code in raw["area_code"].unique()}
    found = tuple(nation for nation in "EWSN" if nation in nations)
    return found if found and _UK not in named else ("E", "W", "S", "N")


def _favourable(said: Favourable, frame: pd.DataFrame, breakdowns: tuple[str, ...]) -> Favourable:
    """Say which end is good of the kinds a file is cut into: of professional jobs the high one, of several kinds neither."""
    for name in breakdowns:
        if _OF_PEOPLE.search(name):
            continue
        kinds = set(frame[name]) - {""}
        if len(kinds) != 1:
            return "none"
        (kind,) = kinds
        said = "low" if _BAD_KINDS.search(kind) else "high" if _GOOD_KINDS.search(kind) else "none"
    return said


def _no_total(meta: OutcomeMeta, raw: pd.DataFrame, local: pd.DataFrame) -> OutcomeMeta:
    """Return the meaning of sums of money whose areas do not add up to the nation's: figures per head, whatever they are called.

    One file calls pounds per 100,000 residents "millions of £": 41 areas of it are 6 % of the United Kingdom's figure.
    """
    scale = _MONEY.get(str(local["unit"].iloc[0]).strip().lower())
    period = str(local["time_period"].iloc[0])
    wide = raw[(raw["area_code"] == _UK) & (raw["time_period"] == period)]
    if meta.measure != "count" or scale is None or len(wide) != 1:
        return meta
    whole = float(wide["value"].iloc[0]) * _MONEY.get(str(wide["unit"].iloc[0]).strip().lower(), float("nan"))
    parts = pd.to_numeric(local["value"], errors="coerce").sum() * scale
    if not whole or not abs(parts / whole - 1) > _ADDS_UP:
        return meta
    base = _BASES.get(str(raw["measure_code"].iloc[0]), "on a base that the file does not state")
    said = f"The areas add up to {parts / whole:.0%} of the figure of the United Kingdom, so these are not totals but {base}."
    return replace(meta, measure="mean", unit=f"{meta.unit} {base}", description=f"{meta.description} {said}")


def source_title(edition: str, title: str) -> str:
    """Return how an outcome of the Commission is cited."""
    return f"{' '.join(filter(None, ('Social Mobility Commission, State of the Nation', edition)))}: {title}"


def _meta(path: Path, local: pd.DataFrame, title: str, basis: PlaceBasis, edition: str) -> OutcomeMeta:
    unit = local["unit"].iloc[0].strip()
    effect = local["value_note"].str.contains(_EFFECT).any()
    favourable: Favourable = "low" if _BAD.search(title) else "high"
    measure: Measure = (
        "index" if effect else "mean" if unit.startswith(("£", "Pound")) else "count" if "of £" in unit else "rate"
    )
    scale = _UNITS.get(unit.lower(), unit)
    who = "people who grew up in the area" if basis == "grew up in" else "people who live in the area"
    return OutcomeMeta(
        id=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"),
        title=title,
        measure=measure,
        unit=f"{'percentage points' if scale == '%' else scale} {FROM_AVERAGE}" if effect else scale,
        favourable=favourable,
        place_basis=basis,
        index_version=edition,
        geography="ITL2" if local["area_type"].iloc[0].upper() == "ITL2" else "",
        source=Source(
            title=source_title(edition, title),
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
