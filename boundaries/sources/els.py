"""ONS Explore Local Statistics: one long file an indicator, or a few, with metadata in a ``.json`` beside it."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from boundaries.codes import GEOGRAPHIES, entity_of, nation_of
from boundaries.intervals import with_standard_errors
from boundaries.outcomes import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.periods import latest
from boundaries.sources.cells import MARKERS
from boundaries.sources.options import check_options, overrule, text_map
from geo.errors import FetchError, TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.measures import Favourable, Measure
    from boundaries.sources.fetching import Link

BASE_URL = "https://raw.githubusercontent.com/ONSdigital/explore-local-statistics-data/main"
_CATALOGUE = Path(__file__).with_name("els_indicators.toml")
_COLUMNS = (
    "areacd",
    "areanm",
    "indicator",
    "period",
    "observation",
    "measure",
    "unit",
    "lci_95",
    "uci_95",
    "status",
)
_ROLES = {
    "code": "areacd",
    "name": "areanm",
    "period": "period",
    "value": "observation",
    "lower": "lci_95",
    "upper": "uci_95",
}
_NUMBERS = ("observation", "lci_95", "uci_95")
_OBSOLETE = re.compile(r"Obsolete code since \d{4} \(replaced by (.*)\)")
_GSS = re.compile(r"[EWSN]\d{8}")
_WIDER = re.compile(r"K0|[EWSN]92")


class ExploreLocalStatistics:
    """The files of the ONS's Explore Local Statistics data."""

    name = "els"

    def file_of(self, outcome: str) -> str | None:
        """Return ``<file>/<file>.csv`` for the id of a file or of one of its indicators."""
        for file, indicators in _catalogue().items():
            if outcome == file or outcome in {slug(indicator) for indicator in indicators}:
                return f"{file}/{file}.csv"
        return None

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read one indicator of a file.

        Of a file with several indicators the one is taken that ``where = {indicator = …}`` or the option ``indicator`` names
        (by its name or its id), else the one whose id is the option ``id``, else the one called like the file.

        Raises
        ------
        TableError
            If the file has other columns, figures that are not numbers, statuses that are not known, or several indicators
            of which none was chosen.
        """
        check_options(self.name, options, known=("indicator",))
        file = _opened(path)
        return _table(file, _choice(path, file.indicators, options), options)

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch the file of an id and the metadata beside it.

        Raises
        ------
        FetchError
            If no file of that id is known, or it cannot be fetched.
        """
        del options
        name = self.file_of(outcome)
        if name is None:
            raise FetchError(
                f"Explore Local Statistics has no '{outcome}' that we know", [f"files: {listed(_catalogue())}"]
            )
        base = (link.base_url or BASE_URL).rstrip("/")
        beside = name.removesuffix(".csv") + ".json"
        link.keep(self.name, beside, link.bytes_of(f"{base}/{beside}"))
        return link.keep(self.name, name, link.bytes_of(f"{base}/{name}"))


def read_all(path: Path) -> tuple[OutcomeTable, ...]:
    """Read every indicator of a file at once, in order of first appearance.

    Raises
    ------
    TableError
        As ``ExploreLocalStatistics.read``.
    """
    file = _opened(path)
    return tuple(_table(file, indicator, {}) for indicator in file.indicators)


