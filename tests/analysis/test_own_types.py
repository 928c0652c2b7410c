"""Kinds of place of one's own: lists of codes and names, their date and nations, and every way in which they are wrong."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.typology.definitions import load_typology
from analysis.typology.manufacturing import DEFINITION, ValueAdded, manufacturing_covariate
from analysis.typology.membership import memberships
from analysis.typology.own_types import Stated, definitions_named, read_type, type_from_list
from analysis.typology.stated_types import TypeRead, types_read
from boundaries.areas.loading import load_boundary_set
from geo.errors import CodeError, ConfigError, DateError, TableError


@pytest.fixture
def listed(tmp_path):
    """Write a list and read it."""

    def make(text, stated=None, name="Ten places.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return type_from_list(path, stated)

    return make


def yes(rule, date):
    found = memberships(load_boundary_set("LAD", date), typologies=[rule])[rule.dimension]
    return set(found.index[found == "yes"])


def test_codes_with_a_heading_and_other_columns(listed):
    rule = listed("area_code,why\nE06000009,sea\nE07000043,sea\n")
    assert (rule.dimension, rule.id, rule.column) == ("ten-places", "list", "ten-places__list")
    assert rule.rule.shares == {"E06000009": 1.0, "E07000043": 1.0}
    assert rule.nations == ("E",)
    assert "covers England only" in rule.statement()
    assert rule.source.sha256


@pytest.mark.parametrize(
    "text",
    [
        "council\nBlackpool\nNorth Devon\n",
        "Blackpool\nNorth Devon\n",
        '"Blackpool"\n\nnorth devon council\n',
        "E06000009\nE07000043\n",
        "e06000009 \nE07000043",
        "name;note\nBlackpool;a\nNorth Devon;b\n",
    ],
)
def test_ways_to_write_a_list(listed, text):
    assert set(listed(text).rule.shares) == {"E06000009", "E07000043"}


def test_a_list_in_a_workbook(tmp_path):
    path = tmp_path / "list.xlsx"
    pd.DataFrame({"code": ["E06000009", "E07000043"], "share": [0.5, 1]}).to_excel(path, index=False)
    assert type_from_list(path).rule.shares == {"E06000009": 0.5, "E07000043": 1.0}


def test_a_list_of_one_date_is_carried_to_another_by_residents(listed):
    # Barrow and South Lakeland, districts until 2023: of Westmorland and Furness, Eden is the smallest part.
    rule = listed("code\nE07000027\nE07000031\n")
    assert rule.rule.date == dt.date(2023, 3, 31)
    assert yes(rule, dt.date(2024, 7, 1)) == {"E06000064"}
    assert yes(rule, dt.date(2012, 7, 1)) == {"E07000027", "E07000031"}
    assert listed("name\nBarrow-in-Furness\nSouth Lakeland\n").rule.shares == rule.rule.shares


def test_wider_areas_stand_for_their_districts(listed):
    rule = listed("code\nE10000008\nE06000026\n")  # Devon's eight districts, and Plymouth
    assert len(rule.rule.shares) == 9
    assert {"E07000043", "E06000026"} <= set(rule.rule.shares)
    assert len(listed("code\nE12000001\n").rule.shares) == 12


def test_nations_are_those_of_the_members_unless_stated(listed):
    text = "code\nE06000009\nW06000002\n"
    assert listed(text).nations == ("E", "W")
    assert listed(text, Stated(nations=("E", "W", "S"))).nations == ("E", "W", "S")
    with pytest.raises(CodeError, match="outside the nations"):
        listed(text, Stated(nations=("E",)))


@pytest.mark.parametrize(
    ("text", "error", "fault"),
    [
        ("", TableError, "is empty"),
        ("\n \n", TableError, "is empty|holds only blank"),
        ("council\n", TableError, "lists no areas"),
        ("a,b\n1,2\n3,4\n", TableError, "no column of codes or names"),
        ("code,share\nE06000009,2\n", TableError, "a number from 0 to 1"),
        ("code,share\nE06000009,x\n", TableError, "a number from 0 to 1"),
        ("code\nE06000009\nE06000009\n", CodeError, "listed twice: E06000009"),
        ("code\nE06000009\nE06009999\n", CodeError, "never live since 2009: E06009999"),
        ("code\nE06000009\nE07000043\nE01000001\n", CodeError, "not codes of councils.*E01000001"),
        ("council\nBlackpool\nBlackpol\n", CodeError, "did you mean Blackpool"),
        ("council\nBlackpool\nBlackpool\n", CodeError, "listed twice"),
        ("code\nE07000027\nE06000064\n", DateError, "no date is one on which all its codes live"),
    ],
)
def test_lists_that_cannot_be_read(listed, text, error, fault):
    with pytest.raises(error, match=fault):
        listed(text)


def test_a_stated_date_must_be_true(listed):
    stated = Stated(date=dt.date(2024, 1, 1))
    with pytest.raises(DateError, match="codes that were not live on 2024-01-01"):
        listed("code\nE07000027\n", stated)
    assert listed("code\nE06000009\n", stated).rule.date == dt.date(2024, 1, 1)


def test_slugs_and_nations_are_checked_at_once(listed):
    with pytest.raises(ConfigError) as caught:
        listed("code\nE06000009\n", Stated(dimension="My Kind", id="A b", nations=("X",)))
    assert len(caught.value.faults) == 3


def test_a_kind_is_read_from_a_name_a_definition_or_a_list(tmp_path):
    (tmp_path / "ten.csv").write_text("code\nE06000009\n", encoding="utf-8")
    assert read_type("rural-density").id == "density"
    assert read_type("ten.csv", folders=[tmp_path]).dimension == "ten"
    twice = definitions_named(["rural-density", load_typology("rural-density"), str(tmp_path / "ten.csv")])
    assert [one.column for one in twice] == ["rural__density", "ten__list"]
    with pytest.raises(ConfigError, match=r"there is no file nine\.csv"):
        read_type("nine.csv", folders=[tmp_path])
    with pytest.raises(ConfigError, match="there is no typology rural-dense"):
        read_type("rural-dense")


OWN_KIND = """
schema = 1
id = "ten-places"
version = "1"
dimension = "my-ten-places"
title = "Ten places of one's own (made up)"
nations = ["E"]
note = "A made-up list, for tests."

