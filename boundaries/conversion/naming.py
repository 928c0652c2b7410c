"""Rows that carry a name and no code: converted as the area they name, on the date that the names of the table are of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.dating.name_epochs import codes_of_names, dates_of_names, latest_names
from boundaries.places.contradictions import contradictions
from boundaries.register.codes import GEOGRAPHIES
from geo.errors import listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from boundaries.conversion.expansion import Expansion
    from boundaries.outcomes.table import OutcomeTable


@dataclass(frozen=True, slots=True)
class Named:
    """A table whose names have become codes.

    ``table`` has no row whose name is of no area: ``lost`` counts those by name. ``statements`` are sentences for a person,
    ``faults`` say which names are of no area and what they may have meant.
    """

    table: OutcomeTable
    statements: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)


def with_codes_of_names(table: OutcomeTable, *, geography: str, frm: dt.date | None) -> Named:
    """Give rows without a code that of the area they name.

    Parameters
    ----------
    table : the outcome. geography : whose names they are, before those of wider areas.
    frm : date of the names; by default the latest epoch that knows most of them, then any other for names it does not know.
    """
    frame = table.frame
    without = ((frame["code"] == "") & (frame["name"] != "")).to_numpy()
    if not without.any() or geography not in GEOGRAPHIES:
        return Named(table)
    names = [str(name) for name in frame["name"][without].unique()]
    dates = dates_of_names(latest_names(table), geography) if frm is None else [frm]
    found, near = codes_of_names(names, geography=geography, dates=dates)
    codes = frame["code"].where(~without, frame["name"].map(found).fillna("")).astype("str")
    lost = without & (codes == "").to_numpy()
    meant = [f"'{name}'{f' ({listed(hints)}?)' if hints else ''}" for name, hints in near.items()]
    number = int(without.sum() - lost.sum())
    was = "row was" if number == 1 else "rows were"
    said = (f"{number:,} {was} taken by name, exactly or without words of office.",) if number else ()
    counts = frame["name"][lost].value_counts(sort=False)
    return Named(
        replace(table, frame=frame.assign(code=codes)[~lost].reset_index(drop=True)),
        said,
        (f"names that are of no area: {listed(meant)}",) if meant else (),
        {str(name): int(rows) for name, rows in counts.items()},
    )


def contradictions_of(table: OutcomeTable) -> dict[tuple[str, str], str]:
    """Return the pairs of code and name of a table that contradict each other, each with its kind."""
    frame = table.frame
    if not (frame["name"] != "").any():
        return {}
    code, codes = pd.factorize(frame["code"])
    name, names = pd.factorize(frame["name"].fillna(""))
    pairs = pd.unique(code.astype(np.int64) * len(names) + name)
    return contradictions((str(codes[int(pair) // len(names)]), str(names[int(pair) % len(names)])) for pair in pairs)


def own_names(names: pd.Series, laid: Expansion, rest: pd.Series) -> pd.Series:
    """Return what a table calls each area of the result, names of several rows joined, then the names of other rows.

    Parameters
    ----------
    names : of the rows that were converted. laid : the rows on their targets. rest : names of the rows that were not.
    """
    number, distinct = pd.factorize(names.fillna(""))
    held = number[laid.row]
    first = np.zeros(len(laid.group), dtype=np.int64)
    first[laid.cell[::-1]] = held[::-1]
    made = pd.Series(list(distinct), dtype="str").take(first).reset_index(drop=True)
    several = np.flatnonzero(laid.parts > 1)
    if len(several):
        parts = np.isin(laid.cell, several)
        pairs = pd.DataFrame({"cell": laid.cell[parts], "name": np.asarray(distinct, dtype=object)[held[parts]]})
        joined = pairs.drop_duplicates().query("name != ''").groupby("cell")["name"].agg("; ".join)
        made = made.mask(made.index.isin(several), joined.reindex(made.index, fill_value="").astype("str"))
    return pd.concat([made, rest.fillna("").astype("str")], ignore_index=True)
