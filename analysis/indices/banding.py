"""Which band a value lies in, with the rule for a value on a cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.indices.definition import OnCut

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ids = np.ndarray[Any, np.dtype[np.int64]]


def band_places(values: Floats, cuts: Sequence[float], on_cut: OnCut = "outward") -> Ids:
    """Return the place of each value's band, 0 the lowest.

    Parameters
    ----------
    values : any shape, no NaN. cuts : rising.
    on_cut : where a value on a cut lies: in the band further from 0 (``"outward"``; on a cut at 0 in the upper), above or below.

    Examples
    --------
    >>> band_places(np.array([-0.5, -0.4, 0.5]), [-0.5, 0.5]).tolist()
    [0, 1, 2]
    """
    edges = np.asarray(cuts, dtype=np.float64)
    upward = np.searchsorted(edges, values, side="right")
    if on_cut == "upward":
        return np.asarray(upward, dtype=np.int64)
    downward = np.searchsorted(edges, values, side="left")
    if on_cut == "downward":
        return np.asarray(downward, dtype=np.int64)
    return np.asarray(np.where(values < 0, downward, upward), dtype=np.int64)
