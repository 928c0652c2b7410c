"""1.7 million points, as many as a year and a half of recorded crime holds in a city, into 361 districts, against geopandas.sjoin."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from boundaries.areas.loading import load_boundary_set
from geo.points import areas_of_points
from tests.benchmarks.pairing import paired

POINTS = 1_700_000


def main() -> None:
    """Print one row, and whether the two agree on every point."""
    frame = load_boundary_set("LAD", "2024-09-11").frame
    rng = np.random.default_rng(1)
    inside = frame.representative_point()
    place = rng.choice(len(frame), POINTS, p=frame["population"] / frame["population"].sum())
    xy = np.column_stack([inside.x.to_numpy()[place], inside.y.to_numpy()[place]]) + rng.normal(0, 8000, (POINTS, 2))
    areas, shapes = frame[["geometry"]], frame.geometry.to_numpy()
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1], crs=27700))

    def theirs() -> gpd.GeoDataFrame:
        return gpd.sjoin(points, areas, predicate="intersects", how="left")

    found, joined = areas_of_points(shapes, xy), theirs()
    first = joined["index_right"][~joined.index.duplicated()].sort_index().fillna(-1).to_numpy()
    differing = int((first != found.area).sum()) + abs(len(joined) - POINTS - len(found.several))
    told = paired(lambda: areas_of_points(shapes, xy), theirs, runs=3)
    print(f"{POINTS:,} points to {len(frame)} districts   {told}   against geopandas.sjoin")
    print(f"points placed otherwise: {differing}; in no district: {found.nowhere:,}")


if __name__ == "__main__":
    main()
