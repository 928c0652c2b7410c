"""One table studied on its own, from the command line: files, words, numbers, options, and custom areas."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
from threadpoolctl import threadpool_info

import placeatlas as pa
from analysis.significance import MORAN_CLASSES
from analysis.study import pipeline
from boundaries.areas.custom_areas import custom_areas, last_date_of, membership_of
from boundaries.sources.proportions import read_stated
from geo import cli
from geo.errors import CodeError, DateError, TableError

COLUMNS = ["code", "name", "nation", "region_code", "geography", "date", "period", "value", "lower", "upper", "se"]
FIELDS = ["moran_i", "moran_z", "moran_p", "moran_q", "moran_class", "gi_z", "gi_p", "gi_q", "gi_class", "robustness"]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Values of the 203 areas that rise from south to north, with intervals, two of them unknown."""
    frame = custom_areas("smc-203").frame
    north = frame.geometry.centroid.y / 1e5
    values = pd.DataFrame({"code": frame["code"], "value": (500 + 20 * north).round(2)})
    values["lower"], values["upper"] = values["value"] - 30, values["value"] + 30
    values.loc[[3, 4], ["lower", "upper"]] = None
    path = tmp_path_factory.mktemp("analyse") / "north.csv"
    values.to_csv(path, index=False)
    return path


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """Leave out associations, of which nothing is written here: they are half of the work."""
    monkeypatch.setattr("analysis.study.pipeline.associations_of", lambda *_, **__: ())


def analyse(capsys, table, out, *words):
    assert cli.run(["analyse", str(table), "--members", "smc-203", "--measure", "mean", "-o", str(out), *words]) == 0
    return capsys.readouterr().out


def test_files_and_words(capsys, table, tmp_path):
    result = tmp_path / "results"
    printed = analyse(capsys, table, result, "--permutations", "2999")
    names = sorted(path.name for path in result.iterdir())
    assert [name for name in names if not name.endswith("-metadata.json")] == [
        *("areas.csv", "areas.gpkg", "data-dictionary.csv", "levels.csv", "parameters.json", "receipt.json"),
        *("robustness.csv", "summary.txt"),
    ]
    described = {name.removesuffix("-metadata.json") for name in names if name.endswith("-metadata.json")}
    assert described == {name for name in names if name.endswith(".csv")}
    for again in (
        read_stated("table", result / "areas.csv"),
        read_stated("table", result / "levels.csv", columns={"value": "value"}),
    ):
        asked = read_stated("table", table, measure="mean")
        assert (again.meta.title, again.meta.measure, again.meta.unit) == (asked.meta.title, "mean", asked.meta.unit)
        assert again.periods() == asked.periods()
        assert again.frame["value"].notna().sum() == 203
    areas = pd.read_csv(result / "areas.csv", keep_default_na=False)
    words = pd.read_csv(result / "data-dictionary.csv", keep_default_na=False)
    told = words.groupby("file")["column"].agg(list)
    assert sorted(told["areas.csv"]) == sorted(areas.columns)
    assert told["robustness.csv"] == pd.read_csv(result / "robustness.csv").columns.tolist()
    named = areas["robustness"].isin(["core", "probable", "contested"])
    assert set(areas.loc[named, "robustness_direction"]) <= {"low", "high", "high-low", "low-high"}
    assert set(areas.loc[~named, "robustness_direction"]) == {""}
    assert list(areas.columns[: len(COLUMNS)]) == COLUMNS
    assert set(FIELDS) <= set(areas.columns)
    layer = gpd.read_file(result / "areas.gpkg")
    assert len(areas) == len(layer) == 203
    assert layer.crs.to_epsg() == 27700
    assert (layer.set_index("code")["moran_class"] == areas.set_index("code")["moran_class"]).all()

    grid = pd.read_csv(result / "robustness.csv")
    assert list(grid["policy"].unique()) == ["queen+sea-links", "knn6", "queen-order-2"]
    assert (result / "summary.txt").read_text(encoding="utf-8") == printed
    for part in ("Neighbours by shared borders and sea links: ", "2,999 conditional permutations, two-sided p, ",
                 "Benjamini-Hochberg correction at 5%: areas are named up to p = 0.", "p < 0.001", "Low means below 5"):  # fmt: skip
        assert part in printed, part
    for jargon in ("fdr_bh", "knn6", "queen", "k*", "e-0"):
        assert jargon not in printed, jargon
    lows = grid[grid["policy"] == "knn6"]["low-low"]
    span = f"{lows.min()}" if lows.min() == lows.max() else f"{lows.min()} to {lows.max()}"
    assert f"{span} by the 6 nearest areas" in printed
    # An area is core only if the map itself shows it: the reported run is the first of the grid.
    assert areas.loc[areas["robustness"] == "core", "moran_class"].isin(["low-low", "high-high"]).all()
    core = areas[(areas["robustness"] == "core") & (areas["moran_class"] == "low-low")]
    line = next(line for line in printed.splitlines() if line.startswith("Core low"))
    assert line.startswith(f"Core low ({len(core)}): ")
    assert all(name in line for name in core["name"])
    assert "Contested low (" in printed
    low, high = ((areas["level"] == level).sum() for level in ("low", "high"))
    unclear = (areas["level"] == "not-clear").sum()
    assert low + high + unclear == 201
    assert f"{low} low, {high} high, {unclear} cannot be distinguished from it" in printed
    assert "are expected to be there wrongly" in printed


