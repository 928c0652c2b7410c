"""A table that is in memory already: a DataFrame, or a GeoDataFrame whose shapes are left aside."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from geopandas.array import GeometryDtype

from boundaries.sources.groups import gap_between, gap_of
from boundaries.sources.options import check_options
from boundaries.sources.proportions import settled
from boundaries.sources.table import Table, interpret
from boundaries.sources.typed import as_cells
from geo.errors import TableError, listed
from geo.provenance import Source

if TYPE_CHECKING:
    from boundaries.outcomes.table import OutcomeTable

TITLE = "A table in memory"
"""Title of the source where the caller states none: nobody but the caller knows where the figures are from."""


def read_frame(frame: pd.DataFrame, **options: object) -> OutcomeTable:
    """Read a DataFrame as a file of the same columns would be read.

    Parameters
    ----------
    frame : one row an area, period and group. A named index is a column like the others; shapes are left aside; it is not changed.
    options : as of ``boundaries.sources.registry.read_outcome`` for a table, ``credit``, the title of the publication, and ``gap``, as
        ``boundaries.sources.groups.gap_of`` reads it.

    Raises
    ------
    TableError
        As of a file: no rows, no column of codes or names, cells that are no numbers.

    Examples
    --------
    >>> table = read_frame(pd.DataFrame({"code": ["E06000001"], "pay": [512.0]}), measure="mean", unit="£")
    >>> table.frame[["code", "value"]].to_numpy().tolist()
    [['E06000001', 512.0]]
    """
    if gap := options.pop("gap", None):
        return gap_between(gap_of(str(gap)), options, lambda chosen: read_frame(frame, **chosen))
    given = {name: value for name, value in options.items() if value is not None}
    credit = str(given.pop("credit", TITLE))
    check_options(Table.name, given, known=("breakdowns",))
    cells = cells_of(frame)
    digest = hashlib.sha256(cells.to_csv(index=False, lineterminator="\n").encode()).hexdigest()
    read = interpret(
        cells,
        path=Path("the table"),
        options=given,
        repairs={},
        first_row=1,
        source=Source(title=credit, sha256=digest),
    )
    return settled(read, undescribed=True)


def cells_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns as a file gives them: numbers as they are, all else as text, empty where nothing is.

    Raises
    ------
    TableError
        No rows, no columns, or two of one name.
    """
    whole = pd.DataFrame(frame)
    names = pd.Index([str(name) for name in whole.columns])
    doubled = names[names.duplicated()]
    shapes = [isinstance(kind, GeometryDtype) for kind in whole.dtypes]
    faults = [f"columns with one name: {listed(doubled.unique())}"] if len(doubled) else []
    faults += ["it has no rows"] if not len(whole) else []
    faults += ["it has no columns but shapes"] if all(shapes) and not any(whole.index.names) else []
    if faults:
        raise TableError("this DataFrame is no table of areas", faults)
    return as_cells(whole, "this DataFrame")
