"""A small build with everything that packs are made of: two outcomes of one region, with intervals, periods and clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from boundaries.areas.loading import load_boundary_set
from maps.atlas.run import build_atlas

if TYPE_CHECKING:
    from pathlib import Path

ATLAS = """
schema = 1
title = "Pay and jobs"
slug = "pay"
[boundaries]
geography = "LAD"
date = 2023-04-01
within = "North East"
[[outcome]]
id = "pay"
file = "pay.csv"
title = "Pay"
unit = "£"
measure = "mean"
favourable = "high"
credit = "Survey of pay"
licence = "Open Government Licence v3.0"
attribution = "Contains pay."
[[outcome]]
id = "jobs"
file = "jobs.csv"
title = "Jobs"
measure = "mean"
favourable = "high"
[statistics]
permutations = 499
robustness = false
[outputs]
kinds = ["choropleth", "levels", "clusters"]
formats = ["png", "svg"]
packs = ["region"]
"""


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a finished build whose sources are gone."""
    root = tmp_path_factory.mktemp("alone")
    frame = load_boundary_set("LAD", "2023-04-01").frame
    frame = frame[frame["region_code"] == "E12000001"]
    value = 500 + 10 * np.arange(len(frame), dtype=float)
    table = frame[["code", "name"]].assign(value=value)
    table.assign(lower=value - 15, upper=value + 15).to_csv(root / "pay.csv", index=False)
    table.assign(value=value[::-1] / 10).to_csv(root / "jobs.csv", index=False)
    (root / "atlas.toml").write_text(ATLAS, encoding="utf-8")
    build_atlas(str(root / "atlas.toml"), out=root / "out")
    for name in ("pay.csv", "jobs.csv", "atlas.toml"):
        (root / name).unlink()
    return root / "out"
