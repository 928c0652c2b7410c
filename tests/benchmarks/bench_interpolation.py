"""Areal interpolation of 35,672 real small areas to 361 districts, against tobler."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from tobler.area_weighted import area_interpolate  # type: ignore[import-untyped]

from geo.interpolation import area_weights, extensive
from tests.benchmarks.pairing import paired

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))


def mended(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer with valid shapes."""
    return frame.set_geometry(frame.geometry.make_valid(method="structure", keep_collapsed=False))


def main() -> None:
    """Print one row; say when the real files are absent."""
    small = REAL_DATA / "boundaries" / "small_areas" / "LSOA_DEC_2021_EW_BGC.parquet"
    large = REAL_DATA / "boundaries" / "lad" / "lad_2023-12_UK_BUC.gpkg"
    if not (small.is_file() and large.is_file()):
        print("areal interpolation: skipped, no folder of published files")
        return
    source = mended(gpd.read_parquet(small).to_crs(27700))
    target = mended(pyogrio.read_dataframe(large).to_crs(27700))
    source = source[area_weights(source, target).uncovered < 1]  # tobler loses what lies outside; we would refuse it
    values = pd.DataFrame(
        {"people": np.random.default_rng(1).integers(1000, 3000, len(source)).astype(float)}, index=source.index
    )
    table = source.assign(people=values["people"])

    def theirs() -> gpd.GeoDataFrame:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return area_interpolate(table, target, extensive_variables=["people"])

    def ours() -> pd.DataFrame:
        return extensive(area_weights(source, target), values)

    difference = np.abs(ours()["people"].to_numpy() - theirs()["people"].to_numpy()).max() / values["people"].sum()
    print(f"{len(source):,} small areas to {len(target)} districts   {paired(ours, theirs, runs=3)}   against tobler")
    weights = area_weights(source, target)
    again = paired(lambda: extensive(weights, values), theirs, runs=3)
    print(f"a second indicator, weights kept          {again}   against tobler")
    print(
        f"largest difference: {difference:.1e} of the total; sum of ours {ours()['people'].sum():.0f} of {values['people'].sum():.0f}"
    )


if __name__ == "__main__":
    main()
