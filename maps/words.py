"""Numbers as a reader expects them, and the small parts of sentences that titles are built from.

Every sentence on a map is made from numbers that were computed, never from an expectation of what they show.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from boundaries.outcomes.measures import Favourable

MINUS = "−"
THIN_SPACE = "\u2009"
NO_BREAK_SPACE = "\u00a0"

_SMALL_WORDS = {"a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "per", "the", "to", "with"}
_NAMES = {
    *("England", "English", "Wales", "Welsh", "Scotland", "Scottish", "Northern", "Ireland", "Irish"),
    *("Britain", "British", "Great", "United", "Kingdom", "Universal", "Credit", "Census"),
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December", "London"),
}

_CURRENCIES = {"£", "€", "$"}
_WITHOUT_SPACE = {"%"}
_BARE_UNITS = {"", "z", "index", "score", "ratio", "rank", "decile"}


def format_number(value: float, *, decimals: int | None = None) -> str:
    """Return a number with a true minus and thin spaces in thousands; halves are rounded away from zero.

    Parameters
    ----------
    value : finite.
    decimals : digits after the point; by size when None (3 significant digits, none from 100 up).

    Examples
    --------
    >>> format_number(-1234.5, decimals=1), format_number(642.5)
    ('−1\u2009234.5', '643')
    """
    places = _decimals(value) if decimals is None else decimals
    size = Decimal(repr(abs(float(value)))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{size:,f}".replace(",", THIN_SPACE)
    negative = value < 0 and any(digit in "123456789" for digit in text)
    return f"{MINUS}{text}" if negative else text


def decimals_for(values: Iterable[float]) -> int:
    """Return the digits after the point that a column of figures needs: as many as the one that shows most.

    Examples
    --------
    >>> decimals_for([2.714, -3.0]), decimals_for([22.0, 5.0])
    (2, 0)
    """
    return max((_decimals(value) for value in values if math.isfinite(value)), default=0)


def format_value(value: float, unit: str = "", *, decimals: int | None = None) -> str:
    r"""Return a value with its unit: ``£31 200``, ``12.4%``, ``3.1 per 1,000``; "no data" for NaN.

    Examples
    --------
    >>> format_value(12.44, "%"), format_value(float("nan"), "%"), format_value(67, "£ million")
    ('12.4%', 'no data', '£67\xa0million')
    """
    if not math.isfinite(value):
        return "no data"
    if unit in _CURRENCIES and (_decimals(value) if decimals is None else decimals) == 1:
        decimals = 2  # nobody writes £166.8
    number = format_number(value, decimals=decimals)
    if unit in _BARE_UNITS:
        return number
    if unit in _CURRENCIES:
        return f"{MINUS}{unit}{number[1:]}" if number.startswith(MINUS) else f"{unit}{number}"
    if unit[:1] in _CURRENCIES and unit[1:2] == " ":
        return f"{format_value(value, unit[0], decimals=decimals)}{NO_BREAK_SPACE}{unit[2:]}"
    if unit in _WITHOUT_SPACE:
        return f"{number}{unit}"
    return f"{number}{NO_BREAK_SPACE}{unit}"


def exact_decimals(value: float, unit: str, *, most: int) -> int:
    """Return the digits after the point that a figure was published with, up to ``most``; of money, none or two.

    Examples
    --------
    >>> exact_decimals(642.5, "£", most=2), exact_decimals(642.0, "£", most=2), exact_decimals(22.7, "%", most=2)
    (2, 0, 1)
    """
    places = next((places for places in range(most) if round(value, places) == value), most)
    return 2 if places and unit in _CURRENCIES else places


def format_date(date: dt.date) -> str:
    """Return a date as ``1 April 2023``, independent of the locale."""
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    return f"{date.day} {months[date.month - 1]} {date.year}"


def format_count(count: int) -> str:
    """Return a whole number with thin spaces in thousands."""
    return f"{count:,}".replace(",", THIN_SPACE)


def counted(count: int, singular: str, plural: str = "") -> str:
    """Return ``1 area``, ``12 areas``, ``no areas``."""
    if count == 0:
        return f"no {plural or singular + 's'}"
    return f"{format_count(count)} {singular if count == 1 else plural or singular + 's'}"


def counted_of(count: int, total: int, singular: str = "area", plural: str = "") -> str:
    """Return ``12 of 203 areas``, ``none of 203 areas``, ``all 203 areas``."""
    noun = singular if total == 1 else plural or singular + "s"
    if count == 0:
        return f"none of {format_count(total)} {noun}"
    if count == total:
        return f"all {format_count(total)} {noun}" if total > 1 else f"the one {noun}"
    return f"{format_count(count)} of {format_count(total)} {noun}"


def listed_words(items: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text: str) -> str:
    """Return text with its first letter in upper case and the rest untouched."""
    return text[:1].upper() + text[1:]


def in_sentence(title: str) -> str:
    """Return an outcome's title as it stands inside a sentence: ``Median pay`` → ``median pay``, ``GCSEs`` unchanged.

    Examples
    --------
    >>> in_sentence("Gross median pay"), in_sentence("GCSE results"), in_sentence("UK income")
    ('gross median pay', 'GCSE results', 'UK income')

    A title in capitals throughout is one of the publisher's style, not of names:

    >>> in_sentence("Innovation and Growth"), in_sentence("Earnings in Wales")
    ('innovation and growth', 'earnings in Wales')
    """
    words = title.split(" ")
    weighty = [word for word in words if word not in _SMALL_WORDS]
    if len(weighty) > 1 and all(word[:1].isupper() for word in weighty):
        return " ".join(word.lower() if _is_ordinary(word) else word for word in words)
    first, *rest = words
    return " ".join([first.lower() if _is_ordinary(first) else first, *rest])


def noun_of(title: str) -> str:
    """Return an outcome's title as a noun inside a sentence; a title that is itself a denial is quoted.

    Examples
    --------
    >>> noun_of("Median pay"), noun_of("No qualifications")
    ('median pay', '“No qualifications”')
    """
    noun = in_sentence(title)
    return f"“{title}”" if re.match(r"(no|not|without|never)\b", noun) else noun


def directed(direction: str, title: str) -> str:
    """Return ``low median pay``; for "high no qualifications" says nothing, such a title is quoted.

    Examples
    --------
    >>> directed("low", "Median pay"), directed("high", "No qualifications")
    ('low median pay', 'high “No qualifications” figures')
    """
    noun = noun_of(title)
    return f"{direction} {noun} figures" if noun.startswith("“") else f"{direction} {noun}"


def _is_ordinary(word: str) -> bool:
    """Whether a word is a capital followed by small letters, and no name."""
    return (
        word[:1].isupper()
        and word[1:] == word[1:].lower()
        and word.replace("-", "")[1:].isalpha()
        and word not in _NAMES
    )


def unit_words(unit: str) -> str:
    """Return a unit as the subtitle says it: ``z`` → ``z-score``, others as they are."""
    return {"z": "z-score"}.get(unit, unit)


def direction_words(favourable: Favourable) -> str:
    """Return what a reader must know of the outcome's direction."""
    return {
        "high": "Higher is better.",
        "low": "Lower is better.",
        "none": "Neither high nor low is better in itself.",
    }[favourable]


def _decimals(value: float) -> int:
    size = abs(value)
    if size >= 100 or size == 0 or float(value).is_integer():
        return 0
    if size >= 10:
        return 1
    return 2 if size >= 0.1 else 3
