"""A region's values in classes of its own, beside the map in the classes of the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maps.kinds.choropleth import scale_assignment, scale_classes
from maps.look.scales import classify
from maps.words import say

if TYPE_CHECKING:
    from maps.look.scales import Scheme
    from maps.packs.contents import PackOutcome
    from maps.spec import MapSpec

LEAST = 3
"""Fewer different values than this need no classes of their own."""

FEW, MOST = 3, 5
"""Classes of up to nine areas, and of more."""


def own_breaks(outcome: PackOutcome) -> MapSpec | None:
    """Return the map of values of an outcome that was cut to a region, in classes of the region's own values.

    Returns
    -------
    MapSpec, or None
        None where there is no map of values, or too few different ones.
    """
    spec = next((one for one in outcome.specs if one.kind == "choropleth"), None)
    if spec is None:
        return None
    values = outcome.numbers.reindex(list(spec.assignment)).astype("float64")
    if values.nunique() < LEAST:
        return None
    # bands that a source publishes, or a configuration states, are those of the whole
    scheme: Scheme = "quantile" if outcome.scheme in {"published", "user"} else outcome.scheme
    unit = outcome.topic.unit
    scale = classify(
        values,
        scheme=scheme,
        k=MOST if values.notna().sum() >= 2 * MOST else FEW,
        unit=unit,
        favourable=outcome.topic.favourable,
        centre=0.0 if unit == "z" else None,
    )
    return replace(
        spec,
        id=f"{outcome.id}/choropleth-own-classes",
        measure=say("pack.own-measure", measure=spec.measure),
        classes=scale_classes(scale, int(values.isna().sum())),
        assignment=scale_assignment(scale),
        method=scale.words(),
        notes=(*spec.notes, say("pack.own-note", place=outcome.topic.place)),
        alt=say("pack.own-alt", alt=spec.alt),
        breaks=scale.breaks,
    )
