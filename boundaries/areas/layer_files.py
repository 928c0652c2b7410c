"""Boundary layers from elsewhere: a file, or the official layer that was fetched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from boundaries.register.codes import nation_of, parse_code, repaired
from boundaries.sources.described import description_of
from boundaries.vocabulary import EXTENTS, NATIONS, nation_words
from geo.crs import BRITISH_NATIONAL_GRID, check_declared, projected
from geo.errors import CodeError, CRSError, FetchError, GeometryError, TableError, listed
from geo.provenance import Source, sha256_of
from geo.remedies import Remedy
from geo.vectors import layers_of, read_vectors

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True)
class Layer:
    """Polygons with codes: columns ``code, geometry``, EPSG:27700, valid; ``repairs`` counts what was mended.

    ``centres``, shape (n_areas, 2), are in the coordinates of the file, ``declared`` the system it declares: by both a layer that
    is not where its codes say is told. ``column`` held the codes; ``attributes`` are the other columns, in the same order.
    """

    frame: gpd.GeoDataFrame
    source: Source
    repairs: Mapping[str, int]
    centres: NDArray[np.float64]
    declared: str
    column: str = ""
    attributes: pd.DataFrame | None = None


def read_official(geography: str, date: dt.date, *, nations: Sequence[str] = tuple(NATIONS)) -> Layer:
    """Read the fetched official layer that has the codes of that date: of several releases, the nearest to it.

    A release holds for every date with the same codes, so the layer may bear another date than the one asked for. Which one
    it is stands in the source: title with month, nations and resolution, hash of the file, and a line to print.

    Parameters
    ----------
    nations : initials of the nations the layer must show.

    Raises
    ------
    FetchError
        No release has the codes of that date; or none shows every nation wanted that has areas then (releases of districts
        before December 2016 leave out Northern Ireland, so that dates before its districts changed in April 2015 can be had
        for England, Wales and Scotland only); or it was never fetched, and the error names the command that fetches it.
    """
    from boundaries.official import cached_layer  # noqa: PLC0415 - the network's floor is loaded only when asked for

    _check_nations(geography, date, nations)
    cached = cached_layer(geography, date)
    if cached is None:
        raise FetchError(
            f"the official layer {geography}@{date.isoformat()} has not been fetched",
            [f"run: placeatlas fetch {geography}@{date.isoformat()}"],
            [Remedy("layer", "bundled", purpose="for the shapes that come with placeatlas")],
        )
    line = f"Boundaries: {cached.source.title}, sha256 {cached.source.sha256[:12]}"
    return read_layer(cached.path, source=replace(cached.source, attribution=(line, *cached.source.attribution)))


def _check_nations(geography: str, date: dt.date, wanted: Sequence[str]) -> None:
    """Refuse a date of which the widest release leaves out a nation that is wanted and has areas then."""
    from boundaries.official import releases as portal_releases  # noqa: PLC0415 - as above
    from boundaries.official.entries import load_catalogue  # noqa: PLC0415 - as above

    releases = portal_releases.suitable(geography, date, load_catalogue().releases(geography))
    covered = set(EXTENTS[releases[0].extent])
    codes = portal_releases.alive(geography, date) or ()
    left_out = sorted(code for code in codes if nation_of(code) in set(wanted) - covered)
    if left_out:
        nations = {nation_of(code) for code in left_out}
        named = nation_words(nations)
        told = listed(f"{release.date.isoformat()} {release.extent}" for release in releases)
        raise FetchError(
            f"no official layer {geography}@{date.isoformat()} shows {named}",
            [
                f"areas in no release: {listed(left_out)}",
                f"releases with the codes of that date: {told}",
            ],
            [
                Remedy("layer", "bundled", purpose="for shapes of the whole United Kingdom"),
                Remedy(
                    "nations",
                    tuple(nation for nation in NATIONS if nation in covered),
                    purpose="to leave the others out",
                ),
            ],
        )


def read_layer(path: Path, *, source: Source | None = None, crs: str | None = None, code: str | None = None) -> Layer:
    """Read polygons and their codes from any file that GDAL reads.

    Parameters
    ----------
    path : the file; of several layers with areas one is named behind two colons (``areas.gpkg::districts``).
    source : of the shapes; by default what the file beside it states. crs : the reference system, where the file declares a wrong
        one or none. code : column of the codes, whatever their form; by default the one with most codes of the register.

    Raises
    ------
    TableError
        No such file, one that cannot be read, or one without the column that was named.
    CRSError
        No reference system, or coordinates that are not in the one declared (metres in GeoJSON).
    CodeError
        No column of codes, or a code that stands twice.
    GeometryError
        Rows without polygons.
    """
    path, layer_name = named_layer(path)
    frame = read_vectors(path, layer=layer_name)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise GeometryError(f"{path.name} does not hold areas", ["it has no geometry"])
    if crs is not None:
        frame = frame.set_crs(_known_crs(crs), allow_override=True)
    check_declared(frame, what=path.name)
    column = code_column(frame, path.name) if code is None else _named_column(frame, code, path.name)
    codes, repairs = repaired(frame[column])
    faults = []
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    odd = codes[(kinds != _POLYGONS[0]) & (kinds != _POLYGONS[1])]
    if len(odd):
        faults.append(f"no polygon: {listed(odd)}")
    if (blank := int((codes == "").sum())) and code is not None:
        faults.append(f"rows without a code in '{code}': {blank:,}")
    if faults:
        raise GeometryError(f"{path.name} does not hold areas", faults)
    twice = sorted(codes[codes.duplicated()].unique())
    if twice:
        raise CodeError(
            f"{path.name} holds a code more than once", [listed(twice), "dissolve the layer by its code first"]
        )
    layer = gpd.GeoDataFrame({"code": codes.to_numpy()}, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    centres = shapely.get_coordinates(shapely.centroid(layer.geometry.to_numpy()))
    declared = layer.crs.to_string()
    layer = projected(layer, BRITISH_NATIONAL_GRID)
    # Coordinates that no projection takes are of another system: there is nothing to mend before that is said.
    invalid = ~layer.geometry.is_valid & np.isfinite(layer.geometry.bounds).all(axis=1)
    if invalid.any():
        # "structure" keeps neighbours that touch; buffer(0) and the default method lose far more links (craft B1).
        mended = layer.geometry[invalid].make_valid(method="structure", keep_collapsed=False)
        layer.loc[invalid, "geometry"] = mended
        repairs = {**repairs, "invalid polygons": int(invalid.sum())}
    attributes = pd.DataFrame(frame.drop(columns=[column, frame.geometry.name])).reset_index(drop=True)
    return Layer(layer, source or _stated_source(path), repairs, centres, declared, column, attributes)


def _named_column(frame: pd.DataFrame, column: str, what: str) -> str:
    """Return the column of codes that was named.

    Raises
    ------
    TableError
        The layer has no such column.
    """
    held = [str(name) for name in frame.columns if name != "geometry"]
    if column not in held:
        raise TableError(f"{what} has no column '{column}'", [f"columns: {listed(held)}"])
    return column


def _stated_source(path: Path) -> Source:
    """Return the source of shapes of one's own: what the file beside it states, else its name and that nothing is stated."""
    stated = description_of(path)
    lines = stated.get("attribution")
    named = str(stated.get("credit") or f"{path.name}, whose source is not stated")
    return Source(
        title=str(stated.get("credit") or path.name),
        sha256=sha256_of(path),
        licence=str(stated.get("licence") or ""),
        attribution=(f"Boundaries: {named}", *(lines if isinstance(lines, tuple) else ())),
    )


