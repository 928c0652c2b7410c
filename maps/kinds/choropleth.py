"""A map of values in classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.periods import dated
from geo.errors import MapError
from maps.kinds import bands, framing
from maps.look.scales import classify
from maps.look.texture import UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec
from maps.words import counted, counted_of, direction_words, exact_decimals, format_count, format_value, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from boundaries.joined import Average, Joined
    from maps.look.scales import Scale, Scheme


MOST_PUBLISHED = 3
"""Digits after the point with which a published figure is quoted at the most."""


def spec_choropleth(
    joined: Joined,
    *,
    scheme: Scheme = "quantile",
    k: int = 5,
    centre: float | None = None,
    breaks: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
    average: Average | None = None,
) -> MapSpec:
    """Describe a choropleth of one outcome.

    Parameters
    ----------
    scheme, k, centre, breaks, labels : as in ``maps.look.scales.classify``; z-scores diverge about 0 unless a centre is given;
        ``published`` without breaks takes the bands that the source keeps beside its values.
    average : the figure that areas are compared with; without it nothing is said about who is above or below.

    Raises
    ------
    MapError
        No area has a value.

    Notes
    -----
    Classes stand in the legend from high to low, as the values do on an axis. Intervals are taken as published: an area whose
    interval holds the average "cannot be told from it"; that is not a test corrected for looking at every area.
    """
    meta = joined.meta
    values = framing.valued(joined)
    if values.notna().sum() == 0:
        raise MapError(
            f"no area has a value of '{dated(meta.id, joined.period)}'", ["a map of nothing but gaps says nothing"]
        )
    scale = value_scale(joined, scheme=scheme, k=k, centre=centre, breaks=breaks, labels=labels)
    classes = scale_classes(scale, int(values.isna().sum()))
    told = compared(joined, average)
    title = _title(joined, values, told)
    return MapSpec(
        id=f"{meta.id}/choropleth",
        kind="choropleth",
        outcome=meta.id,
        title=title,
        subtitle=framing.subtitle(joined),
        sure=sure_line(joined, average, told),
        legend_title=framing.titled(joined),
        classes=classes,
        assignment=scale_assignment(scale),
        tables=framing.ends_tables(values, joined.frame["name"], meta.unit),
        notes=(
            f"{direction_words(meta.favourable)} {framing.ECOLOGICAL}",
            *(bands.band_notes(scale.breaks, meta.unit) if scheme == "published" and breaks is None else ()),
            *framing.coverage_notes(joined),
        ),
        foot=framing.foot([meta.source], joined.boundaries, method=scale.words()),
        alt=f"Map of {counted(len(values), 'area')} in {counted(scale.k, 'class', 'classes')}: {title}.",
        description=framing.description(title, classes, values, joined.frame["name"], meta.unit),
        values=framing.area_texts(joined),
        breaks=scale.breaks,
    )


def value_scale(
    joined: Joined,
    *,
    scheme: Scheme = "quantile",
    k: int = 5,
    centre: float | None = None,
    breaks: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
) -> Scale:
    """Put an outcome's values in classes; z-scores turn about 0, and bands without stated breaks are the publisher's own."""
    unit = joined.meta.unit
    if scheme == "published" and breaks is None:
        breaks, labels = bands.published_bands(joined)
    about = 0.0 if centre is None and unit == "z" and scheme != "user" else centre
    return classify(
        framing.valued(joined),
        scheme=scheme,
        k=k,
        unit=unit,
        favourable=joined.meta.favourable,
        centre=about,
        breaks=breaks,
        labels=labels,
    )


def scale_classes(scale: Scale, missing: int) -> tuple[LegendClass, ...]:
    """Return legend entries from high to low, the unfavourable side of a centre lined, and the areas without a value last."""
    entries = []
    for i in reversed(range(scale.k)):
        label, note = sentence(scale.labels[i]), scale.ranges[i] if scale.ranges else ""
        entry = LegendClass(f"class-{i + 1}", label, scale.colours[i], scale.counts[i], note=note)
        entries.append(textured(entry, UNFAVOURABLE) if scale.sides[i] < 0 else entry)
    return (*entries, framing.no_data_class(missing))


def scale_assignment(scale: Scale, assigned: pd.Series | None = None) -> dict[str, str]:
    """Return class keys by code: of the scale's own values, or of others put in its classes."""
    numbers = scale.assignment if assigned is None else assigned
    return {str(code): f"class-{number + 1}" if number >= 0 else framing.NO_DATA for code, number in numbers.items()}


def compared(joined: Joined, average: Average | None) -> tuple[int, int, int] | None:
    """Return how many areas with an interval lie wholly below the average, wholly above, and neither; None without intervals."""
    frame = joined.frame.loc[joined.covered & joined.frame["value"].notna()]
    lower, upper = frame["lower"].to_numpy(dtype=np.float64), frame["upper"].to_numpy(dtype=np.float64)
    known = np.isfinite(lower) & np.isfinite(upper)
    if average is None or not known.any():
        return None
    below = int((known & (upper < average.value)).sum())
    above = int((known & (lower > average.value)).sum())
    return below, above, int(known.sum()) - below - above


def sure_line(joined: Joined, average: Average | None, told: tuple[int, int, int] | None) -> str:
    """Return one line on how sure the values are."""
    n = int(framing.valued(joined).notna().sum())
    if told is None:
        figure = f" Compare with {average_words(average, joined.meta.unit)}." if average else ""
        return f"No interval is published for these values, so small differences between areas may be chance.{figure}"
    known = sum(told)
    cannot = counted_of(told[2], known, "area with an interval", "areas with an interval")
    rest = f" No interval is published for {format_count(n - known)} more." if n > known else ""
    label = average_words(average, joined.meta.unit) if average else ""
    return f"{sentence(cannot)} cannot be told from {label}: their published interval holds it.{rest}"


def average_words(average: Average, unit: str) -> str:
    """Return the figure and what it is: ``£642.50 (the published figure for the United Kingdom)``."""
    return average.label if average.kind == "index" else f"{average_figure(average, unit)} ({average.label})"


def average_figure(average: Average, unit: str, *, decimals: int | None = None) -> str:
    """Return the figure: a published one as it was published, one of ours rounded."""
    if average.kind == "published":
        decimals = exact_decimals(average.value, unit, most=MOST_PUBLISHED)
    return format_value(average.value, unit, decimals=decimals)


def _title(joined: Joined, values: pd.Series, told: tuple[int, int, int] | None) -> str:
    unit = joined.meta.unit
    if told is not None:
        below, above, neither = told
        return (
            f"{framing.titled(joined)}: {counted_of(below, sum(told))} clearly below average, "
            f"{format_count(above)} above, {format_count(neither)} cannot be told from it"
        )
    (low_name, low), (high_name, high) = framing.extremes(values, joined.frame["name"])
    if low == high:
        return f"{framing.titled(joined)}: {format_value(low, unit)} in {'every area' if len(values.dropna()) > 1 else low_name}"
    return f"{framing.titled(joined)}: from {format_value(low, unit)} in {low_name} to {format_value(high, unit)} in {high_name}"
