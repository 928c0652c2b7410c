"""Typology: rules read from data, membership over areas of any date, and agreement."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from analysis.typology.definitions import FOLDER, Threshold, built_in_definitions, load_typology, parse_typology
from analysis.typology.membership import (
    DEFAULT_DEFINITIONS,
    agreement,
    definition_columns,
    dimensions_of,
    district_parts,
    memberships,
    shares_of_units,
)
from boundaries.areas.boundary_set import BoundarySet
from boundaries.areas.loading import load_boundary_set
from geo.errors import ConfigError, StatisticsError
from geo.provenance import Source


@pytest.fixture
def areas():
    """Return a maker of sets of unit squares in a row, one for each code, ``people`` in each."""

    def make(codes, *, people=None, members=None, atoms=None, date=dt.date(2021, 7, 1)):
        nations = ["N" if code.startswith("95") else code[0] if code[0] in "EWSN" else "E" for code in codes]
        frame = gpd.GeoDataFrame(
            {"code": codes, "name": codes, "nation": nations, "population": people or [100] * len(codes)},
            geometry=[box(i, 0, i + 1, 1) for i in range(len(codes))],
            crs="EPSG:27700",
        )
        return BoundarySet("LAD", date, frame, (Source("squares"),), members=members, atoms=atoms)

    return make


def definition(rule, **changes):
    """Return a valid definition as data, with changes."""
    data = {
        "schema": 1,
        "id": "test",
        "version": "1",
        "dimension": "coastal",
        "title": "A test",
        "nations": ["E", "S"],
        "rule": rule,
        "source": {"title": "t", "publisher": "p", "licence": "l"},
    }
    return data | changes


def threshold(**cut):
    return {"kind": "threshold", "condition": [{"indicator": "x", "reason": "because", **cut}]}


def members(*codes, unclassified=(), date=dt.date(2021, 7, 1)):
    return {"kind": "members", "date": date, "groups": {"g": list(codes)}, "unclassified": list(unclassified)}


E1, E2, E3, S1, W1 = "E06000001", "E06000002", "E06000003", "S12000005", "W06000001"


def test_every_built_in_definition_is_named_after_its_dimension_and_id():
    for name in built_in_definitions():
        read = load_typology(name)
        assert f"{read.dimension}-{read.id}" == name
        assert read.source.sha256
        assert read.statement().startswith(read.dimension)


def test_post_industrial_list_has_the_34_published_members():
    assert len(load_typology("post-industrial-ons2011").rule.shares) == 34
    assert len(load_typology("post-industrial-ons2011-broad").rule.shares) == 34 + 30
    assert len(load_typology("rural-ruc2021").rule.shares) == 48 + 39


def test_all_faults_of_a_definition_are_told_at_once():
    data = definition({"kind": "threshold", "condition": [{"indicater": "x"}]}, dimension="My Coast", nation=["E"])
    del data["version"]
    with pytest.raises(ConfigError) as caught:
        parse_typology(data)
    text = "\n".join(caught.value.faults)
    assert "unknown key nation; the nearest is nations" in text
    assert "unknown key rule.condition 1: indicater; the nearest is indicator" in text
    assert "version is missing" in text
    assert "dimension is 'My Coast'; use lower-case letters" in text
    assert "exactly one of at_least and below" in text


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"kind": "magic"}, "rule.kind is 'magic'"),
        ("magic", "rule.kind is 'magic'"),
        ({"kind": "threshold", "condition": []}, "rule.condition is empty"),
        (threshold(at_least=1, below=2), "exactly one"),
        (threshold(below="2"), "exactly one"),
        (members(E1, E1), "codes twice: E06000001"),
        (members(E1, "Hartlepool"), "not codes of districts: Hartlepool"),
        (members(W1), "outside its nations E, S: W06000001"),
        (members(), "lists no codes"),
        (members(E1, date="2021"), "rule.date is '2021'"),
        (members(E1) | {"unclassified": 3}, "rule.unclassified is 3; a list of texts"),
        (members(E1) | {"groups": [E1]}, "rule.groups is .*; a table is needed"),
        (members(E1) | {"groups": {"g": 1.5}}, "rule.groups.g is 1.5; a list of texts"),
        ({"kind": "threshold", "condition": [3]}, "found 3; a condition is a table"),
        ({"kind": "shares", "date": dt.date(2021, 1, 1), "shares": 1}, "rule.shares is 1; a table is needed"),
        (members(E1) | {"geography": "MSOA"}, "lists are of LAD codes"),
        ({"kind": "shares", "date": dt.date(2021, 1, 1), "shares": {E1: 2}, "at_least": 0.5}, "between 0 and 1"),
        ({"kind": "shares", "date": dt.date(2021, 1, 1), "shares": {E1: 1}, "at_least": 0}, "rule.at_least is 0"),
    ],
)
def test_faults_of_rules(rule, fault):
    with pytest.raises(ConfigError, match=fault):
        parse_typology(definition(rule))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"schema": 2}, "this version reads 1"),
        ({"id": "Not An Id"}, "lower-case letters"),
        ({"title": 3}, "a text is needed"),
        ({"nations": ["X"]}, "list one or more"),
        ({"source": "ONS"}, "source is a table"),
        ({"source": {"titel": "x"}}, "the nearest is title"),
        ({"dimension": 3}, "dimension is 3"),
        (
            {"source": {"title": "t", "publisher": "p", "licence": "l", "attribution": 1e400}},
            "source.attribution is inf",
        ),
    ],
)
def test_faults_of_heads(changes, fault):
    with pytest.raises(ConfigError, match=fault):
        parse_typology(definition(threshold(below=1), **changes))


def test_absent_file_names_the_nearest(tmp_path):
    with pytest.raises(ConfigError, match="nearest is coastal-open-coast"):
        load_typology("coastal-open-cost")
    broken = tmp_path / "broken.toml"
    broken.write_text("schema = ", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not valid TOML"):
        load_typology(broken)


def test_threshold_is_closed_below_and_missing_is_not_classified(areas):
    rule = parse_typology(definition(threshold(at_least=0.1)))
    values = pd.DataFrame({"x": [0.1, 0.0999, np.nan, 5.0]}, index=[E1, E2, E3, W1])
    found = memberships(areas([E1, E2, E3, W1]), indicators=values, typologies=[rule], parts=None)
    assert found["coastal"].tolist() == ["yes", "no", "not classified", "not classified"]
    assert found["coastal__test__degree"].isna().tolist() == [False, False, True, True]


def test_below_is_strict(areas):
    rule = parse_typology(definition(threshold(below=1.5)))
    found = memberships(
        areas([E1, E2]), indicators=pd.DataFrame({"x": [1.5, 1.4]}, index=[E1, E2]), typologies=[rule], parts=None
    )
    assert found["coastal"].tolist() == ["no", "yes"]


def test_list_covers_its_nations_only(areas):
    rule = parse_typology(definition(members(E1, unclassified=[E3])))
    found = memberships(areas([E1, E2, E3, S1, W1]), typologies=[rule], parts=None)
    assert found["coastal"].tolist() == ["yes", "no", "not classified", "no", "not classified"]


def test_merged_area_goes_with_the_majority_of_its_residents(areas):
    # A holds E1 (60 people, member) and E2 (40, not): degree 0.6, yes. B holds E1 alone by 40 of 100: no.
    atoms = pd.DataFrame({"code": ["A", "A", "B", "B"], "atom": ["a1", "a2", "b1", "b2"]})
    then = pd.DataFrame({"code": [E1, E2, E1, E2], "atom": ["a1", "a2", "b1", "b2"], "population": [60, 40, 40, 60]})
    rule = parse_typology(definition(members(E1)))
    found = memberships(areas(["A", "B"], atoms=atoms), typologies=[rule], parts=lambda _: then)
    assert found["coastal"].tolist() == ["yes", "no"]
    assert found["coastal__test__degree"].tolist() == [0.6, 0.4]


def test_area_mostly_outside_the_list_is_not_classified(areas):
    atoms = pd.DataFrame({"code": ["A", "A"], "atom": ["a1", "a2"]})
    then = pd.DataFrame({"code": [E1, E3], "atom": ["a1", "a2"], "population": [40, 60]})
    rule = parse_typology(definition(members(E1, unclassified=[E3])))
    found = memberships(areas(["A"], atoms=atoms), typologies=[rule], parts=lambda _: then)
    assert found["coastal"].tolist() == ["not classified"]


def test_set_without_atoms_goes_through_its_members_of_its_own_date(areas):
    own = pd.DataFrame({"code": ["E06000099", "E06000099"], "atom": ["a1", "a2"], "population": [60, 40]})
    then = pd.DataFrame({"code": [E1, E2], "atom": ["a1", "a2"], "population": [60, 40]})
    parts = {dt.date(2024, 7, 1): own, dt.date(2021, 7, 1): then}
    rule = parse_typology(definition(members(E1)))
    for member_table in (None, pd.DataFrame({"code": ["E06000099"], "member": ["E06000099"]})):
        later = areas(["E06000099"], members=member_table, date=dt.date(2024, 7, 1))
        found = memberships(later, typologies=[rule], parts=parts.__getitem__)
        assert found["coastal__test__degree"].tolist() == [0.6]


def test_shares_are_averaged_over_residents(areas):
    rule = {"kind": "shares", "date": dt.date(2021, 7, 1), "shares": {E1: 1.0, E2: 0.2}, "at_least": 0.5}
    member_table = pd.DataFrame({"code": ["x:1", "x:1"], "member": [E1, E2]})
    found = memberships(areas(["x:1"], members=member_table), typologies=[parse_typology(definition(rule))], parts=None)
    assert found["coastal__test__degree"].tolist() == [0.6]
    assert found["coastal"].tolist() == ["yes"]


def test_agreed_is_contested_where_definitions_differ(areas):
    one = parse_typology(definition(members(E1, E2), id="one"))
    two = parse_typology(definition(members(E1, S1), id="two", nations=["E", "S"]))
    found = memberships(areas([E1, E2, E3, S1, W1]), typologies=[one, two], parts=None)
    assert found["coastal__agreed"].tolist() == ["yes", "contested", "no", "contested", "not classified"]
    assert definition_columns(found, "coastal") == ["coastal__one", "coastal__two"]


def test_kappa_by_hand():
    # 20 both, 5 first only, 10 second only, 15 neither: observed 0.7, chance 0.5·0.6 + 0.5·0.4 = 0.5, kappa 0.4.
    first = ["yes"] * 25 + ["no"] * 25 + ["not classified"]
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15 + ["yes"]
    found = agreement(pd.DataFrame({"rural": first, "rural__a": first, "rural__b": second}))
    row = found.iloc[0]
    assert (row["n"], row["both_yes"], row["first_only"], row["second_only"], row["both_no"]) == (50, 20, 5, 10, 15)
    assert row["kappa"] == pytest.approx(0.4)


def test_kappa_is_unknown_where_both_say_the_same_of_all():
    frame = pd.DataFrame({"rural__a": ["yes"], "rural__b": ["yes"]})
    assert np.isnan(agreement(frame)["kappa"].iloc[0])
    assert np.isnan(agreement(frame.replace("yes", "not classified"))["kappa"].iloc[0])


def test_any_kind_of_place_has_its_columns_behind_the_built_in_ones(areas):
    rules = [
        parse_typology(definition(members(E1), dimension="ten-places")),
        parse_typology(definition(members(E2), dimension="rural")),
    ]
    found = memberships(areas([E1, E2]), typologies=rules, parts=None)
    assert dimensions_of(found) == ("rural", "ten-places")
    assert found["ten-places"].tolist() == ["yes", "no"]
    assert found["ten-places__agreed"].tolist() == ["yes", "no"]


def test_small_areas_are_of_the_kind_of_the_district_they_lie_in():
    # Two squares of 200 m by the town halls of Blackpool (listed) and Lancaster (not), one in the Irish Sea.
    frame = gpd.GeoDataFrame(
        {"code": ["E01012681", "E01025084", "E01000000"], "name": "", "nation": "E", "population": 1500},
        geometry=[box(x, y, x + 200, y + 200) for x, y in ((330700, 436000), (347800, 461700), (290000, 450000))],
        crs="EPSG:27700",
    )
    small = BoundarySet("LSOA21", dt.date(2024, 7, 1), frame, (Source("squares"),))
    found = memberships(small, typologies=["post-industrial-ons2011"])
    assert found["post-industrial"].tolist() == ["yes", "no", "not classified"]


def test_shares_of_units_by_hand():
    # One unit: 60 people coastal, 20 not, 40 not classified: 60 of 80. Another: 30 of 100 classified: too few to say.
    table = pd.DataFrame(
        {
            "coastal": ["yes", "no", "not classified", "yes", "not classified"],
            "coastal__a": ["no", "no", "yes", "yes", "no"],
        },
        index=list("abcde"),
    )
    units = pd.Series(["u", "u", "u", "v", "v"], index=list("abcde"))
    found = shares_of_units(table, units, pd.Series([60.0, 20.0, 40.0, 30.0, 70.0], index=list("abcde")))
    assert found.loc["u"].tolist() == [0.75, pytest.approx(1 / 3)]
    assert np.isnan(found.loc["v", "coastal"])
    unknown = shares_of_units(table, units, pd.Series([np.nan, 20.0, 40.0, 30.0, 70.0], index=list("abcde")))
    assert unknown.loc["u", "coastal__a"] == pytest.approx(1 / 3)


def test_absent_indicators_and_doubled_definitions_are_refused(areas):
    rule = parse_typology(definition(threshold(below=1)))
    with pytest.raises(StatisticsError, match="coastal__test needs the indicator x"):
        memberships(areas([E1]), typologies=[rule], parts=None)
    with pytest.raises(StatisticsError, match=f"no row for {E2}"):
        memberships(areas([E1, E2]), indicators=pd.DataFrame({"x": [1]}, index=[E1]), typologies=[rule], parts=None)
    with pytest.raises(ConfigError, match="share an id"):
        memberships(areas([E1]), typologies=[rule, rule], parts=None)


@pytest.fixture(scope="module")
def lists():
    """Return the memberships by lists alone on several dates."""
    names = [name for name in DEFAULT_DEFINITIONS if not isinstance(load_typology(name).rule, Threshold)]

    def on(date):
        boundaries = load_boundary_set("LAD", date)
        return memberships(boundaries, typologies=names), boundaries.frame.set_index("code")["name"]

    return on


@pytest.mark.parametrize(
    ("date", "members_then"),
    [(dt.date(2012, 1, 1), 34), (dt.date(2021, 7, 1), 34), (dt.date(2024, 9, 11), 32), (dt.date(2025, 7, 1), 32)],
)
def test_post_industrial_list_on_other_vintages(lists, date, members_then):
    # Carlisle and Copeland carry Cumberland (2023); Barrow is a minority of Westmorland and Furness; Barnsley got a new
    # code in 2025 and stays.
    found, names = lists(date)
    assert (found["post-industrial"] == "yes").sum() == members_then
    elsewhere = found.index.str[0] != "E"
    assert (found.loc[elsewhere, "post-industrial"] == "not classified").all()
    yes = set(names[found.index[found["post-industrial"] == "yes"]])
    assert {"Barnsley", "Blackpool", "Hartlepool"} <= yes
    assert ("Cumberland" in yes) == (date.year >= 2023)
    assert "Westmorland and Furness" not in yes


def test_parts_of_districts_are_all_residents():
    people = {district_parts(date)["population"].sum() for date in (dt.date(2012, 1, 1), dt.date(2024, 1, 1))}
    assert people == {63_182_178.0}


def test_order_of_areas_does_not_matter(areas):
    rule = parse_typology(definition(members(E1, E3)))
    forwards = memberships(areas([E1, E2, E3]), typologies=[rule], parts=None)
    backwards = memberships(areas([E3, E2, E1]), typologies=[rule], parts=None)
    pd.testing.assert_frame_equal(forwards, backwards.loc[forwards.index])


def test_statements_say_the_rule_and_where_it_holds():
    said = load_typology("rural-ruc2021").statement()
    assert "majority or intermediate rural" in said
    assert said.endswith("covers England and Wales only")


def test_any_file_is_a_definition(tmp_path, areas):
    text = (FOLDER / "rural-density.toml").read_text(encoding="utf-8").replace("below = 2", "below = 3")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    values = pd.DataFrame({"residents_per_hectare": [2.5]}, index=[E1])
    for typology, expected in ((tmp_path / "own.toml", "yes"), ("rural-density", "no")):
        assert memberships(areas([E1]), indicators=values, typologies=[typology])["rural"].tolist() == [expected]
