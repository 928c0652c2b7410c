"""A map of the areas in clusters of the unfavourable end, by the kinds of place they are of: clusters and kinds at one glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.clusters import CLASSES
from analysis.typology.membership import dimensions_of
from maps.findings import KindsFinding
from maps.findings.cutting import codes_where
from maps.kinds import captions
from maps.kinds.typology import answers_of, answers_words, classed
from maps.look import palettes
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, say
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from analysis.clusters import Direction
    from analysis.study import Study

OUTSIDE = "outside"
"""Key of the class of areas in no cluster of the direction."""

SHADE = "#dcdcd7"
"""Of areas in clusters that are of no kind: darker than what lies in none."""


def spec_cluster_types(study: Study) -> MapSpec:
    """Describe where clusters of the unfavourable end (the low one where neither is good) lie, and of what kinds their areas are.

    Parameters
    ----------
    study : with clusters by local Moran; its memberships by the default definitions are drawn, own kinds among them.

    Notes
    -----
    Every area in a cluster counts, single areas too. Whether a kind is there more often than on maps as smooth is not drawn: it
    stands in ``clusters-by-kind.csv``.
    """
    joined, topic = study.joined, Topic.of(study.joined)
    direction: Direction = "high" if joined.meta.favourable == "low" else "low"
    values = captions.valued(joined)
    marks = study.local.frame["class"].reindex(values.index).isin(CLASSES[direction])
    table = answers_of(study.ground.memberships, values.index.to_series(), dimensions_of(study.ground.memberships))
    inside = table[marks.to_numpy()]
    finding = KindsFinding(
        tuple(table.columns),
        tuple(codes_where(inside[kind] == "yes") for kind in table),
        tuple(codes_where(inside[kind] == "not classified") for kind in table),
        direction,
        codes_where(marks),
    )
    title = finding_title(finding, topic)
    assignment, classes = _in_clusters(inside, values, direction)
    return MapSpec(
        id=f"{joined.meta.id}/cluster-types",
        kind="cluster-types",
        outcome=joined.meta.id,
        title=title,
        measure=captions.measure_words(joined),
        sure=say("kinds.clustered-sure"),
        legend_title=say(f"kinds.clustered-legend-{direction}"),
        classes=classes,
        assignment=assignment,
        notes=(say("kinds.note"),),
        finding=finding,
        method=say("kinds.clustered-method"),
        sources=(joined.meta.source,),
        alt=say("kinds.clustered-alt", whole=counted(len(values)), title=title),
        description=captions.description(title, classes, values, topic),
        values={
            str(code): answers_words(row) for code, row in zip(inside.index, inside.to_dict("records"), strict=True)
        },
        **captions.drawn_on(joined.boundaries),
    )


def _in_clusters(
    inside: pd.DataFrame, values: pd.Series, direction: Direction
) -> tuple[dict[str, str], tuple[LegendClass, ...]]:
    """Return the class of every area and the legend: kinds in clusters first, then what lies in none, then no data."""
    found, entries = classed(inside)
    rest = pd.Series(OUTSIDE, index=values.index).where(values.notna(), captions.NO_DATA)
    assignment = {str(code): found.get(str(code), str(key)) for code, key in rest.items()}
    counts = Counter(assignment.values())
    plain = [replace(one, colour=SHADE) if one.key == "none" else one for one in entries]
    outside = say(f"kinds.clustered-outside-{direction}")
    return assignment, (
        *(entry for entry in plain if entry.count),
        LegendClass(OUTSIDE, outside, palettes.CLUSTERS["not-significant"], counts[OUTSIDE]),
        captions.no_data_class(counts[captions.NO_DATA]),
    )
