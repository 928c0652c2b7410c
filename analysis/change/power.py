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
class Thresholds:
    """From which published change on each area of an outcome is named, in a country that stands still: what power is read off.

    Parameters
    ----------
    codes : of the areas that have an error. se : of the change of each. limits : the published rise from which it is named;
        infinite where none would be.
    """

    codes: tuple[str, ...]
    se: tuple[float, ...]
    limits: tuple[float, ...]

    def among(self, codes: Collection[str]) -> Thresholds:
        """Return those of some areas alone."""
        own = [row for row in zip(self.codes, self.se, self.limits, strict=True) if row[0] in codes]
        return Thresholds(*(tuple(column) for column in zip(*own, strict=True))) if own else Thresholds((), (), ())

    def seen(self, size: float) -> float:
        """Return the share of the areas in which a true change of a size would be named."""
        se, limits = np.array(self.se), np.array(self.limits)
        return float(ndtr((size - limits) / se).mean())

    def size(self, share: float) -> float | None:
        """Return the true change that would be named in a share of the areas; None where none would."""
        low, high = 0.0, _FARTHEST * max(self.se)
        if self.seen(high) < share:
            return None
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.seen(middle) < share else (low, middle)
        return high


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


def power_of(change: Change, *, share: float = ONE_IN_FIVE) -> Power | None:
    """Return how large a true change of one area must be to be named in a share of the areas; None where no error is published.

    Parameters
    ----------
    change : as compared. share : of the areas that have an error.

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
    found = thresholds_of(change)
    return None if found is None else Power(change.outcome, share, found.size(share), change.unit)


def chance_of_seeing(change: Change, size: float) -> float:
    """Return the share of areas in which a true change of a size, either way, would be named; NaN where no error is published."""
    found = thresholds_of(change)
    return float("nan") if found is None else found.seen(abs(size))


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


def thresholds_of(change: Change) -> Thresholds | None:
    """Return from which published change on each area would be named; None where no error is published."""
    posterior = change.posterior
    if posterior is None:
        return None
    known = change.frame["mean"].notna()
    se = change.frame["se"].to_numpy()[known.to_numpy()]
    allowed = min(float(change.parameters["mean_error"]), float(change.parameters["each_error"]))
    still = posterior.about(0.0)
    low, high = np.zeros(len(se)), _FARTHEST * se
    reached = 1 - still.had(high).rises(change.beyond) <= allowed
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        named = 1 - still.had(middle).rises(change.beyond) <= allowed
        low, high = np.where(named, low, middle), np.where(named, middle, high)
    limits = np.where(reached, high, np.inf)
    codes = change.frame.index[known.to_numpy()]
    return Thresholds(tuple(map(str, codes)), tuple(map(float, se)), tuple(map(float, limits)))
