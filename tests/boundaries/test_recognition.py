"""Codes of no place: joins, conversions and checks tell them from codes of other places by one rule."""

from __future__ import annotations

import datetime as dt

import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.conversion import recode
from boundaries.dating.vintages import infer_epochs
from boundaries.joined import join
from boundaries.places.recognition import unrecognised
from boundaries.register.codes import ENTITIES
from geo.errors import ConversionError, JoinError
from tests.boundaries.joined_toys import areas, rows, table

DATE = dt.date(2024, 6, 1)
WRONG = {
    "E0600O001": "unknown",
    "E99999999": "entity",
    "E06000999": "unregistered",
    "E12000099": "unregistered",
    "6000001": "number",
    "00EB": "old-ons",
    "95AA": "ni-small-area",
    "Total": "unknown",
}
OTHER = ("E12000001", "E92000001", "K02000001", "K99000002", "E10000003", "E11000001", "E13000001", "E47000006")
OTHER += ("E01000001", "E05000001", "E54000010", "W42000004", "N34000001", "TLC1", "smc203:171", "")


@pytest.fixture(scope="module")
def districts():
    return load_boundary_set("LAD", DATE)


def typed(code):
    made = rows({"E06000001": 1.0, code: 2.0, "E12000001": 3.0})
    made[1]["name"] = "Halton"
    return table(made, measure="mean")


@pytest.mark.parametrize(("code", "why"), WRONG.items())
def test_a_code_of_no_place_is_recognised_as_none(code, why):
    assert unrecognised(code) == why


@pytest.mark.parametrize("code", OTHER)
def test_codes_of_other_places_are_recognised_by_their_kind(code):
    assert unrecognised(code) == ""


def test_every_entity_has_a_name_in_words():
    assert all(len(entity) == 3 and name for entity, name in ENTITIES.items())
    assert "E99" not in ENTITIES


@pytest.mark.parametrize("code", WRONG)
def test_a_join_refuses_a_code_of_no_place_and_names_what_was_meant(code, districts):
    with pytest.raises(JoinError, match=r"codes in no register: " + code + r" \(Halton is E06000006\)") as caught:
        join(typed(code), districts)
    assert [(remedy.option, remedy.value) for remedy in caught.value.remedies] == [("allow", "unmatched")]
    receipt = join(typed(code), districts, allow={"unmatched"}).receipt
    assert (receipt.fates["matched"], receipt.fates["unmatched"], receipt.fates["out_of_geography"]) == (1, 1, 1)
    assert [detail["from"] for detail in receipt.details if detail["fate"] == "unmatched"] == [code]
    assert f"Codes in no register are left out: {code} (Halton is E06000006)." in receipt.statements


def test_an_area_whose_row_was_left_out_is_not_said_to_have_none(districts):
    joined = join(typed("E0600O001"), districts, allow={"unmatched"})
    assert joined.frame.loc["E06000006", "reason"] == "its row has a code in no register: E0600O001"
    assert joined.frame.loc["E06000007", "reason"] == "the source has no row for this area"
    twice = table([*rows({"E06000006": 4.0}), {"code": "E0600O001", "name": "Halton", "period": "2024", "value": 1.0}])
    assert join(twice, districts, allow={"unmatched"}).frame.loc["E06000006", "reason"] == ""


def test_without_a_name_the_nearest_code_is_offered(districts):
    with pytest.raises(JoinError, match=r"E0600O001 \(E06000001 Hartlepool\?\), E99999999\n"):
        join(table(rows({"E06000002": 1.0, "E0600O001": 2.0, "E99999999": 3.0})), districts)


def test_codes_of_no_place_are_named_five_at_most(districts):
    wrong = {f"E9900000{number}": 1.0 for number in range(7)}
    with pytest.raises(JoinError, match=r"E99000004 and 2 more"):
        join(table(rows({"E06000001": 1.0, **wrong})), districts)


@pytest.mark.parametrize("geography", ["RGN", "UTLA", "ITL2", "smc203"])
def test_no_geography_lets_a_code_of_no_place_pass(geography):
    own = {"RGN": "E12000001", "UTLA": "E06000001", "ITL2": "TLC3", "smc203": "smc203:1"}[geography]
    with pytest.raises(JoinError, match="codes in no register: E0600O001"):
        join(table(rows({own: 1.0, "E0600O001": 2.0})), areas((own,), geography=geography))


def test_the_receipt_names_what_is_of_other_places(districts):
    other = {"E12000001": 1.0, "E12000002": 1.0, "E92000001": 1.0, "K02000001": 1.0, "TLC3": 1.0}
    said = join(table(rows({"E06000001": 1.0, **other}), measure="mean"), districts).receipt.statements
    held = "2 regions, 1 ITL or NUTS area, 1 country, the United Kingdom"
    assert f"5 rows are of other places than local authority districts: {held}." in said


def test_a_table_of_its_own_places_only_says_nothing_of_others(districts):
    said = join(table(rows({"E06000001": 1.0})), districts).receipt.statements
    assert not [words for words in said if "other places" in words]


def test_a_district_of_another_nation_is_of_another_place_and_a_wrong_one_of_none():
    england = load_boundary_set("LAD", DATE, nations=("E",))
    assert join(table(rows({"E06000001": 1, "S12000033": 2})), england).receipt.fates["out_of_geography"] == 1
    with pytest.raises(JoinError, match="codes in no register: S12000099"):
        join(table(rows({"E06000001": 1, "S12000099": 2})), england)


@pytest.mark.parametrize("code", WRONG)
def test_a_conversion_refuses_a_code_of_no_place(code):
    with pytest.raises(ConversionError, match=f"codes in no register: {code}"):
        recode(typed(code), to=DATE)
    fates = recode(typed(code), to=DATE, allow=["unmatched"]).fates
    assert fates == {"matched": 1, "unmatched": 1, "out_of_geography": 1}


@pytest.mark.parametrize("code", WRONG)
def test_a_check_finds_fault_with_a_code_of_no_place(code):
    frame = typed(code).frame[["code", "period", "name"]]
    inference = infer_epochs(frame)
    assert [finding.codes for finding in inference.faults] == [(code,)]
    assert not [note for note in inference.findings if note.kind == "other geography" and code in note.codes]


def test_a_check_of_one_wrong_row_counts_one_row():
    (fault,) = infer_epochs(typed("E99999999").frame[["code", "period", "name"]]).faults
    assert fault.text == "codes of a kind that no UK geography has: E99999999 (Halton is E06000006) (1 row)"
