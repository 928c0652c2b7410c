"""Coordinate reference systems: the few we use, and a check that coordinates are what they claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj

from geo.errors import CRSError

if TYPE_CHECKING:
    import geopandas as gpd

BRITISH_NATIONAL_GRID = "EPSG:27700"
"""Analysis and storage. Its area of use excludes Northern Ireland, which is stored in it but never drawn in it."""

WGS84 = "EPSG:4326"
"""GeoJSON (RFC 7946) and web pages."""

IRISH_TRANSVERSE_MERCATOR = "EPSG:2157"
"""Regional maps of Northern Ireland."""

UK_EQUAL_AREA = "+proj=laea +lat_0=55 +lon_0=-4 +x_0=0 +y_0=0 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs"
"""Static maps of the whole UK: Lambert azimuthal equal-area centred on 55° N, 4° W (areas true, Northern Ireland upright)."""

UK_EQUAL_AREA_NAME = "Lambert azimuthal equal-area projection centred on 55° N 4° W"

UK_BOUNDS_WGS84 = (-9.5, 49.0, 3.0, 61.5)
"""West, south, east, north, generously, in degrees."""


def check_declared(frame: gpd.GeoDataFrame, *, what: str) -> None:
    """Refuse a frame without a CRS, or whose coordinates cannot be in the CRS it declares.

    Raises
    ------
    CRSError
        No CRS; degrees expected but metres found (or the reverse); coordinates outside every place of the CRS.
    """
    if frame.crs is None:
        raise CRSError(
            f"{what} declares no coordinate reference system",
            ["declare the one it was drawn in, for example EPSG:27700"],
        )
    bounds = frame.total_bounds
    if not np.all(np.isfinite(bounds)):
        raise CRSError(f"{what} holds no coordinates", ["the layer has no geometry"])
    if frame.crs.is_geographic and (np.abs(bounds[[0, 2]]).max() > 360 or np.abs(bounds[[1, 3]]).max() > 90):
        raise CRSError(
            f"{what} declares {frame.crs.to_string()} (degrees) but its coordinates are metres",
            [
                f"found x {bounds[0]:.0f} to {bounds[2]:.0f}, y {bounds[1]:.0f} to {bounds[3]:.0f}",
                "if it is British National Grid, declare EPSG:27700",
            ],
        )
    if frame.crs.is_projected and np.abs(bounds).max() <= 360:
        raise CRSError(
            f"{what} declares {frame.crs.to_string()} (metres) but its coordinates look like degrees",
            [
                f"found x {bounds[0]:.3f} to {bounds[2]:.3f}, y {bounds[1]:.3f} to {bounds[3]:.3f}",
                "if it is longitude and latitude, declare EPSG:4326",
            ],
        )


def projected(frame: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Return the frame in another CRS, untouched when it already is."""
    return frame if frame.crs == pyproj.CRS.from_user_input(crs) else frame.to_crs(crs)
