"""The Social Mobility Commission's Data Explorer: composite indices on its own areas.

Editions are versions of an index and are never chained. Areas are the Commission's own: codes become ``<scheme>:<id>``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.cells import marker_status, read_numbers
from boundaries.sources.fetching import OGL, Link, fetch_address
from boundaries.sources.options import check_options, overrule
from boundaries.sources.smc_composites import is_composite, read_composite
from boundaries.sources.smc_indicators import read_indicator, source_title
from geo.documents import rows_of
from geo.errors import CodeError, TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boundaries.outcomes.measures import PlaceBasis

SCHEME = "smc203"
"""Scheme of the 203 areas of 2024."""

_ATTRIBUTION = (
    "Social Mobility Commission, State of the Nation data explorer, © Crown copyright, Open Government Licence v3.0.",
)
_GREW_UP = re.compile(r"promising prospects|mobility outcome|origin", re.IGNORECASE)
"""Measures placed by where people lived at 14, by the Commission's own notes; all others by where people live."""


class SocialMobilityCommission:
    """Composite indices as the Data Explorer serves them ("full dataset")."""

    name = "smc"

    def file_of(self, outcome: str) -> str | None:
        """Return None: the explorer's file names do not follow from the id."""
        del outcome
        return None

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read one file.

        The column that holds the z-score differs between files of one edition: it is ``value``, or ``category2`` where
        ``category_type2`` says z-score. The published band is kept beside it as ``band``.

        Raises
        ------
        TableError
            If the file is no Data Explorer file, or no column, or more than one, holds the scores.
        """
        check_options(self.name, options, known=("scheme", "edition"))
        raw = rows_of(path)
        if "ind_code" in raw.columns:
            return self._composite(path, raw, options)
        if is_composite(raw):
            return read_composite(path, raw, options, edition=str(options.get("edition") or edition_of(path)))
        if "measure_code" in raw.columns:
            _require(
                path, raw, ("measure_title", "area_type", "area_name", "time_period", "value", "unit", "value_note")
            )
            return read_indicator(path, raw, options, edition=str(options.get("edition") or edition_of(path)))
        raise TableError(
            f"{path.name} is not a Data Explorer file",
            [f"expected a column ind_code or measure_code; found {listed(raw.columns)}"],
        )

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch a file by its full address."""
        del options
        return fetch_address(self.name, outcome, link, licence=OGL)

    def _composite(self, path: Path, raw: pd.DataFrame, options: Mapping[str, object]) -> OutcomeTable:
        _require(path, raw, ("ind_name", "area_name", "time_period"))
        column = _score_column(path, raw)
        cells = read_numbers(raw[column])
        faults = [f"'{text}' in row {row + 2} of {column}" for text, row in cells.bad.items()]
        if faults:
            raise TableError(f"{path.name} has scores that are not numbers", [listed(faults)])
        ids = raw["area_code"] if "area_code" in raw.columns else pd.Series([""] * len(raw))
        scheme = str(options.get("scheme", SCHEME))
        bands = raw[_band_column(raw, column)] if _band_column(raw, column) else pd.Series([""] * len(raw))
        frame = outcome_frame(
            {
                "code": np.where(ids.str.fullmatch(r"\d+"), scheme + ":" + ids, ids),
                "name": raw["area_name"].str.strip(),
                "period": raw["time_period"].str.strip(),
                "band": np.where([marker_status(band) is None for band in bands], bands, ""),
                "value": cells.numbers,
                **_uncertainty(raw),
                "status": cells.status,
            },
            extra=("band",),
        )
        title = raw["ind_name"].iloc[0].strip()
        title = title.removesuffix(" index") if title.lower().endswith(" index") else title
        basis: PlaceBasis = "grew up in" if _GREW_UP.search(title) else "lives in"
        meta = OutcomeMeta(
            id=re.sub(r"[^a-z0-9]+", "-", re.sub(r"^CI_", "", raw["ind_code"].iloc[0]).lower()).strip("-"),
            title=title,
            measure="index",
            unit="z",
            favourable="high",
            place_basis=basis,
            index_version=str(options.get("edition") or edition_of(path)),
            geography=scheme,
            source=Source(
                title=source_title(edition_of(path), title),
                url="https://social-mobility.data.gov.uk/",
                sha256=sha256_of(path),
                licence="Open Government Licence v3.0",
                attribution=_ATTRIBUTION,
            ),
            description=_description(title, basis),
            decimals=2,
        )
        roles = {"code": "area_code", "name": "area_name", "period": "time_period", "value": column}
        return OutcomeTable(
            meta=overrule(meta, options), frame=frame, repairs=cells.repairs, extras=("band",), roles=roles
        )


