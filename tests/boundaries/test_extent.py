"""One place out of a set of boundaries: its areas, and the outcome of them alone."""

from __future__ import annotations

import datetime as dt

import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.joined.extent import join_within, within
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import CodeError
from geo.remedies import Remedy

DATE = dt.date(2023, 4, 1)


@pytest.fixture(scope="module")
def areas():
    return load_boundary_set("LAD", DATE)


def outcome(frame, *, by="code"):
    columns = {"code": frame["code"] if by == "code" else [""] * len(frame), "name": frame["name"]}
    columns |= {"period": ["2023"] * len(frame), "value": range(len(frame))}
    return OutcomeTable(OutcomeMeta("x", "X", "rate", "%"), outcome_frame(columns))


@pytest.mark.parametrize(
    ("place", "count"),
    [("E12000001", 12), ("North East", 12), ("Wales", 22), ("Tees Valley", 5), ("E10000012", 12), ("Essex", 12)],
)
def test_a_place_by_code_or_name(areas, place, count):
    assert len(within(areas, place)) == count


def test_areas_of_other_geographies_lie_in_a_place_whole():
    regions = load_boundary_set("ITL2", dt.date(2024, 12, 31))
    assert sorted(within(regions, "North East").frame["code"]) == ["TLC1", "TLC2"]
    with pytest.raises(CodeError, match="no area of ITL2 lies whole in Tees Valley"):
        within(regions, "Tees Valley")


def test_a_place_that_is_none_gets_the_nearest(areas):
    with pytest.raises(CodeError, match="'North Est' is no place on 2023-04-01") as refused:
        within(areas, "North Est")
    assert "E12000001 North East" in refused.value.faults[1]


@pytest.mark.parametrize("by", ["code", "name"])
def test_rows_of_elsewhere_are_left_aside_and_counted(areas, by):
    joined = join_within(outcome(areas.frame, by=by), areas, place="North East")
    assert (len(joined.frame), joined.frame["value"].notna().sum()) == (12, 12)
    assert joined.receipt.statements[0] == "12 of 12 local authority districts have a value."
    assert joined.receipt.statements[-1] == "Limited to North East: 12 areas; 349 of the table lie elsewhere."
    # the same again on what is limited already, as for another period
    again = join_within(outcome(areas.frame, by=by), joined.boundaries, place="North East")
    assert again.frame.equals(joined.frame)


def test_figures_of_one_region_only_are_said_with_what_to_do(areas):
    north_east = areas.frame[areas.frame["region_code"] == "E12000001"]
    receipt = join_within(outcome(north_east), areas).receipt
    assert receipt.statements[-1] == "All figures lie in North East: 284 areas elsewhere count as without data."
    assert receipt.remedies == (Remedy("within", "E12000001", purpose="to leave them out"),)
    assert receipt.to_dict()["remedies"] == [{"option": "within", "value": "E12000001", "purpose": "to leave them out"}]
    welsh = areas.frame[areas.frame["nation"] == "W"]
    for whole in (areas.frame, welsh):
        whole_receipt = join_within(outcome(whole), areas).receipt
        assert not whole_receipt.remedies
        assert not any("All figures lie" in line for line in whole_receipt.statements)
