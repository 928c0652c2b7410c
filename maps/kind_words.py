"""Words for what is found of kinds of place: made here, once, from the records of ``analysis.association``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maps.words import decimals_for, format_count, format_number, format_value, listed_words

if TYPE_CHECKING:
    from analysis.association import Association, Scale, Verdict

VERDICTS: dict[Verdict, str] = {
    "lower-beside-nearby": "lower beside places nearby",
    "lower-on-map-only": "lower on the map, but no lower than places nearby",
    "no-clear-gap": "no clear gap",
    "higher-on-map-only": "higher on the map, but no higher than places nearby",
    "higher-beside-nearby": "higher beside places nearby",
    "not-testable": "cannot be tested",
}

SCALES: dict[Scale, str] = {
    "value": "",
    "log": "logs",
    "rank": "ranks",
    "normal-scores": "normal scores (standard deviations of ranks)",
}
"""What a gap beside places nearby is measured on, where that is not the outcome's own unit."""

LIMITS = (
    "A gap says how places differ on average, areas counting alike whatever their size. It says nothing of the people in them, and "
    "not what being such a place does to anyone."
)

NEARBY = (
    "Beside places nearby: what is left of the gap once the broad pattern of the map is allowed for (generalised least squares "
    "averaged over covariances of distance and neighbours); only this has a verdict of its own."
)


def gap_unit(unit: str) -> str:
    """Return the unit of a difference: of per cents it is percentage points."""
    return "percentage points" if unit == "%" else unit


def gap_words(one: Association, unit: str, *, beside: bool = False) -> str:
    """Return a gap with its limits: ``−£59 (−£70 to −£48)``; without limits where none are known.

    Parameters
    ----------
    one : what was found. unit : of the outcome. beside : the gap beside places nearby, in the place of that on the map.

    Notes
    -----
    Gap and limits are read together: they have as many digits after the point as the largest asks for; money none or two.
    """
    figures = (one.beside, one.beside_lower, one.beside_upper) if beside else (one.gap, one.gap_lower, one.gap_upper)
    if math.isnan(figures[0]):
        return "–"
    if beside and one.scale == "log":
        figures = tuple(100 * math.expm1(figure) for figure in figures)  # type: ignore[assignment]
    bare = beside and one.scale != "value"
    known = [figure for figure in figures if math.isfinite(figure)]
    places = decimals_for([max(known, key=abs)])
    texts = [_figure(figure, "" if bare else unit, places) for figure in known]
    sign = "%" if bare and one.scale == "log" else ""
    shown = [f"{text}{sign}" for text in texts]
    return shown[0] if len(shown) == 1 else f"{shown[0]} ({shown[1]} to {shown[2]})"


def of_areas(one: Association) -> str:
    """Return ``32 of 285``; areas that are of a kind in part are counted by their shares."""
    members = one.members
    own = format_count(int(members)) if float(members).is_integer() else format_number(members, decimals=1)
    return f"{own} of {format_count(one.n)}"


def beside_others(one: Association) -> str:
    """Say which kinds are allowed for: ``with coastal and rural alike``; empty where it is estimated alone."""
    kinds = [name.partition("__")[0] for name in one.others]
    return f"with {listed_words(kinds)} alike" if kinds else ""


def _figure(value: float, unit: str, places: int) -> str:
    if unit == "%":
        return format_number(value, decimals=places)
    return format_value(value, unit, decimals=places)
