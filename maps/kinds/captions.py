"""What stands round every map: its subtitle, notes, the classes of areas without a value, texts by area, tables of ends."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

import pandas as pd

from boundaries.outcomes.periods import label
from boundaries.vocabulary import geography_words, nation_words
from maps.look import palettes
from maps.spec import LegendClass
from maps.words import Topic, counted, decimals_for, format_count, format_date, listed_words, say, sentence, unit_words
from maps.words.numbers import short_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined
    from geo.provenance import Source

NO_DATA = "no-data"
NOT_TESTABLE = "not-testable"

MADE = ("approximate", "inherited", "modelled", "partial")
"""Qualities of values that were not published for the areas of the map."""

LISTED = 5
"""Areas of each end in a description and in a table."""

LEAST_FOR_TABLES = 10
"""Fewer areas than this are all on the map by name: no table of ends."""

LONGEST_UNIT = 14
"""Signs of a unit that stands behind every figure of a table; a longer one leaves no room for names."""


class Drawn(TypedDict):
    """The fields of a spec that come from the areas it is drawn on."""

    areas: str
    shape_sources: tuple[Source, ...]
    approximate: tuple[str, ...]


def drawn_on(boundaries: BoundarySet) -> Drawn:
    """Return which areas a map shows, whose shapes they are, and which of them are approximate."""
    return {
        "areas": boundary_words(boundaries),
        "shape_sources": tuple(boundaries.sources),
        "approximate": tuple(boundaries.approximate),
    }


def no_data_class(count: int) -> LegendClass:
    """Return the class of areas without a value."""
    words = say("legend.no-data")
    return LegendClass(NO_DATA, words, palettes.NO_DATA, count, hatch="diagonal", hatch_colour=palettes.NO_DATA_HATCH)


def not_testable_class(count: int) -> LegendClass:
    """Return the class of areas none of whose neighbours has a value."""
    words, dots = say("legend.not-testable"), palettes.NOT_TESTABLE_DOTS
    return LegendClass(NOT_TESTABLE, words, palettes.NOT_TESTABLE, count, hatch="dots", hatch_colour=dots)


def valued(joined: Joined) -> pd.Series:
    """Return the values of the covered areas, by code, NaN where there is none."""
    covered: pd.Series = joined.frame.loc[joined.covered, "value"].astype("float64")
    return covered


def titled(joined: Joined) -> str:
    """Return the outcome's title."""
    return sentence(joined.meta.title)


def titled_unit(joined: Joined) -> str:
    """Return the outcome's title with its unit in brackets: a legend states its unit once, here."""
    return with_unit(titled(joined), joined.meta.unit)


def with_unit(words: str, unit: str) -> str:
    """Return words with a unit in brackets."""
    return say("subtitle.unit", words=words, unit=unit_words(unit)) if unit else words


def measure_words(joined: Joined, *, what: str = "") -> str:
    """Return measure, unit and period in one line; ``what``, else a subtitle that is stated, stands for the title."""
    stated = with_unit(joined.meta.subtitle.rstrip("."), joined.meta.unit) if joined.meta.subtitle else ""
    measure = what or stated or titled_unit(joined)
    return say("subtitle.period", measure=measure, period=label(joined.period)) if joined.period else measure


def subtitle(joined: Joined, *, what: str = "") -> str:
    """Return measure, unit, period and boundary date in one line."""
    return f"{measure_words(joined, what=what)}; {boundary_words(joined.boundaries)}"


def boundary_words(boundaries: BoundarySet) -> str:
    """Return ``361 local authority districts of 1 April 2023``; areas of a custom set are areas."""
    nations = boundaries.frame["nation"]
    words = geography_words(boundaries.geography, count=len(boundaries), nations=nations, named=False)
    count, date = format_count(len(boundaries)), format_date(boundaries.date)
    return say("subtitle.areas", count=count, areas=words, date=date)


def coverage_notes(joined: Joined, codes: Collection[str] | None = None) -> tuple[str, ...]:
    """Return what must be said of nations the outcome leaves out and of values that were carried or modelled.

    Parameters
    ----------
    codes : of the areas that are spoken of; all without them.
    """
    chosen = pd.Series(True, index=joined.frame.index) if codes is None else joined.frame.index.isin(list(codes))  # noqa: FBT003
    frame, covered = joined.frame.loc[chosen], joined.covered.loc[chosen]
    return (*coverage_words(frame["nation"], frame["quality"], covered), *joined.notes)


