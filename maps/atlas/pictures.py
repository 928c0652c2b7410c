"""Which maps and charts an atlas holds: a description for every outcome and kind, and their files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.moran import moran_scatter as scattered
from analysis.typology import DEFAULT_DEFINITIONS, load_typology
from maps import cartogram, charts, composition, house
from maps.kinds import (
    spec_choropleth,
    spec_classes,
    spec_clusters,
    spec_robustness,
    spec_typology,
    spec_uncertainty,
)
from maps.kinds.choropleth import compared
from maps.kinds.classes import ENDS
from maps.static import draw, greys, write_page
from maps.words import format_count, format_number, format_p, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from analysis.study import Study
    from boundaries.boundary_set import BoundarySet
    from boundaries.joined import Average, Joined
    from maps.atlas.config import AtlasConfig, Format, Kind
    from maps.house import Style
    from maps.scales import Scheme
    from maps.scene import Page
    from maps.spec import MapSpec

    Specs = Mapping[str, tuple[MapSpec, ...]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A static picture that has no layer on the page: its files are ``maps/<id>.<format>``."""

    id: str
    kind: str
    title: str
    alt: str


def describe_maps(config: AtlasConfig, studies: Sequence[Study]) -> Specs:
    """Describe every map of an atlas that has its areas in their true places.

    Returns
    -------
    Mapping
        Outcome id → its specs, in the order of the kinds asked for; hexagons and charts are of ``draw_charts``.
    """
    makers: dict[Kind, Callable[[Study], MapSpec | None]] = {
        "choropleth": lambda study: spec_choropleth(
            study.joined, scheme=scheme_of(config, study.joined.meta.id), average=study.average
        ),
        "clusters": clusters_map,
        "hotspots": lambda study: spec_classes(study.joined, study.hotspots, statistic="gi"),
        "robustness": robustness_map,
        "uncertainty": uncertainty_map,
        "typology": typology_map,
        "labels": labels_map,
    }
    found = {}
    for study in studies:
        made = [makers[kind](study) for kind in config.outputs.kinds if kind in makers]
        found[study.joined.meta.id] = tuple(spec for spec in made if spec is not None)
    return found


def scheme_of(config: AtlasConfig, outcome: str) -> Scheme:
    """Return how an outcome's values are put in classes: as it asks itself, else as all outputs are."""
    own = next((part.scheme for part in config.outcome if part.id == outcome), None)
    return own or config.outputs.scheme


def draw_maps(
    specs: Sequence[MapSpec], canvas: composition.Canvas, folder: Path, *, formats: Sequence[Format]
) -> list[Path]:
    """Draw specs as ``folder/<spec.id>.<format>``; shapes are projected once for all of them."""
    return [path for spec in specs for path in draw(spec, canvas, folder=folder, formats=formats)]


def lead_of(specs: Sequence[MapSpec]) -> MapSpec:
    """Return the map that the front page shows large: the clusters, else the first."""
    return next((spec for spec in specs if spec.kind == "clusters"), specs[0])


def draw_narrow(spec: MapSpec, canvas: composition.Canvas, folder: Path) -> str:
    """Draw a map for narrow screens as ``folder/<id>-phone.png``; return its id."""
    narrow = replace(spec, id=f"{spec.id}-phone")
    draw(narrow, canvas, folder=folder, formats=("png",), size="phone")
    return narrow.id


@dataclass(frozen=True, slots=True)
class Hexagons:
    """One boundary set as hexagons: its layout (None for published shapes), the canvas that is drawn on, whose layout it is."""

    layout: cartogram.HexLayout | None
    canvas: composition.Canvas
    credit: str = ""


def hexagons_of(boundaries: BoundarySet, published: Path | None = None) -> Hexagons:
    """Lay a boundary set out as hexagons, ready for the maps of every outcome.

    Parameters
    ----------
    published : file of a published layout to draw in; our own without one.
    """
    layout = cartogram.hex_layout(boundaries) if published is None else cartogram.read_layout(published, boundaries)
    shown = cartogram.hex_boundaries(boundaries, layout)
    scored = layout if isinstance(layout, cartogram.HexLayout) else None
    credit = "" if published is None else f"Layout of hexagons: {published.name}, as published."
    return Hexagons(scored, composition.prepare(shown, plane=cartogram.PLANE), credit)


def hex_map(
    joined: Joined, hexagons: Hexagons, *, average: Average | None = None, scheme: Scheme = "quantile"
) -> MapSpec:
    """Describe an outcome's values on hexagons of equal size."""
    plain = spec_choropleth(joined, scheme=scheme, average=average)
    spec = cartogram.hex_spec(plain, hexagons.layout, joined.boundaries)
    # shapes are not drawn, so that some are approximate says nothing here
    foot = [line for line in spec.foot if "drawn approximately" not in line]
    return replace(spec, foot=(*foot, hexagons.credit) if hexagons.credit else tuple(foot))


