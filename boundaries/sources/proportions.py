"""An outcome as its reader states it: read by its adapter, percentages and proportions never taken for each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.units import in_unit
from boundaries.sources.registry import read_outcome
from geo.errors import TableError
from geo.remedies import Remedy

if TYPE_CHECKING:
    from pathlib import Path

    from boundaries.outcomes.table import OutcomeTable

UNDESCRIBED = "table"
"""The adapter of files nobody has described: what their figures are, only the reader can say."""

_IN_WORDS = frozenset({"percent", "per cent", "percentage"})
_PROPORTIONS = frozenset({"proportion", "share"})


def read_stated(source: str, path: Path | str, **options: object) -> OutcomeTable:
    """Read a file; return proportions in per cent, and refuse per cents that look like proportions.

    Parameters
    ----------
    source, path, options : as of ``read_outcome``. The unit "percent", in letters, states that figures of 0 to 1 are per cents.

    Raises
    ------
    TableError
        As ``read_outcome``; a table in % all of whose figures lie between 0 and 1, where nobody said that they are so
        small; proportions above 1.
    """
    return settled(read_outcome(source, path, **options), undescribed=source == UNDESCRIBED)


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
