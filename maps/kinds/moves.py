"""A map of what moved beyond the error of two periods, of an outcome that is followed through all its periods."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from analysis.change.result import MOVED
from boundaries.outcomes.periods import label
from maps.findings import change_of
from maps.kinds import captions
from maps.look import palettes
from maps.look.texture import UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, difference_unit, direction_words, format_difference, say
from maps.words.findings import finding_title
from maps.words.findings.changes import change_sure

if TYPE_CHECKING:
    from analysis.change.result import Change
    from boundaries.joined import Joined


def spec_moves(joined: Joined, change: Change) -> MapSpec:
    """Describe a map of an outcome's change: up, down, not clear, beyond the error of both periods.

    Parameters
    ----------
    joined : the outcome at the later period. change : against the earlier one; areas that it lacks have no data.
    """
    codes = [str(code) for code in captions.valued(joined).index]
    frame = change.frame.reindex(codes)
    shown = set(codes)
    finding = change_of(change).within(shown)
    topic = Topic.of(joined)
    title = finding_title(finding, topic)
    assignment = {str(code): _key(row) for code, row in frame.iterrows()}
    classes = _classes(Counter(assignment.values()), change)
    since, until = label(change.since), label(change.period)
    relative = change.base == "relative"
    return MapSpec(
        id=f"{joined.meta.id}/change",
        kind="change",
        outcome=joined.meta.id,
        title=title,
        measure=say(
            "change.measure", outcome=captions.titled(joined), how=say("moves.measure", since=since, until=until)
        ),
        sure=change_sure(finding),
        legend_title=say("moves.legend-relative" if relative else "change.legend-absolute", since=since, until=until),
        classes=classes,
        assignment=assignment,
        notes=(
            say("moves.relative" if relative else "change.note-absolute"),
            say("moves.note"),
            direction_words(joined.meta.favourable),
        ),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=say("moves.method"),
        sources=(joined.meta.source,),
        alt=say("change.alt", whole=counted(len(assignment)), title=title),
        description=captions.description(title, classes, None, topic),
        values=_values(frame, change, topic),
        **captions.drawn_on(joined.boundaries),
    )


def _key(row: pd.Series) -> str:
    verdict = str(row["verdict"])
    if verdict in MOVED:
        return "up" if row["p_rise"] > row["p_fall"] else "down"
    if verdict in {"not-clear", "error-unknown", "not-comparable"}:
        return verdict
    return captions.NO_DATA


def _classes(counts: Counter[str], change: Change) -> tuple[LegendClass, ...]:
    brown, _, pale, _, teal = palettes.DIVERGING_5
    good_low = change.favourable == "low"
    relative = "-relative" if change.base == "relative" else ""
    up = LegendClass("up", say(f"moves.up{relative}"), brown if good_low else teal, counts["up"])
    down = LegendClass("down", say(f"moves.down{relative}"), teal if good_low else brown, counts["down"])
    grey, dots = palettes.NOT_TESTABLE, palettes.NOT_TESTABLE_DOTS
    found = [
        textured(up, UNFAVOURABLE) if good_low else up,
        LegendClass("not-clear", say("moves.not-clear"), pale, counts["not-clear"]),
        down if good_low else textured(down, UNFAVOURABLE),
    ]
    lacking = [
        LegendClass(key, say(f"moves.{key}"), grey, counts[key], "dots", "", dots)
        for key in ("error-unknown", "not-comparable")
        if counts[key]
    ]
    return (*found, *lacking, captions.no_data_class(counts[captions.NO_DATA]))


def _values(frame: pd.DataFrame, change: Change, topic: Topic) -> dict[str, str]:
    """Return the change as published, by code."""
    unit = difference_unit(change.unit)
    decimals = topic.decimals if change.unit == topic.unit else 1
    since = label(change.since)
    return {
        str(code): say("moves.value", change=format_difference(float(value), unit, decimals=decimals), since=since)
        for code, value in frame["change"].items()
        if pd.notna(value)
    }
