"""Two outcomes on one map, in three by three classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.periods import dated
from geo.errors import MapError
from maps.findings import PairFinding
from maps.findings.cutting import codes_where
from maps.kinds import captions
from maps.look import palettes
from maps.look.scales import NO_CLASS, classify
from maps.look.texture import PAIR_STEP, textured
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, say
from maps.words.findings.places import pair_title

if TYPE_CHECKING:
    from typing import Literal

    from boundaries.joined import Joined
    from maps.look.scales import Scale

THIRDS = ("low", "middle", "high")


def spec_bivariate(first: Joined, second: Joined) -> MapSpec:
    """Describe a map of two outcomes, each in thirds of its own areas.

    Parameters
    ----------
    first, second : on the same boundaries; rows and columns of the square legend.

    Raises
    ------
    MapError
        Other boundaries, or fewer than three different values in one of the two.
    """
    same_areas(first, second)
    codes = first.frame.index[first.covered & second.covered]
    rows, columns = (_thirds(joined, codes).assignment for joined in (first, second))
    missing = (rows == NO_CLASS) | (columns == NO_CLASS)
    keys = pd.Series(
        np.where(missing, captions.NO_DATA, [f"{row}-{column}" for row, column in zip(rows, columns, strict=True)]),
        index=codes,
    )
    topics = Topic.of(first), Topic.of(second)
    classes = (*_square(keys, *topics), captions.no_data_class(int(missing.sum())))
    finding = _finding(keys, missing, *topics)
    title = pair_title(finding, *topics)
    texts = [captions.area_texts(joined) for joined in (first, second)]
    shown = [dated(words, one.period) for words, one in zip((topics[0].heading, topics[1].noun), topics, strict=True)]
    return MapSpec(
        id=f"{first.meta.id}/bivariate-{second.meta.id}",
        kind="bivariate",
        outcome=first.meta.id,
        title=title,
        measure=say("pair.measure", first=shown[0], second=shown[1]),
        sure=say("pair.sure"),
        legend_title=say("pair.legend"),
        classes=classes,
        assignment={str(code): str(key) for code, key in keys.items()},
        notes=(*(say(f"note.direction-{one.favourable}", outcome=one.heading) for one in topics),),
        coverage=captions.coverage_notes(first),
        finding=finding,
        method=say("pair.method"),
        sources=(first.meta.source, second.meta.source),
        alt=say("pair.alt", whole=counted(len(keys)), title=title),
        description=captions.description(title, classes, None, topics[0]),
        values={str(code): f"{texts[0][str(code)]}; {texts[1].get(str(code), say('value.none'))}" for code in codes},
        square=(captions.titled(first), captions.titled(second)),
        **captions.drawn_on(first.boundaries),
    )


def same_areas(first: Joined, second: Joined) -> None:
    """Refuse two outcomes on other boundaries.

    Raises
    ------
    MapError
        Their geographies or dates differ.
    """
    if first.boundaries.geography != second.boundaries.geography or first.boundaries.date != second.boundaries.date:
        raise MapError(
            f"two outcomes on other boundaries cannot share a map: {first.boundaries!r} and {second.boundaries!r}",
            ["recode one of them to the other's date first"],
        )


def _thirds(joined: Joined, codes: pd.Index) -> Scale:
    scale = classify(joined.frame.loc[codes, "value"].astype("float64"), k=3, unit=joined.meta.unit)
    if scale.k != 3:
        raise MapError(
            f"{joined.meta.id!r} has {scale.k} different classes of values", ["thirds need three or more values"]
        )
    return scale


def _square(keys: pd.Series, first: Topic, second: Topic) -> list[LegendClass]:
    """Return the nine classes, with fine lines where one outcome leads: along where it is the first, else upright."""
    counts = keys.value_counts()
    found = []
    for row, own in enumerate(THIRDS):
        for column, other in enumerate(THIRDS):
            key = f"{row}-{column}"
            words = say(f"pair.class-{own}-{other}", first=first.heading, second=second.noun)
            entry = LegendClass(key, words, palettes.BIVARIATE[row][column], int(counts.get(key, 0)))
            leads = "lines" if row > column else "upright"
            found.append(textured(entry, leads, step=PAIR_STEP) if row != column else entry)
    return found


def _finding(keys: pd.Series, missing: pd.Series, first: Topic, second: Topic) -> PairFinding:
    """Find the areas in the unfavourable third of both; in the low third where neither end is good."""
    ends: list[Literal["low", "high"]] = ["high" if one.first == "high" else "low" for one in (first, second)]
    row, column = (THIRDS.index(end) for end in ends)
    return PairFinding(codes_where(keys == f"{row}-{column}"), codes_where(~missing), ends[0], ends[1])
