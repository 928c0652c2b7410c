"""Is it the layer it says it is? Every fault at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from boundaries.official.finding import matching
from boundaries.official.releases import alive
from geo.crs import UK_BOUNDS_WGS84, WGS84, check_declared
from geo.errors import CRSError, FetchError, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd

    from boundaries.official.entries import LayerEntry, LookupEntry

_YEAR = re.compile(r"(\d{2})cd$", re.IGNORECASE)
_POLYGONAL = frozenset({"Polygon", "MultiPolygon"})


@dataclass(frozen=True, slots=True)
class Checked:
    """The fields that hold codes and names, and what was checked, in words."""

    code: str
    name: str
    name_cy: str
    checks: tuple[str, ...]


def check_layer(frame: gpd.GeoDataFrame, entry: LayerEntry, *, what: str) -> Checked:
    """Check fields, count, codes, geometry and coordinates of a layer.

    Raises
    ------
    FetchError
        It is not the release; all faults at once.
    """
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    code, name = _one(entry.code, columns), _one(entry.name, columns)
    faults = [
        f"expected one field like {pattern}, found {', '.join(columns) or 'no fields'}"
        for pattern, field in ((entry.code, code), (entry.name, name))
        if field is None
    ]
    if len(frame) != entry.count:
        faults.append(f"expected {entry.count:,} areas, found {len(frame):,}")
    checks = [f"{entry.count:,} areas"]
    if code is not None:
        faults += _code_faults(frame[code], entry)
        known = alive(entry.geography, entry.date, entry.extent) is not None
        checks.append(f"codes equal to the register's of {entry.date.isoformat()}" if known else _UNKNOWN)
    if name is not None and frame[name].isna().any():
        faults.append(f"{int(frame[name].isna().sum())} areas without a name in {name}")
    faults += _geometry_faults(frame)
    if faults or code is None or name is None:
        raise FetchError(f"{what} is not what was asked for", [*faults, "the cache was left as it was"])
    welsh = matching(entry.name_cy, columns)
    return Checked(
        code, name, welsh[0] if welsh else "", (*checks, "polygons only", "coordinates inside the United Kingdom")
    )


def check_year(field: str, entry: LayerEntry, *, what: str) -> None:
    """Check that the year in a code field (``LAD24CD``) is the release's.

    Raises
    ------
    FetchError
        It is another year's.
    """
    year = _YEAR.search(field)
    if year is not None and int(year[1]) != entry.date.year % 100:
        raise FetchError(f"{what} is of another year", [f"expected a field of {entry.date.year}, found {field}"])


def check_lookup(table: pd.DataFrame, entry: LookupEntry, *, what: str) -> Checked:
    """Check the two code fields of a lookup, the number of children, and both sides' codes where the register knows them.

    Raises
    ------
    FetchError
        It is not the table; all faults at once.
    """
    columns = [str(column) for column in table.columns]
    child, parent = _one(entry.child_field, columns), _one(entry.parent_field, columns)
    faults = [
        f"expected one field like {pattern}, found {', '.join(columns) or 'no fields'}"
        for pattern, field in ((entry.child_field, child), (entry.parent_field, parent))
        if field is None
    ]
    checks = [f"{entry.count:,} different children"]
    if child is not None:
        found = table[child].nunique()
        if found != entry.count:
            faults.append(f"expected {entry.count:,} different codes in {child}, found {found:,}")
        if table[child].isna().any():
            faults.append(f"{int(table[child].isna().sum())} rows without a code in {child}")
    for geography, field in ((entry.child, child), (entry.parent, parent)):
        codes = alive(geography, entry.date, entry.extent)
        if codes is None or field is None:
            continue
        strangers = sorted(set(table[field].dropna().astype(str)) - codes)
        if strangers:
            faults.append(f"codes in {field} not alive on {entry.date.isoformat()}: {listed(strangers)}")
        checks.append(f"{field} within the register's codes of {entry.date.isoformat()}")
    if faults or child is None or parent is None:
        raise FetchError(f"{what} is not what was asked for", [*faults, "the cache was left as it was"])
    return Checked(child, parent, "", tuple(checks))


_UNKNOWN = "codes not compared: the register does not hold them for that date"


def _one(pattern: str, columns: list[str]) -> str | None:
    found = matching(pattern, columns)
    return found[0] if len(found) == 1 else None


def _code_faults(column: pd.Series, entry: LayerEntry) -> Iterator[str]:
    missing = int(column.isna().sum())
    if missing:
        yield f"{missing} areas without a code"
    present = column.dropna().astype(str)
    doubled = sorted(present[present.duplicated()].unique())
    if doubled:
        yield f"codes that stand twice: {listed(doubled)}"
    expected = alive(entry.geography, entry.date, entry.extent)
    if expected is None:
        return
    absent, strangers = sorted(expected - set(present)), sorted(set(present) - expected)
    if absent:
        yield f"codes alive on {entry.date.isoformat()} that are missing: {listed(absent)}"
    if strangers:
        yield f"codes not alive on {entry.date.isoformat()}: {listed(strangers)}"


def _geometry_faults(frame: gpd.GeoDataFrame) -> Iterator[str]:
    geometry = frame.geometry
    bare = int((geometry.isna() | geometry.is_empty).sum())
    if bare:
        yield f"{bare} areas without geometry"
    kinds = sorted(set(geometry.dropna().geom_type) - _POLYGONAL)
    if kinds:
        yield f"expected polygons, found {', '.join(kinds)}"
    if bare == len(frame):
        return
    try:
        check_declared(frame, what="the layer")
    except CRSError as error:
        yield f"{error.what} ({'; '.join(error.faults)})"
        return
    west, south, east, north = geometry.to_crs(WGS84).total_bounds
    if not _inside(west, south, east, north):
        turned = "; longitude and latitude look exchanged" if _inside(south, west, north, east) else ""
        yield f"coordinates outside the United Kingdom: {west:.2f} to {east:.2f} east, {south:.2f} to {north:.2f} north{turned}"


def _inside(west: float, south: float, east: float, north: float) -> bool:
    box = UK_BOUNDS_WGS84
    return bool(np.isfinite([west, south, east, north]).all()) and (
        box[0] <= west <= east <= box[2] and box[1] <= south <= north <= box[3]
    )
