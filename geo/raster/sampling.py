"""What lies at points: the value of the cell that each is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj

from geo.raster.grids import BLOCK
from geo.raster.opening import opened

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.raster.grids import Grid
    from geo.raster.opening import Reading


def values_at(
    xy: NDArray[np.float64], crs: str, raster: Grid | Path, reading: Reading | None = None
) -> NDArray[np.float64]:
    """Return the value of the cell that each point lies in; NaN outside the raster and where a cell has none.

    Parameters
    ----------
    xy : shape (n, 2), in ``crs``. raster : a grid or a file, read block by block. reading : what the file does not say of itself.

    Raises
    ------
    GeometryError, CRSError
        As ``opened``; cells that look as if they had no value.
    """
    with opened(raster, reading) as cells:
        x, y = pyproj.Transformer.from_crs(crs, cells.crs, always_xy=True).transform(xy[:, 0], xy[:, 1])
        a, b, c, d, e, f = (~cells.transform)[:6]
        column, row = np.floor(a * x + b * y + c), np.floor(d * x + e * y + f)
        rows, columns = cells.shape
        inside = np.flatnonzero((column >= 0) & (column < columns) & (row >= 0) & (row < rows))
        found = np.full(len(xy), np.nan)
        if not len(inside):
            return found
        column, row = column[inside].astype(np.int64), row[inside].astype(np.int64)
        left, top = int(column.min()), int(row.min())
        cells.refuse_undeclared((left, top, int(column.max()) - left + 1, int(row.max()) - top + 1))
        block = (row // BLOCK) * (columns // BLOCK + 1) + column // BLOCK
        order = np.argsort(block, kind="stable")
        for same in np.split(order, np.flatnonzero(np.diff(block[order])) + 1):
            left, top = int(column[same].min()), int(row[same].min())
            part = cells.read(left, top, int(column[same].max()) - left + 1, int(row[same].max()) - top + 1)
            found[inside[same]] = part[row[same] - top, column[same] - left]
    return found
