"""Every kind of place, by every definition, in every outcome: the gap on the map and the gap beside places nearby."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.association.beside import beside
from analysis.association.judging import ALPHA
from analysis.association.landscapes import MAX_AREAS
from analysis.association.records import Association
from analysis.association.scales import scaled
from analysis.association.simulated import DRAWS, simulated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from analysis.association.beside import Beside
    from analysis.association.landscapes import Landscape, Landscapes
    from analysis.association.scales import Scale
    from analysis.association.simulated import Simulated

Floats = np.ndarray[Any, np.dtype[np.float64]]

MIN_UNITS = 5.0
"""Fewest areas' worth of a kind, and of the others, between which a gap is tested."""

FEW = 8.0
"""With fewer areas' worth than this on a side the p is found by simulation."""

HALF_KNOWN = 0.5
"""Errors count as known where at least this share of the areas compared has one; the others are given the median."""

SKEWED = 1.0
"""An outcome with a skewness beyond this is tested on normal scores too, and the larger p counts: a few areas far out are no
gap. On raw lognormal maps 15 to 25 of 100 atlases of nothing had a finding without it.
"""

_CONDITION = 1e4
"""Columns of a design that are nearer to saying the same than this are not estimated together."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Values to be compared.

    Parameters
    ----------
    id, period : of the outcome. value : by code; NaN is left out.
    se : by code, standard errors that the publisher gives; NaN where there is none. A figure that its publisher has modelled
        comes without.
    """

    id: str
    period: str
    value: pd.Series
    se: pd.Series | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """One gap to be estimated; ``x`` shape (n, p), ``y`` shape (n,), both on the areas of ``codes``."""

    found: Association
    codes: pd.Index
    x: Floats
    y: Floats
    known: Floats | None


def associate(
    outcomes: Sequence[Outcome],
    memberships: pd.DataFrame,
    lands: Landscapes,
    *,
    scale: Scale = "value",
    only: Collection[str] | None = None,
    together: bool = True,
    draws: int = DRAWS,
    seed: int = 20240911,
) -> tuple[Association, ...]:
    """Compare outcomes between areas of each kind of place and the others.

    Parameters
    ----------
    outcomes : on the areas of one map.
    memberships : by code; of the columns, those called ``<type>__<definition>`` are tested: yes, no or not classified, or the
        share of an area's residents who are of the kind, NaN where it is not classified. The first definition of a type is
        its default.
    lands : the map; areas that are not on it are left out.
    scale : on which ``beside`` is estimated. only : columns to be tested; the others are then only allowed for. together : whether kinds are estimated together too.
    draws : maps for the p of kinds with few members. seed : of those.

    Returns
    -------
    tuple of Association
        By outcome, then by type and definition: alone, then together. Not yet judged: ``analysis.association.judged``.

    Notes
    -----
    An area that a definition does not classify is in neither group. On the scale ``value`` an outcome with a skewness beyond
    ``SKEWED`` is tested on normal scores too. What is found describes places; it does not say what being
    such a place does.
    """
    shares = _shares(memberships)
    jobs = [job for outcome in outcomes for job in _jobs(outcome, shares, lands, scale, only, together=together)]
    answers = [job.found for job in jobs]
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, job in enumerate(jobs):
        if not job.found.reason:
            groups.setdefault(tuple(job.codes), []).append(number)
    for numbers in groups.values():
        own = [jobs[number] for number in numbers]
        for number, result in zip(numbers, _estimated(own, lands, draws, seed), strict=True):
            answers[number] = result
    return tuple(answers)


