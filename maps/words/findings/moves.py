"""Changes between two periods as they are printed: in the unit of the change, which is not always that of the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words.numbers import CURRENCIES, difference_unit, format_difference, format_number, format_value
from maps.words.phrases import say

if TYPE_CHECKING:
    from maps.words.topics import Topic

FEW = 0.05
"""Of fewer expected false ones than this a reader is not told "0.0"."""

RARE = 0.005
"""A probability below this is not printed as 0.00."""

_OTHER_UNIT = 1
"""Decimals of a change whose unit is not that of the figures: of pay against the national figure, percentage points."""


def move_words(value: float, unit: str, topic: Topic) -> str:
    """Return a change with its sign and unit: ``+£12``, ``−0.4 percentage points``.

    Parameters
    ----------
    unit : of the change. topic : of the outcome.
    """
    return format_difference(value, unit, decimals=_decimals(unit, topic))


def bare_move(value: float, unit: str, topic: Topic) -> str:
    """Return the same beside one that names the unit; money keeps its sign."""
    return format_difference(value, unit if unit[:1] in CURRENCIES else "", decimals=_decimals(unit, topic))


def move_size(size: float, unit: str, topic: Topic) -> str:
    """Return how large a change is, either way, with its unit."""
    return format_value(size, difference_unit(unit), decimals=_decimals(unit, topic))


def false_words(expected: float, n: int) -> str:
    """Return how many of some areas that are named are expected to be false; of one, with which probability."""
    if n == 1:
        if expected < RARE:
            return say("warning.false-few", n=1)
        return say("warning.false", n=1, expected=format_number(expected, decimals=2))
    if expected < FEW:
        return say("warning.false-few", n=n)
    return say("warning.false", n=n, expected=format_number(expected, decimals=1))


def _decimals(unit: str, topic: Topic) -> int | None:
    return topic.decimals if difference_unit(topic.unit) == difference_unit(unit) else _OTHER_UNIT
