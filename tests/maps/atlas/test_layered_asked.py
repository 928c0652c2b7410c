"""A configuration that makes covariates and outcomes of layers: studied, mapped, hashed, told, and handed to other processes."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine

from boundaries.areas.loading import load_boundary_set
from geo.errors import ConfigError
from geo.provenance import sha256_of
from maps.atlas.config import AtlasConfig, load_config
from maps.atlas.inputs import read_outcomes
from maps.atlas.run import prepare

CONFIG = """
schema = 1
title = "Wales from layers"
slug = "wales-layers"
[boundaries]
date = 2024-09-11
nations = ["W"]
[[outcome]]
id = "crimes"
points = "crimes.csv"
denominator = "residents"
title = "Crimes"
favourable = "low"
[[outcome]]
id = "air"
covariate = "no2"
favourable = "low"
[[covariate]]
id = "no2"
raster = "no2.tif"
unit = "µg/m³"
credit = "A model of air"
[[covariate]]
id = "near"
points = "crimes.csv"
statistic = "count"
per = "km2"
[[type]]
dimension = "polluted"
typologies = ["polluted.toml"]
[statistics]
robustness = false
permutations = 99
correction = "none"
[outputs]
kinds = ["choropleth"]
formats = ["png"]
"""
RULE = """
schema = 1
id = "no2"
version = "1"
dimension = "polluted"
title = "At least 5 µg/m³"
nations = ["W"]
note = "Made up."
[rule]
kind = "threshold"
[[rule.condition]]
indicator = "no2_mean"
at_least = 5
reason = "a cut of our own"
[source]
title = "own"
publisher = "the author"
url = ""
licence = "MIT"
attribution = []
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the configuration, points and a raster that falls from 10 in the south to 0 in the north."""
    folder = tmp_path_factory.mktemp("layers")
    frame = load_boundary_set("LAD", "2024-09-11", nations=["W"]).frame
    inside = frame.representative_point()
    rows = [(x, y) for n, (x, y) in enumerate(zip(inside.x, inside.y, strict=True)) for _ in range(n + 6)]
    pd.DataFrame(rows, columns=["easting", "northing"]).to_csv(folder / "crimes.csv", index=False)
    west, south, east, north = frame.total_bounds
    height, width = int((north - south) // 1000) + 2, int((east - west) // 1000) + 2
    cells = np.repeat(np.linspace(0, 10, height, dtype="float32")[:, None], width, axis=1)
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "height": height, "width": width, "crs": 27700}
    with rasterio.open(
        folder / "no2.tif", "w", transform=Affine(1000, 0, west, 0, -1000, north + 1000), nodata=-1, **profile
    ) as file:
        file.write(cells, 1)
    (folder / "polluted.toml").write_text(RULE)
    (folder / "atlas.toml").write_text(CONFIG)
    return folder


@pytest.fixture(scope="module")
def atlas(folder):
    return prepare(load_config(folder / "atlas.toml"), [folder])


def test_outcomes_of_layers_are_studied(atlas):
    crimes, air = atlas.study("crimes"), atlas.study("air")
    assert crimes.joined.meta.unit == "per 1,000 residents"
    assert crimes.joined.frame["value"].notna().all()
    assert air.joined.meta.unit == "µg/m³"
    assert air.joined.frame["value"].between(0, 10).all()
    assert air.joined.meta.source.title == "A model of air"


def test_covariates_stand_in_the_table_the_dictionary_and_the_sources(atlas):
    table = atlas.table("LAD")
    assert table["no2_mean"].tolist() == pytest.approx(atlas.study("air").joined.frame["value"].tolist())
    assert {"no2_coverage", "near_count_per_km2", "polluted"} <= set(table.columns)
    told = atlas.dictionary.set_index("column").loc["no2_mean"]
    assert (told["meaning"], told["unit"], told["source"]) == ("Mean of no2", "µg/m³", "A model of air")
    assert "A model of air" in {source.title for source in atlas.sources}


def test_a_threshold_on_a_covariate_makes_a_kind_of_place(atlas):
    table = atlas.table("LAD")
    assert (table["polluted"] == "yes").tolist() == (table["no2_mean"] >= 5).tolist()
    assert set(table["polluted"]) == {"yes", "no"}


def test_every_layer_is_hashed(atlas, folder):
    hashes = {what: sha for what, sha in atlas.inputs.items() if what.endswith((".tif", ".csv"))}
    assert set(hashes.values()) == {sha256_of(folder / "no2.tif"), sha256_of(folder / "crimes.csv")}
    assert not any(str(folder) in what for what in atlas.inputs)


def test_the_receipt_says_what_fell_nowhere(atlas):
    said = atlas.study("air").to_parameters()["covariates"]["near"]
    assert said["notes"] == ["363 of 363 points lie in the areas"]


def test_a_configuration_goes_to_a_manifest_and_another_process(atlas):
    config = atlas.config
    assert AtlasConfig.model_validate(config.model_dump(mode="json", by_alias=True)) == config
    again = pickle.loads(pickle.dumps(atlas.how.covariates))  # noqa: S301 - bytes of our own
    assert [one.name for one in again] == ["no2", "near"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('covariate = "no2"', 'covariate = "no3"', "there is no covariate 'no3'"),
        ("date = 2024-09-11\n", "", "no codes that tell the date"),
        ('points = "crimes.csv"\ndenominator', 'points = "crime.csv"\ndenominator', "there is no file crime.csv"),
        ('title = "Crimes"', 'columns = { code = "a" }', "columns of points are x and y"),
    ],
)
def test_what_an_outcome_of_a_layer_lacks_is_said(folder, old, new, words):
    (folder / "wrong.toml").write_text(CONFIG.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        read_outcomes(load_config(folder / "wrong.toml"), [folder])
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('points = "crimes.csv"\ndenominator', 'file = "a.csv"\npoints = "crimes.csv"\ndenominator', "of one thing"),
        ('covariate = "no2"', 'file = "a.csv"\ncrs = "EPSG:4326"', "of an outcome of points"),
        ('raster = "no2.tif"', 'raster = "no2.tif"\nwithin = 3', "within, in metres"),
    ],
)
def test_contradictions_are_refused(folder, old, new, words):
    (folder / "wrong.toml").write_text(CONFIG.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load_config(folder / "wrong.toml")
    assert words in str(caught.value)
