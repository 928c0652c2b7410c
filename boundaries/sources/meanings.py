"""What the name of a column says of its figures: kind of measure, and unit. Whoever knows better overrules it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.measures import RANK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from boundaries.outcomes.measures import Measure

NOT_STATED: Measure = "index"
"""What a value is taken for when nothing says what it is: an index is never converted or pooled, so nothing false follows."""

_MEASURE_WORDS: tuple[tuple[str, Measure], ...] = (
    (r"\bscore|index|z.?score|\brank", "index"),
    (r"median|quantile|quartile|decile", "median"),
    (r"\bmean\b|average|\bavg\b|per (head|capita|hour|filled job)", "mean"),
    (r"percent|\brate\b|proportion|\bshare\b|per 1|%|\b(pct|perc|pt)\b", "rate"),
    (r"count|number|total|population|births|deaths|people|£ ?m(illion)?\b|\bgbpm\b|£ ?b(illio)?n\b", "count"),
)
_MONEY = (
    (r"gbp ?bn\b|£ ?b(illio)?n\b", "£ billion"),
    (r"gbp ?m\b|£ ?m(illio)?n?\b", "£ million"),
    (r"gbp ?k\b|£ ?(k|thousands?)\b|£000", "£ thousand"),
    (r"£|\bgbp\b", "£"),
)
_COUNTED = "people|residents|pupils|households|dwellings|jobs|births|deaths|businesses|enterprises|premises|learners"
_GROUPS = {"decile": 10, "quintile": 5, "quartile": 4}
"""Groups of areas by their place among the others: numbers of groups, not quantiles of anything."""


def meaning_of(words: str, values: NDArray[np.float64], *, percent: bool) -> tuple[Measure, str]:
    """Guess kind of measure and unit.

    Parameters
    ----------
    words : name of the column, of the file and what else is said of them, lower case, without underscores.
    values : the figures, shape (n_rows,); a column of ranks holds whole numbers from 1 on, a proportion nothing above 1.
    percent : the cells themselves carry a percent sign.

    Returns
    -------
    The kind of measure, ``NOT_STATED`` where nothing says it, and the unit, empty where nothing says it.
    """
    known = values[np.isfinite(values)]
    whole = bool(len(known)) and bool(np.all(known >= 1) and np.all(known == np.round(known)))
    grouped = next((name for name in _GROUPS if name in words), "")
    if grouped and whole and known.max() <= _GROUPS[grouped]:
        return "index", grouped
    if percent or re.search(r"percent|%|\b(pct|perc|pt)\b", words):
        return ("rate" if percent else _measure(words)), "%"
    measure = _measure(words)
    if measure == "index" and whole and re.search(r"\brank", words):
        return measure, RANK
    return measure, _unit(words, known, measure)


def _measure(words: str) -> Measure:
    return next((kind for pattern, kind in _MEASURE_WORDS if re.search(pattern, words)), NOT_STATED)


def _unit(words: str, known: NDArray[np.float64], measure: Measure) -> str:
    if per := re.search(r"per (1(?:,?0{2,3})(?:,?0{3})*)\b", words):
        return f"per {int(per[1].replace(',', '')):,}"
    if money := next((unit for pattern, unit in _MONEY if re.search(pattern, words)), ""):
        return money
    if measure == "rate" and re.search(r"proportion|\bshare\b", words) and len(known) and known.max() <= 1:
        return "proportion"
    if measure == "count":
        counted = re.search(rf"\b({_COUNTED})\b", words)
        return counted[1] if counted else "people" if "population" in words else ""
    return ""
