"""The grid of distances to open coast that a set's indicators are read from, and its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo import raster
from geo.raster import Grid as DistanceGrid

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DistanceGrid", "write_geotiff"]


def write_geotiff(grid: DistanceGrid, path: Path) -> None:
    """Write the grid as a cloud-optimised GeoTIFF, in metres, its band named."""
    raster.write_geotiff(grid, path, title="distance to open coast", unit="m")
