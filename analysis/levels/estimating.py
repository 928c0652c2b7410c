"""From estimates and their errors to levels: the truth drawn, probabilities counted, areas listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.covariance import places_of
from analysis.levels.again import taken_again
from analysis.levels.bands import band_probabilities, banded, labels_of
from analysis.levels.listing import on_intervals
from analysis.levels.options import LevelOptions
from analysis.levels.ranks import rank_intervals, ranks_of, simultaneous_rank_intervals, tail_size
from analysis.levels.result import Levels
from analysis.levels.scales import WHOLES
from analysis.levels.truth import truth_of
from analysis.significance import longest_list
from analysis.units import Units, units_of
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from analysis.levels.truth import Truth
    from boundaries.joined import Average, Joined
    from boundaries.outcomes.measures import Favourable

Floats = np.ndarray[Any, np.dtype[np.float64]]

_PUBLISHED = ("value", "lower", "upper", "se")
_DERIVED = (
    "mean",
    "mean_lower",
    "mean_upper",
    "p_below",
    "p_low_tenth",
    "p_high_tenth",
    "rank_lower",
    "rank_upper",
    "rank_all_lower",
    "rank_all_upper",
)


def estimate_levels(
    estimates: pd.DataFrame,
    centres: pd.DataFrame,
    *,
    average: float,
    favourable: Favourable = "none",
    options: LevelOptions | None = None,
    units: Units | None = None,
) -> Levels:
    """Say where every area stands against an average, with its probability.

    Parameters
    ----------
    estimates : indexed by code, columns ``value lower upper se``, NaN where not known; also, where there are, ``name``,
        ``band`` (the publisher's own) and ``denominator``.
    centres : indexed alike, columns ``x y``, metres in a plane.
    average : the figure areas are compared with, on the outcome's own scale.
    favourable : which end is good; carried for the words, no number depends on it.
    options : how. units : which figures are published once for several areas; every area its own where not given.

    Raises
    ------
    TableError
        Columns missing, codes twice, intervals or errors that cannot be right.
    StatisticsError
        An average that is no number, areas without a centre, options that do not fit the estimates.

    Notes
    -----
    *Low* is the longest list of areas whose mean probability of lying at or above the average is at most 5 %, none above
    10 %; *high* the same above; every other area with a known error is *not clear*. The lowest tenth is that of the units
    whose error is known. A stated band of a value is that of the published figure; its probability is of the truth.
    """
    options = options or LevelOptions()
    estimates = _checked(estimates, centres, average)
    units = units or Units(pd.Series(estimates.index, index=estimates.index), pd.Series(1.0, index=estimates.index))
    own = units.once(estimates)
    truth = truth_of(own, units.mean(centres[["x", "y"]]), options)
    table, wrong = _judged(own, truth, average, options)
    again = None
    counted = _counts(table["level"], wrong)
    counted |= {"units": len(own), "areas": len(estimates), "ranked": int(truth.known.sum())}
    if truth.known.any():
        counted |= _by_intervals(truth, average, options)
        again = taken_again(truth, average, seed=options.seed, confidence=options.confidence)
    frame = units.spread(table[["unit", *_PUBLISHED, *_DERIVED, "band", "level"]])
    frame.insert(0, "name", estimates["name"])
    return Levels(
        frame=frame.rename_axis("code"),
        p_bands=units.spread(_p_bands(truth, own.index, options)).rename_axis("code"),
        average=average,
        favourable=favourable,
        basis=truth.basis,
        counts=counted,
        again=again,
        truth=truth,
        drawn=own.index[truth.known],
        parameters={"options": options.to_dict(), "model": dict(truth.parameters)},
    )


def levels_of(joined: Joined, average: Average, options: LevelOptions | None = None) -> Levels:
    """Say where every area that an outcome covers stands, published units counted once.

    Parameters
    ----------
    joined : the outcome on its areas. average : from ``average_of``.
    options : how; what values are shares of, whether they are amounts above zero, and the coverage of the intervals are
        taken from the outcome where the options leave them at their defaults.

    Raises
    ------
    JoinError, TableError, StatisticsError
        As ``estimate_levels`` and ``units_of``.
    """
    asked = options or LevelOptions()
    meta = joined.meta
    known = replace(
        asked,
        whole=asked.whole or WHOLES.get(meta.unit),
        positive=asked.positive or meta.measure in ("mean", "median", "rate"),
        confidence=meta.confidence if asked.confidence == LevelOptions().confidence else asked.confidence,
    )
    units = units_of(joined)
    estimates = joined.frame.loc[units.of.index, ["name", *_PUBLISHED, "denominator"]]
    if joined.extras is not None and "band" in joined.extras.columns:
        estimates = estimates.assign(band=joined.extras["band"].reindex(estimates.index))
    places = places_of(joined.boundaries)
    centres = pd.DataFrame(places.centres, columns=["x", "y"], index=pd.Index(joined.boundaries.frame["code"]))
    made = estimate_levels(
        estimates,
        centres.loc[estimates.index],
        average=average.value,
        favourable=meta.favourable,
        options=known,
        units=units,
    )
    return replace(
        made,
        outcome=meta.id,
        period=joined.period,
        parameters={**made.parameters, "average_kind": average.kind},
    )


def _checked(estimates: pd.DataFrame, centres: pd.DataFrame, average: float) -> pd.DataFrame:
    """Return the estimates with name and band, or refuse."""
    faults = []
    if estimates.index.has_duplicates:
        faults.append(f"codes given twice: {listed(estimates.index[estimates.index.duplicated()].unique())}")
    if not estimates.index.equals(centres.index):
        faults.append(
            f"{len(estimates)} estimates and {len(centres)} centres: give one centre an area, in the same order"
        )
    if not np.isfinite(average):
        faults.append(f"the average is {average!r}: give a number")
    if not len(estimates):
        faults.append("there is no area")
    if faults:
        raise StatisticsError("levels cannot be made of these estimates", faults)
    named = estimates if "name" in estimates.columns else estimates.assign(name="")
    band = named["band"].fillna("") if "band" in named.columns else ""
    return named.assign(band=band)


def _judged(
    own: pd.DataFrame, truth: Truth, average: float, options: LevelOptions
) -> tuple[pd.DataFrame, dict[str, Floats]]:
    """Return what is derived of every unit and its level; and of each list the probabilities that naming is wrong."""
    table = own.assign(se=np.nan, unit=own.index, **dict.fromkeys(_DERIVED, np.nan))
    table.loc[truth.known, "se"] = truth.se
    wrong_low, wrong_high = np.full(len(own), np.nan), np.full(len(own), np.nan)
    if truth.known.any():
        table.loc[truth.known, list(_DERIVED)] = _derived(truth, average, options)
        wrong_low[truth.known] = (truth.draws >= average).mean(axis=0)
        wrong_high[truth.known] = (truth.draws <= average).mean(axis=0)
    low, high = (longest_list(wrong, mean=options.false_share, each=options.cap) for wrong in (wrong_low, wrong_high))
    table["level"] = np.select(
        [table["value"].isna(), ~truth.known, low, high], ["no-data", "error-unknown", "low", "high"], "not-clear"
    )
    if options.breaks:
        table["band"] = banded(table["value"].to_numpy(), options.breaks, options.labels, options.on_break)
    return table, {"false_low": wrong_low[low], "false_high": wrong_high[high]}


def _derived(truth: Truth, average: float, options: LevelOptions) -> Floats:
    """Return the columns of ``_DERIVED`` for the units whose error is known, shape (k, columns)."""
    draws = truth.draws
    outside = (1 - options.interval) / 2
    lower, upper = np.quantile(draws, [outside, 1 - outside], axis=0)
    ranks = ranks_of(draws)
    k = draws.shape[1]
    edge = tail_size(k, options.tail)
    return np.column_stack(
        [
            draws.mean(axis=0, dtype=np.float64),
            lower,
            upper,
            (draws < average).mean(axis=0),
            (ranks <= edge).mean(axis=0),
            (ranks > k - edge).mean(axis=0),
            *rank_intervals(ranks, coverage=options.interval),
            *simultaneous_rank_intervals(ranks, coverage=options.interval),
        ]
    )


def _counts(level: pd.Series, wrong: dict[str, Floats]) -> dict[str, float]:
    """Count units by level, and expect the false ones of each list."""
    number = level.value_counts()
    names = ("low", "high", "not-clear", "error-unknown", "no-data")
    counted: dict[str, float] = {name.replace("-", "_"): int(number.get(name, 0)) for name in names}
    return counted | {name: float(chance.sum()) for name, chance in wrong.items()}


def _by_intervals(truth: Truth, average: float, options: LevelOptions) -> dict[str, float]:
    """Count what intervals alone would call below and above."""
    at = float(truth.scale.forward(np.array([average]))[0])
    return dict(on_intervals(truth.centre, truth.se, at, confidence=options.confidence).to_dict())


def _p_bands(truth: Truth, units: pd.Index, options: LevelOptions) -> pd.DataFrame:
    """Return the probability of every stated band, by unit."""
    names = labels_of(options.breaks, options.labels)
    table = pd.DataFrame(np.nan, index=units, columns=list(names))
    if names and truth.known.any():
        table.loc[truth.known] = band_probabilities(truth.draws, options.breaks)
    return table
