"""Periods as publishers write them, read as intervals of dates."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from boundaries.vocabulary import phrase
from geo.errors import TableError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

YearBasis = Literal["financial", "academic"]
"""What a year written ``2021/22`` means: April to March, or September to August."""

_STARTS = {"financial": 4, "academic": 9}
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
_MONTHS["sept"] = 9
_MONTH = r"(?P<{}>[a-z]{{3,9}})"
_DASH = r"\s*(?:-|–|—|to|until)\s*"

_ISO_DURATION = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:t[\d:.z+]*)?/p(\d+)([ymwd])")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[t ][\d:.z+]*)?")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_STRADDLING = re.compile(r"(\d{4})\s*(?:[-–—/]|\s+to\s+)\s*(\d{2})")
_STRADDLING_FULL = re.compile(r"(\d{4})\s*/\s*(\d{4})")
_SIX_DIGITS = re.compile(r"(\d{4})(\d{2})")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_YEARS = re.compile(rf"(\d{{4}}){_DASH}(\d{{4}})")
_QUARTER = re.compile(r"(?:(?P<y1>\d{4})[\s-]*q(?P<q1>[1-4])|q(?P<q2>[1-4])[\s-]*(?P<y2>\d{4}))")
_ONE_MONTH = re.compile(rf"{_MONTH.format('m')}[\s-]+(?P<y>\d{{4}})")
_SHORT_MONTH = re.compile(r"(?P<m>[a-z]{3})[-\s']+(?P<y>\d{2})")
_MID_YEAR = re.compile(r"mid[\s-]*(?:year[\s-]*)?(\d{4})")
_FROM_R = re.compile(r"x(\d{4})(?:\.(\d{2}))?")
_STATED = re.compile(
    r"\s*(?:[\[(]\s*(?:provisional|revised|final|estimated?|forecast|projected|p|r|e|note \d+)\s*[\])]|(?<=\d)[pr])$"
)
_CENTURY = 70
"""Two digits from which a year is of the last century."""
_DAY_MONTH = re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.format('m')}\s+(?P<y>\d{{4}})")
_MONTHS_ONE_YEAR = re.compile(rf"{_MONTH.format('a')}{_DASH}{_MONTH.format('b')}\s+(?P<y>\d{{4}})")
_MONTHS_TWO_YEARS = re.compile(rf"{_MONTH.format('a')}\s+(?P<ya>\d{{4}}){_DASH}{_MONTH.format('b')}\s+(?P<yb>\d{{4}})")
_YEAR_ENDING = re.compile(
    rf"(?:year|12 months)\s+(?:ending|to)\s+(?:\d{{1,2}}\s+)?{_MONTH.format('m')}\s+(?P<y>\d{{4}})"
)
_YEAR_END = re.compile(r"(?:fye|financial year ending)\s+(?:march\s+)?(\d{4})")
_BASIS_WORDS = re.compile(
    r"\b(academic|school|financial|tax|fiscal)\s+years?\b|\bfy\b|\((academic|financial)(?:\s+year)?\)|\bayr?\b"
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """An interval of dates, both ends included; periods order by their end, then their start."""

    end: dt.date
    start: dt.date
    text: str = ""

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days + 1


def parse_period(text: str, *, year: YearBasis = "financial") -> Period:
    """Read a period as published.

    Understood are ISO 8601 dates and months, with a duration or as a pair; bare years; ``2018 to 2020`` and ``2018-2020``;
    years that straddle (``2021/22``, ``2021-22``, ``202122``); months, quarters, ``Jul 2023-Jun 2024``;
    ``year ending March 2024``, ``FYE 2024``; the words *academic year* and *financial year* before or after.

    Parameters
    ----------
    text : the period as it stands in the file.
    year : what ``2021/22`` means where the text does not say so itself.

    Raises
    ------
    TableError
        If the text is none of these.

    Notes
    -----
    ``2011-12`` could be a month; it is read as the year 2011/12, since a month is published as ``2011-12-01`` or
    ``Dec 2011`` in every source we know.

    Examples
    --------
    >>> parse_period("2022-01-01/P3Y").end.isoformat()
    '2024-12-31'
    >>> parse_period("2021/22").start.isoformat()
    '2021-04-01'
    """
    return _parse(text.strip(), year)


def latest(texts: Iterable[str], *, year: YearBasis = "financial") -> str:
    """Return the period that ends last (the longer one of two with the same end)."""
    distinct = dict.fromkeys(texts)
    if not distinct:
        raise TableError("there is no period to choose from")
    _refuse_unreadable(distinct, year)
    return max(distinct, key=lambda text: (_parse(text.strip(), year).end, _parse(text.strip(), year).days))


def in_order(texts: Iterable[str], *, year: YearBasis = "financial") -> tuple[str, ...]:
    """Return the distinct periods from the earliest to the latest."""
    distinct = dict.fromkeys(texts)
    _refuse_unreadable(distinct, year)
    return tuple(sorted(distinct, key=lambda text: _parse(text.strip(), year)))


def readable(text: str) -> bool:
    """Whether ``text`` is a period that can be read."""
    try:
        _parse(text.strip(), "financial")
    except TableError:
        return False
    return True


def label(text: str, *, year: YearBasis = "financial") -> str:
    """Return the period in words for a title: ``2024``, ``2022 to 2024``, ``April 2024 to March 2025``, ``30 April 2025``.

    A period that cannot be read is returned as it stands.
    """
    text = text.strip()
    if not readable(text):
        return text
    if stated := _STATED.search(text.lower()):
        mark = text[stated.start() :].strip()
        return f"{label(text[: stated.start()], year=year)}{' ' * (len(mark) > 1)}{mark}"
    if found := _MID_YEAR.fullmatch(text.lower()):
        return phrase("period", "mid-year", year=found[1])
    if _is_straddling(text):
        return f"{text[:4]}/{text[-2:]}"
    period = _parse(text, year)
    start, end = period.start, period.end
    if start == end:
        return _day_words(end)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(end.year) if start.year == end.year else _range_words(str(start.year), str(end.year))
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        first, last = _month_words(start), _month_words(end)
        return first if first == last else _range_words(first, last)
    return _range_words(_day_words(start), _day_words(end))


def _day_words(date: dt.date) -> str:
    return phrase("period", "day", day=date.day, month=phrase("month", f"month-{date.month}"), year=date.year)


def _month_words(date: dt.date) -> str:
    return phrase("period", "month", month=phrase("month", f"month-{date.month}"), year=date.year)


def _range_words(first: str, last: str) -> str:
    return phrase("period", "range", first=first, last=last)


def dated(title: str, period: str) -> str:
    """Return a title with its period in words; the title alone where a table states none.

    Examples
    --------
    >>> dated("Income", "2021-22"), dated("Income", "")
    ('Income, 2021/22', 'Income')
    """
    words = label(period)
    return f"{title}, {words}" if words else title


def _refuse_unreadable(texts: Iterable[str], year: YearBasis) -> None:
    bad = []
    for text in texts:
        try:
            _parse(text.strip(), year)
        except TableError:
            bad.append(repr(text))
    if bad:
        raise TableError(
            "periods that cannot be read as dates", [listed(bad), "write them as 2024, 2023/24 or 2024-04-30"]
        )


def _is_straddling(text: str) -> bool:
    found = _STRADDLING.fullmatch(text) or _SIX_DIGITS.fullmatch(text)
    return bool(found) and int(found[2]) == (int(found[1]) + 1) % 100  # type: ignore[index]


@lru_cache(maxsize=4096)
def _parse(text: str, year: YearBasis) -> Period:
    plain = _STATED.sub("", re.sub(r"\s+", " ", text.lower()).strip())
    if found := _FROM_R.fullmatch(plain):  # a heading that began with a digit, as R writes it
        plain = "-".join(part for part in found.groups() if part)
    said = _BASIS_WORDS.search(plain)
    if said and not _YEAR_END.fullmatch(plain):
        year = "academic" if said[0].strip("(").startswith(("academic", "school", "ay")) else "financial"
        plain = (plain[: said.start()] + plain[said.end() :]).strip(" :,()")
    try:
        bounds = _bounds(plain, year)
    except ValueError:
        bounds = None
    if bounds is None or bounds[0] > bounds[1]:
        raise TableError(f"'{text}' is not a period", ["write it as 2024, 2023/24, 2018 to 2020 or 2024-04-30"])
    return Period(start=bounds[0], end=bounds[1], text=text)


def _bounds(plain: str, year: YearBasis) -> tuple[dt.date, dt.date] | None:
    """Return first and last day, or None; a date that does not exist raises ValueError."""
    if "/" in plain or "-" in plain or plain.replace(".", "").isdigit():
        found = _iso(plain, year)
        if found is not None:
            return found
    if match := _YEARS.fullmatch(plain):
        return dt.date(int(match[1]), 1, 1), dt.date(int(match[2]), 12, 31)
    if (match := _STRADDLING.fullmatch(plain)) and int(match[2]) == (int(match[1]) + 1) % 100:
        return _straddling(int(match[1]), year)
    return _worded(plain)


def _iso(plain: str, year: YearBasis) -> tuple[dt.date, dt.date] | None:
    if match := _ISO_DURATION.fullmatch(plain):
        start = dt.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        return start, _after(start, int(match[4]), match[5])
    if match := _ISO_DATE.fullmatch(plain):
        day = dt.date(int(match[1]), int(match[2]), int(match[3]))
        return day, day
    if match := _DAY_FIRST.fullmatch(plain):
        day = dt.date(int(match[3]), int(match[2]), int(match[1]))
        return day, day
    if match := _STRADDLING_FULL.fullmatch(plain):
        first, second = int(match[1]), int(match[2])
        return _straddling(first, year) if second == first + 1 else None
    for pattern in (_STRADDLING, _SIX_DIGITS):
        if (match := pattern.fullmatch(plain)) and int(match[2]) == (int(match[1]) + 1) % 100:
            return _straddling(int(match[1]), year)
    if match := _ISO_MONTH.fullmatch(plain) or _SIX_DIGITS.fullmatch(plain):
        return _months(int(match[1]), int(match[2]), int(match[1]), int(match[2]))
    if match := _YEAR.fullmatch(plain):
        return dt.date(int(match[1]), 1, 1), dt.date(int(match[1]), 12, 31)
    if plain.count("/") == 1:
        left, right = (_iso(half, year) for half in plain.split("/"))
        return (left[0], right[1]) if left and right else None
    return None


def _worded(plain: str) -> tuple[dt.date, dt.date] | None:
    if match := _QUARTER.fullmatch(plain):
        first = 3 * int(match["q1"] or match["q2"]) - 2
        of = int(match["y1"] or match["y2"])
        return _months(of, first, of, first + 2)
    if match := _YEAR_END.fullmatch(plain):
        return _straddling(int(match[1]) - 1, "financial")
    if match := _YEAR_ENDING.fullmatch(plain):
        month, of = _month(match["m"]), int(match["y"])
        return _months(of - (month < 12), month % 12 + 1, of, month)
    if match := _MONTHS_TWO_YEARS.fullmatch(plain):
        return _months(int(match["ya"]), _month(match["a"]), int(match["yb"]), _month(match["b"]))
    if match := _MONTHS_ONE_YEAR.fullmatch(plain):
        return _months(int(match["y"]), _month(match["a"]), int(match["y"]), _month(match["b"]))
    if match := _DAY_MONTH.fullmatch(plain):
        day = dt.date(int(match["y"]), _month(match["m"]), int(match["d"]))
        return day, day
    if match := _MID_YEAR.fullmatch(plain):
        return dt.date(int(match[1]), 6, 30), dt.date(int(match[1]), 6, 30)
    if match := _SHORT_MONTH.fullmatch(plain):
        of = int(match["y"]) + (1900 if int(match["y"]) >= _CENTURY else 2000)
        return _months(of, _month(match["m"]), of, _month(match["m"]))
    if match := _ONE_MONTH.fullmatch(plain):
        return _months(int(match["y"]), _month(match["m"]), int(match["y"]), _month(match["m"]))
    return None


def _month(name: str) -> int:
    if name not in _MONTHS:
        raise ValueError(name)
    return _MONTHS[name]


def _months(first_year: int, first: int, last_year: int, last: int) -> tuple[dt.date, dt.date]:
    return dt.date(first_year, first, 1), dt.date(last_year, last, calendar.monthrange(last_year, last)[1])


def _straddling(first: int, year: YearBasis) -> tuple[dt.date, dt.date]:
    month = _STARTS[year]
    return _months(first, month, first + 1, month - 1)


def _after(start: dt.date, count: int, unit: str) -> dt.date:
    """Return the last day of ``count`` years, months, weeks or days that begin with ``start``."""
    if unit in "wd":
        return start + dt.timedelta(days=count * (7 if unit == "w" else 1) - 1)
    months = start.month - 1 + count * (12 if unit == "y" else 1)
    of, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(of, month)[1])
    return dt.date(of, month, day) - dt.timedelta(days=1)
