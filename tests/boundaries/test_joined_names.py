"""Joins of rows that carry a name and no code."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from geo.errors import JoinError
from tests.boundaries.joined_toys import areas, rows, table


@pytest.fixture(scope="module")
def districts():
    return load_boundary_set("LAD", dt.date(2024, 1, 1))


def named(values):
    return [{"code": "", "name": name, "period": "2024", "value": value} for name, value in values.items()]


def test_names_without_codes_are_joined_and_said(districts):
    joined = join(table(named({"Bristol, City of": 1, "St Helens": 2, "England": 3, "Ynys Môn": 4})), districts)
    assert joined.frame.loc["E06000023", "value"] == 1
    assert joined.frame.loc["E08000013", "value"] == 2
    assert joined.receipt.fates["repaired"] == 3
    assert joined.receipt.fates["matched"] == 0
    assert joined.receipt.fates["out_of_geography"] == 1
    assert "3 rows were joined by name, exactly or without words of office." in joined.receipt.statements
    assert f"The table has no codes: its names are those of {joined.boundaries.date}." in joined.receipt.statements


def test_names_beside_codes_say_nothing_of_a_date(districts):
    said = join(table([*named({"Leeds": 1}), *rows({"E06000001": 2.0})]), districts).receipt.statements
    assert "1 row was joined by name, exactly or without words of office." in said
    assert not [words for words in said if "no codes" in words]


def test_a_name_of_no_area_is_refused_with_what_may_have_been_meant(districts):
    made = table(named({"Hartlepol": 1, "Middlesbrough": 2}))
    with pytest.raises(JoinError, match=r"'Hartlepol' \(Hartlepool \(E06000001\)\?\)"):
        join(made, districts)
    fates = join(made, districts, allow={"unmatched"}).receipt.fates
    assert (fates["unmatched"], fates["repaired"], fates["out_of_geography"]) == (1, 1, 0)


def test_names_all_of_no_area_are_refused_even_on_request(districts):
    with pytest.raises(JoinError) as caught:
        join(table(named({"Narnia": 1, "Mordor": 2})), districts, allow={"unmatched"})
    assert caught.value.faults == ("no row is of this geography",)


def test_names_join_to_custom_areas_too():
    own = areas(("smc203:1", "smc203:2"), geography="smc203")
    own = replace(own, frame=own.frame.assign(name=["Camden and City of London", "Angus"]))
    joined = join(table(named({"Camden & City of London": 1, "Angus": 2}), measure="index"), own)
    assert joined.frame["value"].tolist() == [1, 2]
