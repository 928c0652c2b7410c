"""The areas of a geography on a date, whoever drew them: bundled, official, or a file of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import geopandas as gpd

from boundaries.areas.boundary_set import BoundarySet, only
from boundaries.areas.bundled_areas import bundled_areas
from boundaries.areas.coded_layers import OfLayer, coded_areas, is_coded, layer_asked
from boundaries.areas.in_place import check_in_place
from boundaries.areas.layer_files import read_layer, read_official
from boundaries.areas.planned import load_scenario
from boundaries.areas.statistical import LEVELS
from boundaries.areas.statistical_areas import statistical_areas
from boundaries.bundled.layers import sources as layer_sources
from boundaries.register import (
    check_date,
    load_register,
)
from boundaries.register.codes import GEOGRAPHIES, nation_of
from boundaries.vocabulary import NATIONS
from geo.arguments import date_of, path_of, texts_of
from geo.errors import CodeError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from boundaries.areas.layer_files import Layer
    from boundaries.areas.planned import Scenario
    from boundaries.register import Register


def load_boundary_set(
    geography: str,
    date: dt.date | str | None = None,
    *,
    layer: str | Path = "bundled",
    nations: Sequence[str] | None = ("E", "W", "S", "N"),
    scenario: str | Path | None = None,
    crs: str | None = None,
    **of_layer: Unpack[OfLayer],
) -> BoundarySet:
    """Return the areas of a geography on a date.

    Parameters
    ----------
    geography : LAD, UTLA, CAUTH, RGN, CTRY, or ITL1, ITL2, ITL3 of the edition in use on the date (NUTS before 2021). The
        bundled shapes draw a district that lies in two statistical regions whole in the larger part, and say so. Of a layer also
        LSOA, MSOA, DZ, WARD … or a name of one's own (``boundaries.areas.coded_layers``); "" for what its codes say.
    date : a date or its text (ISO 8601) that the register knows; with a ``scenario``, the scenario's date or later.
    layer : "bundled" (the atoms that come with placeatlas, dissolved), "official" (the fetched release with the codes of
        that date, the nearest if there are several; never the bundled shapes in its stead), or the path of a file with a
        code column and polygons, whose codes in the nations wanted must be those of the date.
    nations : initials of the nations wanted; a layer need show no other (one of Great Britain serves E, W and S). None takes all,
        of a file all that it shows.
    scenario : id of planned councils (``surrey-2027``), or the path of a TOML file; LAD and bundled shapes only.
    crs : reference system of a file that declares a wrong one or none.
    of_layer : columns and lookups of a file, as of ``boundaries.areas.coded_layers.OfLayer``.

    Raises
    ------
    DateError
        A date outside the register and no scenario named, or a text that is no date.
    CodeError
        An unknown geography or nation, a layer whose codes are not those of the date.
    FetchError
        "official" and the layer was never fetched (the error names the command), or no release shows all nations wanted.
    CRSError, GeometryError
        A file without coordinates in a declared system, or without polygons.

    Examples
    --------
    >>> len(load_boundary_set("LAD", "2012-01-01"))
    406
    """
    register, date = load_register(), None if date is None else date_of(date, "date")
    planned = None if scenario is None else load_scenario(scenario, register)
    path_of(layer, "layer")
    if is_coded(geography, layer, code := of_layer.get("layer_code")):
        return coded_areas(layer_asked(layer, of_layer), geography=geography, date=date, nations=nations, crs=crs)
    geography, date = geography or "LAD", date_of(date, "date")
    shapes = read_layer(Path(layer), crs=crs, code=code) if layer not in {"bundled", "official"} else None
    nations = _shown(shapes) if nations is None else nations
    _check_request(geography, date, nations, planned, layer)
    made = _areas(register, geography, date, planned, drawn=layer == "bundled")
    if set(nations) != set(NATIONS):
        made = only(made, made.frame.loc[made.frame["nation"].isin(nations), "code"])
    if layer == "bundled":
        return made
    drawn = shapes or read_official(geography, date, nations=nations)
    return _with_shapes_of(made, drawn, nations, own=shapes is not None)


def _areas(register: Register, geography: str, date: dt.date, planned: Scenario | None, *, drawn: bool) -> BoundarySet:
    """Return the areas of the register on a date that it knows, with the bundled shapes."""
    named = geography if geography in GEOGRAPHIES else "LAD"
    check_date(register, date, geography=named, scenario=None if planned is None else planned.id)
    if geography in LEVELS:
        return statistical_areas(register, geography, date, drawn=drawn)
    return bundled_areas(register, geography, date, planned)


def _shown(shapes: Layer | None) -> tuple[str, ...]:
    """Return the nations that a layer shows; all where none is given, or it shows none."""
    shown = {nation_of(code) for code in shapes.frame["code"]} if shapes is not None else set(NATIONS)
    return tuple(nation for nation in NATIONS if nation in shown) or tuple(NATIONS)


def _check_request(
    geography: str, date: dt.date, nations: Sequence[str], planned: Scenario | None, layer: str | Path
) -> None:
    texts_of(geography, "geography")
    faults = []
    if geography not in (*GEOGRAPHIES, *LEVELS):
        known = ", ".join((*GEOGRAPHIES, *LEVELS))
        near = f"; did you mean {geography.upper()}?" if geography.upper() in (*GEOGRAPHIES, *LEVELS) else ""
        faults.append(f"geography {geography!r}; known: {known}, or a membership table{near}")
    if unknown := [nation for nation in nations if nation not in NATIONS]:
        faults.append(f"nations {listed(unknown)}; known: {', '.join(NATIONS)}")
    if planned is not None and (geography != "LAD" or layer != "bundled"):
        faults.append("a scenario draws planned councils: geography LAD and layer bundled only")
    if planned is not None and date < planned.date:
        faults.append(f"{planned.id} begins on {planned.date.isoformat()}, after {date.isoformat()}")
    if faults:
        raise CodeError(f"no boundaries {geography}@{date.isoformat()}", faults)


def _with_shapes_of(made: BoundarySet, layer: Layer, nations: Sequence[str], *, own: bool) -> BoundarySet:
    """Keep codes, names, residents and members; take the shapes of a layer whose codes in these nations must be the same.

    Shapes of one's ``own`` must lie where their codes say; a release was looked at when it was fetched.
    """
    elsewhere = set(NATIONS) - set(nations)
    expected = set(made.frame["code"])
    found = {code for code in layer.frame["code"] if nation_of(code) not in elsewhere}
    faults = []
    if missing := sorted(expected - found):
        faults.append(f"areas of {made.geography}@{made.date.isoformat()} without a shape: {listed(missing)}")
    if unknown := sorted(found - expected):
        faults.append(f"shapes that are no area of {made.geography}@{made.date.isoformat()}: {listed(unknown)}")
    if faults:
        raise CodeError(f"{layer.source.title} is not of {made.date.isoformat()}", faults)
    known = layer.frame.assign(place=range(len(layer.frame))).set_index("code").reindex(made.frame["code"])
    shapes = known.geometry
    if own:
        check_in_place(
            made.frame.set_index("code").geometry,
            shapes,
            layer.centres[known["place"].to_numpy(dtype="int64")],
            layer.declared,
            what=layer.source.title,
        )
    drawn = {source.title for name, source in layer_sources().items() if name.startswith("geometry")}
    frame = made.frame.set_geometry(gpd.GeoSeries(shapes.to_numpy(), index=made.frame.index, crs=layer.frame.crs))
    frame["hectares"] = frame.geometry.area / 10_000
    return replace(
        made,
        frame=frame,
        sources=(layer.source, *(source for source in made.sources if source.title not in drawn)),
        approximate={},
        receipt=dict(layer.repairs),
        shapes=layer.source.title,
    )
