"""Hexagons for shapes, and what a map of hexagons says: a line and a name for every region."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from geo.errors import GeometryError, listed
from maps.cartogram.arranging import hex_layout
from maps.cartogram.layouts import PLANE, HexLayout, hexagons, read_layout
from maps.look import palettes
from maps.page import composition
from maps.spec import MapSpec, Outline
from maps.words import format_value, say

if TYPE_CHECKING:
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source


@dataclass(frozen=True, slots=True)
class Hexagons:
    """One boundary set as hexagons: its layout (None for published shapes), the canvas that is drawn on, whose layout it is."""

    layout: HexLayout | None
    canvas: composition.Canvas
    credit: str = ""


def hexagons_of(boundaries: BoundarySet, published: Path | None = None) -> Hexagons:
    """Lay a boundary set out as hexagons, ready for the maps of every outcome.

    Parameters
    ----------
    published : file of a published layout to draw in; our own without one.
    """
    layout = hex_layout(boundaries) if published is None else read_layout(published, boundaries)
    shown = hex_boundaries(boundaries, layout)
    scored = layout if isinstance(layout, HexLayout) else None
    credit = "" if published is None else say("hex.credit", file=published.name)
    return Hexagons(scored, composition.prepare(shown, plane=PLANE), credit)


def hex_boundaries(boundaries: BoundarySet, layout: HexLayout | gpd.GeoDataFrame) -> BoundarySet:
    """Return the set with hexagons for shapes: to be drawn on ``prepare(…, plane=cartogram.PLANE)``.

    Raises
    ------
    GeometryError
        Areas of the set that the layout lacks.
    """
    frame = boundaries.frame
    if isinstance(layout, HexLayout):
        cells = layout.frame
        absent = sorted(set(frame["code"]) - set(cells.index))
        sources: tuple[Source, ...] = (layout.source,)
        shapes = None if absent else hexagons(cells.loc[frame["code"], ["q", "r"]].to_numpy(dtype=np.int64))
    else:
        by_code = layout.set_index("code").geometry
        absent = sorted(set(frame["code"]) - set(by_code.index))
        sources = ()
        shapes = None if absent else by_code.loc[frame["code"]].to_numpy()
    if absent:
        raise GeometryError(
            f"the layout lacks {len(absent)} of {len(frame)} areas",
            [f"absent: {listed(absent)}", "is it of another date?"],
        )
    drawn = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=PLANE)
    return dataclasses.replace(boundaries, frame=drawn, sources=(*boundaries.sources, *sources), approximate={})


def hex_spec(
    spec: MapSpec, layout: HexLayout | None = None, boundaries: BoundarySet | None = None, *, credit: str = ""
) -> MapSpec:
    """Return a map's description for hexagons: its own id and kind, and what a hexagon is and is not.

    Parameters
    ----------
    layout : its cells; None for published shapes, which may be of several hexagons each.
    boundaries : the areas; where they lie in several regions, a line goes round each and its name stands beside it, so that
        a reader finds a place without a coast to go by.
    credit : whose layout it is, for the method.
    """
    note = say("hex.published")
    if layout is not None:
        note = say("hex.own")
        if np.isfinite(layout.kept):
            note = f"{note} {say('hex.kept', share=format_value(100 * layout.kept, '%', decimals=0))}"
    return dataclasses.replace(
        spec,
        id=f"{spec.outcome}/hex-{spec.kind}" if spec.kind != "choropleth" else f"{spec.outcome}/hex",
        kind="hex",
        notes=(note, *spec.notes),
        # shapes are not drawn, so that some of them are approximate says nothing here
        approximate=(),
        method=say("method.both", first=spec.method, second=credit) if credit else spec.method,
        outlines=spec.outlines or (region_outlines(boundaries) if boundaries is not None else ()),
    )


def region_outlines(boundaries: BoundarySet) -> tuple[Outline, ...]:
    """Return a named line round the areas of each English region and of each other nation; none where all lie in one."""
    frame = boundaries.frame
    if (
        "region_name" not in frame
        or (frame["region_name"].fillna("") == "").any()
        or frame["region_code"].nunique() < 2
    ):
        return ()
    return tuple(
        Outline(str(code), str(group["region_name"].iloc[0]), tuple(group["code"]), palettes.INK, style="region")
        for code, group in frame.groupby("region_code", sort=True)
    )