def test_options_and_json(capsys, table, tmp_path):
    words = ["--weights", "knn6", "--correction", "none", "--alpha", "0.01", "--permutations", "999", "--seed", "5"]
    found = json.loads(analyse(capsys, table, tmp_path / "a", *words, "--json"))
    config = json.loads((tmp_path / "a" / "parameters.json").read_text(encoding="utf-8"))["config"]
    assert (config["weights"], config["against"]) == ("knn6", ["queen+sea-links", "queen-order-2"])
    assert (config["correction"], config["alpha"], config["permutations"], config["seed"]) == ("none", 0.01, 999, 5)
    numbers = found["numbers"]
    assert sorted(numbers["by_weights"][0]) == sorted(["policy", "seed", "alpha", *MORAN_CLASSES])
    assert numbers["levels"]["ranked"] == 201
    assert sum(numbers["classes"].values()) == 203
    assert set(numbers["core"]) == set(numbers["contested"]) == {"low", "high"}


def test_installed_extensions_are_asked_for_by_name(capsys, table, tmp_path):
    words = ["--statistic", "local-geary", "--statistic", "local-getis-ord", "--covariate", "centre"]
    found = json.loads(analyse(capsys, table, tmp_path, "--permutations", "2999", *words, "--json"))
    areas = pd.read_csv(tmp_path / "areas.csv")
    assert areas["local_geary_class"].value_counts().to_dict() == found["numbers"]["extra"]["local-geary"]
    assert areas["local_getis_ord_p"].notna().any()
    assert areas["centre_latitude"].between(49, 61).all()
    assert any(line.startswith("local-geary (placeatlas ") for line in found["lines"])
    assert any(line.endswith("centre_longitude, centre_latitude.") for line in found["lines"])
    recorded = json.loads((tmp_path / "parameters.json").read_text(encoding="utf-8"))
    assert recorded["covariates"]["centre"]["columns"]["centre_latitude"]["unit"] == "degrees"
    assert recorded["extra"]["local-geary"]["parameters"]["permutations"] == 2999


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--statistic", "local-gery"], "did you mean 'local-geary'?"),
        (["--statistic", "local-join-count"], "the statistic 'local-join-count' of placeatlas"),
        (["--covariate", "center"], "did you mean 'centre'?"),
        (["--correction", "holm"], "'holm' is not known"),
        (["--alpha", "2"], "alpha 2.0 is not a level"),
        (["--members", "smc-204"], "there is no membership table 'smc-204'"),
    ],
)
def test_what_cannot_be_meant_is_said(capsys, table, tmp_path, words, message):
    run = ["analyse", str(table), "--members", "smc-203", "--measure", "mean", "-o", str(tmp_path), *words]
    assert cli.run(run) == 1
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


