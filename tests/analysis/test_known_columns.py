"""What a statistic may look at beside the outcome: found by name, from the table, the place, covariates, types and larger areas."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.known_columns import column_finder
from analysis.one_table.asking import asked_with
from analysis.one_table.beside import columns_beside
from analysis.one_table.reading import Reading
from analysis.one_table.studying import join_file
from analysis.study import StudyConfig, run_study, survey
from analysis.whole_map import whole_map_frame
from boundaries.areas.custom_areas import custom_areas
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from boundaries.sources.registry import read_outcome
from geo import cli
from geo.errors import ConfigError, PluginError, StatisticsError, TableError
from tests.boundaries.small_layers import pieces, write_layer, write_table

WALES = ["W"]


@pytest.fixture(scope="module")
def wales():
    return load_boundary_set("LAD", dt.date(2023, 4, 1), nations=WALES)


@pytest.fixture(scope="module")
def income(wales):
    return join(read_outcome("bundled", Path("hmrc-mean-income")), wales)


@pytest.fixture(scope="module")
def find(income, wales):
    ground = survey(wales, StudyConfig(robust=False))
    further = {"jobs": pd.Series(1.0, index=income.frame.index)}
    return column_finder(income, indicators=ground.indicators, memberships=ground.memberships, further=further)


def test_from_each_place(find, wales):
    cardiff = "W06000015"
    assert find("jobs")[cardiff] == 1.0
    assert find("denominator")[cardiff] > 100_000
    assert find("nation")[cardiff] == "W"
    assert find("region")[cardiff] == "W92000004"
    assert find("residents")[cardiff] == wales.frame.set_index("code").loc[cardiff, "population"]
    assert 0 < find("coast_share")[cardiff] < 1
    assert find("coastal")[cardiff] == 1.0
    assert set(find("rural").dropna()) <= {0.0, 1.0}
    assert find("utla")[cardiff] == cardiff
    assert find("ITL2")[cardiff] == "TLL2"


def test_a_name_that_is_none_gets_the_nearest(find):
    with pytest.raises(StatisticsError, match="no column 'coastl' of these areas is known") as caught:
        find("coastl")
    assert caught.value.faults[0] == "did you mean 'coastal'?"
    assert "jobs, denominator, region, nation" in caught.value.faults[1]
    # No standard errors are published: the name is not offered.
    assert " se," not in caught.value.faults[1]


def test_larger_areas_of_custom_ones_hold_them_whole():
    areas = custom_areas("smc-203")
    frame = pd.DataFrame({"code": areas.frame["code"], "value": np.arange(203.0)})
    frame = frame.assign(status="ok", denominator=np.nan, lower=np.nan, upper=np.nan, se=np.nan).set_index("code")
    joined = type("J", (), {"boundaries": areas, "frame": frame})
    nothing = pd.DataFrame(index=frame.index)
    region = column_finder(joined, indicators=nothing, memberships=nothing)("RGN")
    own = areas.frame.set_index("code")["region_code"]
    english = own.str.startswith("E")
    assert (region[english].dropna() == own[english][region[english].notna()]).all()
    assert region[~english].isna().all()


@pytest.fixture(scope="module")
def table(tmp_path_factory, wales):
    """Return a table of Wales with two columns, one value missing in each."""
    draw = np.random.default_rng(6)
    frame = pd.DataFrame(
        {"code": wales.frame["code"], "pay": draw.normal(500, 40, 22), "jobs": draw.normal(1, 0.1, 22)}
    )
    frame["sector"] = "public"
    frame.loc[2, "pay"] = frame.loc[5, "jobs"] = None
    path = tmp_path_factory.mktemp("beside") / "pay.csv"
    frame.round(3).to_csv(path, index=False)
    return path


@pytest.fixture
def reading():
    return Reading(options={"columns": {"value": "pay"}, "measure": "mean"}, date="2023-04-01", nations=("W",))


def test_columns_of_the_table_and_other_tables(table, reading, tmp_path):
    joined = join_file(table, reading)
    other = tmp_path / "other.csv"
    pd.read_csv(table)[["code", "jobs"]].assign(jobs=lambda t: t["jobs"] * 2).to_csv(other, index=False)
    found = columns_beside(table, reading, joined, ["jobs", str(other), "coastal"])
    assert list(found) == ["jobs", str(other)]
    assert (found[str(other)] - 2 * found["jobs"]).abs().max() < 1e-9
    assert found["jobs"].isna().sum() == 1
    with pytest.raises(TableError, match="cells that are not numbers"):
        columns_beside(table, reading, joined, ["sector"])


def test_a_publishers_file_has_no_other_columns(table, reading):
    joined = join_file(table, reading)
    assert columns_beside(table, Reading(source="els"), joined, ["jobs"]) == {}


def test_what_is_shared_out():
    assert asked_with(["local-moran", "local-moran-bivariate"], ["jobs"], []) == (
        "local-moran",
        {"name": "local-moran-bivariate", "with": ["jobs"]},
    )
    assert asked_with(["esda:G_Local", "correlogram"], [], ["star=true", "orders=3"]) == (
        {"name": "esda:G_Local", "with": [], "star": True},
        {"name": "correlogram", "with": [], "orders": 3},
    )
    assert asked_with(["esda:Join_Counts_Local_BV"], ["a"], ["case=CLC"])[0]["case"] == "CLC"
    with pytest.raises(ConfigError) as caught:
        asked_with(["local-moran"], ["jobs"], ["k=3"])
    assert caught.value.faults == (
        "no statistic that was asked for has a parameter 'k'",
        "no statistic that was asked for looks at other columns: jobs",
    )


def test_the_command(table, tmp_path, capsys):
    words = ["--value", "pay", "--measure", "mean", "--date", "2023-04-01", "--nations", "W", "--permutations", "499"]
    asked = ["--statistic", "esda:Geary_Local_MV", "--statistic", "esda:Moran_Local_BV", "--statistic", "global-geary"]
    run = [
        "analyse",
        str(table),
        *words,
        "--correction",
        "none",
        *asked,
        "--with",
        "jobs",
        "-o",
        str(tmp_path / "o"),
        "--json",
    ]
    assert cli.run(run) == 0
    printed = json.loads(capsys.readouterr().out)
    areas = pd.read_csv(tmp_path / "o" / "areas.csv", index_col="code")
    given = pd.read_csv(table, index_col="code")
    for name in ("esda_geary_local_mv", "esda_moran_local_bv"):
        # An area without either value has no data; one without a neighbour by land is joined by its bridge.
        assert set(areas.index[areas[f"{name}_class"] == "no-data"]) == set(
            given.index[given[["pay", "jobs"]].isna().any(axis=1)]
        )
        assert areas[f"{name}_p"].notna().sum() == 20
    whole = pd.read_csv(tmp_path / "o" / "whole-map.csv")
    assert whole["name"].tolist() == ["global-geary"]
    assert printed["numbers"]["extra"]["global-geary"][0]["statistic"] == pytest.approx(whole["statistic"][0])
    told = pd.read_csv(tmp_path / "o" / "data-dictionary.csv")
    assert told.loc[told["file"] == "whole-map.csv", "column"].tolist() == list(whole.columns)


def test_the_former_name_of_an_option_is_taken_with_a_word(table, tmp_path, capsys):
    words = ["--value", "pay", "--measure", "mean", "--date", "2023-04-01", "--nations", "W", "--permutations", "99"]
    run = ["analyse", str(table), *words, "--correction", "none", "--extra-layer", "centre", "-o", str(tmp_path / "o")]
    assert cli.run(run) == 0
    assert "--extra-layer is called --covariate now" in capsys.readouterr().err
    assert "centre_latitude" in pd.read_csv(tmp_path / "o" / "areas.csv")


def test_by_configuration_and_in_the_record(income, wales):
    asked = ({"name": "join-counts", "with": ["rural"]}, "local-moran-rates")
    config = StudyConfig(extra=asked, robust=False, permutations=99, correction="none")
    with pytest.raises(PluginError, match="cannot be computed: no column 'nowhere'"):
        run_study(income, StudyConfig(extra=({"name": "join-counts", "with": ["nowhere"]},), robust=False))
    study = run_study(income, config, ground=survey(wales, config))
    assert study.to_parameters()["config"]["extra"] == [asked[0], asked[1]]
    frame = whole_map_frame([study])
    assert frame["part"].tolist() == ["both", "neither", "mixed"]
    assert frame["outcome"].unique().tolist() == ["hmrc-mean-income"]
    assert "local_moran_rates_p" in study.to_frame()
    assert whole_map_frame([]).empty


def test_larger_areas_of_a_layer_come_from_its_lookups_and_its_districts(tmp_path):
    frame = pieces()
    groups = [f"E0200000{number // 4}" for number in range(12)]
    lookup = frame[["LSOA21CD"]].assign(MSOA21CD=groups, LAD20CD=frame["home"].to_numpy()[::-1], LAD21CD=frame["home"])
    lookup.to_csv(tmp_path / "lookup.csv", index=False)
    areas = load_boundary_set("", layer=write_layer(tmp_path), lookup=tmp_path / "lookup.csv")
    values = {code: float(number) for number, code in enumerate(areas.frame["code"])}
    outcome = join(read_outcome("table", write_table(tmp_path, values), measure="rate", unit="%"), areas)
    found = column_finder(outcome, indicators=pd.DataFrame(), memberships=pd.DataFrame())
    assert found("MSOA").tolist() == groups
    assert found("MSOA21CD").tolist() == groups
    # of the districts of several years, those that the areas lie in; another year by the name of its column
    assert found("lad").to_dict() == frame.set_index("LSOA21CD")["home"].to_dict()
    assert found("LAD20CD").tolist() == frame["home"].tolist()[::-1]
    with pytest.raises(StatisticsError, match="no column 'parish'") as caught:
        found("parish")
    assert "MSOA21CD" in str(caught.value)


def test_a_lookup_of_larger_areas_alone_is_one_and_several_editions_are_asked_for(tmp_path):
    codes = pieces()["LSOA21CD"]
    groups = [f"E0200000{number // 4}" for number in range(12)]
    pd.DataFrame({"LSOA21CD": codes, "MSOA11CD": groups[::-1], "MSOA21CD": groups}).to_csv(
        tmp_path / "msoa.csv", index=False
    )
    areas = load_boundary_set("", layer=write_layer(tmp_path), lookup=tmp_path / "msoa.csv")
    assert list(areas.groups.columns) == ["MSOA11CD", "MSOA21CD", *areas.groups.columns[2:]]
    assert set(areas.districts["basis"]) == {"point"}
    values = {code: float(number) for number, code in enumerate(areas.frame["code"])}
    outcome = join(read_outcome("table", write_table(tmp_path, values), measure="rate", unit="%"), areas)
    found = column_finder(outcome, indicators=pd.DataFrame(), memberships=pd.DataFrame())
    with pytest.raises(StatisticsError, match="may be several columns") as caught:
        found("MSOA")
    assert "MSOA11CD, MSOA21CD" in str(caught.value)
