"""Public health indicators (Fingertips): the CSV of all data of an indicator, as its columns are documented.

Written from the documented columns and tried on made-up files and a server on the same machine; never on the live service.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.intervals import with_standard_errors
from boundaries.sources.answers import csv_with, has_rows
from boundaries.sources.cells import read_numbers
from boundaries.sources.fetching import OGL, short_key
from boundaries.sources.meanings import NOT_STATED, meaning_of
from boundaries.sources.options import check_options, overrule, text_map
from boundaries.sources.reading import read_cells
from boundaries.sources.table import interpret
from geo.errors import FetchError, TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from boundaries.outcomes.measures import Measure
    from boundaries.outcomes.table import OutcomeTable
    from boundaries.sources.fetching import Link

BASE_URL = "https://fingertips.phe.org.uk/api"
_ROUNDING = 0.02
"""How far a published value may be from its count over its denominator: both are rounded."""
DISTRICTS = 501
"""Area type "districts and unitary authorities" unless the option ``area_type_id`` says otherwise."""

_COLUMNS = {
    "code": "Area Code",
    "name": "Area Name",
    "period": "Time period",
    "value": "Value",
    "lower": "Lower CI 95.0 limit",
    "upper": "Upper CI 95.0 limit",
    "denominator": "Denominator",
}
_REQUIRED = ("Indicator ID", "Indicator Name", "Area Code", "Time period", "Value")
_SPLITS = ("Sex", "Age", "Category Type", "Category")
_HIDDEN = re.compile(r"suppress|small numbers|disclos", re.IGNORECASE)
"""Notes of values withheld; other notes of blank values say that there is none."""
_PER = ((1.0, "proportion"), (100.0, "%"), (1e3, "per 1,000"), (1e4, "per 10,000"), (1e5, "per 100,000"))


class Fingertips:
    """Indicators of public health."""

    name = "fingertips"

    def file_of(self, outcome: str) -> str | None:
        """Return ``<indicator id>.csv``."""
        return f"{outcome}.csv" if outcome.isdigit() else None

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read one indicator; sex, age and category are breakdowns, a blank category is the whole population.

        Raises
        ------
        TableError
            If columns are absent, or the file holds several indicators and the option ``indicator`` (its ID) chooses none.
        """
        check_options(self.name, options, known=("indicator", "area_type_id", "query"))
        cells = read_cells(path)
        raw = cells.frame
        absent = [column for column in _REQUIRED if column not in raw.columns]
        if absent:
            raise TableError(f"{path.name} is not a Fingertips file", [f"columns absent: {', '.join(absent)}"])
        raw = _one_indicator(path, raw, options.get("indicator"))
        title = raw["Indicator Name"].iloc[0].strip()
        splits = [column for column in _SPLITS if column in raw.columns and len(raw[column].unique()) > 1]
        kept = raw[[*dict.fromkeys(c for c in (*_COLUMNS.values(), *splits, "Value note") if c in raw.columns)]]
        # One area appears once for each parent it is asked for under: such rows are equal.
        kept = kept.drop_duplicates().reset_index(drop=True)
        columns = {role: column for role, column in _COLUMNS.items() if column in kept.columns} | text_map(
            options, "columns"
        )
        if "Value note" in kept.columns:
            hidden = kept["Value note"].str.contains(_HIDDEN)
            kept = kept.assign(Value=kept["Value"].mask(hidden, "[c]")).drop(columns="Value note")
        kept = kept.assign(**{columns["period"]: kept[columns["period"]].map(_in_full)})
        table = interpret(
            kept,
            path=path,
            options={"columns": columns, "breakdowns": splits, "where": text_map(options, "where")},
            repairs=dict(cells.repairs),
            first_row=cells.first_row,
        )
        measure, unit = _meaning(title, raw)
        codes = set(table.frame["code"].str[:3])
        meta = replace(
            table.meta,
            id=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"),
            title=title,
            measure=measure,
            unit=unit,
            nations=("E",),
            geography="UTLA" if "E10" in codes and "E07" not in codes else "LAD",
            source=Source(
                title=f"Office for Health Improvement and Disparities, Fingertips: {title}",
                url="https://fingertips.phe.org.uk/",
                sha256=sha256_of(path),
                licence=OGL,
                attribution=("Contains public sector information licensed under the Open Government Licence v3.0.",),
            ),
        )
        meta = overrule(meta, options)
        frame = table.frame.assign(se=float("nan"))  # by the rule of the final metadata, not of the guess
        return replace(table, meta=meta, frame=with_standard_errors(frame, meta))

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch all data of an indicator by its number.

        Raises
        ------
        FetchError
            If the id is no number, the file cannot be fetched, or it holds no figure.
        """
        if not outcome.isdigit():
            raise FetchError(f"'{outcome}' is no Fingertips indicator", ["indicators are numbers"])
        url = f"{(link.base_url or BASE_URL).rstrip('/')}/all_data/csv/by_indicator_id"
        area_type = str(options.get("area_type_id") or DISTRICTS)
        asked = {"area_type_id": area_type} | text_map(options, "query")
        fetched = link.fetched(
            url, params={"indicator_ids": outcome, **asked}, refuse=csv_with("Fingertips", _REQUIRED)
        )
        content = fetched.read_bytes()
        if not has_rows(content):
            raise FetchError(
                f"Fingertips has no figure of {outcome} for these areas",
                [listed(f"{key}={value}" for key, value in asked.items()), "ask for another area_type_id"],
            )
        # Areas of two types are two files of one name.
        folder = "" if asked == {"area_type_id": str(DISTRICTS)} else f"{short_key(str(sorted(asked.items())))}/"
        origin = Source(
            title=f"Fingertips: indicator {outcome}", url=url, licence=OGL, retrieved=fetched.source.retrieved
        )
        return link.keep(self.name, f"{folder}{outcome}.csv", content, origin=origin, released=fetched.modified)


def _one_indicator(path: Path, raw: pd.DataFrame, wanted: object) -> pd.DataFrame:
    """Return the rows of the indicator asked for, or of the only one."""
    found = raw[["Indicator ID", "Indicator Name"]].drop_duplicates()
    if wanted is not None:
        raw = raw[raw["Indicator ID"] == str(wanted)]
    if len(raw["Indicator ID"].unique()) != 1:
        names = [f"{row[0]} ({row[1]})" for row in found.itertuples(index=False)]
        raise TableError(f"{path.name}: one indicator is read at a time", [f"say indicator = one of: {listed(names)}"])
    return raw


def _in_full(period: str) -> str:
    """Write "2019 - 21" as "2019 to 2021", "2019/20 - 21/22" as "2019/20 to 2021/22"; other periods stand as published."""
    pooled = re.fullmatch(r"(\d{2})(\d{2})(/\d{2})? ?- ?(\d{2})(/\d{2})?", period.strip())
    if pooled is None or bool(pooled[3]) != bool(pooled[5]):
        return period
    century = int(pooled[1]) + (int(pooled[4]) < int(pooled[2]))
    return f"{pooled[1]}{pooled[2]}{pooled[3] or ''} to {century}{pooled[4]}{pooled[5] or ''}"


def _meaning(title: str, raw: pd.DataFrame) -> tuple[Measure, str]:
    """Say what an indicator measures: a rate only where its values are counts over denominators, for only those can be pooled.

    A rate that was standardised by age is no such rate: areas of it are never brought together.
    """
    value, count, base = (
        read_numbers(raw[name]).numbers if name in raw.columns else np.full(len(raw), np.nan)
        for name in ("Value", "Count", "Denominator")
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = value * base / count
    known = factor[np.isfinite(factor)]
    for per, unit in _PER:
        if len(known) and np.all(np.abs(known / per - 1) < _ROUNDING):
            return "rate", unit
    if re.search("life expectancy", title, re.IGNORECASE):
        return "mean", "years"
    guessed, unit = meaning_of(title.lower(), value, percent=bool(re.search("prevalence", title, re.IGNORECASE)))
    return (NOT_STATED if len(known) and guessed == "rate" else guessed), unit
