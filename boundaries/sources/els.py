"""ONS Explore Local Statistics: one long file an indicator, or a few, with metadata in a ``.json`` beside it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from boundaries.outcomes.intervals import with_standard_errors
from boundaries.outcomes.periods import latest
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.register.codes import GEOGRAPHIES, entity_of, nation_of
from boundaries.sources.answers import csv_with, has_rows
from boundaries.sources.els_file import REQUIRED, ElsFile, open_file, released_by
from boundaries.sources.els_marks import grouped, statuses
from boundaries.sources.fetching import OGL, mirrored
from boundaries.sources.options import check_options, overrule, text_map
from geo.errors import FetchError, TableError, listed
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from boundaries.outcomes.measures import Favourable, Measure
    from boundaries.sources.fetching import Link

BASE_URL = "https://raw.githubusercontent.com/ONSdigital/explore-local-statistics-data/main"
_CATALOGUE = Path(__file__).with_name("els_indicators.toml")
_TEXT = {"code": "areacd", "name": "areanm", "period": "period", "indicator": "indicator"}
_FIGURES = {"value": "observation", "lower": "lci_95", "upper": "uci_95"}
_OBSOLETE = re.compile(r"Obsolete code since \d{4} \(replaced by (.*)\)")
_GSS = re.compile(r"[EWSN]\d{8}")
_WIDER = ("K0", "E92", "W92", "S92", "N92")
"""How codes of the UK and its nations begin."""


class ExploreLocalStatistics:
    """The files of the ONS's Explore Local Statistics data."""

    name = "els"

    def file_of(self, outcome: str) -> str | None:
        """Return ``<file>/<file>.csv`` for the id of a file, or of an indicator that is known to lie in one of another name.

        New files come without notice: an id that nobody knows is taken for the name of one.
        """
        for file, indicators in _catalogue().items():
            if outcome == file or outcome in {slug(indicator) for indicator in indicators}:
                return f"{file}/{file}.csv"
        return f"{outcome}/{outcome}.csv" if outcome == slug(outcome) else None

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
        file = open_file(path)
        return _table(file, _choice(path, file.indicators, options), options)

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch the file of an id, or at a full address, and the metadata beside it.

        Raises
        ------
        FetchError
            An id of another form, a file that is not there, or one that cannot be fetched.
        """
        del options
        address = outcome if "://" in outcome else f"{BASE_URL}/{self._known(outcome)}"
        place = urlsplit(address).path.rsplit("/", 1)[-1].removesuffix(".csv")
        # The client caches by the address asked; a mirror holds the files as the publisher's own folder does.
        base = (link.base_url or BASE_URL).rstrip("/")
        url = mirrored(address, link) if "://" in outcome else f"{base}/{self._known(outcome)}"
        fetched = link.fetched(url, refuse=csv_with("Explore Local Statistics", REQUIRED))
        if not has_rows(fetched.read_bytes()):
            raise FetchError(f"Explore Local Statistics has no figure of {outcome}", [url])
        said = link.fetched(url.removesuffix(".csv") + ".json")
        origin = Source(
            title=f"Explore Local Statistics: {place}", url=address, licence=OGL, retrieved=fetched.source.retrieved
        )
        released = released_by(said.read_bytes()) or fetched.modified
        name = f"{place}/{place}"
        replace(link, asked="").keep(self.name, f"{name}.json", said.read_bytes(), origin=origin, released=released)
        return link.keep(self.name, f"{name}.csv", fetched.read_bytes(), origin=origin, released=released)

    def _known(self, outcome: str) -> str:
        name = self.file_of(outcome)
        if name is None:
            raise FetchError(
                f"'{outcome}' names no file of Explore Local Statistics",
                ["ids are lower case, digits and hyphens, as in the address of an indicator"],
            )
        return name


def read_all(path: Path) -> tuple[OutcomeTable, ...]:
    """Read every indicator of a file at once, in order of first appearance.

    Raises
    ------
    TableError
        As ``ExploreLocalStatistics.read``.
    """
    file = open_file(path)
    return tuple(_table(file, indicator, {}) for indicator in file.indicators)


def slug(text: str) -> str:
    """Return a name as an id: lower case, words joined by hyphens.

    Examples
    --------
    >>> slug("Male healthy life expectancy")
    'male-healthy-life-expectancy'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


class Known(NamedTuple):
    """What no file of Explore Local Statistics says of an indicator in cells."""

    measure: Measure
    favourable: Favourable
    modelled: bool = False


@cache
def _catalogue() -> dict[str, dict[str, Known]]:
    found = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))
    return {
        file: {name: Known(line[0], line[1], modelled="modelled" in line[2:]) for name, line in lines.items()}
        for file, lines in found.items()
    }


