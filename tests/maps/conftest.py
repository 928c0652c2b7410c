"""Synthetic areas for tests of maps: squares with an enclave, an island, a small city, and names that try writers."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import MultiPolygon, Polygon, box

from analysis.significance import LocalResult
from boundaries.areas.boundary_set import BoundarySet
from boundaries.joined import Joined, Receipt
from boundaries.outcomes.table import OutcomeMeta
from geo.provenance import Source
from maps.page.composition import Canvas, prepare

SIDE = 40_000.0
NAMES = {0: "Tŷ <Mawr> & Môn", 1: "Na h-Eileanan Siar", 2: "$x_1^2$ Town", 5: "Ring & Co"}


@pytest.fixture(scope="session")
def toy_set() -> BoundarySet:
    """Return 16 squares (one a ring round an enclave), an enclave, an island and a city of four small squares: 22 areas."""
    west, south = 350_000.0, 300_000.0
    shapes: list[Polygon | MultiPolygon] = []
    for i in range(16):
        x, y = west + SIDE * (i % 4), south + SIDE * (i // 4)
        square = box(x, y, x + SIDE, y + SIDE)
        shapes.append(square)
    hole = shapes[5].centroid.buffer(SIDE / 4, quad_segs=4)
    shapes[5] = shapes[5].difference(hole)
    city = box(west + 4 * SIDE, south, west + 4 * SIDE + 8_000, south + 8_000)
    shapes.append(hole)
    shapes.append(
        MultiPolygon(
            [
                box(west, south + 6 * SIDE, west + SIDE, south + 7 * SIDE),
                box(west + 1.2 * SIDE, south + 6 * SIDE, west + 1.4 * SIDE, south + 6.2 * SIDE),
            ]
        )
    )
    x0, y0 = city.bounds[:2]
    shapes.extend(
        box(x0 + 4_000 * i, y0 + 4_000 * j, x0 + 4_000 * (i + 1), y0 + 4_000 * (j + 1))
        for i in range(2)
        for j in range(2)
    )
    n = len(shapes)
    frame = gpd.GeoDataFrame(
        {
            "code": [f"E0600{i:04d}" for i in range(n)],
            "name": [NAMES.get(i, f"Area {i}") for i in range(n)],
            "name_cy": "",
            "nation": ["S" if i == 17 else "E" for i in range(n)],
            "region_code": ["E12000007" if i >= 18 else "E12000001" for i in range(n)],
            "region_name": ["London" if i >= 18 else "North East" for i in range(n)],
            "population": 1000.0,
            "hectares": [shape.area / 10_000 for shape in shapes],
        },
        geometry=shapes,
        crs="EPSG:27700",
    )
    source = Source("Squares", attribution=("Contains squares © nobody",))
    return BoundarySet("LAD", dt.date(2023, 4, 1), frame, (source,))


@pytest.fixture(scope="session")
def toy_canvas(toy_set: BoundarySet) -> Canvas:
    """Return the squares made ready, with a neighbouring country to the west."""
    land = gpd.GeoDataFrame(
        {"name": ["Elsewhere"]}, geometry=[box(250_000, 280_000, 345_000, 480_000)], crs="EPSG:27700"
    )
    return prepare(toy_set, land)


@pytest.fixture(scope="session")
def toy_joined(toy_set: BoundarySet) -> Joined:
    """Return an outcome on the squares: values 1 to 22, area 3 without one, limits of ± 2."""
    return joined_of(toy_set, np.arange(1.0, len(toy_set) + 1))


@pytest.fixture(scope="session")
def toy_result(toy_joined: Joined) -> LocalResult:
    """Return classes of local Moran: low first, high last, one outlier of each kind, the island not testable."""
    codes = toy_joined.frame.index
    kinds = pd.Series("not-significant", index=codes)
    kinds.iloc[:3] = "low-low"
    kinds.iloc[4] = "low-high"
    kinds.iloc[9] = "high-low"
    kinds.iloc[12:16] = "high-high"
    kinds.iloc[3] = "no-data"
    kinds.iloc[17] = "not-testable"
    parameters = {
        "alpha": 0.05,
        "correction": "fdr_bh",
        "permutations": 99_999,
        "weights": "queen+sea-links",
        "seed": 1,
    }
    return LocalResult("local_moran", pd.DataFrame({"class": kinds}), parameters)


def joined_of(
    areas: BoundarySet, values: np.ndarray, *, favourable: str = "high", unit: str = "%", limits: bool = True
) -> Joined:
    """Return an outcome on areas; the fourth has no value."""
    numbers = np.asarray(values, dtype="float64").copy()
    numbers[3:4] = np.nan
    nothing = np.full(len(numbers), np.nan)
    frame = pd.DataFrame(
        {
            "name": areas.frame["name"].to_numpy(),
            "nation": areas.frame["nation"].to_numpy(),
            "value": numbers,
            "lower": numbers - 2 if limits else nothing,
            "upper": numbers + 2 if limits else nothing,
            "se": nothing,
            "denominator": nothing,
            "status": ["ok" if np.isfinite(value) else "unavailable" for value in numbers],
            "quality": ["exact" if np.isfinite(value) else "missing" for value in numbers],
            "reason": ["" if np.isfinite(value) else "suppressed" for value in numbers],
        },
        index=pd.Index(areas.frame["code"], name="code"),
    )
    meta = OutcomeMeta(
        "good-things",
        "Good things",
        "rate",
        unit,
        favourable,
        source=Source("A survey", attribution=("Survey © its people",)),
    )
    return Joined(areas, meta, "2024", frame, Receipt("good-things", "LAD", "2023-04-01", "2024", {}))


@pytest.fixture(scope="session")
def make_joined():
    """Return the maker of outcomes, for tests that state their own values."""
    return joined_of
