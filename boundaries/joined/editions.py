"""Rows of another edition of small areas on today's: converted by the lookup that was given, by the same rules as councils."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from boundaries.conversion import ALLOWANCES, Recoded, convert, edition_crosswalk
from geo.errors import ConversionError
from geo.remedies import Remedy

if TYPE_CHECKING:
    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeTable

RESIDENTS = Remedy("lookup", "", purpose="to name a table of residents of the areas, by which a count is divided")
"""What helps where nothing tells how a former area was divided."""


def of_other_editions(
    table: OutcomeTable, rows: pd.DataFrame, boundaries: BoundarySet, allowed: frozenset[str]
) -> Recoded:
    """Convert rows some of which are of another edition to the areas of a layer.

    Parameters
    ----------
    table : the outcome. rows : those of one period and group. boundaries : areas with the codes of other editions.
    allowed : of the join.

    Raises
    ------
    ConversionError
        Whatever would be false, as for councils; a count of a divided area needs residents of its parts.
    """
    earlier = boundaries.earlier
    assert earlier is not None  # noqa: S101  # asked for only then
    try:
        return convert(
            replace(table, frame=rows.reset_index(drop=True)),
            edition_crosswalk(earlier, boundaries.frame["code"]),
            to=boundaries.date,
            geography=boundaries.geography,
            allow=allowed & set(ALLOWANCES),
            names=dict(zip(boundaries.frame["code"], boundaries.frame["name"], strict=True)),
        )
    except ConversionError as error:
        helps = [RESIDENTS if remedy.option == "weights" else remedy for remedy in error.remedies]
        raise ConversionError(error.what, error.faults, helps) from error
