"""The periods of a series read together, as one column: what each stands for, how long it is, which share days."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from boundaries.outcomes.periods import Period, parse_period, readable
from geo.errors import TableError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from boundaries.outcomes.periods import YearBasis

_TWO_READINGS = re.compile(r"(\d{4})-?(\d{2})")
"""``2011-12`` and ``201112``: a year that straddles two, or December 2011."""

ALIKE = 0.1
"""Two windows are of one kind when their lengths differ by no more than a tenth: leap years and short months stay alike."""


def read_together(texts: Iterable[str], *, year: YearBasis = "financial") -> dict[str, Period]:
    """Read a column of periods at once, from the earliest to the latest.

    One text alone may have two readings (``2011-12``); among others it has one. Where any cell of that form can only be a
    month (``2011-10``), all are months.

    Parameters
    ----------
    texts : periods as published. year : what ``2021/22`` means.

    Returns
    -------
    dict
        Text → interval of dates, ordered by end.

    Raises
    ------
    TableError
        Periods that no calendar knows, or two texts for the same dates; all of them.

    Examples
    --------
    >>> [period.days for period in read_together(["2011-10", "2011-11", "2011-12"]).values()]
    [31, 30, 31]
    >>> [period.days for period in read_together(["2010-11", "2011-12"]).values()]
    [365, 366]
    """
    distinct = list(dict.fromkeys(texts))
    bad = [repr(text) for text in distinct if not readable(text)]
    if bad:
        raise TableError(
            "periods that cannot be read as dates", [listed(bad), "write them as 2024, 2023/24 or 2024-04-30"]
        )
    monthly = any(_only_month(text) for text in distinct)
    read = {text: _read(text.strip(), year, monthly=monthly) for text in distinct}
    ordered = dict(sorted(read.items(), key=lambda pair: pair[1]))
    same = [
        f"'{first}' and '{second}'"
        for (first, one), (second, other) in pairwise(ordered.items())
        if (one.start, one.end) == (other.start, other.end)
    ]
    if same:
        raise TableError("periods that are written in two ways", [listed(same), "write each in one way"])
    return ordered


def shared(first: Period, second: Period) -> float:
    """Return the correlation of two means over windows that share days, 0 where they share none.

    Notes
    -----
    With windows of d₁ and d₂ days of which s are shared, and independent days, the correlation of their means is
    s / √(d₁ d₂): adjacent three-year windows share two thirds, and the standard error of their difference is √(2·(1 − ⅔)) times
    that of one, 0.577 of what independence would say.

    Examples
    --------
    >>> early, late = parse_period("2019 to 2021"), parse_period("2020 to 2022")
    >>> round(shared(early, late), 2)
    0.67
    """
    days = (min(first.end, second.end) - max(first.start, second.start)).days + 1
    return max(days, 0) / math.sqrt(first.days * second.days)


def of_one_length(first: Period, second: Period) -> bool:
    """Say whether two windows are as long as each other, to a tenth."""
    return abs(math.log(first.days / second.days)) <= math.log1p(ALIKE)


def apart(windows: Sequence[Period]) -> list[int]:
    """Return the positions of windows that share no day, the latest first chosen, in order of time.

    Parameters
    ----------
    windows : in order of time.

    Examples
    --------
    >>> apart([parse_period(f"{year} to {year + 2}") for year in range(2010, 2019)])
    [2, 5, 8]
    """
    chosen: list[int] = []
    for place in reversed(range(len(windows))):
        if not chosen or windows[place].end < windows[chosen[-1]].start:
            chosen.append(place)
    return chosen[::-1]


def _only_month(text: str) -> bool:
    found = _TWO_READINGS.fullmatch(text.strip())
    return found is not None and int(found[2]) != (int(found[1]) + 1) % 100


def _read(text: str, year: YearBasis, *, monthly: bool) -> Period:
    found = _TWO_READINGS.fullmatch(text) if monthly else None
    if found is None:
        return parse_period(text, year=year)
    month = parse_period(f"{found[1]}-{found[2]}-01/P1M")
    return Period(month.end, month.start, text)
