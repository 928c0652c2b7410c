"""Pictures of synthetic areas, compared pixel by pixel with the ones a person has looked at.

After a change that is meant to be seen, look at the new pictures: ``PLACEATLAS_GOLDEN=write`` writes them.
"""

from __future__ import annotations

import dataclasses
import io
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from analysis.clusters import Cluster
from analysis.significance import GlobalResult
from boundaries.joined import Average
from maps.cartogram import PLANE, hex_boundaries, hex_layout, hex_spec
from maps.charts import Effect, caterpillar, effect_plot, moran_scatter
from maps.kinds import (
    spec_bivariate,
    spec_change,
    spec_choropleth,
    spec_classes,
    spec_clusters,
    spec_multiples,
    spec_robustness,
    spec_symbols,
    spec_typology,
    spec_uncertainty,
)
from maps.look import styles
from maps.page.composition import prepare
from maps.static import greys, page_bytes
from maps.static.layout import map_page
from maps.static.multiples import multiples_page
from tests.maps.amounts import as_count
from tests.maps.test_charts import found

GOLDEN = Path(__file__).parent / "golden"
AVERAGE = Average(10.0, "the published figure for England", "published")
DPI = 30


def pages(joined, result, canvas, areas):
    size, style = styles.SIZES["page"], styles.DEFAULT
    frame = joined.frame
    other = dataclasses.replace(
        joined,
        frame=frame.assign(value=frame["value"].to_numpy()[::-1]),
        meta=dataclasses.replace(joined.meta, id="b", title="Other things"),
    )
    after = dataclasses.replace(
        joined, period="2025", frame=frame.assign(value=frame["value"] + np.linspace(-3, 3, 22))
    )
    codes = areas.frame["code"]
    types = pd.DataFrame(
        {
            kind: np.where(np.arange(22) % step == 0, "yes", "no")
            for kind, step in (("coastal", 2), ("rural", 3), ("post-industrial", 5))
        },
        index=codes,
    )
    levels = pd.DataFrame({"class": ["core", "probable", "no-data", "none"] * 5 + ["contested"] * 2}, index=codes)
    names = tuple(areas.frame["name"][12:16])
    cluster = Cluster(
        "high-1",
        "high",
        tuple(codes[12:16]),
        names,
        "Area 12 and 3 neighbours",
        (),
        "mixed",
        {},
        1.0,
        14.0,
        13.0,
        16.0,
        4.0,
        0.01,
    )
    regional = dataclasses.replace(spec_choropleth(joined), region="North East", extent=tuple(codes[:8]))
    layout = hex_layout(areas)
    hexes = prepare(hex_boundaries(areas, layout), plane=PLANE)
    classes = spec_classes(joined, result)
    overall = GlobalResult("moran", 0.6, -0.05, 3.0, 0.001, 21)

    def on(spec, ground=canvas):
        return map_page(spec, ground, style=style, size=size)

    return {
        "choropleth": lambda: on(spec_choropleth(joined, average=AVERAGE)),
        "clusters": lambda: on(classes),
        "labels": lambda: on(spec_clusters(joined, result, [cluster])),
        "robustness": lambda: on(spec_robustness(joined, levels)),
        "typology": lambda: on(spec_typology(areas, types)),
        "uncertainty": lambda: on(spec_uncertainty(joined, AVERAGE, suppress=False)),
        "bivariate": lambda: on(spec_bivariate(joined, other)),
        "change": lambda: on(spec_change(joined, after)),
        "multiples": lambda: multiples_page(spec_multiples([joined, after]), canvas, style=style, size=size),
        "symbols": lambda: on(spec_symbols(as_count(joined))),
        "hex": lambda: on(hex_spec(spec_choropleth(joined), layout, areas), hexes),
        "regional": lambda: on(regional),
        "greyscale": lambda: greys.greyed(on(greys.hatched_apart(classes))),
        "scatter": lambda: moran_scatter(joined, result, frame["value"] * 0.6 + 3, overall),
        "caterpillar": lambda: caterpillar(joined, AVERAGE),
        "effects": lambda: effect_plot(
            joined,
            [
                Effect("Coastal", found()),
                Effect(
                    "Rural",
                    found(
                        "rural",
                        members=5,
                        gap=0.5,
                        gap_lower=-0.5,
                        gap_upper=1.5,
                        beside=0.5,
                        beside_lower=-1.0,
                        beside_upper=2.0,
                        verdict="no-clear-gap",
                    ),
                ),
            ],
        ),
    }


NAMES = [
    "bivariate",
    "caterpillar",
    "change",
    "choropleth",
    "clusters",
    "effects",
    "greyscale",
    "hex",
    "labels",
    "multiples",
    "regional",
    "robustness",
    "scatter",
    "symbols",
    "typology",
    "uncertainty",
]


@pytest.fixture(scope="module")
def drawn(toy_joined, toy_result, toy_canvas, toy_set):
    return pages(toy_joined, toy_result, toy_canvas, toy_set)


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_as_they_were_looked_at(drawn, name):
    data = page_bytes(drawn[name](), kind="png", dpi=DPI)
    path = GOLDEN / f"{name}.png"
    if os.environ.get("PLACEATLAS_GOLDEN") == "write":
        path.write_bytes(data)
    now, then = (imread(io.BytesIO(content))[..., :3] for content in (data, path.read_bytes()))
    assert now.shape == then.shape
    # another FreeType may shade letters otherwise; a moved line or a changed colour is far more than this
    assert float(np.abs(now - then).mean()) < 0.004
    assert float((np.abs(now - then).max(axis=2) > 0.35).mean()) < 0.004


def test_every_picture_is_compared(drawn):
    assert sorted(drawn) == NAMES == sorted(path.stem for path in GOLDEN.glob("*.png"))
