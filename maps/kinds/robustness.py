"""A map of how far a cluster depends on choices: core, probable, contested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import MapError, listed
from maps.findings import robustness_of
from maps.findings.pattern import LEVELS
from maps.kinds import captions
from maps.look import palettes
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, say
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from typing import Literal

    import pandas as pd

    from boundaries.joined import Joined


def spec_robustness(joined: Joined, robustness: pd.DataFrame, *, method: str = "", column: str = "class") -> MapSpec:
    """Describe a map of how robust the unfavourable clusters are.

    Parameters
    ----------
    robustness : by code; ``column`` holds core, probable, contested, none, not-testable or no-data, of the unfavourable end
        (of the low end where neither is good).
    method : which runs were compared, in one line.

    Raises
    ------
    MapError
        Areas without a level, or levels that are not known.
    """
    meta, topic = joined.meta, Topic.of(joined)
    covered = joined.frame.index[joined.covered]
    levels = robustness[column].reindex(covered)
    allowed = [*LEVELS, "none", captions.NOT_TESTABLE, captions.NO_DATA]
    faults = [f"{int(levels.isna().sum())} areas have no level"] if levels.isna().any() else []
    strange = sorted(set(levels.dropna()) - set(allowed))
    faults += [f"unknown levels {listed(strange)}: known are {', '.join(allowed)}"] if strange else []
    if faults:
        raise MapError(f"the robustness of {meta.id!r} cannot be drawn", faults)
    counts = levels.value_counts()
    classes = (
        *(
            LegendClass(level, say(f"robustness.{level}"), colour, int(counts.get(level, 0)), note=level)
            for level, colour in zip(LEVELS, palettes.ROBUSTNESS, strict=False)
        ),
        LegendClass("none", say("robustness.none"), palettes.ROBUSTNESS[-1], int(counts.get("none", 0))),
        captions.not_testable_class(int(counts.get(captions.NOT_TESTABLE, 0))),
        captions.no_data_class(int(counts.get(captions.NO_DATA, 0))),
    )
    end: Literal["low", "high"] = "high" if meta.favourable == "low" else "low"
    finding = robustness_of(levels, end)
    title = finding_title(finding, topic)
    texts = captions.area_texts(joined)
    return MapSpec(
        id=f"{meta.id}/robustness",
        kind="robustness",
        outcome=meta.id,
        title=title,
        measure=captions.measure_words(joined),
        sure=say("robustness.sure"),
        legend_title=say(f"robustness.legend-{end}"),
        classes=classes,
        assignment={str(code): str(level) for code, level in levels.items()},
        notes=(say("robustness.note"),),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=method or say("robustness.method"),
        sources=(meta.source,),
        alt=say("robustness.alt", whole=counted(len(levels)), title=title),
        description=captions.description(title, classes, captions.valued(joined), topic),
        values={code: say("value.classed", value=text, label=str(levels[code])) for code, text in texts.items()},
        **captions.drawn_on(joined.boundaries),
    )
