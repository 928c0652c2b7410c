"""A price index, read from a table of periods and values: what money of any period is worth in that of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from boundaries.series.windows import of_one_length, read_together
from boundaries.sources.cells import read_numbers
from boundaries.sources.reading import read_cells
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from boundaries.outcomes.periods import Period


@dataclass(frozen=True, slots=True)
class Deflator:
    """A price index: its name, values by period (dates → level), and where it came from."""

    name: str
    levels: Mapping[Period, float]
    source: Source

    def level_in(self, windows: Sequence[Period]) -> np.ndarray:
        """Return the level of prices in each window, shape (n_windows,).

        The periods of the index that are shortest and together cover a window are averaged over its days: a year of months,
        the year in which a day lies, two calendar years for a financial one.

        Raises
        ------
        TableError
            Windows that the index does not cover whole; all of them.
        """
        found = [self._level(window) for window in windows]
        lacking = [
            window.text or f"{window.start} to {window.end}"
            for window, level in zip(windows, found, strict=True)
            if level is None
        ]
        if lacking:
            have = [period.text for period in sorted(self.levels)]
            raise TableError(
                f"'{self.name}' lacks prices for {len(lacking)} of {len(windows)} periods",
                [
                    f"not covered: {listed(lacking)}",
                    f"it has {have[0]} to {have[-1]}",
                    "add the periods that are lacking",
                ],
            )
        return np.array(found, dtype=np.float64)

    def _level(self, window: Period) -> float | None:
        for kind in _kinds(self.levels):
            days = {period: (min(period.end, window.end) - max(period.start, window.start)).days + 1 for period in kind}
            inside = {period: number for period, number in days.items() if number > 0}
            if sum(inside.values()) == window.days:
                return sum(number * self.levels[period] for period, number in inside.items()) / window.days
        return None


def read_deflator(path: Path) -> Deflator:
    """Read a price index from a table with the columns ``period`` and ``value``.

    Raises
    ------
    TableError
        The file cannot be read, a column is absent, a period stands twice or cannot be read, a value is not above 0.
    """
    if not path.is_file():
        raise TableError(f"there is no file {path.name}", [f"looked for {path}"])
    cells = read_cells(path).frame
    absent = [name for name in ("period", "value") if name not in cells.columns]
    if absent:
        raise TableError(
            f"{path.name} is not a price index",
            [f"columns absent: {', '.join(absent)}; found {listed(cells.columns)}", "expected period,value"],
        )
    texts = cells["period"].astype(str).str.strip()
    read = read_numbers(cells["value"])
    values = read.numbers
    faults = [f"value '{text}' in row {row + 2} is no number" for text, row in read.bad.items()]
    doubled = texts[texts.duplicated()].unique()
    if len(doubled):
        faults.append(f"periods that stand twice: {listed(doubled)}")
    low = texts[~(values > 0) & ~np.isnan(values)]
    if len(low):
        faults.append(f"values that are not above 0: {listed(low)}")
    if faults:
        raise TableError(f"{path.name} is not a price index", faults)
    windows = read_together(texts)
    level = dict(zip(texts, values, strict=True))
    levels = {window: float(level[text]) for text, window in windows.items() if np.isfinite(level[text])}
    if not levels:
        raise TableError(f"{path.name} is not a price index", ["it has no value"])
    return Deflator(path.stem, levels, Source(title=path.name, sha256=sha256_of(path)))


def _kinds(levels: Mapping[Period, float]) -> list[list[Period]]:
    """Return the periods of an index by length, the shortest kind first: a file may hold months, quarters and years."""
    kinds: list[list[Period]] = []
    for period in sorted(levels, key=lambda one: one.days):
        if kinds and of_one_length(kinds[-1][0], period):
            kinds[-1].append(period)
        else:
            kinds.append([period])
    return kinds
