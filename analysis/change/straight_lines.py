"""Straight lines through short series: generalised least squares with known errors and serial correlation.

What moves an area round its line (shocks, whatever lasts from one period to the next) is learnt from all areas together: five to ten
periods of one area tell nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import stdtr, stdtrit

from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]

LEAST: Final = 5
"""Periods from which a slope is estimated."""
_SERIAL: Final = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Correlations from one unit of time to the next that are tried."""
_SHARES: Final = (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.5, 4.0)
"""Sizes of the movement round the line that are tried, as multiples of the typical known error variance."""
_MOST_DF: Final = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Slope of every area.

    Parameters
    ----------
    slope, se, lower, upper : per unit of time, shape (n_areas,); NaN where fewer than five periods are known. 95 % interval.
    df : degrees of freedom. p : two-sided. used : periods used.
    serial : correlation of the movement round the line from one unit of time to the next. movement : its standard deviation where
        errors are known; NaN where they are not, and every area has its own.
    """

    slope: Floats
    se: Floats
    lower: Floats
    upper: Floats
    df: Floats
    p: Floats
    used: np.ndarray[Any, np.dtype[np.int64]]
    serial: float
    movement: float


def slopes(time: Floats, values: Floats, errors: Floats | None = None) -> Slopes:
    """Fit a line to every area by generalised least squares.

    Parameters
    ----------
    time : shape (n_periods,), rising, in any unit (years). values : shape (n_areas, n_periods), NaN where not known.
    errors : known standard errors of that shape; where they are given, a value without an error is left out. None where no
        error is published.

    Raises
    ------
    StatisticsError
        Shapes that differ, time that does not rise, or errors below 0.

    Notes
    -----
    y = a + b·t + u + e. The known errors e are independent with variance s²; the movement u has variance σ² and correlation
    φ^|Δt|. φ and, with known errors, σ² are chosen by restricted likelihood summed over areas; without errors each area has a σ² of
    its own. Degrees of freedom: (m − 2) / r², r the share of the slope's variance that σ² makes (1 without known errors): a slope
    whose variance is all known is judged by the normal distribution. Shocks common to all areas make the areas alike, not the
    choice of φ wrong for each.
    """
    t, y = np.asarray(time, dtype=np.float64), np.asarray(values, dtype=np.float64)
    s = None if errors is None else np.asarray(errors, dtype=np.float64)
    _check(t, y, s)
    known = np.isfinite(y) if s is None else np.isfinite(y) & np.isfinite(s) & (s > 0)
    used = known.sum(axis=1)
    groups = [
        (np.flatnonzero((known == pattern).all(axis=1)), np.flatnonzero(pattern))
        for pattern in np.unique(known[used >= LEAST], axis=0)
    ]
    serial, movement = _chosen(t, y, s, groups)
    columns = {name: np.full(len(y), np.nan) for name in ("slope", "se", "df")}
    for rows, places in groups:
        for name, found in _fitted(
            t[places], y[np.ix_(rows, places)], _part(s, rows, places), serial, movement
        ).items():
            columns[name][rows] = found
    slope, se, df = columns["slope"], columns["se"], columns["df"]
    reach = stdtrit(df, 0.975) * se
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2 * stdtr(df, -np.abs(slope / se))
    p = np.where(se > 0, p, np.where(slope == 0, 1.0, 0.0))
    p = np.where(np.isfinite(slope), p, np.nan)
    return Slopes(
        slope, se, slope - reach, slope + reach, df, p, used, serial, np.nan if s is None else float(np.sqrt(movement))
    )


def _check(t: Floats, y: Floats, s: Floats | None) -> None:
    faults = []
    if y.ndim != 2 or y.shape[1:] != t.shape:
        faults.append(f"values have shape {y.shape}, time {t.shape}: expected (areas, periods) and (periods,)")
    if not (np.diff(t) > 0).all():
        faults.append("time does not rise from period to period")
    if s is not None and s.shape != y.shape:
        faults.append(f"errors have shape {s.shape}, values {y.shape}")
    if s is not None and (s < 0).any():
        faults.append(f"{int((s < 0).sum())} errors are below 0")
    if faults:
        raise StatisticsError("no line can be fitted", faults)


def _part(s: Floats | None, rows: np.ndarray[Any, Any], places: np.ndarray[Any, Any]) -> Floats | None:
    return None if s is None else s[np.ix_(rows, places)]


def _chosen(t: Floats, y: Floats, s: Floats | None, groups: list[tuple[Any, Any]]) -> tuple[float, float]:
    """Return serial correlation and variance of the movement by the restricted likelihood of all areas."""
    if not groups:
        return 0.0, 0.0
    if s is None:
        scores = {(serial, 0.0): 0.0 for serial in _SERIAL}
    else:
        typical = float(np.nanmedian(s[np.isfinite(y)] ** 2))
        scores = {(serial, share * typical): 0.0 for serial in _SERIAL for share in _SHARES if share or not serial}
    for serial, movement in scores:
        scores[serial, movement] = sum(
            _likelihood(t[places], y[np.ix_(rows, places)], _part(s, rows, places), serial, movement)
            for rows, places in groups
        )
    return max(scores, key=lambda pair: scores[pair])


def _solved(
    t: Floats, y: Floats, s: Floats | None, serial: float, movement: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return coefficients (n, 2), their covariance for unit scale (n, 2, 2), squared misfit (n,) and log-determinants (n,)."""
    shape = _shape(t, serial)
    covariance = shape[None] if s is None else movement * shape[None] + s[:, :, None] ** 2 * np.eye(len(t))
    design = np.column_stack([np.ones(len(t)), t - t.mean()])
    inverse = np.linalg.inv(covariance)
    information = design.T @ inverse @ design
    bread = np.linalg.inv(information)
    right = np.broadcast_to(design.T @ inverse, (len(y), 2, len(t))) @ y[:, :, None]
    coefficients = (bread @ right)[:, :, 0]
    rest = y - coefficients @ design.T
    misfit = (rest[:, None, :] @ np.broadcast_to(inverse, (len(y), len(t), len(t))) @ rest[:, :, None])[:, 0, 0]
    logs = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    return coefficients, np.broadcast_to(bread, (len(y), 2, 2)), misfit, np.broadcast_to(logs, (len(y),))


