"""Small tables that people write for us (members, weights, links, claims): columns by name, and each fault with its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.sources.reading import read_cells
from geo.errors import TableError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def written_table(
    path: Path, columns: Sequence[str], *, what: str, numbers: Sequence[str] = (), optional: Sequence[str] = ()
) -> pd.DataFrame:
    """Read a table of named columns, in any format and encoding that outcome tables may have.

    Parameters
    ----------
    path : CSV, XLSX, ODS or Parquet. columns : those it must have, whatever their case; others are left out.
    what : what it is, for messages ("a membership table"). numbers : columns that hold finite numbers.
    optional : columns that are taken where they are there.

    Returns
    -------
    DataFrame of text without blanks at the ends ("" = empty), ``numbers`` as float64.

    Raises
    ------
    TableError
        The file cannot be read, lacks a column, or holds something that is no number; the rows are named.
    """
    if not path.is_file():
        raise TableError(f"there is no file {path}", [f"expected {what}"])
    cells = read_cells(path)
    known = {str(name).strip().casefold(): name for name in cells.frame.columns}
    if absent := [name for name in columns if name not in known]:
        raise TableError(
            f"{path.name} is not {what}", [f"it has no column {listed(absent)}", f"found {listed(cells.frame.columns)}"]
        )
    wanted = [name for name in (*columns, *optional) if name in known]
    table = pd.DataFrame({name: cells.frame[known[name]].fillna("").astype("str").str.strip() for name in wanted})
    faults = []
    for name in numbers:
        figures = pd.to_numeric(table[name], errors="coerce").astype("float64")
        wrong = ~(figures.abs() < float("inf"))
        faults += [
            f"row {place + cells.first_row}, column '{name}': {str(text)[:40]!r} is no number"
            for place, text in zip(table.index[wrong], table.loc[wrong, name], strict=True)
        ]
        table[name] = figures
    if faults:
        more = [f"and {len(faults) - 5:,} more"] if len(faults) > 5 else []
        raise TableError(f"{path.name} holds what are no numbers", [*faults[:5], *more])
    return table
