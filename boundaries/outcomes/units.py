"""Shares in one unit: proportion, percent, per 1,000 … are never confused and only converted by name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import TableError
from geo.remedies import Remedy

if TYPE_CHECKING:
    from boundaries.outcomes.table import OutcomeTable

_WHOLES = {"proportion": 1.0, "share": 1.0, "%": 100.0, "percent": 100.0, "percentage": 100.0}
FROM_AVERAGE = "from the average"
"""Last words of a unit whose values are distances from the average of all areas."""
_PER = re.compile(r"per ([\d,]+)(?: (?:people|residents|population|pupils|dwellings))?")
_SCALED = ("value", "lower", "upper", "se")


def whole_of(unit: str) -> float | None:
    """Return what a share in this unit is out of: 1, 100, 1,000 …; None when the unit is not a share.

    Examples
    --------
    >>> whole_of("%"), whole_of("per 100,000"), whole_of("£")
    (100.0, 100000.0, None)
    """
    plain = unit.strip().lower()
    if plain in _WHOLES:
        return _WHOLES[plain]
    found = _PER.fullmatch(plain)
    return float(found[1].replace(",", "")) if found else None


def is_centred(unit: str) -> bool:
    """Say whether values in this unit are distances from the average of all areas, which is then 0.

    Examples
    --------
    >>> is_centred("z"), is_centred(f"percentage points {FROM_AVERAGE}"), is_centred("%")
    (True, True, False)
    """
    return unit == "z" or unit.rpartition(FROM_AVERAGE)[1:] == (FROM_AVERAGE, "")


def in_unit(table: OutcomeTable, unit: str) -> OutcomeTable:
    """Express a share in another unit: a proportion in percent, a rate per 1,000 per 100,000.

    Parameters
    ----------
    table : an outcome whose unit is a share. unit : "proportion", "%", "per 1,000", …

    Returns
    -------
    Values, interval, standard errors and published averages multiplied alike.

    Raises
    ------
    TableError
        If one of the two is not a share, or values lie outside what their unit allows: a column of percentages that says it is
        proportions is refused, not divided.
    """
    old, new = whole_of(table.meta.unit), whole_of(unit)
    faults = [
        f"'{name}' is not a share of anything" for name, whole in ((table.meta.unit, old), (unit, new)) if whole is None
    ]
    if old is None or new is None:
        raise TableError(f"'{table.meta.id}' cannot be expressed in '{unit}'", faults)
    values = table.frame["value"].to_numpy(dtype="float64")
    if table.meta.measure == "rate" and old <= 100 and np.nanmax(np.abs(values), initial=0.0) > old:
        raise TableError(
            f"'{table.meta.id}' holds values above {old:g}, more than the whole in '{table.meta.unit}'",
            remedies=[Remedy("unit", purpose="to say what the values are in")],
        )
    factor = new / old
    frame = table.frame.assign(**{name: table.frame[name] * factor for name in _SCALED})
    averages = {code: value * factor for code, value in table.meta.averages.items()}
    return replace(table, frame=frame, meta=replace(table.meta, unit=unit, averages=averages))
