"""Two periods of an outcome by themselves: on which base they stand, and whose change is beyond the error of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.change.base import base_from
from analysis.change.comparing import difference
from analysis.change.rivals import cautious_posterior_of
from analysis.change.shrinking import MIN_AREAS, posterior_of
from analysis.significance import longest_list
from boundaries.joined import average_of
from boundaries.vocabulary import whole_of

if TYPE_CHECKING:
    from analysis.change.base import Basis
    from boundaries.joined import Joined

Flags = np.ndarray[Any, np.dtype[np.bool_]]

_TENTH = 0.1
UK = "K02000001"


@dataclass(frozen=True, slots=True, eq=False)
class Beyond:
    """Who rose and who fell beyond error, of the areas whose errors are known; how many of those named are expected to be false."""

    rose: Flags
    fell: Flags
    known: Flags
    false: float


def base_of_two(before: Joined, after: Joined) -> Basis:
    """Return the base of two periods by the rule of every series; what the publisher states comes first."""
    values = np.column_stack([one.frame["value"].to_numpy(dtype=np.float64) for one in (before, after)])
    return base_from(after.meta, after.meta.base or "", values, (before.period, after.period))


def against_whole(before: Joined, after: Joined) -> tuple[Joined, Joined, bool]:
    """Return two periods of an outcome in money as percentages of the figure for the whole in each, and whether that is published.

    Parameters
    ----------
    before, after : on the same areas.

    Raises
    ------
    JoinError
        No area has a value.

    Notes
    -----
    The figure is the one published in both periods for the nations covered, else for the United Kingdom; where there is none, the mean
    of the areas (``average_of``). It counts as known exactly.
    """
    covered = whole_of(after.frame.loc[after.covered, "nation"])
    figures = [
        pair
        for code in (covered, UK)
        if code and min(pair := tuple(one.meta.averages.get(code, 0.0) for one in (before, after))) > 0
    ]
    wholes = figures[0] if figures else tuple(average_of(one).value for one in (before, after))
    early, late = (
        replace(
            one,
            meta=replace(one.meta, unit="%"),
            frame=one.frame.assign(
                **{name: one.frame[name] * 100 / whole for name in ("value", "lower", "upper", "se")}
            ),
        )
        for one, whole in zip((before, after), wholes, strict=True)
    )
    return early, late, bool(figures)


def beyond_error(before: Joined, after: Joined, codes: Any, *, against_all: bool = False) -> Beyond:
    """Say whose change is beyond the error of both periods.

    Parameters
    ----------
    before, after : the outcome at both, on the same areas. codes : of the areas that are compared.
    against_all : beyond the common change of all areas, not beyond none.

    Notes
    -----
    By the rule of every list of changes (``change_between``): errors independent, δ a tenth of the spread of the truths in the earlier
    period, nobody named of fewer than five areas with errors.
    """
    frames = [one.frame.loc[codes] for one in (before, after)]
    (early, early_se), (late, late_se) = (
        (frame["value"].to_numpy(dtype=np.float64), frame["se"].to_numpy(dtype=np.float64)) for frame in frames
    )
    change, se = difference(early, late, early_se, late_se)
    known = np.isfinite(change) & np.isfinite(se) & (se > 0) & (early_se > 0)
    nobody = np.zeros(len(change), dtype=np.bool_)
    if known.sum() < MIN_AREAS:
        return Beyond(nobody, nobody, known, 0.0)
    posterior = cautious_posterior_of(change[known], se[known])
    least = _TENTH * posterior_of(early[known], early_se[known]).spread
    chances = posterior.apart(least) if against_all else (posterior.rises(least), posterior.falls(least))
    rose, fell, false = nobody.copy(), nobody.copy(), 0.0
    for side, chance in ((rose, chances[0]), (fell, chances[1])):
        named = longest_list(1 - chance)
        side[known] = named
        false += float((1 - chance)[named].sum())
    return Beyond(rose, fell, known, false)
