"""What all kinds of map share: subtitle, foot, notes, the class of areas without a value, texts by area."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from boundaries.outcomes.periods import label
from boundaries.places.names import short_name
from boundaries.vocabulary import geography_words, nation_words
from geo.provenance import attribution_lines
from maps.look import palettes
from maps.spec import LegendClass
from maps.words import (
    counted,
    decimals_for,
    format_count,
    format_date,
    format_value,
    listed_words,
    sentence,
    unit_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined
    from geo.provenance import Source

NO_DATA = "no-data"
NOT_TESTABLE = "not-testable"

ECOLOGICAL = "Areas are not people: a map of averages says nothing of any one resident."


def no_data_class(count: int, label: str = "No data") -> LegendClass:
    """Return the class of areas without a value."""
    return LegendClass(NO_DATA, label, palettes.NO_DATA, count, hatch="diagonal", hatch_colour=palettes.NO_DATA_HATCH)


def not_testable_class(count: int) -> LegendClass:
    """Return the class of areas none of whose neighbours has a value."""
    return LegendClass(
        NOT_TESTABLE,
        "Not testable (no neighbour with a value)",
        palettes.NOT_TESTABLE,
        count,
        hatch="dots",
        hatch_colour=palettes.NOT_TESTABLE_DOTS,
    )


def valued(joined: Joined) -> pd.Series:
    """Return the values of the covered areas, by code, NaN where there is none."""
    covered: pd.Series = joined.frame.loc[joined.covered, "value"].astype("float64")
    return covered


def titled(joined: Joined) -> str:
    """Return the outcome's title."""
    return sentence(joined.meta.title)


def subtitle(joined: Joined, *, what: str = "") -> str:
    """Return measure, unit, period and boundary date in one line."""
    meta = joined.meta
    unit = unit_words(meta.unit)
    measure = what or f"{titled(joined)}{f' ({unit})' if unit else ''}"
    shown = f"{measure}, {label(joined.period)}" if joined.period else measure
    return f"{shown}; {boundary_words(joined.boundaries)}"


def boundary_words(boundaries: BoundarySet) -> str:
    """Return ``361 local authority districts of 1 April 2023``; areas of a custom set are areas."""
    nations = boundaries.frame["nation"]
    words = geography_words(boundaries.geography, count=len(boundaries), nations=nations, named=False)
    return f"{format_count(len(boundaries))} {words} of {format_date(boundaries.date)}"


def foot(sources: Iterable[Source], boundaries: BoundarySet, *, method: str, shapes: bool = True) -> tuple[str, ...]:
    """Return source, method and licence lines, in that order, each once; ``shapes``: whether areas are drawn as they lie."""
    given = [*sources]
    titles = list(dict.fromkeys(source.title.rstrip(".") for source in given if source.title))
    lines = [f"Source: {'; '.join(titles)}."] if titles else []
    lines.append(f"Method: {method.rstrip('.')}.")
    if shapes and boundaries.approximate:
        count = counted(len(boundaries.approximate), "area")
        northern = any(code.startswith("N") for code in boundaries.approximate)
        made_in_2015 = ", or between districts of Northern Ireland as they were made in 2015,"
        lines.append(
            f"{sentence(count)} drawn approximately: land that moved between two authorities"
            f"{made_in_2015 if northern else ''} keeps its earlier place."
        )
    said = " ".join(line.rstrip(".") + "." for line in attribution_lines([*given, *boundaries.sources]))
    # several sources ask for the same sentence: it stands once
    attributions = " ".join(dict.fromkeys(re.split(r"(?<=\.)\s+(?=[A-Z])", said)))
    return (*lines, attributions) if attributions else tuple(lines)


def coverage_notes(joined: Joined) -> tuple[str, ...]:
    """Return what must be said of nations the outcome leaves out and of values that were carried or modelled."""
    frame = joined.frame
    out = sorted(set(frame.loc[~joined.covered, "nation"]) - set(frame.loc[joined.covered, "nation"]), key="EWSN".find)
    notes = (
        [f"Not covered by this outcome: {listed_words([nation_words([one]) for one in out])} (grey)."] if out else []
    )
    made = frame.loc[
        joined.covered & frame["quality"].isin(["approximate", "modelled", "inherited", "partial"]), "quality"
    ]
    if len(made):
        parts = [f"{count} {quality}" for quality, count in sorted(made.value_counts().items())]
        notes.append(
            f"Values of {counted(len(made), 'area')} were not published for these boundaries ({', '.join(parts)})."
        )
    return (*notes, *joined.notes)


def area_texts(joined: Joined) -> dict[str, str]:
    """Return ``£31 200 (£30 100 to £32 400)`` by code, or why there is no value."""
    unit = joined.meta.unit
    frame = joined.frame.loc[joined.covered]
    numbers = [frame[column].to_numpy(dtype="float64").tolist() for column in ("value", "lower", "upper")]
    rows = zip(frame.index.astype(str), *numbers, frame["reason"].astype(str), strict=True)
    return {code: _area_text(value, lower, upper, reason, unit) for code, value, lower, upper, reason in rows}


def extremes(values: pd.Series, names: pd.Series) -> tuple[tuple[str, float], tuple[str, float]]:
    """Return name and value of the lowest and the highest area (the first by code where several tie)."""
    present = values.dropna().sort_index()
    low, high = str(present.idxmin()), str(present.idxmax())
    return (short_name(str(names[low])), float(present[low])), (short_name(str(names[high])), float(present[high]))


def description(spec_title: str, classes: Sequence[LegendClass], values: pd.Series, names: pd.Series, unit: str) -> str:
    """Return the long description: the finding, every class with its count, the five lowest and highest areas."""
    counts = "; ".join(
        f"{entry.label}{f' ({entry.note})' if entry.note else ''}: {format_count(entry.count)}" for entry in classes
    )
    text = f"{spec_title}. Areas by class: {counts}."
    present = values.dropna().sort_index().sort_values(kind="stable")
    if len(present) == 0:
        return text
    few = min(5, len(present))

    def listing(part: pd.Series) -> str:
        return ", ".join(f"{names[str(code)]} {format_value(float(value), unit)}" for code, value in part.items())

    return f"{text} Lowest: {listing(present.iloc[:few])}. Highest: {listing(present.iloc[::-1].iloc[:few])}."


def ends_tables(values: pd.Series, names: pd.Series, unit: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return tables of the five highest and the five lowest areas; none for fewer than ten areas."""
    present = values.dropna().sort_index().sort_values(kind="stable")
    if len(present) < 10 or present.iloc[0] == present.iloc[-1]:
        return ()

    highest, lowest = present.iloc[::-1].iloc[:5], present.iloc[:5]
    places = decimals_for([*highest, *lowest])

    def rows(part: pd.Series) -> tuple[tuple[str, str], ...]:
        return tuple(
            (short_name(str(names[str(code)])), format_value(float(value), unit, decimals=places))
            for code, value in part.items()
        )

    return (("Highest", rows(highest)), ("Lowest", rows(lowest)))


def _area_text(value: float, lower: float, upper: float, reason: str, unit: str) -> str:
    if not math.isfinite(value):
        return f"no data{f' ({reason})' if reason else ''}"
    text = format_value(value, unit)
    if math.isfinite(lower) and math.isfinite(upper):
        return f"{text} ({format_value(lower, unit)} to {format_value(upper, unit)})"
    return text
