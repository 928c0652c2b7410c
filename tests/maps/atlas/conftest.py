"""The starter atlas, built once for all tests that look at it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from boundaries.areas.loading import load_boundary_set
from maps.atlas.run import build_atlas

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.run import Built


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the starter atlas as ``placeatlas build`` makes it."""
    return build_atlas(out=tmp_path_factory.mktemp("builds") / "starter")


@pytest.fixture
def pay(tmp_path: Path) -> Path:
    """Return a table of made-up values for every local authority of 2023, rising to the north."""
    frame = load_boundary_set("LAD", dt.date(2023, 4, 1)).frame
    table = frame[["code", "name"]].assign(value=(frame.geometry.centroid.y / 10_000).round(1))
    path = tmp_path / "pay.csv"
    table.to_csv(path, index=False)
    return path
