"""Indicators made of others: ratio, per head, gap between groups, change, z-scores; uncertainty and provenance go with them.

Standard errors take the parts as independent, which is said in the description of the result; where that would be false (periods
that overlap) there is none.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from boundaries.outcomes.editions import refuse_chained
from boundaries.outcomes.measures import STATUSES
from boundaries.outcomes.periods import label, parse_period, readable
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import TableError, listed
from geo.provenance import Source, attribution_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from boundaries.outcomes.measures import Favourable

    Floats = NDArray[np.float64]

_INDEPENDENT = "The standard error takes its parts as independent."
_OVERLAPPING = "The periods overlap: no standard error can be given."
_RANK = {status: rank for rank, status in enumerate(["ok", *[s for s in STATUSES if s != "ok"]])}


def ratio(
    numerator: OutcomeTable,
    denominator: OutcomeTable,
    *,
    name: str,
    title: str,
    per: float = 1.0,
    unit: str = "",
    favourable: Literal["high", "low", "none"] = "none",
) -> OutcomeTable:
    """Divide one outcome by another, area by area and period by period.

    Parameters
    ----------
    numerator, denominator : outcomes with the same codes, periods and breakdowns.
    name : id of the result.
    per : what the ratio is multiplied by (100 for percent, 1,000 for a rate per 1,000).

    Returns
    -------
    A rate whose denominators are the values of ``denominator``; areas one of the two lacks are missing. A denominator of zero
    gives no value.

    Raises
    ------
    TableError
        If no area and period is in both, or the breakdowns differ.

    Notes
    -----
    With r = a/b, SE(r) = |r| √((SE(a)/a)² + (SE(b)/b)²) by the delta method; a denominator without a standard error (a
    population estimate) counts as known, which is said.
    """
    both = _paired(numerator, denominator)
    above, below = both["value_a"].to_numpy(), both["value_b"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(below == 0, np.nan, per * above / below)
        error_below = both["se_b"].fillna(0.0).to_numpy()
        parts = (both["se_a"].to_numpy() / above) ** 2 + (error_below / below) ** 2
        errors = np.where(above == 0, per * both["se_a"].to_numpy() / below, np.abs(value) * np.sqrt(parts))
    known = both["se_b"].notna().any()
    said = f"{numerator.meta.title} divided by {denominator.meta.title}" + (f", times {per:,g}" if per != 1 else "")
    certain = "" if known else f" {denominator.meta.title} counts as known exactly."
    return _made(
        numerator,
        both,
        value,
        errors,
        id=name,
        title=title,
        measure="rate",
        unit=unit,
        favourable=favourable,
        denominator=denominator.meta.title.lower(),
        description=f"{said}. {_INDEPENDENT}{certain}",
        sources=(numerator.meta.source, denominator.meta.source),
        weights=below,
    )


def per_head(
    count: OutcomeTable,
    population: OutcomeTable,
    *,
    per: float = 1000.0,
    name: str = "",
    title: str = "",
) -> OutcomeTable:
    """Divide a count by a population of one's choice.

    Raises
    ------
    TableError
        If either is not a count, or as ``ratio``.
    """
    wrong = [
        f"'{table.meta.id}' is a {table.meta.measure}" for table in (count, population) if table.meta.measure != "count"
    ]
    if wrong:
        raise TableError("a rate per head is a count divided by a count", wrong)
    words = f"per {per:,.0f}"
    return ratio(
        count,
        population,
        name=name or f"{count.meta.id}-per-{per:.0f}",
        title=title or f"{count.meta.title} {words} {population.meta.title.lower()}",
        per=per,
        unit=words,
        favourable=count.meta.favourable,
    )


def gap(table: OutcomeTable, *, breakdown: str, of: str, minus: str, name: str = "", title: str = "") -> OutcomeTable:
    """Subtract one group from another: the free-school-meals gap is ``of="not eligible", minus="eligible"``.

    Raises
    ------
    TableError
        If the breakdown or a group does not exist.

    Notes
    -----
    SE = √(SE₁² + SE₂²). The two groups are different people of one place; what they share makes the true error smaller.
    """
    if breakdown not in table.breakdowns:
        raise TableError(
            f"'{table.meta.id}' has no breakdown '{breakdown}'", [f"breakdowns: {listed(table.breakdowns) or 'none'}"]
        )
    groups = table.frame[breakdown]
    absent = [name for name in (of, minus) if not (groups == name).any()]
    if absent:
        raise TableError(f"'{breakdown}' has no such groups: {listed(absent)}", [f"groups: {listed(groups.unique())}"])
    rest = tuple(name for name in table.breakdowns if name != breakdown)
    first, second = (
        replace(
            table, frame=table.frame[groups == name].drop(columns=breakdown).reset_index(drop=True), breakdowns=rest
        )
        for name in (of, minus)
    )
    return difference(
        first,
        second,
        name=name or f"{table.meta.id}-gap",
        title=title or f"{table.meta.title}: {of} minus {minus}",
        said=f"{table.meta.title}, {of} minus {minus}",
    )


def difference(
    first: OutcomeTable,
    second: OutcomeTable,
    *,
    name: str,
    title: str = "",
    favourable: Favourable = "none",
    said: str = "",
) -> OutcomeTable:
    """Subtract one outcome from another, area by area and period by period.

    Parameters
    ----------
    first, second : outcomes in one unit, with the same codes, periods and breakdowns. name : id of the result.
    title : by default both titles. favourable : which end of the gap is good. said : what was subtracted from what.

    Raises
    ------
    TableError
        Two units, other breakdowns, or no area and period in common.

    Notes
    -----
    SE = √(SE₁² + SE₂²): the two are taken as independent, which is said. Where one of the two is suppressed the gap is, and where
    one has no error the gap has none.
    """
    if first.meta.unit != second.meta.unit:
        raise TableError(
            "figures in two units have no difference",
            [f"'{table.meta.id}' is in '{table.meta.unit}'" for table in (first, second)],
        )
    both = _paired(first, second)
    words = said or f"{first.meta.title} minus {second.meta.title}"
    return _made(
        first,
        both,
        (both["value_a"] - both["value_b"]).to_numpy(),
        _independent(both),
        id=name,
        title=title or words,
        measure="index",
        unit=_difference_unit(first.meta.unit),
        favourable=favourable,
        decimals=first.meta.decimals,
        description=f"{words}. {_INDEPENDENT}",
        sources=(first.meta.source, second.meta.source),
    )


def change(
    earlier: OutcomeTable,
    later: OutcomeTable | None = None,
    *,
    frm: str,
    to: str,
    relative: bool = False,
    name: str = "",
    title: str = "",
) -> OutcomeTable:
    """Subtract an earlier period from a later one; with ``relative``, in percent of the earlier.

    Parameters
    ----------
    earlier, later : the outcome of both periods, one table if ``later`` is None.
    frm, to : periods as published. Codes must be of one date: recode first.

    Raises
    ------
    TableError
        If a period does not exist, or the tables are editions of an index or measures that may not be compared.

    Notes
    -----
    SE = √(SE₁² + SE₂²), of the relative change 100 · (b/a) √((SE(a)/a)² + (SE(b)/b)²). Periods that share days share people:
    then no standard error is given.
    """
    later = later or earlier
    _refuse_incomparable(earlier, later)
    parts, faults = [], []
    for table, period in ((later, to), (earlier, frm)):
        rows = table.frame[table.frame["period"] == period].assign(period=f"{frm} to {to}")
        if rows.empty:
            faults.append(f"'{period}': '{table.meta.id}' has {listed(table.periods())}")
        parts.append(replace(table, frame=rows.reset_index(drop=True)))
    if faults:
        raise TableError("there are no such periods", faults)
    both = _paired(*parts)
    new, old = both["value_a"].to_numpy(), both["value_b"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        if relative:
            value = np.where(old == 0, np.nan, 100 * (new - old) / old)
            errors = 100 * np.abs(new / old) * np.hypot(both["se_a"].to_numpy() / new, both["se_b"].to_numpy() / old)
        else:
            value, errors = new - old, _independent(both)
    overlap = _overlap(frm, to)
    words = f"{earlier.meta.title}, change from {label(frm)} to {label(to)}"
    return _made(
        later,
        both,
        value,
        np.full(len(value), np.nan) if overlap else errors,
        id=name or f"{earlier.meta.id}-change",
        title=title or words,
        measure="index",
        unit="% of the earlier figure" if relative else _difference_unit(earlier.meta.unit),
        favourable=earlier.meta.favourable,
        description=f"{words}. {_OVERLAPPING if overlap else _INDEPENDENT}",
        sources=(earlier.meta.source, later.meta.source),
    )


def _refuse_incomparable(earlier: OutcomeTable, later: OutcomeTable) -> None:
    """Refuse tables of different editions, measures, units or breakdowns."""
    refuse_chained(earlier, later)
    pairs = {
        "measure": (earlier.meta.measure, later.meta.measure),
        "unit": (earlier.meta.unit, later.meta.unit),
        "breakdowns": (listed(earlier.breakdowns), listed(later.breakdowns)),
    }
    faults = [f"{name}: '{one}' and '{other}'" for name, (one, other) in pairs.items() if one != other]
    if faults:
        raise TableError(f"a change of '{earlier.meta.id}' would compare what is not comparable", faults)


def _paired(first: OutcomeTable, second: OutcomeTable) -> pd.DataFrame:
    """Lay two outcomes side by side: keys, ``value_a se_a status_a``, ``value_b …``; rows of the first and those only in the second."""
    if first.breakdowns != second.breakdowns:
        raise TableError(
            "two outcomes with different breakdowns cannot be combined",
            [f"'{table.meta.id}': {listed(table.breakdowns) or 'none'}" for table in (first, second)],
        )
    keys = ["code", "period", *first.breakdowns]
    for table in (first, second):
        doubled = table.frame.duplicated(subset=keys)
        if doubled.any():
            raise TableError(f"'{table.meta.id}' has doubled rows", [listed(table.frame.loc[doubled, "code"].unique())])
    columns = [*keys, "name", "value", "se", "status"]
    both = first.frame[columns].merge(second.frame[columns], on=keys, how="outer", suffixes=("_a", "_b"), sort=True)
    if not (both["name_a"].notna() & both["name_b"].notna()).any():
        raise TableError(
            f"'{first.meta.id}' and '{second.meta.id}' have no area and period in common",
            ["are the codes of one date?"],
        )
    return both


def _independent(both: pd.DataFrame) -> Floats:
    """Return the standard error of a sum or difference of independent parts."""
    return np.asarray(np.hypot(both["se_a"].to_numpy(), both["se_b"].to_numpy()))


def _made(
    like: OutcomeTable,
    both: pd.DataFrame,
    value: Floats,
    errors: Floats,
    *,
    sources: tuple[Source, ...],
    weights: Floats | None = None,
    **meta: Any,
) -> OutcomeTable:
    """Put a derived outcome together from its parts."""
    known = np.where(np.isfinite(errors) & (errors > 0), errors, np.nan)
    half = NormalDist().inv_cdf((1 + like.meta.confidence) / 2) * known
    partner = both["status_a"].notna() & both["status_b"].notna()
    ranks = np.maximum(*(both[name].fillna("unavailable").map(_RANK).to_numpy() for name in ("status_a", "status_b")))
    status = np.array(list(_RANK))[ranks]
    status = np.where(np.isnan(value) & (status == "ok"), "unavailable", status)
    frame = outcome_frame(
        {
            "code": both["code"],
            "name": both["name_a"].fillna(both["name_b"]),
            "period": both["period"],
            **{name: both[name] for name in like.breakdowns},
            "value": np.where(np.isfinite(value), value, np.nan),
            "lower": value - half,
            "upper": value + half,
            "se": known,
            "denominator": weights,
            "status": status,
        },
        extra=like.breakdowns,
    )
    lost = int((~partner).sum())
    described = OutcomeMeta(
        place_basis=like.meta.place_basis,
        index_version=like.meta.index_version,
        nations=like.meta.nations,
        geography=like.meta.geography,
        source=combined_source(sources),
        **meta,
    )
    repairs = {**like.repairs, **({"areas that only one of two parts holds": lost} if lost else {})}
    return OutcomeTable(described, frame, like.breakdowns, repairs)


def combined_source(sources: Sequence[Source]) -> Source:
    """Return what must be said of several sources as one."""
    distinct = tuple(dict.fromkeys(sources))
    if len(distinct) == 1:
        return distinct[0]
    return Source(
        title="; ".join(dict.fromkeys(source.title for source in distinct)),
        url=" ".join(dict.fromkeys(source.url for source in distinct if source.url)),
        licence="; ".join(dict.fromkeys(source.licence for source in distinct if source.licence)),
        attribution=attribution_lines(distinct),
    )


def _difference_unit(unit: str) -> str:
    return "percentage points" if unit == "%" else unit


def _overlap(frm: str, to: str) -> bool:
    if not (readable(frm) and readable(to)):
        return False
    first, second = parse_period(frm), parse_period(to)
    return first.start <= second.end and second.start <= first.end
