"""Nomis: the CSV of its data API, in pages of 25,000 cells, with suppressed cells told by their status.

Written from the documented columns and tried on made-up files and a server on the same machine; never on the live service.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.intervals import with_standard_errors
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.register.codes import nation_of
from boundaries.sources.answers import csv_with, text_of
from boundaries.sources.cells import read_numbers
from boundaries.sources.fetching import OGL, short_key
from boundaries.sources.options import check_options, overrule, text_map
from boundaries.sources.reading import read_cells
from geo.errors import FetchError, TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boundaries.outcomes.measures import Measure, Status
    from boundaries.sources.fetching import Link

BASE_URL = "https://www.nomisweb.co.uk/api/v01/dataset"
PAGE = 25_000
"""Cells an anonymous reader is given at once; a larger answer is cut off without an error, so the count is checked."""

_REQUIRED = ("GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "OBS_VALUE")
_NO_PAGE = csv_with("Nomis", ["OBS_VALUE"])
_NOT_SPLITS = {"GEOGRAPHY", "DATE", "MEASURES", "OBS_STATUS", "OBS_CONF", "FREQ"}
_STATUS: tuple[tuple[str, Status], ...] = (
    ("^(?!.*(round|perturb|swap)).*(suppress|disclos|confiden)", "confidential"),
    ("unreliab|not reliable|sample size", "unreliable"),
    ("not applicable", "not_applicable"),
)
_WITHHELD = re.compile(r"^(?!.*free).*(?:confidential|not for publication|restricted)", re.IGNORECASE)
_TITLES = ("VARIABLE_NAME", "ITEM_NAME", "CELL_NAME", "INDUSTRY_NAME", "EMPLOYMENT_STATUS_NAME")
"""Dimensions that say what is measured, where they hold one thing only."""
_UNCERTAINTY = re.compile(r"confidence|coefficient|cv\b", re.IGNORECASE)


class Nomis:
    """Labour market and census tables of Nomis."""

    name = "nomis"

    def file_of(self, outcome: str) -> str | None:
        """Return ``<dataset>.csv`` for the id of a dataset (``NM_99_1``)."""
        return f"{outcome.upper()}.csv" if re.fullmatch(r"nm[_-]\d+[_-]\d+", outcome, re.IGNORECASE) else None

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read an extract.

        Every dimension that varies is a breakdown. Where the extract holds a measure called *Confidence* beside the value, it
        is the half width of a 95 % interval, or with the option ``confidence_is = "cv"`` a coefficient of variation in %.

        Raises
        ------
        TableError
            If columns are absent, rows were cut off, or several measures besides the confidence are in the file and
            ``where = {measures = …}`` chooses none.
        """
        check_options(self.name, options, known=("confidence_is", "query"))
        cells = read_cells(path)
        raw = cells.frame.rename(columns=str.upper)
        absent = [column for column in _REQUIRED if column not in raw.columns]
        if absent:
            raise TableError(f"{path.name} is not an extract of Nomis", [f"columns absent: {', '.join(absent)}"])
        _refuse_cut(path, raw)
        where = {name.upper().removesuffix("_NAME"): value for name, value in text_map(options, "where").items()}
        raw, spread = _measures(path, raw, where)
        splits = _splits(raw)
        numbers = read_numbers(raw["OBS_VALUE"])
        if numbers.bad:
            raise TableError(f"{path.name} has values that are not numbers", [listed(numbers.bad)])
        date = "DATE_NAME" if "DATE_NAME" in raw.columns else "DATE"
        half = _half_width(raw, spread, numbers.numbers, str(options.get("confidence_is") or "half-width"))
        frame = outcome_frame(
            {
                "code": raw["GEOGRAPHY_CODE"],
                "name": raw["GEOGRAPHY_NAME"],
                "period": raw[date] if date in raw.columns else [""] * len(raw),
                **{split.lower(): raw[f"{split}_NAME"] for split in splits},
                "value": numbers.numbers,
                "lower": numbers.numbers - half,
                "upper": numbers.numbers + half,
                "status": _status(raw, numbers.numbers),
            },
            extra=[split.lower() for split in splits],
        )
        breakdowns = tuple(split.lower() for split in splits)
        doubled = frame.duplicated(subset=["code", "period", *breakdowns])
        if doubled.any():
            raise TableError(
                f"{path.name} has several rows for one area, period and group",
                [listed(frame.loc[doubled, "code"].unique())],
            )
        meta = overrule(_meta(path, raw), options)
        return OutcomeTable(meta, with_standard_errors(frame, meta), breakdowns, dict(cells.repairs))

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch an extract page by page.

        Parameters
        ----------
        outcome : id of the dataset. link : how to reach Nomis.
        options : ``query`` maps the dimensions of the dataset to codes (geography, date, sex, item, measures …).

        Raises
        ------
        FetchError
            If the query names no geography, a page cannot be fetched, or the pages do not add up to the stated number.
        """
        query = {str(key).lower(): str(value) for key, value in text_map(options, "query").items()}
        if "geography" not in query:
            raise FetchError(
                "a Nomis query must name a geography", ["query = {geography = 'TYPE424', date = 'latest', …}"]
            )
        url = f"{(link.base_url or BASE_URL).rstrip('/')}/{outcome.upper()}.data.csv"
        extract = _pages(url, outcome, query, link)
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([extract.header, *extract.rows])
        said = "&".join(f"{key}={value}" for key, value in sorted(query.items()))
        origin = Source(
            title=f"Nomis: {outcome.upper()}", url=f"{url}?{said}", licence=OGL, retrieved=extract.retrieved
        )
        # Two queries of one data set are two files of one name.
        name = f"{short_key(said)}/{outcome.upper()}.csv"
        return link.keep(self.name, name, text.getvalue().encode(), origin=origin, released=extract.released)


@dataclass(slots=True)
class _Extract:
    """The pages of one query put together, and the latest of their dates."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    stated: int | None = None
    retrieved: str = ""
    released: str = ""
    held: bool = False


