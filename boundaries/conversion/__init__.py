"""Outcome tables on councils of another date: exact where it can be, flagged where it is carried, refused where it would be false.

``recode(table, to=date)`` is the one function most users need; ``convert`` does the same along any crosswalk. Counts add up, rates
and means are weighted by their own base, medians, scores and ranks are refused where areas merge; ranks are never carried into a
set of fewer areas.
"""

from boundaries.conversion.crosswalk import Crosswalk, crosswalk_to, lookup_crosswalk
from boundaries.conversion.editions import edition_crosswalk
from boundaries.conversion.recoding import Recoded, convert, recode
from boundaries.conversion.telling import ALLOWANCES

__all__ = [
    "ALLOWANCES",
    "Crosswalk",
    "Recoded",
    "convert",
    "crosswalk_to",
    "edition_crosswalk",
    "lookup_crosswalk",
    "recode",
]
