"""The numbers of an outcome for its page: every period of every area, what areas are compared with, classes within regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.periods import label
from boundaries.vocabulary import place_name
from maps.kinds import captions
from maps.kinds.choropleth import scale_classes
from maps.leaflet import Benchmark, Figures, RegionScale
from maps.leaflet.places import parts_of
from maps.look.scales import STATED, classify
from maps.words import Topic, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from analysis.study import Study
    from boundaries.joined import Joined
    from boundaries.series import Series
    from maps.look.scales import Scheme
    from maps.spec import MapSpec

FEWEST = 5
"""Different figures from which a nation or region has classes of its own."""


def figures_of(study: Study, series: Series | None, values: MapSpec | None, scheme: Scheme) -> Figures:
    """Return the numbers of an outcome.

    Parameters
    ----------
    series : all its periods, that of the study among them; None where it is not followed.
    values : its layer of values, whose classes hold for every period. scheme : how they were found.
    """
    joined = study.joined
    frame = joined.frame
    codes = [str(code) for code in frame.index]
    own = {name: frame[[name]].to_numpy(dtype="float64") for name in ("value", "lower", "upper")}
    periods: tuple[str, ...] = (label(joined.period) if joined.period else "",)
    at, tables = 0, own
    if series is not None:
        at = series.periods.index(joined.period)
        rows = series.areas.index.get_indexer(frame.index.astype(str))
        tables = {name: np.where(rows[:, None] >= 0, series.figures[name][rows], np.nan) for name in own}
        for name, column in own.items():
            tables[name][:, at] = column[:, 0]
        periods = tuple(label(period) for period in series.periods)
    stands = study.levels.frame.reindex(codes)
    return Figures(
        unit=joined.meta.unit,
        favourable=joined.meta.favourable,
        decimals=Topic.of(joined).decimals,
        periods=periods,
        at=at,
        **tables,
        below=stands["p_below"].to_numpy(dtype="float64") if stands["p_below"].notna().any() else None,
        bands=_bands(stands["band"]),
        benchmarks=_benchmarks(study, series, len(periods), at),
        regional=_regional(joined, values, scheme),
        breaks=values.breaks if values is not None else (),
    )


def _bands(bands: pd.Series) -> tuple[str, ...]:
    texts = tuple(bands.fillna("").astype(str))
    return texts if any(texts) else ()


def _benchmarks(study: Study, series: Series | None, count: int, at: int) -> tuple[Benchmark, ...]:
    """Return the figure of the whole and those of its nations and regions, at every period where they are published."""
    joined, average = study.joined, study.average
    if joined.meta.measure in {"count", "category"}:
        return ()
    history = series.averages if series is not None else ()
    codes = list(dict.fromkeys(code for one in history for code in one))
    whole = (
        next((code for code in joined.meta.averages if joined.meta.averages[code] == average.value), "")
        if average.kind == "published"
        else ""
    )
    place = place_name(whole, "name") if whole else say("page.whole-place")
    compared = say("page.published", place=place_name(whole)) if whole else say(f"page.average-{average.kind}")
    found = [Benchmark("", place, compared, _at(average.value, whole, history, count, at))]
    frame = joined.boundaries.frame
    for code, name, _nation, members in parts_of(frame):
        if code in joined.meta.averages:
            figure, words = float(joined.meta.averages[code]), say("page.published", place=name)
        else:
            figure, words = _mean(joined, members), say("page.mean-of", place=name)
        if np.isfinite(figure):
            found.append(Benchmark(code, name, words, _at(figure, code if code in codes else "", history, count, at)))
    return tuple(found)


def _at(figure: float, code: str, history: Sequence[Mapping[str, float]], count: int, at: int) -> tuple[float, ...]:
    """Return a figure at the period shown, and at others as published."""
    values = [float("nan")] * count
    for position, one in enumerate(history):
        values[position] = float(one.get(code, float("nan")))
    values[at] = figure
    return tuple(values)


def _mean(joined: Joined, codes: Sequence[str]) -> float:
    """Return the mean of areas weighted as the average is: by denominator where it is known, else by residents."""
    frame = joined.frame.loc[list(codes)]
    valued = frame["value"].notna()
    if not valued.any():
        return float("nan")
    residents = joined.boundaries.frame.set_index("code").loc[list(codes), "population"].astype("float64")
    for weights in (frame["denominator"], residents):
        own = weights[valued].astype("float64")
        if own.notna().all() and own.sum() > 0:
            return float(np.average(frame.loc[valued, "value"], weights=own))
    return float(frame.loc[valued, "value"].mean())


def _regional(joined: Joined, values: MapSpec | None, scheme: Scheme) -> tuple[RegionScale, ...]:
    """Return classes within each nation and region; none where bands are stated, for these hold everywhere."""
    if values is None or not values.breaks or scheme in STATED:
        return ()
    meta, found = joined.meta, []
    for code, _name, _nation, members in parts_of(joined.boundaries.frame):
        part = captions.valued(joined).reindex(members)
        if part.nunique() < FEWEST:
            continue
        centre = 0.0 if meta.unit == "z" else None
        scale = classify(part, scheme=scheme, unit=meta.unit, favourable=meta.favourable, centre=centre)
        if scale.breaks:
            found.append(RegionScale(code, scale.breaks, scale_classes(scale, int(part.isna().sum()))))
    return tuple(found)
