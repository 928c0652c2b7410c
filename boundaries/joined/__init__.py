"""Outcome × boundaries: a row for every area, a fate for every row, and what the published average is."""

from boundaries.joined.averages import Average, average_of
from boundaries.joined.matching import join
from boundaries.joined.result import FATES, Joined, Receipt
from boundaries.joined.targets import ALLOWANCES
from boundaries.joined.units import published_units

__all__ = [
    "ALLOWANCES",
    "FATES",
    "Average",
    "Joined",
    "Receipt",
    "average_of",
    "join",
    "published_units",
]
