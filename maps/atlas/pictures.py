"""Which maps an atlas holds: a spec for every outcome and kind, and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.typology import DEFAULT_DEFINITIONS, load_typology
from maps import composition
from maps.kinds import spec_choropleth, spec_classes, spec_clusters, spec_robustness, spec_typology
from maps.static import draw
from maps.words import format_count, format_number, format_p

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from analysis.study import Study
    from boundaries.boundary_set import BoundarySet
    from maps.atlas.config import AtlasConfig, Format, Kind
    from maps.spec import MapSpec

    Specs = Mapping[str, tuple[MapSpec, ...]]


def describe_maps(config: AtlasConfig, studies: Sequence[Study]) -> Specs:
    """Describe every map of an atlas.

    Returns
    -------
    Mapping
        Outcome id → its specs, in the order of the kinds asked for.
    """
    makers: dict[Kind, Callable[[Study], MapSpec | None]] = {
        "choropleth": lambda study: spec_choropleth(study.joined, scheme=config.outputs.scheme, average=study.average),
        "clusters": lambda study: spec_classes(study.joined, study.local, statistic="moran"),
        "hotspots": lambda study: spec_classes(study.joined, study.hotspots, statistic="gi"),
        "robustness": _robustness_spec,
        "typology": _typology_spec,
        "labels": lambda study: spec_clusters(study.joined, study.local, study.clusters),
    }
    found = {}
    for study in studies:
        made = [makers[kind](study) for kind in config.outputs.kinds]
        found[study.joined.meta.id] = tuple(spec for spec in made if spec is not None)
    return found


def draw_maps(
    specs: Sequence[MapSpec], canvas: composition.Canvas, folder: Path, *, formats: Sequence[Format]
) -> list[Path]:
    """Draw specs as ``folder/<spec.id>.<format>``; shapes are projected once for all of them."""
    return [path for spec in specs for path in draw(spec, canvas, folder=folder, formats=formats)]


def _robustness_spec(study: Study) -> MapSpec | None:
    if study.robustness is None:
        return None
    return spec_robustness(study.joined, unfavourable_levels(study), method=" ".join(study.robustness.lines()))


def unfavourable_levels(study: Study) -> pd.DataFrame:
    """Return, by code, how robustly an area belongs to a cluster of the unfavourable end (the low end where neither is good)."""
    if study.robustness is None:
        raise ValueError("the study was run without the robustness grid")
    frame = study.robustness.frame
    end = "high" if study.joined.meta.favourable == "low" else "low"
    other_way = frame["class"].isin(["core", "probable", "contested"]) & (frame["direction"] != end)
    return pd.DataFrame({"class": frame["class"].mask(other_way, "none")})


def _typology_spec(study: Study) -> MapSpec:
    rules = [load_typology(name) for name in DEFAULT_DEFINITIONS]
    return spec_typology(
        study.joined.boundaries,
        study.ground.memberships,
        method="; ".join(dict.fromkeys(rule.title for rule in rules)),
        sources=tuple(dict.fromkeys(rule.source for rule in rules)),
        outcome=study.joined.meta.id,
    )


def canvas_of(
    boundaries: BoundarySet, neighbours: gpd.GeoDataFrame, context: gpd.GeoDataFrame | None = None
) -> composition.Canvas:
    """Make a boundary set ready for many maps."""
    return composition.prepare(boundaries, neighbours, context)


def headline(specs: Sequence[MapSpec]) -> str:
    """Return the sentence that says most about an outcome: the title of its cluster map."""
    by_kind = {spec.kind: spec for spec in specs}
    return next(
        by_kind[kind].title for kind in ("clusters", "labels", "hotspots", "choropleth", "typology") if kind in by_kind
    )


def global_sentence(study: Study) -> str:
    """Say in words whether values gather at all, over the whole map."""
    result = study.moran
    how = "more alike" if result.statistic > result.expectation else "less alike"
    if result.p >= study.config.alpha:
        how = f"not clearly {how}"
    figures = (
        f"Moran's I {format_number(result.statistic, decimals=2)}, {format_p(result.p)}, {format_count(result.n)} areas"
    )
    return f"Over the whole map, neighbouring areas are {how} than chance would make them ({figures})."