class TestCustomAreas:
    def test_by_name(self):
        areas = custom_areas("smc-203")
        assert (areas.geography, len(areas)) == ("smc203", 203)

    def test_from_a_file_with_codes_of_its_own(self, tmp_path):
        table = membership_of("smc-203")
        halves = table.assign(code=table["member"].str[0], name=table["member"].str[0] + " areas")
        path = tmp_path / "nations.csv"
        halves.to_csv(path, index=False)
        areas = custom_areas(str(path))
        assert areas.geography == "nations"
        assert areas.frame["code"].tolist() == ["nations:E", "nations:N", "nations:S", "nations:W"]

    def test_refuses_a_table_without_members(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("code,name\n1,One\n", encoding="utf-8")
        with pytest.raises(TableError, match="no column member"):
            membership_of(str(path))

    def test_members_that_never_lived_together(self):
        # Aylesbury Vale ended on 31 March 2020; Buckinghamshire began the day after.
        with pytest.raises(DateError, match="no date"):
            last_date_of(pd.DataFrame({"member": ["E07000004", "E06000060"]}))


class TestFolders:
    def test_what_is_not_ours_is_never_replaced(self, capsys, table, tmp_path):
        (tmp_path / "thesis.txt").write_text("precious")
        for force in ([], ["--force"]):
            assert cli.run(["analyse", str(table), "-o", str(tmp_path), *force]) == 1
            assert "was not written by placeatlas\n  nothing in it was touched" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_results_are_replaced_whole_and_only_with_force(self, capsys, table, tmp_path):
        (tmp_path / "parameters.json").write_text('{"tool": "placeatlas"}')
        (tmp_path / "robustness.csv").write_text("of an earlier run")
        words = ["analyse", str(table), "--members", "smc-203", "--measure", "mean", "--permutations", "999"]
        assert cli.run([*words, "-o", str(tmp_path)]) == 1
        assert (
            "already holds results of placeatlas\n  choose another folder\n  use --force to replace it"
            in capsys.readouterr().err
        )
        assert cli.run([*words, "-o", str(tmp_path), "--force"]) == 0
        assert (tmp_path / "robustness.csv").read_text() != "of an earlier run"
        assert json.loads((tmp_path / "parameters.json").read_text(encoding="utf-8"))["tool"] == "placeatlas"


class TestOptions:
    def test_columns_and_groups_have_their_form(self, capsys, table, tmp_path):
        assert cli.run(["analyse", str(table), "--column", "period", "-o", str(tmp_path)]) == 1
        assert "a column is named as ROLE=COLUMN, for example period=Year\n  found 'period'" in capsys.readouterr().err

    def test_advice_names_flags(self, capsys, tmp_path):
        (tmp_path / "counties.csv").write_text("code,value\nE10000012,1\nE10000014,2\n")
        run = ["analyse", str(tmp_path / "counties.csv"), "--measure", "rate", "-o", str(tmp_path / "out")]
        assert cli.run(run) == 1
        assert capsys.readouterr().err.splitlines()[2:] == [
            "  use --geography UTLA",
            "  use --allow county to give districts the figure of their county",
        ]

    def test_custom_areas_of_one_nation_need_not_cover_the_others(self, tmp_path):
        table = membership_of("smc-203")
        english = table[table["member"].str.startswith("E")]
        path = tmp_path / "mine.csv"
        english.assign(code=english["code"].str.replace("smc203", "mine")).to_csv(path, index=False)
        areas = custom_areas(str(path))
        assert set(areas.frame["nation"]) == {"E"}
        assert custom_areas(str(path), nations=("E", "W")).frame["code"].tolist() == areas.frame["code"].tolist()
        with pytest.raises(CodeError, match="does not fit"):
            custom_areas(str(path), nations=("W",))
        with pytest.raises(CodeError, match="are of 'mine', not of 'yours'"):
            custom_areas(str(path), scheme="yours")

    @pytest.mark.parametrize(
        ("codes", "words"),
        [
            (["1", "2"], "2 of them are ids without it: write 'smc203:' in front of each"),
            (["x1", "x2"], "write the codes as in the membership table, with 'smc203:' in front"),
        ],
    )
    def test_ids_of_another_form_are_told_the_form(self, capsys, tmp_path, codes, words):
        (tmp_path / "ids.csv").write_text("code,value\n" + "".join(f"{code},1\n" for code in codes))
        run = ["analyse", str(tmp_path / "ids.csv"), "--code", "code", "--members", "smc-203", "--measure", "rate"]
        assert cli.run([*run, "-o", str(tmp_path / "out")]) == 1
        err = capsys.readouterr().err
        assert "are not of the form smc203:ID that these areas have, for example smc203:" in err
        assert words in err


def test_stated_bands_reach_the_tables(capsys, table, tmp_path):
    middle = pd.read_csv(table)["value"].median()
    words = ["--breaks", f"{middle}", "--labels", "under; middling, or over", "--permutations", "999"]
    analyse(capsys, table, tmp_path / "out", *words)
    levels = pd.read_csv(tmp_path / "out" / "levels.csv", keep_default_na=False)
    known = levels[levels["value"] != ""]
    wanted = ["under" if value < middle else "middling, or over" for value in known["value"].astype(float)]
    assert known["band"].tolist() == wanted
    areas = pd.read_csv(tmp_path / "out" / "areas.csv", keep_default_na=False).set_index("code")
    assert areas.loc[levels["code"], "band"].tolist() == levels["band"].tolist()
    assert list(levels.columns) == [
        *(
            "outcome",
            "period",
            "code",
            "name",
            "value",
            "lower",
            "upper",
            "mean",
            "mean_lower",
            "mean_upper",
            "p_below",
        ),
        *("p_low_tenth", "p_high_tenth", "band", "rank_lower", "rank_upper", "level"),
    ]


def test_bands_that_cannot_be_meant_are_refused_before_anything_is_read(capsys, tmp_path):
    for words, told in (
        (["--breaks", "3,x"], "'x' is no number"),
        (["--breaks", "3,2"], "must rise"),
        (["--breaks", "3", "--labels", "low"], "1 labels for 1 breaks"),
        (["--reliability", "1.5"], "must lie between 0 and 1"),
        (["--reliability", "0.8", "--modelled"], "different ways to know the error"),
    ):
        assert cli.run(["analyse", str(tmp_path / "absent.csv"), *words]) == 1
        assert told in capsys.readouterr().err


def test_a_study_computes_on_one_thread_of_linear_algebra(monkeypatch):
    seen = []

    def looked(*_given):
        seen.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")

    monkeypatch.setattr(pipeline, "_studied", looked)
    boundaries = pa.areas("LAD", "2023-04-01", nations=["W"])
    frame = pd.DataFrame({"code": boundaries.frame["code"], "pay": range(22)})
    pa.study(pa.join(frame, boundaries, measure="mean"))
    assert seen
    assert set(seen) == {1}