def slug(text: str) -> str:
    """Return a name as an id: lower case, words joined by hyphens.

    Examples
    --------
    >>> slug("Male healthy life expectancy")
    'male-healthy-life-expectancy'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


@cache
def _catalogue() -> dict[str, dict[str, tuple[Measure, Favourable]]]:
    found = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))
    return {file: {name: (line[0], line[1]) for name, line in lines.items()} for file, lines in found.items()}


@dataclass(frozen=True, slots=True)
class _File:
    """A file with its codes, periods and notes as numbers, so that each indicator is a matter of integers."""

    path: Path
    raw: pd.DataFrame
    indicators: list[str]
    indicator: np.ndarray
    codes: list[str]
    code: np.ndarray
    periods: list[str]
    period: np.ndarray
    notes: list[str]
    note: np.ndarray
    said: Mapping[str, Any]
    sha256: str
    repairs: Mapping[str, int]


def _opened(path: Path) -> _File:
    raw, repairs = _raw(path)
    notes = raw["notes"] if "notes" in raw.columns else pd.Series([np.nan] * len(raw), dtype="str")
    (indicator, indicators), (code, codes), (period, periods), (note, distinct) = (
        pd.factorize(column) for column in (raw["indicator"], raw["areacd"], raw["period"], notes)
    )
    as_text = ([str(text) for text in found] for found in (indicators, codes, periods, distinct))
    names, areas, times, remarks = as_text
    said = _metadata(path)
    return _File(path, raw, names, indicator, areas, code, times, period, remarks, note, said, sha256_of(path), repairs)


def _table(file: _File, indicator: str, options: Mapping[str, object]) -> OutcomeTable:
    """Turn the rows of one indicator into an OutcomeTable."""
    several = len(file.indicators) > 1
    rows = np.flatnonzero(file.indicator == file.indicators.index(indicator))
    columns = {role: file.raw[column] for role, column in _ROLES.items()}
    if several:
        columns = {role: column.take(rows) for role, column in columns.items()}
    frame = outcome_frame(
        {
            **columns,
            "indicator": np.full(len(rows), indicator, dtype=object),
            "status": _status(file.path, columns["value"], file.raw["status"].take(rows)),
        },
        extra=("indicator",) if several else (),
    )
    repairs = dict(file.repairs)
    meta = overrule(_meta(file, rows, indicator, frame, repairs), options)
    roles = {role: column for role, column in _ROLES.items() if role in {"code", "name", "period", "value"}}
    return OutcomeTable(
        meta, with_standard_errors(frame, meta), ("indicator",) if several else (), repairs, roles=roles
    )


def _raw(path: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    """Read the file; the order of columns differs between files, and one has a doubled column of notes."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    absent = [column for column in _COLUMNS if column not in header]
    if absent:
        raise TableError(
            f"{path.name} is not a file of Explore Local Statistics", [f"columns absent: {', '.join(absent)}"]
        )
    names = [name if name not in header[:place] else f"{name}.{place}" for place, name in enumerate(header)]
    wanted = [*_COLUMNS, *(["notes"] if "notes" in header else [])]
    try:
        arrow = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(skip_rows=1, column_names=names),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.float64() if name in _NUMBERS else pa.large_string() for name in wanted},
                include_columns=wanted,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        raise TableError(f"{path.name} cannot be read as a file of Explore Local Statistics", [str(error)]) from error
    raw = arrow.to_pandas(types_mapper={pa.large_string(): pd.StringDtype(na_value=np.nan)}.get)
    if raw.empty:
        raise TableError(f"{path.name} is not a file of Explore Local Statistics", ["there is no row"])
    repairs = {"columns of one name, numbered": 1} if len(set(header)) < len(header) else {}
    for column in ("areacd", "areanm", "indicator", "period"):
        if raw[column].hasnans:
            rows = listed(raw.index[raw[column].isna()] + 2)
            raise TableError(f"{path.name} has empty cells in {column}", [f"rows {rows}"])
    return raw, repairs


def _choice(path: Path, indicators: list[str], options: Mapping[str, object]) -> str:
    if len(indicators) == 1:
        return indicators[0]
    by_id = {slug(indicator): indicator for indicator in indicators}
    asked = text_map(options, "where").get("indicator") or options.get("indicator")
    if asked is not None:
        if str(asked) in indicators or slug(str(asked)) in by_id:
            return by_id[slug(str(asked))]
        raise TableError(f"{path.name} has no indicator '{asked}'", [f"indicators: {listed(by_id)}"])
    for guess in (str(options.get("id", "")), path.stem):
        if guess in by_id:
            return by_id[guess]
    raise TableError(f"{path.name} has {len(indicators)} indicators", [f"say indicator = one of: {', '.join(by_id)}"])


def _status(path: Path, value: pd.Series, given: pd.Series) -> np.ndarray:
    place, marks = pd.factorize(given)
    known = [MARKERS.get(str(mark).strip().lower(), "") for mark in marks]
    unknown = [mark for mark, status in zip(marks, known, strict=True) if not status]
    if unknown:
        raise TableError(f"{path.name} has statuses that are not known", [listed(unknown)])
    # -1, the place of an empty status, takes the last entry
    return np.where(value.isna().to_numpy() & (place < 0), "unavailable", np.array([*known, "ok"])[place])


