"""What is left of a pattern once larger differences are taken away: values less the mean of their region or type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    import pandas as pd


def residuals(values: pd.Series, groups: pd.Series) -> pd.Series[float]:
    """Take from every value the mean of its group.

    A trend across the country makes local statistics show its shape: high in one end, low in the other. Tested again, the
    residuals show what is unlike its region or type.

    Parameters
    ----------
    values : indexed by code, NaN where there is no data.
    groups : region or type of the same areas; missing or empty where an area has none.

    Returns
    -------
    Series
        In the unit and order of ``values``; NaN where the value or the group is missing, and where no other area of the
        group has a value: such an area would always lie on its mean.

    Raises
    ------
    StatisticsError
        Areas on one side only, or given twice.

    Notes
    -----
    Means are not weighted. Residuals of one group sum to zero, which makes neighbours in small groups slightly unlike: with
    groups of fewer than about ten areas, read the outcome with care.

    Examples
    --------
    >>> import pandas as pd
    >>> residuals(pd.Series([1.0, 3.0, 9.0], index=list("abc")), pd.Series(["n", "n", "s"], index=list("abc"))).tolist()
    [-1.0, 1.0, nan]
    """
    faults = [
        f"{what} given more than once: {listed(side.index[side.index.duplicated()].unique())}"
        for what, side in (("values", values), ("groups", groups))
        if side.index.has_duplicates
    ]
    strangers = values.index.symmetric_difference(groups.index)
    if len(strangers):
        faults.append(f"areas with a value or a group alone: {listed(strangers)}")
    if faults:
        raise StatisticsError("values and groups are not of the same areas", faults)
    numbers = values.astype(np.float64)
    home = groups.reindex(values.index)
    home = home.where(home.notna() & (home != ""))
    by_group = numbers.groupby(home)
    left: pd.Series[float] = numbers - by_group.transform("mean")
    return left.where(by_group.transform("count") > 1)
