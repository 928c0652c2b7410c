"""What the shape of an area says about it: share of open coast, distance to it, residents per hectare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from analysis.statistics import AreaColumns, Meaning
from boundaries.bundled.layers import load_atoms, load_neighbours
from geo.crs import BRITISH_NATIONAL_GRID, WGS84, projected
from geo.errors import TableError, listed
from geo.measures import measure_coast
from geo.raster import distance_to_coast, zonal_means

if TYPE_CHECKING:
    from boundaries.areas.boundary_set import BoundarySet
    from geo.raster import Grid


_REACH_M = 120_000.0
"""No place in these islands is farther from the sea."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set of areas measures, and the grid its distances were read from.

    Parameters
    ----------
    frame : by code, the columns of ``indicators``.
    grid : distance to open coast; ``None`` when there is none.
    """

    frame: pd.DataFrame
    grid: Grid | None


def indicators(boundaries: BoundarySet, *, neighbours: gpd.GeoDataFrame | None = None) -> pd.DataFrame:
    """Measure every area of a set.

    Parameters
    ----------
    boundaries : the areas, in EPSG:27700.
    neighbours : land beyond the United Kingdom, so that a land border is not taken for coast; the bundled land of
        Ireland when not given. What the set leaves out of the United Kingdom is always land.

    Returns
    -------
    pandas.DataFrame
        By code: ``coast_share`` (of the border, 0 to 1), ``coast_distance_m`` (mean over the land; NaN when no
        land given has an open coast), ``residents_per_hectare`` (2011 Census; NaN where residents are not known).

    Notes
    -----
    All three describe land as drawn. A large council with a short coast has a low share and a long distance though most
    of its people may live by the sea.
    """
    return measured(boundaries, neighbours=neighbours).frame


def measured(boundaries: BoundarySet, *, neighbours: gpd.GeoDataFrame | None = None) -> Measured:
    """Measure every area of a set and keep the grid of distances; see ``indicators``."""
    frame = boundaries.frame
    areas = gpd.GeoSeries(frame.geometry.to_numpy(), index=pd.Index(frame["code"], name="code"), crs=frame.crs)
    # All land is measured: the nearest coast of an inland council is often another's, or Ireland's.
    beyond = _land_beyond(boundaries, neighbours)
    coast = measure_coast(pd.concat([areas, beyond]))
    grid = None if coast.line.is_empty else distance_to_coast(areas, coast.line)
    columns = {
        "coast_share": coast.share.iloc[: len(areas)],
        "coast_distance_m": np.nan if grid is None else zonal_means(areas, grid),
        "residents_per_hectare": (frame["population"] / frame["hectares"]).to_numpy(dtype=float),
    }
    return Measured(pd.DataFrame(columns, index=areas.index), grid)


def centre(boundaries: BoundarySet) -> AreaColumns:
    """Give every area a point inside it: the layer ``centre``, for labels, joins by distance and web maps.

    Returns
    -------
    AreaColumns
        ``easting_m northing_m`` on the British National Grid, to a metre; ``longitude latitude`` on WGS 84, to five decimals.
        The point lies on the area's land, near the middle of its widest part; it is no centre of population.
    """
    frame = boundaries.frame
    points = frame.geometry.representative_point()
    grid, globe = points.to_crs(BRITISH_NATIONAL_GRID), points.to_crs(WGS84)
    columns = {
        "easting_m": grid.x.round(),
        "northing_m": grid.y.round(),
        "longitude": globe.x.round(5),
        "latitude": globe.y.round(5),
    }
    units = {"easting_m": "metres", "northing_m": "metres", "longitude": "degrees", "latitude": "degrees"}
    words = {
        "easting_m": "Easting of a point inside the area, British National Grid",
        "northing_m": "Northing of a point inside the area, British National Grid",
        "longitude": "Longitude of a point inside the area, WGS 84",
        "latitude": "Latitude of a point inside the area, WGS 84",
    }
    return AreaColumns(
        pd.DataFrame(columns).set_axis(pd.Index(frame["code"], name="code")),
        {column: Meaning(words[column], units[column]) for column in columns},
    )


def manufacturing_decline(
    table: pd.DataFrame,
    *,
    code: str,
    year: str,
    share: str,
    then: tuple[int, int] = (1998, 2000),
    now: tuple[int, int] = (2021, 2023),
) -> pd.DataFrame:
    """Measure how much of a place's manufacturing went: the indicators of ``post-industrial-measured``.

    Parameters
    ----------
    table : one row an area and year, for example ONS's gross value added by industry.
    code, year, share : names of the columns: area, year, manufacturing's share of the local economy in per cent.
    then, now : first and last year of the two spans that are averaged, so that one good year does not decide.

    Returns
    -------
    pandas.DataFrame
        By code: ``manufacturing_share_then`` (%), ``manufacturing_fall`` (percentage points, positive for a fall). NaN
        where a year of either span is missing.

    Raises
    ------
    TableError
        A column is absent, an area has two values in a year, or a year of a span is nowhere in the table.
    """
    faults = [f"there is no column {name!r}" for name in (code, year, share) if name not in table.columns]
    if faults:
        raise TableError("manufacturing's decline cannot be measured", [*faults, f"found {listed(table.columns)}"])
    if (doubled := table.duplicated([code, year])).any():
        faults.append(f"two values in a year for {listed(table.loc[doubled, code].unique())}")
    spans = [list(range(first, last + 1)) for first, last in (then, now)]
    if absent := sorted({*spans[0], *spans[1]} - set(table[year])):
        faults.append(f"no values for the years {listed(absent)}")
    if faults:
        raise TableError("manufacturing's decline cannot be measured", faults)
    wide = table.pivot_table(index=code, columns=year, values=share, dropna=False).astype(float)
    before, after = (wide[span].mean(axis=1, skipna=False) for span in spans)
    return pd.DataFrame({"manufacturing_share_then": before, "manufacturing_fall": before - after}).rename_axis("code")


def _land_beyond(boundaries: BoundarySet, neighbours: gpd.GeoDataFrame | None) -> gpd.GeoSeries:
    crs = boundaries.frame.crs
    foreign = load_neighbours() if neighbours is None else neighbours
    land = pd.concat([projected(layer, crs).geometry for layer in (_left_out(boundaries), foreign)], ignore_index=True)
    # Land out of reach cannot hold the nearest coast of any area.
    west, south, east, north = boundaries.frame.total_bounds
    return land[land.intersects(box(west - _REACH_M, south - _REACH_M, east + _REACH_M, north + _REACH_M))]


def _left_out(boundaries: BoundarySet) -> gpd.GeoDataFrame:
    """Return the bundled atoms that are in none of the areas."""
    atoms = load_atoms()
    if boundaries.atoms is not None and len(boundaries.atoms):
        return atoms[~atoms["atom"].isin(boundaries.atoms["atom"])]
    # A layer from elsewhere: an atom is inside where a point of it is.
    points = projected(atoms, boundaries.frame.crs).representative_point()
    inside, _ = boundaries.frame.sindex.query(points, predicate="intersects")
    return atoms.drop(index=atoms.index[np.unique(inside)])