def _pages(url: str, outcome: str, query: Mapping[str, str], link: Link) -> _Extract:
    """Ask for every page; pages held from another day that no longer fit are asked for again."""
    extract = _Extract()
    try:
        _ask(extract, url, outcome, query, link)
    except FetchError:
        if link.again or link.offline or not extract.held:
            raise
        extract = _Extract()
        _ask(extract, url, outcome, query, replace(link, again=True))
    return extract


def _ask(extract: _Extract, url: str, outcome: str, query: Mapping[str, str], link: Link) -> None:
    """Ask for page after page until as many rows came as were stated, or a page is empty.

    Raises
    ------
    FetchError
        The pages do not fit each other, or do not add up.
    """
    header, rows = extract.header, extract.rows
    while extract.stated is None or len(rows) < extract.stated:
        paged: dict[str, str | int] = {**query, "recordlimit": PAGE, "recordoffset": len(rows)}
        fetched = link.fetched(url, params=paged, refuse=_NO_PAGE)
        page = [row for row in csv.reader(io.StringIO(text_of(fetched.read_bytes()), newline="")) if row]
        extract.held = extract.held or fetched.from_cache
        extract.retrieved = max(extract.retrieved, fetched.source.retrieved)
        extract.released = max(extract.released, fetched.modified)
        if header and page[0] != header:
            raise FetchError(f"the pages of {outcome} have different columns", [listed(page[0])])
        header[:] = page[0]
        if len(page) == 1:
            break
        rows += page[1:]
        now = _stated(header, page[1])
        if extract.stated is not None and now != extract.stated:
            change = f"{extract.stated:,} rows, then {now or 0:,}"
            raise FetchError(f"{outcome} changed while it was fetched", [change, "fetch it again"])
        extract.stated = now
    if rows and extract.stated is not None and len(rows) != extract.stated:
        raise FetchError(
            f"{outcome} was cut off",
            [f"{extract.stated:,} rows were stated, {len(rows):,} came", "ask for fewer areas or dates"],
        )
    if not rows:
        raise FetchError(
            f"{outcome} holds no cell for this query", [listed(f"{key}={value}" for key, value in query.items())]
        )


def _stated(header: list[str], row: list[str]) -> int | None:
    """Return the number of rows the server says there are; None where it does not say, and pages are asked for until one is empty."""
    upper = [name.upper() for name in header]
    return _number(row[upper.index("RECORD_COUNT")]) if "RECORD_COUNT" in upper else None


def _number(text: str) -> int:
    if not text.strip().isdigit():
        raise TableError("the extract does not say how many rows it has", [f"RECORD_COUNT is '{text}'"])
    return int(text)


def _refuse_cut(path: Path, raw: pd.DataFrame) -> None:
    if "RECORD_COUNT" not in raw.columns:
        return
    stated = _number(raw["RECORD_COUNT"].iloc[0])
    if stated != len(raw):
        raise TableError(
            f"{path.name} was cut off: it holds {len(raw):,} of {stated:,} rows",
            [f"Nomis gives {PAGE:,} cells at once; fetch it with the adapter, which asks for every page"],
        )