def coverage_words(nation: pd.Series, quality: pd.Series, covered: pd.Series) -> tuple[str, ...]:
    """Return the same of areas, each with its nation, the quality of its value, and whether the outcome covers it."""
    out = sorted(set(nation[~covered]) - set(nation[covered]), key="EWSN".find)
    notes = [say("note.not-covered", nations=listed_words([nation_words([one]) for one in out]))] if out else []
    made = quality[covered & quality.isin(MADE)]
    if len(made):
        parts = [
            say(f"note.quality-{quality}", count=format_count(count))
            for quality, count in sorted(made.value_counts().items())
        ]
        notes.append(say("note.made", whole=counted(len(made)), parts=", ".join(parts)))
    return tuple(notes)


def area_texts(joined: Joined) -> dict[str, str]:
    """Return ``£31,200 (£30,100 to £32,400)`` by code, or why there is no value."""
    topic = Topic.of(joined)
    frame = joined.frame.loc[joined.covered]
    numbers = [frame[column].to_numpy(dtype="float64").tolist() for column in ("value", "lower", "upper")]
    rows = zip(frame.index.astype(str), *numbers, frame["reason"].astype(str), strict=True)
    return {code: _area_text(value, lower, upper, reason, topic) for code, value, lower, upper, reason in rows}


def description(title: str, classes: Sequence[LegendClass], values: pd.Series | None, topic: Topic) -> str:
    """Return the long description: the finding, every class with its count, the five lowest and highest areas."""
    text = say("description.classes", title=title, classes=class_counts(classes))
    if values is None or not values.notna().any():
        return text
    present = values.dropna().sort_index().sort_values(kind="stable")
    few = min(LISTED, len(present))

    def listing(part: pd.Series) -> str:
        return ", ".join(f"{topic.names[str(code)]} {topic.figure(float(value))}" for code, value in part.items())

    ends = say("description.ends", lowest=listing(present.iloc[:few]), highest=listing(present.iloc[::-1].iloc[:few]))
    return f"{text} {ends}"


def class_counts(classes: Sequence[LegendClass]) -> str:
    """Return every class with its count, in one list."""
    return "; ".join(
        f"{entry.label}{f' ({entry.note})' if entry.note else ''}: {format_count(entry.count)}" for entry in classes
    )


def ends_tables(values: pd.Series, topic: Topic) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return tables of the five highest and the five lowest areas; of an end that more areas share, their number.

    None for fewer than ten areas.
    """
    headings = [say("table.highest"), say("table.lowest")]
    if len(topic.unit) > LONGEST_UNIT:
        # a long unit stands once above a table, not in every row of it
        headings = [with_unit(heading, topic.unit) for heading in headings]
        topic = replace(topic, unit=short_unit(topic.unit))
    present = values.dropna().sort_index().sort_values(kind="stable")
    if len(present) < LEAST_FOR_TABLES or present.iloc[0] == present.iloc[-1]:
        return ()
    parts = (present.iloc[::-1].iloc[:LISTED], present.iloc[:LISTED])
    found = decimals_for([value for part in parts for value in part])
    places = found if topic.decimals is None else topic.decimals

    def rows(part: pd.Series) -> tuple[tuple[str, str], ...]:
        end = float(part.iloc[0])
        tied = int((present == end).sum())
        figure = topic.figure(end, decimals=places)
        if tied > LISTED:
            return ((counted(tied), figure),)
        return tuple(
            (topic.name(str(code)), topic.figure(float(value), decimals=places)) for code, value in part.items()
        )

    return ((headings[0], rows(parts[0])), (headings[1], rows(parts[1])))


def _area_text(value: float, lower: float, upper: float, reason: str, topic: Topic) -> str:
    if not math.isfinite(value):
        return say("value.none-because", reason=reason) if reason else say("value.none")
    text = topic.figure(value)
    if math.isfinite(lower) and math.isfinite(upper):
        return say("value.interval", figure=text, lower=topic.figure(lower), upper=topic.figure(upper))
    return text
