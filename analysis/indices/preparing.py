"""From joined indicators to one table without holes: selected, turned to one direction, transformed, filled by a stated rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.indices.looking import correlations, winsorised
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.indices.definition import IndexDefinition, IndicatorPart
    from boundaries.joined import Joined

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

FEWEST = 3
"""An index of fewer areas than this compares nothing."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Indicators of the areas that have an index.

    Parameters
    ----------
    codes : of the areas that are kept.
    figures : shape (indicators, areas): transformed, high is good; what was missing is filled, or NaN under "reweight".
    errors : standard errors on the same scale; 0 where everyone is counted or nothing is known, the middle of the known ones
        where an area's own is not, the spread of the others where the value is filled.
    imputed : shape (indicators, areas): is the value filled.
    present : shape (indicators, areas): does the indicator count for the area.
    goalposts : of each indicator on the same scale; None where there are none.
    bounds : shape (indicators, 2): ends beyond which draws are pulled in, of what was winsorised; infinite elsewhere.
    points : number of points winsorised.
    left_out : code → why an area has no index.
    notes : what a reader should know.
    """

    codes: tuple[str, ...]
    figures: Floats
    errors: Floats
    imputed: Flags
    present: Flags
    goalposts: tuple[tuple[float, float] | None, ...]
    bounds: Floats
    points: tuple[int, ...]
    left_out: dict[str, str]
    notes: tuple[str, ...]


def prepare(definition: IndexDefinition, joined: Sequence[Joined]) -> Prepared:
    """Put joined indicators into one table.

    Parameters
    ----------
    definition : the index. joined : its indicators, in order, on one boundary set.

    Raises
    ------
    StatisticsError
        Values that a transform cannot hold, an indicator that does not vary, two that are one, too few areas; all at once.
    """
    frames = [one.frame for one in joined]
    covered = np.logical_and.reduce([one.covered.to_numpy() for one in joined])
    raw = np.array([frame["value"].to_numpy(dtype=np.float64) for frame in frames])
    errors = np.array([_errors(part, one) for part, one in zip(definition.indicator, joined, strict=True)])
    kept, left_out = _chosen(definition, raw, covered, frames[0])
    raw, errors = raw[:, kept], errors[:, kept]
    faults, notes = _faults(definition, raw), _doubts(definition, joined)
    if faults:
        raise StatisticsError(f"the index '{definition.id}' cannot be built", faults)
    values, points, bounds = np.empty_like(raw), [], np.full((len(raw), 2), np.nan)
    goalposts: list[tuple[float, float] | None] = []
    for at, part in enumerate(definition.indicator):
        values[at], errors[at], pulled = _transformed(part, raw[at], errors[at])
        errors[at] = _completed(errors[at])
        turn = 1.0 if part.direction == definition.favourable else -1.0
        values[at] *= turn
        points.append(pulled)
        bounds[at] = (np.nanmin(values[at]), np.nanmax(values[at])) if pulled else (-np.inf, np.inf)
        goalposts.append(_posts(part, turn))
        if pulled:
            notes.append(f"{part.id}: {pulled} extreme point{'s' * (pulled > 1)} pulled in to the next.")
    if same := _same(values, [part.id for part in definition.indicator]):
        raise StatisticsError(f"the index '{definition.id}' cannot be built", [same])
    imputed = ~np.isfinite(values)
    if definition.missing.how != "reweight":
        _fill(values, errors, imputed, frames[0].index[kept], joined[0], by_region=definition.missing.how == "region")
    return Prepared(
        codes=tuple(frames[0].index[kept]),
        figures=values,
        errors=errors,
        imputed=imputed,
        present=np.isfinite(values),
        goalposts=tuple(goalposts),
        bounds=bounds,
        points=tuple(points),
        left_out=left_out,
        notes=tuple(notes),
    )


def _errors(part: IndicatorPart, joined: Joined) -> Floats:
    if part.error == "counted":
        return np.zeros(len(joined.frame))
    found = joined.frame["se"].to_numpy(dtype=np.float64)
    return np.where(found > 0, found, np.nan)


def _completed(errors: Floats) -> Floats:
    """Return errors with the middle of the known ones where they are not known, and 0 where none is."""
    known = errors[np.isfinite(errors) & (errors > 0)]
    result: Floats = np.where(np.isfinite(errors), errors, np.median(known) if len(known) else 0.0)
    return result


def _chosen(
    definition: IndexDefinition, raw: Floats, covered: Flags, frame: pd.DataFrame
) -> tuple[Flags, dict[str, str]]:
    """Return which areas have an index, and why the others have none."""
    missing = ~np.isfinite(raw)
    lacking = missing.sum(axis=0)
    enough = lacking <= definition.missing.allowed * len(raw) + 1e-9
    counts = [definition.weights == "equal" or part.weight > 0 for part in definition.indicator]
    enough &= (~missing)[counts].sum(axis=0) > 1
    codes, left_out = [str(code) for code in frame.index], {}
    for at in np.flatnonzero(covered & ~enough).tolist():
        names = listed(part.id for part, gone in zip(definition.indicator, missing[:, at], strict=True) if gone)
        left_out[codes[at]] = f"{lacking[at]} of {len(raw)} indicators missing: {names}"
    for at in np.flatnonzero(~covered).tolist():
        left_out[codes[at]] = "not covered by every indicator"
    return covered & enough, left_out


def _faults(definition: IndexDefinition, raw: Floats) -> list[str]:
    if raw.shape[1] < FEWEST:
        return [f"{raw.shape[1]} areas have enough indicators; at least {FEWEST} are needed"]
    faults = []
    for part, row in zip(definition.indicator, raw, strict=True):
        known = row[np.isfinite(row)]
        if not len(known) or known.max() == known.min():
            faults.append(f"{part.id}: {'all values are the same' if len(known) else 'no area has a value'}")
        elif part.transform == "log" and known.min() <= 0:
            faults.append(f"{part.id}: the logarithm of {known.min():g} does not exist")
        elif part.goalposts and part.transform == "log" and part.goalposts[0] <= 0:
            faults.append(f"{part.id}: goalposts of a logarithm lie above 0")
    return faults


def _doubts(definition: IndexDefinition, joined: Sequence[Joined]) -> list[str]:
    """Say where a stated direction is not the one of the source, and where the error is not known."""
    notes = []
    for part, one in zip(definition.indicator, joined, strict=True):
        said = one.meta.favourable
        if said not in {"none", part.direction}:
            notes.append(f"{part.id}: the index says that {part.direction} is good, its source that {said} is.")
        valued = one.frame["value"].notna()
        known = int((valued & one.frame["se"].gt(0)).sum())
        if part.error != "counted" and known < int(valued.sum()):
            whole = int(valued.sum())
            rest = "they are drawn with the middle error of the others" if known else "it counts as if there were none"
            notes.append(f"{part.id}: the error of {whole - known} of {whole} areas is not known; {rest}.")
    return notes


def _transformed(part: IndicatorPart, row: Floats, errors: Floats) -> tuple[Floats, Floats, int]:
    if part.transform == "log":
        return np.log(row), errors / row, 0
    if part.transform == "winsor":
        made, points = winsorised(row)
        return made, errors, points
    return row.copy(), errors, 0


def _posts(part: IndicatorPart, turn: float) -> tuple[float, float] | None:
    if part.goalposts is None:
        return None
    low, high = (np.log(post) if part.transform == "log" else post for post in part.goalposts)
    return (float(low), float(high)) if turn > 0 else (-float(high), -float(low))


def _same(values: Floats, names: Sequence[str]) -> str:
    """Name two indicators that are one under two names: each a straight line of the other."""
    found = correlations(values, names).fillna(0.0).to_numpy()
    pairs = np.argwhere(np.triu(np.abs(found) > 1 - 1e-10, k=1))
    return (
        f"the same figures stand twice: {listed(f'{names[a]} and {names[b]}' for a, b in pairs)}" if len(pairs) else ""
    )


def _fill(values: Floats, errors: Floats, imputed: Flags, codes: pd.Index, joined: Joined, *, by_region: bool) -> None:
    """Fill what is missing with the mean of the areas, or of the area's region where it has two at least, and their spread."""
    regions = joined.boundaries.frame.set_index("code")["region_code"].reindex(codes).to_numpy()
    for row, spread, gone in zip(values, errors, imputed, strict=True):
        for at in np.flatnonzero(gone):
            alike = ~gone & (regions == regions[at]) if by_region else ~gone
            alike = alike if alike.sum() > 1 else ~gone
            row[at], spread[at] = row[alike].mean(), row[alike].std(ddof=1)
