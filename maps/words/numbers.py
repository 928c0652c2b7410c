"""Numbers and dates as departments of the United Kingdom print them: £27,400, −0.4 percentage points."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from boundaries.outcomes.units import FROM_AVERAGE
from maps.words.phrases import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

MINUS = "−"
NO_BREAK_SPACE = "\u00a0"

PER_CENT = "%"
POINTS = "percentage points"
"""Unit of a difference of per cents."""

MOST_FOUND = 2
"""Digits after the point that the values of a table without stated decimals may show; more are the workings of a program."""

CURRENCIES = {"£", "€", "$"}
_BARE_UNITS = {"", "z", "index", "score", "ratio", "rank", "decile"}


def format_number(value: float, *, decimals: int | None = None) -> str:
    """Return a number with a true minus and commas in thousands; halves are rounded away from zero.

    Parameters
    ----------
    value : finite.
    decimals : digits after the point; by size when None (3 significant digits, none from 100 up).

    Examples
    --------
    >>> format_number(-1234.5, decimals=1), format_number(642.5)
    ('−1,234.5', '643')
    """
    places = _decimals(value) if decimals is None else decimals
    size = Decimal(repr(abs(float(value)))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{size:,f}"
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


def published_decimals(values: Iterable[float], stated: int | None = None) -> int | None:
    """Return the digits after the point with which figures were published: as stated, else as the figures show.

    Parameters
    ----------
    values : as published; NaN is left out. stated : by the publisher.

    Returns
    -------
    None where nothing is stated and the figures have more than ``MOST_FOUND`` digits, which no publisher prints.

    Examples
    --------
    >>> published_decimals([26.6, 31.0]), published_decimals([1 / 3]), published_decimals([642.5], 0)
    (1, None, 0)
    """
    if stated is not None:
        return stated
    finite = [value for value in values if math.isfinite(value)]
    fits = (places for places in range(MOST_FOUND + 1) if all(round(value, places) == value for value in finite))
    return next(fits, None) if finite else None


def format_value(value: float, unit: str = "", *, decimals: int | None = None) -> str:
    r"""Return a value with its unit: ``£31,200``, ``12.4%``, ``3.1 per 1,000``; "no data" for NaN.

    Examples
    --------
    >>> format_value(12.44, "%"), format_value(float("nan"), "%"), format_value(67, "£ million")
    ('12.4%', 'no data', '£67\xa0million')
    """
    if not math.isfinite(value):
        return say("value.none")
    if unit in CURRENCIES and (_decimals(value) if decimals is None else decimals) == 1:
        decimals = 2  # nobody writes £166.8
    number = format_number(value, decimals=decimals)
    if unit in _BARE_UNITS:
        return number
    if unit in CURRENCIES:
        return f"{MINUS}{unit}{number[1:]}" if number[0] == MINUS else f"{unit}{number}"
    if unit[:1] in CURRENCIES and unit[1:2] == " ":
        return f"{format_value(value, unit[0], decimals=decimals)}{NO_BREAK_SPACE}{unit[2:]}"
    if unit == PER_CENT:
        return f"{number}{unit}"
    if unit == POINTS:
        return say("value.points", n=1 if number in {"1", f"{MINUS}1"} else 2, figure=number)
    return f"{number}{NO_BREAK_SPACE}{unit}"


def short_unit(unit: str, longest: int = 10) -> str:
    """Return a unit as it stands behind figures that are many and near each other: a long one is told once, elsewhere.

    Examples
    --------
    >>> short_unit("%"), short_unit("£ from the average"), short_unit("£ million per 100,000 residents")
    ('%', '£', '')
    """
    if len(unit) <= longest:
        return unit
    return unit[0] if unit[0] in CURRENCIES and unit.endswith(FROM_AVERAGE) else ""


def difference_unit(unit: str) -> str:
    """Return the unit of a difference of two values: of per cents it is percentage points.

    Examples
    --------
    >>> difference_unit("%"), difference_unit("£")
    ('percentage points', '£')
    """
    return POINTS if unit == PER_CENT else unit


def format_difference(value: float, unit: str, *, decimals: int | None = None) -> str:
    """Return a difference with its sign: ``+£59``, ``−0.4 percentage points``.

    Examples
    --------
    >>> format_difference(59.0, "£"), format_difference(-0.4, "%", decimals=1)
    ('+£59', '−0.4 percentage points')
    """
    text = format_value(value, difference_unit(unit), decimals=decimals)
    return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text


def exact_decimals(value: float, unit: str, *, most: int) -> int:
    """Return the digits after the point that a figure was published with, up to ``most``; of money, none or two.

    Examples
    --------
    >>> exact_decimals(642.5, "£", most=2), exact_decimals(642.0, "£", most=2), exact_decimals(22.7, "%", most=2)
    (2, 0, 1)
    """
    places = next((places for places in range(most) if round(value, places) == value), most)
    return 2 if places and unit in CURRENCIES else places


def format_date(date: dt.date) -> str:
    """Return a date as ``1 April 2023``, independent of the locale.

    Examples
    --------
    >>> import datetime
    >>> format_date(datetime.date(2023, 4, 1))
    '1 April 2023'
    """
    return say("date.day", day=str(date.day), month=say(f"date.month-{date.month}"), year=str(date.year))


def format_count(count: int) -> str:
    """Return a whole number with commas in thousands."""
    return f"{count:,}"


def _decimals(value: float) -> int:
    size = abs(value)
    if size >= 100 or size == 0 or float(value).is_integer():
        return 0
    if size >= 10:
        return 1
    return 2 if size >= 0.1 else 3
