"""An outcome as its reader states it: read by its adapter, percentages and proportions never taken for each other."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from boundaries.outcomes.units import in_unit
from boundaries.sources.described import CITED, description_of
from boundaries.sources.groups import Gap, gap_between, gap_of
from boundaries.sources.options import PERIOD_FORM, check_options, text_map
from boundaries.sources.registry import read_outcome
from boundaries.sources.table import Table, interpret
from boundaries.sources.typed import as_cells
from geo.databases import is_address, name_of, query
from geo.errors import TableError
from geo.provenance import Source
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.outcomes.table import OutcomeTable

UNDESCRIBED = "table"
"""The adapter of files nobody has described: what their figures are, only the reader can say."""

_IN_WORDS = frozenset({"percent", "per cent", "percentage"})
_PROPORTIONS = frozenset({"proportion", "share"})


def read_stated(source: str, path: Path | str, **options: object) -> OutcomeTable:
    """Read a file with what is stated of it; return proportions in per cent, and refuse per cents that look like proportions.

    What a file beside a table of one's own states counts where ``options`` do not state it (``boundaries.sources.described``).

    Parameters
    ----------
    source, path, options : as of ``read_outcome``, and credit, licence and attribution; with ``gap`` (``boundaries.sources.groups``),
        the gap between two groups of the file. The unit "percent", in letters, states that figures of 0 to 1 are per cents.

    Raises
    ------
    TableError
        As ``read_outcome``; a table in % all of whose figures lie between 0 and 1, where nobody said that they are so
        small; proportions above 1.
    """
    if gap := options.pop("gap", None):
        asked = gap if isinstance(gap, Gap) else gap_of(str(gap))
        return gap_between(asked, options, lambda chosen: read_stated(source, path, **chosen))
    path = Path(path)
    if is_address(path):
        return _of_database(source, path, options)
    if options.pop("sql", None):
        raise TableError(
            f"{path.name} is a file, which is not asked in SQL", ["name a database: sqlite:///…, postgresql://…"]
        )
    if source == UNDESCRIBED and path.is_file():
        given = {name: value for name, value in options.items() if value is not None}
        columns, groups = (text_map(given, name) for name in ("columns", "where"))
        said = description_of(path, value=columns.get("value", ""), where=groups)
        both = {**text_map(said, "columns"), **columns}
        options = {**said, **given, **({"columns": both} if both else {})}
    cited = {name: options.pop(name) for name in CITED if options.get(name)}
    table = read_outcome(source, path, **{name: value for name, value in options.items() if name not in CITED})
    return settled(_cited(table, cited) if cited else table, undescribed=source == UNDESCRIBED)


def _of_database(source: str, address: Path, options: dict[str, Any]) -> OutcomeTable:
    """Ask a database and read what it answers as a table of one's own."""
    if source != UNDESCRIBED:
        raise TableError(
            f"the adapter '{source}' reads files", ["leave source out: a database holds a table of one's own"]
        )
    sql = options.pop("sql", None)
    cited = {name: options.pop(name) for name in CITED if options.get(name)}
    given = {name: value for name, value in options.items() if value is not None and name != "sheet"}
    name = name_of(address)
    cells = as_cells(query(address, None if sql is None else str(sql)), name)
    digest = hashlib.sha256(cells.to_csv(index=False, lineterminator="\n").encode()).hexdigest()
    check_options(Table.name, given, known=("breakdowns", PERIOD_FORM))
    table = interpret(
        cells, path=Path(name), options=given, repairs={}, first_row=1, source=Source(title=name, sha256=digest)
    )
    return settled(_cited(table, cited) if cited else table, undescribed=True)


def _cited(table: OutcomeTable, cited: Mapping[str, Any]) -> OutcomeTable:
    """Return a table whose source is as it is stated."""
    source = table.meta.source
    lines = cited.get("attribution") or source.attribution
    made = replace(
        source,
        title=str(cited.get("credit") or source.title),
        licence=str(cited.get("licence") or source.licence),
        attribution=(lines,) if isinstance(lines, str) else tuple(lines),
    )
    return replace(table, meta=replace(table.meta, source=made))


def settled(table: OutcomeTable, *, undescribed: bool) -> OutcomeTable:
    """Return a table with proportions in per cent.

    Parameters
    ----------
    table : as it was read. undescribed : nobody but the reader says what its figures are.

    Raises
    ------
    TableError
        As ``read_stated``.
    """
    unit = table.meta.unit.strip().lower()
    if unit in _IN_WORDS:
        return replace(table, meta=replace(table.meta, unit="%"))
    if unit in _PROPORTIONS and table.meta.measure in {"rate", "mean", "median"}:
        return in_unit(table, "%")
    if unit == "%" and undescribed and not table.percent_signs:
        _refuse_doubtful(table)
    return table


def _refuse_doubtful(table: OutcomeTable) -> None:
    values = table.frame["value"].to_numpy(dtype="float64")
    values = values[np.isfinite(values)]
    if len(values) and values.min() >= 0 and 0 < values.max() <= 1:
        raise TableError(
            f"'{table.meta.id}' is in %, but every value lies between {values.min():g} and {values.max():g}",
            remedies=[
                Remedy("unit", "proportion", purpose="if they are proportions of 1: they are shown in per cent"),
                Remedy("unit", "percent", purpose="if they are per cents as small as that"),
            ],
        )
