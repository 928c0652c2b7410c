"""Maps of doubt: who cannot be distinguished from the average, and how wide the published intervals are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import MapError
from maps.findings import DoubtFinding, WidthFinding, levels_of
from maps.kinds import captions
from maps.kinds.choropleth import scale_assignment, scale_classes, spec_choropleth, value_scale
from maps.look import palettes
from maps.look.scales import classify
from maps.look.texture import UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, difference_unit, direction_words, say
from maps.words.findings import finding_title, levels_sure, reference_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.joined import Average, Joined
    from maps.findings import LevelsFinding
    from maps.look.scales import Scheme

SIDES = ("clearly-below", "cannot-be-told", "clearly-above", "no-interval")

WIDTHS: tuple[str, ...] = ("#f2f0f5", "#cfc8dd", "#a598c0", "#77649b", "#47326b")
"""Violet: neither good nor bad, only less sure."""


def spec_uncertainty(
    joined: Joined,
    average: Average,
    *,
    suppress: bool = True,
    scheme: Scheme = "quantile",
    levels: LevelsFinding | None = None,
) -> MapSpec:
    """Describe a map that shows only what can be distinguished from the average.

    Parameters
    ----------
    average : the figure areas are compared with.
    suppress : show three sides (below, cannot be distinguished, above) and no finer value; else the choropleth's classes, with
        a hatch over every area that cannot be distinguished.
    levels : where areas stand, of a study; by default what each published interval says by itself.

    Raises
    ------
    MapError
        No area has an interval: nothing can be said of doubt.
    """
    levels = levels or levels_of(joined, average)
    if levels.basis == "value":
        raise MapError(
            f"no interval is known for any value of {joined.meta.id!r}",
            ["a map of uncertainty needs lower and upper limits"],
        )
    topic = Topic.of(joined)
    of_study = levels.basis == "posterior"
    method = say("levels-map.method" if of_study else "uncertainty.method")
    base = spec_choropleth(joined, average=average, scheme=scheme)
    finding = DoubtFinding(levels)
    title = finding_title(finding, topic)
    common = replace(
        base,
        id=f"{joined.meta.id}/uncertainty",
        kind="uncertainty",
        title=title,
        sure=levels_sure(levels, levels.reference, topic)
        if of_study
        else say("uncertainty.sure", reference=reference_words(levels.reference, topic)),
        finding=finding,
        method=method,
        alt=say("uncertainty.alt", whole=counted(int(joined.covered.sum())), title=title),
    )
    if not suppress:
        # the hatch leans the other way than "no data", which it would be on a pale class
        hatch = LegendClass(
            SIDES[1], say("uncertainty.cannot-be-told"), "", len(levels.unclear), "back", "", palettes.INK_SOFT
        )
        scale = value_scale(joined, scheme=scheme)
        return replace(
            common,
            method=say("method.both", first=method, second=scale.words()),
            extra_legends=((say("uncertainty.over"), (hatch,)),),
            overlay=dict.fromkeys(levels.unclear, SIDES[1]),
        )
    return _in_sides(common, joined, levels, topic)


def _in_sides(common: MapSpec, joined: Joined, levels: LevelsFinding, topic: Topic) -> MapSpec:
    """Return the map in its sides alone: below, cannot be distinguished, above."""
    classes = _side_classes(joined, levels)
    return replace(
        common,
        legend_title=say("uncertainty.legend"),
        classes=classes,
        assignment=_sides(joined, levels),
        tables=(),
        breaks=(),
        description=captions.description(common.title, classes, None, topic),
    )


def spec_interval_width(joined: Joined, *, k: int = 5) -> MapSpec:
    """Describe a map of the width of the published intervals.

    Raises
    ------
    MapError
        No area has an interval.
    """
    meta, topic = joined.meta, Topic.of(joined)
    frame = joined.frame.loc[joined.covered]
    # limits as published, not the noise of taking one from the other
    width = (frame["upper"] - frame["lower"]).astype("float64").round(10)
    if width.notna().sum() == 0:
        raise MapError(
            f"no interval is known for any value of {meta.id!r}", ["a map of widths needs lower and upper limits"]
        )
    unit = difference_unit(meta.unit)
    scale = classify(width, k=k, unit=unit)
    scale = replace(scale, colours=palettes.ramp(WIDTHS, scale.k))
    classes = scale_classes(scale, int(width.isna().sum()))
    classes = (*classes[:-1], replace(classes[-1], label=say("width.no-interval")))
    widest = tuple(str(code) for code in width.index[width == width.max()])
    finding = WidthFinding(float(np.nanmedian(width)), float(width.max()), widest)
    title = finding_title(finding, topic)
    return MapSpec(
        id=f"{meta.id}/width",
        kind="width",
        outcome=meta.id,
        title=title,
        measure=captions.measure_words(joined, what=say("width.measure", noun=topic.noun)),
        sure=say("width.sure"),
        legend_title=captions.with_unit(say("width.legend"), unit),
        classes=classes,
        assignment=scale_assignment(scale),
        notes=(direction_words(meta.favourable),),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=say("method.both", first=say("width.method"), second=scale.words()),
        sources=(meta.source,),
        alt=say("width.alt", whole=counted(len(width)), title=title),
        description=captions.description(title, classes, width, replace(topic, unit=unit)),
        values=captions.area_texts(joined),
        **captions.drawn_on(joined.boundaries),
    )


def _sides(joined: Joined, levels: LevelsFinding) -> dict[str, str]:
    """Return the side of every covered area, by code."""
    by_side: Mapping[str, tuple[str, ...]] = {
        SIDES[0]: levels.low,
        SIDES[1]: levels.unclear,
        SIDES[2]: levels.high,
        SIDES[3]: levels.unknown,
        captions.NO_DATA: levels.no_data,
    }
    found = {code: side for side, codes in by_side.items() for code in codes}
    return {str(code): found[str(code)] for code in joined.frame.index[joined.covered]}


def _side_classes(joined: Joined, levels: LevelsFinding) -> tuple[LegendClass, ...]:
    brown, _, pale, _, teal = palettes.DIVERGING_5
    good_low = joined.meta.favourable == "low"
    above = LegendClass(SIDES[2], say("uncertainty.above"), brown if good_low else teal, len(levels.high))
    below = LegendClass(SIDES[0], say("uncertainty.below"), teal if good_low else brown, len(levels.low))
    grey, dots = palettes.NOT_TESTABLE, palettes.NOT_TESTABLE_DOTS
    return (
        textured(above, UNFAVOURABLE) if good_low else above,
        LegendClass(SIDES[1], say("uncertainty.cannot-be-told"), pale, len(levels.unclear)),
        below if good_low else textured(below, UNFAVOURABLE),
        LegendClass(SIDES[3], say("uncertainty.no-interval"), grey, len(levels.unknown), "dots", "", dots),
        captions.no_data_class(len(levels.no_data)),
    )
