"""Rasters: grids in memory, files as their publishers made them, and what lies in areas and at points.

Promises that a number is that of the band that was meant, in the unit that scale and offset give, on the side of the map where the
cells lie; what a file does not say is asked, never guessed. Does not promise that declared values are true.
"""

from geo.raster.grids import BLOCK, NODATA, Grid, distance_to_coast, write_geotiff
from geo.raster.in_areas import CLASS, zonal, zonal_means
from geo.raster.opening import Cells, Reading, opened
from geo.raster.sampling import values_at

__all__ = [
    "BLOCK",
    "CLASS",
    "NODATA",
    "Cells",
    "Grid",
    "Reading",
    "distance_to_coast",
    "opened",
    "values_at",
    "write_geotiff",
    "zonal",
    "zonal_means",
]
