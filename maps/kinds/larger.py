"""A map of how far a cluster depends on the size of areas: on every scale tried, on these areas only, on larger ones only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.vocabulary import geography_words
from maps.findings.larger import SCALES, larger_of
from maps.kinds import captions
from maps.look import palettes
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, format_count, format_value, say
from maps.words.findings import finding_title

if TYPE_CHECKING:
    import pandas as pd

    from analysis.larger_areas import OnLarger
    from boundaries.joined import Joined
    from maps.findings.larger import LargerFinding


def spec_larger(joined: Joined, larger: OnLarger) -> MapSpec:
    """Describe a map of the scales on which areas lie in clusters of the unfavourable end (the low end where neither is good).

    Parameters
    ----------
    joined : the outcome. larger : its classes on the areas and on the larger areas they lie in.
    """
    meta, topic = joined.meta, Topic.of(joined)
    finding = larger_of(larger, "high" if meta.favourable == "low" else "low")
    levels = larger.across(finding.end).reindex(joined.frame.index[joined.covered])
    counts = levels.value_counts()
    classes = (
        *(
            LegendClass(level, say(f"larger.{level}"), colour, int(counts.get(level, 0)))
            for level, colour in zip((*SCALES, "none"), palettes.ROBUSTNESS, strict=True)
        ),
        captions.not_testable_class(int(counts.get(captions.NOT_TESTABLE, 0))),
        captions.no_data_class(int(counts.get(captions.NO_DATA, 0))),
    )
    title = finding_title(finding, topic)
    texts = captions.area_texts(joined)
    return MapSpec(
        id=f"{meta.id}/larger",
        kind="larger",
        outcome=meta.id,
        title=title,
        measure=captions.measure_words(joined),
        sure=say("larger.sure"),
        legend_title=say(f"larger.legend-{finding.end}"),
        classes=classes,
        assignment={str(code): str(level) for code, level in levels.items()},
        notes=(tried(larger.table, finding),),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=say("larger.method", shares="; ".join(_shares(larger.table))),
        sources=(meta.source,),
        alt=say("larger.alt", whole=counted(len(levels)), title=title),
        description=captions.description(title, classes, captions.valued(joined), topic),
        values={
            code: say("value.classed", value=text, label=say(f"larger.{levels[code]}"))
            for code, text in texts.items()
            if levels[code] in (*SCALES, "none")
        },
        **captions.drawn_on(joined.boundaries),
    )


def tried(table: pd.DataFrame, finding: LargerFinding) -> str:
    """Say on which areas the pattern was tested, and how many lie in clusters of the end there."""
    column = "low_low" if finding.end == "low" else "high_high"
    spans = [
        say(
            "larger.by",
            areas=f"{format_count(row['areas'])} {geography_words(row['scale'], count=row['areas'])}",
            n=row[column],
        )
        for row in table.to_dict("records")
    ]
    return say(f"larger.tried-{finding.end}", spans=", ".join(spans))


def _shares(table: pd.DataFrame) -> list[str]:
    return [
        say(
            "larger.share",
            areas=geography_words(row["scale"]),
            share=format_value(100 * row["same"], "%", decimals=0),
            chance=format_value(100 * row["same_by_chance"], "%", decimals=0),
        )
        for row in table.iloc[1:].to_dict("records")
    ]