def edition_of(path: Path) -> str:
    """Return the year of the edition a path names (``son2024…`` or ``2026-01-01-…``), empty when it names none."""
    for part in reversed(path.parts[-3:]):
        if found := re.search(r"son[-_ ]?(20\d{2}|\d{2}(?!\d))", part, re.IGNORECASE):
            return found[1] if len(found[1]) == 4 else f"20{found[1]}"
        if found := re.match(r"(20\d{2})-\d{2}-\d{2}-", part):
            return found[1]
    return ""


def read_membership(codes_file: Path, data_file: Path, *, scheme: str = SCHEME) -> pd.DataFrame:
    """Join the published list of codes behind each area (by name) to the ids of a data file (by name).

    Parameters
    ----------
    codes_file : JSON: one list of ``{"name", "url", "codes"}``.
    data_file : a composite's full dataset, with ``area_code`` and ``area_name``.
    scheme : prefix of the codes.

    Returns
    -------
    Columns ``code, name, member``, sorted by id then as listed; counties are kept beside their districts, as published.

    Raises
    ------
    CodeError
        If an area of either file has no partner in the other, or a name or id stands twice.
    """
    (listed_areas,) = json.loads(codes_file.read_text(encoding="utf-8")).values()
    ids = pd.read_csv(data_file, dtype="str", keep_default_na=False, encoding="utf-8-sig")[["area_code", "area_name"]]
    ids = ids.drop_duplicates()
    ids["key"] = ids["area_name"].map(_key)
    areas = pd.DataFrame(
        [(area["name"], _key(area["name"]), code) for area in listed_areas for code in area["codes"]],
        columns=["name", "key", "member"],
    )
    names = pd.Series([_key(area["name"]) for area in listed_areas])
    faults = [
        *(f"name '{key}' stands twice in {codes_file.name}" for key in names[names.duplicated()].unique()),
        *(f"name '{key}' stands twice in {data_file.name}" for key in ids.loc[ids["key"].duplicated(), "key"].unique()),
        *(
            f"id {code} stands twice in {data_file.name}"
            for code in ids.loc[ids["area_code"].duplicated(), "area_code"]
        ),
        *(f"'{name}' has codes but no id" for name in sorted(set(names) - set(ids["key"]))),
        *(f"'{name}' has an id but no codes" for name in sorted(set(ids["key"]) - set(names))),
        *(f"member {code} stands in more than one area" for code in areas.loc[areas["member"].duplicated(), "member"]),
    ]
    if faults:
        raise CodeError("the Commission's list of areas and its data do not fit", faults)
    merged = areas.merge(ids, on="key", how="left", validate="many_to_one")
    merged["order"] = merged["area_code"].astype("int64")
    merged["code"] = scheme + ":" + merged["area_code"]
    return merged.sort_values("order", kind="stable")[["code", "name", "member"]].reset_index(drop=True)


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name.replace("&", "and").replace("’", "'")).strip().casefold()


def _require(path: Path, raw: pd.DataFrame, columns: tuple[str, ...]) -> None:
    absent = [column for column in columns if column not in raw.columns]
    if absent or raw.empty:
        faults = [f"column {column} is absent" for column in absent] or ["there is no row"]
        raise TableError(f"{path.name} is not a whole Data Explorer file", faults)


def _score_column(path: Path, raw: pd.DataFrame) -> str:
    """Find the column that holds numbers: ``value``, or a category column whose type says z-score."""
    candidates = ["value"] + [
        column
        for column in raw.columns
        if re.fullmatch(r"category\d*", column)
        and raw.get(column.replace("category", "category_type"), pd.Series(dtype="str"))
        .str.contains("z-score", case=False)
        .any()
    ]
    numeric = [
        column
        for column in dict.fromkeys(candidates)
        if column in raw.columns and pd.to_numeric(raw[column], errors="coerce").notna().mean() > 0.5
    ]
    if len(numeric) != 1:
        found = f"numbers stand in {' and '.join(numeric)}" if numeric else f"looked in {listed(candidates)}"
        raise TableError(f"{path.name}: expected the scores in exactly one column", [found])
    return numeric[0]


def _band_column(raw: pd.DataFrame, score: str) -> str:
    """Return the category column that holds words, empty when there is none."""
    for column in raw.columns:
        if re.fullmatch(r"category\d*", column) and column != score:
            words = [value for value in raw[column].unique() if marker_status(value) is None]
            if words and pd.to_numeric(pd.Series(words), errors="coerce").isna().all():
                return str(column)
    return ""


def _uncertainty(raw: pd.DataFrame) -> dict[str, np.ndarray]:
    roles = {"lower": "lci", "upper": "uci", "se": "se", "sample_size": "sample_size"}
    return {role: read_numbers(raw[column]).numbers for role, column in roles.items() if column in raw.columns}


def _description(title: str, basis: PlaceBasis) -> str:
    who = (
        "people who grew up in the area, wherever they live now"
        if basis == "grew up in"
        else "people who live in the area"
    )
    return (
        f"Composite index '{title}' of the Social Mobility Commission for {who}; a z-score, in which 0 is the average of all "
        "areas. No interval is published."
    )
