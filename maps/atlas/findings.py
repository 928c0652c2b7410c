"""What is said first of an outcome: its headline, the map that leads, whether values gather at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.outcomes.periods import dated
from boundaries.vocabulary import p_words
from maps.kinds.makers import robustness_lines
from maps.kinds.table import kind_named
from maps.words import format_count, format_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.study import Study
    from maps.atlas.whole import Atlas
    from maps.spec import MapSpec


def lead_of(specs: Sequence[MapSpec]) -> MapSpec:
    """Return the map that the front page shows large: that of the first kind of headline, else the first."""
    return next((spec for spec in specs if kind_named(spec.kind).headline == 1), specs[0])


def headline(specs: Sequence[MapSpec]) -> str:
    """Return the sentence that says most about an outcome: the title of the map whose kind comes first among headlines."""
    ranked = [(kind_named(spec.kind).headline, spec.title) for spec in specs]
    return min(((rank, title) for rank, title in ranked if rank), key=lambda one: one[0], default=(0, specs[0].title))[
        1
    ]


def global_sentence(study: Study) -> str:
    """Say in words whether values gather at all, over the whole map."""
    result = study.moran
    how = "more alike" if result.statistic > result.expectation else "less alike"
    if result.p >= study.config.alpha:
        how = f"not clearly {how}"
    figures = (
        f"Moran's I {format_number(result.statistic, decimals=2)}, {p_words(result.p)}, {format_count(result.n)} areas"
    )
    return f"Over the whole map, neighbouring areas are {how} than chance would make them ({figures})."


def summary_of(atlas: Atlas, study: Study) -> tuple[str, ...]:
    """Say of an outcome what was found, how sure, and what could not be tested."""
    meta, local = study.joined.meta, study.local.frame
    clusters = kind_named("clusters").spec(atlas.subject(meta.id, kind_named("clusters")))
    untested = int((local["class"] == "not-testable").sum())
    missing = int((local["class"] == "no-data").sum())
    lines = [
        dated(meta.title, study.joined.period),
        f"  {clusters.title}.",
        f"  {global_sentence(study)}",
        *(f"  {line}" for line in robustness_lines(study)),
    ]
    if untested or missing:
        lines.append(f"  Not testable (no neighbour with a value): {untested}; no data: {missing}.")
    return tuple(lines)
