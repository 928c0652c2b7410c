"""The verb: files in, folder out, and the result read, joined and studied as an outcome."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from analysis.indices import index_file
from analysis.indices.definition import load_index
from analysis.indices.placed import placed_draws
from analysis.indices.preparing import prepare
from analysis.indices.reading import join_indicators
from analysis.study import StudyConfig, run_study
from boundaries.areas.loading import load_boundary_set
from boundaries.joined.extent import join_within
from boundaries.outcomes.derived import change
from boundaries.sources.registry import adapter_named, read_outcome
from geo.cli import run
from geo.errors import ConfigError, TableError

INDEX = """schema = 1
id = "chances"
title = "Chances"
edition = "{edition}"
[boundaries]
geography = "LAD"
date = 2023-04-01
nations = ["W"]
[bands]
cuts = [-1, 1]
labels = ["Low", "Middle", "High"]
[[indicator]]
id = "pay"
file = "pay.csv"
measure = "mean"
unit = "£"
direction = "high"
[[indicator]]
id = "poverty"
file = "poverty.csv"
measure = "rate"
unit = "%"
direction = "low"
error = "counted"
[uncertainty]
draws = 1000
"""


@pytest.fixture
def folder(tmp_path):
    """Two indicators of the councils of Wales, one with limits, and an index of them."""
    wales = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=("W",)).frame
    rng = np.random.default_rng(11)
    table = pd.DataFrame({"code": wales["code"], "year": 2024, "value": rng.uniform(400, 600, len(wales)).round(1)})
    table.assign(lower=table["value"] - 20, upper=table["value"] + 20).to_csv(tmp_path / "pay.csv", index=False)
    table.assign(value=rng.uniform(10, 40, len(wales)).round(1)).to_csv(tmp_path / "poverty.csv", index=False)
    (tmp_path / "chances.toml").write_text(INDEX.format(edition="2024"), encoding="utf-8")
    return tmp_path


def test_the_verb_prints_the_finding_and_writes_table_meaning_and_receipts(folder, capsys):
    out = folder / "made"
    assert run(["index", str(folder / "chances.toml"), "-o", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "What moves the ranks" in printed
    assert printed.splitlines()[-1] == str(out / "chances.csv")
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert names == {
        "chances.csv", "chances.json", "correlations.csv", "indicators.csv", "leave-one-out.csv", "parameters.json",
        "receipts/pay.json", "receipts/poverty.json", "sensitivity.csv", "summary.txt", "weights.csv",
    }  # fmt: skip
    table = pd.read_csv(out / "chances.csv")
    assert [*table.columns[:4]] == ["code", "name", "period", "edition"]
    assert {"rank_lower", "rank_upper", "p_low", "imputed"} <= {*table.columns}
    assert len(table) == 22
    meaning = json.loads((out / "chances.json").read_text(encoding="utf-8"))
    assert {source["title"] for source in meaning["sources"]} == {"pay.csv", "poverty.csv"}
    assert run(["index", str(folder / "chances.toml"), "-o", str(out)]) == 1
    assert "use --force" in capsys.readouterr().err
    assert run(["index", str(folder / "chances.toml"), "-o", str(out), "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["definition"]["edition"] == "2024"


def test_an_index_is_read_joined_and_studied_as_any_outcome(folder):
    _, path = index_file(folder / "chances.toml", folder / "made")
    table = read_outcome("index", path)
    meta = table.meta
    assert (meta.id, meta.measure, meta.unit, meta.index_version, meta.base) == (
        "chances",
        "index",
        "z",
        "2024",
        "relative",
    )
    assert table.frame["se"].gt(0).all()
    assert set(table.frame["band"]) <= {"Low", "Middle", "High"}
    wales = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=("W",))
    joined = join_within(table, wales)
    assert joined.frame["value"].notna().all()
    study = run_study(joined, StudyConfig(robust=False, permutations=9_999))
    assert study.average.value == 0.0
    assert study.posterior is not None


def test_two_editions_of_ones_own_index_are_not_chained(folder):
    _, old = index_file(folder / "chances.toml", folder / "old")
    (folder / "chances.toml").write_text(INDEX.format(edition="2025"), encoding="utf-8")
    _, new = index_file(folder / "chances.toml", folder / "new")
    with pytest.raises(TableError, match="'chances' of 2024 and of 2025 are two editions"):
        change(read_outcome("index", old), read_outcome("index", new), frm="2024", to="2024")


def test_a_table_without_its_meaning_or_with_another_is_refused(folder):
    _, path = index_file(folder / "chances.toml", folder / "made")
    table, beside = path.read_text(encoding="utf-8"), path.with_suffix(".json")
    held = beside.read_text(encoding="utf-8")
    path.write_text(table.replace(",2024,2024,", ",2024,2023,", 1).replace(",Middle,", ",Middle,", 1), encoding="utf-8")
    with pytest.raises(TableError, match="cannot be read") as caught:
        read_outcome("index", path)
    assert "rows are of 2023" in caught.value.faults[0]
    path.write_text(table.replace("edition", "issue", 1), encoding="utf-8")
    with pytest.raises(TableError, match="not an index of placeatlas"):
        read_outcome("index", path)
    path.write_text(table, encoding="utf-8")
    beside.write_text(held.replace('"outcome"', '"other"'), encoding="utf-8")
    with pytest.raises(TableError, match="does not say what the index means"):
        read_outcome("index", path)
    beside.unlink()
    with pytest.raises(TableError, match="keep the two together"):
        read_outcome("index", path)
    assert adapter_named("index").file_of("chances") == "chances.csv"


def test_files_that_are_not_there_and_figures_that_do_not_join_are_named_together(folder):
    (folder / "pay.csv").unlink()
    poverty = pd.read_csv(folder / "poverty.csv")
    poverty.replace({"code": {poverty["code"].iloc[0]: "W06999999"}}).to_csv(folder / "poverty.csv", index=False)
    with pytest.raises(ConfigError, match="cannot be used") as caught:
        index_file(folder / "chances.toml", folder / "made")
    assert "indicator 'pay': there is no file pay.csv" in caught.value.faults
    assert not (folder / "made").exists()
    text = (
        (folder / "chances.toml")
        .read_text(encoding="utf-8")
        .replace('file = "pay.csv"', 'file = "poverty.csv"\nperiod = "2024"')
    )
    (folder / "chances.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be joined") as caught:
        index_file(folder / "chances.toml", folder / "made")
    assert sum(fault.startswith("indicator ") for fault in caught.value.faults) == 2
    (folder / "chances.toml").write_text(text.replace('file = "poverty.csv"\nperiod', "period", 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        index_file(folder / "chances.toml", folder / "made")
    assert "indicator 'pay': no file is named" in caught.value.faults


def test_an_index_may_stand_on_areas_of_ones_own_and_take_bundled_outcomes(folder):
    wales = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=("W",)).frame["code"].tolist()
    members = pd.DataFrame({"code": [f"four:{at % 4}" for at in range(22)], "member": sorted(wales)})
    members.assign(name="Part " + members["code"]).to_csv(folder / "four.csv", index=False)
    rows = pd.DataFrame({"code": [f"four:{at}" for at in range(4)], "year": 2024, "value": [3.0, 1.0, 4.0, 2.0]})
    rows.to_csv(folder / "pay.csv", index=False)
    rows.assign(value=[10.0, 30.0, 20.0, 45.0]).to_csv(folder / "poverty.csv", index=False)
    text = INDEX.format(edition="1").replace('geography = "LAD"', 'members = "four.csv"')
    (folder / "chances.toml").write_text(text, encoding="utf-8")
    index, _ = index_file(folder / "chances.toml", folder / "made")
    assert index.areas["value"].notna().all()
    assert index.table.meta.geography == "four"


def test_an_index_goes_into_claims_builds_and_the_early_warning(folder, capsys):
    out = folder / "made"
    assert run(["index", str(folder / "chances.toml"), "-o", str(out)]) == 0
    table = out / "chances.csv"
    capsys.readouterr()
    assert run(["claim", "rural areas have lower chances", str(table), "--source", "index", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "chances" in json.dumps(answer).lower()
    assert run(["warn", str(table), "--source", "index"]) == 0
    said = capsys.readouterr().out
    assert "One period only (1 outcome): Chances." in said
    assert "Getting worse" not in said  # nothing was judged
    (folder / "atlas.toml").write_text(
        'title = "Chances"\nslug = "chances"\n[boundaries]\ndate = 2023-04-01\nnations = ["W"]\n'
        "[statistics]\nrobustness = false\npermutations = 999\n"
        '[[outcome]]\nid = "chances"\nsource = "index"\nfile = "made/chances.csv"\n'
        '[outputs]\nkinds = ["choropleth"]\nformats = ["png"]\npacks = []\n',
        encoding="utf-8",
    )
    assert run(["build", str(folder / "atlas.toml"), "--out", str(folder / "built")]) == 0
    profiles = pd.read_csv(folder / "built" / "data" / "profiles.csv")
    assert set(profiles["chances"]) <= {"Low", "Middle", "High"}


def test_draws_of_one_area_lean_towards_places_nearby(folder):
    definition = load_index(folder / "chances.toml")
    joined = join_indicators(definition, [folder])
    prepared = prepare(definition, joined)
    given = placed_draws(definition, joined, prepared)
    assert set(given) == {"pay"}
    drawn = given["pay"]
    assert drawn.shape == (1_000, 22)
    # the truth is nearer to the others than the published figure is, and no farther off than its error allows
    assert drawn.mean(axis=0).std() < prepared.figures[0].std()
    assert np.abs(drawn.mean(axis=0) - prepared.figures[0]).max() < 3 * prepared.errors[0].max()
    assert placed_draws(definition, joined, prepared)["pay"].tolist() == drawn.tolist()
