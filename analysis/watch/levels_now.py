"""Where areas stand in the latest period of a series that came from files: what a warning says beside how they moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.levels import LevelOptions, levels_of
from boundaries.joined import Joined, Receipt, average_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.series import Series


def levels_now(series: Sequence[Series]) -> dict[str, pd.Series]:
    """Return outcome → level of every area in the latest period, of the outcomes whose errors are published then.

    Parameters
    ----------
    series : outcomes.

    Raises
    ------
    PlaceatlasError
        As ``levels_of`` and ``average_of``.

    Notes
    -----
    Series that were read from a file of ours have no shapes, and none of these levels: a build holds levels of its own. Against the
    published figure of the nations covered where there is one, else the mean weighted by residents.
    """
    found = {}
    for one in series:
        last = len(one.periods) - 1
        known = np.isfinite(one.se[:, last]) & np.isfinite(one.value[:, last])
        if one.boundaries is None or last == 0 or one.meta.measure == "category" or not known.any():
            continue
        joined = _joined(one, one.boundaries)
        options = LevelOptions().or_stated_of(one.meta)
        found[one.meta.id] = levels_of(joined, average_of(joined), options).frame["level"]
    return found


def _joined(series: Series, boundaries: BoundarySet) -> Joined:
    """Return the latest period as it was joined."""
    last = len(series.periods) - 1
    frame = series.areas.assign(
        **{name: series.figures[name][:, last] for name in ("value", "lower", "upper", "se")},
        denominator=np.nan,
        status=series.status[:, last],
        quality=series.quality[:, last],
        reason="",
    )
    meta = replace(series.meta, averages=series.averages[last])
    receipt = series.receipts[last] if series.receipts else Receipt(meta.id, series.geography, str(series.date), "", {})
    return Joined(boundaries, meta, series.periods[last], frame, receipt)