def _shares(memberships: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of definitions as numbers from 0 to 1, NaN where an area is not classified."""
    columns = [name for name in memberships.columns if "__" in name and not name.endswith(("__degree", "__agreed"))]
    words = {"yes": 1.0, "no": 0.0}
    found = {
        name: memberships[name] if pd.api.types.is_numeric_dtype(memberships[name]) else memberships[name].map(words)
        for name in columns
    }
    return pd.DataFrame(found, index=memberships.index).astype(float)


def _jobs(
    outcome: Outcome,
    shares: pd.DataFrame,
    lands: Landscapes,
    scale: Scale,
    only: Collection[str] | None,
    *,
    together: bool,
) -> Iterator[_Job]:
    """Yield what is to be estimated of one outcome."""
    values = outcome.value.reindex(lands.codes).astype(float)
    values = values[values.notna()]
    own = shares.reindex(values.index)
    defaults: dict[str, str] = {}
    for column in own.columns:
        defaults.setdefault(column.partition("__")[0], column)
    for column in own.columns if only is None else [one for one in own.columns if one in only]:
        yield _job(outcome, values, own[[column]], scale)
        others = [other for kind, other in defaults.items() if kind != column.partition("__")[0]]
        kept = _estimable(own, column, others) if together else []
        if kept:
            yield _job(outcome, values, own[[column, *kept]], scale)


def _estimable(own: pd.DataFrame, column: str, others: Sequence[str]) -> list[str]:
    """Return the other kinds that can be estimated beside this one: enough areas of each, and not the same areas."""
    kept: list[str] = []
    for other in others:
        table = own[[column, *kept, other]].dropna()
        x = np.column_stack([np.ones(len(table)), table.to_numpy()])
        enough = len(table) and all(min(table[name].sum(), (1 - table[name]).sum()) >= MIN_UNITS for name in table)
        if enough and np.linalg.cond(x) < _CONDITION:
            kept.append(other)
    return kept


def _job(outcome: Outcome, values: pd.Series, own: pd.DataFrame, scale: Scale) -> _Job:
    """Prepare one estimate: what is true of the map, the design, the values on their scale, the known errors."""
    own = own.dropna()
    codes = own.index
    y = values.reindex(codes).to_numpy(dtype=np.float64)
    x = np.column_stack([np.ones(len(own)), own.to_numpy(dtype=np.float64)])
    column, *others = own.columns
    kind, _, definition = column.partition("__")
    share = x[:, 1]
    found = Association(
        outcome=outcome.id,
        period=outcome.period,
        type=kind,
        definition=definition,
        estimated="together" if others else "alone",
        n=len(y),
        members=float(share.sum()),
        scale=scale,
        others=tuple(others),
    )
    if reason := _reason(share, y):
        return _Job(replace(found, reason=reason), codes, x, y, None)
    se = None if outcome.se is None else _filled(outcome.se.reindex(codes).to_numpy(dtype=np.float64))
    contrast = np.linalg.pinv(x)[1]
    gap = float(contrast @ y)
    reach = np.nan if se is None else 1.959964 * float(np.sqrt((contrast**2) @ (se**2)))
    on_scale, errors = scaled(y, se, scale)
    found = replace(
        found,
        mean_members=float(np.average(y, weights=share)),
        mean_others=float(np.average(y, weights=1 - share)),
        gap=gap,
        gap_lower=gap - reach,
        gap_upper=gap + reach,
        sd=float(y.std(ddof=1)),
        skewness=float(stats.skew(y)),
        with_error=0 if errors is None or outcome.se is None else int(_sound(outcome.se.reindex(codes)).sum()),
    )
    return _Job(found, codes, x, on_scale, None if errors is None else errors**2)


def _reason(share: Floats, y: Floats) -> str:
    """Say why a gap cannot be tested; empty where it can."""
    units = share.sum(), (1 - share).sum()
    if min(units) < MIN_UNITS:
        return f"{units[0]:g} areas' worth of the kind and {units[1]:g} of others; {MIN_UNITS:g} of each are needed"
    if np.ptp(y) == 0:
        return "all areas have one value"
    if len(y) > MAX_AREAS:
        return f"{len(y):,} areas; at most {MAX_AREAS:,} can be compared"
    return ""


def _sound(se: pd.Series | Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which errors are known: an error of nothing, or less, is none."""
    numbers = np.asarray(se, dtype=np.float64)
    return np.asarray(np.isfinite(numbers) & (numbers > 0))


def _filled(se: Floats) -> Floats | None:
    """Give areas without an error the median of the others; None where fewer than half have one."""
    known = _sound(se)
    if known.mean() < HALF_KNOWN:
        return None
    return np.where(known, se, np.median(se[known]))


def _estimated(jobs: Sequence[_Job], lands: Landscapes, draws: int, seed: int) -> list[Association]:
    """Estimate gaps on the same areas; of skewed outcomes the p on normal scores counts where it is larger."""
    land = lands.on(jobs[0].codes)
    results = _fitted(jobs, land, draws, seed)
    skewed = [i for i, job in enumerate(jobs) if job.found.scale == "value" and abs(job.found.skewness) > SKEWED]
    scores = [replace(jobs[i], y=scaled(jobs[i].y, None, "normal-scores")[0], known=None) for i in skewed]
    for i, one in zip(skewed, _fitted(scores, land, draws, seed), strict=True):
        results[i] = _held_to(results[i], one.p)
    return results


def _held_to(found: Association, p: float) -> Association:
    """Raise a p to another, and let the interval reach zero where the other does not exclude it."""
    lower, upper = found.beside_lower, found.beside_upper
    if p > ALPHA:
        lower, upper = min(lower, 0.0), max(upper, 0.0)
    return replace(found, p=max(found.p, p), beside_lower=lower, beside_upper=upper)


def _fitted(jobs: Sequence[_Job], land: Landscape, draws: int, seed: int) -> list[Association]:
    """Fit all outcomes without known errors at once, each with errors for itself, and simulate the p of few members.

    The members of a skewed outcome vary more wherever they are higher: that is no reason of their own, and their variance is
    not told apart.
    """
    results: list[Association] = [job.found for job in jobs]
    of = [(job.found.outcome, job.found.period) for job in jobs]
    plain = [i for i, job in enumerate(jobs) if job.known is None]
    groups = [plain, *([i for i, name in enumerate(of) if name == one and i not in plain] for one in dict.fromkeys(of))]
    for own in filter(None, groups):
        designs = {jobs[i].x.tobytes(): jobs[i].x for i in own}
        columns = {of[i]: jobs[i].y for i in own}
        tried = {of[i]: abs(jobs[i].found.skewness) <= SKEWED for i in own}
        y = np.column_stack(list(columns.values()))
        fitted = beside(land, list(designs.values()), y, jobs[own[0]].known, spread=np.array(list(tried.values())))
        by_design = dict(zip(designs, fitted, strict=True))
        for i in own:
            results[i] = _with(jobs[i].found, by_design[jobs[i].x.tobytes()], list(columns).index(of[i]))
    for i, job in enumerate(jobs):
        if min(job.found.members, job.found.n - job.found.members) < FEW:
            against = simulated(land, job.x, job.y, job.known, draws=draws, seed=seed)
            results[i] = _of_few(results[i], against)
    return results


def _of_few(found: Association, against: Simulated) -> Association:
    """Give the gap of a kind with few members the p and the interval that maps drawn without any give."""
    reach = against.critical * (found.beside_upper - found.beside) / float(stats.t.ppf(0.975, found.df))
    return replace(found, p=against.p, beside_lower=found.beside - reach, beside_upper=found.beside + reach)


def _with(found: Association, result: Beside, at: int) -> Association:
    estimate, reach = float(result.estimate[at]), float(result.reach[at])
    return replace(
        found,
        beside=estimate,
        beside_lower=estimate - reach,
        beside_upper=estimate + reach,
        p=float(result.p[at]),
        df=float(result.df[at]),
    )
