"""An atlas with a statistic, a layer and a typology more: columns in every format, the dictionary, the manifest and the pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from geo.files import write_json
from maps.atlas.config import load_config
from maps.atlas.run import prepare
from maps.atlas.tables import write_data

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.whole import Atlas

CONFIG = """
schema = 1
title = "Income in Wales"
slug = "wales"
outcomes = ["bundled:hmrc-mean-income"]
[boundaries]
date = 2023-04-01
nations = ["W"]
[statistics]
extra = ["local-geary", "local-getis-ord"]
robustness = false
permutations = 99
correction = "none"
[[covariate]]
name = "centre"
[[type]]
typologies = ["north.toml"]
"""

RULE = """
schema = 1
id = "north"
version = "1"
dimension = "rural"
title = "Lies north of 52.5 degrees"
nations = ["E", "W", "S", "N"]
[rule]
kind = "threshold"
[[rule.condition]]
indicator = "centre_latitude"
at_least = 52.5
reason = "made up for a test"
[source]
title = "a rule of our own"
publisher = "us"
licence = "MIT"
"""

NORTH = {"Conwy", "Denbighshire", "Flintshire", "Gwynedd", "Isle of Anglesey", "Wrexham"}


def build(folder: Path) -> Atlas:
    """Write the data of an atlas of Wales below a folder that holds its configuration."""
    (folder / "atlas.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "north.toml").write_text(RULE, encoding="utf-8")
    prepared = prepare(load_config(folder / "atlas.toml"), [folder])
    write_data(prepared, folder)
    return prepared


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an atlas of Wales."""
    folder = tmp_path_factory.mktemp("extended")
    prepared = build(folder)
    write_json(folder / "parameters.json", prepared.studies[0].to_parameters())
    return folder


def test_columns_stand_in_every_format(extended: Path) -> None:
    data = extended / "data"
    table = pd.read_csv(data / "areas.csv")
    added = {
        "centre_longitude",
        "centre_northing_m",
        "hmrc-mean-income__2021-22__local_geary_statistic",
        "hmrc-mean-income__2021-22__local_geary_class",
        "hmrc-mean-income__2021-22__local_getis_ord_q",
    }
    for layer in (
        table,
        gpd.read_file(data / "areas.gpkg", layer="areas"),
        gpd.read_file(data / "areas.geojson"),
        gpd.read_parquet(data / "areas.parquet"),
    ):
        assert added <= set(layer.columns)
        assert len(layer) == 22
    cardiff = table.set_index("name").loc["Cardiff"]
    assert (cardiff["centre_longitude"], cardiff["centre_latitude"]) == pytest.approx((-3.2, 51.5), abs=0.1)


def test_the_point_lies_inside_the_area(extended: Path) -> None:
    areas = gpd.read_file(extended / "data" / "areas.gpkg", layer="areas")
    points = gpd.points_from_xy(areas["centre_easting_m"], areas["centre_northing_m"], crs=areas.crs)
    assert all(area.contains(point) for area, point in zip(areas.geometry, points, strict=True))


def test_every_column_is_in_the_dictionary(extended: Path) -> None:
    whole = pd.read_csv(extended / "data" / "data-dictionary.csv", keep_default_na=False)
    assert not whole.duplicated(["file", "column"]).any()
    assert (whole["meaning"] != "").all()
    for name in ("areas.csv", "clusters.csv", "claims.csv"):
        table = pd.read_csv(extended / "data" / name, nrows=1)
        assert set(table.columns) <= set(whole.loc[whole["file"] == name, "column"]), name
    words = whole[whole["file"] == "areas.csv"].set_index("column")
    residents = words.loc["population", ["period", "source", "licence", "method"]].tolist()
    assert residents == ["2011", "Census 2011: usual residents by district", "Open Government Licence v3.0", ""]
    for field in ("quality", "reason"):
        assert words.loc[f"hmrc-mean-income__2021-22__{field}", "method"] == "the join to these boundaries"
    assert words.loc["centre_latitude", "unit"] == "degrees"
    assert words.loc["centre_latitude", "method"].startswith("placeatlas ")
    geary = words.loc["hmrc-mean-income__2021-22__local_geary_z"]
    assert geary["method"].startswith("seed 20240911; weights queen+sea-links; placeatlas ")
    assert geary["licence"] == "Open Government Licence v3.0"


def test_a_rule_may_name_a_column_of_a_layer(extended: Path) -> None:
    areas = pd.read_csv(extended / "data" / "areas.csv")
    assert set(areas.loc[areas["rural__north"] == "yes", "name"]) == NORTH
    words = pd.read_csv(extended / "data" / "data-dictionary.csv", keep_default_na=False).set_index("column")
    assert words.loc["rural__north", ["meaning", "source", "licence"]].tolist() == [
        "Rural by the definition 'north'; Lies north of 52.5 degrees",
        "a rule of our own, us",
        "MIT",
    ]
    tested = pd.read_csv(extended / "data" / "claims.csv")
    assert {"north"} < set(tested.loc[tested["type"] == "rural", "definition"])


def test_what_was_asked_for_is_recorded_without_a_path(extended: Path) -> None:
    text = (extended / "parameters.json").read_text(encoding="utf-8")
    assert str(extended) not in text
    config = json.loads(text)["config"]
    assert (config["extra"], config["covariates"]) == (["local-geary", "local-getis-ord"], ["centre"])
    assert config["typologies"] == ["north.toml"]


def test_the_same_again_is_the_same_bytes(extended: Path, tmp_path: Path) -> None:
    build(tmp_path)
    for name in ("areas.csv", "areas.gpkg", "areas.geojson", "areas.parquet", "data-dictionary.csv"):
        assert (tmp_path / "data" / name).read_bytes() == (extended / "data" / name).read_bytes(), name
