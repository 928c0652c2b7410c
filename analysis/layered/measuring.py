"""Each kind of layer measured over a set of areas: values, how much is covered, and what fell nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from analysis.layered.residents import read_residents
from analysis.layered.shapes import carried, length_in, read_shapes, share_of_land, share_within
from boundaries.sources.reading import read_cells
from geo.crs import BRITISH_NATIONAL_GRID
from geo.errors import GeometryError, TableError, listed
from geo.points import PointReading, areas_of_points, read_points
from geo.raster import distance_to_coast, values_at, zonal, zonal_means

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from analysis.layered.asking import CovariatePart
    from analysis.layered.residents import Residents
    from boundaries.areas.boundary_set import BoundarySet


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was found of areas, in their order.

    Parameters
    ----------
    values : of each; NaN where there is none. coverage : share of each that the layer speaks of; None where that means nothing.
    covered : what coverage is a share of: land, or residents. notes : what fell nowhere, and how areas were found.
    """

    values: NDArray[np.float64]
    coverage: NDArray[np.float64] | None = None
    covered: str = "the land"
    notes: tuple[str, ...] = ()


def _of_points(part: CovariatePart, path: Path, residents: Path | None, boundaries: BoundarySet) -> Measured:
    layer = read_points(path, PointReading(part.x, part.y, part.crs, part.layer))
    xy = layer.xy[np.isfinite(layer.xy).all(axis=1)]
    without = [f"{layer.unplaced:,} of {len(layer):,} points have no coordinates"] if layer.unplaced else []
    if not len(xy):
        raise GeometryError(f"{path.name} holds no point with coordinates")
    areas = boundaries.frame.geometry.to_numpy()
    people = _residents(part, residents, boundaries)
    if part.measure == "count":
        inside = areas_of_points(areas, xy)
        counts = np.bincount(inside.area[inside.area >= 0], minlength=len(areas)).astype(np.float64)
        notes = [*without, f"{len(xy) - inside.nowhere:,} of {len(layer):,} points lie in the areas"]
        if len(inside.several):
            notes.append(f"{len(np.unique(inside.several[:, 0])):,} on a border were counted in the first area by code")
        return Measured(_per(part, counts, people, boundaries), notes=tuple(notes))
    if people is not None:
        far, _ = cKDTree(xy).query(people.xy)
        if part.measure == "nearest":
            values, _ = people.mean(far, len(areas))
        else:
            values = people.share(far <= part.within, len(areas))
        return Measured(values, notes=(*without, *_told(people)))
    if part.measure == "share-within":
        return Measured(share_within(areas, xy, part.within), notes=tuple(without))
    grid = distance_to_coast(boundaries.frame, shapely.multipoints(xy), cell_m=_cell(areas))
    means = np.asarray(zonal_means(boundaries.frame, grid), dtype=np.float64)
    return Measured(means, notes=tuple(without))


def _cell(areas: NDArray[np.object_]) -> float:
    """Return a side of cells of which the middle area holds some hundreds, a whole number of 50 m up to a kilometre."""
    side = np.sqrt(np.median(shapely.area(areas))) / 20
    return float(np.clip(np.floor(side / 50) * 50, 50.0, 1000.0))


def _of_raster(part: CovariatePart, path: Path, residents: Path | None, boundaries: BoundarySet) -> Measured:
    if part.measure == "population-weighted-mean":
        people = _known(_residents(part, residents, boundaries))
        at = values_at(people.xy, BRITISH_NATIONAL_GRID, path, part.reading)
        values, coverage = people.mean(at, len(boundaries))
        return Measured(values, coverage, "residents", _told(people))
    found = zonal(boundaries.frame, path, [part.cells], part.reading)
    values = found[part.cells].to_numpy()
    return Measured(100 * values if part.measure == "share" else values, found["coverage"].to_numpy())


def _of_lines(part: CovariatePart, path: Path, residents: Path | None, boundaries: BoundarySet) -> Measured:
    lines = read_shapes(path, "lines", layer=part.layer, crs=part.crs, like=boundaries.frame.crs)
    shapes = lines.geometry.to_numpy()
    lengths = length_in(boundaries.frame.geometry.to_numpy(), shapes)
    whole = float(shapely.length(shapes).sum())
    notes = (f"{lengths.sum() / 1000:,.0f} of {whole / 1000:,.0f} km lie in the areas",)
    return Measured(_per(part, lengths / 1000, _residents(part, residents, boundaries), boundaries), notes=notes)


