"""Columns of text as positions among their distinct texts: a table has a few hundred texts and perhaps ten million rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_HEADROOM = 1 << 62
"""Product of the numbers of distinct texts up to which joint positions fit into 64 bits."""

_CLOSE = 8
"""Largest number over how many there are, up to which numbers lie close together."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column taken apart.

    ``position`` : shape (n_rows,), index into ``texts``, in 32 bits where they suffice. ``texts`` : distinct texts in order of first appearance, missing as "".
    """

    position: NDArray[np.integer]
    texts: pd.Index

    def mapped(self, change: Callable[[str], str]) -> Coded:
        """Return the column with every text changed; two texts may have become one."""
        position, texts = pd.factorize(pd.Series([change(str(text)) for text in self.texts], dtype="str"))
        return Coded(_small(position)[self.position], texts)

    def spread(self) -> pd.Series:
        """Return the column written out again, as str."""
        return pd.Series(self.texts, dtype="str").take(self.position).reset_index(drop=True)

    def sample(self, number: int) -> list[str]:
        """Return the first distinct texts that are not blank, in order of appearance."""
        first = (str(text) for text in self.texts[: 2 * number])
        return [text for text in first if text.strip()][:number]


def coded(column: pd.Series) -> Coded:
    """Take a column apart, whatever its type."""
    if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.categories.dtype == "str":
        position, used = pd.factorize(column.cat.codes.to_numpy())
        if (used >= 0).all():
            return Coded(_small(position), column.cat.categories[used])
    text = column if column.dtype == "str" else column.astype("str")
    position, texts = pd.factorize(text, use_na_sentinel=True)
    if (position < 0).any():
        texts = texts.append(pd.Index([""], dtype="str"))
        position = np.where(position < 0, len(texts) - 1, position)
    return Coded(_small(position), texts)


def _small(position: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return positions in 32 bits: no table has two thousand million rows."""
    return position.astype(np.int32) if len(position) < np.iinfo(np.int32).max else position


class Codings:
    """The columns of a frame, each taken apart when it is first asked for."""

    __slots__ = ("_known", "frame")

    def __init__(self, frame: pd.DataFrame) -> None:
        """Look at a frame; nothing is taken apart yet."""
        self.frame = frame
        self._known: dict[str, Coded] = {}

    def __getitem__(self, name: str) -> Coded:
        """Return one column taken apart."""
        if name not in self._known:
            self._known[name] = coded(self.frame[name])
        return self._known[name]


def joint(columns: Sequence[Coded]) -> NDArray[np.int64]:
    """Return one number for every combination of texts, shape (n_rows,); equal where all the columns are."""
    number = columns[0].position.astype(np.int64)
    size = max(len(columns[0].texts), 1)
    for column in columns[1:]:
        if size * max(len(column.texts), 1) > _HEADROOM:
            number, distinct = pd.factorize(number)
            size = max(len(distinct), 1)
        number = number * max(len(column.texts), 1) + column.position
        size *= max(len(column.texts), 1)
    return np.asarray(number, dtype=np.int64)


def renumbered(number: NDArray[np.int64]) -> Coded:
    """Return joint numbers as positions among those that occur, in no stated order, so that more columns can be joined to them."""
    there = _occurring(number)
    if there is None:
        position, distinct = pd.factorize(number)
        return Coded(_small(position), pd.Index(distinct))
    place = np.cumsum(there, dtype=np.int32)
    return Coded(place[number] - np.int32(1), pd.Index(np.flatnonzero(there)))


def repeats(number: NDArray[np.integer]) -> int:
    """Return how many rows repeat an earlier one's number."""
    there = _occurring(number)
    return len(number) - (len(pd.unique(number)) if there is None else int(there.sum()))


def _occurring(number: NDArray[np.integer]) -> NDArray[np.bool_] | None:
    """Return which numbers occur, shape (largest + 1,); None where they lie too far apart to be counted so.

    Of millions of numbers that lie close together this takes a hundredth of the memory of a table of them.
    """
    if not len(number) or number.max() >= _CLOSE * len(number):
        return None
    there = np.zeros(int(number.max()) + 1, dtype=np.bool_)
    there[number] = True
    return there
