"""From a published interval to a standard error, on the scale on which the interval is symmetric."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from boundaries.outcomes.table import OutcomeMeta

_WHOLES = {"%": 100.0, "per 1,000": 1e3, "per 10,000": 1e4, "per 100,000": 1e5}
"""What a share is out of, by unit; 1 where the unit is none of these."""

_BLOCK = 1 << 19
"""Rows worked out at a time: what is made on the way would else be larger than the table."""


def standard_errors(frame: pd.DataFrame, meta: OutcomeMeta) -> np.ndarray:
    """Derive standard errors from intervals by the rule the source states.

    Parameters
    ----------
    frame : columns ``value lower upper``. meta : ``interval``, ``confidence``, ``unit``.

    Returns
    -------
    Shape (n_rows,), in the unit of the value; NaN where no interval is known, or where the value lies at an end of its scale.

    Notes
    -----
    With z the quantile of (1 + confidence) / 2: *normal* (u − l) / 2z; *logit* p(1 − p) (logit u − logit l) / 2z, the delta
    method for a share p; *log* x (ln u − ln l) / 2z. A *normal* interval of a share that was cut off at 0 or at the whole is
    measured on its uncut side, as it would otherwise understate the error. An interval of no width is not known uncertainty but rounding: NaN.
    """
    z = NormalDist().inv_cdf((1 + meta.confidence) / 2)
    value, lower, upper = (frame[name].to_numpy(dtype="float64") for name in ("value", "lower", "upper"))
    with np.errstate(invalid="ignore", divide="ignore"):
        if meta.interval == "logit":
            whole = _WHOLES.get(meta.unit, 1.0)
            share = value / whole
            errors = whole * share * (1 - share) * (_log_odds(upper / whole) - _log_odds(lower / whole)) / (2 * z)
        elif meta.interval == "log":
            errors = value * (np.log(upper) - np.log(lower)) / (2 * z)
        else:
            errors = _normal(value, lower, upper, _WHOLES.get(meta.unit)) / z
        return np.asarray(np.where(np.isfinite(errors) & (errors > 0), errors, np.nan))


def _log_odds(share: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(share) - np.log1p(-share))


def _normal(value: np.ndarray, lower: np.ndarray, upper: np.ndarray, whole: float | None) -> np.ndarray:
    """Return half the width of intervals, twice the uncut half where one end was cut off at the end of the scale."""
    half: np.ndarray = (upper - lower) / 2
    if whole is None:
        return half
    longer = np.maximum(upper - value, value - lower)
    return np.asarray(np.where((lower <= 0) | (upper >= whole), longer, half))


def with_standard_errors(frame: pd.DataFrame, meta: OutcomeMeta) -> pd.DataFrame:
    """Return the frame of an outcome with ``se`` filled from the interval where the source gives none."""
    stated = frame["se"].to_numpy(dtype="float64")
    if not np.isnan(stated).any() or np.isnan(frame["lower"].to_numpy(dtype="float64")).all():
        return frame
    if len(frame) <= _BLOCK:
        return frame.assign(se=np.where(np.isnan(stated), standard_errors(frame, meta), stated))
    errors = np.empty(len(frame))
    for start in range(0, len(frame), _BLOCK):
        rows = slice(start, start + _BLOCK)
        derived = standard_errors(frame.iloc[rows], meta)
        errors[rows] = np.where(np.isnan(stated[rows]), derived, stated[rows])
    return frame.assign(se=errors)
