"""ONS Explore Local Statistics: one long file an indicator, or a few, with metadata in a ``.json`` beside it."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

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
    "geography",
    "indicator",
    "period",
    "observation",
    "measure",
    "unit",
    "lci_95",
    "uci_95",
    "status",
)
_NUMBERS = ("observation", "lci_95", "uci_95")
_OBSOLETE = re.compile(r"Obsolete code since \d{4} \(replaced by (.*)\)")
_GSS = re.compile(r"[EWSN]\d{8}")


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
        raw, repairs = _raw(path)
        indicators = [str(indicator) for indicator in raw["indicator"].unique()]
        chosen = _choice(path, indicators, options)
        rows = raw[raw["indicator"] == chosen] if len(indicators) > 1 else raw
        breakdowns = ("indicator",) if len(indicators) > 1 else ()
        frame = outcome_frame(
            {
                "code": rows["areacd"].to_numpy(),
                "name": rows["areanm"].to_numpy(),
                "period": rows["period"].to_numpy(),
                "indicator": rows["indicator"].to_numpy(),
                "value": rows["observation"].to_numpy(),
                "lower": rows["lci_95"].to_numpy(),
                "upper": rows["uci_95"].to_numpy(),
                "status": _status(path, rows),
            },
            extra=breakdowns,
        )
        meta = overrule(_meta(path, rows, chosen, frame, repairs), options)
        roles = {"code": "areacd", "name": "areanm", "period": "period", "value": "observation"}
        return OutcomeTable(meta, with_standard_errors(frame, meta), breakdowns, repairs, roles=roles)

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


def _raw(path: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    """Read the file; the order of columns differs between files, and one has a doubled column of notes."""
    types = {column: "float64" if column in _NUMBERS else "str" for column in _COLUMNS}
    try:
        raw = pd.read_csv(
            path,
            dtype={**types, "notes": "str", "notes.1": "str"},
            encoding="utf-8-sig",
            na_values=[""],
            keep_default_na=False,
        )
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise TableError(f"{path.name} cannot be read as a file of Explore Local Statistics", [str(error)]) from error
    absent = [column for column in _COLUMNS if column not in raw.columns]
    if absent or raw.empty:
        faults = [f"columns absent: {', '.join(absent)}"] if absent else ["there is no row"]
        raise TableError(f"{path.name} is not a file of Explore Local Statistics", faults)
    repairs = {"columns of one name, numbered": 1} if "notes.1" in raw.columns else {}
    for column in ("areacd", "areanm", "indicator", "period"):
        if raw[column].hasnans:
            raise TableError(
                f"{path.name} has empty cells in {column}", [f"rows {listed(raw.index[raw[column].isna()] + 2)}"]
            )
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


def _status(path: Path, rows: pd.DataFrame) -> np.ndarray:
    given = rows["status"].fillna("")
    known = {mark: MARKERS.get(mark.strip().lower(), "") if mark else "ok" for mark in given.unique()}
    unknown = [mark for mark, status in known.items() if not status]
    if unknown:
        raise TableError(f"{path.name} has statuses that are not known", [listed(unknown)])
    status = given.map(known).to_numpy(dtype=object)
    return np.where(rows["observation"].isna().to_numpy() & (status == "ok"), "unavailable", status)


def _meta(path: Path, rows: pd.DataFrame, indicator: str, frame: pd.DataFrame, repairs: dict[str, int]) -> OutcomeMeta:
    said = _metadata(path, indicator)
    measure, favourable = _catalogue().get(path.stem, {}).get(indicator, _guess(str(rows["measure"].iloc[0])))
    codes = frame["code"].unique()
    entities = {entity_of(str(code)) for code in codes}
    in_file = str(rows["unit"].iloc[0])
    unit = _unit(said, in_file)
    if in_file == "%" and unit != "%":
        repairs["unit '%' in the file is another in its metadata"] = 1
    publishers = " and ".join(str(said.get("sourceOrg") or "Office for National Statistics").split("|"))
    title = str(said.get("label") or indicator)
    nations = {nation_of(str(code)) for code in codes if entity_of(str(code)) in GEOGRAPHIES["UTLA"] | {"E07"}}
    return OutcomeMeta(
        id=slug(indicator),
        title=title,
        measure=measure,
        unit=unit,
        favourable=favourable,
        nations=tuple(nation for nation in "EWSN" if nation in nations) or ("E", "W", "S", "N"),
        averages=_averages(frame),
        geography="LAD"
        if "E07" in entities or not entities & GEOGRAPHIES["UTLA"]
        else "UTLA"
        if "E10" in entities
        else "LAD",
        source=Source(
            title=f"{publishers}: {title} (Explore Local Statistics)",
            url=str(said.get("sourceURL") or "https://www.ons.gov.uk/explore-local-statistics/").split("|")[0],
            sha256=sha256_of(path),
            licence="Open Government Licence v3.0",
            attribution=(
                f"Source: {publishers}, through ONS Explore Local Statistics.",
                "Contains public sector information licensed under the Open Government Licence v3.0.",
            ),
        ),
        description=". ".join(
            str(part).rstrip(".") for part in (said.get("subtitle"), said.get("longDescription")) if part
        ),
        decimals=None if said.get("decimalPlaces") is None else int(said["decimalPlaces"]),
        both_vintages=_both(rows),
    )


def _geography(entities: set[str]) -> str:
    """Return the finest geography among the entities of a file's codes."""
    if "E10" in entities and "E07" not in entities:
        return "UTLA"
    return next((name for name in ("LAD", "CAUTH", "RGN", "CTRY") if entities & GEOGRAPHIES[name]), "")


def _metadata(path: Path, indicator: str) -> dict[str, Any]:
    """Return what the ``.json`` beside the file says of the indicator; empty when there is none."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return {}
    try:
        content = json.loads(beside.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise TableError(f"{beside.name} is not readable JSON", [str(error)]) from error
    said = content.get("ess-beta-metadata", {})
    if "label" in said:
        return dict(said)
    return {**said.get("shared", {}), **said.get(indicator, {})}


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


def _averages(frame: pd.DataFrame) -> dict[str, float]:
    """Return the figures of the UK and its nations in the latest period that has any."""
    wide = frame[frame["code"].str.match(r"K0|[EWSN]92") & frame["value"].notna()]
    if wide.empty:
        return {}
    last = wide[wide["period"] == latest(wide["period"].unique())]
    return {str(code): float(value) for code, value in zip(last["code"], last["value"], strict=True)}


def _both(rows: pd.DataFrame) -> bool:
    """Whether an area that the notes call obsolete stands in one period with a successor named there."""
    notes = rows["notes"].dropna() if "notes" in rows.columns else pd.Series(dtype="str")
    for note, of in notes.groupby(notes).groups.items():
        if (found := _OBSOLETE.match(str(note))) is None:
            continue
        periods = set(rows.loc[of, "period"])
        after = rows["areacd"].isin(_GSS.findall(found[1]))
        if periods & set(rows.loc[after, "period"]):
            return True
    return False
