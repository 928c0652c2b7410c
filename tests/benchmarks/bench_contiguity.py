"""Contiguity of 35,672 real small areas, against the usual way."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import libpysal.graph
import numpy as np
import shapely

from geo.topology import contiguity_links, disagreements
from tests.benchmarks.pairing import paired

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))


def main() -> None:
    """Print a row a comparison; say when the real file is absent."""
    path = REAL_DATA / "boundaries" / "small_areas" / "LSOA_DEC_2021_EW_BGC.parquet"
    if not path.is_file():
        print("35,672 small areas: skipped, no folder of published files")
        return
    areas = gpd.read_parquet(path).reset_index(drop=True)
    shapes = areas.geometry.to_numpy()
    for kind in ("queen", "rook"):
        rook = kind == "rook"
        heads, tails = contiguity_links(shapes, kind=kind)
        links = libpysal.graph.Graph.build_contiguity(areas, rook=rook).adjacency
        links = links[links > 0].index.to_frame().to_numpy()
        links = links[np.lexsort((links[:, 1], links[:, 0]))]
        same = np.array_equal(links, np.column_stack([heads, tails]))
        pair = paired(
            lambda kind=kind: contiguity_links(shapes, kind=kind),  # type: ignore[misc]
            lambda rook=rook: libpysal.graph.Graph.build_contiguity(areas, rook=rook),  # type: ignore[misc]
            runs=3,
        )
        verdict = "equal links" if same else "DIFFERENT LINKS"
        print(
            f"{len(areas):,} small areas, {kind:<5}        {pair}   {1 / pair.ratio:.1f} times; {len(heads):,} {verdict}"
        )
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    missed = disagreements(valid, *contiguity_links(valid))
    print(f"pairs that meet without a common vertex: {missed['relation'].value_counts().to_dict()}")


if __name__ == "__main__":
    main()
