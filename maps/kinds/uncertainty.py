"""Maps of doubt: who cannot be told from average, and how wide the published intervals are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import MapError
from maps.kinds import framing
from maps.kinds.choropleth import average_words, compared, scale_assignment, scale_classes, spec_choropleth, value_scale
from maps.look import palettes
from maps.look.scales import classify
from maps.look.texture import UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec
from maps.words import (
    counted_of,
    direction_words,
    format_value,
    noun_of,
    sentence,
)

if TYPE_CHECKING:
    from boundaries.joined import Average, Joined
    from maps.look.scales import Scheme

SIDES = ("clearly-below", "cannot-be-told", "clearly-above", "no-interval")

WIDTHS: tuple[str, ...] = ("#f2f0f5", "#cfc8dd", "#a598c0", "#77649b", "#47326b")
"""Violet: neither good nor bad, only less sure."""


def spec_uncertainty(
    joined: Joined, average: Average, *, suppress: bool = True, scheme: Scheme = "quantile"
) -> MapSpec:
    """Describe a map that shows only what can be told from the average.

    Parameters
    ----------
    average : the figure areas are compared with.
    suppress : show three sides (below, cannot be told, above) and no finer value; else the choropleth's classes, with a hatch
        over every area that cannot be told.

    Raises
    ------
    MapError
        No area has an interval: nothing can be said of doubt.
    """
    told = compared(joined, average)
    if told is None:
        raise MapError(
            f"no interval is known for any value of {joined.meta.id!r}",
            ["a map of uncertainty needs lower and upper limits"],
        )
    sides = _sides(joined, average)
    counts = {side: int((sides == side).sum()) for side in (*SIDES, framing.NO_DATA)}
    base = spec_choropleth(joined, average=average, scheme=scheme)
    title = f"{sentence(counted_of(told[2], sum(told)))} cannot be told from average in {noun_of(joined.meta.title)}"
    figure = average_words(average, joined.meta.unit)
    common = replace(
        base,
        id=f"{joined.meta.id}/uncertainty",
        kind="uncertainty",
        title=title,
        sure=f"An area is clearly below or above when its whole published interval is. Average: {figure}. Intervals are of single "
        "areas: of a hundred compared, some differ by chance.",
        foot=framing.foot(
            [joined.meta.source], joined.boundaries, method="published interval of each area against the average"
        ),
        alt=f"Map of {len(sides)} areas by what can be told from average: {title}.",
    )
    if not suppress:
        hatch = LegendClass(
            "cannot-be-told",
            "Cannot be told from average",
            "",
            counts["cannot-be-told"],
            "back",  # leans the other way than "no data", which it would be on a pale class
            "",
            palettes.INK_SOFT,
        )
        over = {code: "cannot-be-told" for code, side in sides.items() if side == "cannot-be-told"}
        scale = value_scale(joined, scheme=scheme)
        method = f"published interval of each area against the average; {scale.words()}"
        return replace(
            common,
            foot=framing.foot([joined.meta.source], joined.boundaries, method=method),
            extra_legends=(("Over the colours", (hatch,)),),
            overlay={str(code): key for code, key in over.items()},
        )
    classes = _side_classes(joined, counts)
    return replace(
        common,
        legend_title="Against the average",
        classes=classes,
        assignment={str(code): str(side) for code, side in sides.items()},
        tables=(),
        breaks=(),
        description=f"{title}. " + "; ".join(f"{entry.label}: {entry.count}" for entry in classes) + ".",
    )


def spec_interval_width(joined: Joined, *, k: int = 5) -> MapSpec:
    """Describe a map of the width of the published intervals.

    Raises
    ------
    MapError
        No area has an interval.
    """
    frame = joined.frame.loc[joined.covered]
    width = (
        (frame["upper"] - frame["lower"]).astype("float64").round(10)
    )  # limits as published, not the noise of taking one from the other
    if width.notna().sum() == 0:
        raise MapError(
            f"no interval is known for any value of {joined.meta.id!r}",
            ["a map of widths needs lower and upper limits"],
        )
    scale = classify(width, k=k, unit=joined.meta.unit)
    scale = replace(scale, colours=palettes.ramp(WIDTHS, scale.k))
    classes = scale_classes(scale, int(width.isna().sum()))
    classes = (*classes[:-1], replace(classes[-1], label="No interval"))
    typical = format_value(float(np.nanmedian(width)), joined.meta.unit)
    (_, _), (widest, most) = framing.extremes(width, joined.frame["name"])
    title = f"{framing.titled(joined)}: the typical interval is {typical} wide, {format_value(most, joined.meta.unit)} in {widest}"
    return MapSpec(
        id=f"{joined.meta.id}/uncertainty-width",
        kind="uncertainty",
        outcome=joined.meta.id,
        title=title,
        subtitle=framing.subtitle(joined, what=f"Width of the published interval of {noun_of(joined.meta.title)}"),
        sure="Dark areas are those of which least is known.",
        legend_title="Width of the interval",
        classes=classes,
        assignment=scale_assignment(scale),
        notes=(direction_words(joined.meta.favourable), *framing.coverage_notes(joined)),
        foot=framing.foot([joined.meta.source], joined.boundaries, method=f"upper less lower limit; {scale.words()}"),
        alt=f"Map of {len(width)} areas by the width of their interval: {title}.",
        description=framing.description(title, classes, width, joined.frame["name"], joined.meta.unit),
        values=framing.area_texts(joined),
    )


def _sides(joined: Joined, average: Average) -> pd.Series:
    frame = joined.frame.loc[joined.covered]
    lower, upper = frame["lower"].to_numpy(dtype=np.float64), frame["upper"].to_numpy(dtype=np.float64)
    known = np.isfinite(lower) & np.isfinite(upper)
    below, above = known & (upper < average.value), known & (lower > average.value)
    sides = np.select(
        [frame["value"].isna(), ~known, below, above], [framing.NO_DATA, "no-interval", SIDES[0], SIDES[2]], SIDES[1]
    )
    return pd.Series(sides, index=frame.index)


def _side_classes(joined: Joined, counts: dict[str, int]) -> tuple[LegendClass, ...]:
    brown, _, pale, _, teal = palettes.DIVERGING_5
    good_low = joined.meta.favourable == "low"
    above = LegendClass("clearly-above", "Clearly above", brown if good_low else teal, counts["clearly-above"])
    below = LegendClass("clearly-below", "Clearly below", teal if good_low else brown, counts["clearly-below"])
    return (
        textured(above, UNFAVOURABLE) if good_low else above,
        LegendClass("cannot-be-told", "Cannot be told from average", pale, counts["cannot-be-told"]),
        below if good_low else textured(below, UNFAVOURABLE),
        LegendClass(
            "no-interval",
            "No interval published",
            palettes.NOT_TESTABLE,
            counts["no-interval"],
            "dots",
            "",
            palettes.NOT_TESTABLE_DOTS,
        ),
        framing.no_data_class(counts[framing.NO_DATA]),
    )
