"""What a list of changes could have seen, and what chance alone makes the extreme do: power, and the way back to the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.special import ndtr

from analysis.change.shrinking import MIN_AREAS, posterior_of
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.change.result import Change

Floats = np.ndarray[Any, np.dtype[np.float64]]

ONE_IN_FIVE: Final = 0.2
_HALVINGS: Final = 60
_FARTHEST: Final = 60.0
"""Standard errors beyond which no change is looked for: a list that sees nothing there sees nothing."""
_TENTH: Final = 0.1


@dataclass(frozen=True, slots=True)
class Power:
    """How large a change must be to be seen.

    Parameters
    ----------
    outcome : its id. size : of a change, either way, that would be seen in ``share`` of the areas, in ``unit``; None where none
        would: the figures vary no more than their errors, so that every change is drawn onto the common one.
    """

    outcome: str
    share: float
    size: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Reversion:
    """The way back to the mean: what the areas that stood lowest in the earlier period do by error alone.

    Parameters
    ----------
    outcome : its id. areas : the tenth with the lowest published figures, and the tenth with the highest: so many each.
    reliability : mean share of a published figure's distance from the mean that is no error.
    lowest_expected, highest_expected : mean change of these areas against all if nothing at all had happened.
    lowest_found, highest_found : the one found.
    """

    outcome: str
    areas: int
    reliability: float
    lowest_expected: float
    lowest_found: float
    highest_expected: float
    highest_found: float


def power_of(change: Change, *, share: float = ONE_IN_FIVE, codes: Collection[str] | None = None) -> Power | None:
    """Return how large a true change of one area must be to be named in a share of the areas; None where no error is published.

    Parameters
    ----------
    change : as compared. share : of the areas that have an error.
    codes : of the areas that are asked about; all without them. None of them with an error is no power to state.

    Raises
    ------
    StatisticsError
        A share that is not between 0 and 1.

    Notes
    -----
    Asked of a country that stands still: the spread of the truths is as fitted, their common mean 0. An area is named when it would be
    as a list of one, which is a little harder than as the last of many.
    """
    if not 0 < share < 1:
        raise StatisticsError(f"a share of {share!r} of the areas", ["give one between 0 and 1"])
    if change.posterior is None:
        return None
    se, limits = _thresholds(change)
    if codes is not None:
        asked = change.frame.index[change.frame["mean"].notna()].isin(list(codes))
        se, limits = se[asked], limits[asked]
    if not len(se):
        return None
    low, high = 0.0, _FARTHEST * float(se.max())
    if _seen(limits, se, high) < share:
        return Power(change.outcome, share, None, change.unit)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _seen(limits, se, middle) < share else (low, middle)
    return Power(change.outcome, share, high, change.unit)


def chance_of_seeing(change: Change, size: float) -> float:
    """Return the share of areas in which a true change of a size, either way, would be named; NaN where no error is published."""
    if change.posterior is None:
        return float("nan")
    se, limits = _thresholds(change)
    return _seen(limits, se, abs(size))


def reversion_of(change: Change) -> Reversion | None:
    """Return what the lowest and the highest tenth of the earlier period would do by error alone; None without errors."""
    value, early_se, moved = (change.frame[name].to_numpy() for name in ("value_since", "se_since", "change"))
    known = np.isfinite(value) & np.isfinite(moved) & np.isfinite(early_se) & (early_se > 0)
    if known.sum() < MIN_AREAS or change.modelled:
        return None
    posterior = posterior_of(value[known], early_se[known])
    error = posterior.mean - value[known]
    own = moved[known] - moved[known].mean()
    order = np.argsort(value[known], kind="stable")
    number = max(1, round(_TENTH * len(order)))
    low, high = order[:number], order[-number:]
    # What error pushed down comes back, and against the mean of all areas only.
    error = error - error.mean()
    return Reversion(
        change.outcome,
        number,
        posterior.reliability,
        float(error[low].mean()),
        float(own[low].mean()),
        float(error[high].mean()),
        float(own[high].mean()),
    )


def _seen(limits: Floats, se: Floats, size: float) -> float:
    """Return the share of areas whose published change would lie beyond its threshold."""
    return float(ndtr((size - limits) / se).mean())


def _thresholds(change: Change) -> tuple[Floats, Floats]:
    """Return the errors, and the published rise from which each area would be named; infinite where none would do."""
    posterior = change.posterior
    assert posterior is not None  # noqa: S101  # the callers looked
    se = change.frame["se"].to_numpy()[change.frame["mean"].notna().to_numpy()]
    allowed = min(float(change.parameters["mean_error"]), float(change.parameters["each_error"]))
    still = posterior.about(0.0)
    low, high = np.zeros(len(se)), _FARTHEST * se
    reached = 1 - still.had(high).rises(change.beyond) <= allowed
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        named = 1 - still.had(middle).rises(change.beyond) <= allowed
        low, high = np.where(named, low, middle), np.where(named, middle, high)
    return se, np.where(reached, high, np.inf)
