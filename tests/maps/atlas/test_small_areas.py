"""Small areas through the verbs: map, analyse, claim and build on a layer of a dozen areas in two districts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo import cli
from tests.boundaries.small_layers import HARTLEPOOL, pieces, write_layer, write_table

if TYPE_CHECKING:
    from pathlib import Path

READ = ["--measure", "rate", "--unit", "%"]

CONFIG = """
title = "Rates of a dozen areas"
slug = "dozen"
[boundaries]
layer = "lsoa.gpkg"
code = "LSOA21CD"
name = "LSOA21NM"
geography = "LSOA"
lookup = "lookup.csv"
[[outcome]]
id = "rate"
file = "rate.csv"
measure = "rate"
unit = "%"
favourable = "low"
[statistics]
permutations = 999
correction = "none"
isolates = "nearest"
robustness = false
[outputs]
kinds = ["choropleth", "levels"]
formats = ["png"]
packs = ["region"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a layer, its lookup and a table."""
    made = tmp_path_factory.mktemp("small")
    write_layer(made)
    write_table(made, {f"E0100{number:04}": number % 5 + number / 10 for number in range(1, 13)})
    own = pieces().assign(LAD21CD=lambda frame: frame["home"], residents=1500)
    own[["LSOA21CD", "LAD21CD", "residents"]].to_csv(made / "lookup.csv", index=False)
    return made


def test_a_table_is_mapped_on_a_layer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "rate.svg"
    words = ["--layer", str(folder / "lsoa.gpkg"), "--layer-code", "LSOA21CD"]
    assert cli.run(["map", str(folder / "rate.csv"), *words, *READ, "-o", str(out)]) == 0
    assert "12 lower layer super output areas of 21 March 2021" in out.read_text(encoding="utf-8")
    assert cli.run(["map", str(folder / "rate.csv"), *words, *READ, "--isolates", "drop", "-o", str(out)]) == 1
    assert "isolates 'drop'" in capsys.readouterr().err


def test_a_table_is_studied_within_a_region(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "results"
    words = ["--layer", str(folder / "lsoa.gpkg"), "--lookup", str(folder / "lookup.csv"), "--within", "North East"]
    how = ["--correction", "none", "--permutations", "999", "--isolates", "keep"]
    assert cli.run(["analyse", str(folder / "rate.csv"), *words, *READ, *how, "-o", str(out)]) == 0
    capsys.readouterr()
    areas = pd.read_csv(out / "areas.csv")
    assert len(areas) == 12
    assert set(areas["geography"]) == {"LSOA"}
    said = (out / "summary.txt").read_text(encoding="utf-8")
    assert "12 by lookup.csv (LAD21CD)" in said
    assert json.loads((out / "receipt.json").read_text(encoding="utf-8"))["fates"]["matched"] == 12


def test_an_atlas_of_small_areas_is_built_with_packs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "dozen.toml").write_text(CONFIG, encoding="utf-8")
    out = folder / "atlas"
    assert cli.run(["build", str(folder / "dozen.toml"), "--out", str(out)]) == 0, capsys.readouterr().err
    capsys.readouterr()
    areas = pd.read_csv(out / "data" / "areas.csv", dtype=str)
    assert len(areas) == 12
    assert set(areas["region_name"]) == {"North East"}
    assert HARTLEPOOL in set(areas["lad_2021"])
    assert [path.name for path in (out / "regions").iterdir() if path.is_dir()] == ["E12000001-north-east-region"]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert any("lookup.csv" in name for name in manifest["inputs"])
