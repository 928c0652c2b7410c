"""Small multiples: one outcome at several periods, or several outcomes, in common classes on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.outcomes.periods import label
from geo.errors import MapError
from maps.kinds import framing
from maps.kinds.choropleth import scale_assignment, scale_classes
from maps.look.scales import classify
from maps.spec import MapSpec
from maps.words import counted, direction_words, format_value, listed_words, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.joined import Joined
    from maps.look.scales import Scheme

MOST_PANELS = 9


def spec_multiples(
    maps: Sequence[Joined], *, scheme: Scheme = "quantile", k: int = 5, centre: float | None = None
) -> MapSpec:
    """Describe small multiples, in the order given, all in the classes of the pooled values.

    Parameters
    ----------
    maps : one outcome at several periods, or outcomes of one unit and direction; on the same boundaries.

    Raises
    ------
    MapError
        Fewer than two or more than nine maps; other boundaries, units or directions.
    """
    faults = _faults(maps)
    if faults:
        raise MapError("these maps cannot stand in common classes", faults)
    first = maps[0]
    about = 0.0 if centre is None and first.meta.unit == "z" else centre
    pooled = pd.concat([framing.valued(joined) for joined in maps], ignore_index=True)
    scale = classify(pooled, scheme=scheme, k=k, unit=first.meta.unit, favourable=first.meta.favourable, centre=about)
    by_period = len({joined.meta.id for joined in maps}) == 1
    panels = tuple(
        (
            label(joined.period) if by_period else framing.titled(joined),
            scale_assignment(scale, scale.classify(framing.valued(joined))),
        )
        for joined in maps
    )
    classes = scale_classes(scale, int(pooled.isna().sum()))
    title = _title(maps, by_period=by_period)
    what = f"{framing.titled(first)} ({first.meta.unit})" if by_period and first.meta.unit else framing.titled(first)
    shown = f"{label(first.period)} to {label(maps[-1].period)}" if by_period else label(first.period)
    names = what if by_period else f"{counted(len(maps), 'outcome')} in common classes"
    return MapSpec(
        id=f"{first.meta.id}/multiples",
        kind="multiples",
        outcome=first.meta.id,
        title=title,
        subtitle=f"{names}, {shown}; {framing.boundary_words(first.boundaries)}",
        sure="Classes are the same on every map, so colours can be compared between them.",
        legend_title=f"{framing.titled(first) if by_period else 'All outcomes'}, areas on all maps",
        classes=classes,
        assignment=dict(panels[-1][1]),
        panels=panels,
        notes=(direction_words(first.meta.favourable), *framing.coverage_notes(first)),
        foot=framing.foot(
            list(dict.fromkeys(joined.meta.source for joined in maps)),
            first.boundaries,
            method=f"{scale.words()}; areas of all maps together",
        ),
        alt=f"{len(panels)} small maps in common classes: {title}.",
        description=f"{title}. Maps: {', '.join(name for name, _ in panels)}.",
    )


def _faults(maps: Sequence[Joined]) -> list[str]:
    if not 2 <= len(maps) <= MOST_PANELS:
        return [f"two to {MOST_PANELS} maps stand on a page; found {len(maps)}"]
    faults = []
    if len({(joined.boundaries.geography, joined.boundaries.date) for joined in maps}) > 1:
        faults.append("boundaries differ: recode all to one date first")
    if len({joined.meta.unit for joined in maps}) > 1:
        faults.append(f"units differ: {', '.join(sorted({joined.meta.unit or 'none' for joined in maps}))}")
    if len({joined.meta.favourable for joined in maps}) > 1:
        faults.append("high is good in one and bad in another: one colour would mean two things")
    return faults


def _title(maps: Sequence[Joined], *, by_period: bool) -> str:
    first, last = maps[0], maps[-1]
    if by_period:
        middles = [float(framing.valued(joined).median()) for joined in (first, last)]
        texts = [format_value(value, first.meta.unit) for value in middles]
        verb = "rose" if middles[1] > middles[0] else "fell" if middles[1] < middles[0] else "stayed"
        moved = (
            f"from {texts[0]} in {label(first.period)} to {texts[1]} in {label(last.period)}"
            if verb != "stayed"
            else f"at {texts[0]}"
        )
        return f"{framing.titled(first)}: the median area {verb} {moved}"
    lowest = [framing.extremes(framing.valued(joined), joined.frame["name"])[0][0] for joined in maps]
    return (
        f"{sentence(counted(len(maps), 'outcome'))} on one scale: lowest in {listed_words(list(dict.fromkeys(lowest)))}"
    )
