"""Department for Education, Explore Education Statistics: one CSV, several geographic levels, filters and many indicators.

Tried on published files of key stage 4; fetching was tried on a server on the same machine, never on the live service.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from boundaries.sources.fetching import OGL, Link, fetch_address
from boundaries.sources.options import check_options, text_map
from boundaries.sources.reading import read_cells
from boundaries.sources.table import interpret
from geo.errors import TableError, listed
from geo.provenance import sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from boundaries.outcomes.table import OutcomeTable

BASE_URL = "https://content.explore-education-statistics.service.gov.uk/api"
_LEVELS = {
    "National": ("country_code", "country_name"),
    "Regional": ("region_code", "region_name"),
    "Local authority": ("new_la_code", "la_name"),
    "Local authority district": ("lad_code", "lad_name"),
}
"""Columns that name the place of a row, by geographic level."""
_STRADDLING = re.compile(r"academic|financial|tax|fiscal", re.IGNORECASE)
_PLACES = {name for pair in _LEVELS.values() for name in pair} | {"old_la_code"}
_ABOUT = {"time_period", "time_identifier", "geographic_level", *_PLACES}
CODE, NAME, PERIOD = "area code", "area name", "period"


class ExploreEducationStatistics:
    """Tables of the Department for Education."""

    name = "dfe"

    def file_of(self, outcome: str) -> str | None:
        """Return None: files are named by release."""
        del outcome
        return None

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read one indicator of a table.

        Every row takes code and name from the columns of its geographic level; schools and other levels are left out. The
        option ``indicator`` names the column of figures (or the value of a column ``variable`` in long tables).

        Raises
        ------
        TableError
            If the file is no table of this kind, no indicator was chosen of several, or as ``Table.read``.
        """
        check_options(self.name, options, known=("indicator", "breakdowns"))
        cells = read_cells(path)
        raw, repairs = cells.frame, dict(cells.repairs)
        if "time_period" not in raw.columns or not _PLACES & set(raw.columns):
            raise TableError(
                f"{path.name} is not a table of Explore Education Statistics",
                [f"expected time_period and one of {', '.join(sorted(_PLACES))}; found {listed(raw.columns)}"],
            )
        placed, left = _placed(raw)
        if left:
            repairs["rows of other levels (schools, constituencies) left out"] = left
        frame = placed.assign(**{PERIOD: _periods(raw.loc[placed.index])})
        frame = frame.drop(columns=[column for column in _ABOUT if column in frame.columns]).reset_index(drop=True)
        columns = {"code": CODE, "name": NAME, "period": PERIOD, **text_map(options, "columns")}
        where = dict(text_map(options, "where"))
        indicator = options.get("indicator")
        if indicator is not None:
            if "variable" in frame.columns and "variable" not in where:
                where["variable"] = str(indicator)
            else:
                columns["value"] = str(indicator)
        given = {name: value for name, value in options.items() if name != "indicator"}
        given |= {"columns": columns, "where": where}
        if indicator is not None:
            given.setdefault("title", str(indicator))
        table = interpret(frame, path=path, options=given, repairs=repairs, first_row=cells.first_row)
        source = replace(
            table.meta.source,
            title=f"Department for Education, Explore Education Statistics: {path.name}",
            url="https://explore-education-statistics.service.gov.uk/",
            sha256=sha256_of(path),
            licence="Open Government Licence v3.0",
            attribution=("Contains public sector information licensed under the Open Government Licence v3.0.",),
        )
        codes = set(table.frame["code"].str[:3])
        geography = "UTLA" if "E10" in codes and "E07" not in codes else "LAD"
        meta = replace(table.meta, source=source, geography=str(options.get("geography") or geography))
        return replace(table, meta=meta)

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch a table by the id of its release, ``ID#table.csv``, or by its full address.

        A release is one archive; its table is taken by name, or where there is only one.

        Raises
        ------
        FetchError
            Neither id nor address; what came has no table, or several; the server failed.
        """
        del options
        release, _, table = outcome.partition("#")
        if "/" not in release and re.fullmatch(r"[0-9a-fA-F-]{8,}", release):
            outcome = f"{BASE_URL}/releases/{release}/files{f'#{table}' if table else ''}"
        return fetch_address(self.name, outcome, link, licence=OGL)


def _placed(raw: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Give every row the code and name of its own level; rows of other levels are dropped and counted."""
    levels = raw["geographic_level"] if "geographic_level" in raw.columns else None
    code = raw.iloc[:, 0].where(raw.index < 0, "")
    name = code.copy()
    if levels is None:
        pairs = [pair for pair in reversed(_LEVELS.values()) if pair[0] in raw.columns]
        code = raw[pairs[0][0]]
        name = raw[pairs[0][1]] if pairs[0][1] in raw.columns else name
        return raw.assign(**{CODE: code, NAME: name}), 0
    known = levels.isin(list(_LEVELS))
    for level, (code_column, name_column) in _LEVELS.items():
        here = levels == level
        if code_column in raw.columns:
            code = code.where(~here, raw[code_column])
        if name_column in raw.columns:
            name = name.where(~here, raw[name_column])
    return raw[known].assign(**{CODE: code[known], NAME: name[known]}), int((~known).sum())


def _periods(raw: pd.DataFrame) -> pd.Series:
    """Write 202324 of an academic, financial or tax year as 2023/24; other identifiers stand before the number."""
    identifiers = (
        raw["time_identifier"]
        if "time_identifier" in raw.columns
        else raw["time_period"].where(raw.index < 0, "Academic year")
    )
    pairs = raw.assign(identifier=identifiers)[["time_period", "identifier"]].drop_duplicates()
    written = {(number, kind): _period(number, kind) for number, kind in pairs.itertuples(index=False)}
    return raw["time_period"].where(
        raw.index < 0, [written[pair] for pair in zip(raw["time_period"], identifiers, strict=True)]
    )


def _period(number: str, kind: str) -> str:
    if len(number) == 6 and number.isdigit():
        return f"{number[:4]}/{number[4:]}"
    if _STRADDLING.search(kind) or kind.lower() in {"calendar year", "reporting year", ""}:
        return number
    return f"{kind} {number}"