def _meta(file: _File, rows: np.ndarray, indicator: str, frame: pd.DataFrame, repairs: dict[str, int]) -> OutcomeMeta:
    said = file.said if "label" in file.said else {**file.said.get("shared", {}), **file.said.get(indicator, {})}
    in_words, in_file = (str(file.raw[column].iloc[int(rows[0])]) for column in ("measure", "unit"))
    measure, favourable = _catalogue().get(file.path.stem, {}).get(indicator, _guess(in_words))
    # One code an entity is enough: an entity belongs to one nation.
    of_entity = {code[:3]: code for code in (file.codes[place] for place in np.unique(file.code[rows]))}
    entities = {entity_of(code) for code in of_entity.values()}
    districts = GEOGRAPHIES["LAD"] | GEOGRAPHIES["UTLA"]
    nations = {nation_of(code) for code in of_entity.values() if entity_of(code) in districts}
    unit = _unit(said, in_file)
    if in_file == "%" and unit != "%":
        repairs["unit '%' in the file is another in its metadata"] = 1
    publishers = " and ".join(str(said.get("sourceOrg") or "Office for National Statistics").split("|"))
    title = str(said.get("label") or indicator)
    about = (said.get("subtitle"), said.get("longDescription"))
    return OutcomeMeta(
        id=slug(indicator),
        title=title,
        measure=measure,
        unit=unit,
        favourable=favourable,
        nations=tuple(nation for nation in "EWSN" if nation in nations) or ("E", "W", "S", "N"),
        averages=_averages(file, rows, frame["value"].to_numpy()),
        geography=_geography(entities),
        source=Source(
            title=f"{publishers}: {title} (Explore Local Statistics)",
            url=str(said.get("sourceURL") or "https://www.ons.gov.uk/explore-local-statistics/").split("|")[0],
            sha256=file.sha256,
            licence="Open Government Licence v3.0",
            attribution=(
                f"Source: {publishers}, through ONS Explore Local Statistics.",
                "Contains public sector information licensed under the Open Government Licence v3.0.",
            ),
        ),
        description=". ".join(str(part).rstrip(".") for part in about if part),
        decimals=None if said.get("decimalPlaces") is None else int(said["decimalPlaces"]),
        both_vintages=_both(file, rows),
    )


def _geography(entities: set[str]) -> str:
    """Return the finest geography among the entities of a file's codes."""
    if "E10" in entities and "E07" not in entities:
        return "UTLA"
    return next((name for name in ("LAD", "CAUTH", "RGN", "CTRY") if entities & GEOGRAPHIES[name]), "")


def _metadata(path: Path) -> dict[str, Any]:
    """Return what the ``.json`` beside the file says; empty when there is none."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return {}
    try:
        content = json.loads(beside.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise TableError(f"{beside.name} is not readable JSON", [str(error)]) from error
    return dict(content.get("ess-beta-metadata", {}))


def _unit(said: Mapping[str, Any], in_file: str) -> str:
    """Return the unit by the metadata, which is right where the file is wrong, else by the file."""
    if said.get("prefix") == "GBPSign" or in_file.startswith("£"):
        return "£ million" if "million" in f"{said.get('subText') or ''}{in_file}" else "£"
    if said.get("suffix"):
        return str(said["suffix"]).strip()
    text = str(said.get("subText") or in_file).strip()
    if found := re.match(r"(?:rate |count )?(per [\d,]+)", text, re.IGNORECASE):
        return found[1].lower()
    return {"mins": "minutes", "yrs": "years"}.get(text, text)


def _guess(measure: str) -> tuple[Measure, Favourable]:
    """Return what the file's own words say of an indicator that the catalogue does not know."""
    words = measure.lower()
    kinds: tuple[tuple[str, Measure], ...] = (
        ("median", "median"),
        ("mean", "mean"),
        ("percent", "rate"),
        ("rate", "rate"),
    )
    return next((kind for word, kind in kinds if word in words), "index"), "none"


def _averages(file: _File, rows: np.ndarray, values: np.ndarray) -> dict[str, float]:
    """Return the figures of the UK and its nations in the latest period that has any."""
    wider = np.array([_WIDER.match(code) is not None for code in file.codes], dtype=np.bool_)
    found = np.flatnonzero(wider[file.code[rows]] & np.isfinite(values))
    if not len(found):
        return {}
    periods = file.period[rows[found]]
    last = file.periods.index(latest(file.periods[place] for place in np.unique(periods)))
    of_last = found[periods == last]
    return {file.codes[file.code[rows[row]]]: float(values[row]) for row in of_last}


def _both(file: _File, rows: np.ndarray) -> bool:
    """Whether an area that the notes call obsolete stands in one period with a successor named there."""
    place = {code: number for number, code in enumerate(file.codes)}
    present: set[tuple[int, int]] | None = None
    for number, note in enumerate(file.notes):
        successors = [place[code] for code in _GSS.findall(note) if code in place] if _OBSOLETE.match(note) else []
        if not successors:
            continue
        if present is None:
            present = set(zip(file.code[rows].tolist(), file.period[rows].tolist(), strict=True))
        periods = set(file.period[rows[file.note[rows] == number]].tolist())
        if any((code, period) in present for code in successors for period in periods):
            return True
    return False
