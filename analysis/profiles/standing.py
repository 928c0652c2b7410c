"""Where every area stands on one outcome, in bands: the publisher's own where there are some, else stated ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.indices.banding import band_places
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.joined import Joined
    from boundaries.outcomes.measures import Favourable

CUTS = (-1.5, -1.0, -0.5, 0.5, 1.0, 1.5)
LABELS = ("far below", "well below", "below", "middle", "above", "well above", "far above")
"""Bands of standard deviations from the mean of the areas, for outcomes that have no bands of their own."""

NUMBER_LOW = 2
"""How many of the bands at the unfavourable end count as low."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One outcome in bands.

    Parameters
    ----------
    outcome, title, period : of the outcome.
    favourable : which end is good; where none is, the outcome stands in the table and is not counted.
    bands : by code, text, empty where there is no figure.
    order : labels from the lowest value to the highest.
    low : labels that count as low, at the unfavourable end; empty where no end is.
    p_low : by code, the probability that the area truly lies there (from draws of the truth); NaN or None where not known.
    names : by code.
    """

    outcome: str
    title: str
    period: str
    favourable: Favourable
    bands: pd.Series
    order: tuple[str, ...]
    low: tuple[str, ...]
    names: pd.Series
    p_low: pd.Series | None = None

    @property
    def is_low(self) -> pd.Series:
        """Whether each area lies in a low band; areas without a figure do not."""
        return self.bands.isin(self.low)


def standing_of(joined: Joined, *, number_low: int = NUMBER_LOW, p_low: pd.Series | None = None) -> Standing:
    """Return where the areas stand on a joined outcome.

    Parameters
    ----------
    joined : the outcome; its extra ``band`` is taken where the source publishes one, else bands of standard deviations.
    number_low : bands at the unfavourable end that count as low. p_low : as of ``Standing``.

    Raises
    ------
    StatisticsError
        A category, values that do not vary, or bands of which a lower one holds higher values.
    """
    meta = joined.meta
    values = joined.frame["value"]
    if meta.measure == "category":
        raise StatisticsError(f"'{meta.id}' is a category: no band of it is low")
    extras = joined.extras
    published = extras is not None and "band" in extras and extras["band"].ne("").any()
    if extras is not None and published:
        bands = extras["band"].where(values.notna(), "").astype("str")
        order = _ordered(meta.id, bands, values)
    else:
        bands, order = _by_deviation(meta.id, values), LABELS
    worst = low_labels(order, meta.favourable, number_low)
    return Standing(
        meta.id, meta.title, joined.period, meta.favourable, bands, order, worst, joined.frame["name"], p_low
    )


def _ordered(outcome: str, bands: pd.Series, values: pd.Series) -> tuple[str, ...]:
    """Return published bands by the values they hold, which must not overlap."""
    known = values[bands != ""].groupby(bands[bands != ""]).agg(["min", "max"]).sort_values(["min", "max"])
    over = known["max"].to_numpy()[:-1] > known["min"].to_numpy()[1:]
    if over.any():
        pairs = [f"{known.index[at]} and {known.index[at + 1]}" for at in np.flatnonzero(over).tolist()]
        raise StatisticsError(
            f"the published bands of '{outcome}' are no slices of its values", [f"these overlap: {listed(pairs)}"]
        )
    return tuple(str(label) for label in known.index)


def _by_deviation(outcome: str, values: pd.Series) -> pd.Series:
    known = values.dropna()
    if len(known) < 2 or not known.std(ddof=1) > 0:
        raise StatisticsError(f"'{outcome}' does not vary: it has no bands")
    places = band_places(((known - known.mean()) / known.std(ddof=1)).to_numpy(), CUTS)
    return (
        pd.Series(np.array(LABELS, dtype=object)[places], index=known.index)
        .reindex(values.index, fill_value="")
        .astype("str")
    )


def low_labels(order: Sequence[str], favourable: Favourable, number: int = NUMBER_LOW) -> tuple[str, ...]:
    """Return the labels that count as low.

    Examples
    --------
    >>> low_labels(["a", "b", "c", "d"], "low")
    ('c', 'd')
    """
    if favourable == "none":
        return ()
    return tuple(order[:number]) if favourable == "high" else tuple(order[len(order) - number :])


def high_labels(order: Sequence[str], favourable: Favourable, number: int = NUMBER_LOW) -> tuple[str, ...]:
    """Return the labels at the good end.

    Examples
    --------
    >>> high_labels(["a", "b", "c", "d"], "low")
    ('a', 'b')
    """
    other: dict[Favourable, Favourable] = {"high": "low", "low": "high", "none": "none"}
    return low_labels(order, other[favourable], number)