def _likelihood(t: Floats, y: Floats, s: Floats | None, serial: float, movement: float) -> float:
    _, _, misfit, logs = _solved(t, y, s, serial, movement)
    if s is not None:
        return float(-0.5 * (logs + misfit).sum())
    df = len(t) - 2
    moving = misfit > 1e-20 * np.maximum(
        (y**2).sum(axis=1), 1e-300
    )  # a straight line tells nothing of what moves round it
    return float(-0.5 * (logs + df * np.log(np.where(moving, misfit, 1.0)))[moving].sum())


def _fitted(t: Floats, y: Floats, s: Floats | None, serial: float, movement: float) -> dict[str, Floats]:
    coefficients, bread, misfit, _ = _solved(t, y, s, serial, movement)
    df = float(len(t) - 2)
    if s is None:
        return {"slope": coefficients[:, 1], "se": np.sqrt(misfit / df * bread[:, 1, 1]), "df": np.full(len(y), df)}
    variance = bread[:, 1, 1]
    known_alone = _solved(t, y, s, 0.0, 0.0)[1][:, 1, 1]
    share = np.clip(1 - known_alone / variance, 0.0, 1.0)
    return {
        "slope": coefficients[:, 1],
        "se": np.sqrt(variance),
        "df": np.minimum(df / np.maximum(share, 1e-9) ** 2, _MOST_DF),
    }


def _shape(t: Floats, serial: float) -> Floats:
    gaps = np.abs(np.subtract.outer(t, t))
    return np.where(gaps == 0, 1.0, 0.0) if serial == 0 else serial**gaps
