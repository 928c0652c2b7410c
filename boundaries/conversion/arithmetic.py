"""What becomes of a value when its areas are merged, moved or split: one rule a kind of measure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.measures import STATUSES, is_rank
from geo.errors import ConversionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from boundaries.conversion.expansion import Expansion
    from boundaries.outcomes.table import OutcomeMeta

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

_RELATIVE = 1e-9
"""Tolerance of the conservation check: float sums of a few hundred terms differ by far less."""

STATUS_ORDER = ("ok", *(status for status in STATUSES if status != "ok"))
"""Order in which the status of a missing member is passed on to the whole."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How rows reach cells: share of each part, and per cell whether it is whole, merged, split or backcast.

    ``sole`` (n_cells,): one source covers the target. ``whole``: it does, and lies in it entirely. ``merged``: several
    sources by the register, whether or not they have rows. ``split``: a part of a source that was cut. ``back``: a part
    of a younger source.
    """

    share: Floats
    sole: Booleans
    whole: Booleans
    merged: Booleans
    split: Booleans
    back: Booleans


@dataclass(frozen=True, slots=True)
class Figures:
    """Values by cell; ``refused`` says of which cells no value can be given, and in ``why`` the rule that forbids it."""

    value: NDArray[np.generic]
    lower: Floats
    upper: Floats
    se: Floats
    denominator: Floats
    sample_size: Floats
    status: NDArray[np.int8]
    refused: Booleans
    why: str
    unsure: Booleans
    """Cells whose value is a flagged approximation, asked for by the caller."""
    partial: Booleans
    """Cells of which a member is missing, whatever was done about it."""


def converted(
    frame: pd.DataFrame, laid: Expansion, shares: Shares, meta: OutcomeMeta, allow: frozenset[str]
) -> Figures:
    """Apply the rule of the measure.

    Parameters
    ----------
    frame : columns ``value lower upper se denominator sample_size status``, float64 (``status`` str).
    """
    if meta.measure == "category":
        return _category(frame, laid, shares, allow)
    value = _column(frame, "value")[laid.row]
    denominator = _column(frame, "denominator")[laid.row]
    amount = denominator * shares.share
    absent = np.isnan(value)
    holes = ~laid.complete | (laid.summed(absent.astype(np.float64)) > 0)
    keep = np.ones(len(value), dtype=np.bool_)
    if "partial" in allow:
        keep = ~absent
    whole = shares.whole if meta.measure == "count" else shares.sole
    if meta.measure == "count":
        result, spread = _added(frame, laid, shares, meta, keep)
        refused = shares.back & laid.summed(np.isnan(shares.share).astype(np.float64)).astype(bool)
        why = "a count of a former area can only be modelled, with weights"
        unsure = np.zeros(len(result), dtype=np.bool_)
    else:
        result, spread, total = _averaged(frame, laid, amount, meta, keep)
        refused, why, unsure = _refusals(meta, shares, np.isnan(total), allow)
    any_kept = laid.summed(keep.astype(np.float64)) > 0
    gone = (holes & ("partial" not in allow)) | ~any_kept
    result, spread = np.where(gone, np.nan, result), np.where(gone, np.nan, spread)
    only = {name: laid.only(_column(frame, name)[laid.row]) for name in ("value", "lower", "upper", "se")}
    result, spread = np.where(whole, only["value"], result), np.where(whole, only["se"], spread)
    low, high = _interval(result, spread, meta)
    low, high = np.where(whole, only["lower"], low), np.where(whole, only["upper"], high)
    ranged = np.zeros(len(result), dtype=np.bool_)
    if meta.measure in {"median", "index"}:
        spread, low, high = (np.where(whole, figure, np.nan) for figure in (spread, low, high))
        # The median of a union lies within the range of its members' medians; nothing narrower is known.
        ranged = (refused | unsure) & ~holes & ~shares.back & bool({"bound", "approximate"} & allow)
        least, most = _range(value, laid)
        low, high = np.where(ranged, least, low), np.where(ranged, most, high)
    result, spread = np.where(refused, np.nan, result), np.where(refused, np.nan, spread)
    low, high = np.where(refused & ~ranged, np.nan, low), np.where(refused & ~ranged, np.nan, high)
    return Figures(
        value=result,
        lower=low,
        upper=high,
        se=spread,
        denominator=np.where(shares.whole, laid.only(denominator), np.where(holes, np.nan, laid.summed(amount))),
        sample_size=np.where(
            shares.whole, laid.only(_column(frame, "sample_size")[laid.row]), _sizes(frame, laid, shares, holes)
        ),
        status=_status(frame, laid, result),
        refused=refused,
        why=why,
        unsure=unsure,
        partial=holes,
    )


def _added(
    frame: pd.DataFrame, laid: Expansion, shares: Shares, meta: OutcomeMeta, keep: Booleans
) -> tuple[Floats, Floats]:
    """Return sums of counts and their standard errors."""
    value, error = _column(frame, "value")[laid.row], _errors(frame, meta)[laid.row]
    result = laid.summed(np.where(keep, value * shares.share, 0.0))
    spread = np.sqrt(laid.summed(np.where(keep, (error * shares.share) ** 2, 0.0)))
    _conserved(frame, laid, shares, meta)
    return result, spread


def _averaged(
    frame: pd.DataFrame, laid: Expansion, amount: Floats, meta: OutcomeMeta, keep: Booleans
) -> tuple[Floats, Floats, Floats]:
    """Return means weighted by the bases of members, their standard errors, and the bases."""
    value, error = _column(frame, "value")[laid.row], _errors(frame, meta)[laid.row]
    with np.errstate(invalid="ignore", divide="ignore"):
        total = laid.summed(np.where(keep, amount, 0.0))
        result = laid.summed(np.where(keep, amount * value, 0.0)) / total
        spread = np.sqrt(laid.summed(np.where(keep, (amount * error) ** 2, 0.0))) / total
    return result, spread, total


def _refusals(
    meta: OutcomeMeta, shares: Shares, no_base: Booleans, allow: frozenset[str]
) -> tuple[Booleans, str, Booleans]:
    """Return the cells that are refused, why, and those that are only approximate."""
    none = np.zeros(len(no_base), dtype=np.bool_)
    if meta.measure in {"median", "index"}:
        merge = shares.merged | shares.split | shares.back
        if "approximate" in allow:
            return (
                (merge & no_base) | shares.back,
                "an approximation needs denominators",
                merge & ~no_base & ~shares.back,
            )
        if is_rank(meta.measure, meta.unit):
            return merge, "a rank cannot be merged or split: rank the areas again from their scores", none
        word = "a median" if meta.measure == "median" else "an index or score"
        return (
            merge,
            f"{word} cannot be merged or split: recompute it",
            none,
        )
    split = shares.split if "inherited" not in allow else none
    base = (shares.merged | shares.split) & no_base & ~shares.sole
    if meta.measure == "mean" and shares.split.any():
        split = shares.split
    why = "; ".join(
        sentence
        for sentence, cells in (
            (f"a {meta.measure} of merged areas needs denominators", base & ~split & ~shares.back),
            (f"a part of a former area has no {meta.measure} of its own", split),
            (f"a {meta.measure} cannot be cast back to former areas", shares.back),
        )
        if cells.any()
    )
    return base | split | shares.back, why, none


def _range(value: Floats, laid: Expansion) -> tuple[Floats, Floats]:
    """Return the least and the greatest member of each cell; NaN where a member is missing."""
    known = ~np.isnan(value)
    least = np.full(len(laid.group), np.inf)
    most = np.full(len(laid.group), -np.inf)
    np.minimum.at(least, laid.cell[known], value[known])
    np.maximum.at(most, laid.cell[known], value[known])
    gone = laid.summed((~known).astype(np.float64)) > 0
    return np.where(gone, np.nan, least), np.where(gone, np.nan, most)


def _category(frame: pd.DataFrame, laid: Expansion, shares: Shares, allow: frozenset[str]) -> Figures:
    """Carry a category that all members share; inherit it when an area was cut."""
    labels, names = pd.factorize(frame["value"].to_numpy())
    label = labels[laid.row]
    first = laid.only(label)
    least = np.full(len(laid.group), len(names), dtype=np.int64)
    most = np.full(len(laid.group), -2, dtype=np.int64)
    np.minimum.at(least, laid.cell, label)
    np.maximum.at(most, laid.cell, label)
    holes = ~laid.complete | (least < 0)
    disagree = (least != most) & ~holes
    cut = shares.split & ("inherited" not in allow)
    refused = disagree | cut | shares.back
    none = np.full(len(laid.group), np.nan)
    text = np.append(np.asarray(names, dtype=object), np.nan)
    gone = refused | (holes & ("partial" not in allow) & ~shares.whole)
    value = text[np.where(gone, -1, first)]
    return Figures(
        value=value,
        lower=none,
        upper=none,
        se=none,
        denominator=none,
        sample_size=none,
        status=_status(frame, laid, np.where(pd.isna(value), np.nan, 0.0)),
        refused=refused,
        why="members of different categories, or a part of a former area: recompute the category",
        unsure=np.zeros(len(laid.group), dtype=np.bool_),
        partial=holes,
    )


def _conserved(frame: pd.DataFrame, laid: Expansion, shares: Shares, meta: OutcomeMeta) -> None:
    """Refuse to hand out counts that do not add up to those that came in (a fault of ours, never of the user)."""
    known = ~np.isnan(shares.share)
    value = np.nan_to_num(_column(frame, "value"))
    received = np.bincount(laid.row[known], weights=shares.share[known], minlength=len(frame))
    given = np.zeros(len(frame), dtype=np.bool_)
    given[laid.row[known]] = True
    if len(received) and np.abs(received[given] - 1).max(initial=0.0) > _RELATIVE:
        raise ConversionError("the shares of an area do not add up to 1", ["the register or the weights are not sound"])
    before = np.bincount(np.zeros(int(given.sum()), dtype=np.int64), weights=value[given], minlength=1)[0]
    after = float((value[laid.row[known]] * shares.share[known]).sum())
    scale = float(np.abs(value[given]).sum()) or 1.0
    if abs(before - after) > _RELATIVE * scale:
        raise ConversionError(f"'{meta.id}' does not add up", [f"{before} went in, {after} came out"])


def _errors(frame: pd.DataFrame, meta: OutcomeMeta) -> Floats:
    """Return standard errors, from the interval's half-width where only an interval is published."""
    error = _column(frame, "se")
    half = (_column(frame, "upper") - _column(frame, "lower")) / (2 * _quantile(meta))
    return np.where(np.isnan(error), half, error)


