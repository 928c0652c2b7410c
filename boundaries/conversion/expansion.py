"""Rows × targets: every row of a table laid on the targets its code belongs to, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from boundaries.conversion.crosswalk import Crosswalk

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

_DENSE = 4
"""Cells per row up to which a dense table of groups × targets is quicker than sorting the keys."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A table's rows laid on targets.

    Parameters
    ----------
    row, pair, cell : shape (n_parts,): row of the table, pair of the crosswalk, and cell of the result.
    group, target : shape (n_cells,): of each cell, sorted by group then target; only cells that a row reaches.
    parts : shape (n_cells,): how many rows reach the cell.
    complete : shape (n_cells,): every piece of the target's land is covered.
    doubled : shape (n_rows,): the row covers land that another row of its group covers too.
    """

    row: Integers
    pair: Integers
    cell: Integers
    group: Integers
    target: Integers
    parts: Integers
    complete: Booleans
    doubled: Booleans

    def summed(self, values: Floats) -> Floats:
        """Add up values (one a part) by cell; NaN spreads."""
        return np.bincount(self.cell, weights=values, minlength=len(self.group)).astype(np.float64, copy=False)

    def only(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return, by cell, the value of its last part (meant for cells of one part)."""
        found = np.empty(len(self.group), dtype=values.dtype)
        found[self.cell] = values
        return found


def expand(code: Integers, group: Integers, n_groups: int, crosswalk: Crosswalk) -> Expansion:
    """Lay rows on targets.

    Parameters
    ----------
    code : shape (n_rows,), position of each row's code in ``crosswalk.sources``.
    group : shape (n_rows,), number of each row's period and breakdowns.
    """
    row, pair = _repeated(code, crosswalk.source, len(crosswalk.sources))
    n_targets = len(crosswalk.targets)
    key = group[row] * n_targets + crosswalk.target[pair]
    cells, cell, parts = _distinct(key, n_groups * n_targets)
    doubled, complete = _coverage(code, group, n_groups, cells, crosswalk)
    return Expansion(row, pair, cell, cells // n_targets, cells % n_targets, parts, complete, doubled)


def _coverage(
    code: Integers, group: Integers, n_groups: int, cells: Integers, crosswalk: Crosswalk
) -> tuple[Booleans, Booleans]:
    """Find rows that cover land twice, and cells whose land is covered whole."""
    n_pieces, n_targets = len(crosswalk.piece_target), len(crosswalk.targets)
    row, place = _repeated(code, crosswalk.piece_source, len(crosswalk.sources))
    key = group[row] * n_pieces + crosswalk.piece[place]
    laid, position, times = _distinct(key, n_groups * n_pieces)
    doubled = np.zeros(len(code), dtype=np.bool_)
    if (times > 1).any():
        doubled[row[times[position] > 1]] = True
    owner = crosswalk.piece_target[laid % n_pieces]
    inside = owner >= 0
    needed = np.bincount(crosswalk.piece_target[crosswalk.piece_target >= 0], minlength=n_targets)
    have, _, count = _distinct((laid // n_pieces * n_targets + owner)[inside], n_groups * n_targets)
    covered = count[np.searchsorted(have, cells)]
    return doubled, np.asarray(covered == needed[cells % n_targets])


def _repeated(code: Integers, owner: Integers, n_codes: int) -> tuple[Integers, Integers]:
    """Return, for rows of codes that own runs of entries, the row and the entry of each (row, entry)."""
    counts = np.bincount(owner, minlength=n_codes)
    starts = np.r_[0, np.cumsum(counts)[:-1]]
    times = counts[code]
    if (times == 1).all():
        return np.arange(len(code)), starts[code]
    row = np.repeat(np.arange(len(code)), times)
    first = np.cumsum(times) - times
    return row, np.arange(len(row)) - first[row] + starts[code][row]


def _distinct(key: Integers, size: int) -> tuple[Integers, Integers, Integers]:
    """Return the distinct keys in order, the position of each key among them, and how often each occurs."""
    if size <= _DENSE * len(key) + 1_000_000:
        counts = np.bincount(key, minlength=size)
        found = np.flatnonzero(counts)
        position = np.empty(size, dtype=np.int64)
        position[found] = np.arange(len(found))
        return found, position[key], counts[found]
    labels, found = pd.factorize(key, sort=True)
    return np.asarray(found), labels, np.bincount(labels, minlength=len(found))
