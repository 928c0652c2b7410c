"""Other columns of the same table, or other tables, for statistics that look at more than the outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from boundaries.joined.extent import join_within
from boundaries.sources.proportions import UNDESCRIBED, read_stated
from boundaries.sources.reading import read_cells
from geo.databases import is_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from analysis.one_table.reading import Reading
    from boundaries.joined import Joined


def columns_beside(file: Path, reading: Reading, joined: Joined, names: Iterable[str]) -> dict[str, pd.Series]:
    """Join the columns that a statistic is to look at to the areas of the outcome.

    Parameters
    ----------
    file, reading : the table of the outcome and how it is read. joined : what came of it.
    names : columns of the table, or paths of other tables; others are left for ``analysis.known_columns`` to find.

    Returns
    -------
    dict
        Name → values by code, joined as the outcome was: same areas, same period where it is a column of the same table.

    Raises
    ------
    PlaceatlasError
        A column is not of numbers, or a table does not fit the areas.
    """
    options = dict(reading.options or {})
    stated = options.get("columns")
    roles: Mapping[str, str] = stated if isinstance(stated, dict) else {}
    held = _columns_of(file, reading)
    found = {}
    for name in dict.fromkeys(names):
        if name in held:
            asked = {
                **options,
                "columns": {**roles, "value": name},
                "id": None,
                "title": name,
                "measure": "mean",
                "unit": "",
            }
            table = read_stated(reading.source, file, **asked)
            period = joined.period
        elif Path(name).is_file():
            table = read_stated(
                reading.source, Path(name), columns={k: v for k, v in roles.items() if k == "code"} or None
            )
            period = "latest"
        else:
            continue
        beside = join_within(table, joined.boundaries, place=reading.place, period=period, allow=reading.allow)
        found[name] = beside.frame["value"]
    return found


def _columns_of(file: Path, reading: Reading) -> frozenset[str]:
    """Return the columns of a table that nobody has described; the files of a publisher hold one outcome each."""
    if reading.source != UNDESCRIBED or is_address(file):
        return frozenset()
    sheet = (reading.options or {}).get("sheet")
    return frozenset(map(str, read_cells(file, sheet=None if sheet is None else str(sheet)).frame.columns))
