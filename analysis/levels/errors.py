"""From published limits to a standard error for every area, on the scale on which the limits are symmetric."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.special import ndtri

from analysis.levels.scales import Scale
from geo.errors import StatisticsError, TableError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.levels.scales import ScaleName

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

COLUMNS = ("value", "lower", "upper", "se")
"""What a table of estimates holds; NaN where not known."""

SYMMETRIC = 0.10
"""Halves of an interval that differ by no more than this, of the larger, are called equal."""

MOST = 0.8
"""The share of intervals that must be symmetric for a scale to be taken; the rest are rounded, cut off or few."""

Misses = Literal["refuse", "unknown"]
"""What happens to an interval that does not hold its value: refused, or its error taken for unknown and counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """Estimates and their errors on one scale.

    ``centre`` and ``se``, shape (n,), on ``scale``; ``se`` is NaN where the error is not known. ``counts`` says how many errors
    came from which rule: ``symmetric``, ``by_slope``, ``larger_half``, ``stated`` (a standard error, no limits), ``without`` (none published),
    ``zero`` (no width), ``missed`` (limits that miss the value), ``off_scale`` (a value or limit the scale cannot hold).
    """

    scale: Scale
    centre: Floats
    se: Floats
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def known(self) -> Flags:
        """Whether value and error of each area are known, shape (n,)."""
        return np.isfinite(self.centre) & np.isfinite(self.se)


def errors_of(
    estimates: pd.DataFrame,
    *,
    scale: ScaleName | Literal["auto"] = "auto",
    whole: float | None = None,
    positive: bool = False,
    confidence: float = 0.95,
    misses: Misses = "refuse",
) -> Errors:
    """Turn limits and standard errors into errors on one scale for all areas.

    Parameters
    ----------
    estimates : indexed by code, columns ``value lower upper se``, NaN where not known. Limits go before a standard error.
    scale : ``"auto"`` takes the first of value, logit (shares), log (amounts above zero) on which four in five intervals are
        symmetric within 10 % or the rounding of their limits; where none is, the values as they are.
    whole : what shares are out of; None where values are no shares. positive : whether values are amounts above zero.
    confidence : coverage of the limits.
    misses : what happens to limits that do not hold their value.

    Raises
    ------
    TableError
        A column is missing, limits that miss their value or cross, standard errors below zero; every fault at once.
    StatisticsError
        A scale that is asked for and cannot hold the values.

    Notes
    -----
    An interval that is symmetric on the scale has the error (u − l) / 2z; of any other it is its larger half / z, which never
    understates. On a scale that was asked for, an interval symmetric on the values is carried by the slope of the scale. An error of zero, or none,
    is not known: rounding, not certainty. A standard error without limits is carried to the scale by its slope (delta method).
    """
    missed = _check(estimates, misses)
    value, lower, upper, se = (estimates[name].to_numpy(dtype=np.float64) for name in COLUMNS)
    limits = np.isfinite(value) & np.isfinite(lower) & np.isfinite(upper)
    zero = (limits & (upper <= lower)) | (~limits & (se == 0) & np.isfinite(value))
    limits &= ~missed & ~zero
    chosen = _chosen(scale, whole, positive=positive, value=value, limits=(lower, upper), se=se, used=limits)
    centre = chosen.forward(value)
    by_limits, equal, straight = _by_limits(chosen, value, lower, upper, float(ndtri((1 + confidence) / 2)))
    stated = ~limits & np.isfinite(se) & (se > 0) & ~missed
    found = np.where(limits, by_limits, np.where(stated, se * chosen.slope(value), np.nan))
    found = np.where(np.isfinite(found) & (found > 0) & np.isfinite(centre), found, np.nan)
    here, known = np.isfinite(value), np.isfinite(found)
    by_rule = {
        "symmetric": limits & equal & known,
        "by_slope": limits & straight & known,
        "larger_half": limits & ~equal & ~straight & known,
        "stated": stated & known,
        "without": here & ~limits & ~stated & ~zero & ~missed,
        "zero": zero,
        "missed": missed,
        "off_scale": here & (limits | stated) & ~known,
    }
    return Errors(chosen, centre, found, {rule: int(flags.sum()) for rule, flags in by_rule.items()})


