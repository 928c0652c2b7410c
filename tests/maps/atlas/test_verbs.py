"""One map, one study, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from geo import cli

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("kind", "suffix"), [("choropleth", "svg"), ("clusters", "png"), ("hotspots", "pdf")])
def test_one_map_from_one_table(pay: Path, kind: str, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = pay.parent / f"map.{suffix}"
    words = [
        "map",
        str(pay),
        "--value",
        "value",
        "--measure",
        "mean",
        "--favourable",
        "high",
        "--kind",
        kind,
        "-o",
        str(out),
    ]
    assert cli.run(words) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert out.stat().st_size > 5_000


def test_what_cannot_be_drawn_is_said_at_once(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["map", str(pay), "--kind", "pie", "--size", "tiny", "-o", "map.gif"]) == 1
    err = capsys.readouterr().err
    assert all(word in err for word in ("map.gif", "pie", "tiny"))
    assert cli.run(["map", str(pay), "--measure", "mean", "--date", "1 April"]) == 1
    assert "'1 April' is not a date" in capsys.readouterr().err


def test_one_study_from_one_table(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = pay.parent / "results"
    assert cli.run(["analyse", str(pay), "--measure", "mean", "-o", str(out)]) == 0
    assert "361 areas" in capsys.readouterr().out
    table = pd.read_csv(out / "areas.csv", keep_default_na=False)
    assert len(table) == len(gpd.read_file(out / "areas.gpkg")) == 361
    # Values rise to the north, so what clusters in Scotland is high and what clusters on the south coast is low.
    assert set(table.loc[table["nation"] == "S", "moran_class"]) <= {"high-high", "not-significant", "not-testable"}
    assert (table.loc[table["region_code"] == "E12000009", "moran_class"] == "low-low").sum() > 5
    assert cli.run(["analyse", str(pay), "--measure", "mean", "-o", str(out), "--json"]) == 0
    assert '"files"' in capsys.readouterr().out
