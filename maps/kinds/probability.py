"""A map of how probable it is that each area is truly below the average, once the error of all figures is allowed for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from boundaries.vocabulary import share_words
from maps.kinds import captions
from maps.kinds.levels import spec_levels
from maps.look import palettes
from maps.look.texture import UNFAVOURABLE, textured
from maps.spec import LegendClass
from maps.words import Topic, counted, say

if TYPE_CHECKING:
    from analysis.study import Study
    from maps.spec import MapSpec

LIMITS = (0.05, 0.2, 0.8, 0.95)
"""Inner limits of the classes: beyond the outer ones one area in twenty is on the other side at most."""


def spec_probability(study: Study) -> MapSpec:
    """Describe a map of the probability of being below the average.

    Raises
    ------
    MapError
        No error is known for any figure: there is no probability to show.
    """
    base = spec_levels(study)
    below = study.levels.frame["p_below"].astype("float64")
    place = np.searchsorted(np.asarray(LIMITS), below.to_numpy(), side="right")
    unknown = study.levels.frame["level"].eq("error-unknown").to_numpy()
    assignment = {
        str(code): f"class-{number + 1}" if known else "error-unknown" if lacks else captions.NO_DATA
        for code, number, known, lacks in zip(
            below.index, place.tolist(), below.notna().tolist(), unknown.tolist(), strict=True
        )
    }
    classes = _classes(list(assignment.values()), good_low=study.joined.meta.favourable == "low")
    return replace(
        base,
        id=f"{study.joined.meta.id}/probability",
        kind="probability",
        legend_title=say("probability.legend"),
        classes=classes,
        assignment=assignment,
        alt=say("probability.alt", whole=counted(len(assignment)), title=base.title),
        description=captions.description(base.title, classes, None, Topic.of(study.joined)),
    )


def _classes(keys: list[str], *, good_low: bool) -> tuple[LegendClass, ...]:
    """Return legend entries from the surest below to the surest above."""
    low, *_, high = limits = [share_words(limit) for limit in LIMITS]
    middle = [say("probability.between", low=one, high=other) for one, other in pairwise(limits)]
    labels = [say("probability.less", high=low), *middle, say("probability.more", low=high)]
    colours = palettes.DIVERGING_5 if good_low else palettes.DIVERGING_5[::-1]
    found = []
    for number in reversed(range(len(labels))):
        key = f"class-{number + 1}"
        entry = LegendClass(key, labels[number], colours[number], keys.count(key))
        unfavourable = number < len(LIMITS) // 2 if good_low else number > len(LIMITS) // 2
        found.append(textured(entry, UNFAVOURABLE) if unfavourable else entry)
    if lacking := keys.count("error-unknown"):
        grey, dots = palettes.NOT_TESTABLE, palettes.NOT_TESTABLE_DOTS
        found.append(LegendClass("error-unknown", say("levels-map.unknown"), grey, lacking, "dots", "", dots))
    return (*found, captions.no_data_class(keys.count(captions.NO_DATA)))
