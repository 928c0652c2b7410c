"""An outcome cut to a region: what its areas show, as records, and the atlas's maps with the region's own counts and words."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from maps.findings import LevelsFinding, RangeFinding, ends_of, range_of, standing_of
from maps.kinds import captions
from maps.look import palettes
from maps.packs.contents import RegionFindings
from maps.spec import Outline
from maps.words import say
from maps.words.findings import ends_sentence, levels_sure, pattern_sentences, range_sentence, standing_sentences
from maps.words.findings.levels import reference_words
from maps.words.findings.titles import regional_title

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from maps.packs.contents import PackOutcome
    from maps.spec import LegendClass, MapSpec
    from maps.words import Topic

LEVEL_KINDS = ("choropleth", "levels", "uncertainty")
"""Kinds of map whose title says where a single area stands."""

VALUE_KINDS = ("choropleth", "uncertainty", "hex")
"""Kinds of map that show values: beside them stands what the region's own ends cannot be distinguished from."""


def region_findings(codes: Sequence[str], outcome: PackOutcome) -> RegionFindings:
    """Find what the areas of a region show for one outcome.

    Parameters
    ----------
    codes : of every area of the region. outcome : its values may hold areas outside the region.
    """
    values = outcome.numbers.reindex(list(codes)).astype("float64")
    lower, upper = (None if end is None else end.reindex(list(codes)) for end in (outcome.lower, outcome.upper))
    levels = outcome.levels
    return RegionFindings(
        None
        if levels is None
        else standing_of(
            levels,
            codes,
            outcome.nations,
            p_below=outcome.p_below,
            bands=outcome.bands,
            worst=outcome.worst,
            end="low" if outcome.topic.first == "low" else "high",
        ),
        range_of(values, lower, upper),
        ends_of(values, lower, upper),
        None if outcome.pattern is None else outcome.pattern.within(codes),
    )


def region_sentences(found: RegionFindings, topic: Topic) -> tuple[str, ...]:
    """Return what a region shows in sentences: levels against nation and whole, the ends, pattern, areas without a value."""
    said = [] if found.standing is None else standing_sentences(found.standing, topic)
    said.append(range_sentence(found.spread, topic))
    # that no error is published stands with the levels already
    bare = found.standing is not None and found.standing.here.basis == "value"
    if (told := ends_sentence(found.ends, topic)) and not bare:
        said.append(told)
    if found.pattern is not None:
        said += pattern_sentences(found.pattern, topic, named=True)
    if found.spread.absent and found.spread.n:
        said.append(say("region.absent", names=topic.listed(found.spread.absent)))
    return tuple(said)


def regional_outcome(
    outcome: PackOutcome, own: BoundarySet, region: str, codes: Sequence[str] | None = None
) -> PackOutcome:
    """Cut an outcome to a region: what its areas show, and its maps; one that is cut to it already is returned as it is.

    Parameters
    ----------
    own : the areas of the maps. region : its name. codes : of the areas that are spoken of, where others are shown beside them.
    """
    if outcome.region == region:
        return outcome
    spoken = [str(code) for code in own.frame["code"]] if codes is None else list(codes)
    cut = replace(outcome, topic=outcome.topic.within(region), region=region, findings=region_findings(spoken, outcome))
    specs = tuple(regional_spec(spec, cut, own) for spec in outcome.specs)
    if len(spoken) == 1 < len(own):
        specs = tuple(_of_one(spec, cut, spoken[0]) for spec in specs)
    return replace(cut, specs=specs)


def _of_one(spec: MapSpec, outcome: PackOutcome, code: str) -> MapSpec:
    """Return a map of one area and those beside it: it says the level of the one, which is outlined."""
    title = council_level(outcome, code) if spec.kind in LEVEL_KINDS else spec.title
    if spec.kind not in LEVEL_KINDS:
        title = say("pack.title-beside", place=outcome.topic.place, measure=spec.measure)
    own = Outline("own", "", (code,), palettes.INK)
    alt = say("region.alt", place=outcome.topic.place, title=title)
    # the title says of the one area how sure its level is; what is sure of several is not said of it
    return replace(spec, title=title, sure="", alt=alt, outlines=(*spec.outlines, own), finding=None)


