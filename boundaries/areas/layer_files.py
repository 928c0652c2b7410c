"""Boundary layers from elsewhere: a file, or the official layer that was fetched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from boundaries.register.codes import nation_of, parse_code, repaired
from boundaries.vocabulary import EXTENTS, NATIONS, nation_words
from geo.crs import BRITISH_NATIONAL_GRID, check_declared, projected
from geo.errors import CodeError, FetchError, GeometryError, listed
from geo.provenance import Source, sha256_of
from geo.remedies import Remedy
from geo.vectors import read_vectors

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True)
class Layer:
    """Polygons with codes: columns ``code, geometry``, EPSG:27700, valid; ``repairs`` counts what was mended."""

    frame: gpd.GeoDataFrame
    source: Source
    repairs: Mapping[str, int]


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


def read_layer(path: Path, *, source: Source | None = None) -> Layer:
    """Read polygons and their codes from any file that GDAL reads.

    Raises
    ------
    TableError
        No such file, or one that cannot be read.
    CRSError
        No reference system, or coordinates that are not in the one declared (metres in GeoJSON).
    CodeError
        No column of codes, or a code that stands twice.
    GeometryError
        Rows without polygons.
    """
    frame = read_vectors(path)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise GeometryError(f"{path.name} does not hold areas", ["it has no geometry"])
    check_declared(frame, what=path.name)
    codes, repairs = repaired(frame[code_column(frame, path.name)])
    faults = []
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    odd = codes[(kinds != _POLYGONS[0]) & (kinds != _POLYGONS[1])]
    if len(odd):
        faults.append(f"no polygon: {listed(odd)}")
    if faults:
        raise GeometryError(f"{path.name} does not hold areas", faults)
    twice = sorted(codes[codes.duplicated()].unique())
    if twice:
        raise CodeError(
            f"{path.name} holds a code more than once", [listed(twice), "dissolve the layer by its code first"]
        )
    layer = gpd.GeoDataFrame({"code": codes.to_numpy()}, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    layer = projected(layer, BRITISH_NATIONAL_GRID)
    invalid = ~layer.geometry.is_valid
    if invalid.any():
        # "structure" keeps neighbours that touch; buffer(0) and the default method lose far more links (craft B1).
        mended = layer.geometry[invalid].make_valid(method="structure", keep_collapsed=False)
        layer.loc[invalid, "geometry"] = mended
        repairs = {**repairs, "invalid polygons": int(invalid.sum())}
    return Layer(layer, source or Source(title=path.name, sha256=sha256_of(path)), repairs)


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
    best = max(shares, key=lambda name: shares[name], default="")
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
        )
    return best