def _measures(path: Path, raw: pd.DataFrame, where: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of the chosen measure and groups, and those of its confidence."""
    faults = []
    for name, value in where.items():
        column = f"{name}_NAME" if f"{name}_NAME" in raw.columns else name
        if column not in raw.columns:
            faults.append(f"where {name.lower()}: there is no such dimension")
        elif name == "MEASURES":
            continue
        elif not (raw[column] == value).any():
            faults.append(f"where {name.lower()} = '{value}': it holds {listed(raw[column].unique())}")
        else:
            raw = raw[raw[column] == value]
    if faults:
        raise TableError(f"{path.name} has no such rows", faults)
    if "MEASURES_NAME" not in raw.columns:
        return raw.reset_index(drop=True), raw.iloc[:0]
    unsure = raw["MEASURES_NAME"].str.contains(_UNCERTAINTY)
    kinds = list(raw.loc[~unsure, "MEASURES_NAME"].unique())
    chosen = where.get("MEASURES", kinds[0] if len(kinds) == 1 else None)
    if chosen not in kinds:
        raise TableError(
            f"{path.name} holds several measures", [f"say where = {{measures = one of: {', '.join(kinds)}}}"]
        )
    return raw[raw["MEASURES_NAME"] == chosen].reset_index(drop=True), raw[unsure]


def _splits(raw: pd.DataFrame) -> list[str]:
    """Return the dimensions that vary."""
    names = [column.removesuffix("_NAME") for column in raw.columns if column.endswith("_NAME")]
    return [name for name in names if name not in _NOT_SPLITS and len(raw[f"{name}_NAME"].unique()) > 1]


def _half_width(raw: pd.DataFrame, spread: pd.DataFrame, values: np.ndarray, means: str) -> np.ndarray:
    """Return half the width of the 95 % interval of every row, NaN where none is published."""
    if spread.empty:
        return np.full(len(raw), np.nan)
    if means not in {"half-width", "cv"}:
        raise TableError(f"confidence_is = '{means}' is not known", ["expected 'half-width' or 'cv'"])
    keys = [column for column in ("GEOGRAPHY_CODE", "DATE", "DATE_NAME") if column in raw.columns]
    keys += [f"{name}_NAME" for name in _splits(raw)]
    twice = spread.duplicated(subset=keys)
    if twice.any() or raw.duplicated(subset=keys).any():
        raise TableError(
            "the extract has several rows for one area, period and group",
            [listed(spread.loc[twice, "GEOGRAPHY_CODE"].unique()) or listed(raw["GEOGRAPHY_CODE"].unique())],
        )
    found = raw[keys].merge(spread[[*keys, "OBS_VALUE"]], on=keys, how="left", validate="one_to_one")
    number = read_numbers(found["OBS_VALUE"].fillna("")).numbers
    # 1.96: the quantile the publisher's own 95 % intervals use
    return number if means == "half-width" else np.abs(values) * number / 100 * 1.96


def _status(raw: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    """Return the status by the words of the publisher; a missing value without words is unavailable.

    A cell that is said to be suppressed is, whatever figure was left in it; one that was rounded or perturbed against
    disclosure is published.
    """
    words = raw["OBS_STATUS_NAME"] if "OBS_STATUS_NAME" in raw.columns else pd.Series([""] * len(raw))
    known: dict[str, str] = {
        text: next((status for pattern, status in _STATUS if re.search(pattern, text, re.IGNORECASE)), "")
        for text in words.unique()
    }
    said = words.map(known).to_numpy(dtype=object)
    if "OBS_CONF_NAME" in raw.columns:
        said = np.where(raw["OBS_CONF_NAME"].str.contains(_WITHHELD).to_numpy(dtype=np.bool_), "confidential", said)
    kept = np.where(np.isin(said, ["unreliable", "confidential"]), said, "ok")
    return np.where(np.isnan(values), np.where(said == "", "unavailable", said), kept)


def _meta(path: Path, raw: pd.DataFrame) -> OutcomeMeta:
    kind = str(raw["MEASURES_NAME"].iloc[0]) if "MEASURES_NAME" in raw.columns else "value"
    words = " ".join(
        str(raw[column].iloc[0])
        for column in raw.columns
        if column.endswith("_NAME") and column not in {"GEOGRAPHY_NAME", "DATE_NAME"}
    )
    percent = bool(re.search(r"percent|\brates?\b|%", f"{kind} {words}", re.IGNORECASE))
    measure: Measure = (
        "median"
        if re.search("median", words, re.IGNORECASE)
        else "mean"
        if re.search(r"\bmean\b", words, re.IGNORECASE)
        else "rate"
        if percent
        else "count"
    )
    said = [str(raw[name].iloc[0]) for name in _TITLES if name in raw.columns and len(raw[name].unique()) == 1]
    nations = {nation_of(str(code)) for code in raw["GEOGRAPHY_CODE"].unique()}
    return OutcomeMeta(
        id=path.stem.lower().replace("_", "-"),
        title=", ".join(said) or path.stem,
        measure=measure,
        unit="%" if percent else "",
        nations=tuple(nation for nation in "EWSN" if nation in nations) or ("E", "W", "S", "N"),
        source=Source(
            title=f"Nomis (Office for National Statistics): {path.stem}",
            url="https://www.nomisweb.co.uk/",
            sha256=sha256_of(path),
            licence=OGL,
            attribution=(
                "Source: Office for National Statistics, through Nomis. Contains public sector information licensed under the Open Government Licence v3.0.",
            ),
        ),
    )