def _interval(value: Floats, spread: Floats, meta: OutcomeMeta) -> tuple[Floats, Floats]:
    """Return the interval of a merged value on the scale its source uses (independent members)."""
    z = _quantile(meta)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if meta.interval == "log":
            factor = np.exp(z * spread / value)
            return value / factor, value * factor
        if meta.interval == "logit":
            top = 100.0 if "%" in meta.unit else 1.0
            share = value / top
            step = z * spread / top / (share * (1 - share))
            odds = share / (1 - share)
            return top * _expit(odds * np.exp(-step)), top * _expit(odds * np.exp(step))
    return value - z * spread, value + z * spread


def _expit(odds: Floats) -> Floats:
    return np.asarray(odds / (1 + odds))


def _quantile(meta: OutcomeMeta) -> float:
    return NormalDist().inv_cdf(0.5 + meta.confidence / 2)


def _sizes(frame: pd.DataFrame, laid: Expansion, shares: Shares, holes: Booleans) -> Floats:
    return np.where(holes, np.nan, laid.summed(_column(frame, "sample_size")[laid.row] * shares.share))


def _status(frame: pd.DataFrame, laid: Expansion, value: Floats) -> NDArray[np.int8]:
    """Return the rank in ``STATUS_ORDER``: ok where there is a value, else the gravest of the members' (unavailable for ok)."""
    codes, names = pd.factorize(frame["status"])
    rank = np.array([STATUS_ORDER.index(name) if name in STATUS_ORDER else 1 for name in names], dtype=np.int8)
    worst = np.zeros(len(laid.group), dtype=np.int8)
    if (rank > 0).any():
        np.maximum.at(worst, laid.cell, rank[codes][laid.row])
    return np.where(np.isnan(value), np.maximum(worst, 1), 0).astype(np.int8)


def _column(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64)
