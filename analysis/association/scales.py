"""On which scale the values of an outcome are compared: as they are, as logs, as ranks or as normal scores."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from scipy import stats

from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]

Scale = Literal["value", "rank", "normal-scores", "log"]
SCALES: tuple[Scale, ...] = get_args(Scale)


def scale_named(name: str) -> Scale:
    """Return a scale by its name.

    Raises
    ------
    StatisticsError
        There is none of that name.
    """
    found = next((one for one in SCALES if one == name), None)
    if found is None:
        raise StatisticsError(f"there is no scale {name!r}", [f"known: {', '.join(SCALES)}"])
    return found


def scaled(values: Floats, se: Floats | None, scale: Scale) -> tuple[Floats, Floats | None]:
    """Carry values and their standard errors to a scale.

    Parameters
    ----------
    values : shape (n,), complete. se : shape (n,) or None.

    Returns
    -------
    The values and their errors. To logs an error is carried by its share of the value; ranks and normal scores depend on all
    areas at once, so that no error can be carried: there the noise is part of what the candidates call independent.

    Raises
    ------
    StatisticsError
        Logs of values that are not above zero.

    Examples
    --------
    >>> scaled(np.array([1.0, 30.0, 2.0]), None, "normal-scores")[0].round(3).tolist()
    [-0.869, 0.869, 0.0]
    """
    if scale == "value":
        return values, se
    if scale == "log":
        if not (values > 0).all():
            raise StatisticsError(
                "logs need values above zero",
                [f"found {int((values <= 0).sum())} at or below it", "choose normal-scores"],
            )
        return np.log(values), None if se is None else se / values
    ranks = stats.rankdata(values)
    # Blom (1958): near the expected values of normal order statistics
    scores = stats.norm.ppf((ranks - 0.375) / (len(values) + 0.25)) if scale == "normal-scores" else ranks
    return np.asarray(scores, dtype=np.float64), None
