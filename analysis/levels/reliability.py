"""Where no error is published: how much of the spread is truth, from windows that repeat the measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.errors import StatisticsError

if TYPE_CHECKING:
    import pandas as pd

MIN_AREAS = 10
"""Fewer areas do not tell the spread of the truth from that of the noise."""


def reliability_from_windows(windows: pd.DataFrame) -> float:
    """Estimate the share of the variance of the last window's values that is truth, from how values jump between windows.

    Parameters
    ----------
    windows : a row an area, a column a window in order of time, at least three that do not overlap.

    Returns
    -------
    A share in (0, 1).

    Raises
    ------
    StatisticsError
        Fewer than three windows or ten areas; values that jump more than they differ, so that there is no reliability.

    Notes
    -----
    The second difference x₁ − 2x₂ + x₃ of a straight trend with independent noise has variance 6σ². What all areas have in
    common at a time is taken out first. Real shocks raise σ², so that the reliability is rather too low than too high; windows
    that overlap lower it and must not be given.
    """
    faults = []
    if windows.shape[1] < 3:
        faults.append(f"{windows.shape[1]} windows: give at least three that do not overlap")
    values = windows.to_numpy(dtype=np.float64)
    values = values[np.isfinite(values).all(axis=1)]
    if len(values) < MIN_AREAS:
        faults.append(f"{len(values)} areas have a value in every window: at least {MIN_AREAS} are needed")
    if faults:
        raise StatisticsError("windows do not tell a reliability", faults)
    values = values - values.mean(axis=0)
    bends = values[:, :-2] - 2 * values[:, 1:-1] + values[:, 2:]
    noise = float((bends**2).mean() / 6)
    spread = float(values[:, -1].var(ddof=1))
    if not 0 < noise < spread:
        raise StatisticsError(
            "windows do not tell a reliability",
            [
                f"values vary by {spread:.3g} between areas and by {noise:.3g} between windows: expected more of the first"
            ],
        )
    return 1 - noise / spread