def _check(estimates: pd.DataFrame, misses: Misses) -> Flags:
    """Refuse what cannot be right; return which limits miss their value."""
    absent = [name for name in COLUMNS if name not in estimates.columns]
    if absent:
        raise TableError(f"a table of estimates has no column {listed(absent)}", [f"it needs {', '.join(COLUMNS)}"])
    outside = ((estimates["lower"] > estimates["value"]) | (estimates["upper"] < estimates["value"])).to_numpy()
    faults = []
    if outside.any() and misses == "refuse":
        faults.append(f"limits that do not hold their value: {listed(estimates.index[outside])}")
        faults.append("correct them, or let the errors of these areas count as unknown (misses = 'unknown')")
    negative = (estimates["se"] < 0).to_numpy()
    if negative.any():
        faults.append(f"standard errors below zero: {listed(estimates.index[negative])}")
    if faults:
        raise TableError("the published uncertainty cannot be right", faults)
    return np.asarray(outside, dtype=np.bool_)


def _chosen(
    name: ScaleName | Literal["auto"],
    whole: float | None,
    *,
    positive: bool,
    value: Floats,
    limits: tuple[Floats, Floats],
    se: Floats,
    used: Flags,
) -> Scale:
    """Return the scale asked for, or the first on which most intervals are symmetric."""
    if name != "auto":
        scale = Scale(name, whole or 1.0)
        bad = ~scale.holds(value)
        if bad.any():
            raise StatisticsError(
                f"the {name} scale cannot hold {int(bad.sum())} of {int(np.isfinite(value).sum())} values",
                ["choose the scale 'value', or state the unit the values are shares of"],
            )
        return scale
    scales = [Scale(), *([Scale("logit", whole)] if whole else []), *([Scale("log")] if positive else [])]
    scales = [scale for scale in scales if scale.holds(value).all()]
    if not used.any():
        # Only standard errors: the error of a share is not normal where it would reach beyond none or all.
        reach = 2 * np.where(np.isfinite(se), se, 0.0)
        inside = (
            (Scale("logit", whole).holds(value - reach) & Scale("logit", whole).holds(value + reach)).all()
            if whole
            else True
        )
        return scales[0] if inside else next((scale for scale in scales if scale.name == "logit"), scales[0])
    for scale in scales:
        if _symmetric(scale, value, limits)[used].mean() >= MOST:
            return scale
    return scales[0]


def _by_limits(chosen: Scale, value: Floats, lower: Floats, upper: Floats, z: float) -> tuple[Floats, Flags, Flags]:
    """Return the error that each interval says, and where it is symmetric on the scale, and on the values alone."""
    # On another scale than the one the limits were made on (when it is asked for) the error is carried over by the slope.
    equal, straight = (_symmetric(one, value, (lower, upper)) for one in (chosen, Scale()))
    straight &= ~equal
    centre = chosen.forward(value)
    below, above = centre - chosen.forward(lower), chosen.forward(upper) - centre
    error = np.where(equal, (below + above) / 2, np.fmax(below, above)) / z
    return np.where(straight, (upper - lower) / (2 * z) * chosen.slope(value), error), equal, straight


def _symmetric(scale: Scale, value: Floats, limits: tuple[Floats, Floats]) -> Flags:
    """Whether the halves of each interval are equal on the scale, to 10 % or to the rounding of what is published."""
    centre = scale.forward(value)
    below, above = centre - scale.forward(limits[0]), scale.forward(limits[1]) - centre
    # The value and a limit may each be half a unit of their last decimal off.
    rounding = 1.5 * _unit(np.concatenate([value, *limits])) * scale.slope(value)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(above - below) <= np.maximum(SYMMETRIC * np.maximum(above, below), rounding))


def _unit(published: Floats) -> float:
    """Return the unit of the last decimal that is published: 0.1 where no number has more than one decimal."""
    finite = published[np.isfinite(published)]
    for decimals in range(5):
        if np.allclose(finite, np.round(finite, decimals), rtol=0, atol=1e-9):
            return float(10.0**-decimals)
    return 0.0