[rule]
kind = "members"
geography = "LAD"
date = 2021-07-01

[rule.groups]
"Ten places" = ["E06000009","E08000032","E07000123","E08000016","E07000148","E07000200","E07000168","E08000004","E07000062","E07000010"]

[source]
title = "Ten places of one's own (made up)"
publisher = "placeatlas tests"
url = ""
licence = "MIT"
attribution = []
"""


def test_a_definition_of_a_kind_of_its_own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN_KIND, encoding="utf-8")
    rule = read_type(path)
    assert rule.column == "my-ten-places__ten-places"
    # Babergh, Bradford and the others are as they were, Scarborough is a minority of North Yorkshire since 2023.
    assert len(yes(rule, dt.date(2021, 7, 1))) == 10
    assert len(yes(rule, dt.date(2024, 7, 1))) == 9


def added(years, rows, name="gva_manufacturing_gbpm"):
    """Return value added: manufacturing and all, by code, ``then`` in the first three years and ``now`` in the last."""
    lines = [f"lad23cd,lad23nm,year,{name},gva_all_gbpm,manufacturing_share_pct"]
    for code, (then, now) in rows.items():
        lines += [f"{code},x,{year},{then if year < 2010 else now},100,1" for year in years]
    return "\n".join(lines) + "\n"


YEARS = (1998, 1999, 2000, 2021, 2022, 2023)


def test_manufacturing_then_and_since(tmp_path):
    path = tmp_path / "gva.csv"
    path.write_text(
        added(YEARS, {"E06000009": (30, 10), "E06000010": (30, 25), "E06000011": (10, 1)}), encoding="utf-8"
    )
    areas = load_boundary_set("LAD", dt.date(2024, 9, 11))
    (rule,), (layer,) = types_read([TypeRead(DEFINITION, file="gva.csv")], [tmp_path])
    found = layer.function(areas)
    assert found.frame.loc["E06000009"].tolist() == [30.0, 20.0]
    assert found.meanings["fall"].unit == "percentage points"
    indicators = found.frame.add_prefix("manufacturing_")
    member = memberships(areas, indicators=indicators, typologies=[rule])["post-industrial"]
    assert member[["E06000009", "E06000010", "E06000011"]].tolist() == ["yes", "no", "no"]
    assert member["E06000012"] == "not classified"


def test_manufacturing_of_merged_and_of_divided_areas(tmp_path):
    # Until 2023 Cumberland was three districts: each has its share; a merger adds amounts, it does not average shares.
    path = tmp_path / "gva.csv"
    path.write_text(added(YEARS, {"E06000063": (40, 20), "E06000064": (10, 10)}), encoding="utf-8")
    before = manufacturing_covariate(path).function(load_boundary_set("LAD", dt.date(2022, 1, 1))).frame
    assert before.loc["E07000026"].tolist() == pytest.approx([40.0, 20.0])
    path.write_text(
        "code,year,made,whole\n"
        + "".join(
            f"E0700002{n},{year},{made},{whole}\n" for year in YEARS for n, made, whole in ((6, 30, 100), (8, 10, 300))
        ),
        encoding="utf-8",
    )
    how = ValueAdded(columns={"manufacturing": "made", "all": "whole"})
    after = manufacturing_covariate(path, how).function(load_boundary_set("LAD", dt.date(2024, 1, 1))).frame
    assert after.loc["E06000063"].tolist() == pytest.approx([10.0, 0.0])  # (30 + 10) of (100 + 300)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("code,year,value\nE06000009,1998,3\nE06000010,1998,4\n", "no column is found for manufacturing, all"),
        (added(YEARS, {"E06000009": (1, 1)}).replace("1998", "then"), "years are no numbers"),
    ],
)
def test_tables_of_value_added_that_cannot_be_read(tmp_path, text, fault):
    path = tmp_path / "gva.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=fault):
        manufacturing_covariate(path)


def test_only_the_measured_kind_needs_a_table():
    for wrong in (TypeRead(DEFINITION), TypeRead("rural-density", file="x.csv")):
        with pytest.raises(ConfigError, match="needs a table"):
            types_read([wrong])


@pytest.mark.real_data
def test_post_industrial_by_measurement_reaches_the_whole_country(real_data):
    (table,) = (real_data / "outcomes" / "economy").glob("gva_by_broad_industry*.csv")
    layer = manufacturing_covariate(table)
    for date in (dt.date(2020, 9, 11), dt.date(2024, 9, 11), dt.date(2025, 9, 11)):
        areas = load_boundary_set("LAD", date)
        frame = layer.function(areas).frame.add_prefix("manufacturing_")
        member = memberships(areas, indicators=frame, typologies=[DEFINITION])["post-industrial"]
        assert (member != "not classified").all()
        assert set(member.index[member == "yes"].str[0]) == {"E", "W", "S", "N"}
