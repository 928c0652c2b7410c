"""The two pages that a press office gets: one table, what was found of each outcome, small maps, what is not shown, licences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.feet import licence_lines
from maps.findings import range_of
from maps.kinds.table import title_of
from maps.leaflet.page import report_line
from maps.packs.answers import kinds_sentence, region_answers
from maps.words import format_count, format_date, in_sentence, say, spoken
from maps.words.findings.levels import reference_figure
from maps.words.findings.watched import named_sentences, watched_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from maps.packs.contents import Kit, PackOutcome, Region

MOST_TOLD = 6
"""Outcomes of which maps are shown, and sentences told where there is room; the table has every one that it can hold."""

MOST_ROWS, LEAST_TOLD = 14, 2
ROOM, ROW, PARAGRAPH = 640.0, 31.0, 82.0
"""Points of the first page below its heading, of a row of the table, and of what is told of an outcome: so many fit."""

LEVEL_SENTENCES, FURTHER_SENTENCES = 4, 3
"""Sentences of an outcome on its level, and on change and pattern: the rest stands in the pack."""


@dataclass(frozen=True, slots=True)
class SmallMap:
    """A picture of the summary: where it lies in the pack, what stands under it, what it is read out as."""

    path: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary before it has a form.

    Parameters
    ----------
    title, other, language, atlas, lede : what stands above; ``other`` is the place's name in another language. heads, rows : the table, cells as text, the first of each row its heading.
    told : an outcome with its sentences. maps : small ones, with ``legend`` under them. limits, lines, foot : what ends it.
    watched : what gets worse and what gets better there, with the number expected to be false; empty where nothing is followed.
    kinds, kinds_of : what the whole map shows of the place's kinds, and of which outcome.
    more : what else there is in the pack; "" where everything is told. draft : whether the words are to be checked still.
    """

    title: str
    other: str
    language: str
    atlas: str
    lede: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told: tuple[tuple[str, tuple[str, ...]], ...]
    maps: tuple[SmallMap, ...]
    legend: str
    limits: tuple[str, ...]
    lines: tuple[str, ...]
    foot: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    kinds_of: str = ""
    watched: tuple[str, ...] = ()
    more: str = ""
    draft: bool = False


def summary_of(
    region: Region,
    boundaries: BoundarySet,
    outcomes: Sequence[PackOutcome],
    kit: Kit,
    maps: Mapping[str, SmallMap],
    sources: Sequence[Source],
) -> Summary:
    """Return the summary of a place.

    Parameters
    ----------
    outcomes : cut to the place. maps : small map by outcome, for those that have one.
    """
    one, note = len(region.codes) == 1, kit.note
    rows = min(len(outcomes), MOST_ROWS)
    watched = watched_summary(region, kit)
    room = ROOM - ROW * rows - PARAGRAPH * bool(watched)
    told = outcomes[: max(LEAST_TOLD, min(MOST_TOLD, int(room // PARAGRAPH)))]
    lede = say("pack.lede", whole=say("count.area", n=len(region.codes)), date=format_date(boundaries.date))
    more = len(outcomes) - len(told)
    typed = next(
        ((each.topic.dated, types) for each in told if (types := region_answers(each, region, kit.kinds)["types"])),
        ("", ()),
    )
    return Summary(
        title=region.info.name,
        other=region.info.other[0],
        language=region.info.other[1],
        atlas=note.atlas,
        lede=" ".join(part for part in (lede, kinds_sentence(region, kit.kinds)) if part),
        heads=tuple(say(f"summary.{name}") for name in (_ONE if one else _MANY)),
        rows=tuple(_one_row(each, region) if one else _row(each, region) for each in outcomes[:rows]),
        told=tuple((each.topic.dated, _sentences(each, region, kit)) for each in told),
        maps=tuple(maps[each.id] for each in outcomes[:MOST_TOLD] if each.id in maps),
        legend=_legend(outcomes[:MOST_TOLD]),
        limits=(say("limits.areas"), say("limits.where"), say("pack.not-significant")),
        lines=licence_lines(sources),
        foot=(say("pack.made", version=note.version, data_date=note.data_date), report_line(note.report_to)),
        kinds=tuple(typed[1]),
        kinds_of=typed[0],
        watched=watched,
        more=say("summary.more", n=more) if more else "",
        draft=not spoken().checked,
    )


def watched_summary(region: Region, kit: Kit) -> tuple[str, ...]:
    """Return how many figures of a place get worse and better, how many of them are expected to be false, and the first by name."""
    found = kit.watched.within(region.codes)
    topics = {outcome.id: outcome.topic for outcome in kit.outcomes}
    return (*watched_sentences(found, topics), *named_sentences(found, topics))


_MANY = ("outcome", "against", "below", "above", "unclear", "lowest", "highest")
_ONE = ("outcome", "against", "figure", "interval-head", "level")


def _row(outcome: PackOutcome, region: Region) -> tuple[str, ...]:
    """Return an outcome with the number of areas on each side, and its ends."""
    found, topic = outcome.findings, outcome.topic
    here = found.standing.here if found is not None and found.standing is not None else None
    counts = (
        ("", "", "") if here is None else tuple(format_count(len(side)) for side in (here.low, here.high, here.unclear))
    )
    spread = range_of(outcome.numbers.reindex(list(region.codes)).astype("float64"))
    ends = [
        say("summary.end", figure=topic.figure(figure.value), names=topic.listed(at, most=2))
        if figure is not None
        else say("value.none")
        for figure, at in ((spread.lowest, spread.lowest_at), (spread.highest, spread.highest_at))
    ]
    against = "" if here is None else reference_figure(here.reference, topic)
    return (topic.dated, against, *counts, *ends)


def _one_row(outcome: PackOutcome, region: Region) -> tuple[str, ...]:
    """Return an outcome with the figure of a single area."""
    code, topic, levels = region.codes[0], outcome.topic, outcome.levels
    value, *ends = (
        math.nan if column is None else float(column.get(code, math.nan))
        for column in (outcome.numbers, outcome.lower, outcome.upper)
    )
    known = math.isfinite(value)
    both = known and all(map(math.isfinite, ends))
    interval = say("summary.interval", lower=topic.figure(ends[0]), upper=topic.figure(ends[1])) if both else ""
    sides = ("low", "high", "unclear", "unknown", "no_data")
    side = next((name for name in sides if levels is not None and code in getattr(levels, name)), "unknown")
    bare = "-bare" if levels is not None and levels.basis == "value" else ""
    return (
        topic.dated,
        "" if levels is None else reference_figure(levels.reference, topic),
        topic.figure(value) if known else say("value.none"),
        interval,
        say(f"summary.side-{side.replace('_', '-')}{bare}"),
    )


def _sentences(outcome: PackOutcome, region: Region, kit: Kit) -> tuple[str, ...]:
    answers = region_answers(outcome, region, kit.kinds)
    further = [*answers["change"], *answers["pattern"]]
    return (*answers["levels"][:LEVEL_SENTENCES], *further[:FURTHER_SENTENCES])


def _legend(outcomes: Sequence[PackOutcome]) -> str:
    """Return how the small maps are read."""
    kinds = {spec.kind for outcome in outcomes for spec in outcome.specs}
    return (
        say("summary.legend-levels")
        if "levels" in kinds
        else say("summary.legend-values", kind=in_sentence(title_of("choropleth")))
    )
