"""Small areas by hand: two districts of the bundled map cut in pieces, with codes, lookups and tables."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import shapely
from shapely.geometry import box

from boundaries.areas.loading import load_boundary_set

HARTLEPOOL, STOCKTON = "E06000001", "E06000004"
DATE = dt.date(2021, 3, 21)


def pieces(across: int = 3, down: int = 2) -> gpd.GeoDataFrame:
    """Cut two districts that border on each other in a dozen areas, with the codes and names of LSOAs."""
    districts = load_boundary_set("LAD", DATE).frame.set_index("code").geometry
    rows = []
    for district in (HARTLEPOOL, STOCKTON):
        whole = districts[district]
        west, south, east, north = whole.bounds
        wide, high = (east - west) / across, (north - south) / down
        for i in range(across):
            for j in range(down):
                cell = box(west + i * wide, south + j * high, west + (i + 1) * wide, south + (j + 1) * high)
                part = shapely.intersection(whole, cell)
                part = shapely.multipolygons([p for p in shapely.get_parts(part) if p.geom_type == "Polygon"])
                rows.append((district, part))
    codes = [f"E0100{number:04}" for number in range(1, len(rows) + 1)]
    names = [f"Piece {number:03}A" for number in range(1, len(rows) + 1)]
    return gpd.GeoDataFrame(
        {"LSOA21CD": codes, "LSOA21NM": names, "home": [district for district, _ in rows]},
        geometry=[part for _, part in rows],
        crs=27700,
    )


def write_layer(folder, frame=None, name="lsoa.gpkg"):
    """Write the pieces without their districts, so that nesting has to find them."""
    path = folder / name
    made = pieces() if frame is None else frame
    made.drop(columns=[column for column in ("home",) if column in made.columns]).to_file(path)
    return path


def write_table(folder, values, name="rate.csv", code="LSOA21CD"):
    path = folder / name
    path.write_text(f"{code},rate\n" + "".join(f"{key},{value}\n" for key, value in values.items()), encoding="utf-8")
    return path
