"""What a conversion tells: the quality of every value, the fate of every row, the reasons, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.codes import GEOGRAPHY_NAMES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from boundaries.conversion.arithmetic import Figures, Shares
    from boundaries.conversion.crosswalk import Crosswalk
    from boundaries.conversion.expansion import Expansion

ALLOWANCES = {
    "partial": "merge what there is where a member is missing, and flag it as partial",
    "bound": "where a median or index would be merged, give the range of its members instead of a value",
    "approximate": "where a median or index would be merged, give the mean weighted by denominators, flagged, with the range",
    "modelled": "said for the record: counts split by shares of residents are always flagged as modelled",
    "inherited": "give parts of a former area its rate or category, flagged as inherited",
    "missing": "leave areas without a value where the measure forbids one, instead of refusing the table",
    "both": "where merged areas stand beside their successor, keep the successor",
    "unmatched": "leave out rows whose code is in no register",
}
"""What a conversion refuses unless it is allowed, and what it does then."""


def qualities_of(
    laid: Expansion, shares: Shares, figures: Figures, crosswalk: Crosswalk, measure: str
) -> NDArray[np.object_]:
    """Return the quality of each value."""
    quality = np.full(len(laid.group), "exact", dtype=object)
    moved = np.bincount(laid.cell[crosswalk.moved[laid.pair]], minlength=len(quality)) > 0
    touched = np.bincount(laid.cell[crosswalk.touched[laid.pair]], minlength=len(quality)) > 0
    quality[moved] = "carried"
    quality[touched | figures.unsure] = "approximate"
    quality[shares.split | shares.back] = "modelled"
    if measure != "count":
        quality[shares.split & shares.sole] = "inherited"
    quality[figures.partial] = "partial"
    quality[pd.isna(figures.value)] = "missing"
    return quality


def reasons_of(laid: Expansion, figures: Figures) -> NDArray[np.object_]:
    """Return why a cell has no value, empty where it has one."""
    reasons = np.full(len(laid.group), "", dtype=object)
    missing = pd.isna(figures.value)
    reasons[missing] = "the source gives no figure"
    reasons[missing & (laid.parts > 1)] = "a member has no figure"
    reasons[missing & ~laid.complete] = "a member has no row"
    reasons[figures.refused] = figures.why
    reasons[missing & np.isfinite(figures.lower)] = "not a value but a bound: the range of the members"
    return reasons


def fates_of(
    laid: Expansion,
    shares: Shares,
    crosswalk: Crosswalk,
    codes: NDArray[np.object_],
    dropped: NDArray[np.int64],
    unmatched: NDArray[np.bool_],
) -> tuple[dict[str, int], list[dict[str, str]]]:
    """Count rows by fate, and tell each pair of codes once."""
    same = crosswalk.sources.to_numpy()[crosswalk.source] == crosswalk.targets.to_numpy()[crosswalk.target]
    rows_of_pair = np.bincount(laid.pair, minlength=len(crosswalk.share))
    cells = np.flatnonzero(rows_of_pair)
    part_of = np.zeros(len(crosswalk.share), dtype=np.bool_)
    part_of[laid.pair[shares.merged[laid.cell]]] = True
    cut = crosswalk.share != 1
    fate = np.select(
        [cut, part_of, same, crosswalk.moved], ["split", "merged", "matched", "moved"], default="recoded"
    ).astype(object)
    # A row that was split has several pairs: its fate is the first one's.
    first = np.ones(len(laid.row), dtype=np.bool_)
    first[1:] = laid.row[1:] != laid.row[:-1]
    counted = dict(zip(*np.unique(fate[laid.pair[first]].astype(str), return_counts=True), strict=True))
    details = [
        {
            "fate": str(fate[pair]),
            "from": str(crosswalk.sources[crosswalk.source[pair]]),
            "to": str(crosswalk.targets[crosswalk.target[pair]]),
            "note": _note(crosswalk, int(pair), int(rows_of_pair[pair])),
        }
        for pair in cells
        if fate[pair] != "matched"
    ]
    for name, rows in (("duplicated", dropped), ("unmatched", np.flatnonzero(unmatched))):
        distinct, times = np.unique(codes[rows].astype(str), return_counts=True)
        counted[name] = len(rows)
        details += [
            {"fate": name, "from": str(code), "to": "", "note": _rows(int(n))}
            for code, n in zip(distinct, times, strict=True)
        ]
    order = ("matched", "recoded", "merged", "split", "moved", "duplicated", "unmatched")
    return {name: int(counted.get(name, 0)) for name in order}, details


def _note(crosswalk: Crosswalk, pair: int, rows: int) -> str:
    share = crosswalk.share[pair]
    said = [crosswalk.reasons[pair]] if crosswalk.reasons[pair] else []
    if share != 1:
        said.append(f"share {share:.4f}" if np.isfinite(share) else "share not known")
    return "; ".join([*said, _rows(rows)])


def _rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"


def statements_of(
    fates: Mapping[str, int], quality: pd.Series, to: dt.date, geography: str, allow: frozenset[str]
) -> tuple[str, ...]:
    """Return the conversion in sentences."""
    kind = GEOGRAPHY_NAMES.get(geography, geography)
    changed = ", ".join(f"{number:,} {fate.replace('_', ' ')}" for fate, number in fates.items() if number)
    flagged = quality.value_counts()
    flags = ", ".join(f"{flagged[name]:,} {name}" for name in flagged.index if name != "exact")
    return (
        f"Converted to {kind} of {to.isoformat()}; rows: {changed or 'none'}.",
        *((f"Values that are not exact: {flags}.",) if flags else ()),
        *(f"Allowed on request: {ALLOWANCES[name]}." for name in sorted(allow)),
    )
