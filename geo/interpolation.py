"""Areal interpolation: carrying values from one set of areas to another by the land they share, conserving totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse
import shapely

from geo.crs import check_declared
from geo.errors import CRSError, GeometryError, listed

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

NEGLIGIBLE = 1e-9
"""An overlap below this share of the source is a rounding of two drawings of one line."""


@dataclass(frozen=True, slots=True)
class AreaWeights:
    """How much of each source area lies in each target area; one matrix serves every value.

    Parameters
    ----------
    shares : sparse, shape (n_targets, n_sources): share of the source's own area that lies in the target, 0 to 1.
    source_ids, target_ids : labels of columns and rows.
    source_areas : area of each source.
    uncovered : share of each source that lies in no target; targets that overlap each other make it negative.
    """

    shares: scipy.sparse.csr_array
    source_ids: pd.Index
    target_ids: pd.Index
    source_areas: NDArray[np.float64]
    uncovered: NDArray[np.float64]

    def __repr__(self) -> str:
        """State the sizes and how much lies outside."""
        outside = float(self.uncovered @ self.source_areas / self.source_areas.sum())
        return f"AreaWeights({len(self.source_ids)} sources, {len(self.target_ids)} targets, {self.shares.nnz} pieces; {outside:.3%} of the land outside)"


def area_weights(source: gpd.GeoDataFrame, target: gpd.GeoDataFrame) -> AreaWeights:
    """Measure how source areas are spread over target areas.

    Parameters
    ----------
    source, target : valid polygons in one projected system, indexed by their ids.

    Raises
    ------
    GeometryError
        Layers that are not polygons, are invalid, or whose ids repeat.
    CRSError
        Layers in different systems, or in degrees.

    Notes
    -----
    A source that a target covers wholly needs no overlay; only pairs across a border are cut. Sources on the edge of the
    map are not stretched: what lies in no target stays ``uncovered``, and is reported rather than given away.
    """
    _check(source, target)
    sources, targets = source.geometry.to_numpy(), target.geometry.to_numpy()
    sizes = shapely.area(sources)
    shapely.prepare(targets)
    # the tree is asked by targets, which are prepared: whatever a target covers is settled without cutting anything
    inside_target, inside = shapely.STRtree(sources).query(targets, predicate="covers")
    settled = np.zeros(len(sources), dtype=bool)
    settled[inside] = True
    open_sources = np.flatnonzero(~settled)
    cut_target, cut = shapely.STRtree(sources[open_sources]).query(targets, predicate="intersects")
    cut = open_sources[cut]
    piece = shapely.area(shapely.intersection(sources[cut], targets[cut_target]))
    real = piece > NEGLIGIBLE * sizes[cut]
    rows = np.concatenate([inside_target, cut_target[real]])
    columns = np.concatenate([inside, cut[real]])
    values = np.concatenate([np.ones(len(inside)), (piece / sizes[cut])[real]])
    shares = scipy.sparse.coo_array((values, (rows, columns)), shape=(len(targets), len(sources))).tocsr()
    return AreaWeights(
        shares=shares,
        source_ids=source.index,
        target_ids=target.index,
        source_areas=sizes,
        uncovered=1.0 - np.asarray(shares.sum(axis=0)).ravel(),
    )


def extensive(weights: AreaWeights, values: pd.DataFrame) -> pd.DataFrame:
    """Carry counts: each source's value is divided over the targets in proportion to shared land.

    Parameters
    ----------
    weights : of the two sets of areas.
    values : one row a source (any order), numeric columns; a missing value makes every target it touches missing.

    Returns
    -------
    One row a target. Of every complete column, what the targets hold and what lies outside them (``uncovered`` of the weights) are
    together the total of the sources: nothing is stretched over land that has none of it.

    Raises
    ------
    GeometryError
        Sources without a value row.

    Examples
    --------
    >>> import geopandas as gpd
    >>> source = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2000, 1000)], index=["s"], crs="EPSG:27700")
    >>> halves = [shapely.box(0, 0, 500, 1000), shapely.box(500, 0, 2000, 1000)]
    >>> target = gpd.GeoDataFrame(geometry=halves, index=["a", "b"], crs="EPSG:27700")
    >>> extensive(area_weights(source, target), pd.DataFrame({"n": [8.0]}, index=["s"]))["n"].tolist()
    [2.0, 6.0]
    """
    table = _aligned(weights, values)
    # 0 × NaN would spread no further: a sparse product touches stored shares alone
    carried = np.asarray(weights.shares @ table, dtype=np.float64)
    return pd.DataFrame(carried, index=weights.target_ids, columns=values.columns)


def intensive(weights: AreaWeights, values: pd.DataFrame) -> pd.DataFrame:
    """Carry densities and rates of land: each target gets the mean of its sources, weighted by shared land.

    Parameters
    ----------
    weights : of the two sets of areas.
    values : one row a source (any order), numeric columns.

    Returns
    -------
    One row a target: the mean over the land that has a value; NaN where no source with a value lies in the target.
    A rate of people is not a rate of land: carry its numerator and denominator with ``extensive`` instead.

    Raises
    ------
    GeometryError
        Sources without a value row.
    """
    table = _aligned(weights, values)
    land = weights.shares.multiply(weights.source_areas[None, :]).tocsr()
    known = ~np.isnan(table)
    weight = land @ known.astype(np.float64)
    sums = land @ np.where(known, table, 0.0)
    means = np.divide(sums, weight, out=np.full_like(sums, np.nan), where=weight > 0)
    return pd.DataFrame(means, index=weights.target_ids, columns=values.columns)


def check_polygons(frame: gpd.GeoDataFrame, *, what: str, id_column: str | None = None) -> None:
    """Refuse a layer that is not polygons in a declared system, naming every fault at once.

    Parameters
    ----------
    frame : the layer.
    what : how to call it in the message.
    id_column : column that identifies a row; the index when None.

    Raises
    ------
    GeometryError
        No rows; missing, empty or non-polygonal shapes; coordinates that are not finite; ids that occur twice.
    CRSError
        No declared system, or coordinates that cannot be in it.
    """
    if len(frame) == 0:
        raise GeometryError(f"{what} has no rows")
    ids = _ids(frame, id_column)
    shapes = frame.geometry.to_numpy()
    missing = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    other = ~missing & ~np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    endless = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    doubled = pd.Index(ids)[pd.Index(ids).duplicated()].unique()
    faults = [
        f"{fault}: {listed(found)}"
        for fault, found in (
            ("without a shape", ids[missing]),
            ("with an empty shape", ids[empty & ~other]),
            ("with something that is not a polygon", ids[other]),
            ("with coordinates that are not finite", ids[endless]),
            ("listed more than once", doubled),
        )
        if len(found)
    ]
    if faults:
        raise GeometryError(f"{what} is not a layer of polygons, one an area", faults)
    check_declared(frame, what=what)


def _ids(frame: gpd.GeoDataFrame, id_column: str | None) -> NDArray[Any]:
    ids: NDArray[Any] = (frame.index if id_column is None else frame[id_column]).to_numpy(dtype=object)
    return ids


def _check(source: gpd.GeoDataFrame, target: gpd.GeoDataFrame) -> None:
    for frame, what in ((source, "the source layer"), (target, "the target layer")):
        check_polygons(frame, what=what)
        invalid = frame.index[~frame.geometry.is_valid]
        if len(invalid):
            raise GeometryError(f"{what} holds invalid shapes", [f"repair first: {listed(invalid)}"])
    if source.crs != target.crs:
        raise CRSError("source and target must be in one reference system", [f"found {source.crs} and {target.crs}"])
    if source.crs.is_geographic:
        raise CRSError("shares of land are measured in metres, not in degrees", ["project both layers first"])


def _aligned(weights: AreaWeights, values: pd.DataFrame) -> NDArray[np.float64]:
    absent = weights.source_ids.difference(values.index)
    if len(absent):
        raise GeometryError("every source area needs a row of values", [f"missing: {listed(absent)}"])
    table: NDArray[np.float64] = values.loc[weights.source_ids].to_numpy(dtype=np.float64)
    return table
