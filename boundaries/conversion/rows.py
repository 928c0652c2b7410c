"""Which rows of a table a conversion takes: those of its sources, once each, apart from those of other geographies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.conversion.expansion import expand
from boundaries.places.recognition import unrecognised
from boundaries.register.codes import entity_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from boundaries.conversion.crosswalk import Crosswalk


def positions_of(codes: pd.Series, sources: pd.Index) -> NDArray[np.int64]:
    """Return the position of every code among the sources, shape (rows,); −1 of what is none."""
    labels, distinct = pd.factorize(codes)
    return np.append(sources.get_indexer(pd.Index(distinct, dtype=object)), -1)[labels]


def rows_outside(codes: pd.Series, position: NDArray[np.int64], crosswalk: Crosswalk) -> NDArray[np.bool_]:
    """Return the rows that are of another kind than the sources: regions among districts, rows with a name only."""
    unknown = np.flatnonzero(position < 0)
    outside = np.zeros(len(codes), dtype=np.bool_)
    if not len(unknown):
        return outside
    kinds = {_kind(code) for code in crosswalk.sources}
    cells = codes.iloc[unknown]
    other = {code: not code or (_kind(code) not in kinds and not unrecognised(code)) for code in cells.unique()}
    outside[unknown] = cells.map(other).to_numpy(dtype=np.bool_)
    return outside


def _kind(code: str) -> str:
    return code.partition(":")[0] + ":" if ":" in code else entity_of(code)


def groups_of(frame: pd.DataFrame, breakdowns: tuple[str, ...]) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Give numbers to the combinations of period and breakdowns in order of appearance."""
    columns = ["period", *breakdowns]
    number = np.zeros(len(frame), dtype=np.int64)
    for name in columns:
        labels, distinct = pd.factorize(frame[name], use_na_sentinel=False)
        number = number * max(len(distinct), 1) + labels
    if len(columns) > 1:
        number, _ = pd.factorize(number)
    first = np.zeros(int(number.max(initial=-1)) + 1, dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number, pd.DataFrame({name: frame[name].array.take(first) for name in columns})


def kept_rows(
    code: NDArray[np.int64], group: NDArray[np.int64], n_groups: int, crosswalk: Crosswalk, allow: frozenset[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows that are converted, and those left out because what they became has a row of its own."""
    keep = np.flatnonzero(code >= 0)
    if "both" not in allow:
        return keep, np.zeros(0, dtype=np.int64)
    dropped = keep[_superseded(code[keep], group[keep], n_groups, crosswalk)]
    return np.setdiff1d(keep, dropped, assume_unique=True), dropped


def _superseded(
    code: NDArray[np.int64], group: NDArray[np.int64], n_groups: int, crosswalk: Crosswalk
) -> NDArray[np.bool_]:
    """Return the rows whose every target has a row of its own in the same group."""
    own = crosswalk.targets.get_indexer(crosswalk.sources)
    present = np.zeros(n_groups * len(crosswalk.targets), dtype=np.bool_)
    here = own[code] >= 0
    present[group[here] * len(crosswalk.targets) + own[code[here]]] = True
    laid = expand(code, group, n_groups, crosswalk)
    taken = present[laid.group * len(crosswalk.targets) + laid.target][laid.cell]
    every = np.bincount(laid.row, weights=~taken, minlength=len(code)) == 0
    return np.asarray(every & (own[code] < 0))
