"""An atlas hands its other outcomes to a statistic that looks beside, and writes what is said of the whole map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from boundaries.bundled.layers import load_income
from geo.errors import PluginError
from maps.atlas.config import load_config
from maps.atlas.run import prepare
from maps.atlas.tables import write_tables

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
schema = 1
title = "Pay and jobs"
slug = "pay-and-jobs"
[boundaries]
date = 2023-04-01
nations = ["W"]
[[outcome]]
id = "pay"
file = "pay.csv"
measure = "mean"
unit = "£"
[[outcome]]
id = "jobs"
file = "jobs.csv"
measure = "mean"
[statistics]
robustness = false
permutations = 99
correction = "none"
extra = ["global-geary", { name = "esda:Moran_Local_BV", with = ["OTHER"], id = "pair" }]
[outputs]
kinds = ["choropleth"]
"""


def configured(folder: Path, other: str) -> Path:
    income = load_income()
    codes = sorted(code for code in income["code"] if code.startswith("W06"))
    for number, name in enumerate(("pay", "jobs")):
        values = np.random.default_rng(number).normal(100, 10, len(codes)).round(2)
        pd.DataFrame({"code": codes, "value": values}).to_csv(folder / f"{name}.csv", index=False)
    path = folder / "atlas.toml"
    path.write_text(TEXT.replace("OTHER", other), encoding="utf-8")
    return path


def test_other_outcomes_stand_beside_and_the_whole_map_is_a_table(tmp_path: Path) -> None:
    config = load_config(configured(tmp_path, "residents_per_hectare"))
    atlas = prepare(config, [tmp_path])
    assert [study.extra[1].parameters["beside"] for study in atlas.studies] == [["residents_per_hectare"]] * 2
    write_tables(atlas, tmp_path / "data")
    whole = pd.read_csv(tmp_path / "data" / "whole-map.csv")
    assert whole[["outcome", "name"]].to_numpy().tolist() == [["pay", "global-geary"], ["jobs", "global-geary"]]
    told = pd.read_csv(tmp_path / "data" / "data-dictionary.csv")
    assert told.loc[told["file"] == "whole-map.csv", "column"].tolist() == list(whole.columns)


def test_an_outcome_is_found_by_its_id(tmp_path: Path) -> None:
    config = load_config(configured(tmp_path, "jobs"))
    if_alone = config.model_copy(update={"outcome": config.outcome[:1]})
    with pytest.raises(PluginError, match="no column 'jobs' of these areas is known") as caught:
        prepare(if_alone, [tmp_path])
    assert "of the outcome 'pay'" in caught.value.faults[-1]
    atlas = prepare(config, [tmp_path])
    assert [study.extra[1].parameters["beside"] for study in atlas.studies] == [["jobs"]] * 2
