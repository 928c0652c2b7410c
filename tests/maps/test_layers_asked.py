"""Covariates of layers through every door: a study in Python, the verbs analyse and claim."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import placeatlas as pa
from geo.cli import run
from geo.errors import ArgumentError

RULE = """
schema = 1
id = "stops"
version = "1"
dimension = "served"
title = "At least 12 stops"
nations = ["W"]
note = "Made up."
[rule]
kind = "threshold"
[[rule.condition]]
indicator = "stops_count"
at_least = 12
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
    """Return a folder with pay and stops of Wales: n stops in the nth district, and a file of covariates."""
    folder = tmp_path_factory.mktemp("asked")
    frame = pa.areas("LAD", "2024-09-11", nations=["W"]).frame
    inside = frame.representative_point()
    rows = [(x, y) for n, (x, y) in enumerate(zip(inside.x, inside.y, strict=True)) for _ in range(n)]
    pd.DataFrame(rows, columns=["easting", "northing"]).to_csv(folder / "stops.csv", index=False)
    pay = pd.DataFrame({"code": frame["code"], "pay": [500.0 + 7 * (n % 6) + n for n in range(len(frame))]})
    pay.to_csv(folder / "pay.csv", index=False)
    (folder / "further.toml").write_text('[[covariate]]\nid = "stops"\npoints = "stops.csv"\n')
    (folder / "served.toml").write_text(RULE)
    return folder


def test_in_python(folder):
    table = pa.read(folder / "pay.csv", measure="mean", unit="£")
    joined = pa.join(table, pa.areas("LAD", "2024-09-11", nations=["W"]))
    quick = {"permutations": 99, "correction": "none", "robust": False}
    found = pa.study(joined, covariates={"id": "stops", "points": str(folder / "stops.csv")}, **quick)
    assert found.ground.indicators["stops_count"].tolist() == list(range(22))
    again = pa.study(joined, covariates=str(folder / "further.toml"), **quick)
    assert again.ground.indicators["stops_count"].tolist() == list(range(22))
    with pytest.raises(ArgumentError, match="cannot be meant"):
        pa.study(joined, covariates={"id": "stops"}, **quick)


def test_analyse_writes_the_columns_and_says_what_fell_where(folder, tmp_path, capsys):
    asked = ["--measure", "mean", "--nations", "W", "--permutations", "99", "--correction", "none"]
    output = ["--covariate", str(folder / "further.toml"), "-o", str(tmp_path / "out")]
    assert run(["analyse", str(folder / "pay.csv"), *asked, *output]) == 0
    assert "stops: stops_count; 231 of 231 points lie in the areas." in capsys.readouterr().out
    assert pd.read_csv(tmp_path / "out" / "areas.csv")["stops_count"].tolist() == list(range(22))
    told = json.loads((tmp_path / "out" / "parameters.json").read_text())
    assert told["covariates"]["stops"]["columns"]["stops_count"]["source"]["title"] == "stops.csv"


def test_a_map_of_two_takes_a_covariate(folder, tmp_path):
    asked = ["--measure", "mean", "--unit", "£", "--nations", "W", "--kind", "bivariate", "--against", "stops"]
    output = tmp_path / "two.svg"
    further = ["--covariate", str(folder / "further.toml"), "-o", str(output)]
    assert run(["map", str(folder / "pay.csv"), *asked, *further]) == 0
    assert "Number of stops" in output.read_text(encoding="utf-8")


def test_claim_asks_a_kind_that_a_covariate_makes(folder, capsys):
    asked = [str(folder / "pay.csv"), "--measure", "mean", "--nations", "W", "--type", str(folder / "served.toml")]
    words = "served areas have higher pay"
    assert run(["claim", words, *asked, "--covariate", str(folder / "further.toml"), "--json"]) == 0
    assert "served" in capsys.readouterr().out
    assert run(["claim", words, *asked]) == 1
    assert "stops_count" in capsys.readouterr().err
    table = pa.read(folder / "pay.csv", measure="mean", unit="£")
    joined = pa.join(table, pa.areas("LAD", "2024-09-11", nations=["W"]))
    found = pa.claim(
        words,
        joined,
        types=str(folder / "served.toml"),
        covariates={"id": "stops", "points": "stops.csv"},
        data=folder,
    )
    assert found.table()["definition"].str.contains("stops").any()