def _of_polygons(part: CovariatePart, path: Path, residents: Path | None, boundaries: BoundarySet) -> Measured:
    polygons = read_shapes(path, "polygons", layer=part.layer, crs=part.crs, like=boundaries.frame.crs)
    shapes = polygons.geometry.to_numpy()
    areas = boundaries.frame
    if part.measure == "share":
        return Measured(share_of_land(areas.geometry.to_numpy(), shapes))
    if part.measure == "share-of-residents":
        people = _known(_residents(part, residents, boundaries))
        held = areas_of_points(shapes, people.xy).area >= 0
        return Measured(people.share(held, len(areas)), notes=_told(people))
    values, coverage, outside = carried(polygons, part.value, areas, amounts=part.measure == "sum")
    beside = (f"{outside:,.0f} of {part.value} lie in none of the areas",) if outside else ()
    return Measured(values, np.clip(coverage, 0, 1), notes=beside)


def _of_areas(part: CovariatePart, path: Path, residents: Path | None, boundaries: BoundarySet) -> Measured:
    cells = read_cells(path).frame
    if part.value not in cells.columns:
        raise TableError(
            f"{path.name} has no column {part.value}", [f"found {listed(map(str, cells.columns), limit=20)}"]
        )
    code = part.code or next((str(name) for name in cells.columns if _coded(cells[name])), "")
    if code not in cells.columns:
        raise TableError(
            f"{path.name} has no column of codes",
            [f'name it: code = "…"; found {listed(map(str, cells.columns), limit=20)}'],
        )
    people = _known(_residents(part, residents, boundaries, code=part.residents_code or code))
    values = pd.to_numeric(cells[part.value].replace("", np.nan), errors="coerce")
    if (wrong := values.isna() & cells[part.value].astype("str").str.strip().ne("")).any():
        raise TableError(
            f"{path.name}: {part.value} holds what is no number", [listed(cells.loc[wrong, part.value].astype("str"))]
        )
    table = pd.Series(values.to_numpy(dtype=np.float64), index=cells[code].astype("str").str.strip())
    if (doubled := table.index[table.index.duplicated()].unique()).size:
        raise TableError(f"{path.name} holds areas more than once", [listed(doubled)])
    at = table.reindex(people.codes).to_numpy()
    strange = table.index.difference(pd.Index(people.codes))
    notes = [*_told(people)]
    if len(strange):
        notes.append(
            f"{len(strange):,} of {len(table):,} rows of {path.name} are of areas without residents: {listed(strange)}"
        )
    mean, coverage = people.mean(at, len(boundaries))
    if part.measure == "mean":
        return Measured(mean, coverage, "residents", tuple(notes))
    here = (people.area >= 0) & np.isfinite(at)
    sums = np.bincount(people.area[here], weights=at[here], minlength=len(boundaries))
    return Measured(np.where(coverage > 0, sums, np.nan), coverage, "residents", tuple(notes))


def _coded(column: pd.Series) -> bool:
    return bool(column.astype("str").str.fullmatch(r"[EWSN]\d{8}").mean() > 0.9)


def _residents(part: CovariatePart, path: Path | None, boundaries: BoundarySet, *, code: str = "") -> Residents | None:
    if path is None:
        return None
    return read_residents(path, part.residents_column, boundaries.frame, code=code, home=part.residents_area)


def _known(people: Residents | None) -> Residents:
    if people is None:
        raise TableError("it is not said where people live", ["name a file: residents = …"])
    return people


def _told(people: Residents) -> tuple[str, ...]:
    return (f"{people.nowhere:,.0f} residents live in none of the areas",) if people.nowhere else ()


def _per(
    part: CovariatePart, amounts: NDArray[np.float64], people: Residents | None, boundaries: BoundarySet
) -> NDArray[np.float64]:
    """Return amounts, or amounts per 1,000 residents or km²; residents are those of the file, else of the areas."""
    if not part.per:
        return amounts
    if part.per == "km2":
        return np.asarray(amounts / (shapely.area(boundaries.frame.geometry.to_numpy()) / 1e6), dtype=np.float64)
    if people is not None:
        living = people.total(np.ones(len(people.people)), len(amounts))
    else:
        living = boundaries.frame["population"].to_numpy(dtype=np.float64)
    rates = np.divide(1000 * amounts, living, out=np.full(len(amounts), np.nan), where=living > 0)
    return np.asarray(rates, dtype=np.float64)


MEASURES: Mapping[str, Callable[[CovariatePart, Path, Path | None, BoundarySet], Measured]] = {
    "points": _of_points,
    "raster": _of_raster,
    "lines": _of_lines,
    "polygons": _of_polygons,
    "areas": _of_areas,
}
"""By kind of layer."""
