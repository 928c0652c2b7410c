"""A table of small areas on another edition, by a lookup file alone: no layer is needed to convert codes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.areas.layer_lookups import may_be_codes, residents_in, weighted
from boundaries.conversion.editions import edition_crosswalk
from boundaries.conversion.recoding import Recoded, convert
from boundaries.register.codes import entity_of, parse_code, repaired
from boundaries.sources.reading import read_cells
from boundaries.vocabulary import YEARS_OF_CENSUS, coded_geography
from geo.errors import ConversionError, TableError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from boundaries.conversion.crosswalk import Crosswalk
    from boundaries.outcomes.table import OutcomeTable

_YEAR = re.compile(r"(?i)(\d\d)(?:cd|_?code)?$")


@dataclass(frozen=True, slots=True, eq=False)
class EditionLookup:
    """The way from the codes of a table to those of another edition: columns it was read from, and the date of the latter."""

    way: Crosswalk
    start: str
    end: str
    geography: str
    date: dt.date


def edition_lookup(
    path: Path, codes: Collection[str], *, to_column: str | None = None, date: dt.date | None = None
) -> EditionLookup:
    """Read a lookup between two editions.

    Parameters
    ----------
    path : a table with a column of the codes that are converted and one of those wanted; where areas were divided also one of
        residents, called so, by which counts are divided. codes : of the table. to_column : the column wanted, of several.
    date : of the edition wanted; by default of the census that its column names (LSOA21CD).

    Raises
    ------
    TableError
        No such file or column, no column with the codes of the table, or none, or several, of codes of the same kind.
    """
    if not path.is_file():
        raise TableError(f"there is no lookup {path}", ["a table of pairs of codes"])
    table = read_cells(path).frame
    texts = {str(name): repaired(table[name])[0] for name in table.columns if may_be_codes(table[name])}
    given = {code for code in codes if code}
    share = {name: len(given & set(column)) / max(len(given), 1) for name, column in texts.items() if name != to_column}
    start = max(share, key=lambda name: share[name], default="")
    if not start or not share[start]:
        raise TableError(f"{path.name} is no lookup of this table", [f"no column of {listed(texts)} has its codes"])
    family = {entity_of(code) for code in texts[start] if parse_code(code).scheme == "gss"}
    ends = [name for name in texts if name != start and {entity_of(code) for code in set(texts[name]) - {""}} <= family]
    if to_column is not None:
        ends = [name for name in texts if name == to_column]
    if len(ends) != 1:
        raise TableError(
            f"{path.name} does not say which codes are wanted",
            [f"columns of the same kind as '{start}': {listed(ends) if ends else 'none'}"],
            [Remedy("to_column", purpose="to name the column of the codes wanted")],
        )
    end = ends[0]
    others = [str(name) for name in table.columns if name not in {start, end}]
    day = date or _date_of(end)
    people = residents_in(table, texts[end], others, day)
    pairs = pd.DataFrame({"old": texts[start], "code": texts[end]})
    pairs = pairs[(pairs["old"] != "") & (pairs["code"] != "")]
    return EditionLookup(
        way=edition_crosswalk(weighted(pairs, people), set(pairs["code"])),
        start=start,
        end=end,
        geography=coded_geography(family) or end,
        date=day,
    )


def recode_by_lookup(
    table: OutcomeTable,
    found: EditionLookup,
    *,
    denominator: Mapping[str, float] | None = None,
    allow: Collection[str] = (),
) -> Recoded:
    """Convert an outcome along a lookup between two editions, by the same rules as councils.

    Parameters
    ----------
    table : the outcome. found : from ``edition_lookup``. denominator, allow : as of ``boundaries.conversion.recode``.

    Raises
    ------
    ConversionError
        Whatever would be false.
    """
    try:
        return convert(
            table,
            found.way,
            to=found.date,
            geography=found.geography,
            denominator=denominator,
            allow=frozenset(allow),
            names={},
            own=True,
        )
    except ConversionError as error:
        helps = [remedy for remedy in error.remedies if remedy.option != "weights"]
        divided = ["a lookup with a column of residents of the new areas divides counts"] * (
            len(helps) < len(error.remedies)
        )
        raise ConversionError(error.what, [*error.faults, *divided], helps) from error


def _date_of(column: str) -> dt.date:
    year = _YEAR.search(column)
    if year is None:
        raise TableError(
            f"the date of the codes in '{column}' is not known",
            ["its name tells no year, as LSOA21CD does"],
            [Remedy("to")],
        )
    return dt.date.fromisoformat(YEARS_OF_CENSUS.get(year[1], f"20{year[1]}-12-31"))