CHARTS = ("scatter", "caterpillar", "effects")
"""Kinds that are charts beside the maps, static only."""


def chart_page(study: Study, kind: str, *, style: Style = house.DEFAULT, size: str = "page") -> Page | None:
    """Lay out one chart of a study; None where the outcome lacks what it shows (intervals, kinds of place to compare)."""
    joined, page = study.joined, None
    if kind == "scatter":
        page = charts.moran_scatter(joined, study.local, neighbour_means(study), study.moran, style=style, size=size)
    elif kind == "caterpillar" and compared(joined, study.average) is not None:
        page = charts.caterpillar(joined, study.average, style=style, size=size)
    elif kind == "effects" and (effects := effects_of(study)):
        page = charts.effect_plot(joined, effects, style=style, size=size)
    return greys.greyed(page) if page is not None and style.greyscale else page


def draw_charts(config: AtlasConfig, study: Study, hexagons: Hexagons | None, folder: Path) -> tuple[Drawn, ...]:
    """Draw the hexagons and the charts of one outcome as ``folder/<outcome>/<kind>.<format>``.

    Parameters
    ----------
    hexagons : of ``hexagons_of``; None leaves them out.

    Returns
    -------
    What was drawn, in the order of the kinds asked for.
    """
    drawn = []
    for kind in config.outputs.kinds:
        if kind == "hex" and hexagons is not None:
            spec = hex_map(
                study.joined, hexagons, average=study.average, scheme=scheme_of(config, study.joined.meta.id)
            )
            draw_maps([spec], hexagons.canvas, folder, formats=config.outputs.formats)
            drawn.append(Drawn(spec.id, kind, spec.title, spec.alt))
        elif kind in CHARTS and (page := chart_page(study, kind)) is not None:
            write_page(page, folder=folder, formats=config.outputs.formats)
            drawn.append(Drawn(page.id, kind, page.title, f"{page.title}. {page.description}"))
    return tuple(drawn)


def neighbour_means(study: Study) -> pd.Series:
    """Return the mean value of each area's neighbours, by code, in the outcome's unit; NaN where not testable."""
    values = study.joined.frame.loc[study.joined.covered, "value"]
    scattering = scattered(values, study.ground.weights.subset(values.index))
    tested = values[scattering["z"].notna()]
    return scattering["lag"] * float(tested.std(ddof=1)) + float(tested.mean())


def effects_of(study: Study) -> list[charts.Effect]:
    """Return both gaps of each kind of place by its default definition, where they could be tested and share a unit."""
    found: dict[str, charts.Effect] = {}
    for one in study.associations:
        if one.estimated == "alone" and one.type not in found:
            found[one.type] = charts.Effect(sentence(one.type), one)
    return [effect for effect in found.values() if not effect.found.reason and effect.found.scale == "value"]


def clusters_map(study: Study) -> MapSpec:
    """Describe the classes of local Moran; the title says so where no area it counts stands out under every choice."""
    return spec_classes(study.joined, study.local, statistic="moran", settled=settled(study))


def labels_map(study: Study) -> MapSpec:
    """Describe the groups that touch, outlined and named."""
    return spec_clusters(study.joined, study.local, study.clusters, settled=settled(study))


def settled(study: Study) -> frozenset[str]:
    """Return the ends (low, high) of which some area stands out under every choice; both where none was tried."""
    if study.robustness is None:
        return frozenset(ENDS)
    return frozenset(end for end in ENDS if study.robustness.codes("core", end))


def robustness_map(study: Study) -> MapSpec | None:
    """Describe how robust the unfavourable clusters are; None where the grid was not run."""
    if study.robustness is None:
        return None
    return spec_robustness(study.joined, unfavourable_levels(study), method=" ".join(robustness_lines(study)))


def robustness_lines(study: Study) -> tuple[str, ...]:
    """Say how the number of areas that stand out depends on the choice of neighbours; nothing where none was tried."""
    return () if study.robustness is None else tuple(study.robustness.lines())


def uncertainty_map(study: Study) -> MapSpec | None:
    """Describe what can be told from the average; None where no interval is published."""
    if compared(study.joined, study.average) is None:
        return None
    return spec_uncertainty(study.joined, study.average)


def unfavourable_levels(study: Study) -> pd.DataFrame:
    """Return, by code, how robustly an area belongs to a cluster of the unfavourable end (the low end where neither is good)."""
    if study.robustness is None:
        raise ValueError("the study was run without the robustness grid")
    frame = study.robustness.frame
    end = "high" if study.joined.meta.favourable == "low" else "low"
    other_way = frame["class"].isin(["core", "probable", "contested"]) & (frame["direction"] != end)
    return pd.DataFrame({"class": frame["class"].mask(other_way, "none")})


def typology_map(study: Study) -> MapSpec:
    """Describe the map of kinds of place by the default definitions."""
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
