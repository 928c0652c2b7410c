"""Survey error carried into classes, bands, tails and ranks: what would change had the survey been taken again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from analysis.moran import moran_tested, standardised
from analysis.permutation import field_of, row_standardised
from analysis.significance import MORAN_CLASSES, Inference, adjust
from geo.errors import StatisticsError, TableError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.permutation import Field
    from analysis.significance import Correction
    from analysis.weights import Weights
    from boundaries.outcomes.measures import Measure

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

Scale = Literal["identity", "log", "logit", "logit-percent"]
"""Where errors are drawn: as published; for amounts above zero; for shares of 1; for shares of 100."""

SCALES: tuple[str, ...] = get_args(Scale)

MIN_DRAWS = 500
"""Below this a probability of 5 % has a standard error above one point."""

COLUMNS = ("value", "lower", "upper", "se")
"""What a table of estimates holds; NaN where not known."""

TOLD = ("above", "below", "not told", "unknown")
"""An area against an average: its interval lies above, below, around it, or is not known."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How estimates are drawn and tested again.

    Parameters
    ----------
    seed : of the error draws and of the permutations.
    scale : where the error is drawn; ``scale_for`` proposes one.
    draws : repetitions, at least 500.
    level : of the published intervals.
    permutations, correction, alpha : of local Moran on every draw; all draws share one table of permutations. The published
        values themselves are tested with as many as ``local_moran`` makes by default, so that counts agree with the map's.
    bands : cut points; an area lies in band 1 below the first.
    tail : share of areas that counts as the bottom, and as the top.

    Raises
    ------
    StatisticsError
        A number out of range, or an unknown scale; every fault at once.
    """

    seed: int
    scale: Scale = "identity"
    draws: int = 1_000
    level: float = 0.95
    permutations: int = 9_999
    correction: Correction = "fdr_bh"
    alpha: float = 0.05
    bands: tuple[float, ...] = ()
    tail: float = 0.1

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        faults = []
        if self.scale not in SCALES:
            faults.append(f"scale {self.scale!r} is not known: choose one of {', '.join(SCALES)}")
        if self.draws < MIN_DRAWS:
            faults.append(f"{self.draws} draws are too few: give at least {MIN_DRAWS}")
        faults += [
            f"{name} {given!r} must lie between 0 and 1"
            for name, given in (("level", self.level), ("tail", self.tail))
            if not 0 < given < 1
        ]
        if list(self.bands) != sorted(set(self.bands)):
            faults.append(f"bands {self.bands} must rise")
        if faults:
            raise StatisticsError("estimates cannot be drawn so", faults)


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """What survey error does to each area and to the map.

    ``frame`` is indexed by code: ``known`` (is the area's own uncertainty published?), ``p_<class>`` for each class of local
    Moran that can be significant and ``p_not-significant``, ``p_bottom``, ``p_top``, ``p_band_<i>``, ``rank`` (1 = lowest
    value), ``rank_lower``, ``rank_upper``, ``against_average`` (one of ``TOLD``); NaN where the uncertainty is unknown or the
    area not testable. ``counts`` has a row a class: ``reported`` areas, ``expected``, ``lower`` and ``upper`` over the draws.
    ``not_told`` of ``with_interval`` areas cannot be told from the average; both are None when no average was given.
    """

    frame: pd.DataFrame
    counts: pd.DataFrame
    not_told: int | None
    with_interval: int
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """State areas with known uncertainty and those not told from the average in one line."""
        told = "no average given" if self.not_told is None else f"{self.not_told} not told from the average"
        return f"Uncertainty({int(self.frame['known'].sum())} of {len(self.frame)} areas known; {told})"

    def lines(self) -> list[str]:
        """Say in plain sentences what can and cannot be told."""
        known, n = int(self.frame["known"].sum()), len(self.frame)
        if known == 0:
            return ["The publisher gives no uncertainty for this outcome: how sure each value is, is not known."]
        lines = [f"Uncertainty is published for {known} of {n} areas."] if known < n else []
        if self.not_told is not None:
            lines.append(f"{self.not_told} of {self.with_interval} areas cannot be told from the average.")
        lines += [
            f"{name}: {row.reported:.0f} areas as published; {row.expected:.0f} expected were the survey taken again "
            f"({row.lower:.0f} to {row.upper:.0f})."
            for name, row in self.counts.iterrows()
            if name in ("low-low", "high-high")
        ]
        return lines


def uncertainty(
    estimates: pd.DataFrame, weights: Weights, drawing: Drawing, *, average: float | None = None
) -> Uncertainty:
    """Draw the estimates again and again from their published error, and test, band and rank each draw.

    Parameters
    ----------
    estimates : indexed by code, columns ``value lower upper se``, NaN where not known. An interval goes before an se.
    weights : the same areas.
    drawing : how.
    average : what areas are told from, on the outcome's own scale.

    Raises
    ------
    TableError
        A column is missing, or limits that do not enclose their value.
    StatisticsError
        What local Moran refuses, or values that the scale cannot hold.

    Notes
    -----
    Errors are drawn independently: areas that share a survey's sample may err together, which this does not show. A draw adds
    error to an estimate that already holds some, so that the expected number of significant areas is usually below the number
    published: that is the price of noise, not a bias to be corrected. An area whose uncertainty is not published keeps its
    value in every draw and gets no probability: unknown is not zero. Every draw uses the same permutations, so that areas
    change class by error alone.
    """
    _check(estimates)
    numbers = estimates[list(COLUMNS)].astype(np.float64)
    area = field_of(numbers["value"], weights)
    inference = Inference(
        seed=drawing.seed, permutations=drawing.permutations, correction=drawing.correction, alpha=drawing.alpha
    )
    spread = spread_of(numbers, scale=drawing.scale, level=drawing.level)
    told, with_interval = _told(numbers, spread, average, drawing)
    frame = pd.DataFrame({"known": spread.notna()}, index=estimates.index)
    frame["rank"] = numbers["value"].rank(method="average")
    # As the map is made: the published values are tested once, with all the draws that local Moran makes by itself.
    reported = _classes(area.x[None, :], area, replace(inference, permutations="auto"))[0]
    counts = pd.DataFrame({"reported": [int((reported == name).sum()) for name in _TESTED]}, index=list(_TESTED))
    if frame["known"].any():
        drawn = _drawn(numbers["value"], spread, drawing)
        frame = pd.concat([frame, _places(drawn, frame["known"], drawing)], axis=1)
        classes = _classes(drawn[:, area.tested], area, inference)
        for name in _TESTED:
            share = np.full(len(frame), np.nan)
            share[area.tested] = (classes == name).mean(axis=0)
            frame[f"p_{name}"] = np.where(frame["known"], share, np.nan)
        each = np.array([(classes == name).sum(axis=1) for name in _TESTED])
        counts["expected"] = each.mean(axis=1)
        counts["lower"], counts["upper"] = np.quantile(each, [0.025, 0.975], axis=1)
    frame["against_average"] = told
    return Uncertainty(
        frame,
        counts,
        None if average is None else int((told == "not told").sum()),
        with_interval,
        {
            "seed": drawing.seed,
            "scale": drawing.scale,
            "draws": drawing.draws,
            "level": drawing.level,
            "permutations": drawing.permutations,
            "correction": drawing.correction,
            "alpha": drawing.alpha,
            "bands": drawing.bands,
            "tail": drawing.tail,
            "average": average,
            "weights": weights.policy,
            "unknown": int((~frame["known"] & numbers["value"].notna()).sum()),
        },
    )


def scale_for(measure: Measure, unit: str) -> Scale:
    """Propose where errors are drawn: shares on the logit scale, amounts above zero on the log scale, else as published."""
    if unit == "%":
        return "logit-percent"
    return "log" if measure in ("mean", "median", "count", "rate") else "identity"


def spread_of(estimates: pd.DataFrame, *, scale: Scale, level: float = 0.95) -> pd.Series[float]:
    """Return the standard deviation of each estimate on the scale; NaN where neither limits nor se are known.

    Parameters
    ----------
    estimates : columns ``value lower upper se``.
    scale : where errors are drawn.
    level : of the published intervals.

    Raises
    ------
    StatisticsError
        A value or limit that the scale cannot hold (zero or less on the log scale, outside the share on the logit scale).
    """
    forward, slope, holds = _scale(scale)
    numbers = estimates[list(COLUMNS)]
    used = numbers[["value", "lower", "upper"]].to_numpy(dtype=np.float64)
    has_error = numbers["se"].notna().to_numpy() | numbers[["lower", "upper"]].notna().all(axis=1).to_numpy()
    bad = ((~holds(used) & ~np.isnan(used)).any(axis=1)) & has_error
    if bad.any():
        raise StatisticsError(
            f"the {scale} scale cannot hold {int(bad.sum())} of the estimates or their limits",
            [f"areas: {listed(estimates.index[bad])}", "draw on the identity scale, or state another unit"],
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        value, lower, upper = (
            forward(numbers[name].to_numpy(dtype=np.float64)) for name in ("value", "lower", "upper")
        )
        by_limits = (upper - lower) / (2 * ndtri((1 + level) / 2))
        by_se = numbers["se"].to_numpy(dtype=np.float64) * slope(numbers["value"].to_numpy(dtype=np.float64))
    spread = np.where(np.isnan(by_limits), by_se, by_limits)
    return pd.Series(np.where(np.isnan(value), np.nan, spread), index=estimates.index)


def noise_from_windows(windows: pd.DataFrame) -> pd.DataFrame:
    """Estimate each area's noise from how its value jumps between repeated windows, where nothing is published.

    Parameters
    ----------
    windows : a row an area, a column a window in order of time, windows that do not overlap, at least four of them.

    Returns
    -------
    DataFrame
        Indexed by code: ``se_estimated``, ``windows`` used. The name says that it is an estimate, not a published error.

    Raises
    ------
    StatisticsError
        Fewer than four windows.

    Notes
    -----
    The second difference x₁ − 2x₂ + x₃ of a straight trend with independent noise has variance 6σ²; the estimate is the root
    mean square of second differences over √6. Real shocks raise it, overlapping windows lower it. With four windows it rests
    on two differences and is rough: within a factor of about two.
    """
    if windows.shape[1] < 4:
        raise StatisticsError(
            f"{windows.shape[1]} windows say nothing about noise", ["give at least four windows that do not overlap"]
        )
    values = windows.to_numpy(dtype=np.float64)
    bends = values[:, :-2] - 2 * values[:, 1:-1] + values[:, 2:]
    used = (~np.isnan(bends)).sum(axis=1)
    total = np.nansum(bends**2, axis=1)
    se = np.sqrt(np.divide(total, 6.0 * used, out=np.full(len(used), np.nan), where=used > 1))
    return pd.DataFrame({"se_estimated": se, "windows": (~np.isnan(values)).sum(axis=1)}, index=windows.index)


_TESTED = MORAN_CLASSES[:5]


def _check(estimates: pd.DataFrame) -> None:
    """Refuse a table without its columns, and limits that do not enclose their value."""
    missing = [name for name in COLUMNS if name not in estimates.columns]
    if missing:
        raise TableError(f"a table of estimates has no column {listed(missing)}", [f"it needs {', '.join(COLUMNS)}"])
    faults = []
    outside = (estimates["lower"] > estimates["value"]) | (estimates["upper"] < estimates["value"])
    if outside.any():
        faults.append(f"limits that do not enclose their value: {listed(estimates.index[outside])}")
    negative = estimates["se"] < 0
    if negative.any():
        faults.append(f"standard errors below zero: {listed(estimates.index[negative])}")
    if faults:
        raise TableError("the published uncertainty cannot be right", faults)


def _scale(scale: Scale) -> tuple[Any, Any, Any]:
    """Return a scale's transformation, its slope, and which values it can hold."""
    if scale == "log":
        return np.log, lambda x: 1 / x, lambda x: x > 0
    if scale == "logit":
        return logit, lambda x: 1 / (x * (1 - x)), lambda x: (x > 0) & (x < 1)
    if scale == "logit-percent":
        return (
            lambda x: logit(x / 100),
            lambda x: 100 / (x * (100 - x)),
            lambda x: (x > 0) & (x < 100),
        )
    return lambda x: x, np.ones_like, np.isfinite


def _back(scale: Scale, x: Floats) -> Floats:
    """Undo a scale."""
    backward = {"log": np.exp, "logit": expit, "logit-percent": lambda y: 100 * expit(y)}
    result: Floats = backward[scale](x) if scale in backward else x
    return result


def _drawn(values: pd.Series[float], spread: pd.Series[float], drawing: Drawing) -> Floats:
    """Draw estimates again, shape (draws, n); unknown errors leave the value as it is."""
    rng = np.random.default_rng(np.random.SeedSequence(drawing.seed).spawn(1)[0])
    forward = _scale(drawing.scale)[0]
    known = spread.notna().to_numpy()
    noise = rng.normal(size=(drawing.draws, len(values)))
    drawn: Floats = np.repeat(values.to_numpy(dtype=np.float64)[None, :], drawing.draws, axis=0)
    centre = forward(values.to_numpy(dtype=np.float64)[known])
    drawn[:, known] = _back(drawing.scale, centre + noise[:, known] * spread.to_numpy(dtype=np.float64)[known])
    return drawn


def _classes(drawn: Floats, area: Field, inference: Inference) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return the class of each tested area in every draw, shape (draws, n)."""
    own = np.array([standardised(row) for row in drawn])
    tested = moran_tested(own, own, row_standardised(area.rows), inference)
    q = np.array([adjust(row, inference.correction) for row in tested.p])
    return np.where(q <= inference.alpha, tested.kind, "not-significant")


def _places(drawn: Floats, known: pd.Series[bool], drawing: Drawing) -> pd.DataFrame:
    """Return tails, bands and rank intervals of every area over the draws."""
    some = ~np.isnan(drawn[0])
    n = int(some.sum())
    ranks = np.full(drawn.shape, np.nan)
    ranks[:, some] = pd.DataFrame(drawn[:, some]).rank(axis=1).to_numpy()
    edge = max(1, round(drawing.tail * n))
    columns: dict[str, Floats] = {
        "p_bottom": (ranks <= edge).mean(axis=0),
        "p_top": (ranks > n - edge).mean(axis=0),
    }
    columns["rank_lower"], columns["rank_upper"] = np.quantile(ranks, [0.025, 0.975], axis=0)
    if drawing.bands:
        band = np.searchsorted(np.array(drawing.bands), drawn, side="right")
        columns |= {f"p_band_{at + 1}": (band == at).mean(axis=0) for at in range(len(drawing.bands) + 1)}
    frame = pd.DataFrame(columns, index=known.index)
    frame.loc[~(known.to_numpy() & some)] = np.nan
    return frame


def _told(
    numbers: pd.DataFrame, spread: pd.Series[float], average: float | None, drawing: Drawing
) -> tuple[pd.Series[str], int]:
    """Say for each area whether its interval lies above, below or around the average, and how many have an interval."""
    forward = _scale(drawing.scale)[0]
    reach = ndtri((1 + drawing.level) / 2) * spread
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = pd.Series(forward(numbers["value"].to_numpy(dtype=np.float64)), index=numbers.index)
    made_lower, made_upper = (_back(drawing.scale, (centre + side * reach).to_numpy()) for side in (-1, 1))
    published = numbers["lower"].notna() & numbers["upper"].notna() & numbers["value"].notna()
    lower = np.where(published, numbers["lower"], made_lower)
    upper = np.where(published, numbers["upper"], made_upper)
    has = ~np.isnan(lower) & ~np.isnan(upper)
    if average is None:
        words = np.full(len(numbers), "unknown")
    else:
        words = np.select([~has, lower > average, upper < average], ["unknown", "above", "below"], "not told")
    return pd.Series(words.astype(str), index=numbers.index), int(has.sum())


def shares_within(result: Uncertainty, columns: Sequence[str], *, at_least: float = 0.9) -> pd.Series[int]:
    """Count, for each column of probabilities, the areas at or above a share: those a table may call sure."""
    return pd.Series({name: int((result.frame[name] >= at_least).sum()) for name in columns})
