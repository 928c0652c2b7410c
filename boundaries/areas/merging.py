"""Areas made of other areas: geometry, nation, region, population and land area from the members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.register import load_register, name_of
from geo.crs import BRITISH_NATIONAL_GRID, projected

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = (
    "code",
    "name",
    "name_cy",
    "nation",
    "region_code",
    "region_name",
    "population",
    "hectares",
    "geometry",
)
"""Columns of the frame of every boundary set."""

_SQUARE_METRES = 10_000.0
"""In a hectare."""


def merged(
    units: gpd.GeoDataFrame, area_of: Mapping[str, str], names: Mapping[str, tuple[str, str]], *, coverage: bool
) -> gpd.GeoDataFrame:
    """Merge units into areas.

    Parameters
    ----------
    units : columns ``code, nation, region_code, population, geometry``; several rows may share a code.
    area_of : code of a unit → area; units that are absent are left out.
    names : area → English and Welsh name.
    coverage : whether the units share their borders exactly (the bundled atoms do), which is quicker and leaves no
        sliver; otherwise a plain union.

    Returns
    -------
    Columns of ``COLUMNS``, sorted by code, EPSG:27700. ``nation`` and ``region_code`` are those with most residents;
    ``hectares`` is the area as drawn.
    """
    units = projected(units[units["code"].isin(area_of)], BRITISH_NATIONAL_GRID)
    codes, position = np.unique(units["code"].map(area_of).to_numpy(dtype=str), return_inverse=True)
    order = np.argsort(position, kind="stable")
    groups = np.split(units.geometry.to_numpy()[order], np.cumsum(np.bincount(position))[:-1])
    union = shapely.coverage_union_all if coverage else shapely.union_all
    geometry = [group[0] if len(group) == 1 else union(group) for group in groups]
    frame = pd.DataFrame(
        {
            "code": codes.astype(object),
            "name": [names[code][0] for code in codes],
            "name_cy": [names[code][1] for code in codes],
            "nation": _mostly(units["nation"], position, units["population"]),
            "region_code": _mostly(units["region_code"], position, units["population"]),
            "population": np.bincount(position, weights=units["population"].to_numpy(dtype=np.float64)),
        }
    )
    frame["hectares"] = shapely.area(geometry) / _SQUARE_METRES
    frame["region_name"] = region_names(frame["region_code"])
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=BRITISH_NATIONAL_GRID)[list(COLUMNS)]


def region_names(codes: pd.Series) -> pd.Series:
    """Return the name of each region or country."""
    register = load_register()
    return codes.map({code: name_of(register, code) for code in codes.unique()})


def _mostly(labels: pd.Series, position: np.ndarray, residents: pd.Series) -> list[str]:
    """Return, for each group, the label with most residents (the first by name when none lives there)."""
    table = pd.DataFrame({"group": position, "label": labels.to_numpy(), "residents": residents.to_numpy()})
    totals = table.groupby(["group", "label"])["residents"].sum().reset_index()
    totals = totals.sort_values(["group", "residents", "label"], ascending=[True, False, True])
    return list(totals.drop_duplicates("group")["label"])
