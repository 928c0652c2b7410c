"""What a conversion tells: the quality of every value, the fate of every row, the reasons, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.measures import QUALITIES
from boundaries.vocabulary import geography_words, phrase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from boundaries.conversion.arithmetic import Figures, Shares
    from boundaries.conversion.crosswalk import Crosswalk
    from boundaries.conversion.expansion import Expansion
    from boundaries.outcomes.table import OutcomeMeta

ALLOWANCES = {
    "partial": "merge what there is where a member is missing, and flag it as partial",
    "bound": "where a median or index would be merged, give the range of its members instead of a value",
    "approximate": "where a median or index would be merged, give the mean weighted by denominators, flagged, with the range",
    "inherited": "give parts of a former area its rate or category, flagged as inherited",
    "missing": "leave areas without a value where the measure forbids one, instead of refusing the table",
    "both": "where merged areas stand beside their successor, keep the successor",
    "unmatched": "leave out rows whose code is in no register",
    "contradictions": "take rows by their code where their name is of another area",
}
"""What a conversion refuses unless it is allowed, and what it does then."""

_BESIDE = "stands beside its successor, which has a row of its own"


def words(vocabulary: Sequence[str], position: NDArray[np.integer]) -> pd.Series:
    """Return a Series of words by their positions in a vocabulary (a hundred times quicker than a million objects)."""
    return pd.Series(pd.array(list(vocabulary), dtype="str").take(position))


def qualities_of(laid: Expansion, shares: Shares, figures: Figures, crosswalk: Crosswalk, measure: str) -> pd.Series:
    """Return the quality of each value."""
    number = {word: rank for rank, word in enumerate(QUALITIES)}
    quality = np.full(len(laid.group), number["exact"], dtype=np.int8)
    for flag, word in ((crosswalk.moved, "carried"), (crosswalk.touched, "approximate")):
        parts = flag[laid.pair]
        quality[laid.cell[parts]] = number[word]
    quality[figures.unsure] = number["approximate"]
    quality[shares.split | shares.back] = number["modelled"]
    if measure != "count":
        quality[shares.split & shares.sole] = number["inherited"]
    quality[figures.partial] = number["partial"]
    quality[pd.isna(figures.value)] = number["missing"]
    return words(QUALITIES, quality)


def reasons_of(laid: Expansion, figures: Figures) -> pd.Series:
    """Return why a cell has no value, empty where it has one."""
    missing = pd.isna(figures.value)
    said = (
        ("", np.ones(len(missing), dtype=np.bool_)),
        ("the source gives no figure", missing),
        ("a member has no figure", missing & (laid.parts > 1)),
        ("a member has no row", missing & ~laid.complete),
        (figures.why, figures.refused),
        ("not a value but a bound: the range of the members", missing & np.isfinite(figures.lower)),
    )
    reason = np.zeros(len(missing), dtype=np.int8)
    for number, (_, cells) in enumerate(said):
        reason[cells] = number
    return words([word for word, _ in said], reason)


def fates_of(
    laid: Expansion,
    shares: Shares,
    crosswalk: Crosswalk,
    codes: pd.Series,
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
    rows_first = np.bincount(laid.pair[first], minlength=len(fate))
    counted: dict[str, int] = {}
    for pair in np.flatnonzero(rows_first):
        counted[str(fate[pair])] = counted.get(str(fate[pair]), 0) + int(rows_first[pair])
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
    counted |= {"duplicated": len(dropped), "unmatched": int(unmatched.sum())}
    details += [
        {"fate": "duplicated", "from": code, "to": successor, "note": f"{_BESIDE}; {_rows(n)}"}
        for code, n in _times(codes, dropped)
        for successor in _targets_of(code, crosswalk)
    ]
    details += [
        {"fate": "unmatched", "from": code, "to": "", "note": _rows(n)}
        for code, n in _times(codes, np.flatnonzero(unmatched))
    ]
    order = ("matched", "recoded", "merged", "split", "moved", "duplicated", "unmatched")
    return {name: int(counted.get(name, 0)) for name in order}, details


def _times(codes: pd.Series, rows: NDArray[np.int64]) -> list[tuple[str, int]]:
    """Return how often each code stands in some rows, in the order of codes."""
    return sorted(Counter(str(code) for code in codes.array.take(rows)).items())


def _targets_of(code: str, crosswalk: Crosswalk) -> list[str]:
    """Return the targets that hold a source."""
    pairs = crosswalk.source == crosswalk.sources.get_loc(code)
    return [str(target) for target in crosswalk.targets[crosswalk.target[pairs]]]


def _note(crosswalk: Crosswalk, pair: int, rows: int) -> str:
    share = crosswalk.share[pair]
    said = [crosswalk.reasons[pair]] if crosswalk.reasons[pair] else []
    if share != 1:
        said.append(f"share {share:.4f}" if np.isfinite(share) else "share not known")
    return "; ".join([*said, _rows(rows)])


def _rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"


def assumptions_of(shares: Shares, figures: Figures, meta: OutcomeMeta, *, given: bool) -> tuple[str, ...]:
    """Name the denominator that weighted merged areas, and what their standard errors assume."""
    mixed = shares.merged & ~pd.isna(figures.value)
    if not mixed.any() or meta.measure == "category":
        return ()
    base = "the denominators given" if given else meta.denominator or "the denominators of the table"
    said = [f"Merged areas are weighted by {base}."] if meta.measure != "count" else []
    if np.isfinite(figures.se[mixed]).any():
        said.append("Standard errors of merged areas take their members as independent.")
    return tuple(said)


def statements_of(fates: Mapping[str, int], quality: pd.Series, to: dt.date, geography: str) -> tuple[str, ...]:
    """Return the conversion in sentences."""
    kind = geography_words(geography)
    changed = ", ".join(f"{number:,} {phrase(f'fate.{fate}', 'word')}" for fate, number in fates.items() if number)
    flagged = quality.value_counts()
    flags = ", ".join(f"{flagged[name]:,} {name}" for name in flagged.index if name != "exact")
    return (
        f"Converted to {kind} of {to.isoformat()}; rows: {changed or 'none'}.",
        *((f"Values that are not exact: {flags}.",) if flags else ()),
    )


def allowed_in_words(allow: Iterable[str]) -> tuple[str, ...]:
    """Say what was done that is refused by default."""
    return tuple(f"Allowed on request: {ALLOWANCES[name]}." for name in sorted(allow))
