"""Values carried between areas: by hand, by property, and against tobler."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.bundled import layers
from geo.errors import CRSError, GeometryError
from geo.interpolation import area_weights, extensive, intensive

if TYPE_CHECKING:
    from pathlib import Path


def strips(edges: list[float], prefix: str, height: float = 1000) -> gpd.GeoDataFrame:
    """Strips between edges, in kilometres, one beside the other."""
    shapes = [shapely.box(left * 1000, 0, right * 1000, height) for left, right in pairwise(edges)]
    return gpd.GeoDataFrame(geometry=shapes, index=[f"{prefix}{n}" for n in range(len(shapes))], crs="EPSG:27700")


def column(frame: gpd.GeoDataFrame, values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"people": values}, index=frame.index)


# sources 0-2, 2-4, 4-6 hold 10, 20, 60; targets 0-3 and 3-6: 10 + half of 20; half of 20 + 60
def test_counts_are_divided_by_shared_land() -> None:
    source, target = strips([0, 2, 4, 6], "s"), strips([0, 3, 6], "t")
    weights = area_weights(source, target)
    assert weights.shares.toarray().tolist() == [[1, 0.5, 0], [0, 0.5, 1]]
    assert extensive(weights, column(source, [10, 20, 60]))["people"].tolist() == [20, 70]
    assert repr(weights) == "AreaWeights(3 sources, 2 targets, 4 pieces; 0.000% of the land outside)"


# densities 10, 20, 60: target 0-3 is 2/3 of 10 and 1/3 of 20; target 3-6 is 1/3 of 20 and 2/3 of 60
def test_densities_are_averaged_over_land() -> None:
    source, target = strips([0, 2, 4, 6], "s"), strips([0, 3, 6], "t")
    result = intensive(area_weights(source, target), column(source, [10, 20, 60]))
    assert result["people"].tolist() == pytest.approx([40 / 3, 140 / 3])


def test_missing_values_stay_where_they_are() -> None:
    source, target = strips([0, 2, 4, 6], "s"), strips([0, 2, 6], "t")
    weights = area_weights(source, target)
    values = column(source, [10, np.nan, 60])
    assert extensive(weights, values)["people"].tolist() == pytest.approx([10, np.nan], nan_ok=True)
    assert intensive(weights, values)["people"].tolist() == [10, 60]
    nothing = column(source, [np.nan, np.nan, 60])
    assert np.isnan(intensive(weights, nothing)["people"].iloc[0])


def test_rows_of_values_may_come_in_any_order() -> None:
    source, target = strips([0, 2, 4, 6], "s"), strips([0, 3, 6], "t")
    weights = area_weights(source, target)
    values = column(source, [10, 20, 60])
    pd.testing.assert_frame_equal(extensive(weights, values.iloc[::-1]), extensive(weights, values))
    with pytest.raises(GeometryError, match="missing: s2"):
        extensive(weights, values.iloc[:2])


def test_what_lies_outside_the_targets_stays_there() -> None:
    source, target = strips([0, 2, 4], "s"), strips([0, 3], "t")
    weights = area_weights(source, target)
    assert weights.uncovered.tolist() == [0, 0.5]
    values = column(source, [10, 30])
    assert extensive(weights, values)["people"].tolist() == [25]
    assert float(weights.uncovered @ values["people"]) == 15
    assert extensive(area_weights(source, strips([8, 9], "t")), values)["people"].tolist() == [0]


def test_targets_that_overlap_are_told_by_land_that_is_covered_twice() -> None:
    source = strips([0, 2], "s")
    target = gpd.GeoDataFrame(
        geometry=[shapely.box(0, 0, 1500, 1000), shapely.box(500, 0, 2000, 1000)], crs="EPSG:27700"
    )
    weights = area_weights(source, target)
    assert weights.uncovered.tolist() == [-0.5]
    assert extensive(weights, column(source, [10]))["people"].tolist() == [7.5, 7.5]


def test_layers_that_do_not_fit_are_refused() -> None:
    source = strips([0, 2], "s")
    with pytest.raises(CRSError, match="one reference system"):
        area_weights(source, source.set_crs("EPSG:2157", allow_override=True))
    degrees = gpd.GeoDataFrame(geometry=[shapely.box(-2, 50, -1, 51)], crs="EPSG:4326")
    with pytest.raises(CRSError, match="not in degrees"):
        area_weights(degrees, degrees)
    bow_tie = gpd.GeoDataFrame(
        geometry=[shapely.Polygon([(0, 0), (900, 900), (900, 0), (0, 900)])], index=["b"], crs="EPSG:27700"
    )
    with pytest.raises(GeometryError, match="repair first: b"):
        area_weights(source, bow_tie)
    with pytest.raises(GeometryError, match="source layer holds invalid shapes\n  repair first: b"):
        area_weights(bow_tie, strips([0, 0.5], "s"))
    with pytest.raises(GeometryError, match="listed more than once: s0"):
        area_weights(pd.concat([source, source]), source)


@settings(max_examples=40)
@given(
    first=st.lists(st.integers(1, 999), min_size=1, max_size=12, unique=True),
    second=st.lists(st.integers(1, 999), min_size=1, max_size=12, unique=True),
    seed=st.integers(0, 1000),
)
def test_totals_and_constants_survive_any_cut(first: list[int], second: list[int], seed: int) -> None:
    source = strips([0, *[x / 100 for x in sorted(first)], 10], "s")
    target = strips([0, *[x / 100 for x in sorted(second)], 10], "t")
    weights = area_weights(source, target)
    values = pd.DataFrame(
        {"n": np.random.default_rng(seed).uniform(0, 1e6, len(source)), "flat": 7.0}, index=source.index
    )
    assert extensive(weights, values)["n"].sum() == pytest.approx(values["n"].sum(), rel=1e-9)
    part = area_weights(source, target.iloc[: max(1, len(target) // 2)])
    outside = float(part.uncovered @ values["n"].to_numpy())
    assert extensive(part, values)["n"].sum() + outside == pytest.approx(values["n"].sum(), rel=1e-9)
    assert intensive(weights, values)["flat"].to_numpy() == pytest.approx(np.full(len(target), 7.0))
    back = area_weights(source, source)
    pd.testing.assert_frame_equal(extensive(back, values), values)


def test_atoms_carry_their_residents_to_districts_exactly() -> None:
    atoms = layers.load_atoms().set_index("atom")
    districts = atoms.dissolve("code_2015")[["geometry"]]
    weights = area_weights(atoms, districts)
    assert weights.shares.nnz == len(atoms)
    carried = extensive(weights, atoms[["population"]])["population"]
    assert carried.tolist() == atoms.groupby("code_2015")["population"].sum().loc[carried.index].tolist()


@pytest.mark.real_data
def test_real_areas_agree_with_tobler(real_data: Path) -> None:
    tobler = pytest.importorskip("tobler.area_weighted", reason="tobler is in the extra 'bench'")
    areas = gpd.read_parquet(real_data / "boundaries" / "small_areas" / "LSOA_DEC_2021_EW_BGC.parquet").to_crs(27700)
    areas = areas.iloc[:150].reset_index(drop=True)
    areas["geometry"] = shapely.make_valid(areas.geometry.to_numpy(), method="structure", keep_collapsed=False)
    west, south, east, north = areas.total_bounds
    x, y = np.meshgrid(np.arange(west, east, (east - west) / 6), np.arange(south, north, (north - south) / 6))
    boxes = shapely.box(x.ravel(), y.ravel(), x.ravel() + (east - west) / 6, y.ravel() + (north - south) / 6)
    target = gpd.GeoDataFrame(geometry=boxes, crs=areas.crs)
    target = target[target.intersects(areas.union_all())].reset_index(drop=True)
    values = pd.DataFrame({"n": np.random.default_rng(3).uniform(0, 1000, len(areas))})
    ours = extensive(area_weights(areas, target), values)["n"]
    theirs = tobler.area_interpolate(areas.assign(n=values["n"]), target, extensive_variables=["n"])["n"]
    assert ours.to_numpy() == pytest.approx(theirs.to_numpy(), rel=2e-7)  # tobler keeps areas in single precision
