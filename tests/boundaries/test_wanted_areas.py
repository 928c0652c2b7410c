"""Which areas an outcome is joined to when nobody, or somebody, says."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from boundaries.areas.statistical import statistical_names
from boundaries.joined import join
from boundaries.joined.wanted_areas import common_date, edition_date, fitting_areas
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.register import codes_alive, epochs, load_register, name_of
from geo.errors import CodeError, DateError, JoinError

LAST = epochs(load_register(), "LAD")[-1].end


def outcome(codes=(), names=(), geography=""):
    length = max(len(codes), len(names))
    columns = {
        "code": [*codes] or [""] * length,
        "name": [*names] or [""] * length,
        "period": ["2024"] * length,
        "value": range(length),
    }
    return OutcomeTable(OutcomeMeta("x", "X", "rate", "%", geography=geography), outcome_frame(columns))


def regions(edition, level):
    return {code: name for code, name in statistical_names(edition).items() if len(code) == 2 + level}


@pytest.mark.parametrize(("edition", "date"), [("ITL 2021", dt.date(2024, 12, 31)), ("ITL 2025", LAST)])
@pytest.mark.parametrize("by", ["code", "name"])
def test_statistical_regions_are_of_the_edition_that_has_them_all(edition, date, by):
    known = regions(edition, 2)
    given = {"codes": list(known)} if by == "code" else {"names": [*known.values(), "United Kingdom"]}
    assert edition_date(outcome(**given), "ITL2") == date


def test_areas_that_no_edition_has_are_named():
    with pytest.raises(DateError) as caught:
        edition_date(outcome(names=["Kent", "Mercia"]), "ITL2")
    assert "ITL 2021 lacks Mercia" in caught.value.faults
    with pytest.raises(DateError, match="the table names no area"):
        edition_date(outcome(["E06000001"]), "ITL3")


def test_what_the_publisher_states_is_taken_and_overruled():
    areas = fitting_areas(outcome(names=list(regions("ITL 2021", 2).values()), geography="ITL2"))
    assert (areas.geography, areas.date, len(areas)) == ("ITL2", dt.date(2024, 12, 31), 41)
    counties = sorted(codes_alive(load_register(), "UTLA", LAST))
    assert fitting_areas(outcome(counties, geography="UTLA")).geography == "UTLA"
    assert fitting_areas(outcome(["E12000001", "E12000002"]), geography="RGN").geography == "RGN"
    assert fitting_areas(outcome(["E06000001"])).geography == "LAD"
    with pytest.raises(CodeError, match="known: LAD"):
        fitting_areas(outcome(["E06000001"]), geography="WARD", date=LAST)


def test_areas_of_a_publisher_bring_their_membership_along():
    table = outcome(["smc203:1", "smc203:2"], geography="smc203")
    areas = fitting_areas(table)
    assert (areas.geography, len(areas)) == ("smc203", 203)
    assert join(table, areas).frame["value"].notna().sum() == 2


@pytest.mark.parametrize(
    ("codes", "found", "advice"),
    [
        (
            ["E12000001", "E12000002", "S92000003", "K02000001"],
            "2 regions, 1 country, the United Kingdom",
            'geography="RGN"',
        ),
        (["E01000001", "E01000002"], "2 lower layer super output areas", "they are joined to a layer of"),
        (["S01006506"], "1 data zone", "they are joined to a layer of"),
        (["E05000001"], "1 ward", ""),
        (["TLC1", "TLC2"], "2 ITL or NUTS areas", 'geography="ITL2"'),
        (["E47000001"], "1 combined authority", 'geography="CAUTH"'),
        (["smc203:1", "smc203:2"], "2 Social Mobility Commission areas", "to name the table"),
        (["NA", "K02000001"], "the United Kingdom, codes in no register (NA)", ""),
    ],
)
def test_a_table_of_other_places_is_refused_by_what_they_are(codes, found, advice):
    with pytest.raises(JoinError, match="has no row of local authority districts") as caught:
        fitting_areas(outcome(codes))
    assert caught.value.faults[0] == f"its rows are of {found}"
    assert advice in str(caught.value)


def test_codes_that_only_look_wrong_go_on_to_their_own_message():
    with pytest.raises(DateError):
        fitting_areas(outcome(["00EB", "00EC"]))


def test_a_table_of_names_alone_is_of_the_epoch_that_knows_most_of_them():
    register = load_register()
    names = [name_of(register, code, dt.date(2022, 1, 1)) for code in codes_alive(register, "LAD", dt.date(2022, 1, 1))]
    areas = fitting_areas(outcome(names=sorted(names)))
    assert (areas.geography, areas.date) == ("LAD", dt.date(2023, 3, 31))
    assert fitting_areas(outcome(names=["Hartlepool", "United Kingdom"])).date == LAST
    with pytest.raises(DateError, match="has no row of local authority districts: its names are Narnia, Mordor"):
        fitting_areas(outcome(names=["Narnia", "Mordor"]))


@pytest.mark.parametrize("periods", [("",), ("2019/20 to 2021/22", "2020/21 to 2022/23")])
def test_periods_that_no_calendar_knows_do_not_keep_names_from_their_date(periods):
    made = outcome(names=["Hartlepool", "Kent"][: len(periods)])
    table = OutcomeTable(made.meta, made.frame.assign(period=pd.array(periods, dtype="str")))
    assert fitting_areas(table, geography="UTLA").date == LAST


def test_outcomes_of_a_build_share_the_date_of_what_their_codes_are():
    regions, districts = outcome(["E12000001"]), outcome(["E07000026", "E06000001"])
    assert common_date([regions], "RGN") == LAST
    assert common_date([districts], "RGN") == common_date([regions, districts], "RGN") == dt.date(2023, 3, 31)
    assert common_date([outcome(["E07000026"])], "UTLA") == dt.date(2023, 3, 31)
    assert common_date([outcome(["TLC3"])], "ITL2") == edition_date(outcome(["TLC3"]), "ITL2")
    assert common_date([outcome(names=["North East", "London"])], "RGN") == LAST
    with pytest.raises(DateError, match='use geography="RGN"'):
        common_date([regions], "LAD")


def test_editions_that_no_date_shares_ask_for_one():
    one, other = (
        outcome(names=["Devon"]),
        outcome(names=["Dorset and Somerset", "Cornwall and Isles of Scilly", "Devon"]),
    )
    assert common_date([one], "ITL2") == common_date([one, one], "ITL2")
    assert common_date([one, other], "ITL2") == min(edition_date(one, "ITL2"), edition_date(other, "ITL2"))
