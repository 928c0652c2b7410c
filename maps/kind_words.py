"""Words for what is found of kinds of place: made here, once, from the records of ``analysis.association``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maps.words import format_count, format_number, format_value, listed_words, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.association import Association, Scale, Verdict

_DECIMALS = ((10.0, 2), (100.0, 1))
"""Digits after the point of gaps below a bound: three figures in all."""


def verdict_words(verdict: Verdict) -> str:
    """Return a verdict as a table says it: ``lower beside places nearby``."""
    return say(f"verdict.{verdict}")


def scale_words(scale: Scale) -> str:
    """Return what a gap beside places nearby is measured on; empty where that is the outcome's own unit."""
    return "" if scale == "value" else say(f"scale.{scale}")


def gap_decimals(found: Iterable[Association]) -> int:
    """Return the digits after the point that gaps of one outcome have in common: what the largest of them asks for."""
    figures = [abs(figure) for one in found for figure in (*_on_map(one), *_beside(one)) if math.isfinite(figure)]
    largest = max(figures, default=math.inf)
    return next((places for bound, places in _DECIMALS if largest < bound), 0)


def gap_words(one: Association, unit: str, *, beside: bool = False, decimals: int | None = None) -> str:
    """Return a gap with its limits, in the unit that stands above them: ``−£59 (−£70 to −£48)``, ``−1.2 (−2.0 to −0.4)``.

    Parameters
    ----------
    one : what was found. unit : of the outcome; signs of money are written, other units stand in a heading.
    beside : the gap beside places nearby, in the place of that on the map. decimals : as ``gap_decimals``; of this one by default.
    """
    figures = [figure for figure in (_beside(one) if beside else _on_map(one)) if math.isfinite(figure)]
    if not figures:
        return "–"
    places = gap_decimals([one]) if decimals is None else decimals
    bare = beside and one.scale != "value"
    texts = [
        format_number(figure, decimals=places)
        if bare or unit[:1] not in "£€$" or not unit
        else format_value(figure, unit, decimals=places)
        for figure in figures
    ]
    texts = [f"{text}%" for text in texts] if bare and one.scale == "log" else texts
    return texts[0] if len(texts) == 1 else say("value.interval", figure=texts[0], lower=texts[1], upper=texts[2])


def _on_map(one: Association) -> tuple[float, float, float]:
    return one.gap, one.gap_lower, one.gap_upper


def _beside(one: Association) -> tuple[float, ...]:
    """Return the gap beside places nearby with its limits; of logs as a percentage."""
    figures = (one.beside, one.beside_lower, one.beside_upper)
    return tuple(100 * math.expm1(figure) for figure in figures) if one.scale == "log" else figures


def of_areas(one: Association) -> str:
    """Return ``32 of 285``; areas that are of a kind in part are counted by their shares."""
    members = one.members
    own = format_count(int(members)) if float(members).is_integer() else format_number(members, decimals=1)
    return say("count.some-of", some=own, whole=format_count(one.n))


def beside_others(one: Association) -> str:
    """Say which kinds are allowed for: ``with coastal and rural alike``; empty where it is estimated alone."""
    kinds = [name.partition("__")[0] for name in one.others]
    return say("claim.alike", kinds=listed_words(kinds)) if kinds else ""
