"""The areas of one geography as a page holds them: shapes, hexagons, names, where they lie, who is beside them, what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from boundaries.vocabulary import COUNTRY_CODES, NATIONS
from geo.crs import UK_EQUAL_AREA
from maps.kinds import captions
from maps.leaflet.shapes import number_text
from maps.words import say, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from maps.leaflet.shapes import PageShapes

LONDON = "E12000007"

MEMBERS = {"yes": "y", "no": "n"}
"""Signs for whether an area is of a kind; "u" where nobody classified it."""


@dataclass(frozen=True, slots=True, eq=False)
class PageGround:
    """The areas of one geography.

    Parameters
    ----------
    boundaries : the areas. shapes : ``page_shapes`` of them.
    cells : by code, columns ``q r``: one hexagon an area; None where there are no such cells.
    near : code → codes of its neighbours. kinds : by code, a column a kind of place: yes, no, not classified.
    alike : code → codes of the places most like it.
    pages : code → page of the area, relative to this page; areas without one are left out.
    """

    boundaries: BoundarySet
    shapes: PageShapes
    cells: pd.DataFrame | None = None
    near: Mapping[str, Sequence[str]] | None = None
    kinds: pd.DataFrame | None = None
    alike: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)


def ground_content(ground: PageGround, extent: Sequence[str]) -> dict[str, Any]:
    """Return the areas as a page's script reads them.

    Parameters
    ----------
    extent : codes of the areas that the map shows at first; all without one.
    """
    frame = ground.boundaries.frame
    codes = [str(code) for code in frame["code"]]
    place = {code: position for position, code in enumerate(codes)}
    parts = parts_of(frame)
    own = {code: position for position, (code, *_) in enumerate(parts)}
    wanted = set(extent)
    near = ground.near or {}
    return {
        **ground.shapes.content,
        "about": captions.boundary_words(ground.boundaries),
        "codes": codes,
        "names": [str(name) for name in frame["name"]],
        "welsh": welsh_names(frame),
        "parts": [[code, name, nation] for code, name, nation, _ in parts],
        "region": [own.get(code, -1) for code in _codes_of(frame, "region_code")],
        "nation": [own.get(COUNTRY_CODES.get(letter, ""), -1) for letter in _codes_of(frame, "nation")],
        "london": [
            place[code] for code, part in zip(codes, _codes_of(frame, "region_code"), strict=True) if part == LONDON
        ],
        "approximate": {
            place[code]: say("page.approximate-area", why="; ".join(why))
            for code, why in sorted(ground.boundaries.approximate.items())
            if code in place
        },
        "extent": [position for code, position in place.items() if code in wanted],
        "labels": _label_points(ground),
        "weight": _ranks(frame),
        "cells": ""
        if ground.cells is None
        else number_text(ground.cells.loc[codes, ["q", "r"]].to_numpy().ravel().tolist()),
        "near": [sorted(place[other] for other in near.get(code, ()) if other in place) for code in codes]
        if near
        else [],
        "alike": [[place[other] for other in ground.alike.get(code, ()) if other in place] for code in codes]
        if ground.alike
        else [],
        "pages": [ground.pages.get(code, "") for code in codes] if ground.pages else [],
        "kinds": _kinds(ground, codes),
    }


def parts_of(frame: gpd.GeoDataFrame) -> list[tuple[str, str, str, list[str]]]:
    """Return nations and regions that areas lie in: code, name, letter of the nation, codes of its areas; nations first.

    A nation without regions is one of both, and stands once. A part that is the whole is none.
    """
    if not {"nation", "region_code", "region_name"} <= set(frame.columns):
        return []
    found: dict[str, tuple[str, str, str, list[str]]] = {}
    for nation, group in frame.groupby("nation", sort=True):
        code = COUNTRY_CODES.get(str(nation), "")
        if code:
            found[code] = (code, NATIONS[str(nation)], str(nation), [str(one) for one in group["code"]])
    named = frame[frame["region_code"].fillna("") != ""]
    for (code, name), group in named.groupby(["region_code", "region_name"], sort=True):
        part = (str(code), str(name), str(group["nation"].iloc[0]), [str(one) for one in group["code"]])
        found.setdefault(str(code), part)
    whole = len(frame)
    return [part for part in found.values() if len(part[3]) < whole]


def welsh_names(frame: gpd.GeoDataFrame) -> dict[int, str]:
    """Return the Welsh name of each area that has one of its own, by its place in the frame."""
    if "name_cy" not in frame.columns:
        return {}
    pairs = enumerate(zip(frame["name"], frame["name_cy"], strict=True))
    return {at: welsh for at, (name, welsh) in pairs if isinstance(welsh, str) and welsh and welsh != name}


def _codes_of(frame: gpd.GeoDataFrame, column: str) -> list[str]:
    return [str(code) for code in frame[column].fillna("")] if column in frame.columns else [""] * len(frame)


def _label_points(ground: PageGround) -> str:
    """Return a point inside the largest part of every area, on the grid of the shapes."""
    grid = ground.shapes.content["grid"]
    shapes = ground.boundaries.frame.geometry.to_crs(UK_EQUAL_AREA).to_numpy()
    parts, owner = shapely.get_parts(shapes, return_index=True)
    order = np.lexsort((-shapely.area(parts), owner))
    first = order[np.r_[True, np.diff(owner[order]) > 0]]
    points = shapely.get_coordinates(shapely.point_on_surface(parts[first]))
    return number_text(((points - [grid["x"], grid["y"]]) / grid["step"]).round().ravel().tolist())


def _ranks(frame: gpd.GeoDataFrame) -> list[int]:
    """Return the places of areas in the order in which their names are set: those of most residents first."""
    residents = (
        frame["population"].astype("float64").fillna(0).to_numpy()
        if "population" in frame.columns
        else np.zeros(len(frame))
    )
    return [int(at) for at in np.lexsort((np.arange(len(frame)), -residents))]


def _kinds(ground: PageGround, codes: Sequence[str]) -> list[list[str]]:
    """Return every kind of place with a sign an area."""
    if ground.kinds is None:
        return []
    table = ground.kinds.reindex(list(codes))
    return [
        [sentence(str(kind)), "".join(MEMBERS.get(str(answer), "u") for answer in table[kind])]
        for kind in table.columns
    ]
