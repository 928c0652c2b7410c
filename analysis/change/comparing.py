"""One outcome at two periods: difference with its error, shrunken difference, probability, and who may be named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis.change.base import base_of
from analysis.change.result import Bracketed, Change, Counts
from analysis.change.rivals import cautious_posterior_of, sceptical_posterior_of
from analysis.change.shrinking import MIN_AREAS, posterior_of
from analysis.change.yardstick import comparable_figures
from analysis.significance import EACH_ERROR, MEAN_ERROR, adjust, longest_list
from boundaries.series import shared
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from analysis.change.base import Basis
    from analysis.change.result import RhoBasis
    from analysis.change.shrinking import Posterior
    from analysis.change.yardstick import Figures
    from boundaries.series import Deflator, Series

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

BRACKET: Final = (0.0, 0.5)
"""Correlations of the two errors that are tried where nobody states one: none, and what a panel half renewed would have."""
_SURE: Final = 1.959963984540054
_LEVEL: Final = 0.05
_TENTH: Final = 10.0
_MERGED = frozenset({"approximate", "modelled", "partial"})
_NOT_OWN = "inherited"


@dataclass(frozen=True, slots=True)
class Comparing:
    """How two periods are compared.

    Parameters
    ----------
    rho : correlation of the errors of the two periods, where it is known; by default that of the days both windows share, else 0.
    beyond : how large a change must be to count (δ), in the unit of the change; by default a tenth of the spread of the truths
        in the earlier period.
    mean_error, each_error : of the lists, as of ``longest_list``.
    modelled : the publisher modelled the figures: their spread is taken as it is for δ. Their changes are shrunk like any other, since
        two modelled figures that differ by chance are as many as areas.

    Raises
    ------
    StatisticsError
        A number out of range; every fault at once.
    """

    rho: float | None = None
    beyond: float | None = None
    mean_error: float = MEAN_ERROR
    each_error: float = EACH_ERROR
    modelled: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        faults = []
        if self.rho is not None and not -1 < self.rho < 1:
            faults.append(f"rho {self.rho!r} must lie between −1 and 1: two errors that are the same would leave none")
        if self.beyond is not None and not (np.isfinite(self.beyond) and self.beyond >= 0):
            faults.append(f"beyond {self.beyond!r} must be 0 or more")
        faults += [
            f"{name} {limit!r} must lie between 0 and 1"
            for name, limit in (("mean_error", self.mean_error), ("each_error", self.each_error))
            if not 0 < limit < 1
        ]
        if faults:
            raise StatisticsError("two periods cannot be compared so", faults)


def difference(
    early: Floats, late: Floats, early_se: Floats, late_se: Floats, *, rho: float = 0.0
) -> tuple[Floats, Floats]:
    """Return late less early, and its standard error √(SE₁² + SE₂² − 2ρ·SE₁·SE₂); NaN where one of the two is not known.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> [float(found[0].round(3)) for found in difference(5 * one, 7 * one, one, one, rho=2 / 3)]
    [2.0, 0.816]
    """
    variance = early_se**2 + late_se**2 - 2 * rho * early_se * late_se
    with np.errstate(invalid="ignore"):
        return np.asarray(late - early), np.asarray(np.sqrt(variance))


def change_between(
    series: Series, since: str, period: str, how: Comparing | None = None, *, deflator: Deflator | None = None
) -> Change:
    """Compare two periods of an outcome, area by area.

    Parameters
    ----------
    series : the outcome. since, period : the earlier and the later, as published.
    how : correlation, δ, limits of the lists. deflator : prices, for an outcome in money.

    Raises
    ------
    StatisticsError
        Everything that makes the comparison false, at once: one period, a break between, a category, the one period that was
        standardised on another base, money without a yardstick.
    TableError
        A deflator that lacks prices for a period.

    Notes
    -----
    Null and alternative: δᵢ, the true change, against the limit; the probabilities are posterior, from the area-level model of
    the change (``posterior_of``), not p-values, and of that model and its rivals the least (``cautious_posterior_of``). What this does not show: why anything changed, nor changes of the people who
    live there. The errors of two areas count as independent.
    """
    how = how or Comparing()
    basis = _basis_of(series, since, period)
    since, period = (series.periods[series.at(one)] for one in (since, period))
    both = series.taking([series.at(since), series.at(period)])
    figures = comparable_figures(both, deflator=deflator)
    rho, rho_basis = _correlation(both, how)
    own = _own(both)
    early, late = (np.where(own, figures.value[:, place], np.nan) for place in (0, 1))
    change, se = difference(early, late, figures.se[:, 0], figures.se[:, 1], rho=rho)
    known = np.isfinite(change) & np.isfinite(se) & (se > 0)
    posterior = cautious_posterior_of(change[known], se[known]) if known.sum() >= MIN_AREAS else None
    beyond, beyond_basis = _beyond(figures, own, how)
    frame = _side_by_side(series, figures).assign(change=change, se=se, **_judged(posterior, known, beyond))
    up, down = _lists(frame, how)
    frame["verdict"] = _verdicts(series, figures, own, up, down, known=known, fitted=posterior is not None)
    return Change(
        outcome=series.meta.id,
        since=since,
        period=period,
        favourable=series.meta.favourable,
        unit=_difference_unit(figures.unit),
        base="relative" if figures.against == "national" else basis.base,
        base_reason="stated" if figures.against == "national" else basis.reason,
        against=figures.against,
        whole=figures.whole,
        rho=rho,
        rho_basis=rho_basis,
        bracket=_bracket(early, late, figures, beyond, how, (up, down), basis=rho_basis) if posterior else (),
        beyond=beyond,
        beyond_basis=beyond_basis,
        counts=_counts(frame, up, down, known),
        posterior=posterior,
        frame=frame,
        modelled=how.modelled,
        parameters={"mean_error": how.mean_error, "each_error": how.each_error},
    )


def _basis_of(series: Series, since: str, period: str) -> Basis:
    """Return what the figures are standardised on; refuse comparisons that would be false."""
    basis, faults = base_of(series), []
    if len(series.periods) < 2:
        faults.append(f"it has one period ({series.periods[0] or 'not stated'}): a change needs two")
    elif series.at(since) >= series.at(period):
        faults.append(f"'{since}' is not before '{period}'")
    else:
        broken = series.break_between(since, period)
        if broken is not None:
            faults.append(f"the series breaks in {broken.period} ({broken.kind}): {broken.reason}")
        odd = [one for one in basis.odd if one in (since, period)]
        if odd:
            faults.append(f"{listed(odd)} is standardised on another base than all other periods: compare it with none")
    if series.meta.measure == "category":
        faults.append("it is a category: there is no difference between two")
    if faults:
        raise StatisticsError(f"'{series.meta.id}' cannot be compared from '{since}' to '{period}'", faults)
    return basis


def _side_by_side(series: Series, figures: Figures) -> pd.DataFrame:
    """Return the figures of both periods, by code."""
    columns = {
        "name": series.areas["name"].to_numpy(),
        "value_since": figures.value[:, 0],
        "se_since": figures.se[:, 0],
        "value": figures.value[:, 1],
    }
    return pd.DataFrame(columns, index=series.areas.index)


def _correlation(both: Series, how: Comparing) -> tuple[float, RhoBasis]:
    if how.rho is not None:
        return how.rho, "stated"
    early, late = both.windows
    overlap = shared(early, late) if early and late else 0.0
    return (overlap, "windows") if overlap > 0 else (0.0, "independent")


def _own(both: Series) -> Flags:
    """Say which areas have figures of their own in both periods, of which no merger made a median or score."""
    forbidden = {_NOT_OWN, *(_MERGED if both.meta.measure in {"median", "index"} else ())}
    return np.asarray(~np.isin(both.quality.astype(str), sorted(forbidden)).any(axis=1))


def _beyond(figures: Figures, own: Flags, how: Comparing) -> tuple[float, Any]:
    """Return δ: as stated, else a tenth of the spread of the truths in the earlier period."""
    if how.beyond is not None:
        return how.beyond, "stated"
    value, se = figures.value[:, 0], figures.se[:, 0]
    known = own & np.isfinite(value) & np.isfinite(se) & (se > 0)
    if known.sum() >= MIN_AREAS and how.modelled:
        # Of posterior means and variances the truths' variance is the sum.
        return float(np.sqrt(np.var(value[known]) + np.mean(se[known] ** 2))) / _TENTH, "tenth-of-spread"
    if known.sum() >= MIN_AREAS:
        return posterior_of(value[known], se[known]).spread / _TENTH, "tenth-of-spread"
    published = value[own & np.isfinite(value)]
    return (float(np.std(published)) / _TENTH if len(published) else 0.0), "tenth-of-spread"


def _judged(posterior: Posterior | None, known: Flags, beyond: float) -> dict[str, Floats]:
    """Return the shrunken change, its interval and probabilities, NaN where there is no error."""
    columns = {name: np.full(len(known), np.nan) for name in ("mean", "lower", "upper", "p_rise", "p_fall")}
    if posterior is None:
        return columns
    columns["mean"][known] = posterior.mean
    columns["lower"][known] = posterior.quantile(_LEVEL / 2)
    columns["upper"][known] = posterior.quantile(1 - _LEVEL / 2)
    columns["p_rise"][known] = posterior.rises(beyond)
    columns["p_fall"][known] = posterior.falls(beyond)
    return columns


def _lists(frame: pd.DataFrame, how: Comparing) -> tuple[Flags, Flags]:
    """Return who may be named as risen and as fallen, the two lists apart."""
    up, down = (
        longest_list(1 - frame[name].to_numpy(), mean=how.mean_error, each=how.each_error)
        for name in ("p_rise", "p_fall")
    )
    return up, down


def _verdicts(
    series: Series,
    figures: Figures,
    own: Flags,
    up: Flags,
    down: Flags,
    *,
    known: Flags,
    fitted: bool,
) -> np.ndarray[Any, np.dtype[np.object_]]:
    good = {"high": ("improving", "regressing"), "low": ("regressing", "improving"), "none": ("rising", "falling")}
    rise, fall = good[series.meta.favourable]
    verdict = np.where(known & fitted, "not-clear", "error-unknown").astype(object)
    verdict[up], verdict[down] = rise, fall
    verdict[~own] = "not-comparable"
    verdict[np.isnan(figures.value).any(axis=1)] = "no-data"
    verdict[~series.covered] = "not-covered"
    return verdict


def _counts(frame: pd.DataFrame, up: Flags, down: Flags, known: Flags) -> Counts:
    with np.errstate(invalid="ignore"):
        z = np.where(known, frame["change"].to_numpy() / frame["se"].to_numpy(), np.nan)
    p = 2 * ndtr(-np.abs(z))
    return Counts(
        compared=int(known.sum()),
        up=int(up.sum()),
        down=int(down.sum()),
        false_up=float((1 - frame["p_rise"].to_numpy())[up].sum()),
        false_down=float((1 - frame["p_fall"].to_numpy())[down].sum()),
        clear_up=int((z > _SURE).sum()),
        clear_down=int((z < -_SURE).sum()),
        by_chance=_LEVEL * int(known.sum()),
        corrected=int((adjust(p) <= _LEVEL).sum()),
    )


def _bracket(
    early: Floats,
    late: Floats,
    figures: Figures,
    beyond: float,
    how: Comparing,
    named: tuple[Flags, Flags],
    *,
    basis: RhoBasis,
) -> tuple[Bracketed, ...]:
    """Return how many would be named at each correlation that is tried, and how many of those named would be false."""
    tried = {"independent": BRACKET, "stated": BRACKET[:1], "windows": ()}[basis]
    found = []
    for rho in tried:
        change, se = difference(early, late, figures.se[:, 0], figures.se[:, 1], rho=rho)
        known = np.isfinite(change) & np.isfinite(se) & (se > 0)
        # what is stated is set against the worst that it could be wrong by
        fitted = sceptical_posterior_of if basis == "stated" else cautious_posterior_of
        frame = pd.DataFrame(_judged(fitted(change[known], se[known]), known, beyond))
        up, down = _lists(frame, how)
        found.append(Bracketed(rho, int(up.sum()), int(down.sum()), _false(frame, *named)))
    return tuple(found)


def _false(frame: pd.DataFrame, up: Flags, down: Flags) -> float:
    """Return how many of the areas named are expected not to have moved so."""
    return float((1 - frame["p_rise"].to_numpy())[up].sum() + (1 - frame["p_fall"].to_numpy())[down].sum())


def _difference_unit(unit: str) -> str:
    return "percentage points" if unit.startswith("%") else unit
