"""One table on the areas its publisher means, and on a layer the user has: map and analyse."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from geo import cli

if TYPE_CHECKING:
    from pathlib import Path

SPLITS = ",".join(f"{split}_split_type,{split}_split_value" for split in ("primary", "secondary", "tertiary", "fourth"))
HEAD = f"measure_code,measure_title,chart_type,area_code,area_type,area_name,{SPLITS},time_period,value,lci,uci,sample_size,unit,value_note"


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the 41 statistical regions of 2021 as a file of somebody's."""
    path = tmp_path_factory.mktemp("layers") / "regions.gpkg"
    assert cli.run(["boundaries", "export", "ITL2@2024-12-31", "-o", str(path)]) == 0
    return path


@pytest.fixture
def regional(tmp_path: Path, layer: Path) -> Path:
    """Return an indicator of the Commission by name of region, for two groups, with limits."""
    frame = gpd.read_file(layer)
    north = frame.geometry.centroid.y / 1e5
    rows = [
        f'x1,Work,map,NA,ITL2,"{name}",work,{kind},itl2_current_geo,"{name}",quintile,3,NA,NA,2014-2025,'
        f"{value:.1f},{value - 1:.1f},{value + 1:.1f},900,Percent,NA"
        for name, value in zip(frame["name"], north, strict=True)
        for kind in ("Unemployed", "Other")
    ]
    path = tmp_path / "2026-01-01-x1.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


def test_a_table_by_name_is_mapped_on_a_layer_of_the_user(
    regional: Path, layer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["map", str(regional), "--source", "smc", "--layer", str(layer), "-o", str(regional.with_suffix(".svg"))]
    assert cli.run(words) == 1
    assert "no group was chosen of 'work'" in capsys.readouterr().err
    assert cli.run([*words, "--where", "work"]) == 1
    assert "COLUMN=GROUP" in capsys.readouterr().err
    assert cli.run([*words, "--where", "work=Unemployed"]) == 0
    drawn = regional.with_suffix(".svg").read_text(encoding="utf-8")
    assert "41 ITL 2 regions of 31 December 2024" in drawn
    assert "Lower is better" in drawn


def test_a_table_by_name_is_studied_on_a_layer_of_the_user(
    regional: Path, layer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = regional.parent / "results"
    words = ["--source", "smc", "--layer", str(layer), "--where", "work=Unemployed", "--permutations", "999"]
    assert cli.run(["analyse", str(regional), "-o", str(out), *words]) == 0
    assert "41 rows were joined by name" in capsys.readouterr().out
    areas = pd.read_csv(out / "areas.csv", keep_default_na=False)
    assert areas["geography"].unique().tolist() == ["ITL2"]
    assert areas[["value", "lower", "upper", "se"]].astype(float).notna().all(axis=None)
    receipt = json.loads((out / "receipt.json").read_text(encoding="utf-8"))
    assert (receipt["fates"]["repaired"], receipt["date"]) == (41, "2024-12-31")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("code", "where", "areas"),
    [
        ("dr54", [], "41 ITL 2"),
        ("in13", ["--where", "seb=FSM eligible"], "Not covered by this outcome: Wales"),
        ("dr12", [], "4 countries"),
    ],
)
def test_published_indicators_are_mapped_as_they_come(
    code: str, where: list[str], areas: str, real_data: Path, tmp_path: Path
) -> None:
    file = real_data / "outcomes" / "smc" / "itl2_indicators_son26" / f"2026-01-01-{code}-full-dataset.csv"
    layer = real_data / "boundaries" / "upper" / "ITL2_JAN_2021_UK_BUC.gpkg"
    shapes = [] if code == "dr12" else ["--layer", str(layer)]
    out = tmp_path / "map.svg"
    assert cli.run(["map", str(file), "--source", "smc", *shapes, *where, "-o", str(out)]) == 0
    assert areas in " ".join(re.findall(r"<text[^>]*>([^<]+)<", out.read_text(encoding="utf-8")))


@pytest.mark.real_data
def test_a_layer_of_another_edition_is_refused(real_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = real_data / "outcomes" / "smc" / "itl2_indicators_son26" / "2026-01-01-dr54-full-dataset.csv"
    layer = real_data / "boundaries" / "upper" / "ITL2_JAN_2025_UK_BUC.gpkg"
    assert cli.run(["map", str(file), "--source", "smc", "--layer", str(layer), "-o", "x.svg"]) == 1
    assert "ITL2_JAN_2025_UK_BUC.gpkg is not of 2024-12-31" in capsys.readouterr().err
