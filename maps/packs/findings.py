"""What a region's areas show, in sentences made from their numbers, and the atlas's maps cut to the region."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from maps.words import counted, counted_of, format_count, listed_words, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from maps.packs.contents import PackOutcome
    from maps.spec import LegendClass, MapSpec

MOST_NAMED = 10
"""A sentence names at most so many areas before it only counts the rest."""

MOST_OVERLAPPING = 3
"""Areas that cannot be told from an end are named up to so many, and else counted."""

CLUSTERS = {
    "high-high": "in a cluster of high values",
    "low-low": "in a cluster of low values",
    "high-low": "high among low neighbours",
    "low-high": "low among high neighbours",
}
ALONE = {"high-high": "out alone as high", "low-low": "out alone as low"}
"""What areas are that no neighbour joins in standing out, so that they are no cluster."""

BY_INTERVALS = "By their 95% intervals,"
"""How the sentence begins that says what the ends cannot be told from."""

_VALUE_KINDS = {"choropleth", "uncertainty", "hex"}
_CLUSTER_KINDS = {"clusters", "labels"}


def region_findings(names: Mapping[str, str], outcome: PackOutcome) -> tuple[str, ...]:
    """Say what the areas of a region show for one outcome.

    Parameters
    ----------
    names : code → name of every area of the region.
    outcome : its values may hold areas outside the region.

    Returns
    -------
    Sentences: the range, whether its ends can be told apart, the clusters, what could not be tested or is missing. The
    first speaks of values, the second, where clusters were looked for, of clusters.
    """
    values = outcome.numbers.reindex(list(names)).astype(float)
    known = values.dropna()
    sentences = [_range_sentence(names, outcome, known)]
    if clusters := _cluster_sentence(names, outcome):
        sentences.append(clusters)
    if told := _ends_sentence(names, outcome, known):
        sentences.append(told)
    untested = [names[code] for code in names if outcome.clusters.get(code) == "not-testable"]
    if untested:
        sentences.append(f"Not testable, having no neighbour with a value: {_named(untested)}.")
    absent = [names[code] for code in values.index[values.isna()]]
    if absent and len(known):
        sentences.append(f"No value: {_named(absent)}.")
    return tuple(sentences)


def regional_outcome(outcome: PackOutcome, names: Mapping[str, str], region: str) -> PackOutcome:
    """Cut an outcome to a region: what its areas show, and its maps; one that is cut to it already is returned as it is.

    Parameters
    ----------
    names : code → name of every area of the region. region : its name.
    """
    if outcome.region == region:
        return outcome
    findings = region_findings(names, outcome)
    specs = tuple(regional_spec(spec, list(names), region, findings) for spec in outcome.specs)
    return replace(outcome, region=region, findings=findings, specs=specs)


def regional_spec(spec: MapSpec, codes: Sequence[str], region: str, findings: Sequence[str]) -> MapSpec:
    """Cut a map of the whole atlas to a region: counts are the region's, titles too, and what stays of the whole says so.

    Parameters
    ----------
    spec : of the whole atlas; one that is of this region already is returned as it is.
    codes : areas of the region.
    region : its name.
    findings : of ``region_findings``.
    """
    if spec.region == region:
        return spec
    wanted = set(codes)
    assignment = {code: key for code, key in spec.assignment.items() if code in wanted}
    overlay = {code: key for code, key in spec.overlay.items() if code in wanted}
    if spec.kind in _VALUE_KINDS:
        title = findings[0].removesuffix(".")
    elif spec.kind in _CLUSTER_KINDS and len(findings) > 1:
        # A title counts; the sentence beside the map names.
        title = re.sub(r" \([^()]*\)", "", findings[1]).removesuffix(".")
    else:
        title = f"In the whole atlas: {spec.title}"
    told = [line for line in findings if line.startswith(BY_INTERVALS) and spec.kind in _VALUE_KINDS]
    return replace(
        spec,
        title=title,
        sure=" ".join([*told, *([f"In the whole atlas: {spec.sure}"] if spec.sure else [])]),
        region=region,
        extent=(),
        assignment=assignment,
        classes=_counted(spec.classes, assignment),
        overlay=overlay,
        extra_legends=tuple((title, _counted(entries, overlay)) for title, entries in spec.extra_legends),
        panels=tuple(
            (title, {code: key for code, key in panel.items() if code in wanted}) for title, panel in spec.panels
        ),
        # Tables and symbols speak of the whole atlas and carry no codes: they cannot be cut, so they are left out.
        tables=(),
        symbols=(),
        outlines=tuple(
            replace(outline, codes=tuple(code for code in outline.codes if code in wanted))
            for outline in spec.outlines
            if wanted & set(outline.codes)
        ),
        values={code: text for code, text in spec.values.items() if code in wanted},  # noqa: PD011  # a spec, not a frame
        alt=f"Map of {region}. {title}.",
        description=f"{title}. {' '.join(findings)}",
    )


def _counted(classes: Sequence[LegendClass], assignment: Mapping[str, str]) -> tuple[LegendClass, ...]:
    counts = Counter(assignment.values())
    return tuple(replace(entry, count=counts[entry.key]) for entry in classes)


def _range_sentence(names: Mapping[str, str], outcome: PackOutcome, known: pd.Series) -> str:
    if not len(known):
        return f"None of its {counted(len(names), 'area')} has a value."
    among = (
        counted(len(names), "area") if len(known) == len(names) else f"the {counted(len(known), 'area')} with a value"
    )
    first = str(known.index[0])
    if len(known) == 1:
        return (
            f"Only {names[first]} has a value ({outcome.texts.get(first, '')})."
            if len(names) > 1
            else f"{names[first]}: {outcome.texts.get(first, '')}."
        )
    if known.min() == known.max():
        return f"All of {among} have the same value ({outcome.texts.get(first, '')})."
    highest, lowest = (_ties(names, known, value) for value in (known.max(), known.min()))
    high, low = (f"{_joined([names[code] for code in codes])}" for codes in (highest, lowest))
    return (
        f"Of {among}, {high} {'has' if len(highest) == 1 else 'have'} the highest published figure "
        f"({_figure(outcome, highest[0])}) and {low} the lowest ({_figure(outcome, lowest[0])})."
    )


def _ends_sentence(names: Mapping[str, str], outcome: PackOutcome, known: pd.Series) -> str:
    """Say which areas, or how many, cannot be told from the highest and from the lowest: their intervals overlap."""
    if outcome.lower is None or outcome.upper is None or known.nunique() < 2:
        return (
            ""
            if known.nunique() < 2
            else "No interval is published for these values, so small differences may be chance."
        )
    lower = outcome.lower.reindex(known.index).to_numpy(dtype=float)
    upper = outcome.upper.reindex(known.index).to_numpy(dtype=float)
    if not (np.isfinite(lower) & np.isfinite(upper)).all():
        return "Not every value has an interval, so the order of areas is not certain."
    parts = []
    for word, at in zip(("highest", "lowest"), (int(known.argmax()), int(known.argmin())), strict=True):
        overlapping = (lower <= upper[at]) & (upper >= lower[at])
        overlapping[at] = False
        others = [names[str(code)] for code in known.index[overlapping]]
        which = _joined(sorted(others)) if len(others) <= MOST_OVERLAPPING else counted(len(others), "other area")
        told = f"cannot be told from {which}" if others else "can be told from every other area"
        parts.append(f"{names[str(known.index[at])]} ({word}) {told}")
    return f"{BY_INTERVALS} {'; '.join(parts)}."


def _cluster_sentence(names: Mapping[str, str], outcome: PackOutcome) -> str:
    tested = [code for code in names if outcome.clusters.get(code, "") not in {"", "not-testable", "no-data"}]
    if not tested:
        return ""
    parts = []
    for key, words in CLUSTERS.items():
        members = [code for code in tested if outcome.clusters[code] == key]
        alone = [code for code in members if code in outcome.alone and key in ALONE]
        for said, codes in ((words, [code for code in members if code not in alone]), (ALONE.get(key), alone)):
            if codes:
                verb = {True: ("are", "is"), False: ("stand", "stands")}[codes is not alone][len(codes) == 1]
                named = _named([names[code] for code in codes])
                parts.append(f"{counted_of(len(codes), len(tested))} {verb} {said} ({named})")
    if not parts:
        return f"None of {counted(len(tested), 'tested area')} stands out from chance, alone or in a cluster."
    return f"{sentence('; '.join(parts))}."


def _figure(outcome: PackOutcome, code: str) -> str:
    """Return a value as it stands inside brackets: ``£700, £609 to £790``."""
    return outcome.texts.get(code, "").replace(" (", ", ").removesuffix(")")


def _ties(names: Mapping[str, str], known: pd.Series, value: float) -> list[str]:
    return sorted((str(code) for code in known.index[known == value]), key=lambda code: names[code])


def _joined(areas: Sequence[str]) -> str:
    """Join names; where one of them holds a comma, by semicolons."""
    if len(areas) > 1 and any("," in area for area in areas):
        return f"{'; '.join(areas[:-1])}; and {areas[-1]}"
    return listed_words(areas)


def _named(areas: Sequence[str]) -> str:
    ordered = sorted(areas)
    if len(ordered) <= MOST_NAMED:
        return _joined(ordered)
    comma = "; " if any("," in area for area in ordered[:MOST_NAMED]) else ", "
    return f"{comma.join(ordered[:MOST_NAMED])} and {format_count(len(ordered) - MOST_NAMED)} more"
