"""The map of levels: which areas are below or above the average once the error of all figures is allowed for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.errors import MapError
from maps.findings import study_levels
from maps.kinds import captions
from maps.kinds.choropleth import spec_choropleth
from maps.look import palettes
from maps.look.texture import UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, say
from maps.words.findings import finding_title, levels_sure
from maps.words.findings.place import chance

if TYPE_CHECKING:
    import pandas as pd

    from analysis.study import Study
    from maps.findings import LevelsFinding


def spec_levels(study: Study) -> MapSpec:
    """Describe a map of levels, with the probability behind each.

    Raises
    ------
    MapError
        No error is known for any figure: there is no probability to show.
    """
    joined = study.joined
    finding = study_levels(study)
    if finding.basis != "posterior":
        raise MapError(
            f"no error is known for any figure of {joined.meta.id!r}",
            ["a map of levels needs lower and upper limits, standard errors, or a stated reliability"],
        )
    topic = Topic.of(joined)
    title = finding_title(finding, topic)
    classes = _classes(joined.meta.favourable == "low", finding)
    level = study.levels.frame["level"].astype(str)
    return replace(
        spec_choropleth(joined, average=study.average),
        id=f"{joined.meta.id}/levels",
        kind="levels",
        title=title,
        sure=levels_sure(finding, finding.reference, topic),
        finding=finding,
        legend_title=say("uncertainty.legend"),
        classes=classes,
        assignment={str(code): name for code, name in level.items()},
        method=say("levels-map.method"),
        alt=say("levels-map.alt", whole=counted(len(level)), title=title),
        tables=(),
        breaks=(),
        description=captions.description(title, classes, None, topic),
        values=_values(study, captions.area_texts(joined)),
    )


def _values(study: Study, texts: dict[str, str]) -> dict[str, str]:
    """Return each figure with the probability that it is truly below the average, by code."""
    below: pd.Series = study.levels.frame["p_below"].dropna()
    sure = {
        str(code): say("levels-map.below", text=texts[str(code)], share=chance(float(p))) for code, p in below.items()
    }
    return texts | sure


def _classes(good_low: bool, levels: LevelsFinding) -> tuple[LegendClass, ...]:  # noqa: FBT001 - a private table of two
    brown, _, pale, _, teal = palettes.DIVERGING_5
    high = LegendClass("high", say("uncertainty.above"), brown if good_low else teal, len(levels.high))
    low = LegendClass("low", say("uncertainty.below"), teal if good_low else brown, len(levels.low))
    grey, dots = palettes.NOT_TESTABLE, palettes.NOT_TESTABLE_DOTS
    return (
        textured(high, UNFAVOURABLE) if good_low else high,
        LegendClass("not-clear", say("uncertainty.cannot-be-told"), pale, len(levels.unclear)),
        low if good_low else textured(low, UNFAVOURABLE),
        LegendClass("error-unknown", say("levels-map.unknown"), grey, len(levels.unknown), "dots", "", dots),
        captions.no_data_class(len(levels.no_data)),
    )