def council_level(outcome: PackOutcome, code: str) -> str:
    """Return where one area stands, with its figure and interval, without a full stop."""
    topic, value = outcome.topic, float(outcome.numbers.get(code, math.nan))
    if not math.isfinite(value):
        return say("pack.level-none", outcome=topic.heading)
    text = topic.figure(value)
    ends = [math.nan if end is None else float(end.get(code, math.nan)) for end in (outcome.lower, outcome.upper)]
    if all(map(math.isfinite, ends)):
        text = say("value.interval", figure=text, lower=topic.figure(ends[0]), upper=topic.figure(ends[1]))
    levels = outcome.levels
    if levels is None:
        return say("pack.level-bare", outcome=topic.heading, figure=text)
    side = next((side for side in ("low", "high", "unclear", "unknown") if code in getattr(levels, side)), "unknown")
    how = "bare" if levels.basis == "value" else "clear"
    reference = reference_words(levels.reference, topic)
    return say(f"pack.level-{side}-{how}", outcome=topic.heading, figure=text, reference=reference)


def regional_spec(spec: MapSpec, outcome: PackOutcome, own: BoundarySet) -> MapSpec:
    """Cut a map of the whole atlas to a region: its areas, counts, words and sources are the region's.

    Parameters
    ----------
    outcome : cut to the region already, but for its maps. own : the areas of the region, with the sources of their shapes.

    Notes
    -----
    Tables and symbols carry no codes: they cannot be cut, and are left out.
    """
    topic, codes = outcome.topic, {str(code) for code in own.frame["code"]}
    assignment, overlay = _within(spec.assignment, codes), _within(spec.overlay, codes)
    classes = _counted(spec.classes, assignment)
    spread = None if outcome.findings is None else outcome.findings.spread
    finding = spread if isinstance(spec.finding, RangeFinding) else spec.finding and spec.finding.within(codes)
    standing = None if outcome.findings is None else outcome.findings.standing
    if isinstance(finding, LevelsFinding) and standing is not None:
        # one place has one level: that of the probabilities, where there are any, on every map
        finding = standing.here
    title = regional_title(finding, topic) or say("region.title", measure=spec.measure, place=topic.place)
    said = () if outcome.findings is None else region_sentences(outcome.findings, topic)
    return replace(
        spec,
        title=title,
        sure=_sure(spec, outcome),
        finding=finding,
        region=topic.place,
        extent=(),
        assignment=assignment,
        classes=classes,
        overlay=overlay,
        extra_legends=tuple((heading, _counted(entries, overlay)) for heading, entries in spec.extra_legends),
        panels=tuple((heading, _within(panel, codes)) for heading, panel in spec.panels),
        tables=(),
        symbols=(),
        outlines=tuple(
            replace(outline, codes=tuple(code for code in outline.codes if code in codes))
            for outline in spec.outlines
            if codes & set(outline.codes)
        ),
        values=_within(spec.values, codes),  # a spec, not a frame
        coverage=outcome.coverage,
        alt=say("region.alt", place=topic.place, title=title),
        description=" ".join([captions.description(title, classes, None, topic), *said]),
        **captions.drawn_on(own),
    )


def _sure(spec: MapSpec, outcome: PackOutcome) -> str:
    """Return how sure a regional map is: of values by the region's own figures, else as the whole map is."""
    if spec.kind not in VALUE_KINDS or outcome.findings is None:
        return spec.sure
    found, topic = outcome.findings, outcome.topic
    levels: LevelsFinding | None = None if found.standing is None else found.standing.here
    reference = None if levels is None else levels.reference
    ends = ends_sentence(found.ends, topic) if found.ends is not None and found.ends.intervals == "all" else ""
    return " ".join(line for line in (levels_sure(levels, reference, topic), ends) if line)


def _within(by_code: Mapping[str, str], codes: Collection[str]) -> dict[str, str]:
    return {code: held for code, held in by_code.items() if code in codes}


def _counted(classes: Sequence[LegendClass], assignment: Mapping[str, str]) -> tuple[LegendClass, ...]:
    counts = Counter(assignment.values())
    return tuple(replace(entry, count=counts[entry.key]) for entry in classes)
