"""What may be printed beside suppressed areas: the one rule by which no value of ours gives a suppressed one away.

A publisher suppresses a cell so that nobody learns it. Whoever knows a whole and all its parts but one knows the one: a total less
the other counts, a mean times its base less the others times theirs. Bases (pupils, residents) are public even where a table has
none, so that a mean is no safer than a total. The rule, for every whole (a nation, Great Britain, the United Kingdom, a region):

1. The figure of a suppressed area is never read, and a whole made by us is missing or the sum of the others
   (``boundaries.outcomes.table.withheld``, ``boundaries.conversion``).
2. A published *total* is not carried beside any suppressed part.
3. A published *rate, mean or score* is not carried beside fewer than ``ENOUGH`` suppressed parts: one is had by subtraction, and of two
   each can be had by the other. Nor where what is left for the suppressed parts, by known denominators, lies at an end of the
   scale: that none of them has any is a value of each.
4. A figure that is left out may not come back by subtraction from a wider one: with one region all regions of its nation are left
   out, with one nation every whole that holds it.
5. What is compared with instead is the mean of the areas whose figures are printed, from which nothing else follows.

Medians and categories are no sums of their parts and are not bound. Groups are not looked at: where "all" and "girls" of a
place are published and "boys" is suppressed, it is the publisher who gave it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from boundaries.outcomes.units import whole_of
from boundaries.register import load_register, name_of
from boundaries.register.codes import entity_of
from boundaries.vocabulary import COUNTRY_CODES, WHOLES, WIDER, place_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    import pandas as pd

    from boundaries.outcomes.table import OutcomeMeta

ENOUGH: Final = 3
"""Suppressed parts from which a published mean of the whole tells none of them."""
_EDGE: Final = 0.005
"""Share of the scale within which what is left for suppressed parts lies at its end."""
_FREE: Final = frozenset({"median", "category"})


def safe_averages(
    averages: Mapping[str, float],
    areas: pd.DataFrame,
    meta: OutcomeMeta,
    *,
    date: dt.date,
    suppressed: Collection[str] = (),
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the published figures of wholes that may stand beside the areas, and what was left out, in sentences.

    Parameters
    ----------
    averages : code of a nation, a region or the United Kingdom → its published figure.
    areas : a row an area with ``status nation region_code value denominator``.
    meta : measure and unit. date : on which the wholes are named.
    suppressed : codes of wholes whose own figures are suppressed.
    """
    given = {code: float(value) for code, value in averages.items()}
    hidden = areas["status"].to_numpy(dtype=object) == "confidential"
    if meta.measure in _FREE or not (hidden.any() or suppressed):
        return given, ()
    parts = {code: _parts(code, areas) for code in {*given, *COUNTRY_CODES.values()}}
    told = {code for code, here in parts.items() if _gives_away(here, hidden, given.get(code), areas, meta)}
    told = _with_what_holds_them(told | set(suppressed), given)
    kept = {code: value for code, value in given.items() if code not in told}
    gone = [code for code in given if code in told]
    if not gone:
        return kept, ()
    names = ", ".join(_called(code, date) for code in gone[:5]) + (
        f" and {len(gone) - 5} more" if len(gone) > 5 else ""
    )
    number = int(hidden.sum()) + len(suppressed)
    are = "figure is" if number == 1 else "figures are"
    return kept, (f"Published figures are left out ({names}): {number} {are} suppressed, and would follow from them.",)


def _parts(code: str, areas: pd.DataFrame) -> np.ndarray:
    """Return which areas a whole is made of."""
    if code in WHOLES:
        return np.asarray(areas["nation"].isin(list(WHOLES[code])), dtype=np.bool_)
    return np.asarray(areas["region_code"] == code, dtype=np.bool_)


def _gives_away(
    here: np.ndarray, hidden: np.ndarray, whole: float | None, areas: pd.DataFrame, meta: OutcomeMeta
) -> bool:
    """Say whether the figure of a whole tells that of a suppressed part."""
    number = int((here & hidden).sum())
    if number == 0:
        return False
    if meta.measure == "count" or number < ENOUGH:
        return True
    return whole is not None and _at_an_end(whole, here, hidden, areas, meta)


def _at_an_end(whole: float, here: np.ndarray, hidden: np.ndarray, areas: pd.DataFrame, meta: OutcomeMeta) -> bool:
    """Say whether what is left for the suppressed parts is nothing, or everything."""
    base = areas["denominator"].to_numpy(dtype=np.float64)
    value = areas["value"].to_numpy(dtype=np.float64)
    printed, silent = here & np.isfinite(value) & ~hidden, here & hidden
    if meta.measure != "rate" or not np.isfinite(base[printed | silent]).all() or base[silent].sum() <= 0:
        return False
    total = base[printed].sum() + base[silent].sum()
    left = (whole * total - (value[printed] * base[printed]).sum()) / base[silent].sum()
    top = whole_of(meta.unit)
    return bool(left <= _EDGE * (top or abs(whole)) or (top is not None and left >= top * (1 - _EDGE)))


def _with_what_holds_them(told: set[str], given: Mapping[str, float]) -> set[str]:
    """Add the wholes from which one that is left out would follow: its sisters' figures and those of what holds it."""
    nations = {WHOLES[code] for code in told & set(COUNTRY_CODES.values())}
    found = set(told)
    if any(entity_of(code) == "E12" for code in told):
        found |= {code for code in given if entity_of(code) == "E12"}
    found |= {code for code in given if code in WIDER and nations & set(WHOLES[code])}
    return found


def _called(code: str, date: dt.date) -> str:
    return place_name(code) if code in WHOLES else name_of(load_register(), code, date) or code
