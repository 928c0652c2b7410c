"""Bad input: one clear error each, exit 1, no traceback, nothing written."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from boundaries.dating.default import default_date
from boundaries.sources.registry import read_outcome
from geo import cli
from geo.errors import ConfigError, DateError, JoinError, OutputError
from maps.atlas.builds import build_or_newest
from maps.atlas.config import load_config
from maps.atlas.inputs import read_outcomes
from maps.atlas.manifest import read_manifest
from maps.atlas.run import joined_of
from maps.slugs import slug

HEAD = 'schema = 1\ntitle = "Pay"\nslug = "pay"\n[boundaries]\ndate = 2023-04-01\n'
OUTCOME = '[[outcome]]\nid = "pay"\nfile = "pay.csv"\nmeasure = "mean"\nfavourable = "high"\n'


def build(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    (folder / "atlas.toml").write_text(text)
    code = cli.run(["build", str(folder / "atlas.toml"), "--out", str(folder / "out")])
    assert not (folder / "out").exists()
    assert [item.name for item in folder.iterdir() if item.name.startswith(".")] == []
    return code, capsys.readouterr().err


def change(pay: Path, **cells: object) -> None:
    table = pd.read_csv(pay)
    for column, value in cells.items():
        table[column] = value
    table.to_csv(pay, index=False)


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, err = build(tmp_path, HEAD + OUTCOME, capsys)
    assert code == 1
    assert err.startswith("placeatlas: error: the outcomes of 'pay' cannot be read\n")
    assert "there is no file pay.csv" in err
    assert "--data" in err


def test_unknown_codes_and_areas_of_another_date_are_named_together(
    pay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pd.read_csv(pay)
    table.loc[[0, 1], "code"] = ["E06999999", "E07000026"]
    table.to_csv(pay, index=False)
    code, err = build(pay.parent, HEAD + OUTCOME, capsys)
    assert code == 1
    assert "E06999999" in err
    assert "E07000026" in err
    assert "Traceback" not in err


def test_two_values_for_one_area(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_csv(pay)
    pd.concat([table, table.iloc[[5]].assign(value=1.0)]).to_csv(pay, index=False)
    code, err = build(pay.parent, HEAD + OUTCOME, capsys)
    assert code == 1
    assert f"several rows for one area, period and group\n    areas: {table.loc[5, 'code']}" in err


def test_predecessors_and_successors_in_one_period(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_csv(pay)
    pd.concat([table, pd.DataFrame({"code": ["E07000026"], "name": ["Allerdale"], "value": [50.0]})]).to_csv(
        pay, index=False
    )
    code, err = build(pay.parent, HEAD + OUTCOME, capsys)
    assert code == 1
    assert "E07000026" in err


@pytest.mark.parametrize(
    ("value", "words"), [(5.0, "a constant has no pattern"), (float("nan"), "has no column of numbers")]
)
def test_an_outcome_without_a_pattern(pay: Path, value: float, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    change(pay, value=value)
    code, err = build(pay.parent, HEAD + OUTCOME, capsys)
    assert code == 1
    assert re.search(words, err), err
    assert "()" not in err


def test_metres_in_geojson(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layer = gpd.GeoDataFrame(
        {"LAD23CD": ["E06000001"], "LAD23NM": ["Hartlepool"]}, geometry=[box(449000, 528000, 450000, 529000)]
    )
    data = json.loads(layer.to_json())
    (pay.parent / "areas.geojson").write_text(json.dumps(data))
    text = HEAD.replace("[boundaries]\n", f'[boundaries]\nlayer = "{pay.parent / "areas.geojson"}"\n')
    code, err = build(pay.parent, text + OUTCOME, capsys)
    assert code == 1
    assert "metres" in err


def test_a_folder_that_is_not_ours(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pay.parent / "atlas.toml").write_text(HEAD + OUTCOME)
    out = pay.parent / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("precious")
    assert cli.run(["build", str(pay.parent / "atlas.toml"), "--out", str(out), "--force"]) == 1
    assert "was not written by placeatlas" in capsys.readouterr().err
    assert (out / "thesis.txt").read_text() == "precious"


def test_a_membership_table_that_is_none(pay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for members, words in (
        ("nothing", "there is no membership table 'nothing'"),
        ("pay.csv", "it has no column member"),
    ):
        text = HEAD.replace("[boundaries]\n", f'[boundaries]\ngeography = "mine"\nmembers = "{members}"\n')
        code, err = build(pay.parent, text + OUTCOME, capsys)
        assert code == 1
        assert words in err


def test_areas_of_ones_own_are_joined_by_their_codes_or_told_their_form(pay: Path) -> None:
    table = pd.read_csv(pay)
    english = table[table["code"].str.startswith("E")]
    ids = english["code"].str[-3:].astype(int) % 40
    areas = pd.DataFrame({"code": ids.map("memb:{:03d}".format), "name": ids.map("Area {}".format)})
    areas.assign(member=english["code"]).to_csv(pay.parent / "memb.csv", index=False)
    values = areas.drop_duplicates().assign(value=range(ids.nunique()))
    values.to_csv(pay, index=False)
    (pay.parent / "atlas.toml").write_text(HEAD + 'members = "memb.csv"\n' + OUTCOME)
    config = load_config(pay.parent / "atlas.toml")
    joined, _ = joined_of(config, [pay.parent])
    assert (joined["pay"].boundaries.geography, len(joined["pay"].boundaries)) == ("memb", ids.nunique())
    assert joined["pay"].frame["value"].notna().all()
    assert joined["pay"].boundaries.in_words == "the 40 areas of memb of 2023-04-01"
    values.assign(code=values["code"].str.removeprefix("memb:").radd("x")).to_csv(pay, index=False)
    pd.read_csv(pay).drop(columns="name").to_csv(pay, index=False)
    (pay.parent / "atlas.toml").write_text(
        HEAD + 'members = "memb.csv"\n' + OUTCOME + '[outcome.columns]\ncode = "code"\n'
    )
    with pytest.raises(JoinError, match="are not of the form memb:ID that these areas have"):
        joined_of(load_config(pay.parent / "atlas.toml"), [pay.parent])


def test_an_atlas_of_one_place(pay: Path) -> None:
    (pay.parent / "atlas.toml").write_text(HEAD + 'within = "North East"\n' + OUTCOME)
    joined, _ = joined_of(load_config(pay.parent / "atlas.toml"), [pay.parent])
    assert len(joined["pay"].boundaries) == 12
    assert joined["pay"].receipt.statements[-1].startswith("Limited to North East: 12 areas; ")


def test_no_build_to_pack_serve_or_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="no build in atlas-out"):
        build_or_newest(None)
    with pytest.raises(OutputError, match="not a build"):
        build_or_newest(tmp_path)
    with pytest.raises(OutputError, match="no manifest"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"tool": "other"}')
    with pytest.raises(OutputError, match="not a manifest of placeatlas"):
        read_manifest(tmp_path)


def test_the_newest_build_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for age, name in enumerate(("new", "old")):
        folder = tmp_path / "atlas-out" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text('{"tool": "placeatlas"}')
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    assert build_or_newest(None) == Path("atlas-out/new")
    assert build_or_newest(Path("atlas-out/old")) == Path("atlas-out/old")


def test_schemas(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("config", "manifest", "receipt"):
        assert cli.run(["schema", name]) == 0
        assert json.loads(capsys.readouterr().out)["type"] == "object"
    assert cli.run(["schema", "confg"]) == 1
    assert "did you mean 'config'?" in capsys.readouterr().err


def test_slugs() -> None:
    assert [slug(name) for name in ("Yorkshire and The Humber", "Ynys Môn", "Na h-Eileanan Siar")] == [
        "yorkshire-and-the-humber",
        "ynys-mon",
        "na-h-eileanan-siar",
    ]


def test_dates_by_default(pay: Path) -> None:
    table = read_outcome("table", pay, measure="mean")
    assert default_date([table]) == dt.date(2025, 3, 31)
    pd.DataFrame({"code": ["E12000001"], "name": ["North East"], "value": [1.0]}).to_csv(pay, index=False)
    with pytest.raises(DateError, match="no date"):
        default_date([read_outcome("table", pay, measure="mean")])


def test_every_unreadable_outcome_is_named(tmp_path: Path) -> None:
    (tmp_path / "atlas.toml").write_text(
        HEAD
        + OUTCOME
        + '[[outcome]]\nid = "b"\nsource = "tabel"\nfile = "b.csv"\n[[outcome]]\nid = "c"\nsource = "smc"\n'
    )
    with pytest.raises(ConfigError) as caught:
        read_outcomes(load_config(tmp_path / "atlas.toml"), [tmp_path])
    text = "\n".join(caught.value.faults)
    assert "outcome 'pay': there is no file pay.csv" in text
    assert "outcome 'b': there is no adapter 'tabel'" in text
    assert "outcome 'c': no file is named" in text