def named_layer(path: Path) -> tuple[Path, str | None]:
    """Return file and layer; of several layers with areas one must be named.

    Raises
    ------
    TableError
        None, or one that is not there, is named.
    """
    text, _, name = str(path).partition("::")
    file = Path(text)
    if file.suffix.lower() == ".parquet":
        return file, None
    known = layers_of(file)
    if name and name not in [layer for layer, _ in known]:
        raise TableError(f"{file.name} has no layer '{name}'", [f"layers: {listed(layer for layer, _ in known)}"])
    areas = [layer for layer, kind in known if "Polygon" in kind]
    if not name and len(areas) > 1:
        raise TableError(
            f"{file.name} holds {len(areas)} layers of areas", [listed(areas), f"name one: {file.name}::{areas[0]}"]
        )
    return file, name or (areas[0] if areas else None)


def _known_crs(crs: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"'{crs}' is no reference system", ["name one as EPSG:27700"]) from error


def code_column(frame: pd.DataFrame, what: str) -> str:
    """Find the column that holds codes: the one with most cells in the form of a code of an area.

    Raises
    ------
    CodeError
        No column holds codes.
    """
    shares, small = {}, []
    for name in frame.columns:
        column = frame[name]
        if name == "geometry" or not (column.dtype == object or str(column.dtype).startswith("str")):
            continue
        cells = column.fillna("").astype(str).str.strip().str.upper()
        schemes = cells.map(lambda cell: parse_code(cell).scheme)
        shares[name] = schemes.isin({"gss", "ni-district", "itl"}).mean()
        if (schemes == "ni-small-area").mean() > 0.5:
            small.append(name)
    # A layer of small areas names their districts too: of columns alike in form the one that tells areas apart.
    best = max(shares, key=lambda name: (round(shares[name], 2), frame[name].astype("str").nunique()), default="")
    if not best or shares[best] < 0.5:
        raise CodeError(
            f"{what} has no column of area codes",
            [
                *(
                    f"{name} holds codes of Northern Ireland's small areas: 95AA is Antrim but 95A is Derry, so they are "
                    "never matched by letter"
                    for name in small
                ),
                f"columns found: {listed(name for name in frame.columns if name != 'geometry')}",
            ],
            [Remedy("layer_code", purpose="to name the column of codes")],
        )
    return best
