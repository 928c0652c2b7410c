"""Editions of an index: versions that may stand beside each other, and are never chained into one series."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.errors import TableError, listed

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from boundaries.outcomes.table import OutcomeMeta, OutcomeTable

EDITION_COLUMN = r"(?i)^\s*edition\s*$"
"""What a column of editions is called."""

_WHY = (
    "editions of an index hold different indicators, groups or scales, so that a difference between them is a difference of "
    "method as well as of places"
)


def refuse_chained(earlier: OutcomeTable, later: OutcomeTable) -> None:
    """Refuse to compare periods of two editions of an index, or of two files of which nobody said that they are one.

    Two tables are of one edition when both state the same; an index of two files (of different bytes) must state it, as
    a file of scores does not tell how they were made. Measures that are no index have no editions unless one is stated.

    Parameters
    ----------
    earlier, later : the tables the periods come from; may be one table.

    Raises
    ------
    TableError
        With the reason, and what to do instead.

    Examples
    --------
    >>> import pandas as pd
    >>> from boundaries.outcomes.table import OutcomeMeta, OutcomeTable
    >>> made = [OutcomeTable(OutcomeMeta("x", "X", "index", index_version=of), pd.DataFrame()) for of in ("2024", "2025")]
    >>> refuse_chained(*made)
    Traceback (most recent call last):
    ...
    geo.errors.TableError: 'x' of 2024 and of 2025 are two editions: no change can be told between them
      editions of an index hold different indicators, groups or scales, so that a difference between them is a difference of method as well as of places
      show both side by side as levels, or take both periods from one edition
    """
    first, second = earlier.meta, later.meta
    if first.index_version != second.index_version:
        one, other = (version or "no stated edition" for version in (first.index_version, second.index_version))
        raise TableError(
            f"'{second.id}' of {one} and of {other} are two editions: no change can be told between them",
            [_WHY, "show both side by side as levels, or take both periods from one edition"],
        )
    same_file = first.source.sha256 == second.source.sha256 and first.source == second.source
    if first.index_version or same_file or "index" not in {first.measure, second.measure}:
        return
    raise TableError(
        f"'{second.id}' comes from two files, and neither says of which edition of the index it is",
        [_WHY, 'if both are of one edition, state it for each: edition = "…"'],
    )


def of_one_edition(
    meta: OutcomeMeta, rows: pd.DataFrame, name: str, *, breakdowns: Collection[str] = ()
) -> OutcomeMeta:
    """Return the meaning of an index with the edition its table states in a column of that name, unless the reader stated one.

    Parameters
    ----------
    meta : of the table. rows : as they are read. name : of the file. breakdowns : columns that tell rows apart, which are left
        to them.

    Raises
    ------
    TableError
        An index whose rows are of several editions: their periods would look like one series.
    """
    column = next(
        (head for head in rows.columns if re.match(EDITION_COLUMN, str(head)) and head not in breakdowns), None
    )
    if column is None or meta.measure != "index":
        return meta
    found = sorted({str(text).strip() for text in rows[column]} - {""})
    if len(found) > 1:
        raise TableError(
            f"{name} holds several editions of an index: {listed(found)}",
            [
                _WHY,
                f"choose one, where = {{{column} = '{found[-1]}'}} (--where {column}={found[-1]} on the command line)",
            ],
        )
    return replace(meta, index_version=found[0]) if found and not meta.index_version else meta
