"""Factories of small boundary sets and graphs; a test states only the numbers it is about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from analysis.weights import from_edges
from boundaries.areas.boundary_set import BoundarySet
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.weights import Weights


def squares(rows: int, columns: int, *, without: tuple[str, ...] = (), **frame: object) -> BoundarySet:
    """Return a chessboard of 1 km squares coded ``r0c0`` …, without some of them."""
    cells = [
        (f"r{row}c{column}", box(column * 1000, row * 1000, (column + 1) * 1000, (row + 1) * 1000))
        for row in range(rows)
        for column in range(columns)
    ]
    kept = [cell for cell in cells if cell[0] not in without]
    layer = gpd.GeoDataFrame(
        {
            "code": [code for code, _ in kept],
            "name": [code.upper() for code, _ in kept],
            "name_cy": "",
            "nation": "E",
            "region_code": "E12000001",
            "region_name": "North East",
            "population": 1000,
            "hectares": 100.0,
            **frame,
        },
        geometry=[shape for _, shape in kept],
        crs="EPSG:27700",
    )
    return BoundarySet("squares", dt.date(2024, 1, 1), layer, (Source(title="a chessboard"),))


def linked(*pairs: tuple[str, str], ids: list[str] | None = None) -> Weights:
    """Return mutual binary links between codes."""
    edges = pd.DataFrame([*pairs, *(pair[::-1] for pair in pairs)], columns=["from", "to"])
    return from_edges(edges, ids=pd.Index(ids) if ids else None)


def lattice(rows: int, columns: int) -> Weights:
    """Return rook neighbours on a lattice coded ``r0c0`` …."""
    across = [(f"r{i}c{j}", f"r{i}c{j + 1}") for i in range(rows) for j in range(columns - 1)]
    down = [(f"r{i}c{j}", f"r{i + 1}c{j}") for i in range(rows - 1) for j in range(columns)]
    return linked(*across, *down, ids=[f"r{i}c{j}" for i in range(rows) for j in range(columns)])


def noise(weights: Weights, seed: int = 0) -> pd.Series:
    """Return independent normal values on the areas of some weights."""
    return pd.Series(np.random.default_rng(seed).normal(size=len(weights)), index=weights.ids)


@pytest.fixture
def chessboard() -> Callable[..., BoundarySet]:
    return squares


@pytest.fixture
def mutual() -> Callable[..., Weights]:
    return linked


@pytest.fixture
def rooks() -> Callable[[int, int], Weights]:
    return lattice


@pytest.fixture
def white() -> Callable[..., pd.Series]:
    return noise
