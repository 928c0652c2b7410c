"""Small multiples: one outcome at several periods, or several outcomes, in common classes on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.outcomes.periods import label
from geo.errors import MapError
from maps.findings import SeriesFinding
from maps.kinds import captions
from maps.kinds.choropleth import scale_assignment, scale_classes
from maps.look.scales import classify
from maps.spec import MapSpec
from maps.words import Topic, counted, direction_words, say
from maps.words.findings import finding_title

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
    pooled = pd.concat([captions.valued(joined) for joined in maps], ignore_index=True)
    scale = classify(pooled, scheme=scheme, k=k, unit=first.meta.unit, favourable=first.meta.favourable, centre=about)
    by_period = len({joined.meta.id for joined in maps}) == 1
    panels = tuple(
        (
            label(joined.period) if by_period else captions.titled(joined),
            scale_assignment(scale, scale.classify(captions.valued(joined))),
        )
        for joined in maps
    )
    classes = scale_classes(scale, int(pooled.isna().sum()))
    finding = _finding(maps, by_period=by_period)
    title = finding_title(finding, Topic.of(first))
    since, until = label(first.period), label(maps[-1].period)
    names = captions.titled_unit(first) if by_period else say("series.names", outcomes=counted(len(maps), "outcome"))
    shown = say("value.range", low=since, high=until) if by_period else since
    outcomes = captions.titled(first) if by_period else say("series.all")
    return MapSpec(
        id=f"{first.meta.id}/multiples",
        kind="multiples",
        outcome=first.meta.id,
        title=title,
        measure=say("subtitle.period", measure=names, period=shown),
        sure=say("series.sure"),
        legend_title=captions.with_unit(say("series.legend", outcomes=outcomes), first.meta.unit),
        classes=classes,
        assignment=dict(panels[-1][1]),
        panels=panels,
        notes=(direction_words(first.meta.favourable),),
        coverage=captions.coverage_notes(first),
        finding=finding,
        method=say("series.method", classes=scale.words()),
        sources=tuple(dict.fromkeys(joined.meta.source for joined in maps)),
        alt=say("series.alt", maps=counted(len(panels), "map"), title=title),
        description=say("series.description", title=title, panels=", ".join(name for name, _ in panels)),
        **captions.drawn_on(first.boundaries),
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


def _finding(maps: Sequence[Joined], *, by_period: bool) -> SeriesFinding:
    first, last = maps[0], maps[-1]
    if by_period:
        then, now = (float(captions.valued(joined).median()) for joined in (first, last))
        return SeriesFinding(label(first.period), label(last.period), then, now)
    lowest = tuple(str(captions.valued(joined).dropna().sort_index().idxmin()) for joined in maps)
    return SeriesFinding(lowest=lowest, outcomes=len(maps))
