"""Names to codes: exactly, normalised, by alias; never by likeness."""

from __future__ import annotations

import csv
import datetime as dt
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.places.names import match_names, normalised
from boundaries.register import codes_alive, load_register, name_of

EDITION_2024 = dt.date(2024, 9, 11)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bristol", "E06000023"),
        ("Bristol, City of", "E06000023"),
        ("City of Bristol", "E06000023"),
        ("Bristol City Council", "E06000023"),
        ("St Helens", "E08000013"),
        ("ST. HELENS", "E08000013"),
        ("Saint Helens", "E08000013"),
        ("Hull", "E06000010"),
        ("Kingston-upon-Hull, City of", "E06000010"),
        ("Ynys Môn", "W06000001"),
        ("Ynys Mon", "W06000001"),
        ("Durham county council", "E06000047"),
        ("County Durham", "E06000047"),
        ("Shepway", "E07000112"),
        ("Folkestone & Hythe District Council", "E07000112"),
        ("Eilean Siar", "S12000013"),
        ("Kings Lynn and West Norfolk", "E07000146"),
        ("City of London", "E09000001"),
        ("London Borough of Camden", "E09000007"),
        ("Royal Borough of Kensington and Chelsea", "E09000020"),
        ("Edinburgh, City of", "S12000036"),
        ("Rhondda, Cynon, Taff", "W06000016"),
        ("North Down and Ards", "N09000011"),
        ("  Hartlepool  ", "E06000001"),
    ],
)
def test_names_as_publishers_write_them(name, code):
    assert match_names([name], date=EDITION_2024).codes.tolist() == [code]


def test_a_name_belongs_to_the_code_of_its_date():
    assert match_names(["Northumberland"], date=dt.date(2012, 1, 1)).codes.item() == "E06000048"
    assert match_names(["Northumberland"], date=dt.date(2014, 1, 1)).codes.item() == "E06000057"
    assert match_names(["Dorset"], geography="UTLA", date=dt.date(2018, 1, 1)).codes.item() == "E10000009"
    assert match_names(["Dorset"], geography="UTLA", date=dt.date(2020, 1, 1)).codes.item() == "E06000059"


def test_likeness_is_only_suggested():
    match = match_names(["Hartlepol", "Allerdale", "London", "Xyzzy"], date=EDITION_2024)
    assert match.codes.tolist() == [""] * 4
    assert match.unmatched["Hartlepol"] == ("Hartlepool (E06000001)",)
    assert "Allerdale (E07000026), which ended on 2023-03-31 (now Cumberland)" in match.unmatched["Allerdale"]
    assert match.unmatched["Xyzzy"] == ()


def test_reviewed_aliases_of_ones_own_come_first():
    assert match_names(["The Potteries"], aliases={"the potteries": "E06000021"}).codes.item() == "E06000021"


def test_blank_names_stay_without_code_and_the_index_is_kept():
    names = pd.Series(["", "Hartlepool"], index=[7, 3])
    match = match_names(names)
    assert match.codes.to_dict() == {7: "", 3: "E06000001"}
    assert match.ways == {"exact": 1}
    assert match.unmatched == {}


def test_every_name_of_every_living_area_finds_its_own_code():
    register = load_register()
    for date in (dt.date(2012, 1, 1), dt.date(2016, 7, 1), dt.date(2021, 7, 1), dt.date(2025, 7, 1)):
        codes = sorted(codes_alive(register, "LAD", date))
        found = match_names([name_of(register, code, date) for code in codes], date=date).codes
        assert found.tolist() == codes


@given(st.sampled_from(["Cheshire East", "St. Albans", "Basingstoke and Deane", "Ynys Môn"]), st.booleans())
def test_normalising_twice_changes_nothing(name, upper):
    once = normalised(name.upper() if upper else name)
    assert normalised(once) == once == normalised(f"{name} Council")


@pytest.mark.real_data
def test_the_commissions_single_council_areas_all_match(real_data):
    text = (real_data / "outcomes" / "smc" / "geography" / "203_regions_codes.json").read_text(encoding="utf-8")
    (areas,) = json.loads(text).values()
    single = {area["name"]: area["codes"][0] for area in areas if len(area["codes"]) == 1}
    assert len(single) == 177
    match = match_names(list(single), date=EDITION_2024)
    assert match.unmatched == {}
    assert match.codes.tolist() == list(single.values())
    assert sum(way for kind, way in match.ways.items() if kind != "exact") == 22


@pytest.mark.real_data
def test_published_alternative_names_match_without_a_single_wrong_code(real_data):
    register = load_register()
    text = (real_data / "changes" / "code_register.csv").read_text(encoding="utf-8")
    names = 0
    for row in csv.DictReader(text.splitlines()):
        end = dt.date.fromisoformat(row["end"]) if row["end"] else EDITION_2024
        if row["entity"] in {"E06", "E07", "E08", "E09", "W06", "S12", "N09"} and end >= register.known_from:
            given_names = [name for name in row["alt_names"].split("|") if name]
            found = match_names(given_names, date=min(end, EDITION_2024)).codes
            assert set(found) <= {row["code"]}, (row["code"], given_names, list(found))
            names += len(given_names)
    assert names > 400


def test_an_alias_holds_until_the_last_day_of_its_area():
    last = dt.date(2015, 3, 31)  # the 26 districts of Northern Ireland
    assert match_names(["Londonderry"], date=last).codes.item() == "95A"
    after = match_names(["Londonderry"], date=dt.date(2015, 4, 1))
    assert after.codes.item() != "95A"
    assert match_names(["East Herts"], date=dt.date(2013, 3, 31)).codes.item() == "E07000097"
    assert match_names(["East Herts"], date=dt.date(2013, 4, 1)).codes.item() == "E07000242"


def test_an_area_has_ended_only_after_its_last_day():
    assert match_names(["Allerdale"], date=dt.date(2023, 3, 31)).codes.item() == "E07000026"
    assert "which ended on 2023-03-31" in match_names(["Allerdale"], date=dt.date(2023, 4, 1)).unmatched["Allerdale"][0]


def test_a_name_holds_until_its_last_day():
    register = load_register()
    assert name_of(register, "E07000112", dt.date(2018, 3, 31)) == "Shepway"
    assert name_of(register, "E07000112", dt.date(2018, 4, 1)) == "Folkestone and Hythe"
    assert codes_alive(register, "LAD", dt.date(2015, 3, 31)) >= {"95A", "95Z"}
    assert not codes_alive(register, "LAD", dt.date(2015, 4, 1)) & {"95A", "95Z"}