def _table(file: ElsFile, indicator: str, options: Mapping[str, object]) -> OutcomeTable:
    """Turn the rows of one indicator into an OutcomeTable."""
    several = len(file.indicators) > 1
    rows = np.flatnonzero(file.words["indicator"].place == file.indicators.index(indicator))
    repairs = dict(file.repairs)
    columns: dict[str, object] = {
        **{role: file.words[column].text(rows) for role, column in _TEXT.items() if several or role != "indicator"},
        **{role: file.numbers[column][rows] for role, column in _FIGURES.items()},
        "status": statuses(file, rows, repairs),
    }
    frame = outcome_frame(columns, extra=("indicator",) if several else ())
    meta = overrule(_meta(file, rows, indicator, frame, repairs), options)
    return OutcomeTable(
        meta=meta,
        frame=with_standard_errors(grouped(frame, file, rows, repairs), meta),
        breakdowns=("indicator",) if several else (),
        repairs=repairs,
        roles={**{role: column for role, column in _TEXT.items() if role != "indicator"}, "value": "observation"},
    )


def _choice(path: Path, indicators: Sequence[str], options: Mapping[str, object]) -> str:
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


def _meta(file: ElsFile, rows: np.ndarray, indicator: str, frame: pd.DataFrame, repairs: dict[str, int]) -> OutcomeMeta:
    said = file.said if "label" in file.said else {**file.said.get("shared", {}), **file.said.get(indicator, {})}
    in_words, in_file = (_first(file, rows, column) for column in ("measure", "unit"))
    known = _catalogue().get(file.path.stem, {}).get(indicator) or _guess(in_words, indicator)
    # One code an entity is enough: an entity belongs to one nation.
    of_entity = {code[:3]: code for code in file.words["areacd"].among(rows)}
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
        measure=known.measure,
        unit=unit,
        favourable=known.favourable,
        modelled=known.modelled,
        nations=tuple(nation for nation in "EWSN" if nation in nations) or ("E", "W", "S", "N"),
        averages=_averages(file, rows, frame["value"].to_numpy()),
        geography=_geography(entities),
        source=Source(
            title=f"{publishers}: {title} (Explore Local Statistics)",
            url=str(said.get("sourceURL") or "https://www.ons.gov.uk/explore-local-statistics/").split("|")[0],
            sha256=file.sha256,
            licence=OGL,
            attribution=(
                f"Source: {publishers}, through ONS Explore Local Statistics.",
                "Contains public sector information licensed under the Open Government Licence v3.0.",
            ),
        ),
        description=". ".join(str(part).rstrip(".") for part in about if part),
        decimals=None if said.get("decimalPlaces") is None else int(said["decimalPlaces"]),
        both_vintages=_both(file, rows),
    )


def _first(file: ElsFile, rows: np.ndarray, column: str) -> str:
    words = file.words[column]
    place = int(words.place[rows[0]])
    return words.distinct[place] if place >= 0 else ""


def _geography(entities: set[str]) -> str:
    """Return the finest geography among the entities of a file's codes."""
    if "E10" in entities and "E07" not in entities:
        return "UTLA"
    return next((name for name in ("LAD", "CAUTH", "RGN", "CTRY") if entities & GEOGRAPHIES[name]), "")


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


def _guess(measure: str, indicator: str) -> Known:
    """Return what the file's own words say of an indicator that the catalogue does not know."""
    words = measure.lower()
    kinds: tuple[tuple[str, Measure], ...] = (
        ("median", "median"),
        ("mean", "mean"),
        ("percent", "rate"),
        ("rate", "rate"),
    )
    kind: Measure = next((kind for word, kind in kinds if word in words), "index")
    return Known(kind, "none", modelled="modelled" in indicator.lower().split())


def _averages(file: ElsFile, rows: np.ndarray, values: np.ndarray) -> dict[str, float]:
    """Return the figures of the UK and its nations in the latest period that has any."""
    codes, periods = file.words["areacd"], file.words["period"]
    wider = np.array([code.startswith(_WIDER) for code in codes.distinct], dtype=np.bool_)
    found = np.flatnonzero(wider[codes.place[rows]] & np.isfinite(values))
    if not len(found):
        return {}
    last = periods.distinct.index(latest(periods.among(rows[found])))
    of_last = found[periods.place[rows[found]] == last]
    return {codes.distinct[codes.place[rows[row]]]: float(values[row]) for row in of_last}


def _both(file: ElsFile, rows: np.ndarray) -> bool:
    """Whether an area that the notes call obsolete stands in one period with a successor named there."""
    codes, periods, notes = (file.words[column] for column in ("areacd", "period", "notes"))
    obsolete = {place: note for place, note in enumerate(notes.distinct) if _OBSOLETE.match(note)}
    if not obsolete:
        return False
    number = {code: place for place, code in enumerate(codes.distinct)}
    heirs = {place: [number[code] for code in _GSS.findall(note) if code in number] for place, note in obsolete.items()}
    present = np.zeros((len(codes.distinct), len(periods.distinct)), dtype=np.bool_)
    code, period, note = (words.place[rows] for words in (codes, periods, notes))
    present[code, period] = True
    return any(present[np.ix_(successors, period[note == place])].any() for place, successors in heirs.items())
